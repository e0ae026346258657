import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'

const { adresse, demonstration } = await laDemonstration()
const commune = adresse + demonstration.communes[0]!.chemin

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

for (const largeur of [320, 1280])
  test(`figures of the démarches, for agents and for all, at ${largeur} px`, async () => {
    const agent = await unAgent('instructeur', { avecScript: true, largeur })
    const ecoute = ecouter(agent.page)
    await agent.page.goto(`${commune}/agent/chiffres`)
    await agent.page.getByRole('heading', { name: 'Chiffres', level: 1 }).waitFor()
    await controler(agent.page, 'chiffres', ecoute)
    await agent.page.locator('main table a').first().click()
    await agent.page.getByRole('heading', { name: 'Mois par mois' }).waitFor()
    await controler(agent.page, 'chiffres d’une démarche', ecoute)
    assert.ok((await agent.page.locator('html').evaluate(html => html.scrollWidth)) <= largeur)
    await agent.context.close()

    const { page, context } = await unePersonne({ avecScript: false, largeur })
    await page.goto(`${commune}/demarches/restauration-scolaire`)
    await page.getByRole('link', { name: 'Chiffres de cette démarche' }).click()
    await page.getByRole('heading', { name: 'Chiffres de cette démarche', level: 1 }).waitFor()
    const open = await page.request.get(`${commune}/demarches/restauration-scolaire/chiffres.json`)
    assert.equal(open.status(), 200)
    assert.ok(Array.isArray(((await open.json()) as { periodes: unknown[] }).periodes))
    await context.close()
  })
