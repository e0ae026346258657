/** A point on Earth, in degrees (WGS 84). */
export interface Point {
  readonly lat: number
  readonly lon: number
}

/** Coordinates found in a text, and the words around them. */
export interface CoordonneesLues {
  readonly point: Point
  readonly mots: string
}

// Three decimals at least (100 m): « 3,50 » is a price, and « 12,5 » a length. O, Ouest and W are the west.
const HEMISPHERE = '([Nn]ord|[Ss]ud|[Ee]st|[Oo]uest|[NSEOW])'
const NOMBRE = String.raw`([-+−–]?\d{1,3}[.,]\d{3,15})\s?°?`
const DEGRES = String.raw`(?:${HEMISPHERE}\s?${NOMBRE}|${NOMBRE}(?:\s?${HEMISPHERE}(?![\p{L}\d]))?)`
const DECIMALES = new RegExp(String.raw`(?<![\p{L}\d.,])${DEGRES}(?:\s?[,;/|]\s?|\s|&\w{1,5}=)${DEGRES}(?!\d)`, 'gu')
const SEXAGESIMAL = String.raw`(\d{1,3})\s?°\s?(\d{1,2})\s?['’′]\s?(\d{1,2}(?:[.,]\d{1,10})?)\s?(?:"|”|″|'')\s?([NSEOW])`
const MINUTES = new RegExp(String.raw`${SEXAGESIMAL}[\s,;]{0,3}${SEXAGESIMAL}`, 'gu')

/**
 * The last coordinates of a text, latitude first: decimal degrees with a point or a comma (« 48,8385, -0,8893 »), degrees, minutes and seconds as map
 * sites give them, or the address of a page of a map site; null when there are none. They may be out of the Earth: see `estSurTerre`. Rounded to
 * 0.00001°, about a metre.
 */
export function lireCoordonnees(text: string): CoordonneesLues | null {
  const found = [...[...text.matchAll(DECIMALES)].map(deDecimales), ...[...text.matchAll(MINUTES)].map(deMinutes)]
  const last = found.sort((a, b) => a.start - b.start).at(-1)
  if (!last) return null
  const { start, end } = motEntier(text, last.start, last.end)
  // What held the coordinates in the sentence: brackets, commas.
  const before = text.slice(0, start).replace(/[\s,;:([@]+$/, '')
  const after = text.slice(end).replace(/^[\s,;:)\]]+/, '')
  return { point: last.point, mots: [before, after].filter(Boolean).join(' ') }
}

/** Coordinates as people read and paste them: « 48,83850, -0,88930 ». `lireCoordonnees` reads them back. */
export const ecrireCoordonnees = ({ lat, lon }: Point): string => `${degres(lat)}, ${degres(lon)}`

/** Whether a point is on Earth. */
export const estSurTerre = ({ lat, lon }: Point): boolean => Math.abs(lat) <= 90 && Math.abs(lon) <= 180

interface Trouve {
  readonly point: Point
  readonly start: number
  readonly end: number
}

const degres = (value: number): string => value.toFixed(5).replace('.', ',')

// « + 0 » : no minus zero, which would be written « -0,00000 ».
const arrondi = (value: number): number => Math.round(value * 1e5) / 1e5 + 0

function deDecimales(match: RegExpExecArray): Trouve {
  const [whole, h1, n1, m1, g1, h2, n2, m2, g2] = match
  const [one, two] = [signe(n1 ?? m1!, h1 ?? g1), signe(n2 ?? m2!, h2 ?? g2)]
  return { point: enOrdre(one, two, h1 ?? g1), start: match.index, end: match.index + whole.length }
}

function deMinutes(match: RegExpExecArray): Trouve {
  const [whole, d1, m1, s1, h1, d2, m2, s2, h2] = match
  const one = signe(String(Number(d1) + Number(m1) / 60 + nombre(s1!) / 3600), h1)
  const two = signe(String(Number(d2) + Number(m2) / 60 + nombre(s2!) / 3600), h2)
  return { point: enOrdre(one, two, h1), start: match.index, end: match.index + whole.length }
}

const nombre = (text: string): number => Number(text.replace(',', '.').replace(/[−–]/, '-'))

const signe = (text: string, hemisphere: string | undefined): number =>
  /^[SOW]/i.test(hemisphere ?? '') ? -Math.abs(nombre(text)) : nombre(text)

// East or west first: the longitude was written before.
const enOrdre = (one: number, two: number, hemisphere: string | undefined): Point => {
  const [lat, lon] = /^[EOW]/i.test(hemisphere ?? '') ? [two, one] : [one, two]
  return { lat: arrondi(lat), lon: arrondi(lon) }
}

/** The address of a page goes whole with the coordinates that it carries. */
function motEntier(text: string, start: number, end: number): { start: number; end: number } {
  const head = text.lastIndexOf(' ', start) + 1
  if (!/^(https?:\/\/|geo:)/i.test(text.slice(head))) return { start, end }
  const tail = text.indexOf(' ', end)
  return { start: head, end: tail < 0 ? text.length : tail }
}
