import { type Etape, type Formulaire, indexDe, limites } from './formulaire.ts'
import { typeDe, type Valeur } from './types/index.ts'
import type { Piece } from './types/piece.ts'

export type Valeurs = Readonly<Record<string, Valeur>>

/** One filled row of a repeated étape. Its id is given by the caller and stays. */
export interface Ligne {
  readonly id: string
  readonly champs: Valeurs
}

/** The validated answers of a person: by field, and by row for the repeated étapes. Plain JSON. An absent field is empty. */
export interface Reponses {
  readonly champs: Valeurs
  readonly lignes: Readonly<Record<string, readonly Ligne[]>>
}

/** Nothing answered yet. */
export const aucuneReponse: Reponses = { champs: {}, lignes: {} }

/** The rows of a repeated étape. */
export const lignesDe = (reponses: Reponses, etapeId: string): readonly Ligne[] =>
  (Object.hasOwn(reponses.lignes, etapeId) && reponses.lignes[etapeId]) || []

/** The raw stored value of a field, hidden or not, when it has the shape of its type. */
export function valeurBrute(formulaire: Formulaire, reponses: Reponses, champId: string, rowId?: string): Valeur | null {
  const found = indexDe(formulaire).champs.get(champId)
  if (!found) return null
  const values = found.etape.repetition ? lignesDe(reponses, found.etape.id).find(({ id }) => id === rowId)?.champs : reponses.champs
  const value: unknown = values && Object.hasOwn(values, champId) ? values[champId] : undefined
  return typeDe(found.champ).est(value) ? value : null
}

const rowIdPattern = /^[A-Za-z0-9-]{1,64}$/

/**
 * Adds an empty row. Asked again with the same id, it changes nothing. Gives null when the étape is not repeated, full,
 * or the id is not one (letters, figures, hyphens; 64 at most).
 */
export function addRow(formulaire: Formulaire, reponses: Reponses, etapeId: string, rowId: string): Reponses | null {
  const etape = indexDe(formulaire).etapes.get(etapeId)
  if (!etape?.repetition || !rowIdPattern.test(rowId)) return null
  const rows = lignesDe(reponses, etapeId)
  if (rows.some(({ id }) => id === rowId)) return reponses
  if (rows.length >= Math.min(etape.repetition.max, limites.lignes)) return null
  return withRows(reponses, etapeId, [...rows, { id: rowId, champs: {} }])
}

/** Removes a row; without effect when it does not exist. */
export function removeRow(reponses: Reponses, etapeId: string, rowId: string): Reponses {
  return withRows(
    reponses,
    etapeId,
    lignesDe(reponses, etapeId).filter(({ id }) => id !== rowId),
  )
}

/**
 * Puts the files of a field of type `piece` (an empty list removes them). The caller has stored the files and answers for their
 * ids. Without effect on an unknown field, another type or an unknown row.
 */
export function setPieces(formulaire: Formulaire, reponses: Reponses, champId: string, pieces: readonly Piece[], rowId?: string): Reponses {
  const found = indexDe(formulaire).champs.get(champId)
  if (found?.champ.type !== 'piece') return reponses
  return withValues(reponses, found.etape, rowId, { [champId]: pieces.length > 0 ? pieces : null })
}

/** The answers with some values of an étape replaced (null: removed). The row must exist. */
export function withValues(
  reponses: Reponses,
  etape: Etape,
  rowId: string | undefined,
  changes: Readonly<Record<string, Valeur | null>>,
): Reponses {
  if (!etape.repetition) return { ...reponses, champs: merge(reponses.champs, changes) }
  const rows = lignesDe(reponses, etape.id).map(row => (row.id === rowId ? { id: row.id, champs: merge(row.champs, changes) } : row))
  return withRows(reponses, etape.id, rows)
}

function merge(values: Valeurs, changes: Readonly<Record<string, Valeur | null>>): Valeurs {
  const merged = new Map<string, Valeur | null>([...Object.entries(values), ...Object.entries(changes)])
  return Object.fromEntries([...merged].filter((entry): entry is [string, Valeur] => entry[1] !== null))
}

function withRows(reponses: Reponses, etapeId: string, rows: readonly Ligne[]): Reponses {
  const { [etapeId]: _, ...others } = reponses.lignes
  return { ...reponses, lignes: rows.length > 0 ? { ...others, [etapeId]: rows } : others }
}
