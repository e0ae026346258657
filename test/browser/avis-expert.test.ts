import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
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
  test(`an opinion is asked, read behind a link, given and corrected, then seen by the agent, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unAgent('administrateur', { avecScript })
    const ecoute = avecScript ? ecouter(page) : undefined
    const texte = async (seen = page) => (await seen.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
    await page.goto(`${vire}/agent/dossiers`)
    await pageSuivante(page, () => page.locator('tbody a').nth(2).click())
    const dossier = page.url().replace(/\?.*/, '')
    await pageSuivante(page, () => page.getByRole('link', { name: 'Demander un avis' }).click())
    if (ecoute) await controler(page, 'Demander un avis', ecoute)
    await page.getByLabel('La personne ou le service consulté').fill('Architecte fictive')
    const courriel = `architecte-${avecScript ? 'une' : 'deux'}@etat.example`
    await page.getByLabel('Son adresse électronique').fill(courriel)
    await pageSuivante(page, () => page.getByRole('button', { name: 'Envoyer la demande d’avis' }).click())
    assert.match(await texte(), /Écrivez la question/)
    await page.getByLabel('Votre question').fill('Ce projet est-il possible à cet endroit ?')
    await page.locator('input[name=etapes]').first().check()
    await pageSuivante(page, () => page.getByRole('button', { name: 'Envoyer la demande d’avis' }).click())
    assert.match(await texte(), /La demande d’avis est envoyée[\s\S]*Architecte fictive/)

    // The demonstration keeps its messages in a box: the expert reads theirs there.
    await page.goto(`${vire}/boite-d-envoi`)
    await pageSuivante(page, () =>
      page
        .getByRole('link', { name: /votre avis est demandé/ })
        .first()
        .click(),
    )
    const lien = /https?:[^\s"<>]+\/avis\/[\w-]{32}/.exec(await page.content())![0]

    const expert = await unePersonne({ avecScript })
    const ecouteDeLExpert = avecScript ? ecouter(expert.page) : undefined
    await expert.page.goto(lien)
    assert.match(await texte(expert.page), /Ce projet est-il possible/)
    if (ecouteDeLExpert) await controler(expert.page, 'Avis demandé', ecouteDeLExpert)
    await pageSuivante(expert.page, () => expert.page.getByRole('button', { name: 'Envoyer mon avis' }).click())
    assert.match(await texte(expert.page), /Choisissez oui ou non/)
    await expert.page.getByRole('radio', { name: 'Oui' }).check()
    await expert.page.getByLabel(/Explication/).fill('Oui, en gardant la haie.')
    await pageSuivante(expert.page, () => expert.page.getByRole('button', { name: 'Envoyer mon avis' }).click())
    assert.match(await texte(expert.page), /Merci, votre avis est enregistré/)
    await expert.page.getByLabel(/Explication/).fill('Oui, en gardant la haie et le portail.')
    await pageSuivante(expert.page, () => expert.page.getByRole('button', { name: 'Corriger mon avis' }).click())
    await expert.context.close()

    await page.goto(dossier)
    assert.match(await texte(), /Architecte fictive[\s\S]*en gardant la haie et le portail/)
    if (ecoute) await controler(page, 'Dossier avec un avis', ecoute)
    await context.close()
  })
