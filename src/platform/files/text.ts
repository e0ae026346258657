const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Whether bytes begin as HTML, SVG or XML does, whatever the spaces before. Such a « text » is refused: a browser that guesses would run it. */
export const looksLikeMarkup = (bytes: Buffer): boolean =>
  /^(\u00ef\u00bb\u00bf)?\s*<(!doctype|!--|\?xml|\/?(html|head|body|script|svg|iframe|img|style|meta|link|table|title|a|div|p)\b)/i.test(
    bytes.subarray(0, 1024).toString('latin1'),
  )

/**
 * Why bytes are not a CSV or TXT file, as a sentence, or undefined when they are. Text is valid UTF-8, or Latin-1 / Windows-1252 (spreadsheets still write it),
 * with no control character but tabulation, line ends and form feed: that alone keeps binary content out.
 */
export function faultOfText(bytes: Buffer): string | undefined {
  if (looksLikeMarkup(bytes)) return 'Ce fichier contient une page web ou une image, pas du texte simple.'
  for (const byte of bytes) {
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) {
      return 'Ce fichier n’est pas du texte lisible. Enregistrez-le de nouveau en texte (encodage UTF-8), ou au format PDF.'
    }
  }
  try {
    utf8.decode(bytes)
  } catch {
    // 0x7F and 0x81, 0x8D, 0x8F, 0x90, 0x9D are the places that Windows-1252 leaves empty.
    if (/[\x7f\x81\x8d\x8f\x90\x9d]/.test(bytes.toString('latin1'))) {
      return 'L’encodage de ce fichier n’est pas reconnu. Enregistrez-le de nouveau en UTF-8, ou au format PDF.'
    }
  }
  return undefined
}
