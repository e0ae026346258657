import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { type Exemple, exemples, modeles } from '../../src/modules/demarches/livre.ts'
import { champsDe, deposerDemande } from '../builders/demande.ts'
import { unVisiteur } from '../builders/visiteur.ts'

/** A photograph as a telephone takes it: JPEG, rotated by its EXIF. */
export const photo = (): Promise<Buffer> =>
  sharp({ create: { width: 1200, height: 900, channels: 3, background: '#8fa3b0' } })
    .withExif({ IFD0: { Make: 'Essai' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()

/** Fills the fields of the page as a person would, by their names. */
export async function remplirPage(page: Page, envoi: Exemple['envois'][number], saisie: Record<string, string> = {}): Promise<void> {
  for (const [name, given] of Object.entries(champsDe(envoi))) {
    const value = saisie[name] ?? given
    for (const one of typeof value === 'string' ? [value] : value) {
      const choice = page.locator(`input[name="${name}"][value=${JSON.stringify(one.split('\n')[0])}]:is([type=radio],[type=checkbox])`)
      if ((await choice.count()) > 0) await choice.first().check()
      // The details of a choice are asked once it is known, which without script takes sending the page.
      else if (name.endsWith('-choix') && (await page.locator(`[name="${name}"]`).count()) === 0) return reprendre(page, envoi, saisie)
      else if ((await page.locator(`select[name="${name}"]`).count()) > 0) await page.locator(`select[name="${name}"]`).selectOption(one)
      else await page.locator(`[name="${name}"]`).first().fill(one)
    }
  }
  for (const [name, files] of Object.entries(envoi.pieces ?? {})) {
    const buffer = await photo()
    await page
      .locator(`input[type=file][name="${name}"]`)
      .setInputFiles(files.map(file => ({ name: `${file.replace(/\.[^.]*$/, '')}.jpg`, mimeType: 'image/jpeg', buffer })))
  }
}

async function reprendre(page: Page, envoi: Exemple['envois'][number], saisie: Record<string, string>): Promise<void> {
  await envoyer(page, /^Enregistrer/)
  await remplirPage(page, envoi, saisie)
}

/** How a journey differs from the sample that it follows. */
export interface Parcours {
  readonly rang?: number
  /** Typed instead of the sample's answers. */
  readonly saisie?: Record<string, string>
  /** Called on each page once filled, before it is sent. */
  readonly avant?: (page: Page, etape: string) => Promise<void>
  /** Stops before the page of this étape. */
  readonly jusqua?: string
  /** Sends a page otherwise than by one press. */
  readonly envoi?: typeof envoyer
}

/** Goes from the presentation of a démarche to the check of all answers, or to the étape `jusqua`, with a sample. */
export async function remplirDemarche(page: Page, base: string, demarcheId: string, parcours: Parcours = {}): Promise<void> {
  const exemple = exemples[demarcheId]![parcours.rang ?? 0]!
  const modele = modeles.find(m => m.id === demarcheId)!
  const send = parcours.envoi ?? envoyer
  await page.goto(`${base}/demarches/${demarcheId}`)
  await pageSuivante(page, () =>
    page
      .getByRole('link', { name: /^Commencer/ })
      .first()
      .click(),
  )
  for (const [index, envoi] of exemple.envois.entries()) {
    if (envoi.etape === parcours.jusqua) return
    const isRepeated = modele.formulaire.etapes.find(e => e.id === envoi.etape)?.repetition !== undefined
    if (isRepeated) await pageSuivante(page, () => page.getByRole('link', { name: /^Ajouter/ }).click())
    await remplirPage(page, envoi, parcours.saisie)
    await parcours.avant?.(page, envoi.etape)
    await send(page, /^Enregistrer et continuer/)
    if (isRepeated && exemple.envois[index + 1]?.etape !== envoi.etape) await send(page, /^Continuer/)
  }
  await page.getByRole('heading', { name: 'Vérifiez vos réponses' }).waitFor()
}

/** What a person notes when their demande is sent. */
export interface Depose {
  readonly reference: string
  readonly code: string
  readonly id: string
}

/** Files a démarche from its presentation to the receipt. */
export async function deposerDemarche(page: Page, base: string, demarcheId: string, parcours: Parcours = {}): Promise<Depose> {
  await remplirDemarche(page, base, demarcheId, parcours)
  await (parcours.envoi ?? envoyer)(page, 'Envoyer ma demande')
  return lireAccuse(page)
}

/**
 * Files a sample as the person of this page, with their cookies, without showing the pages of the form: for a journey that begins once a request is
 * there.
 */
export async function dejaDepose(
  page: Page,
  base: string,
  demarcheId: string,
  parcours: Pick<Parcours, 'rang' | 'saisie'> = {},
): Promise<Depose> {
  const { origin, pathname } = new URL(base)
  const cookies = new Map((await page.context().cookies(origin)).map(({ name, value }) => [name, value]))
  const visiteur = unVisiteur(origin, { cookies })
  const depose = await deposerDemande(visiteur, pathname, demarcheId, await photo(), parcours)
  visiteur.fermer()
  await page.context().addCookies([...cookies].map(([name, value]) => ({ name, value, url: origin })))
  return depose
}

/** Reads the two codes on the receipt, which must be the page in front. */
export async function lireAccuse(page: Page): Promise<Depose> {
  await page.getByRole('heading', { name: 'Votre demande est envoyée' }).waitFor()
  const body = await page.locator('main').innerText()
  const [reference, code] = body.match(/[0-9A-Z]{4}-[0-9A-Z]{4}/g) ?? []
  assert.ok(reference && code, body)
  return { reference, code, id: page.url().match(/dossiers\/([^/]+)/)![1]! }
}

/** Opens a dossier or a draft with its two codes, as on another device. */
export async function ouvrirParCode(page: Page, base: string, { reference, code }: Pick<Depose, 'reference' | 'code'>): Promise<void> {
  await page.goto(`${base}/suivi`)
  await page.getByLabel('Référence').fill(reference.toLowerCase().replace('-', ' '))
  await page.getByLabel('Code personnel').fill(code)
  await envoyer(page, 'Ouvrir')
}

/** The address of the one-time link sent to this person, read in the boîte d’envoi of a commune. */
export async function lienRecu(page: Page, base: string, courriel: string): Promise<string> {
  const row = page.locator('tbody tr', { hasText: courriel }).getByRole('link', { name: /lien/ })
  for (let tries = 0; tries < 40; tries++) {
    await page.goto(`${base}/boite-d-envoi`)
    if ((await row.count()) > 0) break
    await page.waitForTimeout(150)
  }
  await pageSuivante(page, () => row.first().click())
  return (await page.locator('main a[href*="/mes-dossiers/connexion/"]').getAttribute('href'))!
}

/** Signs a person in « mes dossiers » by the link that they receive. */
export async function ouvrirMesDossiers(page: Page, base: string, courriel: string): Promise<void> {
  await page.goto(`${base}/mes-dossiers`)
  await page.getByLabel('Votre adresse électronique').fill(courriel)
  await envoyer(page, 'Recevoir un lien')
  await page.goto(await lienRecu(page, base, courriel))
  await envoyer(page, 'Ouvrir mes dossiers')
}

/** Presses a button and waits for the page that follows. Before a demande leaves, its documents are waited for as a person would. */
export async function envoyer(page: Page, name: RegExp | string): Promise<void> {
  if (name === 'Envoyer ma demande' || name === 'Renvoyer ma demande') await documentsVerifies(page)
  await pageSuivante(page, () => page.getByRole('button', { name }).first().click())
}

/** Looks at the page again as long as it says that documents are being verified: on a slow machine that may take seconds. */
export async function documentsVerifies(page: Page): Promise<void> {
  const again = page.getByRole('link', { name: 'Actualiser cette page' })
  for (let tries = 0; tries < 60 && (await again.count()) > 0; tries++) {
    await page.waitForTimeout(500)
    await pageSuivante(page, () => again.click())
  }
}

/**
 * Does what leads to another page, and waits for it: a new document, or a page put in place of this one by the script. Asked of the page itself:
 * to wait on a locator costs its whole machinery in each document, a third of the time of a press.
 */
export async function pageSuivante(page: Page, act: () => Promise<unknown>): Promise<void> {
  await page.evaluate("document.body.setAttribute('data-quittee', '')")
  await act()
  const deadline = performance.now() + PATIENCE_MS
  // Between two documents, there is nobody to answer.
  while (!(await page.evaluate(`document.readyState === 'complete' && !document.body.hasAttribute('data-quittee')`).catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`no page came after ${page.url()} within ${PATIENCE_MS / 1000} s`)
    await page.waitForTimeout(15)
  }
}

const PATIENCE_MS = 15_000
