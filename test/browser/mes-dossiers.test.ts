import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { dejaDepose, envoyer, lienRecu, ouvrirParCode } from './remplir.ts'

const { adresse, demonstration } = await laDemonstration()
const [vire, autre] = demonstration.communes.slice(0, 2).map(({ chemin }) => adresse + chemin) as [string, string]

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

for (const avecScript of [true, false])
  test(`the dossiers of a person in two communes, without a password, ${avecScript ? 'with' : 'without'} script`, async () => {
    const courriel = `alix.${avecScript ? 'deux' : 'trois'}@courriel.example`
    const { page, context } = await unePersonne({ avecScript, largeur: 320 })
    const ecoute = avecScript ? ecouter(page) : undefined
    const elsewhere = await dejaDepose(page, autre, 'acte-etat-civil', { saisie: { courriel } })

    await page.goto(`${vire}/mes-dossiers`)
    await page.getByLabel('Votre adresse électronique').fill('pas une adresse')
    await envoyer(page, 'Recevoir un lien')
    assert.match(await page.title(), /^Erreur/)
    await page.getByLabel('Votre adresse électronique').fill(courriel)
    await envoyer(page, 'Recevoir un lien')
    assert.doesNotMatch(await page.title(), /^Erreur/)
    const link = await lienRecu(page, vire, courriel)

    await page.goto(link)
    await envoyer(page, 'Ouvrir mes dossiers')
    await page.getByRole('heading', { name: 'Mes dossiers', level: 1 }).waitFor()
    await page.goto(`${vire}/demarches`)
    const here = await dejaDepose(page, vire, 'restauration-scolaire', { saisie: { courriel } })
    await ouvrirParCode(page, autre, elsewhere)
    if ((await page.getByRole('button', { name: 'Ajouter à mes dossiers' }).count()) > 0) await envoyer(page, 'Ajouter à mes dossiers')
    await page.goto(`${vire}/mes-dossiers`)
    if (ecoute) await controler(page, 'Mes dossiers', ecoute)
    const list = await page.locator('table').innerText()
    for (const reference of [here.reference, elsewhere.reference]) assert.match(list, new RegExp(reference))
    assert.match(list, new RegExp(demonstration.communes[1]!.nom))
    assert.ok((await page.locator('html').evaluate(html => html.scrollWidth)) <= 320)

    // The link in the message has served: on another device it opens nothing.
    const thief = await unePersonne({ avecScript })
    await thief.page.goto(link)
    await envoyer(thief.page, 'Ouvrir mes dossiers')
    assert.match(await thief.page.locator('main').innerText(), /n’est plus valable/)
    await thief.context.close()

    await envoyer(page, 'Se déconnecter')
    await page.goto(`${vire}/mes-dossiers`)
    await page.getByRole('button', { name: 'Recevoir un lien' }).waitFor()
    assert.equal((await page.goto(`${vire}/dossiers/${here.id}`))?.status(), 404)
    await context.close()
  })
