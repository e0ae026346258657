import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { type Depose, dejaDepose, deposerDemarche, envoyer, ouvrirParCode, pageSuivante, photo } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const lien = (page: Page, name: string | RegExp) => pageSuivante(page, () => page.getByRole('link', { name }).first().click())
const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')

/** Comes back to a page until it shows what the worker makes after the act. */
async function attendre(page: Page, shown: () => Promise<number>): Promise<void> {
  for (let tries = 0; (await shown()) === 0 && tries < 40; tries++) {
    await page.waitForTimeout(150)
    await page.reload()
  }
}

/** A document of the page, as it arrives: a tagged PDF. */
async function telechargerPdf(page: Page, name: RegExp): Promise<void> {
  const link = page.getByRole('link', { name })
  await attendre(page, () => link.count())
  const answer = await page.context().request.get(new URL((await link.first().getAttribute('href'))!, adresse).href)
  assert.equal(answer.status(), 200)
  const body = (await answer.body()).toString('latin1')
  assert.ok(body.startsWith('%PDF'), body.slice(0, 20))
  assert.match(body, /\/StructTreeRoot|pdfuaid/)
}

for (const avecScript of [true, false])
  test(`from the resident’s demande to the decision, ${avecScript ? 'with' : 'without'} script`, async t => {
    const nom = avecScript ? 'Avecscript' : 'Sansscript'
    const usager = await unePersonne({ avecScript, largeur: 320 })
    const depose: Depose = await deposerDemarche(usager.page, vire, 'restauration-scolaire', { rang: 1, saisie: { responsableNom: nom } })
    const ecoute = avecScript ? ecouter(usager.page) : undefined
    const suivi = `${vire}/dossiers/${depose.id}`
    const { page, context } = await unAgent('administrateur', { avecScript })
    const dossier = `${vire}/agent/dossiers/${depose.id}`

    await t.test('the agent finds it by name and by reference', async () => {
      for (const q of [nom.toLowerCase(), depose.reference.toLowerCase()]) {
        await page.goto(`${vire}/agent/dossiers`)
        await page.getByLabel('Nom, référence ou mot du dossier').fill(q)
        await envoyer(page, 'Filtrer')
        assert.equal(await page.locator('tbody tr').count(), 1, q)
      }
      await lien(page, new RegExp(nom))
      assert.equal(page.url().split('?')[0], dossier)
      assert.match(await texte(page), /Personne pour l’instant/)
    })

    await t.test('takes it, and asks for a correction: first without saying what', async () => {
      await envoyer(page, 'Prendre en charge')
      assert.match(await texte(page), /Vous avez pris ce dossier en charge/)
      await lien(page, 'Demander une correction')
      await envoyer(page, 'Envoyer la demande')
      assert.match(await page.title(), /^Erreur/)
      await page.getByRole('checkbox', { name: /Classe/ }).check()
      await page.getByRole('checkbox', { name: /Projet d’accueil/ }).check()
      await page.getByLabel('Ce que la personne doit faire').fill('La photo du PAI est floue.')
      await envoyer(page, 'Envoyer la demande')
      assert.match(await texte(page), /En attente de la personne/)
    })

    await t.test('the resident reads it at 320 px, answers with words and a document', async () => {
      await ouvrirParCode(usager.page, vire, depose)
      assert.match(await texte(usager.page), /À vous d’agir avant[\s\S]*La photo du PAI est floue/)
      if (ecoute) await controler(usager.page, 'Suivi à corriger', ecoute)
      await lien(usager.page, 'Répondre à la demande de correction')
      if (ecoute) await controler(usager.page, 'Correction', ecoute)
      const rows = usager.page.getByRole('link', { name: /^Modifier : Projet d’accueil/ })
      await pageSuivante(usager.page, () => rows.last().click())
      await envoyer(usager.page, /^Retirer/)
      if (ecoute) await controler(usager.page, 'Page à corriger', ecoute)
      await usager.page.locator('input[type=file]').setInputFiles({ name: 'pai-net.jpg', mimeType: 'image/jpeg', buffer: await photo() })
      await usager.page.locator('select[name=classe]').selectOption('cm1')
      await envoyer(usager.page, 'Enregistrer cette correction')
      assert.match(await texte(usager.page), /pai-net/)
      assert.ok((await usager.page.locator('html').evaluate(html => html.scrollWidth)) <= 320)
      await envoyer(usager.page, 'Renvoyer ma demande')
      assert.doesNotMatch(await texte(usager.page), /À vous d’agir/)
    })

    await t.test('the agent sees the answer, and they write to each other', async () => {
      await page.goto(dossier)
      assert.match(await texte(page), /CM1/)
      assert.match(await texte(page), /pai-net/)
      await page.getByLabel('Votre message').fill('Merci, c’est complet.\nBonne journée.')
      await envoyer(page, 'Envoyer le message')
      await usager.page.goto(suivi)
      assert.match(await texte(usager.page), /Merci, c’est complet\.\s+Bonne journée/)
      await usager.page.getByLabel('Votre message').fill('Quand aurai-je la réponse ? <b>&')
      await envoyer(usager.page, 'Envoyer le message')
      await page.goto(`${vire}/agent/dossiers?q=${nom}`)
      assert.match(await texte(page), /1 message non lu/)
      await page.goto(dossier)
      assert.match(await texte(page), /Quand aurai-je la réponse \? <b>&/)
    })

    await t.test('a refusal needs its reason; the demande is accepted', async () => {
      if ((await page.getByRole('button', { name: 'Prendre en charge' }).count()) > 0) await envoyer(page, 'Prendre en charge')
      await lien(page, 'Refuser')
      await envoyer(page, 'Refuser la demande')
      assert.match(await page.locator('.error-summary').innerText(), /motif/)
      await page.goto(dossier)
      await lien(page, 'Accepter')
      await envoyer(page, 'Accepter la demande')
      assert.match(await texte(page), /La demande est acceptée/)
    })

    await t.test('the resident downloads the receipt and the decision, tagged PDF both', async () => {
      await usager.page.goto(suivi)
      await telechargerPdf(usager.page, /[Aa]ccusé/)
      await telechargerPdf(usager.page, /[Dd]écision|[Ii]nscription/)
      if (ecoute) await controler(usager.page, 'Suivi décidé', ecoute)
      assert.match(await texte(usager.page), /Accepté/)
    })

    await t.test('reopened, the document no longer holds; then closed with a reason', async () => {
      await page.goto(dossier)
      await lien(page, 'Rouvrir')
      await page.getByLabel('Motif de la réouverture').fill('Erreur de date.')
      await envoyer(page, 'Rouvrir le dossier')
      assert.match(await texte(page), /révoqué/)
      await usager.page.goto(suivi)
      assert.match(await texte(usager.page), /N’est plus valable/)
      await lien(page, 'Classer sans suite')
      await page.getByLabel('Motif du classement').fill('Demande retirée.')
      await envoyer(page, 'Classer sans suite')
      await usager.page.reload()
      assert.match(await texte(usager.page), /Classé sans suite/)
    })

    await t.test('the messages wait in the boîte d’envoi, and the link of one leads to the dossier', async () => {
      await usager.page.goto(`${vire}/boite-d-envoi`)
      const mails = usager.page.locator('tbody a')
      await attendre(usager.page, async () => Number((await mails.count()) >= 4))
      await pageSuivante(usager.page, () => mails.first().click())
      const href = await usager.page
        .locator(`main a[href*="${depose.reference}"], main a[href*="/suivi"], main a[href*="/dossiers/"]`)
        .first()
        .getAttribute('href')
      assert.ok(href)
      const other = await unePersonne({ avecScript, largeur: 320 })
      await other.page.goto(href)
      if ((await other.page.getByLabel('Code personnel').inputValue()) === '')
        await other.page.getByLabel('Code personnel').fill(depose.code)
      if ((await other.page.getByLabel('Référence').inputValue()) === '') await other.page.getByLabel('Référence').fill(depose.reference)
      await envoyer(other.page, 'Ouvrir')
      assert.equal(other.page.url(), suivi)
      await other.context.close()
    })
    await context.close()
    await usager.context.close()
  })

