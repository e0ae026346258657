import { LIBELLES_ETATS, type NatureEvenement, type Regime, type Situation, transition } from '../dossier.ts'

/** What may be done to many dossiers at once. */
export const ACTES = [
  'prendre',
  'attribuer',
  'changer_service',
  'etiqueter',
  'desetiqueter',
  'accepter',
  'refuser',
  'classer_sans_suite',
  'cacher',
  'archiver',
] as const
export type ActeDeLot = (typeof ACTES)[number]

export const estActe = (text: string): text is ActeDeLot => (ACTES as readonly string[]).includes(text)

/** At most in one batch: that of the anchors, and what one archive reasonably holds. */
export const DOSSIERS_AU_PLUS = 500
export const ARCHIVES_AU_PLUS = 100
export const auPlus = (acte: ActeDeLot): number => (acte === 'archiver' ? ARCHIVES_AU_PLUS : DOSSIERS_AU_PLUS)

/** What is asked before a batch runs. */
export type Demande = 'agent' | 'service' | 'etiquette' | 'motif' | 'precisions' | 'annotations'

interface Regle {
  readonly libelle: string
  /** « 12 dossiers … ». */
  readonly fait: string
  readonly permission: 'dossiers.lire' | 'dossiers.instruire' | 'dossiers.decider'
  /** The event of each dossier; null when nothing changes. */
  readonly nature: NatureEvenement | null
  readonly demandes: readonly Demande[]
  /** What undoing it does; undefined when it cannot be undone as a batch. */
  readonly defaire?: string
  /** What the person sees of it. */
  readonly effet: string
}

const RIEN_VU = 'La personne n’en est pas prévenue.'
const UN_DOCUMENT =
  'Pour chaque dossier, un document est établi et la personne est prévenue. Une décision ne s’annule pas en lot : un dossier se rouvre un par un, avec un motif.'

export const REGLES: Readonly<Record<ActeDeLot, Regle>> = {
  prendre: {
    libelle: 'Prendre en charge',
    fait: 'pris en charge',
    permission: 'dossiers.instruire',
    nature: 'prendre_en_instruction',
    demandes: [],
    defaire: 'Remettre à prendre en charge',
    effet: 'Ils vous sont attribués et passent « En cours d’examen » : la personne le voit dans son suivi.',
  },
  attribuer: {
    libelle: 'Attribuer…',
    fait: 'attribués',
    permission: 'dossiers.instruire',
    nature: 'attribuer',
    demandes: ['agent'],
    defaire: 'Rendre à qui les avait',
    effet: RIEN_VU,
  },
  changer_service: {
    libelle: 'Changer de service…',
    fait: 'passés à un autre service',
    permission: 'dossiers.instruire',
    nature: 'changer_service',
    demandes: ['service', 'motif'],
    defaire: 'Rendre à leur service d’avant',
    effet: RIEN_VU,
  },
  etiqueter: {
    libelle: 'Étiqueter…',
    fait: 'étiquetés',
    permission: 'dossiers.instruire',
    nature: 'etiqueter',
    demandes: ['etiquette'],
    defaire: 'Retirer l’étiquette',
    effet: RIEN_VU,
  },
  desetiqueter: {
    libelle: 'Retirer une étiquette…',
    fait: 'sans cette étiquette',
    permission: 'dossiers.instruire',
    nature: 'desetiqueter',
    demandes: ['etiquette'],
    defaire: 'Remettre l’étiquette',
    effet: RIEN_VU,
  },
  accepter: {
    libelle: 'Accepter…',
    fait: 'acceptés',
    permission: 'dossiers.decider',
    nature: 'accepter',
    demandes: ['precisions'],
    effet: UN_DOCUMENT,
  },
  refuser: {
    libelle: 'Refuser…',
    fait: 'refusés',
    permission: 'dossiers.decider',
    nature: 'refuser',
    demandes: ['motif'],
    effet: UN_DOCUMENT,
  },
  classer_sans_suite: {
    libelle: 'Classer sans suite…',
    fait: 'classés sans suite',
    permission: 'dossiers.decider',
    nature: 'classer_sans_suite',
    demandes: ['motif'],
    effet: UN_DOCUMENT,
  },
  cacher: {
    libelle: 'Mettre à la corbeille…',
    fait: 'mis à la corbeille',
    permission: 'dossiers.decider',
    nature: 'cacher',
    demandes: ['motif'],
    defaire: 'Sortir de la corbeille',
    effet: 'Ils quittent les listes, puis sont effacés deux semaines plus tard. Un dossier en cours d’examen ne peut pas l’être.',
  },
  archiver: {
    libelle: 'Télécharger (ZIP)…',
    fait: 'dans l’archive',
    permission: 'dossiers.lire',
    nature: null,
    demandes: ['annotations'],
    effet: 'Chaque dossier a son répertoire : ses documents, et une page lisible. La lecture de chacun est au journal.',
  },
}

/** Why an act cannot be done on a dossier as it stands, in a few words; undefined when it can, as far as its state says. */
export function obstacle(acte: ActeDeLot, situation: Situation, regime: Regime): string | undefined {
  const { nature } = REGLES[acte]
  if (nature === null) return undefined
  const possible = transition(situation, { nature, auteur: 'agent', motif: 'x' }, regime)
  if (possible.ok) return undefined
  return possible.refusal.code === 'etat_change' ? `son état est « ${LIBELLES_ETATS[situation.etat]} »` : possible.refusal.sentence
}

/** What an agent filled in for a batch. */
export interface Parametres {
  readonly agent?: string
  readonly service?: string
  readonly etiquette?: string
  readonly motif?: string
  readonly annotations?: boolean
}

/** What must be known of a dossier before an act to undo it. */
export interface Avant {
  readonly agent?: { readonly id: string; readonly nom: string } | null | undefined
  readonly service?: string | null
}
