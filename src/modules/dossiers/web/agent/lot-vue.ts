import type { Tx } from '../../../../platform/db/open.ts'
import type { Context } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { equipe, permissionsDe } from '../../../agents/index.ts'
import { modelePublie } from '../../../demarches/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { LIBELLES_ETATS } from '../../dossier.ts'
import { ACTES, type ActeDeLot, DOSSIERS_AU_PLUS, obstacle, REGLES } from '../../lots/actes.ts'
import { etiquettesDeListe } from '../../queries/etiquettes-de-liste.ts'
import { avancement, type DossierDeLot, defaitPar, dossiersDuLot } from '../../queries/lots.ts'
import { servicesDe } from '../../queries/services.ts'
import { adresseDuChoix, type Choix } from '../../recherche/choix.ts'
import { refusals } from '../../refusals.ts'
import type { LotRow } from '../../tables.ts'
import { adresseDesDossiers } from './acces.ts'
import type { LotProps, PreparationProps } from './lot.page.tsx'
import type { ChoixDeLot } from './lot-choix.tsx'
import { nombreDeDossiers } from './mots.ts'

// Beyond, the page would be heavier than its use; all are told once done.
const EXCLUS_MONTRES = 20
const REFUS_MONTRES = 100
const CHANGE = 'il a changé depuis que vous l’avez choisi'

const combien = (n: number) => nombreDeDossiers(n, 1_000_000)
const court = (acte: ActeDeLot) => REGLES[acte].libelle.replace('…', '')

/** What the page of confirmation shows: what can be done to each dossier chosen, as it stands now. */
export async function preparationProps(
  ctx: Context,
  tx: Tx,
  lot: LotRow & { readonly acte: ActeDeLot },
): Promise<Omit<PreparationProps, 'erreurs'> & { titre: string }> {
  const { acte } = lot
  const { effet, demandes, nature } = REGLES[acte]
  const dossiers = await dossiersDuLot(tx, ctx.tenant.id, lot.id)
  const exclus: { dossier: DossierDeLot; raison: string }[] = []
  const parEtat = new Map<string, number>()
  for (const dossier of dossiers) {
    const { regime } = await modelePublie(tx, dossier.definition)
    const raison = dossier.aChange && nature !== null ? CHANGE : obstacle(acte, dossier.situation, regime)
    if (raison) exclus.push({ dossier, raison })
    const state = LIBELLES_ETATS[dossier.etatDuDossier]
    parEtat.set(state, (parEtat.get(state) ?? 0) + 1)
  }
  const possibles = dossiers.length - exclus.length
  const liste = ctx.query.line('liste', 2000)
  return {
    titre: `${court(acte)} : ${combien(dossiers.length)}`,
    action: `${ctx.tenant.base}/agent/lots/${lot.id}`,
    retour: `${adresseDesDossiers(ctx)}?${liste || 'etat='}`,
    jeton: ctx.token,
    cle: newSecret(),
    effet,
    possibles,
    parEtat: [...parEtat].map(([state, n]) => ({ texte: `${state} : ${combien(n)}` })),
    exclus: exclus
      .slice(0, EXCLUS_MONTRES)
      .map(({ dossier, raison }) => ({ texte: nomDe(dossier), raison, href: adresseDuDossierDe(ctx, dossier.id) })),
    autresExclus: Math.max(0, exclus.length - EXCLUS_MONTRES),
    demandes,
    ...(await possiblesPour(ctx, tx)),
    saisie: {
      agent: ctx.form.line('agent', 36),
      service: ctx.form.line('service', 120),
      etiquette: ctx.form.line('etiquette', 36),
      motif: ctx.form.text('motif'),
      annotations: ctx.form.has('annotations'),
    },
    bouton: {
      texte: `${court(acte)} (${combien(possibles)})`,
      tone: ['refuser', 'classer_sans_suite', 'cacher'].includes(acte) ? 'danger' : 'primary',
    },
  }
}

const nomDe = ({ demandeurNom, reference }: DossierDeLot): string => `${demandeurNom || 'Sans nom'}, ${reference}`
const adresseDuDossierDe = (ctx: Context, id: string): string => `${adresseDesDossiers(ctx)}/${id}`

async function possiblesPour(ctx: Context, tx: Tx) {
  const team = await equipe(tx, ctx.tenant.id, ctx.app.clock.now())
  const handlers = team.filter(({ roles }) => ['dossiers.instruire', 'dossiers.decider'].some(one => permissionsDe(roles).has(one)))
  return {
    agents: handlers.slice(0, 49).map(({ id, nom }) => ({ value: id, label: id === ctx.agent.id ? `${nom} (vous)` : nom })),
    services: (await servicesDe(tx, ctx.tenant.id)).slice(0, 49).map(value => ({ value, label: value })),
    etiquettes: (await etiquettesDeListe(tx, ctx.tenant.id)).map(({ id, nom }) => ({ value: id, label: nom })),
  }
}