for (const avecScript of [true, false])
  test(`who lost their code is identified and given another, ${avecScript ? 'with' : 'without'} script`, async () => {
    const largeur = avecScript ? 1280 : 320
    const usager = await unePersonne({ avecScript, largeur: 320 })
    const depose = await dejaDepose(usager.page, vire, 'acte-etat-civil', { saisie: { demandeurNom: 'Distrait' } })
    const { page, context } = await unAgent('instructeur', { avecScript, largeur })
    const [ecoute, ecouteUsager] = avecScript ? [ecouter(page), ecouter(usager.page)] : []
    const voir = async (qui: Page, nom: string, ecoutee = ecoute) => ecoutee && controler(qui, nom, ecoutee)
    await page.goto(`${vire}/agent/dossiers/${depose.id}`)
    await lien(page, 'Donner un nouveau code à la personne')
    await voir(page, 'Donner un nouveau code')
    await envoyer(page, 'Donner un nouveau code')
    assert.match(await page.title(), /^Erreur/)
    await voir(page, 'Donner un nouveau code, sans dire comment')
    await page.getByLabel('Comment avez-vous vérifié l’identité').fill('Carte d’identité montrée au guichet.')
    await envoyer(page, 'Donner un nouveau code')
    await page.getByRole('heading', { name: 'Nouveau code à remettre' }).waitFor()
    await voir(page, 'Nouveau code à remettre')
    const [reference, code] = (await texte(page)).match(/[0-9A-Z]{4}-[0-9A-Z]{4}/g) ?? []
    assert.ok(code && reference === depose.reference && code !== depose.code)
    assert.ok(!page.url().includes(code))
    assert.ok((await page.locator('html').evaluate(html => html.scrollWidth)) <= largeur)
    await lien(page, 'Revenir au dossier')
    assert.match(await texte(page), /Nouveau code donné à la personne[\s\S]*Carte d’identité montrée au guichet/)
    assert.ok(!(await texte(page)).includes(code))

    assert.equal((await usager.page.goto(`${vire}/dossiers/${depose.id}`))?.status(), 404)
    await ouvrirParCode(usager.page, vire, depose)
    assert.match(await usager.page.title(), /^Erreur/)
    await ouvrirParCode(usager.page, vire, { reference, code })
    assert.match(await texte(usager.page), /Un nouveau code vous a été donné/)
    await voir(usager.page, 'Suivi avec un nouveau code', ecouteUsager)
    await envoyer(usager.page, 'Ce n’était pas moi')
    assert.ok(!(await texte(usager.page)).includes(code))
    assert.equal((await page.goto(`${vire}/agent/dossiers/${depose.id}/code/fiche`))?.status(), 410)
    await context.close()
    await usager.context.close()
  })

