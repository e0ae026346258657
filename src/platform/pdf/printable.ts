import { documentFonts } from './compile.ts'
import { drawableBy } from './glyphs.ts'

/** What stands for a character that the font cannot draw. */
export const missingMark = '□'

let isDrawable: ((codePoint: number) => boolean) | undefined

/**
 * A text as it can be printed: composed (NFC), without control, direction or invisible characters; one that the font cannot draw becomes □, a lone accent goes;
 * a run of more than 40 characters without a space may be broken, or it would leave the page. Line ends are kept.
 */
export function printable(text: string): string {
  isDrawable ??= drawableBy(documentFonts()[0]!)
  let printed = ''
  for (const letter of text.normalize('NFC').replace(/\r\n?/g, '\n').replace(/\t/g, ' ')) {
    if (letter === '\n' || (!/[\p{C}\p{Variation_Selector}]/u.test(letter) && isDrawable(letter.codePointAt(0)!))) printed += letter
    else if (!/[\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Variation_Selector}]/u.test(letter)) printed += /\s/u.test(letter) ? ' ' : missingMark
  }
  return printed.replace(/\S{40}(?=\S)/gu, '$&\u200b')
}

/** The same for every text inside plain data. */
export function printableData<T>(data: T): T {
  if (typeof data === 'string') return printable(data) as T
  if (Array.isArray(data)) return data.map(printableData) as T
  if (data === null || typeof data !== 'object') return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, printableData(value)])) as T
}
