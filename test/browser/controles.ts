import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { assertValid } from '../../src/ui/html.testing.ts'
import { elementsDe } from '../builders/mesures.ts'
import { isComplet } from '../builders/preuves.ts'
import { clavier, debordements, dires, equiper, montres, violations } from './dans-la-page.ts'
import { ecoindex } from './ecoindex.ts'

// A folder where the pages are put as pictures, to look at them.
const CAPTURES = process.env['PARVIS_CAPTURES']

/** Listens to a page from its opening: the HTML of each document as the server sent it, and what the browser complains of. */
export function ecouter(page: Page): { readonly html: () => Promise<string>; readonly plaintes: string[] } {
  let html = Promise.resolve('')
  const plaintes: string[] = []
  page.on('response', response => {
    // An image whose example leads to its own page is no page; what the script sends and shows is one.
    if (response.request().resourceType() === 'image') return
    const type = response.headers()['content-type'] ?? ''
    // Gone when the page is left before it is asked for: only the last one counts, and an empty one is not valid.
    if (type.startsWith('text/html')) html = response.text().catch(() => '')
  })
  page.on('console', message => {
    // A refusal (4xx) is said by the browser as an error of the network: the page that we asked for.
    if (['error', 'warning'].includes(message.type()) && !/Failed to load resource.*4\d\d/.test(message.text()))
      plaintes.push(message.text())
  })
  page.on('pageerror', error => plaintes.push(String(error)))
  return { html: () => html, plaintes }
}

/** What a page of the table was seen to be, all its controls passed. */
export interface Releve {
  readonly nom: string
  readonly elements: number
  readonly ecoindex: number
}

/**
 * Everything that holds for any page, on the one in front: valid HTML, no complaint of the browser (CSP included), 0 axe violation at 1280 px by day
 * and at 320 px by night, nothing that overflows at 320 px (1280 px enlarged four times) nor with text at 200 % on 640 px, a focus that is seen and follows the
 * page, a title, errors and targets as they must be, EcoIndex A. Its width and its theme come back.
 */
export async function controler(page: Page, nom: string, ecoute: ReturnType<typeof ecouter>): Promise<Releve> {
  const html = await ecoute.html()
  assert.match(html, /^<!doctype html>/i, nom)
  await assertValid(html, nom)
  // No page of ours makes more than 3 requests or 20 kB (pages.test.ts measures the public ones).
  const elements = await elementsDe(page)
  const index = ecoindex(elements, 20, 3)
  // One page holds every component, for who writes pages.
  assert.ok(index > 80 || new URL(page.url()).pathname === '/composants', `${nom}: ${elements} elements`)
  const before = page.viewportSize()!
  await equiper(page)
  assert.deepEqual(await dires(page), [], nom)
  await voir(page, nom, 1280, 'light')
  assert.deepEqual(await violations(page), [], `${nom}, 1280 px`)
  assert.deepEqual(await debordements(page), [], `${nom}, 1280 px`)
  assert.equal(await page.locator('[hidden]:visible').count(), 0, `${nom}: what is hidden is seen`)
  const large = await montres(page)
  if (!isComplet && (await isSeen(page))) {
    await page.emulateMedia({ colorScheme: null, reducedMotion: null })
    await page.setViewportSize(before)
    assert.deepEqual(ecoute.plaintes, [], nom)
    return { nom, elements, ecoindex: index }
  }
  await voir(page, nom, 320, 'dark')
  assert.deepEqual(await violations(page, large === (await montres(page))), [], `${nom}, 320 px, dark`)
  assert.deepEqual(await debordements(page), [], `${nom}, 320 px`)
  assert.deepEqual(await clavier(page), [], `${nom}, by keyboard`)
  await agrandir(page, nom)
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  await page.setViewportSize(before)
  assert.deepEqual(ecoute.plaintes, [], nom)
  return { nom, elements, ecoindex: index }
}

const seen = new Set<string>()

// The same page with the same title, met again in another journey: its narrow and dark forms were controlled, and are again in full (npm run preuves).
async function isSeen(page: Page): Promise<boolean> {
  const key = `${new URL(page.url()).pathname.replaceAll(/[0-9a-f-]{36}|[A-Z0-9]{4}-[A-Z0-9]{4}/g, '*')} ${await page.title()}`
  if (seen.has(key)) return true
  seen.add(key)
  return false
}

/** Shows a page at a width and in a theme, without the transitions between the two. */
async function voir(page: Page, nom: string, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.setViewportSize({ width, height: 900 })
  if (!CAPTURES) return
  await page.screenshot({ path: join(CAPTURES, `${nom.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}-${width}-${colorScheme}.png`), fullPage: true })
}

async function agrandir(page: Page, nom: string): Promise<void> {
  const enlarge = (size: string) =>
    page.evaluate(given => {
      document.documentElement.style.fontSize = given
    }, size)
  await page.setViewportSize({ width: 640, height: 900 })
  await enlarge('200%')
  assert.deepEqual(await debordements(page), [], `${nom}, text at 200 %`)
  await enlarge('')
}
