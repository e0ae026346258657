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
  test(`who handles what: a team reserved and opened again, dossiers entrusted, labels, an assignment, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unAgent('administrateur', { avecScript })
    const ecoute = avecScript ? ecouter(page) : undefined
    const texte = async () => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
    const look = async (nom: string) => ecoute && controler(page, nom, ecoute)

    await page.goto(`${vire}/agent/equipe`)
    await pageSuivante(page, () => page.getByRole('link', { name: 'Équipes des services' }).click())
    await look('Équipes')
    await pageSuivante(page, () => page.locator('tbody a').first().click())
    await look('Équipe d’un service')
    await page.getByRole('checkbox', { name: 'Réserver les dossiers' }).check()
    const members = page.getByRole('checkbox', { name: /Fictif|Modèle|Exemple|Agent/ })
    for (const box of await members.all()) await box.uncheck()
    await pageSuivante(page, () => page.getByRole('button', { name: 'Enregistrer l’équipe' }).click())
    assert.match(await texte(), /Une équipe réservée doit avoir au moins une personne/)
    await page.locator('input[name=membres]').first().check()
    await pageSuivante(page, () => page.getByRole('button', { name: 'Enregistrer l’équipe' }).click())
    assert.match(await texte(), /L’équipe est enregistrée/)
    await page.getByRole('checkbox', { name: 'Réserver les dossiers' }).uncheck()
    await pageSuivante(page, () => page.getByRole('button', { name: 'Enregistrer l’équipe' }).click())

    await page.goto(`${vire}/agent/delegations`)
    await page.getByLabel('Adresse électronique de l’agent').fill('personne@ailleurs.example')
    await page.getByRole('checkbox', { name: /Instructeur/ }).check()
    await page.getByLabel('Pourquoi').fill('Congé de la secrétaire de mairie')
    await pageSuivante(page, () => page.getByRole('button', { name: 'Confier ces dossiers' }).click())
    assert.match(await texte(), /Aucun agent d’une autre collectivité/)
    assert.equal(await page.getByLabel('Pourquoi').inputValue(), 'Congé de la secrétaire de mairie')
    await look('Délégations')

    const nom = `Visite ${avecScript ? 'une' : 'deux'}`
    await page.goto(`${vire}/agent/etiquettes`)
    await page.getByLabel('Nom', { exact: true }).fill(nom)
    await page.getByLabel('Délai').fill('5')
    await pageSuivante(page, () => page.getByRole('button', { name: 'Ajouter l’étiquette' }).click())
    assert.match(await texte(), new RegExp(nom))
    await look('Étiquettes')

    await page.goto(`${vire}/agent/dossiers`)
    await pageSuivante(page, () => page.locator('tbody a').first().click())
    await page.locator('#etiquette').selectOption({ label: nom })
    await pageSuivante(page, () => page.getByRole('button', { name: 'Poser', exact: true }).click())
    assert.match(await texte(), new RegExp(`${nom} pour le`))
    await look('Dossier avec une étiquette')
    await pageSuivante(page, () => page.getByRole('link', { name: 'Attribuer : En charge' }).click())
    await look('Attribution')
    await pageSuivante(page, () =>
      page
        .getByRole('button', { name: /^(Me l’attribuer|Attribuer)$/ })
        .first()
        .click(),
    )
    assert.match(await texte(), /Le dossier est attribué/)
    await pageSuivante(page, () => page.getByRole('button', { name: /suivre/i }).click())
    assert.match(await texte(), /suivez/)
    await page.goto(`${vire}/agent/corbeille`)
    await look('Corbeille')
    await context.close()
  })
