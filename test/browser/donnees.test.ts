import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { dejaDepose, envoyer, ouvrirMesDossiers, ouvrirParCode } from './remplir.ts'

const { adresse, demonstration } = await laDemonstration()
const commune = adresse + demonstration.communes[0]!.chemin

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

for (const avecScript of [true, false])
  test(`a person sees what is kept of them, who read it, corrects it, takes a request back and leaves, ${avecScript ? 'with' : 'without'} script`, async () => {
    const courriel = `camille.${avecScript ? 'droits' : 'sans'}@courriel.example`
    const { page, context } = await unePersonne({ avecScript, largeur: avecScript ? 320 : 1280 })
    const ecoute = avecScript ? ecouter(page) : undefined
    const controle = async (nom: string) => {
      if (ecoute) await controler(page, nom, ecoute)
    }
    const depose = await dejaDepose(page, commune, 'restauration-scolaire', { saisie: { courriel } })

    // An agent opens it: the person will know.
    const agent = await unAgent('instructeur', { avecScript })
    await agent.page.goto(`${commune}/agent/dossiers/${depose.id}`)
    await agent.context.close()

    await page.goto(`${commune}/dossiers/${depose.id}`)
    await page.getByText('Qui a consulté votre dossier').click()
    assert.match(await page.locator('main').innerText(), /un agent \(.+\) a ouvert le dossier/)
    await controle('dossier')
    await page.getByRole('link', { name: /Vos données dans ce dossier/ }).click()
    await page.getByRole('heading', { name: 'Vos données dans ce dossier', level: 1 }).waitFor()
    await controle('données du dossier')
    assert.ok((await page.locator('html').evaluate(html => html.scrollWidth)) <= (avecScript ? 320 : 1280))

    await page.getByLabel('Adresse électronique').fill('pas une adresse')
    await envoyer(page, 'Corriger mes coordonnées')
    assert.match(await page.title(), /^Erreur/)
    assert.equal(await page.getByLabel('Adresse électronique').inputValue(), 'pas une adresse')
    await page.getByLabel('Adresse électronique').fill(`nouvelle.${courriel}`)
    await envoyer(page, 'Corriger mes coordonnées')
    assert.match(await page.locator('main').innerText(), /Vos coordonnées sont corrigées/)

    const saved = page.waitForEvent('download')
    await page.getByRole('link', { name: 'La même chose pour un logiciel' }).click()
    const data = JSON.parse(readFileSync(await (await saved).path(), 'utf8')) as {
      reference: string
      demandeur: { courriel: string }
      lectures: unknown[]
    }
    assert.deepEqual([data.reference, data.demandeur.courriel, data.lectures.length], [depose.reference, `nouvelle.${courriel}`, 1])

    await envoyer(page, 'Retirer ma demande')
    assert.match(await page.locator('main').innerText(), /Ce dossier sera effacé à partir du/)
    await controle('dossier retiré')
    await envoyer(page, 'Garder ce dossier')
    assert.doesNotMatch(await page.locator('main').innerText(), /sera effacé à partir/)

    await ouvrirMesDossiers(page, commune, courriel)
    await ouvrirParCode(page, commune, depose)
    if ((await page.getByRole('button', { name: 'Ajouter à mes dossiers' }).count()) > 0) await envoyer(page, 'Ajouter à mes dossiers')
    await page.goto(`${commune}/mes-dossiers/donnees`)
    await controle('mes données')
    assert.match(await page.locator('main').innerText(), new RegExp(courriel))
    await envoyer(page, 'Effacer mon accès')
    assert.match(await page.title(), /^Erreur/)
    await page.getByLabel(/J’ai noté la référence/).check()
    await envoyer(page, 'Effacer mon accès')
    await page.getByRole('button', { name: 'Recevoir un lien' }).waitFor()
    await context.close()
  })

test('an administrator reads the register and the erasures; an agent suspends the erasure of a dossier', async () => {
  for (const largeur of [320, 1280]) {
    const { page, context } = await unAgent('administrateur', { avecScript: true, largeur })
    const ecoute = ecouter(page)
    for (const [path, nom] of [
      ['registre', 'Registre des traitements'],
      ['effacements', 'Effacement des dossiers'],
    ] as const) {
      await page.goto(`${commune}/agent/${path}`)
      await page.getByRole('heading', { name: nom, level: 1 }).waitFor()
      await controler(page, nom, ecoute)
      assert.ok((await page.locator('html').evaluate(html => html.scrollWidth)) <= largeur, `${path} at ${largeur}`)
    }
    await context.close()
  }
})
