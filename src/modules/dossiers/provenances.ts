import { isDeepStrictEqual } from 'node:util'
import type { Reponses } from '../formulaires/index.ts'

/** Where answers that were not typed come from, by question; `ligne|question` within a row. */
export type Provenances = Readonly<Record<string, string>>

const cleDe = (champ: string, rowId?: string): string => (rowId === undefined ? champ : `${rowId}|${champ}`)

const valeursDe = ({ champs, lignes }: Reponses): ReadonlyMap<string, unknown> =>
  new Map([
    ...Object.entries(champs),
    ...Object.values(lignes).flatMap(rows =>
      rows.flatMap(row => Object.entries(row.champs).map(([id, value]) => [cleDe(id, row.id), value] as const)),
    ),
  ])

/** The same provenance for all the answers given. */
export const provenancesDe = (reponses: Reponses, texte: string): Provenances =>
  Object.fromEntries([...valeursDe(reponses).keys()].map(key => [key, texte]))

/** The provenances that still hold once answers were saved: an answer that changed, or that is no longer there, is the person's own. */
export function provenancesRestantes(provenances: Provenances, avant: Reponses, apres: Reponses): Provenances {
  if (Object.keys(provenances).length === 0) return provenances
  const [before, after] = [valeursDe(avant), valeursDe(apres)]
  return Object.fromEntries(
    Object.entries(provenances).filter(([key]) => after.has(key) && isDeepStrictEqual(before.get(key), after.get(key))),
  )
}

/** The provenance of each line of a list of answers. */
export const provenanceDesLignes =
  (provenances: Provenances) =>
  ({ champ, rowId }: { readonly champ: string; readonly rowId?: string }): string | undefined =>
    provenanceDe(provenances, champ, rowId)

/** The provenance of one answer; undefined when it was typed. */
export function provenanceDe(provenances: Provenances, champ: string, rowId?: string): string | undefined {
  const key = cleDe(champ, rowId)
  return Object.hasOwn(provenances, key) ? provenances[key] : undefined
}
