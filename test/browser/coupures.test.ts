import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { deposerDemarche, envoyer, lireAccuse, pageSuivante, remplirDemarche } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

/** How many dossiers the agents find under this name: every one filed. */
async function dossiersAuNomDe(nom: string): Promise<number> {
  const { page, context } = await unAgent('administrateur')
  await page.goto(`${vire}/agent/dossiers?q=${encodeURIComponent(nom)}`)
  const count = await page.locator('tbody tr').count()
  await context.close()
  return count
}

/** What a person sees in the fields of the page, files apart: their files stay chosen but cannot be read. */
const typed = (page: Page) =>
  page
    .locator('main form')
    .first()
    .evaluate(form =>
      JSON.stringify(
        [...new FormData(form as HTMLFormElement)].map(([name, value]) =>
          typeof value === 'string' ? [name, value] : [name, value.name, value.size],
        ),
      ),
    )

const couper = (page: Page, when: 'before' | 'after') =>
  page.route(
    '**',
    async route => {
      if (when === 'after') await route.fetch({ maxRedirects: 0 })
      await route.abort('connectionreset')
    },
    { times: 1 },
  )

test('with script, cut at every page before and after the server handled it: nothing is lost, one dossier', async () => {
  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  let pages = 0
  const malgreLesCoupures: typeof envoyer = async (form, name) => {
    const before = await typed(form)
    await couper(form, 'before')
    await form.getByRole('button', { name }).first().click()
    await form.getByRole('alert').getByText('Rien n’est perdu').waitFor()
    assert.equal(await typed(form), before)
    await couper(form, 'after')
    await form.getByRole('button', { name: 'Réessayer' }).click()
    await form.locator('form:not([aria-busy])').getByText('Rien n’est perdu').waitFor()
    assert.equal(await typed(form), before)
    await pageSuivante(form, () => form.getByRole('button', { name: 'Réessayer' }).click())
    pages++
  }
  const { reference } = await deposerDemarche(page, vire, 'occupation-domaine-public', {
    rang: 1,
    saisie: { demandeurNom: 'Troisfois' },
    envoi: malgreLesCoupures,
  })
  assert.ok(pages >= 6, `${pages} pages`)
  assert.ok(reference)
  assert.equal(await dossiersAuNomDe('Troisfois'), 1)
  await context.close()
})

test('with script, off line: the page waits and sends by itself when the line is back', async () => {
  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  await remplirDemarche(page, vire, 'acte-etat-civil', { saisie: { demandeurNom: 'Horsligne' } })
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Envoyer ma demande' }).click()
  await page.getByRole('alert').waitFor()
  await pageSuivante(page, () => context.setOffline(false))
  await lireAccuse(page)
  assert.equal(await dossiersAuNomDe('Horsligne'), 1)
  await context.close()
})

test('without script, an answer lost on the way then the page loaded again: filed once, and the receipt is reached', async () => {
  const { page, context } = await unePersonne({ avecScript: false, largeur: 320 })
  const malgreUneCoupure: typeof envoyer = async (form, name) => {
    await couper(form, 'after')
    await form.getByRole('button', { name }).first().click()
    await form.waitForURL('chrome-error://**')
    await form.reload()
    await form.waitForLoadState('load')
  }
  await deposerDemarche(page, vire, 'acte-etat-civil', { saisie: { demandeurNom: 'Perdue' }, envoi: malgreUneCoupure })
  assert.equal(await dossiersAuNomDe('Perdue'), 1)

  // Back to the check of the answers, then to a page of the draft: both lead to the demande that was sent.
  await page.goBack()
  await page.getByText('Demande reçue').waitFor()
  await context.close()
})

test('without script, a refused page loaded again sends the same values and is refused again', async () => {
  const { page, context } = await unePersonne({ avecScript: false, largeur: 320 })
  await page.goto(`${vire}/demarches/acte-etat-civil/commencer`)
  await page.locator('[name="dateActe-annee"]').fill('mille neuf cent')
  await envoyer(page, 'Enregistrer et continuer')
  await page.reload()
  assert.equal(await page.locator('[name="dateActe-annee"]').inputValue(), 'mille neuf cent')
  assert.match(await page.title(), /^Erreur/)
  await context.close()
})

for (const avecScript of [true, false])
  test(`a double click files once, ${avecScript ? 'with' : 'without'} script`, async () => {
    const nom = avecScript ? 'Deuxclics' : 'Doubleclic'
    const { page, context } = await unePersonne({ avecScript, largeur: 320 })
    const deuxFois: typeof envoyer = (form, name) => pageSuivante(form, () => form.getByRole('button', { name }).first().dblclick())
    await deposerDemarche(page, vire, 'acte-etat-civil', { saisie: { demandeurNom: nom }, envoi: deuxFois })
    assert.equal(await dossiersAuNomDe(nom), 1)
    await context.close()
  })
