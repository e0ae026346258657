import { civilDay } from '../../platform/clock.ts'
import type { Modele } from '../demarches/index.ts'
import { dates } from '../formulaires/index.ts'
import { appellation, type Collectivite, fuseau } from '../territoire/index.ts'
import type { DossierRow } from './tables.ts'

/** What the accusé de réception must say: facts, then sentences. */
export interface Mentions {
  readonly lignes: readonly { readonly cle: string; readonly valeur: string }[]
  readonly paragraphes: readonly string[]
}

/** An instant as people read it in a place: « 1er mars 2026 à 14:05 ». */
export function instantEnMots(instant: Date, collectivite: Pick<Collectivite, 'departement'>): string {
  const timeZone = fuseau(collectivite)
  const hour = new Intl.DateTimeFormat('fr-FR', { timeStyle: 'short', timeZone }).format(instant)
  return `${dates.longDate(civilDay(instant, timeZone))} à ${hour}`
}

/**
 * The mentions of the accusé de réception électronique (CRPA R112-11-1): when it was received; which service answers, with what is
 * known of how to reach it; what silence means and from which day; then the appeal if silence refuses, or the right to an attestation
 * (L232-3) if it accepts. The day holds for a complete request only (L114-5). A declarative démarche waits for no decision.
 */
export function mentionsDeLAccuse(demande: {
  readonly collectivite: Pick<Collectivite, 'nom' | 'nature' | 'departement' | 'reglage'>
  readonly modele: Pick<Modele, 'regime' | 'service' | 'silence' | 'recours'>
  readonly dossier: Pick<DossierRow, 'depose_le' | 'silence_le'> & Partial<Pick<DossierRow, 'service'>>
}): Mentions {
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
    paragraphes: decideParSilence
      ? paragraphesDuSilence(modele, appellation(collectivite), accepte)
      : ['Votre déclaration est prise en compte dès sa réception.'],
  }
}

function paragraphesDuSilence(modele: Pick<Modele, 'silence' | 'recours'>, mairie: string, accepte: boolean): string[] {
  return [
    modele.silence.texte,
    `Le délai vaut pour une demande complète. S’il manque une pièce, ${mairie} vous l’écrit et le délai s’arrête jusqu’à votre réponse.`,
    accepte
      ? `Après une acceptation par le silence, vous pouvez demander une attestation à ${mairie}. C’est l’article L232-3 du code des relations entre le public et l’administration.`
      : modele.recours,
  ]
}
