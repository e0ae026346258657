import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
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

const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
const lien = (page: Page, name: string | RegExp) => pageSuivante(page, () => page.getByRole('link', { name }).first().click())
const nombre = async (page: Page) => Number((await page.locator('caption').innerText()).match(/\((\d+)/)?.[1])

for (const [avecScript, largeur] of [
  [true, 1280],
  [false, 320],
] as const)
  test(`the agent’s day ${avecScript ? 'with' : 'without'} script, ${largeur} px`, async t => {
    const { page, context } = await unAgent('administrateur', { avecScript, largeur })
    const ecoute = avecScript ? ecouter(page) : undefined

    await t.test('home says what to do first and why; each count leads to as many dossiers', async () => {
      await page.goto(`${vire}/agent`)
      assert.match(page.url(), /\/agent\/accueil$/)
      if (ecoute) await controler(page, 'Accueil de l’agent', ecoute)
      assert.match(await texte(page), /Par où commencer[\s\S]*(échéance|réponse|message|prendre)/i)
      const figures = page.locator('.figures a')
      const hrefs = await figures.evaluateAll(links => links.map(link => [link.getAttribute('href'), link.textContent]))
      assert.ok(hrefs.length >= 3, `${hrefs.length} reasons`)
      for (const [href, count] of hrefs) {
        await page.goto(new URL(href!, adresse).href)
        assert.equal(await nombre(page), Number(count), href!)
      }
    })

    await t.test('a word of a message finds its dossier; the next one is one link away', async () => {
      const mot = avecScript ? 'saperlipopette' : 'fichtre'
      const usager = await unePersonne({ avecScript: false, largeur: 320 })
      const depose = await dejaDepose(usager.page, vire, 'acte-etat-civil', { saisie: { demandeurNom: 'Journee' } })
      await usager.page.goto(`${vire}/dossiers/${depose.id}`)
      await usager.page.getByLabel('Votre message').fill(`Bonjour, ${mot} !`)
      await envoyer(usager.page, 'Envoyer le message')
      await usager.context.close()
      await page.goto(`${vire}/agent/dossiers`)
      await page.getByRole('searchbox').fill(mot.slice(0, 5).toUpperCase())
      await envoyer(page, 'Filtrer')
      assert.equal(await page.locator('tbody tr').count(), 1)
      await lien(page, /Journee/)
      assert.match(page.url(), new RegExp(`${depose.id}\\?liste=`))
      await page.goto(`${vire}/agent/dossiers`)
      const names = await page.locator('tbody th a').allInnerTexts()
      await pageSuivante(page, () => page.locator('tbody th a').first().click())
      await lien(page, /suivant/i)
      assert.ok((await page.locator('h1').innerText()).startsWith(names[1]!.split(' ').slice(0, 2).join(' ')), names[1])
      await lien(page, /précédent/i)
      assert.ok((await page.locator('h1').innerText()).startsWith(names[0]!.split(' ').slice(0, 2).join(' ')), names[0])
    })

    await t.test('filters by an answer, two days and a column, each taken away by a link', async () => {
      await page.goto(`${vire}/agent/dossiers`)
      await lien(page, 'Plus de filtres, colonnes')
      await page.getByLabel('Démarche').selectOption('occupation-domaine-public')
      await envoyer(page, 'Ajouter ce choix')
      await page.getByLabel('Filtrer par une réponse').selectOption('nature')
      await page.getByLabel('Montrer une réponse en colonne').selectOption('debut')
      await envoyer(page, 'Ajouter ce choix')
      if (ecoute) await controler(page, 'Filtres et colonnes', ecoute)
      await page.locator('select[name="c-nature-valeur"]').selectOption('demenagement')
      await page.getByLabel('État').selectOption('tous')
      await page.locator('[name=du-jour]').fill('31')
      await page.locator('[name=du-mois]').fill('2')
      await page.locator('[name=du-annee]').fill('2026')
      await pageSuivante(page, () => page.getByRole('button', { name: 'Afficher les dossiers' }).click())
      assert.match(await page.title(), /^Erreur/)
      assert.equal(await page.locator('[name=du-jour]').inputValue(), '31')
      assert.equal(await page.locator('select[name="c-nature-valeur"]').inputValue(), 'demenagement')
      await page.locator('[name=du-jour]').fill('1')
      await pageSuivante(page, () => page.getByRole('button', { name: 'Afficher les dossiers' }).click())
      assert.match(page.url(), /du=2026-02-01/)
      assert.doesNotMatch(page.url(), /du-jour/)
      const shown = await nombre(page)
      assert.ok(shown >= 1, `${shown} dossiers`)
      assert.equal(await page.locator('td[data-label="Premier jour"]').count(), shown)
      if (ecoute) await controler(page, 'Liste filtrée', ecoute)
      await lien(page, /^Retirer : Pourquoi/)
      assert.ok((await nombre(page)) > shown)
    })

    await t.test('a list is kept under a name, opened first, renamed, deleted and taken back', async () => {
      const nom = `Mes actes ${largeur}`
      await page.goto(`${vire}/agent/dossiers?etat=tous&demarche=acte-etat-civil&tri=nom`)
      const before = await nombre(page)
      await lien(page, 'Enregistrer ou gérer les vues')
      await envoyer(page, 'Enregistrer la vue')
      assert.match(await page.title(), /^Erreur/)
      await page.getByLabel('Nom de la vue').fill(nom)
      await page.getByLabel('Ouvrir ma liste sur cette vue').check()
      await envoyer(page, 'Enregistrer la vue')
      assert.match(await texte(page), /La vue est enregistrée/)
      assert.equal(await nombre(page), before)
      await page.goto(`${vire}/agent/dossiers`)
      assert.match(page.url(), /\?vue=/)
      assert.match(await page.locator('caption').innerText(), new RegExp(nom))
      await page.goto(`${vire}/agent/vues`)
      if (ecoute) await controler(page, 'Vues', ecoute)
      await page.getByText('Renommer ou supprimer').first().click()
      await page.getByLabel('Nouveau nom').first().fill(`${nom} bis`)
      await envoyer(page, /^Renommer la vue/)
      assert.match(await texte(page), new RegExp(`changé de nom[\\s\\S]*${nom} bis`))
      await page.getByText('Renommer ou supprimer').first().click()
      await envoyer(page, /^Supprimer la vue/)
      assert.match(await texte(page), /est supprimée/)
      await page.goto(`${vire}/agent/dossiers`)
      assert.doesNotMatch(page.url(), /\?vue=/)
      await page.goBack()
      await envoyer(page, 'Annuler la suppression')
      assert.match(await texte(page), /est rétablie/)
      await page.getByLabel('Ce qui est à traiter').check()
      await envoyer(page, 'Ouvrir ainsi')
      await page.getByText('Renommer ou supprimer').first().click()
      await envoyer(page, /^Supprimer la vue/)
    })
    await context.close()
  })

test('by keyboard: j, k, Enter, /, and never while typing', async () => {
  const { page, context } = await unAgent('administrateur')
  await page.goto(`${vire}/agent/dossiers`)
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
  const names = (await page.locator('tbody th a').allInnerTexts()).map(name => name.trim())
  await page.keyboard.press('j')
  assert.equal(await focused(), names[0])
  await page.keyboard.press('j')
  assert.equal(await focused(), names[1])
  await page.keyboard.press('k')
  assert.equal(await focused(), names[0])
  await page.keyboard.press('/')
  await page.keyboard.type('jk/')
  assert.equal(await page.getByRole('searchbox').inputValue(), 'jk/')
  await page.getByRole('searchbox').blur()
  await page.keyboard.press('j')
  await pageSuivante(page, () => page.keyboard.press('Enter'))
  assert.ok((await page.locator('h1').innerText()).startsWith(names[0]!.split(' ')[0]!))
  await context.close()
})

test('a hostile address opens a list, a page or a refusal, never an error', async () => {
  const { page, context } = await unAgent('administrateur')
  for (const query of [
    "q='%22<script>",
    'c-nature-valeur=%25&demarche=occupation-domaine-public',
    'vue=x',
    'col=__proto__&demarche=acte-etat-civil',
    'du=9999-99-99',
    'page=1e9&tri=nom;drop',
  ]) {
    const answer = await page.goto(`${vire}/agent/dossiers?${query}`)
    assert.equal(answer?.status(), 200, query)
  }
  await context.close()
})
