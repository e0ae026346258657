/** What a search looks at, from the strongest to the weakest. */
export interface Cherchable {
  readonly titre: string
  readonly motsCles: readonly string[]
  readonly resume: string
}

// Words that say nothing of what is looked for.
const VIDES = new Set(
  'a au aux avec ce ces comment dans de des du en est et faire je la le les ma mes mon ou par pour que qui sa se ses son sur un une veux vous'.split(
    ' ',
  ),
)
const MOTS_AU_PLUS = 8

/** The words of a text that count: no accents, no capitals, no plural mark. */
export function motsDe(texte: string): string[] {
  const words = texte
    .toWellFormed()
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .split(/[^a-z0-9]+/)
  return words.filter(word => word.length > 1 && !VIDES.has(word)).map(word => (word.length > 3 ? word.replace(/[sx]$/, '') : word))
}

/**
 * The items that a search finds, the best first: those with most of the words typed, in the title before the keywords before the
 * sentence. A word counts when it begins like another, or differs from it by a typing mistake. Everything, in the order given, when
 * nothing that counts was typed.
 */
export function chercher<T>(items: readonly T[], typed: string, texte: (item: T) => Cherchable): T[] {
  const words = motsDe(typed).slice(0, MOTS_AU_PLUS)
  if (words.length === 0) return typed.trim() === '' ? [...items] : []
  const needed = Math.ceil(words.length / 2)
  return items
    .map(item => ({ item, ...score(words, texte(item)) }))
    .filter(({ found }) => found >= needed)
    .sort((a, b) => b.found - a.found || b.points - a.points)
    .map(({ item }) => item)
}

function score(words: readonly string[], { titre, motsCles, resume }: Cherchable): { found: number; points: number } {
  const fields = [motsDe(titre), motsCles.flatMap(motsDe), motsDe(resume)]
  let found = 0
  let points = 0
  for (const word of words) {
    const best = Math.max(...fields.map((known, index) => (3 - index) * Math.max(0, ...known.map(k => likeness(word, k)))))
    if (best > 0) found++
    points += best
  }
  return { found, points }
}

/** 3: the same word; 2: its beginning; 1: a typing mistake away (one from four letters, two from eight); 0: another word. */
function likeness(typed: string, known: string): number {
  if (typed === known) return 3
  if (typed.length >= 3 && known.startsWith(typed)) return 2
  const allowed = typed.length >= 8 ? 2 : typed.length >= 4 ? 1 : 0
  return allowed > 0 && Math.abs(typed.length - known.length) <= allowed && distance(typed, known) <= allowed ? 1 : 0
}

/** How many letters to add, remove, change or swap with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(change, rows[i - 1]![j]! + 1, row[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      row.push(best)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
