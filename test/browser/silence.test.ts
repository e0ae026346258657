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
  test(`what silence will decide, and what the law has decided, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unAgent('lecteur', { avecScript })
    const ecoute = avecScript ? ecouter(page) : undefined
    const texte = async () => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
    await page.goto(`${vire}/agent/echeances`)
    assert.match(await texte(), /Ce que le silence va décider[\s\S]*la loi décide à votre place/)
    if (ecoute) await controler(page, 'Échéances du silence', ecoute)

    const rows = page.locator('tbody tr')
    assert.ok((await rows.count()) > 0)
    const distances = (await rows.allInnerTexts()).map(row => Number(/dans (\d+)\sjour/.exec(row)?.[1]))
    assert.ok(
      distances.every(days => days >= 1 && days <= 15),
      distances.join(),
    )
    assert.deepEqual(
      distances,
      distances.toSorted((a, b) => a - b),
    )
    for (const row of await rows.allInnerTexts()) assert.match(row, /(Acceptée|Refusée) (par la loi, sans rien d’automatique|d’elle-même)/)

    const reference = (await rows.first().getByRole('link').innerText()).split(' ').at(-1)!
    await pageSuivante(page, () => rows.first().getByRole('link').click())
    assert.match(await texte(), new RegExp(`${reference}[\\s\\S]*Sans réponse avant le`))

    await page.goto(`${vire}/agent/echeances`)
    await pageSuivante(page, () => page.getByRole('link', { name: /^Délai passé, à répondre/ }).click())
    assert.match(await texte(), /Ce que la loi a décidé, et que personne n’a dit/)
    for (const row of await rows.allInnerTexts()) assert.match(row, /il y a \d+\sjour|aujourd’hui/)
    if (ecoute) await controler(page, 'Délais passés', ecoute)

    await pageSuivante(page, () => page.getByRole('link', { name: /^Décidé par le silence/ }).click())
    assert.match(await texte(), /Le silence n’a rien décidé de lui-même/)
    if (ecoute) await controler(page, 'Décidé par le silence', ecoute)

    // A page that is not there, or a list that does not exist, comes back to what there is.
    await page.goto(`${vire}/agent/echeances?vue=ailleurs&page=40`)
    assert.ok((await rows.count()) > 0)
    await context.close()
  })
