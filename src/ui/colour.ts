/**
 * The one colour of a commune, made readable. What a commune chooses is its hue; the lightness is ours, moved until every text
 * on every background reaches 4.5:1 (WCAG 2.2, 1.4.3), in light and in dark. Works in OKLCH, where equal steps look equal and the
 * hue does not turn when the lightness moves (CSS Color 4 §9.2; matrices of B. Ottosson, 2020).
 */

/** Backgrounds of the two schemes, darkest text on them included: the same values as `tokens.css` (a test compares). */
export const schemes = {
  light: { paper: '#faf6ee', surface: '#fffdf8', ink: '#241e17', soft: '#5f554a' },
  dark: { paper: '#171410', surface: '#221e18', ink: '#f3ece0', soft: '#bdb1a1' },
} as const

/** A deep green, for a place that has not chosen. */
export const defaultColour = '#2c5f4f'

/** Whether a text is a colour as we keep it: `#` and six hexadecimal digits. */
export const isColour = (text: unknown): text is string => typeof text === 'string' && /^#[0-9a-f]{6}$/i.test(text)

/** The derived colours of one scheme, as `#rrggbb`. */
export interface Accents {
  /** Links, headings, background of the main button. */
  accent: string
  /** Text on `accent`. */
  onAccent: string
  /** The same, under the pointer: further from the paper. */
  strong: string
  /** A tinted background for text. */
  tint: string
  /** A tinted line, an ornament only. */
  line: string
  /** The deep band of a home page, and the text on it. */
  band: string
  onBand: string
}

/**
 * The custom properties of a colour, for light and dark, to append to the stylesheet.
 * Throws a RangeError when `hex` is not a colour: it is checked with `isColour` where it enters.
 */
export function colourCss(hex: string): string {
  const { light, dark } = accentsOf(hex)
  return `:root{${properties(light)}}@media screen and (prefers-color-scheme:dark){:root{${properties(dark)}}}`
}

/** The derived colours of both schemes. Pure: same colour, same answer. */
export function accentsOf(hex: string): { light: Accents; dark: Accents } {
  if (!isColour(hex)) throw new RangeError(`Not a colour: ${hex}`)
  const [lightness, chroma, hue] = toOklch(hex)
  const lightTint = fromOklch(0.945, Math.min(chroma, 0.018), hue)
  const darkTint = fromOklch(0.27, Math.min(chroma, 0.03), hue)
  const lightAccent = step(lightness, -0.01, l => fromOklch(l, chroma, hue), ['#ffffff', schemes.light.paper, lightTint])
  const darkAccent = step(Math.max(lightness, 0.72), 0.01, l => fromOklch(l, Math.min(chroma, 0.13), hue), [schemes.dark.surface, darkTint])
  return {
    light: {
      accent: lightAccent,
      onAccent: '#ffffff',
      strong: shift(lightAccent, -0.07),
      tint: lightTint,
      line: fromOklch(0.86, Math.min(chroma, 0.05), hue),
      band: lightAccent,
      onBand: '#ffffff',
    },
    dark: {
      accent: darkAccent,
      onAccent: schemes.dark.paper,
      strong: shift(darkAccent, 0.07),
      tint: darkTint,
      line: fromOklch(0.4, Math.min(chroma, 0.05), hue),
      band: fromOklch(0.34, Math.min(chroma, 0.075), hue),
      onBand: schemes.dark.ink,
    },
  }
}

/** Contrast of two colours, from 1 to 21 (WCAG 2.2, definition of contrast ratio). */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const properties = ({ accent, onAccent, strong, tint, line, band, onBand }: Accents): string =>
  `--accent:${accent};--on-accent:${onAccent};--accent-strong:${strong};--tint:${tint};--tint-line:${line};--band:${band};--on-band:${onBand}`

/** Moves the lightness by steps until the colour passes against every background. Black and white pass, so it ends. */
function step(start: number, by: number, make: (lightness: number) => string, backgrounds: readonly string[]): string {
  for (let lightness = start; lightness > 0 && lightness < 1; lightness += by) {
    const colour = make(lightness)
    if (backgrounds.every(background => contrast(colour, background) >= 4.5)) return colour
  }
  return by < 0 ? '#000000' : '#ffffff'
}

function shift(hex: string, by: number): string {
  const [lightness, chroma, hue] = toOklch(hex)
  return fromOklch(Math.min(1, Math.max(0, lightness + by)), chroma, hue)
}

const channels = (hex: string): [number, number, number] =>
  [1, 3, 5].map(at => toLinear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as [number, number, number]
const toLinear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
const toGamma = (c: number): number => (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055)

function luminance(hex: string): number {
  const [r, g, b] = channels(hex)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function toOklch(hex: string): [lightness: number, chroma: number, hue: number] {
  const [r, g, b] = channels(hex)
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const b2 = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, Math.hypot(a, b2), Math.atan2(b2, a)]
}

/** The colour in sRGB; when the screen cannot show it, the same lightness and hue with less chroma. */
function fromOklch(lightness: number, chroma: number, hue: number): string {
  for (let c = chroma; ; c -= 0.004) {
    const rgb = linearOf(lightness, Math.max(c, 0), hue)
    if (c <= 0 || rgb.every(value => value >= -0.0005 && value <= 1.0005)) return hexOf(rgb)
  }
}

function linearOf(lightness: number, chroma: number, hue: number): number[] {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

const hexOf = (linear: readonly number[]): string =>
  `#${linear
    .map(value =>
      Math.round(toGamma(Math.min(1, Math.max(0, value))) * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
