import { civilDay } from '../../../../platform/clock.ts'
import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import type { Answer, Context, Portee } from '../../../../platform/http/route.ts'
import { nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { demarchesOuvertes, modelePublie } from '../../../demarches/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { collectiviteDe, fuseau } from '../../../territoire/index.ts'
import { cleDeRecherche } from '../../commands/deposer.ts'
import { type Etat, estTermine, LIBELLES_ETATS } from '../../dossier.ts'
import {
  comptesParEtat,
  ETATS_A_TRAITER,
  ETATS_VISIBLES,
  type Filtre,
  fileDInstruction,
  type LigneDeFile,
  PAR_PAGE,
  PLAFOND,
  type Tri,
} from '../../queries/file-d-instruction.ts'
import { adresseDesDossiers, aujourdhui } from './acces.ts'
import { type DossierListe, ListeDesDossiers, type ListeProps } from './liste.page.tsx'
import { distance, joursEntre, nombreDeDossiers, tonDeLEtat } from './mots.ts'

const TRIS: Readonly<Record<Tri, string>> = {
  echeance: 'Échéance la plus proche',
  anciens: 'Les plus anciens',
  recents: 'Les plus récents',
}
// What silence decides within 15 days is marked: the agent sees each day what silence will grant or refuse.
const URGENT_JOURS = 15
const MOTS_AU_PLUS = 5

interface Choix {
  readonly q: string
  /** '' : what waits for the collectivité, or everything when searching. */
  readonly etat: '' | Etat
  readonly demarche: string
  readonly service: string
  readonly tri: Tri
}

function choixDe(ctx: Context): Choix {
  const q = ctx.query.line('q', 100)
  const etat = ETATS_VISIBLES.find(known => known === ctx.query.line('etat', 20)) ?? ''
  const demarche = ctx.query.line('demarche', 60)
  const asked = (Object.keys(TRIS) as Tri[]).find(known => known === ctx.query.line('tri', 20))
  const hasDeadlines = etat === '' ? q === '' : !estTermine(etat)
  const tri = asked && (asked !== 'echeance' || hasDeadlines) ? asked : hasDeadlines ? 'echeance' : 'recents'
  return { q, etat, demarche: /^[a-z0-9-]{1,60}$/.test(demarche) ? demarche : '', service: ctx.query.line('service', 120), tri }
}

function filtreDe({ q, etat, demarche, service, tri }: Choix, portee: Portee): Filtre {
  const mots = cleDeRecherche(q).split(' ').filter(Boolean).slice(0, MOTS_AU_PLUS)
  const etats = etat ? [etat] : q ? ETATS_VISIBLES : ETATS_A_TRAITER
  return { etats, demarcheId: demarche || undefined, service: service || undefined, mots, portee, tri }
}

const parametres = ({ q, etat, demarche, service, tri }: Choix, page?: number): string =>
  new URLSearchParams(
    Object.entries({ q, etat, demarche, service, tri, page: page ? String(page) : '' }).filter(([, value]) => value !== ''),
  ).toString()

/** GET /agent/dossiers: what waits for the collectivité, the nearest deadline first. */
export async function montrerListe(ctx: Context): Promise<Answer> {
  const choix = choixDe(ctx)
  const asked = ctx.query.number('page', 1, 1, PLAFOND / PAR_PAGE)
  const props = await inTenant(ctx.app.db, ctx.tenant.id, async (tx): Promise<ListeProps> => {
    const filtre = filtreDe(choix, ctx.agent.portee)
    let page = asked
    let found = await fileDInstruction(tx, ctx.tenant.id, filtre, page)
    if (found.lignes.length === 0 && page > 1) {
      page = 1
      found = await fileDInstruction(tx, ctx.tenant.id, filtre, page)
    }
    const comptes = await comptesParEtat(tx, ctx.tenant.id, ctx.agent.portee)
    const { demarchesPossibles, servicesPossibles, dossiers } = await enMots(ctx, tx, found.lignes)
    return {
      ...cadre(ctx, choix, comptes, found.total),
      demarches: demarchesPossibles,
      services: servicesPossibles,
      dossiers,
      ...pagination(ctx, choix, page, found.total),
    }
  })
  return pageAgent(ctx, { title: 'Dossiers', wide: true, children: <ListeDesDossiers {...props} /> }, ctx.agent)
}

function pagination(ctx: Context, choix: Choix, page: number, total: number) {
  return {
    page,
    pages: Math.ceil(Math.min(total, PLAFOND) / PAR_PAGE),
    total: nombreDeDossiers(total, PLAFOND),
    hrefDePage: (to: number) => `${adresseDesDossiers(ctx)}?${parametres(choix, to)}`,
  }
}

function cadre(ctx: Context, choix: Choix, comptes: Readonly<Record<string, number>>, total: number) {
  const action = adresseDesDossiers(ctx)
  const isFiltered = choix.q !== '' || choix.etat !== '' || choix.demarche !== '' || choix.service !== ''
  const isEmpty = Object.values(comptes).every(count => count === 0)
  return {
    action,
    choisi: choix,
    isFiltered,
    comptes: ETATS_VISIBLES.map(etat => ({
      libelle: LIBELLES_ETATS[etat],
      nombre: (comptes[etat] ?? 0) > PLAFOND ? `${PLAFOND.toLocaleString('fr-FR')} +` : String(comptes[etat] ?? 0),
      href: `${action}?etat=${etat}`,
    })),
    tris: (Object.keys(TRIS) as Tri[]).map(tri => ({ value: tri, label: TRIS[tri] })),
    legende: `${legendeDe(choix)} (${nombreDeDossiers(total, PLAFOND)})`,
    vide: videDe(isEmpty, isFiltered),
  }
}

function legendeDe({ q, etat, tri }: Choix): string {
  const what = etat ? LIBELLES_ETATS[etat] : q ? 'Tous les états' : 'À traiter'
  return `${what}${q ? `, « ${q} »` : ''} – ${TRIS[tri].toLowerCase()} d’abord`
}

function videDe(isEmpty: boolean, isFiltered: boolean): ListeProps['vide'] {
  if (isEmpty) return { titre: 'Aucun dossier pour l’instant', texte: 'Les demandes déposées par les habitants apparaîtront ici.' }
  if (isFiltered) return { titre: 'Aucun dossier ne correspond', texte: 'Cherchez avec moins de mots, ou affichez tout.' }
  return {
    titre: 'Rien à traiter',
    texte: 'Toutes les demandes reçues ont leur réponse. Les chiffres ci-dessus mènent aux dossiers terminés.',
  }
}

async function enMots(ctx: Context, tx: Tx, lignes: readonly LigneDeFile[]) {
  const today = aujourdhui(ctx)
  const ouvertes = await demarchesOuvertes(tx, ctx.tenant.id)
  const noms = await nomsDesAgents(
    tx,
    lignes.flatMap(({ agentId }) => agentId ?? []),
  )
  const dossiers: DossierListe[] = []
  for (const ligne of lignes) {
    const { titre } = await modelePublie(tx, ligne.definition)
    dossiers.push({
      id: ligne.id,
      href: `${adresseDesDossiers(ctx)}/${ligne.id}`,
      nom: ligne.demandeurNom || 'Sans nom',
      reference: ligne.reference,
      demarche: titre,
      etat: LIBELLES_ETATS[ligne.etat],
      ton: tonDeLEtat[ligne.etat],
      agent: (ligne.agentId && noms.get(ligne.agentId)) || 'Personne',
      delais: delaisDe(ligne, civilDay(ligne.deposeLe, fuseau(collectiviteDe(ctx))), today),
      nonLus: ligne.nonLus,
    })
  }
  const services = new Set(ouvertes.flatMap(({ modele }) => [modele.service, ...(modele.aiguillage ?? []).map(rule => rule.service)]))
  return {
    dossiers,
    demarchesPossibles: ouvertes.slice(0, 48).map(({ id, modele }) => ({ value: id, label: modele.titre })),
    servicesPossibles: [...services]
      .sort((a, b) => a.localeCompare(b, 'fr'))
      .slice(0, 48)
      .map(service => ({ value: service, label: service })),
  }
}

function delaisDe({ silenceLe, correctionLe }: LigneDeFile, deposeLe: string, today: string): string {
  const recue = `reçue ${distance(joursEntre(today, deposeLe))}`
  const due = correctionLe ?? silenceLe
  if (!due) return capitale(recue)
  const jours = joursEntre(today, due)
  const quoi = `${correctionLe ? 'correction attendue' : 'échéance'} ${distance(jours)} (${dates.longDate(due)})`
  // In words rather than in bold: no element more in a list of 25 lines, and a screen reader says it.
  return jours <= (correctionLe ? -1 : URGENT_JOURS) ? `Urgent\u00a0: ${quoi}, ${recue}` : capitale(`${quoi}, ${recue}`)
}

const capitale = (text: string): string => text.charAt(0).toLocaleUpperCase('fr-FR') + text.slice(1)
