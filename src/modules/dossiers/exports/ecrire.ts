import { Readable } from 'node:stream'
import { type Cell, type Column, csv, jsonArray, ods, type Sheet, xlsx } from '../../../platform/export/index.ts'
import { type Autour, type ColonneExport, type LigneLue, lignesRepetees } from './colonnes.ts'
import type { FormatDExport } from './format.ts'

/** What to write: each call of `lire` reads the same dossiers again from the first, batch by batch. */
export interface Source {
  readonly colonnes: readonly ColonneExport[]
  readonly lire: () => AsyncIterable<readonly LigneLue[]>
  readonly autour: Autour
  /** The instant of the export. */
  readonly le: Date
}

/** The bytes of an export, made as they are asked for. */
export function ecrireExport(source: Source, { format, repetitions }: FormatDExport): Readable {
  if (format === 'json') return bytes(jsonArray(objets(source)))
  if (format !== 'xlsx' && format !== 'ods') return bytes(csv(feuille(source, source.colonnes), format === 'csv' ? ';' : ','))
  const apart = repetitions === 'feuilles'
  const main = source.colonnes.filter(({ repetee }) => !apart || !repetee)
  return (format === 'xlsx' ? xlsx : ods)([feuille(source, main), ...(apart ? feuillesRepetees(source) : [])], source.le)
}

const bytes = (source: AsyncIterable<Buffer>): Readable => Readable.from(source, { objectMode: false })

const enTete = ({ titre, genre }: ColonneExport): Column => ({ title: titre, kind: genre })

function feuille({ lire, autour }: Source, colonnes: readonly ColonneExport[]): Sheet {
  const row = (ligne: LigneLue): Cell[] => colonnes.map(column => column.lire(ligne, autour))
  return { name: 'Dossiers', columns: colonnes.map(enTete), rows: traduire(lire, lignes => lignes.map(row)) }
}

/** One sheet a repeated étape, linked by the reference. Each reads the dossiers again: a workbook is written sheet after sheet. */
function feuillesRepetees({ colonnes, lire, autour }: Source): Sheet[] {
  const etapes = new Map(colonnes.flatMap(({ repetee }) => (repetee ? [[repetee.etape, repetee.titre] as const] : [])))
  return [...etapes].map(([etape, titre]) => {
    const mine = colonnes.filter(({ repetee }) => repetee?.etape === etape)
    return {
      name: titre,
      columns: [{ title: 'Référence', kind: 'text' as const }, ...mine.map(enTete)],
      rows: traduire(lire, lignes => lignes.flatMap(ligne => lignesRepetees(mine, etape, ligne, autour))),
    }
  })
}

/** Each dossier as an object: by column, its label, the value as it is stored, and the words for it. */
function objets({ colonnes, lire, autour }: Source): AsyncIterable<readonly object[]> {
  const object = (ligne: LigneLue) => ({
    id: ligne.id,
    ...Object.fromEntries(
      colonnes.map(({ cle, titre, lire: read, brute }) => [
        cle,
        { libelle: titre, valeur: brute(ligne, autour), texte: read(ligne, autour) },
      ]),
    ),
  })
  return traduire(lire, lignes => lignes.map(object))
}

async function* traduire<T>(lire: Source['lire'], map: (lignes: readonly LigneLue[]) => readonly T[]): AsyncGenerator<readonly T[]> {
  for await (const lignes of lire()) yield map(lignes)
}
