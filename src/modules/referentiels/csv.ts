import { CsvError, parse } from 'csv-parse/sync'

/** What is wrong in a file, and on which line of it (from 1, the titles included; null: the whole file). */
export interface ProblemeDeFichier {
  readonly ligne: number | null
  readonly message: string
}

/** A line of a table, and where it stood in the file. */
export interface LigneDeTable {
  readonly ligne: number
  readonly cellules: readonly string[]
}

/** A file read as a table: titles, lines as wide as the titles, and what had to be understood or mended to get there. */
export type Table =
  | { readonly ok: true; readonly colonnes: readonly string[]; readonly lignes: readonly LigneDeTable[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problemes: readonly ProblemeDeFichier[] }

/** How much of a file is read. */
export interface Bornes {
  readonly maxLignes: number
  readonly maxColonnes: number
  /** Characters of a cell. */
  readonly maxCellule: number
}

const refus = (message: string, ligne: number | null = null): Table => ({ ok: false, problemes: [{ ligne, message }] })

/**
 * Reads any bytes as a table with a line of titles (RFC 4180, and what spreadsheets really write): UTF-8, UTF-16 or Windows-1252; `;`, `,`, tab or `|`;
 * quotes. What can be mended without doubt is, and told in `notes`; anything else is refused with the line and what to do. Never throws.
 */
export function lireTable(bytes: Uint8Array, bornes: Bornes): Table {
  const decode = decoder(bytes)
  if (!decode.ok) return refus(decode.message)
  const text = decode.texte
  const separateur = separateurDe(text)
  const read = decouper(text, separateur, bornes.maxLignes)
  if (!read.ok) return read.refus
  const [titles, ...rows] = read.lignes
  if (!titles) return refus('Ce fichier est vide. La première ligne doit porter les titres des colonnes.')
  if (rows.length === 0) return refus('Ce fichier n’a que ses titres : aucune ligne en dessous.')
  if (rows.length > bornes.maxLignes)
    return refus(`Ce fichier a plus de ${bornes.maxLignes.toLocaleString('fr-FR')} lignes. Coupez-le, ou gardez les lignes utiles.`)
  const notes = [...decode.notes, ...(separateur === ';' || titles.cellules.length === 1 ? [] : [`Séparateur lu : ${NOMS[separateur]}.`])]
  return egaliser(titles, rows, bornes, notes)
}

/** Writes a table as a file that every spreadsheet opens: UTF-8 with its mark, `;`, every cell between quotes. Read again, it gives the same lines. */
export function ecrireTable(colonnes: readonly string[], lignes: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => cells.map(cell => `"${cell.replaceAll('"', '""')}"`).join(';')
  return `\ufeff${[colonnes, ...lignes].map(line).join('\r\n')}\r\n`
}

type Decode = { ok: true; texte: string; notes: string[] } | { ok: false; message: string }

const SIGNATURES: readonly [string, string][] = [
  ['PK\u0003\u0004', 'C’est un classeur (XLSX ou ODS). Dans le tableur, choisissez « Enregistrer sous », puis le format CSV.'],
  ['\u00d0\u00cf\u0011\u00e0', 'C’est un classeur XLS. Dans le tableur, choisissez « Enregistrer sous », puis le format CSV.'],
  ['%PDF', 'C’est un PDF. Il faut le tableau lui-même, enregistré au format CSV.'],
]

function decoder(bytes: Uint8Array): Decode {
  const head = String.fromCharCode(...bytes.subarray(0, 8))
  const known = SIGNATURES.find(([signature]) => head.startsWith(signature))
  if (known) return { ok: false, message: known[1] }
  const { encodage, notes } = encodageDe(bytes)
  // The decoder takes the mark of order away (WHATWG Encoding §6.1).
  const texte = new TextDecoder(encodage).decode(bytes).toWellFormed().normalize('NFC')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells bytes that are no text
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(texte))
    return { ok: false, message: 'Ce fichier n’est pas du texte. Dans le tableur, choisissez « Enregistrer sous », puis le format CSV.' }
  return { ok: true, texte, notes }
}

function encodageDe(bytes: Uint8Array): { encodage: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'; notes: string[] } {
  const [a, b] = bytes
  const sample = bytes.subarray(0, 1000)
  const zeros = (parity: number) => sample.filter((byte, index) => byte === 0 && index % 2 === parity).length
  const half = sample.length / 2
  const utf16 = ['Encodage UTF-16 converti en UTF-8.']
  if ((a === 0xff && b === 0xfe) || zeros(1) > half * 0.6) return { encodage: 'utf-16le', notes: utf16 }
  if ((a === 0xfe && b === 0xff) || zeros(0) > half * 0.6) return { encodage: 'utf-16be', notes: utf16 }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { encodage: 'utf-8', notes: [] }
  } catch {
    return { encodage: 'windows-1252', notes: ['Encodage Windows (ou latin 1) converti en UTF-8 : vérifiez les accents.'] }
  }
}

const NOMS = { ';': 'point-virgule', ',': 'virgule', '\t': 'tabulation', '|': 'barre verticale' } as const
type Separateur = keyof typeof NOMS

