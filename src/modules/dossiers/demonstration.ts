import { sql } from 'kysely'
import type { App } from '../../platform/app.ts'
import { base32 } from '../../platform/auth/totp.ts'
import type { Clock } from '../../platform/clock.ts'
import { inTenant, type Tx } from '../../platform/db/open.ts'
import { storeGenerated } from '../../platform/files/index.ts'
import { spokenCodeOf } from '../../platform/ids.ts'
import { courrierPdf } from '../../platform/pdf/courrier.ts'
import { agentConnu, creerAgentDeDemonstration, type Role } from '../agents/index.ts'
import { avis, type Demarche, demarche, type Exemple, illustrerPartage, livre } from '../demarches/index.ts'
import { dates, setPieces } from '../formulaires/index.ts'
import { type Collectivite, collectiviteParId, leTerritoire } from '../territoire/index.ts'
import type { Auteur } from './commands/advance.ts'
import { ouvrirBrouillon } from './commands/brouillon.ts'
import { deposer, envDuDossier } from './commands/deposer.ts'
import { decider, demanderCorrection, ecrire, prendreEnInstruction, repondreCorrection, rouvrir } from './commands/instruire.ts'
import { piecesDe } from './pieces.ts'
import { casDuDossier } from './queries/cas.ts'
import { dossierParId } from './queries/dossier.ts'

interface AgentFictif {
  readonly nom: string
  readonly courriel: string
  readonly roles: readonly Role[]
}

const AGENTS: readonly AgentFictif[] = [
  { nom: 'Dominique Exemple', courriel: 'dominique.exemple@parvis.example', roles: ['administrateur', 'instructeur', 'decideur'] },
  { nom: 'Camille Fictif', courriel: 'camille.fictif@parvis.example', roles: ['instructeur'] },
  { nom: 'Alix Modèle', courriel: 'alix.modele@parvis.example', roles: ['decideur'] },
  { nom: 'Sacha Témoin', courriel: 'sacha.temoin@parvis.example', roles: ['lecteur'] },
]
// One secretary for two small communes, as in life.
const SECRETAIRE: AgentFictif = {
  nom: 'Claude Spécimen',
  courriel: 'claude.specimen@parvis.example',
  roles: ['administrateur', 'instructeur', 'decideur'],
}

// Who spreads démarches to all the communes.
const TERRITOIRE: AgentFictif = { nom: 'Morgan Fictif', courriel: 'morgan.fictif@parvis.example', roles: ['administrateur'] }

const motDePasse = (app: App, courriel: string) => spokenCodeOf(app.secrets.macs('agent-de-demonstration', courriel)[0]!, 12)
const secret = (app: App, courriel: string) => app.secrets.macs('totp-de-demonstration', courriel)[0]!.subarray(0, 20)

async function communes(app: App): Promise<{ id: string; nom: string }[]> {
  const { rows } = await sql<{ id: string; nom: string }>`select id, nom from collectivite where nature = 'commune' and fermee_le is null
    order by population desc nulls last, nom limit 3`.execute(app.db.kysely)
  return rows
}

async function porteurDe(app: App): Promise<Collectivite | undefined> {
  const porteurId = (await leTerritoire(app))?.porteurId
  return porteurId ? collectiviteParId(app, porteurId) : undefined
}

function postes(
  places: readonly { id: string; nom: string }[],
  porteur: { id: string; nom: string } | undefined,
): { collectivite: { id: string; nom: string }; agent: AgentFictif }[] {
  const [first, ...others] = places
  if (!first) return []
  return [
    ...AGENTS.map(agent => ({ collectivite: first, agent })),
    ...others.map(collectivite => ({ collectivite, agent: SECRETAIRE })),
    ...(porteur ? [{ collectivite: porteur, agent: TERRITOIRE }] : []),
  ]
}

/** With which fictional agents to sign in: written to demonstration.json and shown by the terminal. */
export async function agentsDeDemonstration(app: App) {
  return postes(await communes(app), await porteurDe(app)).map(({ collectivite, agent }) => ({
    collectivite: collectivite.nom,
    role: agent.roles[0]!,
    courriel: agent.courriel,
    motDePasse: motDePasse(app, agent.courriel),
    totp: base32(secret(app, agent.courriel)),
  }))
}

