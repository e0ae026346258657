import { Form } from '../../../../platform/http/form.ts'
import type { Context } from '../../../../platform/http/route.ts'
import { modelePublie } from '../../../demarches/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { indexerAvantDeLister } from '../../commands/indexer.ts'
import type { Cas } from '../../commands/instruire.ts'
import { estTermine, LIBELLES_ETATS } from '../../dossier.ts'
import { lieuDuDossier } from '../../horloges/distance.ts'
import { horlogesDe, type NatureDHorloge } from '../../horloges/horloges.ts'
import { autresDossiers } from '../../queries/autres-dossiers.ts'
import { type Place, voisins } from '../../queries/file-d-instruction.ts'
import type { Tri } from '../../recherche/choix.ts'
import { cleDeNom } from '../../recherche/valeurs.ts'
import type { DossierRow, EvenementRow } from '../../tables.ts'
import { adresseDesDossiers, aujourdhui } from './acces.ts'
import { champsDuChoix, choixDemande, filtreDuChoix } from './choix.ts'
import { distance, joursEntre } from './mots.ts'

/** The dossiers before and after this one in the list that the agent came from (`?liste=`), and the way back to it. */
export async function voisinsVus(ctx: Context, { tx, dossier }: Cas) {
  const liste = ctx.query.line('liste', 1500)
  if (!liste) return undefined
  const params = new URLSearchParams(liste)
  const query = new Form(Object.fromEntries([...new Set(params.keys())].map(name => [name, params.getAll(name)])))
  const { choix } = await choixDemande(ctx, tx, query)
  const filtre = await filtreDuChoix(ctx, tx, choix, await champsDuChoix(tx, ctx.tenant.id, choix))
  // Decided or taken away since, it has no place in what waits: the list begins again.
  const isThere = filtre.etats.includes(dossier.etat) && (filtre.tri !== 'echeance' || !estTermine(dossier.etat))
  const at = isThere ? { cle: cleDe(filtre.tri, dossier), id: dossier.id } : null
  const { avant, apres } = await voisins(tx, ctx.tenant.id, filtre, at)
  const href = (id: string | null) => (id ? `${adresseDesDossiers(ctx)}/${id}?liste=${encodeURIComponent(liste)}` : undefined)
  return { avant: href(avant), apres: href(apres), liste: `${adresseDesDossiers(ctx)}?${liste}` }
}

const cleDe = (tri: Tri, dossier: DossierRow): Place['cle'] =>
  ({
    echeance: dossier.silence_le,
    anciens: dossier.depose_le,
    recents: dossier.depose_le,
    activite: dossier.modifie_le,
    nom: cleDeNom(dossier.demandeur_nom ?? ''),
  })[tri]

/** The person's other dossiers, and what may be twice the same. */
export async function autresVus(ctx: Context, { tx, dossier }: Cas) {
  await indexerAvantDeLister(ctx.app, tx, ctx.tenant.id)
  const found = await autresDossiers(tx, ctx.tenant.id, dossier, ctx.agent.portee)
  return Promise.all(
    found.map(async ({ id, reference, definition, etat, estPeutEtreDoublon }) => ({
      href: `${adresseDesDossiers(ctx)}/${id}`,
      texte: (await modelePublie(tx, definition)).titre,
      description: `${reference}, ${LIBELLES_ETATS[etat].toLowerCase()}${estPeutEtreDoublon ? ' : peut-être la même demande' : ''}`,
    })),
  )
}

const NOMS: Readonly<Record<NatureDHorloge, string>> = {
  accuse: 'Accusé de réception',
  silence: 'Silence',
  correction: 'Correction attendue',
  attestation: 'Attestation demandée',
  recours: 'Recours',
}

/** The clocks of the law that run on the dossier, in words. */
export function delaisVus(ctx: Context, { collectivite, modele, dossier }: Cas, evenements: readonly EvenementRow[]) {
  const today = aujourdhui(ctx)
  return horlogesDe(modele, evenements, lieuDuDossier({ collectivite, modele, dossier })).flatMap(
    ({ nature, echeance, effet, fin, source, suspensions }) => {
      // Before any decision, the appeal against a refusal by silence to come is nobody's concern yet.
      const isPast = nature === 'recours' && (!estTermine(dossier.etat) || (echeance !== null && echeance < today))
      if (fin !== null || isPast || nature === 'accuse') return []
      const stopped = echeance === null && suspensions.at(-1)?.au === null
      const quand = echeance
        ? `${dates.longDate(echeance)} (${distance(joursEntre(today, echeance))})`
        : stopped
          ? 'Suspendu'
          : 'Sans limite'
      return [{ cle: NOMS[nature], quand, effet, source }]
    },
  )
}
