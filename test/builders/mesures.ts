import type { Page } from 'playwright-core'
import { leNavigateur } from './navigateur.ts'

/** What a first visit costs. */
export interface Poids {
  /** On the wire, headers of the answers included. */
  readonly bytes: number
  readonly requests: number
  /** Elements of the document, not those inside svg. */
  readonly elements: number
}

/** Elements as EcoIndex counts them. */
export const elementsDe = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelectorAll('*').length - document.querySelectorAll('svg *').length)

/** A browser whose every visit is a first one, at 1920 × 1080, down to the end of the page, as EcoIndex measures; nothing of ours loads later. */
export async function unePesee(): Promise<{ page: Page; peser: (url: string) => Promise<Poids>; fermer: () => Promise<void> }> {
  const context = await (await leNavigateur()).newContext({ locale: 'fr-FR', viewport: { width: 1920, height: 1080 } })
  const page = await context.newPage()
  const wire = await context.newCDPSession(page)
  const seen = new Set<string>()
  let bytes = 0
  wire.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (!request.url.startsWith('data:')) seen.add(requestId)
  })
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (seen.has(requestId)) bytes += encodedDataLength
  })
  await wire.send('Network.enable')
  const peser = async (url: string): Promise<Poids> => {
    // Nothing kept from before: neither file, nor cookie, nor the page itself.
    await page.goto('about:blank')
    await wire.send('Network.clearBrowserCache')
    await context.clearCookies()
    seen.clear()
    bytes = 0
    await page.goto(url, { waitUntil: 'load' })
    await page.mouse.wheel(0, 20_000)
    await page.waitForTimeout(200)
    return { bytes, requests: seen.size, elements: await elementsDe(page) }
  }
  return { page, peser, fermer: () => context.close() }
}

/** Visits one address for the first time. */
export async function peserPage(url: string): Promise<Poids> {
  const { peser, fermer } = await unePesee()
  const poids = await peser(url)
  await fermer()
  return poids
}

/** The public pages of a territory and of one of its communes. */
export const pagesPubliques = (chemin: string): readonly (readonly [nom: string, path: string])[] => [
  ['Accueil du territoire', '/'],
  ['Recherche d’une commune', '/recherche?q=vire'],
  ['Aide du territoire', '/aide'],
  ['Accessibilité du territoire', '/accessibilite'],
  ['Mentions légales du territoire', '/mentions-legales'],
  ['Données personnelles du territoire', '/donnees-personnelles'],
  ['Vous êtes agent', '/agents'],
  ['Place de la commune', chemin],
  ['Démarches de la commune', `${chemin}/demarches`],
  ['Recherche d’une démarche', `${chemin}/demarches?q=cantine`],
  ['Présentation : acte d’état civil', `${chemin}/demarches/acte-etat-civil`],
  ['Présentation : restaurant scolaire', `${chemin}/demarches/restauration-scolaire`],
  ['Présentation : occupation du domaine public', `${chemin}/demarches/occupation-domaine-public`],
  ['Première page : acte d’état civil', `${chemin}/demarches/acte-etat-civil/commencer`],
  ['Première page : restaurant scolaire', `${chemin}/demarches/restauration-scolaire/commencer`],
  ['Première page : occupation du domaine public', `${chemin}/demarches/occupation-domaine-public/commencer`],
  ['Suivre ou reprendre une demande', `${chemin}/suivi`],
  ['Mes dossiers, sans être connecté', `${chemin}/mes-dossiers`],
  ['Aide de la commune', `${chemin}/aide`],
  ['Accessibilité de la commune', `${chemin}/accessibilite`],
  ['Mentions légales de la commune', `${chemin}/mentions-legales`],
  ['Données personnelles de la commune', `${chemin}/donnees-personnelles`],
  ['Connexion des agents', `${chemin}/agent/connexion`],
]
