import { ok, type Result, refuse } from '../../platform/refusal.ts'
import { refusals } from './refusals.ts'

/** The six states of the law's spine; nothing a commune adds is ever another one. */
export type Etat = 'brouillon' | 'en_construction' | 'en_instruction' | 'accepte' | 'refuse' | 'sans_suite'

/** How the démarche is decided: by a person; by the deposit itself; by silence (acceptance or refusal). */
export type Regime = 'ordinaire' | 'declaratif' | 'sva' | 'svr'

/** `expert`: whose opinion was asked, by a link; `api`: another program, with a token that an agent made. */
export type AuteurNature = 'usager' | 'agent' | 'systeme' | 'expert' | 'api'
export type Canal = 'web' | 'sms' | 'papier' | 'guichet' | 'api' | 'hubee'

/** What may happen to a dossier. */
export type NatureEvenement =
  | 'ouvrir'
  | 'deposer'
  | 'prendre_en_instruction'
  | 'demander_correction'
  | 'repondre_correction'
  | 'repasser_en_construction'
  | 'accepter'
  | 'refuser'
  | 'classer_sans_suite'
  | 'accepter_auto'
  | 'refuser_auto'
  | 'rouvrir'
  | 'ecrire'
  | 'attribuer'
  | 'changer_service'
  | 'annoter'
  | 'etiqueter'
  | 'desetiqueter'
  | 'demander_avis'
  | 'relancer_avis'
  | 'rendre_avis'
  | 'retirer_avis'
  | 'cacher'
  | 'restaurer'
  | 'effacer_identite'
  | 'rectifier'
  | 'corriger_courriel'
  | 'renouveler_code'
  | 'envoyer_courrier'

/** An event to add: who, and why when the law or the person needs it. */
export interface Acte {
  readonly nature: NatureEvenement
  readonly auteur: AuteurNature
  readonly motif?: string | undefined
}

/** What the events so far add up to. */
export interface Situation {
  readonly etat: Etat
  readonly correctionEnAttente: boolean
  /** Out of the lists, before it is erased: nothing happens to it but its return. */
  readonly cache: boolean
}

export const TERMINAUX: readonly Etat[] = ['accepte', 'refuse', 'sans_suite']

/** Whether a dossier has its decision. */
export const estTermine = (etat: Etat): boolean => TERMINAUX.includes(etat)

interface Regle {
  readonly de: readonly (Etat | null)[]
  readonly par: readonly AuteurNature[]
  readonly vers: (situation: Situation | null, regime: Regime) => Situation
  /** One guard a line, in the order in which it is told. */
  readonly gardes?: readonly ((situation: Situation, acte: Acte, regime: Regime) => keyof typeof refusals | undefined)[]
}

const straightToInstruction = (regime: Regime) => regime !== 'ordinaire'
const noPendingCorrection = (s: Situation) => (s.correctionEnAttente ? ('correction_en_attente' as const) : undefined)
const motifRequired = (_: Situation, acte: Acte) => (acte.motif?.trim() ? undefined : ('motif_absent' as const))
const to =
  (etat: Etat, correctionEnAttente = false) =>
  (): Situation => ({ etat, correctionEnAttente, cache: false })
const unchanged = (situation: Situation | null) => situation!
const DEPOSES: readonly Etat[] = ['en_construction', 'en_instruction', 'accepte', 'refuse', 'sans_suite']
const A_TRAITER: readonly Etat[] = ['en_construction', 'en_instruction']
// What is added beside the spine: it never changes the state.
const aside = (par: readonly AuteurNature[], de: readonly Etat[] = DEPOSES): Regle => ({ de, par, vers: unchanged })