/** What the page of a batch shows once it was started. */
export async function lotProps(ctx: Context, tx: Tx, lot: LotRow): Promise<Omit<LotProps, 'erreurs'> & { titre: string }> {
  const { acte } = lot
  const action = `${ctx.tenant.base}/agent/lots/${lot.id}`
  const counts = await avancement(tx, ctx.tenant.id, lot.id)
  const chosen = counts.attente + counts.fait + counts.refuse
  const isFile = acte === 'exporter' || acte === 'archiver'
  const total = (isFile ? lot.total : null) ?? chosen
  const faits = isFile ? lot.faits : counts.fait + counts.refuse
  const refus = counts.refuse > 0 ? (await dossiersDuLot(tx, ctx.tenant.id, lot.id, 'refuse')).slice(0, REFUS_MONTRES) : []
  const undoneBy = await defaitPar(tx, ctx.tenant.id, lot.id)
  const reverse = acte === 'exporter' || lot.defait_id || counts.fait === 0 || undoneBy ? undefined : REGLES[acte].defaire
  const words = acte === 'exporter' ? 'Exporter' : court(acte)
  return {
    titre: `${lot.defait_id ? 'Annulation : ' : ''}${words}${total > 0 ? `, ${combien(total)}` : ''}`,
    action,
    retour: `${ctx.tenant.base}/agent/lots`,
    jeton: ctx.token,
    cle: newSecret,
    fait: undefined,
    enCours: lot.fini_le
      ? undefined
      : { texte: total > 0 ? `${faits} sur ${combien(total)}` : 'Le travail commence', faits, total: Math.max(1, total) },
    peutArreter: !lot.arrete_le,
    resultat: lot.fini_le ? resultatDe(lot, counts) : undefined,
    refus: refus.map(one => ({ href: adresseDuDossierDe(ctx, one.id), texte: nomDe(one), raison: one.motif ?? '' })),
    fichier: fichierDe(ctx, lot),
    defaire: lot.fini_le ? reverse : undefined,
    defaitPar: undoneBy && `${ctx.tenant.base}/agent/lots/${undoneBy}`,
    definitif:
      lot.fini_le && ['accepter', 'refuser', 'classer_sans_suite'].includes(acte) && counts.fait > 0
        ? 'Une décision ne s’annule pas en lot : ouvrez un dossier et choisissez « Rouvrir le dossier ».'
        : undefined,
  }
}

function resultatDe(lot: LotRow, { attente, fait, refuse }: { attente: number; fait: number; refuse: number }): LotProps['resultat'] {
  if (lot.erreur) return { texte: lot.erreur, ton: 'attention' }
  if (lot.acte === 'exporter') {
    if (lot.arrete_le) return { texte: 'Arrêté : aucun fichier n’est gardé.', ton: 'attention' }
    return { texte: `L’export est prêt : ${combien(lot.total ?? 0)}.`, ton: 'succes' }
  }
  if (lot.acte === 'archiver' && lot.arrete_le) return { texte: 'Arrêté : aucun fichier n’est gardé.', ton: 'attention' }
  const done = lot.defait_id ? 'remis comme avant' : REGLES[lot.acte].fait
  const parts = [
    `${combien(fait)} ${fait > 1 ? done : singulier(done)}`,
    ...(refuse > 0 ? [`${combien(refuse)} laissé${refuse > 1 ? 's' : ''} de côté`] : []),
    ...(attente > 0 ? [`${combien(attente)} non traité${attente > 1 ? 's' : ''} : vous avez arrêté`] : []),
  ]
  return { texte: `${parts.join(', ')}.`, ton: refuse + attente > 0 ? 'attention' : 'succes' }
}

// « acceptés » → « accepté », of each participle at the beginning.
const singulier = (words: string): string =>
  words.replace(/^(\p{L}+é|mi|classé|passé)s\b/u, (_, one: string) => (one === 'mi' ? 'mis' : one))

function fichierDe(ctx: Context, lot: LotRow): LotProps['fichier'] {
  if (!lot.expire_le || lot.expire_le <= ctx.app.clock.now() || lot.erreur) return undefined
  return {
    href: `${ctx.tenant.base}/agent/lots/${lot.id}/fichier`,
    texte: 'Télécharger le fichier',
    jusqua: `Jusqu’au ${instantEnMots(lot.expire_le, collectiviteDe(ctx))}.`,
  }
}

/** What the list proposes for several dossiers: the acts that the agent may do. */
export function choixDeLot(
  ctx: Context,
  { choix, liste, page, total, montres }: { choix: Choix; liste: string; page: number; total: number; montres: number },
): ChoixDeLot {
  const coches = ctx.query.has('cocher')
  return {
    action: `${ctx.tenant.base}/agent/lots`,
    jeton: ctx.token,
    cle: newSecret(),
    liste,
    choix: adresseDuChoix(choix),
    actes: ACTES.filter(acte => ctx.agent.permissions.has(REGLES[acte].permission)).map(value => ({ value, label: REGLES[value].libelle })),
    coches,
    cocherHref: `${adresseDesDossiers(ctx)}?${liste}${page > 1 ? `&page=${page}` : ''}${coches ? '' : '&cocher=oui'}`,
    tous: total > montres && total <= DOSSIERS_AU_PLUS ? `Continuer avec les ${total} de cette recherche` : undefined,
  }
}

const REFUS = ['lot_vide', 'lot_sans_acte', 'lot_trop_grand', 'lot_trop_grand_archive'] as const

/** Why a choice of dossiers came back to the list. */
export const refusDeLot = (ctx: Context): string | undefined => {
  const code = REFUS.find(one => one === ctx.query.line('refus', 30))
  return code && refusals[code].sentence
}
