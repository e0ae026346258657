import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { deposerDemarche, envoyer, lireAccuse, ouvrirParCode, pageSuivante, photo, remplirDemarche } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const reponses = (page: Page) => page.locator('main').innerText()
/** Fills the second child of the sample, whose allergy asks for a document, up to sending that page. */
const jusquAuSecondEnfant = async (page: Page) => {
  let children = 0
  await remplirDemarche(page, vire, 'restauration-scolaire', {
    rang: 1,
    jusqua: 'debutRepas',
    avant: async (_, etape) => {
      if (etape === 'enfants') children++
    },
  })
  assert.equal(children, 2)
}

test('a draft begun on one device is resumed on another with reference and code, and filed there', async () => {
  const first = await unePersonne({ avecScript: true })
  await remplirDemarche(first.page, vire, 'acte-etat-civil', { jusqua: 'document' })
  await first.page.getByText('Continuer plus tard').click()
  const [reference, code] = (await reponses(first.page)).match(/[0-9A-Z]{4}-[0-9A-Z]{4}/g) ?? []
  assert.ok(reference && code)

  const second = await unePersonne({ avecScript: false, largeur: 320 })
  await ouvrirParCode(second.page, vire, { reference, code })
  await second.page.getByRole('heading', { name: 'Vérifiez vos réponses' }).waitFor()
  assert.match(await reponses(second.page), /27 mars 1985/)
  assert.equal(await second.page.getByRole('button', { name: 'Envoyer ma demande' }).count(), 0)
  await pageSuivante(second.page, () => second.page.getByRole('link', { name: 'Compléter ma demande' }).click())
  const fill: Record<string, string> = {
    titulaireNom: 'EXEMPLE',
    titulairePrenoms: 'Camille',
    parent1Nom: 'Exemple',
    parent1Prenom: 'Dominique',
    exemplaires: '1',
  }
  Object.assign(fill, { demandeurPrenom: 'Camille', demandeurNom: 'Reprise', courriel: 'camille.reprise@courriel.example' })
  for (let pages = 0; pages < 12 && !second.page.url().endsWith('/accuse'); pages++) {
    for (const [name, value] of Object.entries(fill)) {
      const field = second.page.locator(`main [name="${name}"]`)
      if ((await field.count()) > 0) await field.fill(value)
    }
    for (const choice of ['input[name=forme][value=copie]', 'input[name=remise][value=mairie]', 'input[name=honneur]'])
      if ((await second.page.locator(choice).count()) > 0) await second.page.locator(choice).check()
    if (second.page.url().endsWith('/verification')) {
      if ((await second.page.getByRole('link', { name: 'Compléter ma demande' }).count()) > 0)
        await pageSuivante(second.page, () => second.page.getByRole('link', { name: 'Compléter ma demande' }).click())
      else await envoyer(second.page, 'Envoyer ma demande')
    } else await envoyer(second.page, 'Enregistrer et continuer')
  }
  assert.equal((await lireAccuse(second.page)).reference, reference)

  // The first device, left open on a page of the draft, is told where the demande is.
  await envoyer(first.page, 'Enregistrer et continuer')
  await first.page.getByText('Demande reçue').waitFor()
  await first.context.close()
  await second.context.close()
})