// The table of reference: from, by whom, to, guards. docs and the module's README show the same as a diagram.
const REGLES: Readonly<Record<NatureEvenement, Regle>> = {
  ouvrir: { de: [null], par: ['usager', 'agent', 'systeme'], vers: to('brouillon') },
  deposer: {
    de: ['brouillon'],
    par: ['usager', 'agent'],
    vers: (_, regime) => ({
      etat: straightToInstruction(regime) ? 'en_instruction' : 'en_construction',
      correctionEnAttente: false,
      cache: false,
    }),
  },
  prendre_en_instruction: { de: ['en_construction'], par: ['agent'], vers: to('en_instruction'), gardes: [noPendingCorrection] },
  demander_correction: {
    de: ['en_construction', 'en_instruction'],
    par: ['agent'],
    vers: to('en_construction', true),
    gardes: [noPendingCorrection, motifRequired],
  },
  repondre_correction: {
    de: ['en_construction'],
    par: ['usager', 'agent'],
    vers: (_, regime) => ({
      etat: regime === 'sva' || regime === 'svr' ? 'en_instruction' : 'en_construction',
      correctionEnAttente: false,
      cache: false,
    }),
    gardes: [s => (s.correctionEnAttente ? undefined : 'aucune_correction')],
  },
  repasser_en_construction: {
    de: ['en_instruction'],
    par: ['agent'],
    vers: to('en_construction'),
    gardes: [(_s, _a, regime) => (regime === 'sva' || regime === 'svr' ? 'interdit_sous_silence' : undefined)],
  },
  accepter: { de: ['en_instruction'], par: ['agent'], vers: to('accepte') },
  refuser: { de: ['en_instruction'], par: ['agent'], vers: to('refuse'), gardes: [motifRequired] },
  classer_sans_suite: { de: ['en_instruction'], par: ['agent'], vers: to('sans_suite'), gardes: [motifRequired] },
  accepter_auto: {
    de: ['en_construction', 'en_instruction'],
    par: ['systeme'],
    vers: to('accepte'),
    gardes: [noPendingCorrection, (_s, _a, regime) => (regime === 'declaratif' || regime === 'sva' ? undefined : 'hors_regime')],
  },
  refuser_auto: {
    de: ['en_instruction'],
    par: ['systeme'],
    vers: to('refuse'),
    gardes: [(_s, _a, regime) => (regime === 'svr' ? undefined : 'hors_regime')],
  },
  rouvrir: { de: TERMINAUX, par: ['agent'], vers: to('en_instruction'), gardes: [motifRequired] },
  ecrire: aside(['usager', 'agent']),
  attribuer: aside(['agent']),
  changer_service: aside(['agent']),
  annoter: aside(['agent']),
  etiqueter: aside(['agent', 'systeme']),
  desetiqueter: aside(['agent', 'systeme']),
  demander_avis: aside(['agent'], A_TRAITER),
  relancer_avis: aside(['agent', 'systeme'], A_TRAITER),
  rendre_avis: aside(['expert'], A_TRAITER),
  retirer_avis: aside(['agent']),
  cacher: {
    de: ['brouillon', 'en_construction', ...TERMINAUX],
    par: ['usager', 'agent', 'systeme'],
    vers: situation => ({ ...situation!, cache: true }),
    gardes: [motifRequired],
  },
  effacer_identite: aside(['systeme'], TERMINAUX),
  rectifier: aside(['usager'], A_TRAITER),
  corriger_courriel: aside(['agent']),
  renouveler_code: aside(['agent']),
  envoyer_courrier: aside(['agent']),
  restaurer: {
    de: ['brouillon', 'en_construction', ...TERMINAUX],
    par: ['usager', 'agent'],
    vers: situation => ({ ...situation!, cache: false }),
    gardes: [s => (s.cache ? undefined : 'pas_cache')],
  },
}

/**
 * What a dossier becomes by an act; pure. Refuses an act out of turn (etat_change), by the wrong person, or whose guard does not hold.
 * Source: the life cycle of docs/architecture.md; CRPA L114-5 (correction), L231-1 and L231-4 (silence), L211-2 (reasons of a refusal).
 */
export function transition(situation: Situation | null, acte: Acte, regime: Regime): Result<Situation> {
  const regle = REGLES[acte.nature]
  if (!regle.par.includes(acte.auteur === 'api' ? 'agent' : acte.auteur)) return refuse(refusals.auteur_interdit)
  if (situation?.cache && acte.nature !== 'restaurer') return refuse(refusals.cache)
  if (!regle.de.includes(situation?.etat ?? null)) return refuse(refusals.etat_change)
  for (const garde of regle.gardes ?? []) {
    const code = garde(situation!, acte, regime)
    if (code) return refuse(refusals[code])
  }
  return ok(regle.vers(situation, regime))
}

/** The situation that a history adds up to; throws on a history that the rules do not allow, since nothing else may have written it. */
export function replier(actes: readonly Acte[], regime: Regime): Situation | null {
  let situation: Situation | null = null
  for (const acte of actes) {
    const next = transition(situation, acte, regime)
    if (!next.ok) throw new Error(`illegal history: ${acte.nature} after ${situation?.etat ?? 'nothing'} (${next.refusal.code})`)
    situation = next.value
  }
  return situation
}

/** Acts that an agent may do now, in the order in which buttons show them. */
export function actesPossibles(situation: Situation, regime: Regime): NatureEvenement[] {
  const candidates: NatureEvenement[] = [
    'prendre_en_instruction',
    'demander_correction',
    'repasser_en_construction',
    'accepter',
    'refuser',
    'classer_sans_suite',
    'rouvrir',
  ]
  return candidates.filter(nature => transition(situation, { nature, auteur: 'agent', motif: 'x' }, regime).ok)
}

/** States as people read them. */
export const LIBELLES_ETATS: Readonly<Record<Etat, string>> = {
  brouillon: 'Brouillon',
  en_construction: 'Reçu',
  en_instruction: 'En cours d’examen',
  accepte: 'Accepté',
  refuse: 'Refusé',
  sans_suite: 'Classé sans suite',
}
