import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { envoyer } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

interface Recu {
  readonly evenement: string
  readonly signature: string
}
const recus: Recu[] = []
let isBroken = false
const cible = createServer((request, response) => {
  recus.push({ evenement: String(request.headers['parvis-evenement']), signature: String(request.headers['parvis-signature']) })
  request.resume().on('end', () => response.writeHead(isBroken ? 500 : 204).end())
})
await new Promise<void>(resolve => cible.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${(cible.address() as AddressInfo).port}/parvis`

after(async () => {
  cible.closeAllConnections()
  cible.close()
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
const api = async (chemin: string, jeton: string) => {
  const response = await fetch(`${vire}/api/v1/${chemin}`, { headers: { authorization: `Bearer ${jeton}` } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const attendre = async (isDone: () => boolean, ms = 20_000) => {
  const deadline = performance.now() + ms
  while (!isDone() && performance.now() < deadline) await sleep(100)
  assert.ok(isDone(), 'nothing came')
}

test('who writes a program reads what the API does', async () => {
  const { page, context } = await unePersonne({ avecScript: true })
  const ecoute = ecouter(page)
  await page.goto(`${vire}/api`)
  assert.match(await texte(page), /Lire le fil des changements/)
  await controler(page, 'documentation de l’API', ecoute)
  const response = await page.request.get((await page.getByRole('link', { name: 'document OpenAPI 3.1' }).getAttribute('href'))!)
  assert.match(((await response.json()) as { openapi: string }).openapi, /^3\.1/)
  await context.close()
})

for (const avecScript of [true, false])
  test(`an agent makes a token, a program uses it, the agent revokes it, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unAgent('administrateur', { avecScript, largeur: avecScript ? 1280 : 320 })
    const ecoute = avecScript ? ecouter(page) : undefined
    const voir = async (name: string) => {
      if (ecoute) await controler(page, name, ecoute)
    }
    const nom = `Cantine ${avecScript ? 'avec' : 'sans'} script`
    await page.goto(`${vire}/agent/reglages`)
    await page.getByRole('link', { name: 'Brancher un autre logiciel' }).click()
    await voir('jetons')
    await page.getByRole('link', { name: 'Faire un jeton' }).click()
    await voir('nouveau jeton')
    await page.getByLabel('À quel logiciel il sert').fill(nom)
    await envoyer(page, 'Faire le jeton')
    assert.match(await texte(page), /Cochez au moins un droit/)
    assert.equal(await page.getByLabel('À quel logiciel il sert').inputValue(), nom)
    await voir('nouveau jeton refusé')
    await page.getByLabel('Lire les dossiers : réponses').check()
    await page.getByLabel('D’où il peut être utilisé').fill('pas un réseau')
    await envoyer(page, 'Faire le jeton')
    assert.match(await texte(page), /une adresse ou un réseau par ligne/i)
    assert.ok(await page.getByLabel('Lire les dossiers : réponses').isChecked())
    await page.getByLabel('D’où il peut être utilisé').fill('127.0.0.0/8\n::1')
    await envoyer(page, 'Faire le jeton')
    const jeton = (await page.locator('code.copyable').innerText()).trim()
    assert.match(jeton, /^parvis_[0-9A-Za-z]{42}$/)
    await voir('jeton fait')
    assert.equal((await api('jeton', jeton)).body.nom, nom)
    const { dossiers } = (await api('dossiers', jeton)).body as { dossiers: { id: string }[] }
    assert.ok(dossiers.length > 0)
    assert.equal((await api(`dossiers/${dossiers[0]!.id}`, jeton)).status, 200)
    await page.reload()
    assert.equal(await page.locator('code.copyable').count(), 0, 'once used, it is shown no more')
    assert.doesNotMatch(await texte(page), /Dernier appel\s+Jamais/)
    await envoyer(page, 'Révoquer ce jeton')
    assert.match(await texte(page), /Le jeton est révoqué/)
    await voir('jeton révoqué')
    assert.equal((await api('jeton', jeton)).body.code, 'jeton_revoque')
    await context.close()
  })

for (const avecScript of [true, false])
  test(`an agent has another program told of what happens, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unAgent('administrateur', { avecScript, largeur: avecScript ? 1280 : 320 })
    const ecoute = avecScript ? ecouter(page) : undefined
    const voir = async (name: string) => {
      if (ecoute) await controler(page, name, ecoute)
    }
    const nom = `École ${avecScript ? 'avec' : 'sans'} script`
    await page.goto(`${vire}/agent/webhooks`)
    await voir('webhooks')
    await page.getByRole('link', { name: 'Prévenir un logiciel' }).click()
    await voir('nouveau webhook')
    await page.getByLabel('Quel logiciel prévenir').fill(nom)
    await page.getByLabel('Son adresse').fill('http://10.0.0.1/')
    await envoyer(page, 'S’abonner')
    assert.match(await texte(page), /réseau interne|adresse https/)
    await voir('webhook refusé')
    await page.getByLabel('Son adresse').fill(url)
    await envoyer(page, 'S’abonner')
    assert.match(await page.locator('code.copyable').innerText(), /^parviswh_/)
    await voir('webhook fait')
    const before = recus.length
    await envoyer(page, 'Envoyer un essai')
    await attendre(() => recus.length > before)
    assert.deepEqual(recus.at(-1)?.evenement, 'essai')
    assert.match(recus.at(-1)?.signature ?? '', /^t=\d+,v1=[0-9a-f]{64}$/)
    isBroken = true
    await envoyer(page, 'Envoyer un essai')
    await attendre(() => recus.length > before + 1)
    isBroken = false
    await sleep(300)
    await page.reload()
    assert.match(await texte(page), /La cible a répondu par une erreur\. Réponse 500/)
    await voir('webhook avec ses remises')
    await page.getByText('Remettre de nouveau').first().click()
    await page.getByLabel('À partir du changement numéro').fill('99999999')
    await envoyer(page, 'Remettre de nouveau')
    assert.match(await texte(page), /Ce numéro n’existe pas encore/)
    assert.equal(await page.getByLabel('À partir du changement numéro').inputValue(), '99999999')
    await voir('rejeu refusé')
    await page.getByText('Changer le secret').click()
    await envoyer(page, 'Faire un nouveau secret')
    assert.match(await texte(page), /Le nouveau secret est fait/)
    await envoyer(page, 'Mettre en pause')
    assert.match(await texte(page), /Cet abonnement est en pause/)
    await voir('webhook en pause')
    await envoyer(page, 'Reprendre là où il s’est arrêté')
    assert.match(await texte(page), /reprend là où il s’était arrêté/)
    await page.getByText('Supprimer l’abonnement').click()
    await envoyer(page, 'Supprimer définitivement')
    assert.match(await texte(page), /L’abonnement est supprimé/)
    assert.doesNotMatch(await texte(page), new RegExp(nom))
    await context.close()
  })
