import { civilMinute } from '../../platform/clock.ts'
import type { Modele } from '../demarches/index.ts'
import { dates } from '../formulaires/index.ts'
import { appellation, type Collectivite, fuseau } from '../territoire/index.ts'
import { type MoisDeDistance, recoursAvecDistance } from './horloges/distance.ts'
import { finDuRecoursDuSilence, type LieuDesDelais, lieuDesDelais, repriseApres } from './horloges/horloges.ts'
import type { DossierRow } from './tables.ts'

/** What the accusé de réception must say: facts, then sentences. */
export interface Mentions {
  readonly lignes: readonly { readonly cle: string; readonly valeur: string }[]
  readonly paragraphes: readonly string[]
}

/** An instant as people read it in a place: « 1er mars 2026 à 14:05 ». */
export function instantEnMots(
  instant: Date,
  collectivite: Pick<Collectivite, 'departement'> & Partial<Pick<Collectivite, 'code'>>,
): string {
  const [day = '', hour] = civilMinute(instant, fuseau(collectivite)).split('T')
  return `${dates.longDate(day)} à ${hour}`
}

type Demande = {
  readonly collectivite: Pick<Collectivite, 'nom' | 'nature' | 'departement' | 'reglage'> & Partial<Pick<Collectivite, 'code'>>
  readonly modele: Pick<Modele, 'regime' | 'service' | 'silence' | 'recours'>
  readonly dossier: Pick<DossierRow, 'depose_le' | 'silence_le'> & Partial<Pick<DossierRow, 'service'>>
  /** Months more to appeal (CJA R421-7); undefined when it is not known where the person lives. */
  readonly distance?: MoisDeDistance
}

/**
 * The mentions of the accusé de réception électronique (CRPA R112-5, R112-11-1): when it was received; which service answers, with what
 * is known of how to reach it; what silence means and from which day; then the appeal and its last day if silence refuses, or the
 * right to an attestation (L232-3) if it accepts; and what happens if something is missing (L114-5), since the day holds for a complete
 * request only. A declarative démarche waits for no decision.
 */
export function mentionsDeLAccuse(demande: Demande): Mentions {
  const { collectivite, modele, dossier } = demande
  const { nom, reglage } = collectivite
  const accepte = modele.silence.effet === 'acceptation'
  const decideParSilence = modele.regime !== 'declaratif'
  const lieu = [reglage.codePostal, reglage.ville].filter(Boolean).join(' ')
  const lignes = [
    ['Reçue le', dossier.depose_le && instantEnMots(dossier.depose_le, collectivite)],
    ['Service chargé de la demande', `${dossier.service ?? modele.service}, ${nom}`],
    ['Adresse postale', reglage.adresse && [reglage.adresse, lieu].filter(Boolean).join('\n')],
    ['Adresse électronique', reglage.courriel],
    ['Téléphone', reglage.telephone],
    [
      'Sans réponse',
      decideParSilence && dossier.silence_le && `Demande ${accepte ? 'acceptée' : 'refusée'} le ${dates.longDate(dossier.silence_le)}`,
    ],
  ] as const
  return {
    lignes: lignes.flatMap(([cle, valeur]) => (valeur ? [{ cle, valeur }] : [])),
    paragraphes: decideParSilence ? paragraphesDuSilence(demande) : ['Votre déclaration est prise en compte dès sa réception.'],
  }
}

function paragraphesDuSilence({ collectivite, modele, dossier, distance }: Demande): string[] {
  const mairie = appellation(collectivite)
  return [
    modele.silence.texte,
    `Le délai vaut pour une demande complète. S’il manque une pièce, ${mairie} vous dit laquelle, et avant quelle date l’envoyer. ${siIncomplet(modele)}`,
    ...(modele.silence.effet === 'acceptation'
      ? attestation(modele, mairie)
      : contestation(modele, dossier, { ...lieuDesDelais(collectivite), distance })),
  ]
}

/** What becomes of the period when the request is completed (L114-5). */
function siIncomplet({ silence }: Demande['modele']): string {
  const delai = silence.jours === undefined ? `${silence.mois}\u00a0mois` : `${silence.jours}\u00a0jour${silence.jours > 1 ? 's' : ''}`
  return repriseApres(silence) === 'repart'
    ? `Le délai s’arrête alors. Un nouveau délai de ${delai} commence le lendemain de votre réponse.`
    : 'Le délai s’arrête alors. Il reprend où il en était, le jour de votre réponse.'
}

const attestation = ({ regime }: Demande['modele'], mairie: string): string[] => [
  regime === 'sva'
    ? 'Si le silence accepte votre demande, une attestation vous est envoyée sans que vous la demandiez. C’est l’article L232-3 du code des relations entre le public et l’administration.'
    : `Après une acceptation par le silence, vous pouvez demander une attestation à ${mairie}. C’est l’article L232-3 du code des relations entre le public et l’administration.`,
]

const contestation = ({ recours }: Demande['modele'], { silence_le }: Demande['dossier'], lieu: LieuDesDelais): string[] => [
  recoursAvecDistance(recours, lieu.departement, lieu.distance),
  ...(silence_le
    ? [
        `Si la demande est refusée le ${dates.longDate(silence_le)}, le tribunal peut être saisi jusqu’au ${dates.longDate(finDuRecoursDuSilence(silence_le, lieu))} inclus.`,
      ]
    : []),
]
