import { Readable } from 'node:stream'
import { type Column, csv, jsonArray, jsonText, ods, type Sheet, xlsx } from '../../../platform/export/index.ts'
import { type Autour, type ColonneExport, type LigneLue, lecteurDesLignes } from './colonnes.ts'
import type { FormatDExport } from './format.ts'

/** What to write: each call of `lire` reads the same dossiers again from the first, batch by batch; a batch is gone through once. */
export interface Source {
  readonly colonnes: readonly ColonneExport[]
  readonly lire: () => AsyncIterable<Iterable<LigneLue>>
  readonly autour: Autour
  /** The instant of the export. */
  readonly le: Date
}

/** The bytes of an export, made as they are asked for. */
export function ecrireExport(source: Source, { format, repetitions }: FormatDExport): Readable {
  if (format === 'json') {
    const colonnes = uneFoisChacune(source.colonnes)
    const libelles = Object.fromEntries(colonnes.map(({ cle, titre }) => [cle, titre]))
    return bytes(jsonArray(objets(source, colonnes), `{"colonnes":${JSON.stringify(libelles)},\n"dossiers":`))
  }
  if (format !== 'xlsx' && format !== 'ods') return bytes(csv(feuille(source, source.colonnes), format === 'csv' ? ';' : ','))
  const apart = repetitions === 'feuilles'
  const main = source.colonnes.filter(({ repetee }) => !apart || !repetee)
  return (format === 'xlsx' ? xlsx : ods)([feuille(source, main), ...(apart ? feuillesRepetees(source) : [])], source.le)
}

const bytes = (source: AsyncIterable<Buffer>): Readable => Readable.from(source, { objectMode: false })

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

/** Each dossier as the text of an object: by column, the value as it is stored, and the words for it. */
function objets(source: Source, colonnes: readonly ColonneExport[]): AsyncIterable<Iterable<string>> {
  return traduire(source, definition => {
    // What is around the values is written once: an object a cell, for JSON.stringify to read again, took as long as all the rest.
    const lecteurs = colonnes.map(({ cle, lecteur }) => ({
      before: `,${JSON.stringify(cle)}:{"valeur":`,
      ...lecteur(definition, source.autour),
    }))
    return ligne => {
      let text = `{"id":"${ligne.id}"`
      for (const { before, brute, cellule } of lecteurs) {
        const [value, words] = [brute(ligne), cellule(ligne)]
        const valeur = jsonText(value)
        text += `${before}${valeur},"texte":${words === value ? valeur : jsonText(words)}}`
      }
      return [`${text}}`]
    }
  })
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
