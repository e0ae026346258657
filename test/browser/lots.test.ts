import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur } from '../builders/navigateur.ts'
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
const cases = (page: Page) => page.getByRole('checkbox', { name: /^Choisir / })

/** Looks at the page of a batch until it ended; with script it says so by itself. */
async function attendreLaFin(page: Page, avecScript: boolean): Promise<void> {
  await page.getByRole('link', { name: 'Tous vos travaux en lot' }).waitFor()
  for (let turn = 0; turn < 60 && (await page.getByRole('progressbar').count()) > 0; turn++) {
    await page.waitForTimeout(avecScript ? 500 : 300)
    if (!avecScript) await page.getByRole('link', { name: 'Actualiser' }).click()
  }
  assert.equal(await page.getByRole('progressbar').count(), 0)
}

for (const avecScript of [true, false])
  test(`an agent gives several dossiers to a colleague, then undoes it, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unAgent('administrateur', { avecScript, largeur: avecScript ? 1280 : 320 })
    const ecoute = avecScript ? ecouter(page) : undefined
    const voir = async (name: string) => {
      if (ecoute) await controler(page, name, ecoute)
    }
    await page.goto(`${vire}/agent/dossiers?etat=en_construction`)
    await voir('liste à cocher')
    await page.getByLabel('Pour les dossiers cochés').selectOption('attribuer')
    await envoyer(page, 'Continuer')
    assert.match(await texte(page), /Cochez au moins un dossier/)

    await page.getByRole('link', { name: 'Cocher toute la page' }).click()
    assert.equal(await cases(page).first().isChecked(), true)
    const count = await cases(page).count()
    assert.ok(count >= 2, `${count}`)
    await page.getByLabel('Pour les dossiers cochés').selectOption('attribuer')
    await envoyer(page, 'Continuer')
    assert.match(await page.locator('h1').innerText(), new RegExp(`Attribuer.*${count} dossiers`, 's'))
    await voir('confirmation')
    await page.getByLabel('La personne en charge').selectOption({ index: 1 })
    await page.getByRole('button', { name: /^Attribuer/ }).click()
    await attendreLaFin(page, avecScript)
    assert.match(await texte(page), new RegExp(`${count} dossiers attribués`))
    await voir('résultat')

    const before = page.url()
    await page.getByRole('button', { name: 'Annuler ce travail' }).click()
    await page.waitForURL(url => url.href !== before)
    await attendreLaFin(page, avecScript)
    assert.match(await texte(page), /remis comme avant/)
    await page.getByRole('link', { name: 'Tous vos travaux en lot' }).click()
    assert.match(await texte(page), /Annulation/)
    await voir('travaux')
    assert.deepEqual(ecoute?.plaintes ?? [], [])
    await context.close()
  })

test('a refusal of several dossiers asks its reason, says which cannot be refused, and how a decision is revoked', async () => {
  const { page, context } = await unAgent('administrateur')
  const ecoute = ecouter(page)
  await page.goto(`${vire}/agent/dossiers?etat=tous&cocher=oui`)
  await page.getByLabel('Pour les dossiers cochés').selectOption('refuser')
  await page.getByRole('button', { name: 'Continuer', exact: true }).click()
  await page.waitForURL(/\/lots\//)
  assert.match(await texte(page), /ne pour(ra|ront) pas l’être/)
  await page.getByRole('button', { name: /^Refuser/ }).click()
  await page.getByRole('link', { name: /motif/i }).first().waitFor()
  await controler(page, 'motif absent', ecoute)
  await page.getByLabel('Motif').fill('La demande est arrivée après la date limite.')
  await page.getByRole('button', { name: /^Refuser/ }).click()
  await attendreLaFin(page, true)
  const seen = await texte(page)
  assert.match(seen, /dossiers? refusés?/)
  assert.match(seen, /Une décision ne s’annule pas en lot/)
  assert.match(seen, /laissés? de côté/)
  await controler(page, 'refus en lot', ecoute)
  await page.getByRole('table').getByRole('link').first().click()
  assert.match(page.url(), /\/agent\/dossiers\/[0-9a-f-]{36}/)
  await context.close()
})
