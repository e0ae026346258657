import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { projectFolder } from '../../src/platform/config.ts'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { demarrerParvis, fermerLaDemonstration, laDemonstration, type Parvis } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { envoyer, lireAccuse, remplirDemarche } from './remplir.ts'

const DEMARCHE = 'signalement-voirie'
const CENTRE = { lat: 48.8385, lon: -0.8893 }

/** Six parallel streets of fiction, of ten numbers each, around a point. */
const bal = [
  'cle_interop;voie_nom;numero;suffixe;commune_insee;commune_nom;position;long;lat',
  ...Array.from({ length: 60 }, (_, i) => {
    const [rue, numero] = [Math.floor(i / 10), (i % 10) + 1]
    const [lon, lat] = [CENTRE.lon + (numero - 5) * 3e-4, CENTRE.lat + (rue - 3) * 6e-4]
    return `14762_0${rue}00_${String(numero).padStart(5, '0')};Rue de l’Essai ${'ABCDEF'[rue]};${numero};;14762;Vire Normandie;;${lon.toFixed(6)};${lat.toFixed(6)}`
  }),
].join('\n')

function importer({ dossier }: Parvis): void {
  const file = join(dossier, 'essai-bal.csv')
  writeFileSync(file, bal)
  const run = spawnSync(process.execPath, [join(projectFolder, 'bin/parvis'), 'adresses', 'importer', file], {
    env: { ...process.env, PARVIS_DONNEES: dossier },
    encoding: 'utf8',
  })
  assert.equal(run.status, 0, run.stdout + run.stderr)
}

const parvis = await laDemonstration()
importer(parvis)
const [vire, autre] = parvis.demonstration.communes.slice(0, 2).map(({ chemin }) => parvis.adresse + chemin) as [string, string]

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
const box = (page: Page) => page.getByLabel('Où est-ce ?')
const allerAuLieu = (page: Page, base: string) => remplirDemarche(page, base, DEMARCHE, { jusqua: 'ou' })
const isDrawn = (page: Page) =>
  page
    .locator('img.carte')
    .first()
    .evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth === 400))

async function finir(page: Page): Promise<void> {
  const yesterday = new Date(Date.now() - 86_400_000)
  for (const [part, value] of [
    ['jour', yesterday.getDate()],
    ['mois', yesterday.getMonth() + 1],
    ['annee', yesterday.getFullYear()],
  ] as const) // prettier-ignore
    await page.locator(`[name=vuLe-${part}]`).fill(String(value))
  await envoyer(page, /^Enregistrer et continuer/)
}

