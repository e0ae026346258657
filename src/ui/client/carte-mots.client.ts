/** Degrees. */
export interface Degres {
  readonly lat: number
  readonly lng: number
}

// What the map writes, and what people type most; the server reads many other ways.
const COORDONNEES = /[\s,]*\(?\s*(-?\d{1,3}[.,]\d{3,})\s*[,; ]\s*(-?\d{1,3}[.,]\d{3,})\s*\)?/

/** The words of a box without its coordinates. */
export const motsDe = (text: string): string => text.replace(COORDONNEES, ' ').trim()

/** The coordinates of a box, when they are on Earth. */
export function pointDe(text: string): Degres | undefined {
  const [lat, lng] = (text.match(COORDONNEES) ?? []).slice(1).map(degrees => Number(degrees.replace(',', '.')))
  return lat !== undefined && lng !== undefined && Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : undefined
}

/** Coordinates as the server reads them back: « 48,83850, -0,88930 ». */
export const coordonneesDe = ({ lat, lng }: Degres): string => `${degres(lat)}, ${degres(lng)}`

/** Words then coordinates, as they go in the box. */
export const ecrire = (mots: string, point: Degres): string => (mots === '' ? coordonneesDe(point) : `${mots} (${coordonneesDe(point)})`)

const degres = (value: number): string => value.toFixed(5).replace('.', ',')
