import { avis } from '../../../demarches/index.ts'
import { estTermine } from '../../dossier.ts'
import type { Ouvert } from './acces.ts'

/** What is asked about a dossier now: what the person thinks of the filing, or of the answer. */
export interface QuestionDAvis {
  readonly moment: 'depot' | 'decision'
  readonly estDonne: boolean
  readonly avisUrl: string | undefined
  /** What was refused, with the sentence typed, to be shown again. */
  readonly refus?: { readonly message: string; readonly phrase: string } | undefined
}

/** The question of a page: after the filing on the receipt, after the decision on the follow-up; undefined before its time. */
export async function questionDAvis(
  { tx, collectivite, dossier, modele }: Ouvert,
  moment: QuestionDAvis['moment'],
  refus?: QuestionDAvis['refus'],
): Promise<QuestionDAvis | undefined> {
  if (dossier.etat === 'brouillon' || (moment === 'decision' && !estTermine(dossier.etat))) return undefined
  const estDonne = await avis.avisDonne(tx, collectivite.id, dossier.id, moment)
  return { moment, estDonne: estDonne && !refus, avisUrl: modele.avisUrl, refus }
}
