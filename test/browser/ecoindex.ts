const DOM = [0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603, 674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594_601]
const REQUESTS = [0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78, 86, 95, 105, 117, 130, 147, 170, 205, 281, 3920]
const KB = [
  0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32, 1648.27, 1876.08, 2142.06, 2465.37, 2866.31, 3401.59,
  4155.73, 5400.08, 8037.54, 223_212.26,
]
const GRADES = [
  [80, 'A'],
  [70, 'B'],
  [55, 'C'],
  [40, 'D'],
  [25, 'E'],
  [10, 'F'],
] as const

/** In which twentieth of the pages measured by its authors a value falls, with its fraction; 20 beyond the last. */
function quantile(table: readonly number[], value: number): number {
  const at = table.findIndex((limit, index) => index > 0 && value < limit)
  if (at < 0) return 20
  const below = table[at - 1]!
  return at - 1 + (value - below) / (table[at]! - below)
}

/** EcoIndex of a page, from 0 to 100: elements of the document (not those inside svg), kilobytes and requests of a first visit. Source: ecoindex.fr. */
export const ecoindex = (elements: number, kilobytes: number, requests: number): number =>
  Math.round(100 - (5 * (3 * quantile(DOM, elements) + 2 * quantile(REQUESTS, requests) + quantile(KB, kilobytes))) / 6)

/** The letter of a score: A above 80, G at 10 and below. */
export const noteEcoindex = (score: number): string => GRADES.find(([above]) => score > above)?.[1] ?? 'G'
