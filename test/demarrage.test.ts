import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { projectFolder } from '../src/platform/config.ts'
import { demarrerParvis } from './builders/parvis.ts'

const folders: string[] = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'parvis-demarrage-'))
  folders.push(made)
  return made
}
after(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true })
})

function refuse(env: Record<string, string>, args: string[] = []) {
  const run = spawnSync(process.execPath, [join(projectFolder, 'bin/start.js'), ...args], {
    env: { ...process.env, PARVIS_DONNEES: folder(), PORT: '0', ...env },
    encoding: 'utf8',
    timeout: 30_000,
  })
  assert.equal(run.status, 1, `${run.stdout}${run.stderr}`)
  assert.doesNotMatch(run.stderr, /\n\s+at /, 'no stack')
  return run.stderr
}

test('a wrong configuration is refused with each variable named', () => {
  const said = refuse({ PORT: 'abc', PARVIS_SMTP: 'toto', PARVIS_ORIGINE: 'x' })
  for (const name of ['PORT=« abc »', 'PARVIS_SMTP=« toto »', 'PARVIS_ORIGINE=« x »']) assert.match(said, new RegExp(name))
})

test('a demonstration refuses a public address, and the network', () => {
  assert.match(
    refuse({ PARVIS_DEMONSTRATION: 'oui', PARVIS_ORIGINE: 'https://guichet.example' }),
    /ne s’ouvre pas sur une adresse publique/,
  )
  assert.match(refuse({ PARVIS_ECOUTE: '0.0.0.0' }), /n’écoute que sur cette machine/)
})

test('a wrong territory says what is accepted and proposes the nearest', () => {
  const said = refuse({}, ['--territoire', '200068798'])
  assert.match(said, /200068799 \(Communauté de communes Intercom de la Vire au Noireau\)/)
  assert.match(said, /Codes acceptés/)
})

test('a data folder that is not one is left as it is, and said', () => {
  const data = folder()
  mkdirSync(join(data, 'base'))
  writeFileSync(join(data, 'base', 'lettre.txt'), 'bonjour')
  assert.match(refuse({ PARVIS_DONNEES: data }), /PG_VERSION manque/)
  assert.equal(readFileSync(join(data, 'base', 'lettre.txt'), 'utf8'), 'bonjour')
})

test('a database that does not answer is said', () => {
  assert.match(refuse({ DATABASE_URL: 'postgres://parvis@127.0.0.1:1/parvis' }), /Vérifiez DATABASE_URL/)
})

test('it starts, says so in French, takes the next port, and starts again after kill -9', async () => {
  const squatter = createServer()
  const port = await new Promise<number>(resolve =>
    squatter.listen(0, 'localhost', () => resolve((squatter.address() as { port: number }).port)),
  )
  const dossier = folder()
  const first = await demarrerParvis({ dossier, args: ['--vide'], env: { PORT: String(port) } })
  squatter.close()
  assert.match(first.output(), new RegExp(`Le port ${port} est déjà pris`))
  assert.match(first.output(), /Agents fictifs/)
  assert.equal(first.demonstration.communes.length, 17)
  assert.ok(first.demonstration.agents.every(a => a.totp.length === 32 && a.motDePasse))
  const sante = await fetch(`${first.adresse}/sante`)
  assert.equal(sante.status, 200)
  assert.deepEqual(Object.keys((await sante.json()) as object), ['etat', 'version'])
  first.process.kill('SIGKILL')
  const second = await demarrerParvis({ dossier })
  assert.equal((await fetch(`${second.adresse}/vire-normandie`)).status, 200)
  assert.equal(second.demonstration.adresse, second.adresse)
  const start = performance.now()
  assert.equal(await second.stop(), 0)
  assert.ok(performance.now() - start < 5000, 'SIGTERM stops within 5 s: the contract, not a speed')
})
