import { ok, type Result, refusalTable, refuse } from '../../../platform/refusal.ts'

/** What is accepted, and what travels on every page: 3 kB in base64 are 4 of the 14 kB of a first visit. */
export const LOGO_MAX_BYTES = 1024 * 1024
const KEPT_MAX_BYTES = 3072
const MAX_PIXELS = 20_000_000

const refusals = refusalTable({
  format: [422, 'Ce fichier n’est pas une image PNG, JPEG ou WebP. Choisissez-en une autre.'],
  illisible: [422, 'Cette image ne peut pas être lue. Enregistrez-la de nouveau en PNG, puis renvoyez-la.'],
})

/**
 * Makes a logo small: WebP, 96 px high at most, 3,072 bytes at most, without metadata. The quality goes down, then the size.
 * Refuses what is not PNG, JPEG or WebP by its first bytes (no SVG: it is a program), and what cannot be decoded.
 */
export async function reduireLogo(bytes: Buffer): Promise<Result<Buffer>> {
  if (!isImage(bytes)) return refuse({ ...refusals.format, field: 'logo' })
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  try {
    for (const height of [96, 72, 48, 32]) {
      const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
        .autoOrient()
        .resize({ height, width: height * 2, fit: 'inside', withoutEnlargement: true })
      for (const quality of [90, 75, 60, 45, 30, 15]) {
        const small = await image.clone().webp({ quality, alphaQuality: quality, effort: 6 }).toBuffer()
        if (small.length <= KEPT_MAX_BYTES) return ok(small)
      }
    }
  } catch {
    // Not an image after all, cut, or too large: the sentence is the same.
  }
  return refuse({ ...refusals.illisible, field: 'logo' })
}

function isImage(bytes: Buffer): boolean {
  const at = (start: number, end: number) => bytes.toString('latin1', start, end)
  return at(0, 8) === '\x89PNG\r\n\x1a\n' || at(0, 3) === '\xff\xd8\xff' || (at(0, 4) === 'RIFF' && at(8, 12) === 'WEBP')
}
