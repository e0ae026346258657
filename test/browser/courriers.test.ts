import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { dejaDepose, pageSuivante } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
const lien = (page: Page, name: string | RegExp) => pageSuivante(page, () => page.getByRole('link', { name }).first().click())
const bouton = (page: Page, name: string) => pageSuivante(page, () => page.getByRole('button', { name }).click())

for (const avecScript of [true, false])
  test(`an agent writes a letter, seen before it leaves, and the person reads it, ${avecScript ? 'with' : 'without'} script`, async () => {
    const usager = await unePersonne({ avecScript, largeur: 320 })
    const depose = await dejaDepose(usager.page, vire, 'occupation-domaine-public')
    const { page, context } = await unAgent('administrateur', { avecScript, largeur: avecScript ? 1280 : 320 })
    const ecoute = avecScript ? ecouter(page) : undefined
    const voir = async (name: string) => {
      if (ecoute) await controler(page, name, ecoute)
    }

    // A text of the collectivité, once: the other run finds it.
    if (avecScript) {
      await page.goto(`${vire}/agent/modeles`)
      await page.getByLabel('Pour quel document ou quel courriel').selectOption('document.courrier')
      await bouton(page, 'Commencer avec le texte actuel')
      assert.match(await texte(page), /Le courrier est créé/)
      await page.getByLabel('Titre du document').fill('Rendez-vous en mairie')
      await page.getByLabel('Texte').last().fill('Venez à {mairie} avec la référence {reference}.')
      await bouton(page, 'Enregistrer cette version')
      assert.match(await texte(page), /les agents peuvent s’en servir/)
      await voir('modèle de courrier')
    }

    await page.goto(`${vire}/agent/dossiers?q=${depose.reference}&etat=tous`)
    await pageSuivante(page, () => page.locator('tbody a').first().click())
    const dossier = page.url().replace(/\?.*/, '')
    await lien(page, 'Écrire un courrier')
    await voir('choix du courrier')
    await lien(page, 'Rendez-vous en mairie')
    await voir('courrier à écrire')
    assert.match(
      await page.getByLabel('Paragraphe (2)').inputValue(),
      new RegExp(`Venez à la mairie avec la référence ${depose.reference}`),
    )
    await page.getByLabel('Paragraphe (3)').fill('Apportez le plan.')
    // The preview is a file: the page stays, with what is typed.
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Voir le courrier (PDF)' }).click(),
    ])
    assert.match(download.suggestedFilename(), /^specimen-.*\.pdf$/)
    assert.equal(await page.getByLabel('Paragraphe (3)').inputValue(), 'Apportez le plan.')
    await page.getByLabel('Titre du courrier').fill('')
    await bouton(page, 'Envoyer le courrier')
    assert.match(await texte(page), /Donnez un titre à ce courrier/)
    assert.equal(await page.getByLabel('Paragraphe (3)').inputValue(), 'Apportez le plan.')
    await voir('courrier refusé')
    await page.getByLabel('Titre du courrier').fill('Votre rendez-vous')
    await bouton(page, 'Envoyer le courrier')
    assert.match(await texte(page), /Le courrier part dans un instant/)

    for (let look = 0; look < 40 && !/Votre rendez-vous/.test(await texte(page)); look++) {
      await page.waitForTimeout(500)
      await page.goto(dossier)
    }
    assert.match(await texte(page), /Votre rendez-vous[\s\S]*Courrier envoyé/)
    await voir('dossier avec un courrier')
    await usager.page.goto(`${vire}/suivi`)
    await usager.page.getByLabel('Référence').fill(depose.reference)
    await usager.page.getByLabel('Code personnel').fill(depose.code)
    await bouton(usager.page, 'Ouvrir')
    assert.match(await texte(usager.page), /Votre rendez-vous \(PDF\)[\s\S]*Un courrier vous a été envoyé/)
    await usager.context.close()
    await context.close()
  })
