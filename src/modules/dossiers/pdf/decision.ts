import type { Courrier } from '../../../platform/pdf/courrier.ts'
import { courrierDuDocument, type Faits, type Redaction } from '../../documents/index.ts'
import { dates } from '../../formulaires/index.ts'
import { instantEnMots } from '../accuse.ts'
import type { Cas } from '../commands/instruire.ts'
import type { NatureEvenement } from '../dossier.ts'
import { distanceDuDossier, recoursAvecDistance } from '../horloges/distance.ts'
import { jourEnMots, redigerPour } from '../queries/redaction.ts'
import { lettre } from './lettre.ts'

const DECISIONS = ['accepter', 'refuser', 'classer_sans_suite', 'accepter_auto', 'refuser_auto'] as const
export type NatureDeDecision = (typeof DECISIONS)[number]

/** Whether an event is a decision: an agent's, or one that the law makes. */
export const estDecision = (nature: NatureEvenement): nature is NatureDeDecision => DECISIONS.some(known => known === nature)

/** The words by which a decision is told in a sentence: « acceptée ». */
export const issue: Readonly<Record<NatureDeDecision, string>> = {
  accepter: 'acceptée',
  refuser: 'refusée',
  classer_sans_suite: 'classée sans suite',
  accepter_auto: 'acceptée',
  refuser_auto: 'refusée',
}

/** A decision taken, or about to be. */
export interface Decision {
  readonly nature: NatureDeDecision
  /** When it was recorded. */
  readonly le: Date
  /** The day on which silence decided (`YYYY-MM-DD`), when it did. */
  readonly jour?: string | undefined
  readonly motif: string | null
  /** The name of the agent who decides; undefined when nobody does. */
  readonly auteur: string | undefined
  /** Who was chosen to sign: a signataire, or the agent who decides; undefined for who the text says. */
  readonly signataire?: string | undefined
}

/** Which text says a decision. A declaration accepted at once is an acceptance like another: silence has no part in it. */
export const natureDuTexte = ({ modele }: Cas, nature: NatureDeDecision): NatureDeDecision =>
  nature === 'accepter_auto' && modele.regime === 'declaratif' ? 'accepter' : nature

/** What texts may say of a decision. */
export const faitsDeLaDecision = (cas: Cas, { nature, le, jour, motif, auteur }: Decision): Faits => ({
  decision: issue[nature],
  date_decision: jour ? dates.longDate(jour) : jourEnMots(le, cas),
  ...(motif ? { motif } : {}),
  ...(auteur ? { agent: auteur } : {}),
})

/** In whose name an agent signs, and from which service. */
export const autoriteDe = ({ collectivite, dossier, modele }: Cas): string =>
  `${collectivite.nature === 'commune' ? 'Pour le maire' : 'Pour la présidence'},\n${dossier.service ?? modele.service}`

/** A decision as it will be printed: the text that serves, and the whole letter. */
export interface DocumentDeDecision {
  readonly texte: Redaction
  readonly courrier: Courrier
  readonly recours: string | undefined
}

/** The document of a decision on this dossier: the collectivité's own text or the démarche's, its reason, how to contest it, who took it. */
export async function documentDeLaDecision(cas: Cas, decision: Decision): Promise<DocumentDeDecision> {
  const { collectivite, modele, dossier } = cas
  const { nature, motif, auteur } = decision
  const texte = await redigerPour(cas, `document.${natureDuTexte(cas, nature)}`, faitsDeLaDecision(cas, decision), decision.signataire)
  const isGranted = nature === 'accepter' || nature === 'accepter_auto'
  const recours = isGranted ? undefined : recoursAvecDistance(modele.recours, collectivite.departement, distanceDuDossier(cas))
  const courrier = courrierDuDocument(lettre(cas, decision.le), texte, {
    faits: [
      { cle: 'Démarche', valeur: modele.titre },
      ...(dossier.depose_le ? [{ cle: 'Demande reçue le', valeur: instantEnMots(dossier.depose_le, collectivite) }] : []),
    ],
    // What silence decides has no reason: its event says which day, and until when it can be contested.
    motif: motif ? { titre: isGranted || nature === 'refuser_auto' ? 'Précisions' : 'Motif', texte: motif } : undefined,
    recours,
    auteur: { qualite: autoriteDe(cas), nom: auteur },
  })
  return { texte, courrier, recours }
}
