import type { Answer, Context } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import type { SummaryRow, TimelineEvent } from '../../../../ui/index.ts'
import { nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { envoisDuDossier } from '../../../envois/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { situationDe } from '../../commands/advance.ts'
import { type Cas, ecrire, marquerLus, prendreEnInstruction } from '../../commands/instruire.ts'
import { actesPossibles, LIBELLES_ETATS, type NatureEvenement } from '../../dossier.ts'
import { provenanceDesLignes } from '../../provenances.ts'
import { reponseDuDemandeur, reponsesLues } from '../../queries/cas.ts'
import { correctionsDuDossier, documentsDuDossier, evenementsDuDossier, messagesDuDossier } from '../../queries/dossier.ts'
import type { CorrectionRow, EvenementRow, MessageRow } from '../../tables.ts'
import { adresseDesDossiers, adresseDuDossier, agir, aujourdhui, enErreur, lire, noterLecture } from './acces.ts'
import { type CorrectionVue, DossierDeLAgent, type DossierVu } from './dossier.page.tsx'
import { distance, joursEntre, motifsDeCorrection, titreDeLEvenement, tonDeLEtat } from './mots.ts'

/** Where each act is done, its words, and who may: in the order of the buttons. Taking is a button of the page itself. */
export const ACTES: Readonly<Partial<Record<NatureEvenement, { texte: string; chemin: string; permission: string }>>> = {
  demander_correction: { texte: 'Demander une correction', chemin: 'corrections', permission: 'dossiers.instruire' },
  accepter: { texte: 'Accepter', chemin: 'acceptation', permission: 'dossiers.decider' },
  refuser: { texte: 'Refuser', chemin: 'refus', permission: 'dossiers.decider' },
  classer_sans_suite: { texte: 'Classer sans suite', chemin: 'classement', permission: 'dossiers.decider' },
  repasser_en_construction: { texte: 'Remettre à prendre en charge', chemin: 'retour', permission: 'dossiers.instruire' },
  rouvrir: { texte: 'Rouvrir', chemin: 'reouverture', permission: 'dossiers.decider' },
}

const FAITS: Readonly<Record<string, string>> = {
  instruction: 'Vous avez pris ce dossier en charge.',
  message: 'Votre message est envoyé.',
  correction: 'La demande de correction est envoyée.',
  acceptation: 'La demande est acceptée. Le document et le courriel partent dans un instant.',
  refus: 'La demande est refusée. Le document et le courriel partent dans un instant.',
  classement: 'La demande est classée sans suite. Le document et le courriel partent dans un instant.',
  retour: 'Le dossier est remis à prendre en charge.',
  reouverture: 'Le dossier est rouvert. La décision précédente ne vaut plus.',
}

/** GET: the dossier on one page. Reading it is an entry of the journal; the resident's messages become read for an agent who handles it. */
export function montrerDossier(ctx: Context): Promise<Answer> {
  return lire(ctx, async cas => {
    const answer = await pageDuDossier(ctx, cas)
    if (ctx.agent.permissions.has('dossiers.instruire')) {
      await marquerLus(cas.tx, ctx.app.clock.now(), ctx.tenant.id, cas.dossier.id, 'agent')
    }
    await noterLecture(ctx, cas.tx, 'dossier.lire', `dossier:${cas.dossier.id}`)
    return answer
  })
}

/** POST …/instruction: the agent takes the dossier. */
export const prendre = (ctx: Context): Promise<Answer> => agir(ctx, 'instruction', prendreEnInstruction, refusal => remontrer(ctx, refusal))

/** POST …/messages: writes to the person. */
export const envoyerMessage = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    'message',
    cas => ecrire(cas, ctx.form.text('texte')),
    refusal => remontrer(ctx, refusal),
  )

const remontrer = (ctx: Context, refusal: Refusal) => lire(ctx, cas => pageDuDossier(ctx, cas, refusal))

async function pageDuDossier(ctx: Context, cas: Cas, refusal?: Refusal): Promise<Answer> {
  const vu = await dossierVu(ctx, cas, refusal)
  return pageAgent(
    ctx,
    {
      title: `${cas.dossier.demandeur_nom || 'Sans nom'}, ${cas.modele.titre}`,
      wide: true,
      hasErrors: refusal !== undefined,
      chemin: [{ texte: 'Dossiers', href: adresseDesDossiers(ctx) }],
      children: <DossierDeLAgent {...vu} />,
    },
    ctx.agent,
    refusal?.status ?? 200,
  )
}

