import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { pageSuivante } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

for (const avecScript of [true, false])
  test(`a page of a form is reserved to agents in the editor, and the paper of residents never has it, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unAgent('administrateur', { avecScript })
    const ecoute = avecScript ? ecouter(page) : undefined
    const texte = async () => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
    const edition = `${vire}/agent/demarches/occupation-domaine-public/edition`
    const [first, second] = ['projet', 'documents'].map(id => `${edition}/etapes/${id}`) as [string, string]
    // The first page is the person's.
    await page.goto(first)
    await page.getByRole('radio', { name: /Réservée aux agents/ }).check()
    await pageSuivante(page, () => page.getByRole('button', { name: 'Enregistrer', exact: true }).click())
    assert.match(await texte(), /La première page est pour l’habitant/)
    if (ecoute) await controler(page, 'Étape réservée refusée', ecoute)
    await page.goto(second)
    const titre = await page.getByLabel('Titre de la page').inputValue()
    await page.getByRole('radio', { name: /Réservée aux agents/ }).check()
    await pageSuivante(page, () => page.getByRole('button', { name: 'Enregistrer', exact: true }).click())
    await page.goto(`${edition}/papier`)
    assert.doesNotMatch(await texte(), new RegExp(`\\d\\. ${titre}|^${titre}$`, 'm'))
    await page.goto(edition)
    assert.match(await texte(), /Réservée aux agents/)
    // Nothing is published: the page goes back to residents.
    await page.goto(second)
    await page.getByRole('radio', { name: 'L’habitant', exact: true }).check()
    await pageSuivante(page, () => page.getByRole('button', { name: 'Enregistrer', exact: true }).click())
    await page.goto(edition)
    assert.doesNotMatch(await texte(), /Réservée aux agents/)
    await context.close()
  })
