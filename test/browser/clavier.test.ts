import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { exemples } from '../../src/modules/demarches/livre.ts'
import { champsDe } from '../builders/demande.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { lireAccuse, pageSuivante } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

/** The element that has the keyboard, as the person sees it. */
const foyer = (page: Page) =>
  page.locator('html').evaluate(html => {
    const element = html.ownerDocument.activeElement as HTMLElement & { name?: string; value?: string; type?: string; checked?: boolean }
    // A choice shows its focus on the drawn box or on its label.
    const shown = [element, element.nextElementSibling, element.parentElement].flatMap(one =>
      one ? [getComputedStyle(one), getComputedStyle(one, '::before')] : [],
    )
    return {
      tag: element.tagName,
      name: element.name ?? '',
      value: element.value ?? '',
      type: element.type ?? '',
      checked: element.checked ?? false,
      text: (element.textContent ?? '').trim(),
      id: element.id,
      isErrorSummary: element.classList.contains('error-summary'),
      isSeen:
        element === html.ownerDocument.body ||
        shown.some(style => (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none'),
      isInside: element.getBoundingClientRect().bottom > 0 && element.getBoundingClientRect().top < html.clientHeight,
    }
  })

type Foyer = Awaited<ReturnType<typeof foyer>>

/** Presses Tab until the element wanted has the focus; each element met on the way must show that it has it, on the screen. */
async function tabJusqua(page: Page, wanted: (at: Foyer) => boolean, what: string): Promise<Foyer> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    const at = await foyer(page)
    assert.ok(at.isSeen, `no visible focus on ${at.tag} ${at.name || at.text}`)
    assert.ok(at.isInside || at.tag === 'BODY', `focus outside of the screen on ${at.tag} ${at.name || at.text}`)
    if (wanted(at)) return at
  }
  throw new Error(`the keyboard does not reach ${what}`)
}

/** Fills one answer with the keys that a person has: letters, Space, arrows. */
async function repondre(page: Page, name: string, value: string): Promise<void> {
  const at = await tabJusqua(page, one => one.name === name, name)
  if (at.type === 'radio') {
    await page.keyboard.press('Space')
    for (let presses = 0; presses < 10 && (await foyer(page)).value !== value; presses++) await page.keyboard.press('ArrowDown')
    assert.equal((await foyer(page)).value, value)
  } else if (at.type === 'checkbox') await page.keyboard.press('Space')
  else if (at.tag === 'SELECT')
    for (let presses = 0; presses < 50 && (await foyer(page)).value !== value; presses++) await page.keyboard.press('ArrowDown')
  else {
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type(value)
  }
}

const entree = (page: Page) => pageSuivante(page, () => page.keyboard.press('Enter'))

for (const avecScript of [true, false])
  test(`a demande filed by keyboard alone, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unePersonne({ avecScript })
    await page.goto(vire)
    const skip = await tabJusqua(page, () => true, 'the first link')
    assert.equal(skip.text, 'Aller au contenu')
    await page.keyboard.press('Enter')
    assert.equal((await foyer(page)).id, 'contenu')

    await page.goto(`${vire}/demarches/acte-etat-civil`)
    await tabJusqua(page, at => /^Commencer/.test(at.text), 'Commencer')
    await entree(page)
    // Sent empty: the errors have the keyboard, and lead to their fields.
    await tabJusqua(page, at => at.tag === 'BUTTON', 'the button')
    await entree(page)
    assert.ok((await foyer(page)).isErrorSummary)
    await tabJusqua(page, at => at.tag === 'A', 'the first error')
    await page.keyboard.press('Enter')
    const field = await page.locator('html').evaluate(html => {
      const { activeElement } = html.ownerDocument
      return activeElement?.matches('input, select, textarea, fieldset, [tabindex]') && activeElement.closest('form') !== null
    })
    assert.ok(field, 'the link of an error gives the keyboard to its field')
    await page.goto(page.url().replace(/#.*/, ''))

    for (const envoi of exemples['acte-etat-civil']![0]!.envois) {
      for (const [name, value] of Object.entries(champsDe(envoi)))
        if (typeof value === 'string' && value !== '') await repondre(page, name, value)
      await tabJusqua(page, at => at.tag === 'BUTTON' && at.text === 'Enregistrer et continuer', 'the button')
      await entree(page)
    }
    await tabJusqua(page, at => at.text === 'Envoyer ma demande', 'the last button')
    await entree(page)
    await lireAccuse(page)
    await context.close()
  })
