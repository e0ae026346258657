import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { envoyer } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
const choisir = (page: Page, content: string | Buffer) =>
  page.getByLabel('Tableau').setInputFiles({ name: 'ecoles.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })

const ecoles = `Code,École,Places\n${Array.from({ length: 60 }, (_, i) => `E${i + 1},École fictive ${i + 1},${20 + i}`).join('\n')}\n`

for (const avecScript of [true, false])
  test(`an agent adds a list from a file, mends it, searches it and deletes it, ${avecScript ? 'with' : 'without'} script`, async t => {
    const { page, context } = await unAgent('administrateur', { avecScript, largeur: avecScript ? 1280 : 320 })
    const ecoute = avecScript ? ecouter(page) : undefined
    const nom = `Écoles ${avecScript ? 'avec' : 'sans'} script`
    const voir = async (name: string) => {
      if (ecoute) await controler(page, name, ecoute)
    }

    await t.test('a file that cannot be read is explained line by line', async () => {
      await page.goto(`${vire}/agent/referentiels`)
      await voir('listes')
      await page.getByRole('link', { name: 'Ajouter un fichier CSV' }).click()
      await page.getByLabel('Nom de la liste').fill(nom)
      await choisir(page, 'Code;École\nE1;A\nE1;B\n')
      await envoyer(page, 'Ajouter la liste')
      assert.match(await texte(page), /Ligne 3 : « E1 » est déjà à la ligne 2/)
      assert.equal(await page.getByLabel('Nom de la liste').inputValue(), nom)
      await voir('liste refusée')
    })

    await t.test('mended, it is added, and what was understood is told', async () => {
      await choisir(page, Buffer.from(ecoles, 'latin1'))
      await envoyer(page, 'Ajouter la liste')
      const seen = await texte(page)
      assert.match(seen, /La liste est ajoutée/)
      assert.match(seen, /Encodage Windows/)
      assert.match(seen, /Séparateur lu : virgule/)
      assert.match(seen, /60 lignes/)
      assert.match(seen, /Page 1 sur 3/)
      await voir('liste')
    })

    await t.test('it is searched, its columns change, and a column with doubles is refused', async () => {
      await page.getByRole('searchbox').fill('fictive 42')
      await envoyer(page, 'Rechercher')
      assert.equal(await page.locator('tbody tr').count(), 1)
      await page.getByLabel('Colonne que les personnes lisent').selectOption('Places')
      await envoyer(page, 'Changer les colonnes')
      assert.match(await texte(page), /Les colonnes sont changées/)
    })

    await t.test('it is deleted once the consequence is read', async () => {
      await page.getByRole('link', { name: 'Supprimer la liste' }).click()
      assert.match(await texte(page), /non vérifiées/)
      await voir('suppression')
      await envoyer(page, 'Supprimer définitivement')
      assert.match(await texte(page), /La liste est supprimée/)
      assert.doesNotMatch(await texte(page), new RegExp(nom))
    })
    assert.deepEqual(ecoute?.plaintes ?? [], [])
    await context.close()
  })

test('an API is declared and tried; an internal address is refused in words', async () => {
  const { page, context } = await unAgent('administrateur')
  const ecoute = ecouter(page)
  await page.goto(`${vire}/agent/referentiels/api`)
  await page.getByLabel('Nom de la liste').fill('Arrêts de car')
  await page.getByLabel('Adresse').fill('http://exemple.fr/{cle}')
  await envoyer(page, 'Enregistrer et essayer')
  assert.match(await texte(page), /https complète/)
  await controler(page, 'API refusée', ecoute)
  await page.getByLabel('Adresse').fill('https://127.0.0.1/arrets?q={cle}')
  await page.getByLabel('Chemin de l’identifiant').fill('id')
  await page.getByLabel('Chemin du libellé').fill('nom')
  await envoyer(page, 'Enregistrer et essayer')
  assert.match(await texte(page), /enregistrée/)
  await page.getByRole('searchbox').fill('gare')
  await envoyer(page, 'Essayer')
  assert.match(await texte(page), /réseau interne/)
  await controler(page, 'API essayée', ecoute)
  await context.close()
})

test('the public look-up of communes answers ten words at most, kept by nobody', async () => {
  const { page, context } = await unePersonne({ avecScript: false })
  for (const url of [
    `${adresse}/recherche/communes?q=saint+martin`,
    `${vire}/recherche/communes?q=vire`,
    `${vire}/recherche/adresses?q=rue`,
  ]) {
    const response = await page.request.get(url)
    assert.equal(response.status(), 200)
    assert.equal(response.headers()['cache-control'], 'no-store')
    const { resultats } = (await response.json()) as { resultats: string[] }
    assert.ok(resultats.length <= 10 && (url.includes('adresses') || resultats.length > 0), url)
  }
  await context.close()
})

test('propositions while typing: arrows and Enter choose, Escape and leaving close, and the page stays accessible', async () => {
  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  const ecoute = ecouter(page)
  await page.goto(`${adresse}/composants`)
  const box = page.getByRole('combobox', { name: 'Commune de naissance' })
  await box.pressSequentially('vire nor')
  const options = page.locator('#commune-de-naissance-propositions:not([hidden]) [role=option]')
  await options.first().waitFor()
  assert.equal(await options.first().innerText(), 'Vire Normandie (14500)')
  await box.press('Escape')
  assert.equal(await options.count(), 0)
  await box.pressSequentially('m')
  await options.first().waitFor()
  await box.press('ArrowDown')
  assert.equal(await box.getAttribute('aria-activedescendant'), await options.first().getAttribute('id'))
  await box.press('Enter')
  assert.equal(await box.inputValue(), 'Vire Normandie (14500)')
  assert.equal(await box.getAttribute('aria-expanded'), 'false')
  await box.fill('saint martin')
  await options.nth(9).waitFor()
  await options.nth(3).click()
  assert.match(await box.inputValue(), /Saint-Martin/)
  await box.fill('saint-martin')
  await options.first().waitFor()
  await box.press('Tab')
  assert.equal(await options.count(), 0)
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
  assert.deepEqual(ecoute.plaintes, [])
  await context.close()
})
