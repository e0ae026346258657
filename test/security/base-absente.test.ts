import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWeb, openApp, openConnections, prepareDatabase, routes } from '../../src/main.ts'
import { publierCatalogue } from '../../src/modules/demarches/index.ts'
import { ouvrirTerritoire } from '../../src/modules/territoire/commands/ouvrir-territoire.ts'
import { lireRegistre } from '../../src/modules/territoire/registre/sources.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { readConfig } from '../../src/platform/config.ts'
import { openDatabase } from '../../src/platform/db/open.ts'
import { newId, newSecret } from '../../src/platform/ids.ts'
import { INCONNUS, urlDe } from './routes.ts'

const folder = mkdtempSync(join(tmpdir(), 'parvis-absente-'))
const config = readConfig({ PARVIS_DEMONSTRATION: 'oui', PARVIS_JOURNAL: 'silencieux', PARVIS_DONNEES: folder })

/** The program as it starts, on a server of its own that the test stops and starts. */
async function ouvrir() {
  const connections = await openConnections(config)
  await prepareDatabase(config, connections)
  const owner = openDatabase(connections.owner, { max: 1 })
  const opened = await ouvrirTerritoire(owner, systemClock, lireRegistre(), '14762,14061', { demonstration: true })
  if (!opened.ok) throw new Error(opened.refusal.sentence)
  await publierCatalogue(owner, systemClock)
  await owner.close()
  const { app, close } = await openApp(config, connections, 'essai', () => 'http://localhost')
  const web = await createWeb(app, connections)
  return { connections, web: { ...web, forget: () => app.cache.invalidate('*') }, close }
}

test('the database goes away and comes back: said plainly, then served again, and nothing else breaks', async () => {
  const rejections: unknown[] = []
  const note = (error: unknown) => rejections.push(error)
  process.on('unhandledRejection', note)
  const { connections, web, close } = await ouvrir()
  let server: { close(): Promise<void> } = connections
  after(async () => {
    process.off('unhandledRejection', note)
    await web.close()
    await close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const ask = (method: 'GET' | 'POST', url: string, cookie?: string) =>
    web.server.inject({
      method,
      url,
      headers: {
        host: 'localhost',
        ...(cookie ? { cookie } : {}),
        ...(method === 'POST' ? { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(method === 'POST'
        ? { payload: `_cle=${newSecret()}&texte=Bonjour&courriel=x%40courriel.example&reference=AAAA-AAAA&version=2` }
        : {}),
    })
  const sante = async () => (await ask('GET', '/sante')).statusCode
  assert.equal(await sante(), 200)
  assert.equal((await ask('GET', '/vire-normandie')).statusCode, 200)
  for (const known of [false, true]) {
    if (!known) web.forget()
    await connections.close()
    const cookie = `parvis=${newSecret()}; parvis-agent=${newSecret()}`
    const answers = new Map<string, number>()
    const asks = routes.flatMap(route => [undefined, cookie].map(given => ({ route, given })))
    const all: { route: (typeof routes)[number]; response: Awaited<ReturnType<typeof ask>> }[] = []
    // Fewer at once than the door lets in: a crowd would be refused for being one.
    while (asks.length > 0)
      all.push(
        ...(await Promise.all(
          asks.splice(0, 24).map(async ({ route, given }) => ({
            route,
            response: await ask(route.method, urlDe(route, '/vire-normandie', INCONNUS), given),
          })),
        )),
      )
    for (const { route, response } of all) {
      const what = `${route.method} ${route.path}`
      answers.set(String(response.statusCode), (answers.get(String(response.statusCode)) ?? 0) + 1)
      assert.notEqual(response.statusCode, 500, `${what}: ${response.body.match(/<main[\s\S]{0,500}/)?.[0]}`)
      if (response.statusCode !== 503) continue
      assert.ok(Number(response.headers['retry-after']) > 0, what)
      assert.match(String(response.headers['content-security-policy']), /default-src 'none'/)
      if (route.path === '/sante') assert.deepEqual(Object.keys(response.json()).sort(), ['etat', 'version'])
      else if (route.format === 'json') assert.match(response.json().message, /momentanément indisponible/, what)
      else assert.match(response.body, /lang="fr"[\s\S]*momentanément indisponible/, what)
      assert.doesNotMatch(response.body, /ECONN|ENOENT|socket|postgres/i, what)
    }
    assert.equal(await sante(), 503)
    assert.ok((answers.get('503') ?? 0) > 60, JSON.stringify([...answers]))
    server = await openConnections(config)
    const deadline = performance.now() + 10_000
    while ((await sante()) !== 200 && performance.now() < deadline) await sleep(50)
    assert.equal(await sante(), 200, 'it serves again')
    for (const url of ['/', '/vire-normandie', '/vire-normandie/demarches/acte-etat-civil/commencer', '/recherche?q=vire'])
      assert.equal((await ask('GET', url, cookie)).statusCode, 200, url)
    assert.equal((await ask('GET', `/vire-normandie/dossiers/${newId()}`, cookie)).statusCode, 404)
    Object.assign(connections, { close: () => server.close() })
  }
  await sleep(50)
  assert.deepEqual(rejections, [])
})
