import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { INTERCOMMUNALITE, unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { envoyer, pageSuivante } from './remplir.ts'

const { adresse, demonstration } = await laDemonstration()
// The second commune has the common ground only; its secretary is alone.
const commune = adresse + demonstration.communes[1]!.chemin
const SECRETAIRE = 'claude.specimen@parvis.example'
const TERRITOIRE = 'morgan.fictif@parvis.example'

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const lien = (page: Page, name: string | RegExp) => pageSuivante(page, () => page.getByRole('link', { name }).first().click())
const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')

test('a secretary adopts a démarche in two clicks, and a resident finds it at once', async () => {
  const { page, context } = await unAgent(SECRETAIRE)
  const ecoute = ecouter(page)
  await page.goto(`${commune}/agent/demarches/catalogue`)
  await controler(page, 'Catalogue', ecoute)
  await page.getByLabel('Que voulez-vous proposer').fill('prêter des tables')
  await envoyer(page, 'Filtrer')
  await lien(page, 'Emprunter du matériel')
  await controler(page, 'Modèle du catalogue', ecoute)
  await envoyer(page, 'Ajouter à nos démarches')
  assert.match(await texte(page), /ajoutée et ouverte aux habitants/)
  await controler(page, 'Démarche ajoutée', ecoute)
  await page.goto(`${commune}/agent/demarches/catalogue/pret-materiel`)
  assert.match(await texte(page), /propose déjà cette démarche/)
  await page.goto(`${commune}/agent/demarches/catalogue?q=zzzz`)
  await controler(page, 'Catalogue sans réponse', ecoute)
  await context.close()
  const habitant = await unePersonne({ avecScript: false })
  await habitant.page.goto(`${commune}/demarches?q=emprunter`)
  assert.equal(await habitant.page.getByRole('link', { name: 'Emprunter du matériel à la commune' }).count(), 1)
  await habitant.context.close()
})

test('a new version of a template is read, taken in part, and what was left becomes the commune’s own', async () => {
  const { page, context } = await unAgent(SECRETAIRE, { avecScript: false })
  const ecoute = ecouter(page)
  await page.goto(`${commune}/agent/demarches`)
  assert.match(await texte(page), /nouvelle version/)
  await lien(page, 'Signaler un problème')
  await lien(page, 'Voir ce qui change et choisir')
  assert.match(await texte(page), /10 jours au lieu de 7 jours[\s\S]*|au lieu de/)
  await page
    .getByRole('checkbox', { name: /Pour qui|personnes concernées|peut/i })
    .first()
    .uncheck()
  await envoyer(page, 'Accepter et publier')
  const after = await texte(page)
  assert.match(after, /nouvelle version est publiée/)
  assert.match(after, /propre à votre collectivité : 1 différence/)
  assert.doesNotMatch(after, /Voir ce qui change/)
  await lien(page, 'Version 2')
  assert.match(await texte(page), /Ce qui change depuis la version 1/)
  await context.close()
  const seen = await unAgent(SECRETAIRE)
  const suivie = ecouter(seen.page)
  await seen.page.goto(`${commune}/agent/demarches/signalement-voirie/revisions/2`)
  await controler(seen.page, 'Version publiée', suivie)
  await seen.page.goto(`${commune}/agent/demarches/signalement-voirie`)
  await controler(seen.page, 'Démarche suivie', suivie)
  await seen.context.close()
  assert.deepEqual(ecoute.plaintes, [])
})

test('the syndicat sees who uses what, and gives a démarche to every commune', async () => {
  const { page, context } = await unAgent(TERRITOIRE)
  const ecoute = ecouter(page)
  await page.goto(`${adresse}${INTERCOMMUNALITE}/agent/demarches`)
  await lien(page, 'Diffuser aux communes')
  await controler(page, 'Diffusion', ecoute)
  await envoyer(page, 'Diffuser')
  assert.match(await page.title(), /^Erreur/)
  await page.getByRole('checkbox', { name: /Faire surveiller son logement/ }).check()
  await envoyer(page, 'Diffuser')
  assert.match(await texte(page), /diffusion est lancée/)
  const last = `${adresse}${demonstration.communes.at(-1)!.chemin}/demarches/operation-tranquillite-vacances`
  let status = 404
  for (let tries = 0; status === 404 && tries < 60; tries++) {
    await page.waitForTimeout(100)
    status = (await page.request.get(last)).status()
  }
  assert.equal(status, 200)
  await page.reload()
  assert.match(await texte(page), new RegExp(`${demonstration.communes.length} utilisations`))
  await context.close()
})

test('a definition goes out as one file and comes back in; a file that lies is refused with every reason', async () => {
  const { page, context } = await unAgent(SECRETAIRE, { avecScript: false })
  await page.goto(`${commune}/agent/demarches/acte-etat-civil`)
  const file = await (await page.request.get(`${page.url()}/definition.json`)).body()
  await page.goto(`${commune}/agent/demarches/import`)
  const choose = (name: string, buffer: Buffer) =>
    page.getByLabel('Fichier de la démarche').setInputFiles({ name, mimeType: 'application/json', buffer })
  await envoyer(page, 'Importer')
  assert.match(await texte(page), /Choisissez le fichier/)
  const lie = JSON.parse(file.toString('utf8'))
  lie.titre = '<script>alert(1)</script>'
  lie.formulaire.etapes[0].champs[0].type = 'inconnu'
  lie.formulaire.etapes[0].champs.push({ ...lie.formulaire.etapes[0].champs[1] })
  await choose('mensonge.json', Buffer.from(JSON.stringify(lie)))
  await envoyer(page, 'Importer')
  const reasons = await texte(page)
  for (const reason of [/titre/, /balise/, /déjà utilisé/, /« mensonge.json » ne peut pas être importé/]) assert.match(reasons, reason)
  await choose('binaire.json', Buffer.from([0xff, 0xfe, 0x00]))
  await envoyer(page, 'Importer')
  assert.match(await texte(page), /UTF-8|JSON/)
  await choose('acte.json', file)
  await envoyer(page, 'Importer')
  assert.match(page.url(), /\/agent\/demarches\/demander-un-acte-d-etat-civil\/edition/)
  await page.goto(`${commune}/demarches/demander-un-acte-d-etat-civil`)
  assert.match(await page.title(), /introuvable|n’existe pas/i)
  await context.close()
})