for (const avecScript of [true, false])
  test(`what was typed and refused comes back as typed, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unePersonne({ avecScript, largeur: 320 })
    await page.goto(`${vire}/demarches/restauration-scolaire/commencer`)
    const typed = {
      responsablePrenom: 'Zoé « l’aînée » <b>&amp;</b>',
      responsableNom: '',
      courriel: 'pas une adresse',
      telephone: 'douze',
      'adresse-codePostal': '1450',
    }
    for (const [name, value] of Object.entries(typed)) await page.locator(`[name="${name}"]`).fill(value)
    await page.locator('input[name=qualite][value=tuteur]').check()
    await envoyer(page, 'Enregistrer et continuer')
    assert.match(await page.title(), /^Erreur : /)
    for (const [name, value] of Object.entries(typed)) assert.equal(await page.locator(`[name="${name}"]`).inputValue(), value)
    assert.ok(await page.locator('input[name=qualite][value=tuteur]').isChecked())
    assert.ok((await page.locator('.error-summary a').count()) >= 4)
    await context.close()
  })

test('an answer changed after the back button changes the pages that follow', async () => {
  const { page, context } = await unePersonne({ avecScript: false })
  await remplirDemarche(page, vire, 'acte-etat-civil', { jusqua: 'parents' })
  const draft = page.url().match(/brouillons\/[^/]+/)![0]
  for (const _ of [1, 2]) await page.goBack()
  assert.match(page.url(), /etapes\/document$/)
  await pageSuivante(page, () => page.getByRole('link', { name: 'Précédent' }).click())
  await pageSuivante(page, () => page.getByRole('link', { name: 'Précédent' }).click())
  assert.equal(await page.locator('[name="dateActe-annee"]').inputValue(), '1985')
  await page.locator('input[name=nature][value=deces]').check()
  await page.locator('[name="dateActe-annee"]').fill('2020')
  await envoyer(page, 'Enregistrer et continuer')
  await page.goto(`${vire}/${draft}/verification`)
  const text = await reponses(page)
  assert.match(text, /27 mars 2020/)
  assert.doesNotMatch(text, /Naissance/)
  await context.close()
})

test('a child removed goes from the answers and from the price', async () => {
  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  await remplirDemarche(page, vire, 'restauration-scolaire', { rang: 1 })
  const verification = page.url()
  assert.match(await reponses(page), /Tom/)
  await page.goto(verification.replace('verification', 'etapes/enfants'))
  await envoyer(page, /Retirer Tom/)
  assert.equal(await page.getByRole('button', { name: /^Retirer/ }).count(), 1)
  await page.goto(verification)
  const text = await reponses(page)
  assert.doesNotMatch(text, /Tom/)
  assert.match(text, /Zoé/)
  // Changing an answer of the remaining child comes back to the check.
  await pageSuivante(page, () => page.getByRole('link', { name: 'Modifier : Prénom de l’enfant' }).click())
  await page.locator('[name=enfantPrenom]').fill('Zoélie')
  await envoyer(page, 'Enregistrer et continuer')
  assert.equal(page.url().replace(/[?#].*/, ''), verification)
  assert.match(await reponses(page), /Zoélie/)
  await context.close()
})

const wrong = [
  {
    name: 'programme.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.concat([Buffer.from('MZ'), randomBytes(4000)]),
    says: /se termine par « .pdf »/,
  },
  { name: 'vide.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0), says: /vide/ },
  { name: 'texte.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Bonjour, ceci est un texte.'), says: /se termine par « .jpg »/ },
  {
    name: 'lourd.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(21 * 1024 * 1024)]),
    says: /trop lourd/,
  },
  { name: 'coupee.jpg', mimeType: 'image/jpeg', buffer: (await photo()).subarray(0, 600), says: /« coupee.jpg » n’a pas pu être gardé/ },
]

for (const avecScript of [true, false])
  test(`a page with a document, ${avecScript ? 'with' : 'without'} script`, async t => {
    const { page, context } = await unePersonne({ avecScript, largeur: 320 })
    await jusquAuSecondEnfant(page)
    await page.goto(page.url().replace(/debutRepas.*/, 'enfants'))
    const modifier = () => pageSuivante(page, () => page.getByRole('link', { name: /^Modifier Z/ }).click())
    const retirer = page.getByRole('button', { name: /^Retirer pai/ })
    await modifier()

    await t.test('Enter in a field sends the page and leaves its document alone', async () => {
      await pageSuivante(page, () => page.locator('[name=enfantPrenom]').press('Enter'))
      assert.match(page.url(), /etapes\/enfants$/)
      await modifier()
      assert.equal(await retirer.count(), 1)
    })

    await t.test('removing the document keeps what was typed beside it', async () => {
      await page.locator('[name=enfantPrenom]').fill('Zélie')
      await page.locator('[name=ecole]').fill('')
      await envoyer(page, /^Retirer pai-exemple/)
      assert.equal(await page.locator('[name=enfantPrenom]').inputValue(), 'Zélie')
      assert.equal(await page.locator('[name=ecole]').inputValue(), '')
      assert.equal(await retirer.count(), 0)
    })

    await t.test('a wrong file is refused in a sentence and nothing typed is lost', async () => {
      await page.locator('[name=ecole]').fill('École de la Fiction')
      for (const { says, ...file } of avecScript ? wrong : wrong.slice(-2)) {
        await page.locator('input[type=file]').setInputFiles(file)
        await envoyer(page, 'Enregistrer et continuer')
        const summary = await page.locator('.error-summary').innerText()
        assert.match(summary.replaceAll('\u00a0', ' '), says, file.name)
        assert.equal(await page.locator('[name=enfantPrenom]').inputValue(), 'Zélie', file.name)
        assert.ok((await page.locator('html').evaluate(html => html.scrollWidth)) <= 320, file.name)
      }
      await envoyer(page, 'Retirer coupee.jpg')
      await page.locator('input[type=file]').setInputFiles({ name: 'pai.jpg', mimeType: 'image/jpeg', buffer: await photo() })
      await envoyer(page, 'Enregistrer et continuer')
      assert.match(page.url(), /etapes\/enfants$/)
      assert.match(await reponses(page), /Zélie/)
    })
    await context.close()
  })

test('a photograph of 6 MB is taken, and the agent receives it without its EXIF', async () => {
  const width = 3000
  const big = await sharp(randomBytes(width * 2200 * 3), { raw: { width, height: 2200, channels: 3 } })
    .withMetadata({ orientation: 6 })
    .withExifMerge({ IFD0: { Make: 'Essai' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 50/1 0/1' } })
    .jpeg({ quality: 92 })
    .toBuffer()
  assert.ok(big.length > 5_500_000 && big.length < 20_000_000, `${big.length}`)
  assert.ok(big.includes('Essai') && (await sharp(big).metadata()).orientation === 6)
  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  const { id } = await deposerDemarche(page, vire, 'occupation-domaine-public', {
    rang: 1,
    avant: async (form, etape) => {
      if (etape === 'documents')
        await form.locator('input[type=file][name=plan]').setInputFiles({ name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: big })
    },
  })
  await context.close()

  const agent = await unAgent('administrateur')
  await agent.page.goto(`${vire}/agent/dossiers/${id}`)
  const href = await agent.page.getByRole('link', { name: /IMG_0001/ }).getAttribute('href')
  const answer = await agent.context.request.get(new URL(href!, adresse).href)
  assert.equal(answer.status(), 200)
  assert.match(answer.headers()['content-disposition'] ?? '', /^attachment/)
  const { exif, width: shown, height } = await sharp(await answer.body()).metadata()
  assert.equal(exif, undefined)
  // Turned as its EXIF said before losing it.
  assert.ok(height! > shown!, `${shown} × ${height}`)
  await agent.context.close()
})
