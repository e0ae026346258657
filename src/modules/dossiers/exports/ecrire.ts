import type { Readable } from 'node:stream'
import { type Column, type Sheet, type Table, type TableFormat, writeTablesApart } from '../../../platform/export/index.ts'
import { type Autour, type ColonneExport, type LigneLue, lecteurDesLignes } from './colonnes.ts'
import type { Format, FormatDExport } from './format.ts'

/** What to write: each call of `lire` reads the same dossiers again from the first, batch by batch; a batch is gone through once. */
export interface Source {
  readonly colonnes: readonly ColonneExport[]
  readonly lire: () => AsyncIterable<Iterable<LigneLue>>
  readonly autour: Autour
  /** The instant of the export. */
  readonly le: Date
}

/** The bytes of an export, made as they are asked for, by a thread of its own. */
export const ecrireExport = (source: Source, format: FormatDExport): Readable =>
  writeTablesApart(ECRITS[format.format], tablesDe(source, format), source.le)

export const ECRITS: Readonly<Record<Format, TableFormat>> = { csv: 'csv;', 'csv-virgule': 'csv,', xlsx: 'xlsx', ods: 'ods', json: 'json' }

/** The tables of an export: one, and in a workbook one more a repeated étape when they are asked apart. */
export function tablesDe(source: Source, { format, repetitions }: FormatDExport): Table[] {
  if (format === 'json') return [objets(source, uneFoisChacune(source.colonnes))]
  const apart = repetitions === 'feuilles' && (format === 'xlsx' || format === 'ods')
  const main = source.colonnes.filter(({ repetee }) => !apart || !repetee)
  return [feuille(source, main), ...(apart ? feuillesRepetees(source) : [])]
}

const enTete = ({ titre, genre }: ColonneExport): Column => ({ title: titre, kind: genre })

function feuille(source: Source, colonnes: readonly ColonneExport[]): Sheet {
  const rows = traduire(source, definition => {
    const lecteurs = colonnes.map(({ lecteur }) => lecteur(definition, source.autour))
    return ligne => [lecteurs.map(({ cellule }) => cellule(ligne))]
  })
  return { name: 'Dossiers', columns: colonnes.map(enTete), rows }
}

/** One sheet a repeated étape, linked by the reference. Each reads the dossiers again: a workbook is written sheet after sheet. */
function feuillesRepetees(source: Source): Sheet[] {
  const etapes = new Map(source.colonnes.flatMap(({ repetee }) => (repetee ? [[repetee.etape, repetee.titre] as const] : [])))
  return [...etapes].map(([etape, titre]) => {
    const mine = source.colonnes.filter(({ repetee }) => repetee?.etape === etape)
    return {
      name: titre,
      columns: [{ title: 'Référence', kind: 'text' as const }, ...mine.map(enTete)],
      rows: traduire(source, definition => lecteurDesLignes(mine, etape, source.autour.forme(definition))),
    }
  })
}

/** A column asked twice is there once. */
const uneFoisChacune = (colonnes: readonly ColonneExport[]): ColonneExport[] => [
  ...new Map(colonnes.map(column => [column.cle, column])).values(),
]

/** Each dossier by its id, then by column the value as it is stored, and the words for it where they differ. */
function objets(source: Source, colonnes: readonly ColonneExport[]): Table {
  const rows = traduire(source, definition => {
    const lecteurs = colonnes.map(({ lecteur }) => lecteur(definition, source.autour))
    return ligne => {
      const row = new Array<unknown>(1 + 2 * lecteurs.length)
      row[0] = ligne.id
      for (let rank = 0; rank < lecteurs.length; rank++) {
        const value = lecteurs[rank]!.brute(ligne)
        const words = lecteurs[rank]!.cellule(ligne)
        row[2 * rank + 1] = value
        row[2 * rank + 2] = words === value ? undefined : words
      }
      return [row]
    }
  })
  return { name: 'dossiers', columns: colonnes.map(column => ({ key: column.cle, ...enTete(column) })), rows }
}

/** What each dossier gives, made when it is asked for: what was made of one is dropped before the next. `prepare` is called once a definition. */
async function* traduire<T>(
  { lire }: Source,
  prepare: (definition: string) => (ligne: LigneLue) => readonly T[],
): AsyncGenerator<Iterable<T>> {
  const prepared = new Map<string, (ligne: LigneLue) => readonly T[]>()
  function* translate(lignes: Iterable<LigneLue>): Generator<T> {
    for (const ligne of lignes) {
      const made = prepared.get(ligne.definition) ?? prepare(ligne.definition)
      prepared.set(ligne.definition, made)
      for (const one of made(ligne)) yield one
    }
  }
  for await (const lignes of lire()) yield translate(lignes)
}
