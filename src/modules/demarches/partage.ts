import { createHash } from 'node:crypto'

const ENTIER = 46

/**
 * The name in the catalogue of a démarche that a collectivité offers: its own, with the end of the collectivité's id, so that two communes never
 * collide, nor with the templates shipped. 60 characters at most: a name too long ends by its fingerprint, or « …-salle » and « …-salle-2 » would be one.
 */
export function idDuModele(collectiviteId: string, demarcheId: string): string {
  const print = createHash('sha256').update(demarcheId).digest('hex').slice(0, 8)
  const name = demarcheId.length <= ENTIER ? demarcheId : `${demarcheId.slice(0, ENTIER - 9).replace(/-+$/, '')}-${print}`
  return `${name}-${collectiviteId.slice(-12)}`
}