/** Opens the fictional agents, and unless the territory is asked empty, some forty fictional dossiers in every state. Once. */
export async function remplirDemonstration(app: App): Promise<void> {
  const places = await communes(app)
  const first = places[0]
  if (!first) return
  const known = await agentConnu(app, AGENTS[0]!.courriel)
  const ids = new Map<string, string>()
  if (!known) {
    for (const { collectivite, agent } of postes(places, await porteurDe(app))) {
      const id = await inTenant(app.db, collectivite.id, tx =>
        creerAgentDeDemonstration(tx, app, {
          ...agent,
          collectiviteId: collectivite.id,
          motDePasse: motDePasse(app, agent.courriel),
          totpSecret: secret(app, agent.courriel),
        }),
      )
      ids.set(`${collectivite.id}|${agent.courriel}`, id)
    }
  }
  if (app.config.empty || known) return
  const porteur = await porteurDe(app)
  const partageur = porteur && ids.get(`${porteur.id}|${TERRITOIRE.courriel}`)
  if (porteur && partageur) await illustrerPartage(app, porteur.id, partageur)
  for (const [index, place] of places.entries()) {
    const collectivite = await collectiviteParId(app, place.id)
    const agentId = ids.get(`${place.id}|${index === 0 ? AGENTS[0]!.courriel : SECRETAIRE.courriel}`)!
    await remplir(app, collectivite, agentId, index === 0 ? 26 : index === 1 ? 10 : 6, index === 0)
  }
}

type Parcours = 'brouillon' | 'recu' | 'examen' | 'correction' | 'corrige' | 'accepte' | 'refuse' | 'sans_suite' | 'rouvert' | 'ecrit'

const ORDRE: readonly Parcours[] = [
  'recu',
  'examen',
  'accepte',
  'correction',
  'recu',
  'ecrit',
  'accepte',
  'brouillon',
  'examen',
  'corrige',
  'refuse',
  'recu',
  'sans_suite',
  'accepte',
  'rouvert',
]
const DEMARCHES = ['acte-etat-civil', 'restauration-scolaire', 'occupation-domaine-public']
// Where the whole catalogue is offered, a little of the rest too.
const AUTRES = [
  'signalement-voirie',
  'location-salle',
  'rendez-vous-mairie',
  'subvention-association',
  'recensement-citoyen',
  'encombrants',
]
const PHRASES = [
  'Simple et rapide.',
  'J’aurais aimé joindre une photo plus tard.',
  'Réponse claire, merci.',
  'Un peu long sur mon téléphone.',
]

async function remplir(app: App, collectivite: Collectivite, agentId: string, count: number, offreTout: boolean): Promise<void> {
  const bytes = courrierPdf({
    titre: 'Document fictif',
    emetteur: { nom: 'Démonstration', lignes: [] },
    destinataire: { nom: 'Personne fictive', lignes: [] },
    lieuEtDate: 'Document sans date',
    blocs: [{ type: 'paragraphe', texte: 'Ce document tient la place d’une pièce jointe dans la démonstration.' }],
    piedDePage: 'Démonstration',
    demonstration: true,
  })
  for (let index = 0; index < count + (offreTout ? AUTRES.length : 0); index++) {
    // Ten weeks: the oldest are about to be decided by silence, or have been by the law.
    const daysAgo = 1 + Math.floor(((index % count) * 70) / count)
    const start = app.clock.now().getTime() - daysAgo * 86_400_000 - index * 977_000
    const steps = at(app, start)
    const demarcheId = index < count ? DEMARCHES[index % DEMARCHES.length]! : AUTRES[index - count]!
    const samples = (await livre()).exemples[demarcheId]!
    await inTenant(app.db, collectivite.id, async tx => {
      const offre = (await demarche(tx, collectivite.id, demarcheId))!
      await vivre(
        steps,
        tx,
        collectivite,
        offre,
        samples[Math.floor(index / 3) % samples.length]!,
        ORDRE[index % ORDRE.length]!,
        agentId,
        bytes,
      )
    })
  }
}

