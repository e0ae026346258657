import { createRequire } from 'node:module'
import type QRCode from 'qrcode'

const require = createRequire(import.meta.url)

// Loaded by the first code that is drawn: the process that serves pages draws few.
const library = (): typeof QRCode => require('qrcode')

/** The QR code of a text (ISO/IEC 18004, level M: a tenth may be stained) as the address of a PNG of 480 pixels, for a page. */
export const qrImage = (text: string): Promise<string> => library().toDataURL(text, { errorCorrectionLevel: 'M', margin: 3, width: 480 })

/** The same as an SVG of one path with its quiet zone of four modules, for a document. */
export function qrSvg(text: string): string {
  const { modules } = library().create(text, { errorCorrectionLevel: 'M' })
  const side = modules.size + 8
  let path = ''
  for (let y = 0; y < modules.size; y++) for (let x = 0; x < modules.size; x++) if (modules.get(y, x)) path += `M${x + 4} ${y + 4}h1v1h-1z`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}"><path d="${path}"/></svg>`
}