test('the list: filters, order, pages', async () => {
  const { page, context } = await unAgent('administrateur')
  await page.goto(`${vire}/agent/dossiers`)
  const all = Number((await page.locator('caption').innerText()).match(/\((\d+)/)?.[1])
  assert.ok(all > 5)
  await page.getByLabel('Démarche', { exact: true }).selectOption('acte-etat-civil')
  await page.getByLabel('Trier par').selectOption('recents')
  await envoyer(page, 'Filtrer')
  const cells = await page.locator('tbody tr').allInnerTexts()
  assert.ok(cells.length > 0 && cells.length < all)
  // Of one démarche, its name is no column; the first one is of it.
  assert.equal(await page.locator('td[data-label="Démarche"]').count(), 0)
  await pageSuivante(page, () => page.locator('tbody th a').first().click())
  assert.match(await page.title(), /acte d’état civil/i)
  await page.goto(`${vire}/agent/dossiers?q=e`)
  const total = Number((await page.locator('caption').innerText()).match(/\((\d+)/)?.[1])
  assert.ok(total > 25, `${total} dossiers`)
  assert.equal(await page.locator('tbody tr').count(), 25)
  await lien(page, 'Page suivante')
  assert.equal(await page.locator('tbody tr').count(), Math.min(25, total - 25))
  await page.goto(`${vire}/agent/dossiers?etat=accepte`)
  for (const cell of await page.locator('tbody tr').allInnerTexts()) assert.match(cell, /Accepté/)
  await context.close()
})

test('two agents at once: the second is told, and what they wrote is kept', async () => {
  const usager = await unePersonne({ avecScript: false, largeur: 320 })
  const { id } = await dejaDepose(usager.page, vire, 'acte-etat-civil', { saisie: { demandeurNom: 'Partagé' } })
  await usager.context.close()
  const first = await unAgent('administrateur')
  const second = await unAgent('instructeur')
  await first.page.goto(`${vire}/agent/dossiers/${id}`)
  await second.page.goto(`${vire}/agent/dossiers/${id}`)
  await second.page.getByLabel('Votre message').fill('Bonjour, je regarde votre demande.')
  await envoyer(first.page, 'Prendre en charge')
  await envoyer(second.page, 'Envoyer le message')
  assert.match(await texte(second.page), /Quelqu’un a agi sur ce dossier/)
  assert.equal(await second.page.getByLabel('Votre message').inputValue(), 'Bonjour, je regarde votre demande.')
  await first.context.close()
  await second.context.close()
})

test('a lecteur reads and can do nothing', async () => {
  const { page, context } = await unAgent('lecteur')
  await page.goto(`${vire}/agent/dossiers`)
  await pageSuivante(page, () => page.locator('tbody a').first().click())
  // To follow is only a mark for oneself.
  assert.equal(await page.locator('main form:not([action$="/suivi"])').count(), 0)
  for (const words of ['Accepter', 'Refuser', 'Rouvrir', 'Demander une correction'])
    assert.equal(await page.getByRole('link', { name: words }).count(), 0, words)
  const answer = await page.goto(`${page.url().replace(/\?.*/, '')}/acceptation`)
  assert.equal(answer?.status(), 403)
  await context.close()
})

test('the journal is whole', async () => {
  const { page, context } = await unAgent('administrateur')
  await page.goto(`${vire}/agent/journal`)
  await lien(page, 'Vérifier tout le journal')
  assert.match(await page.locator('.tone-succes').innerText(), /./)
  await context.close()
})
