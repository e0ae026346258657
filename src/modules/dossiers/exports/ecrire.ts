import type { Readable } from 'node:stream'
import { civilDay, civilMinute } from '../../../platform/clock.ts'
import { type Column, madeApart, type Sheet, type Table, type TableFormat, writeTables } from '../../../platform/export/index.ts'
import type { Env } from '../../formulaires/index.ts'
import { type Autour, type ColonneExport, type Forme, type LigneLue, lecteurDe, lecteurDesLignes } from './colonnes.ts'
import type { Format, FormatDExport } from './format.ts'

/** What to write: each call of `lire` reads the same dossiers again from the first, batch by batch; a batch is gone through once. */
export interface Source {
  readonly colonnes: readonly ColonneExport[]
  readonly lire: () => AsyncIterable<Iterable<LigneLue>>
  readonly autour: Autour
  /** The instant of the export. */
  readonly le: Date
}

/** The same as who reads the database has it: plain data, to be opened elsewhere. */
export interface Lecture extends Pick<Source, 'colonnes' | 'le'> {
  /** Where the collectivité is. */
  readonly timeZone: string
  readonly lire: () => AsyncIterable<LotLu>
}

/** Some dossiers, and what no batch before them needed. */
export interface LotLu {
  /** Three lines of JSON a dossier: the values of CHAMPS_DE_LIGNE then its reason, opinions and labels; its answers; its annotations. */
  readonly lignes: string
  readonly formes: readonly (readonly [definition: string, forme: FormeLue])[]
  readonly agents: readonly (readonly [id: string, nom: string])[]
}

/** The columns of `dossier` that exports read, in their order. */
export const CHAMPS_DE_LIGNE = [
  ...(['id', 'reference', 'demarche_id', 'definition', 'etat', 'canal', 'service', 'agent_id', 'demandeur_nom'] as const),
  ...(['demandeur_courriel', 'depose_le', 'modifie_le', 'silence_le', 'decide_le'] as const),
] as const

/** A form, with the facts of today. */
export type FormeLue = Omit<Forme, 'env'> & { readonly env: Env }

/** What the thread is asked. */
export interface Demande extends Omit<Lecture, 'lire'> {
  readonly format: FormatDExport
}

/** The bytes of an export, made as they are asked for by a thread of its own: what reads the database does nothing else. Fails with `isTooManyRows`. */
export const ecrireExport = ({ lire, ...lecture }: Lecture, format: FormatDExport): Readable =>
  madeApart(import.meta.url, 'ecrire.thread', { ...lecture, format } satisfies Demande, async () => lire())

/** What the thread makes of what it is given, `lots` giving the dossiers again at each call. */
export function ecrireLots({ format, ...lecture }: Demande, lots: () => AsyncIterable<LotLu>): AsyncIterable<Uint8Array> {
  const source = ouvrir({ ...lecture, lire: lots })
  return writeTables(ECRITS[format.format], tablesDe(source, format), source.le)
}

function ouvrir({ colonnes, le, timeZone, lire }: Lecture): Source {
  const formes = new Map<string, Forme>()
  const agents = new Map<string, string>()
  return {
    colonnes,
    le,
    autour: {
      agent: id => agents.get(id) ?? '',
      forme: definition => formes.get(definition)!,
      instant: date => civilMinute(date, timeZone),
    },
    async *lire() {
      for await (const lot of lire()) {
        for (const [definition, forme] of lot.formes) formes.set(definition, formeDuJour(forme, timeZone))
        for (const [id, nom] of lot.agents) agents.set(id, nom)
        yield ouvertes(lot.lignes)
      }
    },
  }
}

function formeDuJour({ env: today, ...forme }: FormeLue, timeZone: string): Forme {
  // One a day: what depends on the day of filing is the only difference.
  const envs = new Map<string, Env>()
  return {
    ...forme,
    env({ depose_le }) {
      const aujourdhui = civilDay(depose_le, timeZone)
      const found = envs.get(aujourdhui) ?? { ...today, aujourdhui }
      if (envs.size < 5000) envs.set(aujourdhui, found)
      return found
    },
  }
}

// One at a time: what is made of a dossier is forgotten before the collector of memory has to move it.
function* ouvertes(lignes: string): Generator<LigneLue> {
  for (let at = 0; at < lignes.length; ) {
    const facts = lignes.indexOf('\n', at)
    const answers = lignes.indexOf('\n', facts + 1)
    const next = lignes.indexOf('\n', answers + 1)
    const end = next < 0 ? lignes.length : next
    const [id, reference, demarche_id, definition, etat, canal, service, agent_id, demandeur_nom, demandeur_courriel, ...more] = JSON.parse(
      lignes.slice(at, facts),
    )
    const [depose_le, modifie_le, silence_le, decide_le, motif, avis, etiquettes] = more
    yield {
      id,
      reference,
      demarche_id,
      definition,
      etat,
      canal,
      service,
      agent_id,
      demandeur_nom,
      demandeur_courriel,
      depose_le: new Date(depose_le),
      modifie_le: new Date(modifie_le),
      silence_le,
      decide_le: decide_le && new Date(decide_le),
      motif,
      avis,
      etiquettes,
      reponses: JSON.parse(lignes.slice(facts + 1, answers)),
      annotations: JSON.parse(lignes.slice(answers + 1, end)),
    }
    at = end + 1
  }
}

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
    const lecteurs = colonnes.map(colonne => lecteurDe(colonne, definition, source.autour))
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
    const lecteurs = colonnes.map(colonne => lecteurDe(colonne, definition, source.autour))
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
