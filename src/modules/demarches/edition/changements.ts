import { definitions } from '../../formulaires/index.ts'
import type { Modele } from '../demarche.ts'
import { type Difference, differences } from './differences.ts'
import { objetDe, toNormal } from './normal-form.ts'
import { direDefaut } from './phrases.ts'
import { cite, direListe } from './valeurs.ts'

/**
 * What a resident who had begun must know of a new revision, in sentences: questions added, withdrawn, reworded, become mandatory or
 * optional, answers proposed, prices and notices, documents, deadlines. Not the agents' differences: what changes nothing for the
 * person is left out.
 */
export function changementsPourHabitant(ancien: Modele, nouveau: Modele): string[] {
  return [...new Set(differences(ancien, nouveau).flatMap(difference => dire(difference, ancien, nouveau)))]
}

function dire(difference: Difference, ancien: Modele, nouveau: Modele): string[] {
  const { element } = difference
  if (element === '') return direDemarche(difference, ancien, nouveau)
  if (element.startsWith('parametres/')) return direReglage(difference, ancien, nouveau)
  if (element.startsWith('champs/'))
    return element.split('/').length === 2 ? direQuestion(difference, ancien, nouveau) : direReponses(element, nouveau)
  return []
}

const jours = (value: unknown): string => `${value} ${Number(value) > 1 ? 'jours' : 'jour'}`

function direDemarche({ propriete, avant, apres }: Difference, ancien: Modele, nouveau: Modele): string[] {
  if (propriete === 'cout') return [`Le coût change : ${cite(String(apres))}.`]
  if (propriete === 'pieces' && Array.isArray(avant) && Array.isArray(apres))
    return [`Les documents à préparer changent : ${direListe(avant, apres, ancien, nouveau)}.`]
  if (propriete === 'delaiJours') return [`La réponse arrive d’habitude en ${jours(apres)}, au lieu de ${jours(avant)}.`]
  if (propriete === 'silence.mois' || propriete === 'silence.jours') {
    const [before, after] = [delaiDuSilence(ancien), delaiDuSilence(nouveau)]
    return before === after ? [] : [`Sans réponse, la décision est acquise au bout de ${after}, au lieu de ${before}.`]
  }
  if (propriete === 'silence.effet') return [`Sans réponse, la demande est maintenant ${apres === 'acceptation' ? 'acceptée' : 'refusée'}.`]
  if (propriete === 'formulaire.refusSi') return ['Les cas où la demande n’est pas possible changent.']
  if (propriete === 'service') return [`Le service chargé de la demande est maintenant ${cite(String(apres))}.`]
  return []
}

/** « 2 mois », « 21 jours ». */
const delaiDuSilence = ({ silence }: Modele): string => (silence.jours === undefined ? `${silence.mois} mois` : jours(silence.jours))

function direReglage({ nature, propriete, element }: Difference, ancien: Modele, nouveau: Modele): string[] {
  if (nature !== 'modifie' || propriete !== 'defaut') return []
  const [before, after] = [objetDe(toNormal(ancien), element), objetDe(toNormal(nouveau), element)]
  return [`${String(after.libelle)} : ${direDefaut(after, nouveau)}, au lieu de ${direDefaut(before, ancien)}.`]
}

function direQuestion({ nature, propriete, element }: Difference, ancien: Modele, nouveau: Modele): string[] {
  const [before, after] = [champDe(ancien, element), champDe(nouveau, element)]
  if (nature === 'retire') return before && asks(before) ? [`La question ${cite(before.libelle)} n’est plus posée.`] : []
  if (!after || !asks(after)) return []
  const isAsked = definitions.estObligatoire(after)
  if (nature === 'ajoute') return [`Nouvelle question : ${cite(after.libelle)}${isAsked ? '' : ' (facultative)'}.`]
  if (nature === 'deplace' || !before) return []
  if (propriete === 'libelle') return [`La question ${cite(before.libelle)} devient ${cite(after.libelle)}.`]
  if (propriete === 'type') return [`La réponse à ${cite(after.libelle)} se donne autrement.`]
  if (definitions.estObligatoire(before) === isAsked || propriete !== 'obligatoire') return []
  return [
    isAsked
      ? `Il faut maintenant répondre à ${cite(after.libelle)}.`
      : `Vous pouvez maintenant laisser ${cite(after.libelle)} sans réponse.`,
  ]
}

const direReponses = (element: string, nouveau: Modele): string[] => {
  const champ = champDe(nouveau, element)
  return champ ? [`Les réponses proposées à ${cite(champ.libelle)} changent.`] : []
}

const champDe = ({ formulaire }: Modele, element: string) => definitions.indexDe(formulaire).champs.get(element.split('/')[1] ?? '')?.champ

/** Whether a field is a question to the person: one that asks for an answer, or could. */
const asks = (champ: definitions.Champ): boolean => definitions.estObligatoire({ ...champ, obligatoire: true } as definitions.Champ)
