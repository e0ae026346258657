import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import type { Page } from 'playwright-core'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { envoyer } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')

async function telecharger(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Télécharger le fichier' }).click()])
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

for (const avecScript of [true, false])
  test(`an agent exports a list, keeps the model, takes it up again, ${avecScript ? 'with' : 'without'} script`, async () => {
    const { page, context } = await unAgent('administrateur', { avecScript, largeur: avecScript ? 1280 : 320 })
    const ecoute = avecScript ? ecouter(page) : undefined
    const voir = async (name: string) => {
      if (ecoute) await controler(page, name, ecoute)
    }
    await page.goto(`${vire}/agent/dossiers?etat=tous&demarche=restauration-scolaire`)
    await page.getByRole('link', { name: 'Exporter' }).click()
    await voir('export')
    const count = Number(/(\d+) dossiers?/.exec(await texte(page))![1])
    assert.ok(count > 0)
    const ticked = page.getByRole('checkbox', { checked: true })
    while ((await ticked.count()) > 0) await ticked.first().uncheck()
    await envoyer(page, 'Exporter')
    assert.match(await texte(page), /Cochez au moins une colonne/)
    await voir('export sans colonne')
    await page.getByLabel('Référence').check()
    await page.getByLabel('Reçu le').check()
    await page.getByRole('group', { name: 'Les réponses' }).getByRole('checkbox').first().check()
    await envoyer(page, 'Exporter')
    assert.match(await texte(page), /L’export est prêt/)
    await voir('export prêt')
    const { name, bytes } = await telecharger(page)
    assert.match(name, /^dossiers-vire-normandie-.*\.csv$/)
    const rows = parse(bytes, { bom: true, delimiter: ';', columns: true }) as Record<string, string>[]
    assert.equal(rows.length, count)
    assert.match(rows[0]!['Reçu le']!, /^\d{4}-\d\d-\d\d \d\d:\d\d$/)

    await page.goto(`${vire}/agent/exports?etat=tous&demarche=restauration-scolaire`)
    await page.getByRole('radio', { name: /^Classeur XLSX/ }).check()
    await page.getByText('Garder ces choix pour une autre fois').click()
    const model = `Cantine ${avecScript ? 'avec' : 'sans'} script`
    await page.getByLabel('Nom du modèle').fill(model)
    await envoyer(page, 'Enregistrer le modèle')
    assert.match(await texte(page), /Le modèle est enregistré/)
    await voir('modèle gardé')
    await page.goto(`${vire}/agent/exports`)
    await page.getByRole('link', { name: model }).click()
    assert.equal(await page.getByRole('radio', { name: /^Classeur XLSX/ }).isChecked(), true)
    await envoyer(page, 'Exporter')
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load((await telecharger(page)).bytes as unknown as ExcelJS.Buffer)
    const sheet = workbook.getWorksheet('Dossiers')!
    assert.equal(sheet.rowCount, count + 1)
    const at = (sheet.getRow(1).values as unknown[]).indexOf('Reçu le')
    assert.ok(sheet.getRow(2).getCell(at).value instanceof Date)
    await page.goto(`${vire}/agent/exports`)
    await page.getByRole('button', { name: `Supprimer le modèle « ${model} »` }).click()
    await page.getByText('Le modèle est supprimé.').waitFor()
    assert.deepEqual(ecoute?.plaintes ?? [], [])
    await context.close()
  })

test('the dossiers chosen come in an archive, and one dossier in its own; each opens without the program', async () => {
  const { page, context } = await unAgent('administrateur')
  await page.goto(`${vire}/agent/dossiers?etat=tous`)
  const href = await page.locator('tbody th a').first().getAttribute('href')
  const id = /dossiers\/([0-9a-f-]{36})/.exec(href!)![1]!
  const response = await page.request.get(`${vire}/agent/dossiers/${id}/archive`)
  assert.equal(response.status(), 200)
  assert.match(response.headers()['content-disposition']!, /attachment.*\.zip/)
  const names = nomsDuZip(await response.body())
  assert.ok(names.includes('dossier.html') && names.includes('dossier.json'), names.join())

  for (const box of (await page.getByRole('checkbox', { name: /^Choisir / }).all()).slice(0, 2)) await box.check()
  await page.getByLabel('Pour les dossiers cochés').selectOption('archiver')
  await envoyer(page, 'Continuer')
  await page.getByRole('button', { name: /^Télécharger \(ZIP\)/ }).click()
  await page.getByRole('link', { name: 'Télécharger le fichier' }).waitFor({ timeout: 30_000 })
  const { name, bytes } = await telecharger(page)
  assert.match(name, /^archive-vire-normandie-.*\.zip$/)
  assert.equal(nomsDuZip(bytes).filter(one => one.endsWith('/dossier.html')).length, 2)
  await context.close()
})

/** The names in the central directory (APPNOTE 4.3.12). */
function nomsDuZip(bytes: Buffer): string[] {
  const names: string[] = []
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 46))
    names.push(bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28)))
  return names
}