// The one that cuts the first lines most evenly; of two that do, the one that cuts most.
function separateurDe(text: string): Separateur {
  const lines = text
    .slice(0, 200_000)
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r\n?|\n/)
    .filter(line => line.trim() !== '')
    .slice(0, 50)
  const score = (separateur: string) => {
    const counts = lines.map(line => line.split(separateur).length - 1)
    const first = counts[0] ?? 0
    return first === 0 ? 0 : counts.filter(count => count === first).length / counts.length + Math.min(first, 99) / 1000
  }
  const found = ([';', ',', '\t', '|'] as const).map(separateur => ({ separateur, score: score(separateur) }))
  return found.reduce((best, other) => (other.score > best.score ? other : best)).separateur
}

type Decoupe = { ok: true; lignes: LigneDeTable[] } | { ok: false; refus: Table }

function decouper(text: string, delimiter: Separateur, maxLignes: number): Decoupe {
  try {
    const records = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      to: maxLignes + 1000,
    }) as unknown as { info: { lines: number }; record: string[] }[]
    const lignes = records.map(({ info, record }) => ({ ligne: info.lines, cellules: record.map(propre) }))
    return { ok: true, lignes: lignes.filter(({ cellules }) => cellules.some(cell => cell !== '')).slice(0, maxLignes + 2) }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const ligne = (error as unknown as { lines?: number }).lines ?? null
    const why =
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'un guillemet ouvert n’est jamais fermé. Fermez-le, ou doublez-le s’il fait partie du texte.'
        : 'les guillemets ne se lisent pas. Un guillemet qui fait partie du texte s’écrit deux fois.'
    return { ok: false, refus: refus(`à partir d’ici, ${why}`, ligne) }
  }
}

// One line, without what PostgreSQL refuses (NUL) nor what disguises a text (controls of direction).
function propre(cell: string): string {
  if (/^[!-~]*$/.test(cell)) return cell
  return cell
    .replace(/(?![\t-\r\u0085])[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/gu, '')
    .replace(/[\s\u0085]+/gu, ' ')
    .trim()
}

function egaliser(titles: LigneDeTable, rows: readonly LigneDeTable[], bornes: Bornes, notes: string[]): Table {
  const colonnes = lastFilled(titles.cellules)
  const width = colonnes.length
  const problemes: ProblemeDeFichier[] = []
  if (width > bornes.maxColonnes)
    return refus(`Ce fichier a ${width} colonnes : ${bornes.maxColonnes} au plus. Retirez celles qui ne servent pas.`)
  let trimmed = 0
  const lignes = rows.map(({ ligne, cellules }): LigneDeTable => {
    if (cellules.length === width) return { ligne, cellules }
    const extra = cellules.slice(width)
    if (cellules.length > width && extra.every(cell => cell === '')) {
      trimmed++
      return { ligne, cellules: cellules.slice(0, width) }
    }
    const asked = `${cellules.length} ${cellules.length > 1 ? 'colonnes' : 'colonne'} au lieu de ${width}`
    const hint =
      cellules.length > width
        ? 'Il manque un titre, ou les guillemets autour d’un texte qui contient le séparateur.'
        : 'Ajoutez les cases vides qui manquent.'
    problemes.push({ ligne, message: `${asked}. ${hint}` })
    return { ligne, cellules }
  })
  for (const { ligne, cellules } of lignes) {
    const long = cellules.findIndex(cell => cell.length > bornes.maxCellule)
    if (long >= 0) problemes.push({ ligne, message: `la case ${long + 1} dépasse ${bornes.maxCellule} caractères. Raccourcissez-la.` })
  }
  const named = nommer(colonnes, titles.ligne)
  if (!named.ok) problemes.unshift(named.probleme)
  if (problemes.length > 0 || !named.ok) return { ok: false, problemes }
  if (trimmed > 0)
    notes.push(`${trimmed === 1 ? 'Une ligne avait' : `${trimmed} lignes avaient`} des cases vides en trop à la fin : retirées.`)
  return { ok: true, colonnes: named.colonnes, lignes, notes: [...notes, ...named.notes] }
}

function lastFilled(cells: readonly string[]): readonly string[] {
  const last = cells.findLastIndex(cell => cell !== '')
  return cells.slice(0, last + 1)
}

/** Characters of a title: what a question keeps as the name of a column. */
const MAX_TITRE = 60

function nommer(
  titles: readonly string[],
  ligne: number,
): { ok: true; colonnes: string[]; notes: string[] } | { ok: false; probleme: ProblemeDeFichier } {
  const notes: string[] = []
  const seen = new Set<string>()
  const colonnes: string[] = []
  for (const [index, title] of titles.entries()) {
    if (title.length > MAX_TITRE)
      return {
        ok: false,
        probleme: {
          ligne,
          message: `le titre de la colonne ${index + 1} dépasse ${MAX_TITRE} caractères. La première ligne porte-t-elle bien les titres ?`,
        },
      }
    const wanted = title || `Colonne ${index + 1}`
    let nom = wanted
    for (let again = 2; seen.has(nom); again++) nom = `${wanted.slice(0, MAX_TITRE - 5).trim()} (${again})`
    if (nom !== title)
      notes.push(
        title === ''
          ? `La colonne ${index + 1} n’a pas de titre : elle est nommée « ${nom} ».`
          : `Deux colonnes s’appellent « ${title} » : la seconde devient « ${nom} ».`,
      )
    seen.add(nom)
    colonnes.push(nom)
  }
  return { ok: true, colonnes, notes }
}
