/** An address as people type it, taken apart. */
export interface AdresseTapee {
  /** Words of the street, without accents nor abbreviations; '' when there is only a number. */
  readonly voie: string
  readonly numero: number | null
  /** `bis`, `ter`, a letter; '' when there is none. */
  readonly suffixe: string
  readonly codePostal: string
  /** Words after the postcode. */
  readonly commune: string
}

// The most frequent of the list of La Poste and of the cadastre (DGFiP, nature de voie).
const ABREVIATIONS: Readonly<Record<string, string>> = {
  av: 'avenue',
  ave: 'avenue',
  bd: 'boulevard',
  bld: 'boulevard',
  boul: 'boulevard',
  bvd: 'boulevard',
  ch: 'chemin',
  che: 'chemin',
  chem: 'chemin',
  all: 'allee',
  imp: 'impasse',
  pl: 'place',
  r: 'rue',
  rte: 'route',
  sq: 'square',
  crs: 'cours',
  fg: 'faubourg',
  fbg: 'faubourg',
  lot: 'lotissement',
  res: 'residence',
  ham: 'hameau',
  qu: 'quai',
  pass: 'passage',
  sent: 'sentier',
  st: 'saint',
  ste: 'sainte',
  dr: 'docteur',
  gal: 'general',
  mal: 'marechal',
  cdt: 'commandant',
  cne: 'capitaine',
  pdt: 'president',
  pr: 'professeur',
  zi: 'zone industrielle',
  za: 'zone artisanale',
} // prettier-ignore

/** Text to compare names of streets by: no accent, case nor punctuation, abbreviations in full. */
export const cleDeVoie = (text: string): string =>
  mots(text)
    .map(word => (Object.hasOwn(ABREVIATIONS, word) ? ABREVIATIONS[word]! : word))
    .join(' ')
    .slice(0, 200)

const mots = (text: string): string[] =>
  text
    .toWellFormed()
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

// Not « l »: « 12 l’Orée du bois » is no 12 L.
const REPETITION = '(bis|ter|quater|quinquies|[a-km-z])'
const NUMERO = new RegExp(`^(\\d{1,4})(?:\\s*${REPETITION}(?=\\s))?\\s*`)

/** Takes apart « 12 bis, r. du Moulin, 14500 Vire »: « b » alone after a number is a letter of the number, not « bis ». */
export function decouperAdresse(typed: string): AdresseTapee {
  const text = mots(typed).join(' ')
  const postal = text.match(/(?:^| )(\d{5})(?= |$)/)
  const before = postal ? text.slice(0, postal.index) : text
  const after = postal ? text.slice(postal.index! + postal[0].length).trim() : ''
  const number = `${before} `.match(NUMERO)
  const voie = cleDeVoie(before.slice(number?.[0].trimEnd().length ?? 0))
  return {
    // « 8 mai 1945 » is the name of a street when nothing else is typed but a month.
    voie: number && estUneDate(voie) ? cleDeVoie(before) : voie,
    numero: number && !estUneDate(voie) ? Number(number[1]) : null,
    suffixe: number && !estUneDate(voie) ? (number[2] ?? '') : '',
    codePostal: postal?.[1] ?? '',
    commune: cleDeVoie(after),
  }
}

const estUneDate = (voie: string): boolean =>
  /^(janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b/.test(voie)

/** « 12 bis Rue du Moulin ». */
export const ligneDAdresse = (numero: number | null, suffixe: string, voie: string): string =>
  [numero === null ? '' : String(numero), suffixe, voie].filter(part => part !== '').join(' ')
