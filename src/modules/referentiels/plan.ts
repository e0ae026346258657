/** A point on Earth, in degrees (WGS 84). */
export interface Point {
  readonly lat: number
  readonly lon: number
}

/** An address near a place: its street, and its number when it has one. */
export interface Repere extends Point {
  readonly voie: string
  readonly numero: string
}

/** Metres of one degree of latitude; of longitude at the equator. */
const METRES = 111_320
const largeur = 400
const hauteur = 250

/** Metres between two points: exact enough below 100 km (the error of a flat Earth is under 0.1 % there). */
export function distanceM(a: Point, b: Point): number {
  const x = ecartDeLongitude(b.lon - a.lon) * aplati((a.lat + b.lat) / 2)
  return METRES * Math.hypot(x, b.lat - a.lat)
}

/** Latitudes and longitudes within so many metres of a point. */
export function cadre({ lat, lon }: Point, metres: number): { latMin: number; latMax: number; lonMin: number; lonMax: number } {
  const [y, x] = [metres / METRES, metres / METRES / aplati(lat)]
  return { latMin: lat - y, latMax: lat + y, lonMin: lon - x, lonMax: lon + x }
}

/**
 * A plan around a point, as SVG of 400 × 250: the addresses near, the names of streets (those of the first addresses first), a scale and the north. `rayonM` is half its width in metres.
 * Without any address, the lines of the degrees. Names are escaped; nothing in it runs nor is fetched. Its colours are its own: carte.css turns them over
 * when the page is dark, which an image does not know.
 */
export function dessinerPlan(point: Point, reperes: readonly Repere[], rayonM: number): string {
  const parMetre = largeur / 2 / rayonM
  const place = ({ lat, lon }: Point): XY => [
    Math.round(largeur / 2 + ecartDeLongitude(lon - point.lon) * aplati(point.lat) * METRES * parMetre),
    Math.round(hauteur / 2 - (lat - point.lat) * METRES * parMetre),
  ]
  const vus = reperes
    .map(repere => ({ ...repere, at: place(repere) }))
    .filter(({ at: [x, y] }) => x >= 0 && x <= largeur && y >= 0 && y <= hauteur)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${largeur}" height="${hauteur}" viewBox="0 0 ${largeur} ${hauteur}" font-family="sans-serif" font-size="14">`,
    `<path fill="#faf6ee" d="M0 0h${largeur}v${hauteur}H0z"/>`,
    vus.length > 0 ? adresses(vus) : lignesDesDegres(point, rayonM, place),
    '<circle cx="200" cy="125" r="9" fill="#b3261e" stroke="#fff" stroke-width="3"/><circle cx="200" cy="125" r="2.5" fill="#fff"/>',
    echelle(rayonM, parMetre),
    '<path d="M382 8l7 20-7-5-7 5z" fill="#241e17"/><text x="382" y="42" text-anchor="middle" fill="#241e17">N</text>',
    vus.length > 0 ? `<text x="392" y="242" font-size="11" text-anchor="end" fill="#5f554a">Base Adresse Locale</text>` : '',
    '</svg>',
  ].join('')
}

type XY = readonly [x: number, y: number]
type Vu = Repere & { readonly at: XY }

// At the poles a degree of longitude is nothing: the plan must still be a plan.
const aplati = (lat: number): number => Math.max(0.01, Math.cos((lat * Math.PI) / 180))

/** The short way round. */
const ecartDeLongitude = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180

const NUMEROS_LISIBLES = 40
const NOMS = 12

/** Every address as a dot, then the names that have room: of streets first, of numbers when they are few. */
function adresses(vus: readonly Vu[]): string {
  const dots = vus.map(({ at: [x, y] }) => `M${x} ${y}h0`).join('')
  const streets = [...Map.groupBy(vus, ({ voie }) => voie)].slice(0, NOMS)
  const names = streets.map(([voie, own]) => ({ text: voie.slice(0, 40), size: 14, places: placesDuNom(own) }))
  const numbers = vus.length > NUMEROS_LISIBLES ? [] : vus.filter(({ numero }) => numero !== '')
  const small = numbers.map(({ numero, at: [x, y] }) => ({ text: numero, size: 11, places: [[x, y + 13] as const] }))
  return `<path d="${dots}" stroke="#857867" stroke-width="5" stroke-linecap="round"/>${sansChevauchement([...names, ...small])}`
}