/** The platform seen a few days ago: each step of a story a few hours after the one before, never later than now. */
function at(app: App, startMs: number): (step: number) => App {
  return step => {
    const clock: Clock = { now: () => new Date(Math.min(startMs + step * 5 * 3_600_000, app.clock.now().getTime())) }
    return Object.create(app, { clock: { value: clock } }) as App
  }
}

async function vivre(
  app: (step: number) => App,
  tx: Tx,
  collectivite: Collectivite,
  offre: Demarche,
  exemple: Exemple,
  parcours: Parcours,
  agentId: string,
  bytes: Uint8Array,
): Promise<void> {
  const { modele } = offre
  const env = envDuDossier(app(0), collectivite, modele)
  const played = (await livre()).jouerExemple(modele, exemple, env)
  if (played.erreurs.length > 0) throw new Error(`exemple ${exemple.nom}: ${JSON.stringify(played.erreurs)}`)
  let { reponses } = played
  for (const { champ, rowId, piece } of piecesDe(modele.formulaire, reponses)) {
    const name = piece.nom.replace(/\.[^.]*$/, '.pdf')
    const id = await storeGenerated(app(0).files, tx, { collectiviteId: collectivite.id, name, type: 'application/pdf', bytes })
    reponses = setPieces(modele.formulaire, reponses, champ, [{ id, nom: name, tailleOctets: bytes.length }], rowId)
  }
  const usager: Auteur = { nature: 'usager', id: null, canal: 'web' }
  const agent: Auteur = { nature: 'agent', id: agentId, canal: 'web' }
  const { id } = await ouvrirBrouillon(app(0), tx, collectivite.id, offre, reponses, usager, { estExemple: true })
  if (parcours === 'brouillon') return
  const expect = (result: { ok: boolean; refusal?: { code: string } }) => {
    if (!result.ok) throw new Error(`démonstration, ${parcours}: ${result.refusal?.code}`)
  }
  expect(await deposer(app(0), tx, collectivite, (await dossierParId(tx, collectivite.id, id))!, modele, usager))
  const cas = async (step: number, auteur: Auteur) => (await casDuDossier(app(step), tx, collectivite, id, auteur))!
  if (parcours === 'recu') return
  if (parcours === 'ecrit')
    return expect(await ecrire(await cas(1, usager), 'Bonjour, pouvez-vous me dire quand ma demande sera examinée ? Merci.'))
  expect(await prendreEnInstruction(await cas(1, agent)))
  if (parcours === 'examen')
    return expect(await ecrire(await cas(2, agent), 'Bonjour, votre demande est complète. Nous vous répondons dans la semaine.'))
  if (parcours === 'correction' || parcours === 'corrige') {
    const champ = modele.formulaire.etapes.flatMap(e => (e.repetition ? [] : e.champs)).find(c => c.type === 'texte')!
    const echeance = dates.addDays(env.aujourdhui, 60)
    expect(
      await demanderCorrection(await cas(2, agent), {
        motif: 'incorrect',
        message: `Vérifiez la réponse « ${champ.libelle} » : elle ne correspond pas au document.`,
        champs: [champ.id],
        echeance,
      }),
    )
    if (parcours === 'corrige') expect(await repondreCorrection(await cas(4, usager), reponses))
    return
  }
  const penser = (moment: 'depot' | 'decision', rang: number) =>
    avis.donnerAvis(
      tx,
      { collectiviteId: collectivite.id, demarcheId: offre.id, dossierId: id },
      { moment, note: 5 - (rang % 3), phrase: rang % 2 === 0 ? PHRASES[rang % PHRASES.length]! : '', le: env.aujourdhui },
    )
  const rang = Number.parseInt(id.slice(-2), 16)
  await penser('depot', rang)
  if (rang % 2 === 0) await penser('decision', rang + 1)
  const refus = 'Les documents joints ne permettent pas de vérifier la demande.'
  if (parcours === 'refuse') return expect(await decider(await cas(3, agent), 'refuser', refus))
  if (parcours === 'sans_suite')
    return expect(await decider(await cas(3, agent), 'classer_sans_suite', 'Demande en double : l’autre dossier est traité.'))
  expect(await decider(await cas(3, agent), 'accepter', ''))
  if (parcours === 'rouvert') expect(await rouvrir(await cas(5, agent), 'Une erreur de date a été signalée dans la décision.'))
}
