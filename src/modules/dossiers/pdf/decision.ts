import type { Bloc, Courrier } from '../../../platform/pdf/courrier.ts'
import { texteDecision } from '../../demarches/index.ts'
import { instantEnMots } from '../accuse.ts'
import type { Cas } from '../commands/instruire.ts'
import type { NatureEvenement } from '../dossier.ts'
import { envAuDepot } from '../queries/cas.ts'
import { lettre } from './lettre.ts'

/** What a decision says, before its reason: shown to the agent who confirms it, then printed. */
export interface MotsDeDecision {
  readonly titre: string
  readonly paragraphes: readonly string[]
  /** How to contest it; undefined when the person got what they asked for. */
  readonly recours: string | undefined
}

export type NatureDeDecision = Extract<NatureEvenement, 'accepter' | 'refuser' | 'classer_sans_suite'>

/** Whether an event is a decision that an agent took. */
export const estDecision = (nature: NatureEvenement): nature is NatureDeDecision =>
  nature === 'accepter' || nature === 'refuser' || nature === 'classer_sans_suite'

/** The words of a decision on this dossier: those of its modèle, with its answers in them. */
export function motsDeLaDecision(cas: Cas, nature: NatureDeDecision): MotsDeDecision {
  const { modele, dossier } = cas
  const { objet, texteAcceptation, texteRefus } = modele.decision
  const fill = (texte: readonly string[]) => texteDecision(modele, texte, dossier.reponses, envAuDepot(cas))
  const [sujet = modele.titre] = fill([objet])
  if (nature === 'accepter') return { titre: sujet, paragraphes: fill(texteAcceptation), recours: undefined }
  if (nature === 'refuser') return { titre: `Refus – ${sujet}`, paragraphes: fill(texteRefus), recours: modele.recours }
  return {
    titre: `Classement sans suite – ${sujet}`,
    paragraphes: ['Votre demande est classée sans suite, pour la raison suivante.'],
    recours: modele.recours,
  }
}

/**
 * The decision as a letter: its words, its reason (CRPA L211-5 asks for it in writing), how to contest it, and who took it: name, quality
 * and service, which dispense a decision notified by a téléservice from a signature (CRPA L212-1, L212-2).
 */
export function courrierDeLaDecision(
  cas: Cas,
  nature: NatureDeDecision,
  decision: { le: Date; motif: string | null; auteur: string | undefined },
): Courrier {
  const { collectivite, modele, dossier } = cas
  const mots = motsDeLaDecision(cas, nature)
  const autorite = collectivite.nature === 'commune' ? 'Pour le maire' : 'Pour la présidence'
  const blocs: Bloc[] = [
    {
      type: 'definitions',
      elements: [
        { cle: 'Démarche', valeur: modele.titre },
        ...(dossier.depose_le ? [{ cle: 'Demande reçue le', valeur: instantEnMots(dossier.depose_le, collectivite) }] : []),
      ],
    },
    ...mots.paragraphes.map((texte): Bloc => ({ type: 'paragraphe', texte })),
  ]
  if (decision.motif) blocs.push({ type: 'encadre', titre: nature === 'accepter' ? 'Précisions' : 'Motif', texte: decision.motif })
  if (mots.recours) blocs.push({ type: 'titre', texte: 'Pour contester cette décision' }, { type: 'paragraphe', texte: mots.recours })
  return {
    ...lettre(cas, decision.le),
    titre: mots.titre,
    blocs,
    signature: { qualite: `${autorite},\n${dossier.service ?? modele.service}`, nom: decision.auteur },
  }
}

/** The words by which a decision is told in a sentence: « acceptée ». */
export const issue: Readonly<Record<NatureDeDecision, string>> = {
  accepter: 'acceptée',
  refuser: 'refusée',
  classer_sans_suite: 'classée sans suite',
}
