/**
 * The name in the catalogue of a démarche that a collectivité offers: its own, with the end of the collectivité's id, so that two communes never
 * collide, nor with the templates shipped. 60 characters at most.
 */
export const idDuModele = (collectiviteId: string, demarcheId: string): string =>
  `${demarcheId.slice(0, 46).replace(/-+$/, '')}-${collectiviteId.slice(-12)}`
