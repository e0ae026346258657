/**
 * The components in a real browser: axe, overflow, and the enhancement script over a server that answers, refuses, cuts and fails.
 * Chromium comes from npm for Linux x64; elsewhere this file is skipped and says so.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type Browser, chromium, type Page as Tab } from 'playwright-core'
import { renderDocument } from '../platform/html/render.ts'
import { buildAssets } from './assets.ts'
import { ComposantsPage } from './composants.page.tsx'
import { Actions, Button, ErrorSummary, FileInput, Form, type Lieu, Page, TextInput } from './index.ts'

const supported = process.platform === 'linux' && process.arch === 'x64'
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'"
const assets = { styleHref: '/style.css', scriptHref: '/script.js' }
const lieu: Lieu = {
  nom: 'Bocage',
  chemin: '',
  telephone: '02 61 91 00 00',
  demonstration: true,
  territoire: 'Bocage',
  liens: [{ texte: 'Aide', href: '/aide' }],
}

let browser: Browser
let server: Server
let origin: string
/** How the server answers a POST, and what it received. */
let mode: 'accept' | 'slow' | 'refuse' | 'cut' | 'fail' = 'accept'
const received: { type: string; body: string }[] = []

const formPage = (error?: string): string =>
  renderDocument(
    <Page title="Étape" lieu={lieu} assets={assets} enhanced hasErrors={Boolean(error)}>
      <ErrorSummary errors={error ? [{ champ: 'nom', message: error }] : []} />
      <Form action="/etape" cle="cle-1" jeton="jeton-1" multipart>
        <TextInput name="nom" label="Nom" error={error} />
        <FileInput name="piece" label="Pièce" formats="PDF" maximum="1 Mo" />
        <Actions>
          <Button>Continuer</Button>
          <Button name="suite" value="plus-tard" tone="quiet">
            Plus tard
          </Button>
        </Actions>
      </Form>
    </Page>,
  )

async function answerPost(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  received.push({ type: request.headers['content-type'] ?? '', body: Buffer.concat(chunks).toString('utf8') })
  if (mode === 'cut') return void request.socket.destroy()
  if (mode === 'slow') await new Promise(resolve => setTimeout(resolve, 300))
  if (mode === 'refuse')
    return void response.writeHead(422, { 'content-type': 'text/html; charset=utf-8' }).end(formPage('Écrivez un nom.'))
  if (mode === 'fail') return void response.writeHead(503).end()
  response.writeHead(303, { location: '/merci' }).end()
}

describe('the components in a browser', { skip: supported ? false : 'no Chromium from npm on this system' }, () => {
  before(async () => {
    // The library unpacks the system libraries that Chromium needs only when it believes to be there.
    process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x'
    const { default: binary } = await import('@sparticuz/chromium')
    // One process for all tabs hangs after the first of them.
    const args = binary.args.filter(arg => arg !== '--single-process')
    browser = await chromium.launch({ args, executablePath: await binary.executablePath(), headless: true, timeout: 60_000 })
    const { css, js } = await buildAssets()
    const files: Record<string, [string, string]> = {
      '/style.css': ['text/css', css],
      '/script.js': ['text/javascript', js],
      '/composants': ['text/html', renderDocument(<ComposantsPage lieu={lieu} assets={assets} />)],
      '/merci': ['text/html', '<!doctype html><title>Merci</title>'],
      '/etape': ['text/html', formPage()],
    }
    server = createServer((request, response) => {
      response.setHeader('content-security-policy', csp)
      if (request.method === 'POST') return void answerPost(request, response)
      const [type, body] = files[request.url ?? ''] ?? ['text/plain', '']
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  after(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  })

  const open = async (path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Tab> => {
    const context = await browser.newContext(options)
    context.setDefaultTimeout(10_000)
    const tab = await context.newPage()
    await tab.goto(origin + path)
    received.length = 0
    return tab
  }

  for (const width of [1280, 320])
    for (const colorScheme of ['light', 'dark'] as const)
      it(`have no axe violation and do not overflow at ${width} px, ${colorScheme}`, async () => {
        const tab = await open('/composants', { viewport: { width, height: 900 }, colorScheme })
        assert.ok((await tab.evaluate(() => document.documentElement.scrollWidth)) <= width)
        await tab.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
        const violations = await tab.evaluate(async () => {
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'RGAAv4']
          const { axe } = window as unknown as { axe: typeof import('axe-core') }
          const result = await axe.run({ runOnly: tags })
          return [
            result.passes.length > 20 ? [] : ['axe saw too little'],
            result.violations.map(v => `${v.id}: ${v.nodes[0]?.html}`),
          ].flat()
        })
        assert.deepEqual(violations, [])
        await tab.context().close()
      })

  it('a refusal takes the place of the page, with the focus on the errors, and its form sends again', async () => {
    mode = 'refuse'
    const tab = await open('/etape')
    await tab.click('text=Continuer')
    await tab.waitForSelector('.error-summary:focus')
    assert.match(await tab.title(), /^Erreur : /)
    mode = 'accept'
    await tab.click('text=Continuer')
    await tab.waitForURL('**/merci')
  })

  it('a cut connection loses nothing, and the same answers are sent again with the same key', async () => {
    mode = 'cut'
    const tab = await open('/etape')
    await tab.fill('#nom', 'Éléonore & cie')
    await tab.setInputFiles('#piece', { name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') })
    await tab.click('text=Plus tard')
    assert.match((await tab.textContent('[role=alert]')) ?? '', /Rien n’est perdu/)
    assert.equal(await tab.inputValue('#nom'), 'Éléonore & cie')
    mode = 'accept'
    await tab.click('text=Réessayer')
    await tab.waitForURL('**/merci')
    const bodies = received.map(({ type, body }) => body.replaceAll(type.split('boundary=')[1] ?? '?', ''))
    assert.ok(bodies.length >= 2)
    assert.equal(new Set(bodies).size, 1)
    for (const part of ['cle-1', 'Éléonore & cie', 'plus-tard', '%PDF-1.7']) assert.ok(bodies[0]?.includes(part), part)
  })

  it('sends by itself when the connection comes back', async () => {
    mode = 'accept'
    const tab = await open('/etape')
    await tab.context().setOffline(true)
    await tab.click('text=Continuer')
    await tab.waitForSelector('[role=alert]')
    await tab.context().setOffline(false)
    await tab.waitForURL('**/merci')
    assert.equal(received.length, 1)
  })

  it('a double press sends once', async () => {
    mode = 'slow'
    const tab = await open('/etape')
    await tab.dblclick('text=Continuer')
    await tab.waitForURL('**/merci')
    assert.equal(received.length, 1)
  })

  it('a failing service keeps the page', async () => {
    mode = 'fail'
    const tab = await open('/etape')
    await tab.fill('#nom', 'Ana')
    await tab.click('text=Continuer')
    assert.match((await tab.textContent('[role=alert]')) ?? '', /ne répond pas/)
    assert.equal(await tab.inputValue('#nom'), 'Ana')
  })

  it('without script the form is sent by the browser, and the errors have the focus', async () => {
    mode = 'refuse'
    const tab = await open('/etape', { javaScriptEnabled: false })
    await tab.click('text=Continuer')
    await tab.waitForSelector('.error-summary:focus')
    assert.match(received[0]?.body ?? '', /cle-1/)
  })
})
