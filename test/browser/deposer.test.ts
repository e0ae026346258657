import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { deposerDemarche, ouvrirParCode } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

// With script, coupures.test.ts and pages.test.ts file the others.
for (const avecScript of [false, true]) {
  for (const demarche of avecScript
    ? ['restauration-scolaire']
    : ['acte-etat-civil', 'restauration-scolaire', 'occupation-domaine-public']) {
    test(`a resident files ${demarche} at 320 px, ${avecScript ? 'with' : 'without'} script`, async () => {
      const { page, context } = await unePersonne({ avecScript, largeur: 320 })
      const depose = await deposerDemarche(page, vire, demarche)
      assert.match(await page.locator('main').innerText(), /Sans réponse/)
      const width = await page.locator('html').evaluate(html => html.scrollWidth)
      assert.ok(width <= 320, `the page is ${width} px wide`)

      const other = await unePersonne({ avecScript, largeur: 320 })
      await ouvrirParCode(other.page, vire, depose)
      await other.page.getByText('Reçu', { exact: true }).waitFor()
      await context.close()
      await other.context.close()
    })
  }
}
