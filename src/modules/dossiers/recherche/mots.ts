/** Text without accents nor capitals, words separated by one space: the only form in which words are kept and looked for. */
export const cleDeRecherche = (text: string): string =>
  sansAccents(text)
    .toLowerCase()
    .replace(/[^a-z0-9@.]+/g, ' ')
    .trim()

// Half of the answers are plain ASCII: they need not be taken apart.
const sansAccents = (text: string): string =>
  /[^\x20-\x7e\n]/.test(text)
    ? text
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .replace(/[œŒæÆ]/g, letters => (/[œŒ]/.test(letters) ? 'oe' : 'ae'))
    : text

const LONGUEUR_MAX = 40
// A letter alone says nothing, and everything contains it.
const LONGUEUR_MIN = 2
// Beyond, a text is read for its first words only.
const TEXTE_MAX = 20_000
// In every text: they would be a tenth of the index, and find nothing.
const MOTS_VIDES: ReadonlySet<string> = new Set(
  'au aux avec ce ces dans de des du elle en est et il je la le les leur ma mes mon ne nos notre ou par pas pour qui que sa se ses si son sur un une vos votre vous'.split(
    ' ',
  ),
)

/**
 * The words of a text, each once: two letters at least, cut at forty, « de », « la » … left out. An address (« lea.martin@exemple.fr ») is kept whole, and the
 * name in parts; figures in groups (« 02 61 91 00 12 », « 27/03/1985 ») are one word.
 */
export function motsDe(text: string): Set<string> {
  const found = new Set<string>()
  const add = (word: string) => {
    if (word.length >= LONGUEUR_MIN && !MOTS_VIDES.has(word)) found.add(word.slice(0, LONGUEUR_MAX))
  }
  for (const token of cleDeRecherche(avecNombresEntiers(text.slice(0, TEXTE_MAX))).split(' ')) {
    const word = token.replace(/^[.@]+|[.@]+$/g, '')
    add(word)
    const [local = ''] = word.split('@')
    if (local.includes('.') || local !== word) for (const part of local.split('.')) add(part)
  }
  return found
}

// Telephone numbers, SIRET, days (27/03/1985) … as people space them out.
const CHIFFRES = /\+?\d[\d ./\u00a0\u202f-]{5,30}\d/g

const avecNombresEntiers = (text: string): string =>
  text.replace(CHIFFRES, group => {
    const figures = group.replace(/\D/g, '')
    return ` ${group.startsWith('+33') ? `0${figures.slice(2)}` : figures} `
  })

const CHERCHES_AU_PLUS = 6

/** The words that someone looks for, as they were kept; each matches the words that begin with it. Six at most; « de », « la » … count only alone. */
export function motsCherches(typed: string): string[] {
  const words = cleDeRecherche(avecNombresEntiers(typed.slice(0, 200)))
    .split(' ')
    .map(word => word.replace(/^[.@]+|[.@]+$/g, '').slice(0, LONGUEUR_MAX))
  const found = [...new Set(words.filter(word => word !== ''))]
  const telling = found.filter(word => !MOTS_VIDES.has(word))
  return (telling.length > 0 ? telling : found).slice(0, CHERCHES_AU_PLUS)
}
