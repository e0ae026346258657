import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

let shared: Promise<Browser> | undefined

const violations: string[] = []
// At the end of the run, for all its journeys: what no page asserted by itself. A bench takes the browser without being a test.
if (process.execArgv.includes('--test')) after(() => assert.deepEqual(violations, [], 'violations of the content security policy'))

/** Notes what the browser refuses to a page because of our policy, in all the pages of a context. */
function ecouterLaPolitique(context: BrowserContext): void {
  context.on('console', message => {
    if (/Content Security Policy|Refused to (load|execute|apply|frame|connect)/i.test(message.text()))
      violations.push(`${message.page()?.url()}: ${message.text().slice(0, 300)}`)
  })
}

/** Where the browser is, unpacked the first time in the folder for temporary files: two suites must not do it at once. */
export async function trouverLeNavigateur(): Promise<{ path: string; args: string[] }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const known = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/usr/bin/chromium', '/usr/bin/google-chrome']
    const path = known.find(existsSync)
    if (!path) throw new Error('Aucun navigateur : installez Chrome ou Chromium pour les parcours.')
    return { path, args: [] }
  }
  // The package unpacks the system libraries that the browser needs only when it believes it is on Lambda.
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x'
  const { default: sparticuz } = await import('@sparticuz/chromium')
  // No GPU here, and none imitated: drawing our pages through an imitation takes a third of the time of all the journeys.
  sparticuz.setGraphicsMode = false
  const path = await sparticuz.executablePath()
  // The package says its fonts are in /tmp, wherever it unpacked them: elsewhere the browser finds none, and dies at its first page.
  const fonts = join(tmpdir(), 'fonts', 'fonts.conf')
  const told = readFileSync(fonts, 'utf8')
  const right = told.replace('>/tmp/fonts<', `>${tmpdir()}/fonts<`).replace('>/tmp/fonts-cache/<', `>${tmpdir()}/fonts-cache/<`)
  if (right !== told) writeFileSync(fonts, right)
  return {
    path,
    args: ['--no-sandbox', '--disable-gpu', '--disable-gpu-compositing', '--disable-software-rasterizer', '--font-render-hinting=none'],
  }
}

/** One browser for all the journeys of a run. */
export function leNavigateur(): Promise<Browser> {
  shared ??= trouverLeNavigateur().then(({ path, args }) =>
    chromium.launch({ executablePath: path, args: [...args, '--disable-background-networking', '--no-first-run'], headless: true }),
  )
  return shared
}

/** Closes the shared browser, for the last test of a run. */
export async function fermerLeNavigateur(): Promise<void> {
  const browser = await shared
  shared = undefined
  await browser?.close()
}

/** A person's browser: its cookies, its width, with or without script. */
export async function unePersonne(options: { avecScript: boolean; largeur?: number }): Promise<{ context: BrowserContext; page: Page }> {
  const browser = await leNavigateur()
  const context = await browser.newContext({
    javaScriptEnabled: options.avecScript,
    viewport: { width: options.largeur ?? 1280, height: 900 },
    locale: 'fr-FR',
  })
  context.setDefaultTimeout(10_000)
  ecouterLaPolitique(context)
  return { context, page: await context.newPage() }
}
