import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { type Exemple, exemples, modeles } from '../../src/modules/demarches/index.ts'
import { dates } from '../../src/modules/formulaires/index.ts'

/** A photograph as a telephone takes it: JPEG, rotated by its EXIF. */
export const photo = (): Promise<Buffer> =>
  sharp({ create: { width: 1200, height: 900, channels: 3, background: '#8fa3b0' } })
    .withExif({ IFD0: { Orientation: '6', Make: 'Essai' } })
    .jpeg()
    .toBuffer()

const today = () => new Date().toISOString().slice(0, 10)

function typed(envoi: Exemple['envois'][number]): Record<string, string | readonly string[]> {
  const all: Record<string, string | readonly string[]> = { ...envoi.saisie }
  for (const [champ, days] of Object.entries(envoi.dansJours ?? {})) {
    const [annee = '', mois = '', jour = ''] = (dates.addDays(today(), days) ?? '').split('-')
    Object.assign(all, { [`${champ}-jour`]: jour, [`${champ}-mois`]: mois, [`${champ}-annee`]: annee })
  }
  return all
}

/** Fills the fields of the page as a person would, by their names. */
export async function remplirPage(page: Page, envoi: Exemple['envois'][number]): Promise<void> {
  for (const [name, value] of Object.entries(typed(envoi))) {
    for (const one of typeof value === 'string' ? [value] : value) {
      const choice = page.locator(`input[name="${name}"][value="${one}"]:is([type=radio],[type=checkbox])`)
      if ((await choice.count()) > 0) await choice.first().check()
      else if ((await page.locator(`select[name="${name}"]`).count()) > 0) await page.locator(`select[name="${name}"]`).selectOption(one)
      else await page.locator(`[name="${name}"]`).first().fill(one)
    }
  }
  for (const [name, files] of Object.entries(envoi.pieces ?? {})) {
    const buffer = await photo()
    await page.locator(`input[type=file][name="${name}"]`).setInputFiles(files.map(file => ({ name: `${file.replace(/\.[^.]*$/, '')}.jpg`, mimeType: 'image/jpeg', buffer })))
  }
}

/** Goes from the presentation of a démarche to the check of all answers, with a sample. `apres` is called after each page. */
export async function remplirDemarche(page: Page, base: string, demarcheId: string, rang = 0, apres?: (page: Page, etape: string) => Promise<void>): Promise<void> {
  const exemple = exemples[demarcheId]![rang]!
  const modele = modeles.find(m => m.id === demarcheId)!
  await page.goto(`${base}/demarches/${demarcheId}`)
  await page.getByRole('link', { name: /^Commencer/ }).first().click()
  for (const [index, envoi] of exemple.envois.entries()) {
    const isRepeated = modele.formulaire.etapes.find(e => e.id === envoi.etape)?.repetition !== undefined
    if (isRepeated) await page.getByRole('link', { name: /^Ajouter/ }).click()
    await remplirPage(page, envoi)
    await apres?.(page, envoi.etape)
    await envoyer(page, /^Enregistrer et continuer/)
    if (isRepeated && exemple.envois[index + 1]?.etape !== envoi.etape) await envoyer(page, /^Continuer/)
  }
  await page.getByRole('heading', { name: 'Vérifiez vos réponses' }).waitFor()
}

/** Presses a button and waits for the page that follows. */
export async function envoyer(page: Page, name: RegExp | string): Promise<void> {
  const before = page.url()
  const marker = await page.evaluate(() => performance.timeOrigin).catch(() => 0)
  await page.getByRole('button', { name }).first().click()
  await page.waitForFunction(([url, origin]) => location.href !== url || performance.timeOrigin !== origin, [before, marker] as const).catch(() => {})
  await page.waitForLoadState('load')
}