async function dossierVu(ctx: Context, cas: Cas, refusal: Refusal | undefined): Promise<DossierVu> {
  const { tx, collectivite, dossier, modele } = cas
  const href = adresseDuDossier(ctx)
  const evenements = await evenementsDuDossier(tx, collectivite.id, dossier.id)
  const messages = await messagesDuDossier(tx, collectivite.id, dossier.id)
  const corrections = await correctionsDuDossier(tx, collectivite.id, dossier.id)
  const ids = [...evenements, ...messages].flatMap(({ auteur_nature, auteur_id }) =>
    auteur_nature === 'agent' && auteur_id ? [auteur_id] : [],
  )
  const noms = await nomsDesAgents(tx, dossier.agent_id ? [...ids, dossier.agent_id] : ids)
  const reponses = reponsesLues(cas)
  const possibles = actesPossibles(situationDe(dossier), modele.regime)
  const may = (permission: string) => ctx.agent.permissions.has(permission)
  const pending = corrections.find(({ repondue_le }) => repondue_le === null)
  return {
    href,
    jeton: ctx.token,
    cle: newSecret(),
    version: dossier.version,
    etat: { mots: LIBELLES_ETATS[dossier.etat], ton: tonDeLEtat[dossier.etat] },
    faits: [...faitsDe(ctx, cas, noms), ...faitDesMessages(messages)],
    contact: {
      nom: dossier.demandeur_nom || 'La personne',
      adresse: reponseDuDemandeur(cas, 'adresse')?.split('\n') ?? [],
      telephone: reponseDuDemandeur(cas, 'telephone'),
      courriel: dossier.demandeur_courriel ?? undefined,
    },
    peutPrendre: possibles.includes('prendre_en_instruction') && may('dossiers.instruire'),
    actions: possibles.flatMap(nature => {
      const acte = ACTES[nature]
      return acte && may(acte.permission) ? [{ texte: acte.texte, href: `${href}/${acte.chemin}` }] : []
    }),
    attente: pending && `En attente de la personne, jusqu’au ${dates.longDate(pending.echeance)}. Vous pourrez continuer après sa réponse.`,
    peutEcrire: may('dossiers.instruire'),
    reponses,
    provenance: provenanceDesLignes(dossier.provenances),
    documents: (await documentsDuDossier(tx, collectivite.id, dossier.id)).map(document => ({
      titre: document.titre,
      href: `${href}/documents/${document.id}`,
      date: instantEnMots(document.emis_le, collectivite),
      isRevoked: document.revoque_le !== null,
    })),
    corrections: correctionsVues(
      cas,
      corrections,
      new Map(reponses.flatMap(({ lignes }) => lignes.map(({ champ, libelle }) => [champ, libelle] as const))),
    ),
    messages: messages.map(message => messageVu(ctx, cas, message, noms)),
    historique: evenements.map(evenement => evenementVu(cas, evenement, noms)).reverse(),
    envois: (await envoisDuDossier(tx, collectivite.id, dossier.id)).map(({ id, sujet, etat, erreur, creeLe }) => ({
      ...{ id, sujet, etat, erreur },
      date: instantEnMots(creeLe, collectivite),
    })),
    fait: refusal ? undefined : FAITS[ctx.query.line('fait', 20)],
    erreurs: refusal ? [enErreur(refusal)] : [],
    texte: refusal ? ctx.form.text('texte') : '',
  }
}

function faitsDe(ctx: Context, { collectivite, dossier, modele }: Cas, noms: ReadonlyMap<string, string>): SummaryRow[] {
  const effet = modele.silence.effet === 'acceptation' ? 'acceptation' : 'refus'
  const silence =
    dossier.silence_le && `${dates.longDate(dossier.silence_le)} (${distance(joursEntre(aujourdhui(ctx), dossier.silence_le))}) : ${effet}`
  return [
    { cle: 'Référence', valeur: dossier.reference },
    ...(dossier.depose_le ? [{ cle: 'Reçue le', valeur: instantEnMots(dossier.depose_le, collectivite) }] : []),
    ...(silence && modele.regime !== 'declaratif' ? [{ cle: 'Sans réponse avant le', valeur: silence }] : []),
    ...(dossier.decide_le ? [{ cle: 'Décidée le', valeur: instantEnMots(dossier.decide_le, collectivite) }] : []),
    { cle: 'En charge', valeur: (dossier.agent_id && noms.get(dossier.agent_id)) || 'Personne pour l’instant' },
  ]
}

// The thread is under the answers: without this a new message would not be seen.
function faitDesMessages(messages: readonly MessageRow[]): SummaryRow[] {
  if (messages.length === 0) return []
  const nonLus = messages.filter(({ auteur_nature, lu_le }) => auteur_nature === 'usager' && lu_le === null).length
  const words = `${messages.length} message${messages.length > 1 ? 's' : ''}${nonLus > 0 ? `, dont ${nonLus} non lu${nonLus > 1 ? 's' : ''}` : ''}`
  return [{ cle: 'Échanges', valeur: <a href="#messages">{words}</a> }]
}

function correctionsVues(
  { collectivite }: Cas,
  corrections: readonly CorrectionRow[],
  libelles: ReadonlyMap<string, string>,
): CorrectionVue[] {
  return corrections.map(({ motif, message, champs, echeance, demandee_le, repondue_le }) => ({
    titre: `${motifsDeCorrection[motif].label}, ${instantEnMots(demandee_le, collectivite)}`,
    message,
    champs: champs.map(champ => libelles.get(champ) ?? champ),
    suite: repondue_le
      ? `Répondu le ${instantEnMots(repondue_le, collectivite)}.`
      : `Réponse attendue au plus tard le ${dates.longDate(echeance)}.`,
  }))
}

function messageVu(ctx: Context, { collectivite, dossier }: Cas, message: MessageRow, noms: ReadonlyMap<string, string>) {
  const agent = message.auteur_nature === 'agent' && message.auteur_id ? (noms.get(message.auteur_id) ?? 'Un agent') : undefined
  return {
    auteur: agent ?? (dossier.demandeur_nom || 'La personne'),
    date: instantEnMots(message.le, collectivite),
    dateIso: message.le.toISOString(),
    texte: message.texte,
    deMoi: agent !== undefined && message.auteur_id === ctx.agent.id,
  }
}

function evenementVu({ collectivite }: Cas, evenement: EvenementRow, noms: ReadonlyMap<string, string>): TimelineEvent {
  const auteurs = {
    usager: 'La personne',
    systeme: 'Automatique',
    expert: 'La personne consultée',
    api: 'Un autre logiciel',
    agent: (evenement.auteur_id && noms.get(evenement.auteur_id)) || 'Un agent',
  }
  return {
    date: instantEnMots(evenement.le, collectivite),
    dateIso: evenement.le.toISOString(),
    titre: titreDeLEvenement[evenement.nature],
    texte: evenement.motif ?? undefined,
    auteur: auteurs[evenement.auteur_nature],
  }
}
