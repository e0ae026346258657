import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { CDPSession, Page } from 'playwright-core'

// A browser without script gives a page no timer either: axe waits for one between two rules, and would never end.
const SANS_ATTENTE = `if (matchMedia('(scripting: none)').matches) globalThis.setTimeout = next => { Promise.resolve().then(next); return 0 }`
// tsx names inner functions with a helper that a page does not have.
const AXE = `${SANS_ATTENTE};${readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')};globalThis.__name ??= one => one;0`
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'RGAAv4']
// What depends on where things are and how they are coloured: the rest of the rules read the same document at any width and in any theme.
const DISPOSITION = ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable']

const wires = new WeakMap<Page, Promise<CDPSession>>()

/** Puts the rules of axe in the page, once a page: said to the browser itself, half a million characters go in half the time. */
export async function equiper(page: Page): Promise<void> {
  if (await page.evaluate('globalThis.axe !== undefined')) return
  const wire = wires.get(page) ?? page.context().newCDPSession(page)
  wires.set(page, wire)
  await (await wire).send('Runtime.evaluate', { expression: AXE, returnByValue: true })
}

/** The violations found by axe, with all its rules or (`disposition`) with those that depend on width and colour alone. */
export const violations = (page: Page, disposition = false): Promise<string[]> =>
  page.evaluate(
    async ([tags, rules, least]) => {
      const { axe: runner } = window as unknown as { axe: typeof axe }
      // Our pages have neither sound nor style from elsewhere to fetch before; what passes needs no description.
      const result = await runner.run({
        runOnly: rules ? { type: 'rule', values: rules } : tags,
        resultTypes: ['violations'],
        preload: false,
      })
      const found = result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 300)}`))
      return result.passes.length >= least ? found : [...found, `axe saw too little: ${result.passes.length}`]
    },
    [TAGS, disposition ? DISPOSITION : undefined, disposition ? 1 : 16] as const,
  )

/** Which elements are shown at this width, one letter each: two widths that give the same show the same document. */
export const montres = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [...document.querySelectorAll('body *')].map(one => (one.checkVisibility({ visibilityProperty: true }) ? 'x' : '.')).join(''),
  )

/** What goes out of a screen of this width, named; none when nothing does. */
export const debordements = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const html = document.documentElement
    const width = html.clientWidth
    if (html.scrollWidth <= width) return []
    const wide = [...html.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > width + 1)
    return [`${html.scrollWidth} px on ${width}`, ...wide.slice(-3).map(one => one.outerHTML.slice(0, 200))]
  })

/** What is wrong in how a page says what it is: its title, its summary of errors, the tokens of its fields, its large targets. */
export const dires = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const words = (one: Element | null) => (one?.textContent ?? '').replace(/\s+/g, ' ').trim()
    const problems: string[] = []
    // The gallery shows examples of errors, and refuses nothing.
    const isGallery = location.pathname.startsWith('/composants')
    const summary = isGallery ? null : document.querySelector('.error-summary')
    const isRefused = !isGallery && document.querySelector('[aria-invalid=true], .error-summary') !== null
    const begin = `${isRefused ? 'Erreur : ' : ''}${words(document.querySelector('h1'))} – `
    if (!document.title.replace(/\s+/g, ' ').startsWith(begin)) problems.push(`title « ${document.title} », not « ${begin}… »`)
    if (document.querySelectorAll('h1').length !== 1) problems.push(`${document.querySelectorAll('h1').length} h1`)
    if (isRefused && !summary) problems.push('errors without a summary')
    if (summary && document.activeElement !== summary) problems.push('the summary of errors has not the keyboard')
    for (const link of summary?.querySelectorAll('a') ?? []) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)))
      if (!target?.closest('form')) problems.push(`the error « ${words(link)} » leads to no field`)
    }
    // What agents write on their pages is of others, not of themselves.
    const isOwn = !/\/agent\/(?!connexion|invitation)/.test(location.pathname)
    for (const field of isOwn ? document.querySelectorAll('input[type=email], input[type=tel], input[type=password]') : [])
      if (!field.getAttribute('autocomplete')) problems.push(`no autocomplete: ${field.outerHTML.slice(0, 200)}`)
    for (const button of document.querySelectorAll('.button:not(.button-quiet)')) {
      const { height, width } = button.getBoundingClientRect()
      if (height > 0 && (height < 43.9 || width < 43.9))
        problems.push(`target of ${width} × ${height} px: ${button.outerHTML.slice(0, 200)}`)
    }
    return problems
  })

/**
 * On a narrow screen, where everything is in one column: what the keyboard meets must come in the order of the page, never above what came
 * before, and each must look otherwise once it has the focus. A first press of Tab makes the focus that of a keyboard.
 */
export async function clavier(page: Page): Promise<string[]> {
  await page.keyboard.press('Tab')
  return page.evaluate(() => {
    const problems: string[] = []
    const look = (one: Element) =>
      [one, one.nextElementSibling, one.parentElement]
        .flatMap(near => (near ? [getComputedStyle(near), getComputedStyle(near, '::before')] : []))
        .map(style => [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor].join())
        .join('|')
    const all = [
      ...document.querySelectorAll<HTMLElement>('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'),
    ]
    const reached = all.filter(
      one => one.checkVisibility({ visibilityProperty: true }) && !one.matches(':disabled, [tabindex="-1"], .skip, [inert] *'),
    )
    const places: { one: HTMLElement; top: number; bottom: number }[] = []
    for (const one of reached) {
      const active = document.activeElement as HTMLElement | null
      active?.blur()
      const before = look(one)
      one.focus({ preventScroll: true, focusVisible: true } as FocusOptions)
      if (document.activeElement !== one) problems.push(`takes no focus: ${one.outerHTML.slice(0, 200)}`)
      else if (look(one) === before) problems.push(`focus not seen: ${one.outerHTML.slice(0, 200)}`)
      const { top, bottom, height } = one.getBoundingClientRect()
      if (height > 1 && getComputedStyle(one).position !== 'absolute') places.push({ one, top, bottom })
    }
    for (const [index, { one, bottom }] of places.entries()) {
      const last = places[index - 1]
      if (last && bottom <= last.top) problems.push(`comes after in the page and above on the screen: ${one.outerHTML.slice(0, 200)}`)
    }
    if (document.querySelector('[tabindex]:not([tabindex="0"], [tabindex="-1"])')) problems.push('an order of its own (tabindex)')
    return problems
  })
}