/** Above then below the middle of a street, then its quarters, then further from the line, where the mark leaves room. */
function placesDuNom(vus: readonly Vu[]): XY[] {
  const along = vus.map(({ at }) => at).sort(([x1, y1], [x2, y2]) => x1 - x2 || y1 - y2)
  const [first, middle, last] = [0.25, 0.5, 0.75].map(part => along[Math.floor((along.length - 1) * part)]!)
  const beside = (above: number, below: number, anchors: readonly XY[]) =>
    anchors.flatMap(([x, y]): XY[] => [
      [x, y - above],
      [x, y + below],
    ])
  return [...beside(8, 18, [middle!, first!, last!]), ...beside(16, 27, [middle!])]
}

interface Nom {
  readonly text: string
  readonly size: number
  /** Where it may be written, the best first. */
  readonly places: readonly XY[]
}

/** The names whose box (0.55 em a letter) meets neither the mark, the scale, the north, the source, nor a name written before. */
function sansChevauchement(noms: readonly Nom[]): string {
  const taken: Boite[] = [
    [188, 113, 212, 137],
    [0, 214, 120, hauteur],
    [370, 0, largeur, 46],
    [280, 230, largeur, hauteur],
  ]
  const kept = noms.flatMap(({ text, size, places }) => {
    const half = (text.length * size * 0.55) / 2
    for (const [x, y] of places) {
      const middle = Math.round(Math.max(half + 4, Math.min(largeur - half - 4, x)))
      const box: Boite = [middle - half, y - size, middle + half, y + 3]
      if (box[1] < 0 || box[3] > hauteur || taken.some(other => seTouchent(box, other))) continue
      taken.push(box)
      return [`<text x="${middle}" y="${y}" font-size="${size}">${echapper(text)}</text>`]
    }
    return []
  })
  return `<g text-anchor="middle" fill="#241e17" stroke="#faf6ee" stroke-width="3" paint-order="stroke">${kept.join('')}</g>`
}

type Boite = readonly [left: number, top: number, right: number, bottom: number]

const seTouchent = (a: Boite, b: Boite): boolean => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]

const echapper = (text: string): string => text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`).replace(/\p{Cc}/gu, ' ')

/** A bar of a round length, a quarter of the width at most. */
function echelle(rayonM: number, parMetre: number): string {
  const metres = [5000, 2000, 1000, 500, 200, 100, 50, 20, 10].find(length => length <= rayonM / 2) ?? 10
  const label = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`
  const end = Math.round(10 + metres * parMetre)
  return `<path d="M10 234v6H${end}v-6" fill="none" stroke="#241e17" stroke-width="2"/><text x="10" y="228" fill="#241e17">${label}</text>`
}

/** Where nothing else is known: the lines of the degrees, with their numbers. */
function lignesDesDegres(point: Point, rayonM: number, place: (at: Point) => XY): string {
  const { latMin, latMax, lonMin, lonMax } = cadre(point, rayonM)
  const steps = (from: number, to: number): number[] => {
    const step = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1].find(one => (to - from) / one <= 4) ?? 5
    return Array.from({ length: 7 }, (_, index) => (Math.ceil(from / step) + index) * step).filter(degrees => degrees <= to)
  }
  const word = (degrees: number) => `${degrees.toFixed(4).replace('.', ',')}°`
  const rows = steps(latMin, latMax)
    .map(lat => ({ lat, y: place({ lat, lon: point.lon })[1] }))
    .filter(({ y }) => y > 20 && y < 210)
  const columns = steps(lonMin, lonMax)
    .map(lon => ({ lon, x: place({ lat: point.lat, lon })[0] }))
    .filter(({ x }) => x > 60 && x < 320)
  const lines = [...rows.map(({ y }) => `M0 ${y}h${largeur}`), ...columns.map(({ x }) => `M${x} 0v${hauteur}`)].join('')
  const words = [
    ...rows.map(({ lat, y }) => `<text x="6" y="${y - 4}">${word(lat)}</text>`),
    ...columns.map(({ lon, x }) => `<text x="${x + 4}" y="14">${word(lon)}</text>`),
  ]
  return `<path d="${lines}" stroke="#e2d9c9"/><g font-size="12" fill="#5f554a">${words.join('')}</g>`
}
