import type { ProblemeDeFichier, Table } from './csv.ts'

/** An entry of a list: what it is called by programs, by people, and what else is known of it. */
export interface Entree {
  readonly cle: string
  readonly libelle: string
  readonly valeurs: Readonly<Record<string, string>>
}

/** A list made of a file. */
export interface Liste {
  readonly colonnes: readonly string[]
  readonly colonneCle: string
  readonly colonneLibelle: string
  readonly entrees: readonly Entree[]
  /** What was mended, as sentences. */
  readonly notes: readonly string[]
}

export type ListeLue =
  | { readonly ok: true; readonly liste: Liste }
  | { readonly ok: false; readonly colonnes: readonly string[]; readonly problemes: readonly ProblemeDeFichier[] }

/** What a list may hold: 20,000 lines, columns and cells that a page can show. */
export const bornesDeListe = { maxLignes: 20_000, maxColonnes: 30, maxCellule: 300 } as const

/** Bytes of the file of a list. */
export const maxOctets = 5 * 1024 * 1024

const MAX_CLE = 100

/** The columns chosen for the key and the words; the empty one is chosen by us. */
export interface Colonnes {
  readonly cle: string
  readonly libelle: string
}

/**
 * A list from the table of a file. Without a choice, the key is the column called « code », « clé »,
 * « id »…, else the first that tells the lines apart, and the words are the column called
 * « libellé » or « nom », else the one after the key. Lines that say the same twice are merged, and told; empty or doubled keys are refused, line by line.
 */
export function composer(table: Table, { cle, libelle }: Colonnes): ListeLue {
  if (!table.ok) return { ok: false, colonnes: [], problemes: table.problemes }
  const { colonnes } = table
  const missing = [cle, libelle].filter(name => name !== '' && !colonnes.includes(name))
  if (missing.length > 0) {
    const message = `Le fichier n’a pas de colonne « ${missing[0]} ». Ses colonnes : ${colonnes.join(', ')}.`
    return { ok: false, colonnes, problemes: [{ ligne: null, message }] }
  }
  const { lignes, merged } = fusionner(table.lignes)
  const place = cle ? colonnes.indexOf(cle) : cleDevinee(colonnes, lignes)
  const words = libelle ? colonnes.indexOf(libelle) : libelleDevine(colonnes, place)
  const problemes = verifier(colonnes, lignes, place, words)
  if (problemes.length > 0) return { ok: false, colonnes, problemes }
  const notes =
    merged === 0
      ? []
      : [merged === 1 ? 'Une ligne était en double : gardée une fois.' : `${merged} lignes étaient en double : gardées une fois.`]
  const entrees = lignes.map(({ cellules }) => ({
    cle: cellules[place]!,
    libelle: cellules[words]!,
    valeurs: Object.fromEntries(colonnes.map((name, index) => [name, cellules[index]!])),
  }))
  return {
    ok: true,
    liste: { colonnes, colonneCle: colonnes[place]!, colonneLibelle: colonnes[words]!, entrees, notes: [...table.notes, ...notes] },
  }
}

type Lignes = Extract<Table, { ok: true }>['lignes']

function fusionner(all: Lignes): { lignes: Lignes; merged: number } {
  const seen = new Set<string>()
  const lignes = all.filter(({ cellules }) => {
    const content = JSON.stringify(cellules)
    if (seen.has(content)) return false
    seen.add(content)
    return true
  })
  return { lignes, merged: all.length - lignes.length }
}

function cleDevinee(colonnes: readonly string[], lignes: Lignes): number {
  const named = colonnes.findIndex(name => /^(code|cl[ée]|id|identifiant|uai|siret|r[ée]f([ée]rence)?)$/i.test(name))
  if (named >= 0) return named
  const distinct = colonnes.findIndex((_, place) => {
    const values = new Set(lignes.map(({ cellules }) => cellules[place]!))
    return values.size === lignes.length && !values.has('')
  })
  return Math.max(distinct, 0)
}

function libelleDevine(colonnes: readonly string[], cle: number): number {
  const named = colonnes.findIndex(name => /^(libell[ée]|nom|intitul[ée]|d[ée]signation)/i.test(name))
  return named >= 0 ? named : Math.min(cle + 1, colonnes.length - 1)
}

function verifier(colonnes: readonly string[], lignes: Lignes, place: number, words: number): ProblemeDeFichier[] {
  const [key, label] = [colonnes[place]!, colonnes[words]!]
  const first = new Map<string, number>()
  return lignes.flatMap(({ ligne, cellules }) => {
    const [cle, libelle] = [cellules[place]!, cellules[words]!]
    const at = (message: string): ProblemeDeFichier[] => [{ ligne, message }]
    if (cle === '') return at(`la colonne « ${key} » est vide : elle doit distinguer chaque ligne.`)
    if (cle.length > MAX_CLE)
      return at(`la colonne « ${key} » dépasse ${MAX_CLE} caractères : elle distingue les lignes, elle ne les décrit pas.`)
    // The radio « Aucune de ces réponses » is sent under this word.
    if (cle === 'aucune')
      return at(`la colonne « ${key} » ne peut pas valoir « aucune » : ce mot sert déjà aux formulaires. Écrivez-le autrement.`)
    if (libelle === '') return at(`la colonne « ${label} » est vide : c’est elle que les personnes lisent.`)
    const before = first.get(cle)
    first.set(cle, before ?? ligne)
    if (before === undefined) return []
    return at(
      `« ${cle} » est déjà à la ligne ${before}, avec autre chose. Gardez l’une des deux, ou choisissez une autre colonne pour distinguer les lignes.`,
    )
  })
}