for (const avecScript of [true, false])
  test(`coordinates are typed, refused out of the Earth, warned about far away, and shown on a plan, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unePersonne({ avecScript, largeur: 320 })
    const ecoute = avecScript ? ecouter(page) : undefined
    await allerAuLieu(page, vire)
    if (ecoute) await controler(page, 'lieu vide', ecoute)
    assert.equal(await page.locator('img.carte').count(), 0)

    await box(page).fill('148,8385, -0,8893')
    await finir(page)
    assert.match(await texte(page), /Ces coordonnées ne sont pas sur la Terre/)
    assert.equal(await box(page).inputValue(), '148,8385, -0,8893')
    if (ecoute) await controler(page, 'lieu hors de la Terre', ecoute)

    await box(page).fill('-0,8893, 48,8385')
    await finir(page)
    await page.goto(page.url().replace(/etapes\/.*/, 'verification'))
    assert.match(await texte(page), /Ce point est à \d[\d ]+ km du centre de la commune/)
    if (ecoute) await controler(page, 'lieu trop loin', ecoute)
    await page.goto(page.url().replace('verification', 'etapes/ou'))
    assert.match(await texte(page), /Ce point est à \d[\d ]+ km du centre/)

    await box(page).fill(`devant l’arbre 48.83850, -0.88930`)
    await finir(page)
    await page.goto(page.url().replace(/etapes\/.*/, 'etapes/ou'))
    assert.equal(await box(page).inputValue(), 'devant l’arbre (48,83850, -0,88930)')
    assert.ok(await isDrawn(page))
    const alt = await page.locator('img.carte').getAttribute('alt')
    assert.equal(alt, 'Plan des environs : devant l’arbre, coordonnées 48,83850, -0,88930')
    if (ecoute) await controler(page, 'lieu connu', ecoute)
    await page.goto(page.url().replace('etapes/ou', 'verification'))
    assert.match(await texte(page), /devant l’arbre\s+48,83850, -0,88930/)
    assert.ok(await isDrawn(page))
    if (ecoute) await controler(page, 'lieu à vérifier', ecoute)
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'))
    await context.close()
  })

test('coordinates alone take the name of the address near them; the agent sees the plan', async () => {
  const { page, context } = await unePersonne({ avecScript: false, largeur: 320 })
  await remplirDemarche(page, vire, DEMARCHE, { saisie: { lieuProbleme: `48,8385, -0,8893` } })
  assert.match(await texte(page), /Près de : 5 Rue de l’Essai D, 14500 Vire Normandie/)
  await envoyer(page, 'Envoyer ma demande')
  const { id } = await lireAccuse(page)
  await context.close()
  const agent = await unAgent('administrateur')
  const ecoute = ecouter(agent.page)
  await agent.page.goto(`${vire}/agent/dossiers/${id}`)
  assert.ok(await isDrawn(agent.page))
  assert.match((await agent.page.locator('img.carte').getAttribute('alt'))!, /Près de : 5 Rue de l’Essai D.*coordonnées 48,83850, -0,88930/)
  await controler(agent.page, 'lieu chez l’agent', ecoute)
  await agent.context.close()
})

/** Opens the map by the keyboard, and waits until it can be used. */
async function ouvrirLaCarte(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Choisir sur une carte' })
  await button.focus()
  await page.keyboard.press('Enter')
  await page.locator('.carte-vue:focus .leaflet-tile-loaded').first().waitFor()
}
const dit = (page: Page, words: RegExp) => page.locator('.carte-choisir [role=status]', { hasText: words }).waitFor()

test('a place is chosen on the plan of the commune with the keyboard alone, then kept', async () => {
  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  const ecoute = ecouter(page)
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  await allerAuLieu(page, vire)
  await page.getByRole('button', { name: 'Choisir sur une carte' }).waitFor()
  assert.ok(!asked.some(url => /-carte\.(js|css)$/.test(url)), 'nothing of the map before it is asked for')
  await controler(page, 'carte proposée', ecoute)

  await ouvrirLaCarte(page)
  assert.ok(
    asked.every(url => url.startsWith(parvis.adresse) || url.startsWith('data:')),
    'nothing from elsewhere',
  )
  await page.keyboard.press('Enter')
  await dit(page, /près de\s: \d+ Rue de l’Essai/)
  const first = await box(page).inputValue()
  assert.match(first, /^\d+ Rue de l’Essai [A-F], 14500 Vire Normandie \(48,838\d\d, -0,88\d\d\d\)$/)
  for (let press = 0; press < 2; press++) await page.keyboard.press('ArrowUp')
  await page.waitForTimeout(500)
  await page.keyboard.press('Enter')
  await page.waitForFunction(before => document.querySelector<HTMLInputElement>('[name=lieuProbleme]')?.value !== before, first)
  await dit(page, /Point placé/)
  assert.ok(Number((await box(page).inputValue()).match(/48,(\d{5})/)![1]) > Number(first.match(/48,(\d{5})/)![1]), 'further north')
  await controler(page, 'carte ouverte', ecoute)

  const chosen = await box(page).inputValue()
  await finir(page)
  await page.goto(page.url().replace(/etapes\/.*/, 'verification'))
  assert.match(await texte(page), new RegExp(chosen.match(/48,\d{5}, -0,\d{5}/)![0]))
  await page.goto(page.url().replace('verification', 'etapes/ou'))
  assert.equal(await box(page).inputValue(), chosen)
  await ouvrirLaCarte(page)
  assert.equal(await page.locator('.carte-point').count(), 1, 'the point is where it was')
  assert.deepEqual(ecoute.plaintes, [])
  await context.close()
})

test('a click, a drag, the position of the device, words of one’s own, and a point taken away', async () => {
  const { page, context } = await unePersonne({ avecScript: true })
  const ecoute = ecouter(page)
  await context.grantPermissions(['geolocation'])
  await context.setGeolocation({ latitude: CENTRE.lat + 6e-4, longitude: CENTRE.lon, accuracy: 5 })
  await allerAuLieu(page, vire)
  await box(page).fill('le banc cassé')
  await ouvrirLaCarte(page)
  await page.locator('.carte-vue').click({ position: { x: 200, y: 150 } })
  await dit(page, /Point placé/)
  assert.match(await box(page).inputValue(), /^le banc cassé \(48,8\d{4}, -0,8\d{4}\)$/)

  const before = await box(page).inputValue()
  const mark = (await page.locator('.carte-point').boundingBox())!
  await page.mouse.move(mark.x + 12, mark.y + 12)
  await page.mouse.down()
  await page.mouse.move(mark.x + 90, mark.y + 40, { steps: 6 })
  await page.mouse.up()
  await page.waitForFunction(old => document.querySelector<HTMLInputElement>('[name=lieuProbleme]')?.value !== old, before)

  await page.getByRole('button', { name: 'Me localiser' }).click()
  await dit(page, /près de\s: 5 Rue de l’Essai E/)
  assert.equal(await box(page).inputValue(), 'le banc cassé (48,83910, -0,88930)')
  await page.getByRole('button', { name: /^Écrire «\s5 Rue de l’Essai E, 14500 Vire Normandie\s»$/ }).click()
  assert.equal(await box(page).inputValue(), '5 Rue de l’Essai E, 14500 Vire Normandie (48,83910, -0,88930)')
  await page.getByRole('button', { name: 'Retirer le point' }).click()
  assert.equal(await box(page).inputValue(), '')
  assert.equal(await page.locator('.carte-point').count(), 0)
  await page.getByRole('button', { name: 'Fermer la carte' }).click()
  assert.ok(await page.locator('.carte-choisir').isHidden())
  assert.deepEqual(ecoute.plaintes, [])
  await context.close()
})

test('a position that is refused, and a map that does not come, are told; the form goes on', async () => {
  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  await allerAuLieu(page, vire)
  await context.route(/-carte\.js$/, route => route.abort())
  await page.getByRole('button', { name: 'Choisir sur une carte' }).click()
  await page.getByText('La carte n’a pas pu s’ouvrir.').waitFor()
  await context.unroute(/-carte\.js$/)
  await page.reload()
  await ouvrirLaCarte(page)
  await page.getByRole('button', { name: 'Me localiser' }).click()
  await dit(page, /n’a pas donné sa position/)
  await context.close()
})

test('without an address file and without tiles no map is offered', async () => {
  const { page, context } = await unePersonne({ avecScript: true })
  const [answer] = await Promise.all([page.waitForResponse(/recherche\/carte$/), allerAuLieu(page, autre)])
  assert.deepEqual(await answer.json(), {})
  assert.equal(await page.getByRole('button', { name: 'Choisir sur une carte' }).count(), 0)
  await box(page).fill('48,8385, -0,8893')
  await finir(page)
  await page.goto(page.url().replace(/etapes\/.*/, 'etapes/ou'))
  assert.ok(await isDrawn(page))
  await context.close()
})

test('tiles that are configured are shown with their mention, and the plan takes their place when they do not come', async () => {
  const tile = await sharp({ create: { width: 256, height: 256, channels: 3, background: '#cfe3cf' } })
    .png()
    .toBuffer()
  const asked: string[] = []
  let isAway = false
  const tiles = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (isAway) response.writeHead(503).end()
    else response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'no-store' }).end(tile)
  })
  await new Promise<void>(resolve => tiles.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(tiles.address() as AddressInfo).port}`
  const tiled = await demarrerParvis({
    env: { PARVIS_TUILES: `${origin}/{z}/{x}/{y}.png`, PARVIS_TUILES_MENTION: '© Essai <b>', PARVIS_VIDE: 'oui' },
  })
  try {
    importer(tiled)
    const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
    const ecoute = ecouter(page)
    const base = tiled.adresse + tiled.demonstration.communes[0]!.chemin
    await allerAuLieu(page, base)
    await ouvrirLaCarte(page)
    await page.getByText('© Essai <b>').waitFor()
    assert.ok(
      asked.some(url => /^\/15\/\d+\/\d+\.png$/.test(url)),
      asked.join(' '),
    )
    await page.getByRole('button', { name: 'Placer le point au centre' }).click()
    await dit(page, /près de/)
    await controler(page, 'carte avec tuiles', ecoute)
    isAway = true
    await page.reload()
    await page.getByRole('button', { name: 'Choisir sur une carte' }).click()
    await dit(page, /Le fond de carte ne répond pas/)
    await page.getByText('Base Adresse Locale').waitFor()
    await context.close()
  } finally {
    await tiled.stop()
    tiles.closeAllConnections()
    tiles.close()
  }
})
