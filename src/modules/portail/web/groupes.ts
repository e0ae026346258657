import type { LinkGroup, LinkItem } from '../../../ui/index.ts'
import { type Demarche, type EvenementDeVie, evenementsDeVie } from '../../demarches/index.ts'

/** The link to a démarche, with the sentence that says what it is. */
export const lienVers = (base: string, { id, modele }: Demarche): LinkItem => ({
  texte: modele.titre,
  href: `${base}/demarches/${id}`,
  description: modele.resume,
})

// Beyond, the sentences make the square longer than one reads: the titles are enough, and the list of démarches keeps them.
const AVEC_PHRASES = 16

/**
 * Démarches by moment of life, in the order of the moments; those without any are left out. `court`: many of them are shown by their
 * titles alone.
 */
export function parEvenement(base: string, demarches: readonly Demarche[], court = false): LinkGroup[] {
  const link = (demarche: Demarche): LinkItem => {
    const { description: _, ...title } = lienVers(base, demarche)
    return court && demarches.length > AVEC_PHRASES ? title : lienVers(base, demarche)
  }
  return (Object.keys(evenementsDeVie) as EvenementDeVie[]).flatMap(evenement => {
    const items = demarches.filter(({ modele }) => modele.evenementDeVie === evenement).map(link)
    return items.length > 0 ? [{ titre: evenementsDeVie[evenement], items }] : []
  })
}
