import type { LinkGroup, LinkItem } from '../../../ui/index.ts'
import { type Demarche, type EvenementDeVie, evenementsDeVie } from '../../demarches/index.ts'

/** The link to a démarche, with the sentence that says what it is. */
export const lienVers = (base: string, { id, modele }: Demarche): LinkItem => ({
  texte: modele.titre,
  href: `${base}/demarches/${id}`,
  description: modele.resume,
})

/** Démarches by moment of life, in the order of the moments; those without any are left out. */
export function parEvenement(base: string, demarches: readonly Demarche[]): LinkGroup[] {
  return (Object.keys(evenementsDeVie) as EvenementDeVie[]).flatMap(evenement => {
    const items = demarches.filter(({ modele }) => modele.evenementDeVie === evenement).map(demarche => lienVers(base, demarche))
    return items.length > 0 ? [{ titre: evenementsDeVie[evenement], items }] : []
  })
}
