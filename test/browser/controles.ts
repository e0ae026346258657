import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'
import { assertValid } from '../../src/ui/html.testing.ts'
import { elementsDe } from '../builders/mesures.ts'
import { ecoindex } from './ecoindex.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'RGAAv4']
// A folder where the pages are put as pictures, to look at them.
const CAPTURES = process.env['PARVIS_CAPTURES']

/** Listens to a page from its opening: the HTML of each document as the server sent it, and what the browser complains of. */
export function ecouter(page: Page): { readonly html: () => Promise<string>; readonly plaintes: string[] } {
  let html = Promise.resolve('')
  const plaintes: string[] = []
  page.on('response', response => {
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

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async tags => {
    const { axe: runner } = window as unknown as { axe: typeof axe }
    const result = await runner.run({ runOnly: tags })
    const found = result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 300)}`))
    return result.passes.length > 15 ? found : [...found, `axe saw too little: ${result.passes.length}`]
  }, TAGS)
}

/** What goes out of a screen of this width, named; none when nothing does. */
const debordements = (page: Page): Promise<string[]> =>
  page.locator('html').evaluate(html => {
    const width = html.clientWidth
    if (html.scrollWidth <= width) return []
    const wide = [...html.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > width + 1)
    return [`${html.scrollWidth} px on ${width}`, ...wide.slice(-3).map(one => one.outerHTML.slice(0, 200))]
  })

/**
 * Everything that holds for any page, on the one in front: valid HTML, no complaint of the browser (CSP included), 0 axe violation at 1280 and
 * 320 px, nothing that overflows at 320 px nor with text at 200 % on 640 px, EcoIndex A. Its width comes back.
 */
export async function controler(page: Page, nom: string, ecoute: ReturnType<typeof ecouter>): Promise<void> {
  const html = await ecoute.html()
  assert.match(html, /^<!doctype html>/i, nom)
  await assertValid(html, nom)
  // No page of ours makes more than 3 requests or 20 kB (pages.test.ts measures the public ones).
  const elements = await elementsDe(page)
  assert.ok(ecoindex(elements, 20, 3) > 80, `${nom}: ${elements} elements`)
  const before = page.viewportSize()!
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 })
    if (CAPTURES) await page.screenshot({ path: join(CAPTURES, `${nom.replaceAll(/[^\p{L}\p{N}]+/gu, '-')}-${width}.png`), fullPage: true })
    assert.deepEqual(await violations(page), [], `${nom}, ${width} px`)
    assert.deepEqual(await debordements(page), [], `${nom}, ${width} px`)
  }
  await page.setViewportSize({ width: 640, height: 900 })
  await page.locator('html').evaluate(html => {
    html.style.fontSize = '200%'
  })
  assert.deepEqual(await debordements(page), [], `${nom}, text at 200 %`)
  await page.locator('html').evaluate(html => {
    html.style.fontSize = ''
  })
  await page.setViewportSize(before)
  assert.deepEqual(ecoute.plaintes, [], nom)
}
