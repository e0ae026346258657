import type { Sharp } from 'sharp'
import { decodeHeic } from './heic.ts'
import type { Kind } from './kinds.ts'

/** An image made anew, ready to be stored. */
export interface CleanImage {
  readonly bytes: Buffer
  readonly kind: 'jpeg' | 'png'
}

/** Beyond, an image is refused: 40 million pixels. */
export const maxPixels = 40_000_000
const maxSide = 4_000

/**
 * Decodes and encodes an image again: turned as its EXIF says, metadata and GPS gone, 4,000 px on its long side at most, first frame only.
 * What hides behind an image (archive, script) does not survive. Gives a sentence instead when it cannot be read or has more than 40 million pixels.
 * PNG and transparent images become PNG; the rest, and a PNG that would pass `maxBytes`, JPEG on white.
 */
export async function cleanImage(bytes: Buffer, kind: Kind, maxBytes: number): Promise<CleanImage | string> {
  // Loaded on the first image only: the web process never needs its 20 MB.
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  try {
    const limits = { limitInputPixels: maxPixels, failOn: 'error' } as const
    const raw = kind === 'heic' ? await decodeHeic(bytes, maxPixels) : undefined
    const image: Sharp = raw
      ? sharp(raw.data, { ...limits, raw: { width: raw.width, height: raw.height, channels: 4 } })
      : sharp(bytes, limits)
    const hasAlpha = !raw && (await image.metadata()).hasAlpha
    const upright = image
      .autoOrient()
      .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
    if (kind === 'png' || hasAlpha) {
      const png = await upright.clone().png({ compressionLevel: 8 }).toBuffer()
      if (png.length <= maxBytes) return { bytes: png, kind: 'png' }
    }
    return { bytes: await upright.flatten({ background: '#ffffff' }).jpeg({ quality: 84 }).toBuffer(), kind: 'jpeg' }
  } catch (error) {
    if (/pixel limit/i.test(String(error)))
      return 'Cette image est trop grande\u00a0: 40 millions de pixels au plus. Réduisez-la ou reprenez la photo, puis renvoyez-la.'
    return 'Cette image ne peut pas être lue\u00a0: elle est incomplète ou abîmée. Reprenez la photo ou faites-en une capture d’écran, puis renvoyez-la.'
  }
}
