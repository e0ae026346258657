import { same } from './same.ts'

/**
 * Three-way merge of a list of lines that have no id (documents to prepare, paragraphs, refusals): null when both sides changed the
 * same place differently. What both sides insert at the same place is kept from both, theirs first, only where the order of lines
 * says nothing (`isSet`).
 */
export function fusionnerListe(
  base: readonly unknown[],
  leurs: readonly unknown[],
  miennes: readonly unknown[],
  isSet: boolean,
): unknown[] | null {
  const [inLeurs, inMiennes] = [common(base, leurs), common(base, miennes)]
  const result: unknown[] = []
  let [b, t, m] = [0, 0, 0]
  for (let anchor = 0; anchor <= base.length; anchor++) {
    const isEnd = anchor === base.length
    const [nextT, nextM] = isEnd ? [leurs.length, miennes.length] : [inLeurs.get(anchor), inMiennes.get(anchor)]
    // A line that one side lacks is no anchor: it is within a change.
    if (nextT === undefined || nextM === undefined) continue
    const part = mergePart(base.slice(b, anchor), leurs.slice(t, nextT), miennes.slice(m, nextM), isSet)
    if (!part) return null
    result.push(...part)
    if (!isEnd) result.push(base[anchor])
    ;[b, t, m] = [anchor + 1, nextT + 1, nextM + 1]
  }
  return result
}

function mergePart(
  base: readonly unknown[],
  leurs: readonly unknown[],
  miennes: readonly unknown[],
  isSet: boolean,
): readonly unknown[] | null {
  if (same(leurs, base) || same(leurs, miennes)) return miennes
  if (same(miennes, base)) return leurs
  if (!isSet || base.length > 0) return null
  return [...leurs, ...miennes.filter(line => !leurs.some(other => same(other, line)))]
}

/** The longest common sub-sequence of two lists: rank in the first → rank in the second. Lists hold 40 lines at most. */
function common(a: readonly unknown[], b: readonly unknown[]): Map<number, number> {
  const length = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i]![j] = same(a[i], b[j]) ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!)
  const pairs = new Map<number, number>()
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (same(a[i], b[j])) pairs.set(i++, j++)
    else if (length[i + 1]![j]! >= length[i]![j + 1]!) i++
    else j++
  }
  return pairs
}
