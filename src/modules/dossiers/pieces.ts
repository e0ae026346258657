import type { Formulaire, Reponses } from '../formulaires/index.ts'

/** A document in the answers, and where. */
export interface PieceJointe {
  readonly etape: string
  readonly rowId?: string
  readonly champ: string
  readonly piece: { readonly id: string; readonly nom: string; readonly tailleOctets: number }
}

/** All the documents of the answers. */
export function piecesDe(formulaire: Formulaire, reponses: Reponses): PieceJointe[] {
  return formulaire.etapes.flatMap(etape =>
    etape.champs
      .filter(champ => champ.type === 'piece')
      .flatMap(champ => {
        if (!etape.repetition) return list(reponses.champs[champ.id]).map(piece => ({ etape: etape.id, champ: champ.id, piece }))
        return (reponses.lignes[etape.id] ?? []).flatMap(row =>
          list(row.champs[champ.id]).map(piece => ({ etape: etape.id, rowId: row.id, champ: champ.id, piece })),
        )
      }),
  )
}

const list = (value: unknown): PieceJointe['piece'][] =>
  Array.isArray(value) ? value.filter(v => typeof v === 'object' && v !== null && 'id' in v) : []

/** The ids of all the files in a stored JSON, wherever they are: an object with an id, a name and a size. */
export function fichiersDans(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(fichiersDans)
  const { id, nom, tailleOctets } = value as Record<string, unknown>
  if (typeof id === 'string' && typeof nom === 'string' && typeof tailleOctets === 'number') return [id]
  return Object.values(value).flatMap(fichiersDans)
}
