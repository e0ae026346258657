import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { codeOfBase32 } from '../../src/platform/auth/totp.ts'
import { leNavigateur, unePersonne } from './navigateur.ts'
import { type Demonstration, laDemonstration } from './parvis.ts'

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>
/** The intercommunalité of the demonstration, which carries what is shared. */
export const INTERCOMMUNALITE = '/communaute-de-communes-intercom-de-la-vire-au-noireau'

const sessions = new Map<string, Promise<Cookies>>()

/** A fictional agent of the first commune, by the first of their roles (administrateur is also instructeur and decideur), or any by their address. */
export async function agentFictif(role: string): Promise<Demonstration['agents'][number]> {
  const { demonstration } = await laDemonstration()
  const agent = demonstration.agents.find(one => one.role === role || one.courriel === role)
  if (!agent) throw new Error(`no fictional agent is ${role}`)
  return agent
}

/** The browser of an agent who has signed in. A code serves once: the agent signs in once a run, and each browser takes their cookie. */
export async function unAgent(
  role: string,
  options: { avecScript?: boolean; largeur?: number } = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const agent = await agentFictif(role)
  let session = sessions.get(agent.courriel)
  if (!session) {
    session = seConnecter(agent)
    sessions.set(agent.courriel, session)
  }
  const cookies = await session
  const person = await unePersonne({ avecScript: options.avecScript ?? true, ...(options.largeur ? { largeur: options.largeur } : {}) })
  await person.context.addCookies(cookies)
  return person
}

async function seConnecter(agent: Demonstration['agents'][number]): Promise<Cookies> {
  const { adresse, demonstration } = await laDemonstration()
  const chemin = demonstration.communes.find(({ nom }) => nom === agent.collectivite)?.chemin ?? INTERCOMMUNALITE
  const context = await (await leNavigateur()).newContext({ locale: 'fr-FR' })
  const page = await context.newPage()
  await page.goto(`${adresse}${chemin}/agent/connexion`)
  await page.getByLabel('Adresse électronique').fill(agent.courriel)
  await page.getByLabel('Mot de passe').fill(agent.motDePasse)
  await page.getByRole('button', { name: 'Continuer' }).click()
  for (let attempt = 0; attempt < 3; attempt++) {
    await page.getByLabel('Code à six chiffres').fill(codeOfBase32(agent.totp, new Date())!)
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.waitForLoadState('load')
    if (!page.url().includes('/connexion')) break
    // Another test of the run used the code of this half minute.
    await sleep(30_000 - (Date.now() % 30_000) + 200)
  }
  const cookies = await context.cookies()
  await context.close()
  return cookies
}
