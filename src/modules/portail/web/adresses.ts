import type { Collectivite, Trouvee } from '../../territoire/index.ts'

/** The address of a square, from a page of the territory or of another collectivité: absolute as soon as one of them has its own host. */
export function adresseDe(cible: Collectivite, depuis?: Collectivite): string {
  return cible.hote || depuis?.hote ? cible.address : cible.base
}

/** The same for a result of search. `origin` is the territory's. */
export function adresseTrouvee({ hote, chemin }: Trouvee, origin: string, depuis?: Collectivite): string {
  if (hote) return `${new URL(origin).protocol}//${hote}`
  return depuis?.hote ? `${origin}/${chemin}` : `/${chemin}`
}

/** The address of the territory's home. */
export const adresseDuTerritoire = (origin: string, depuis: Collectivite): string => (depuis.hote ? `${origin}/` : '/')
