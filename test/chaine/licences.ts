/** What a licence asks of who distributes Parvis under the EUPL-1.2, which serves pages but ships no package: npm brings each from its author. */
export type Famille = 'permissive' | 'police' | 'reciproque'

/** The licences that may stand beside the EUPL-1.2, by SPDX identifier. docs/dependencies.md says why for each family. */
export const LICENCES: Readonly<Record<string, Famille>> = {
  '0BSD': 'permissive',
  'Apache-2.0': 'permissive',
  'BSD-2-Clause': 'permissive',
  'BSD-3-Clause': 'permissive',
  'BlueOak-1.0.0': 'permissive',
  ISC: 'permissive',
  MIT: 'permissive',
  'MIT-0': 'permissive',
  'Python-2.0': 'permissive',
  Unlicense: 'permissive',
  Zlib: 'permissive',
  // Fonts: may be embedded in documents of any licence, and not be sold alone.
  'OFL-1.1': 'police',
  // Both are in the appendix of the EUPL-1.2 (« Compatible Licences »), and are used unmodified, as files of their own.
  'LGPL-3.0': 'reciproque',
  'LGPL-3.0-or-later': 'reciproque',
  'MPL-2.0': 'reciproque',
}

// Names from before SPDX.
const ANCIENS: ReadonlyMap<string, string> = new Map([['MIT/X11', 'MIT']])

/**
 * The licences to honour when a package says `expression` (SPDX 2.3, annex D, without WITH): of an OR, the first side that is on the list; of
 * an AND, all. Undefined when nothing on the list fits, or when the expression cannot be read.
 */
export function retenues(expression: string | undefined): readonly string[] | undefined {
  const words = (ANCIENS.get(expression ?? '') ?? expression ?? '').match(/\(|\)|[^\s()]+/g) ?? []
  let at = 0
  const either = (): readonly string[] | undefined => {
    let found = both()
    while (words[at] === 'OR') {
      at++
      const other = both()
      found ??= other
    }
    return found
  }
  const both = (): readonly string[] | undefined => {
    let found = one()
    while (words[at] === 'AND') {
      at++
      const other = one()
      found = found && other ? [...found, ...other] : undefined
    }
    return found
  }
  const one = (): readonly string[] | undefined => {
    const word = words[at++]
    if (word === '(') {
      const inside = either()
      return words[at++] === ')' ? inside : undefined
    }
    return word && Object.hasOwn(LICENCES, word) ? [word] : undefined
  }
  const found = either()
  return at === words.length ? found : undefined
}
