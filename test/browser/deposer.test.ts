import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { envoyer, remplirDemarche } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

for (const avecScript of [false, true]) {
  for (const demarche of ['acte-etat-civil', 'restauration-scolaire', 'occupation-domaine-public']) {
    test(`a resident files ${demarche} at 320 px, ${avecScript ? 'with' : 'without'} script`, async () => {
      const { page, context } = await unePersonne({ avecScript, largeur: 320 })
      await remplirDemarche(page, vire, demarche, 0)
      await envoyer(page, 'Envoyer ma demande')
      await page.getByRole('heading', { name: 'Votre demande est envoyée' }).waitFor()
      const body = await page.locator('main').innerText()
      const [reference, code] = body.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/g) ?? []
      assert.ok(reference && code, body)
      assert.match(body, /Sans réponse/)
      const overflow = await page.locator('html').evaluate(html => html.scrollWidth).catch(() => 0)
      assert.ok(overflow <= 320, `the page is ${overflow} px wide`)

      const other = await unePersonne({ avecScript, largeur: 320 })
      await other.page.goto(`${vire}/suivi`)
      await other.page.getByLabel('Référence').fill(reference.toLowerCase().replace('-', ' '))
      await other.page.getByLabel('Code personnel').fill(code)
      await envoyer(other.page, 'Ouvrir')
      await other.page.getByText('Reçu', { exact: true }).waitFor()
      await context.close()
      await other.context.close()
    })
  }
}
