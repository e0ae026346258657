import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { dejaDepose, envoyer, pageSuivante } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const lien = (page: Page, name: string | RegExp) => pageSuivante(page, () => page.getByRole('link', { name }).first().click())
const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
const pdf = async (page: Page, name: RegExp) => {
  const href = (await page.getByRole('link', { name }).first().getAttribute('href'))!
  const answer = await page.context().request.get(new URL(href, page.url()).href)
  assert.equal(answer.status(), 200)
  const body = (await answer.body()).toString('latin1')
  assert.match(body, /^%PDF/)
  assert.match(body, /\/StructTreeRoot/)
}

for (const avecScript of [true, false])
  test(`an agent writes the text of a decision, which serves at the next one, ${avecScript ? 'with' : 'without'} script`, async t => {
    const demarche = avecScript ? 'restauration-scolaire' : 'occupation-domaine-public'
    const usager = await unePersonne({ avecScript, largeur: 320 })
    const depose = await dejaDepose(usager.page, vire, demarche)
    const { page, context } = await unAgent('administrateur', { avecScript, largeur: avecScript ? 1280 : 320 })
    const ecoute = avecScript ? ecouter(page) : undefined
    const voir = async (name: string) => {
      if (ecoute) await controler(page, name, ecoute)
    }

    await t.test('who signs is prepared, with the image of the signature', async () => {
      await page.goto(`${vire}/agent/demarches`)
      await lien(page, 'Documents et messages')
      await voir('modèles, vide')
      await lien(page, 'Signatures')
      await lien(page, 'Ajouter une signature')
      await page.getByLabel('Prénom et nom').fill(`Camille Fictif ${avecScript ? 'un' : 'deux'}`)
      await page
        .getByLabel('Image de la signature')
        .setInputFiles({ name: 's.txt', mimeType: 'text/plain', buffer: Buffer.from('pas une image') })
      await envoyer(page, 'Enregistrer')
      assert.match(await texte(page), /ne peut pas être lue/)
      assert.match(await page.getByLabel('Prénom et nom').inputValue(), /^Camille Fictif/)
      await page.getByLabel('Qualité').fill('Le maire')
      const ink = await sharp({ create: { width: 400, height: 150, channels: 3, background: '#fff' } })
        .png()
        .toBuffer()
      await page.getByLabel('Image de la signature').setInputFiles({ name: 's.png', mimeType: 'image/png', buffer: ink })
      await envoyer(page, 'Enregistrer')
      assert.match(await texte(page), /La signature est ajoutée/)
      await voir('signatures')
      await lien(page, /Camille Fictif/)
      await voir('signature')
    })

    await t.test('the text begins with today’s words; an unknown datum is refused with the nearest', async () => {
      await page.goto(`${vire}/agent/modeles?demarche=${demarche}`)
      await page.getByLabel('Pour quel document ou quel courriel').selectOption('document.accepter')
      await envoyer(page, 'Commencer avec le texte actuel')
      assert.match(await texte(page), /Rien ne change tant que vous n’y touchez pas/)
      await voir('modèle')
      await page.getByLabel('Titre du document').fill('Autorisation pour {demandeurr}')
      await envoyer(page, 'Enregistrer cette version')
      assert.match(await texte(page), /Vouliez-vous dire \{demandeur\}/)
      assert.equal(await page.getByLabel('Titre du document').inputValue(), 'Autorisation pour {demandeurr}')
      await voir('modèle refusé')
    })

    await t.test('a datum is inserted from the list, a block is added with a condition, the result is shown', async () => {
      await page.getByLabel('Titre du document').fill('Autorisation pour')
      await page.getByLabel('Du dossier et de la collectivité').selectOption('demandeur')
      await page.getByLabel('Où').selectOption('titre')
      await envoyer(page, 'Insérer')
      assert.equal(await page.getByLabel('Titre du document').inputValue(), 'Autorisation pour {demandeur}')
      await envoyer(page, 'Ajouter un bloc')
      await page.getByLabel('Texte').last().fill('Merci de garder ce document.')
      await page
        .getByRole('button', { name: /^Condition du bloc/ })
        .last()
        .scrollIntoViewIfNeeded()
      await pageSuivante(page, () =>
        page
          .getByRole('button', { name: /^Condition du bloc/ })
          .last()
          .click(),
      )
      await page.getByRole('radio', { name: 'Seulement si' }).check()
      await page.getByLabel('la question').selectOption({ index: 1 })
      await page.getByLabel('la comparaison').selectOption('n_est_pas_vide')
      await voir('modèle, condition')
      await page.getByLabel('Qui signe').selectOption({ index: 1 })
      await envoyer(page, 'Voir le résultat')
      assert.match(await texte(page), /Autorisation pour \[Nom de la personne\]/)
      assert.match(await texte(page), /Seulement si .* est rempli/)
      await voir('modèle, résultat')
      await envoyer(page, 'Enregistrer cette version')
      assert.match(await texte(page), /Cette version est enregistrée/)
      await pdf(page, /spécimen en PDF/)
    })

    await t.test('the decision shows it before, as a page and as a PDF, then is issued with it', async () => {
      await page.goto(`${vire}/agent/dossiers/${depose.id}`)
      await envoyer(page, 'Prendre en charge')
      await lien(page, 'Accepter')
      assert.match(await texte(page), /Le document dira : Autorisation pour/)
      await voir('décision')
      await pdf(page, /Voir le document/)
      await envoyer(page, 'Accepter la demande')
      const issued = page.getByRole('link', { name: /^Autorisation pour/ })
      for (let tries = 0; (await issued.count()) === 0 && tries < 40; tries++) {
        await page.waitForTimeout(150)
        await page.reload()
      }
      await pdf(page, /^Autorisation pour/)
    })

    await t.test('an earlier version is taken again, and the original text comes back', async () => {
      await page.goto(`${vire}/agent/modeles`)
      await voir('modèles')
      await lien(page, 'Décision d’acceptation')
      await lien(page, 'Versions enregistrées')
      await voir('versions')
      await lien(page, 'Version 1')
      await voir('version')
      await envoyer(page, 'Reprendre cette version')
      assert.match(await texte(page), /L’ancienne version est reprise/)
      await envoyer(page, 'Revenir au texte d’origine')
      assert.match(await texte(page), /Le texte d’origine a repris sa place/)
    })
    assert.deepEqual(ecoute?.plaintes ?? [], [])
    await context.close()
    await usager.context.close()
  })

test('whoever holds a document verifies its code: one that cannot be is told here, one that nobody issued is not found', async () => {
  const { page, context } = await unePersonne({ avecScript: true })
  const ecoute = ecouter(page)
  await page.goto(`${vire}/verifier`)
  await controler(page, 'vérifier', ecoute)
  await page.getByLabel('Code du document').fill('K7M4')
  await envoyer(page, 'Vérifier')
  assert.match(await texte(page), /Tapez les 24 lettres/)
  await controler(page, 'vérifier, refusé', ecoute)
  await page.getByLabel('Code du document').fill('aaaa cccc dddd eeee ffff gggg')
  await envoyer(page, 'Vérifier')
  assert.match(await texte(page), /Aucun document de cette collectivité ne porte ce code/)
  await context.close()
})
