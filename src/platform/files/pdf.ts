import { endRecordOf } from './zip.ts'

const damaged = 'Ce PDF est incomplet ou abîmé. Ouvrez-le sur votre appareil pour vérifier, enregistrez-le de nouveau, puis renvoyez-le.'

/**
 * Why bytes are not a plain PDF, as a sentence, or undefined when they are: header at the first byte, a cross-reference and `%%EOF` in the last 1,024
 * (ISO 32000-1 §7.5.5 and implementation note 18). A PDF that is also a zip archive is refused: each reader would see another document.
 */
export function faultOfPdf(bytes: Buffer): string | undefined {
  if (!/^%PDF-[12]\.\d/.test(bytes.subarray(0, 8).toString('latin1'))) return damaged
  const tail = bytes.subarray(-1024).toString('latin1')
  if (!/startxref\s+\d+\s+%%EOF/.test(tail)) return damaged
  if (endRecordOf(bytes)) return 'Ce PDF contient aussi une archive. Imprimez-le en PDF depuis votre appareil, puis envoyez la copie.'
  return undefined
}
