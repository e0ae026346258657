import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { refusals } from '../refusals.ts'

/** What is accepted as the image of a signature. */
export const IMAGE_MAX_BYTES = 1024 * 1024
const MAX_PIXELS = 20_000_000

/**
 * Makes the image of a signature again: PNG in grey or colours, 800 × 300 px at most, without metadata. Refuses what is not PNG or JPEG by
 * its first bytes, and what cannot be decoded.
 */
export async function refaireSignature(bytes: Buffer): Promise<Result<Buffer>> {
  const start = bytes.toString('latin1', 0, 8)
  if (start !== '\x89PNG\r\n\x1a\n' && !start.startsWith('\xff\xd8\xff')) return refuse({ ...refusals.image_illisible, field: 'image' })
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' }).autoOrient()
    // Printed 22 mm high: 300 px are 350 dpi. A palette of 64 colours makes a page of ink ten times lighter, and shows no difference.
    return ok(
      await image
        .resize({ width: 800, height: 300, fit: 'inside', withoutEnlargement: true })
        .png({ palette: true, colours: 64, effort: 7 })
        .toBuffer(),
    )
  } catch {
    return refuse({ ...refusals.image_illisible, field: 'image' })
  }
}
