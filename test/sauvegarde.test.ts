import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'csv-parse/sync'
import pg from 'pg'
import { codeOfBase32 } from '../src/platform/auth/totp.ts'
import { projectFolder } from '../src/platform/config.ts'
import { demarrerParvis, type Parvis } from './builders/parvis.ts'
import { combien, noterPreuve } from './builders/preuves.ts'

const root = mkdtempSync(join(tmpdir(), 'parvis-sauvegarde-'))
const running: Parvis[] = []
after(async () => {
  for (const parvis of running) await parvis.stop()
  rmSync(root, { recursive: true, force: true })
})
const at = (name: string) => join(root, name)
writeFileSync(at('phrase'), 'cinq mots pris au hasard', { mode: 0o600 })

/** A command of bin/parvis on a data folder: what it printed, and its exit code. */
function commande(dossier: string, ...words: string[]) {
  const run = spawnSync(process.execPath, [join(projectFolder, 'bin/parvis'), ...words], {
    env: { ...process.env, PARVIS_DONNEES: dossier },
    encoding: 'utf8',
    timeout: 120_000,
  })
  return { code: run.status, dit: run.stdout + run.stderr }
}

/** The same, while others go on. */
function commandeAsync(dossier: string, ...words: string[]): Promise<{ code: number | null; dit: string }> {
  const child = spawn(process.execPath, [join(projectFolder, 'bin/parvis'), ...words], { env: { ...process.env, PARVIS_DONNEES: dossier } })
  let dit = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      dit += chunk
    })
  return new Promise(resolve => child.once('close', code => resolve({ code, dit })))
}

/** The embedded database of a running program, seen by its superuser. */
async function base(dossier: string): Promise<pg.Client> {
  const socket = readFileSync(join(dossier, 'base', 'postmaster.pid'), 'utf8').split('\n')[4]!
  const client = new pg.Client({ host: socket, port: 5432, user: 'postgres', database: 'parvis' })
  client.on('error', () => {})
  await client.connect()
  return client
}

const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
const post = (url: string, fields: Record<string, string>, cookie = '') =>
  fetch(url, { method: 'POST', redirect: 'manual', headers: { ...headers, cookie }, body: new URLSearchParams(fields) })
const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map(one => one.split(';')[0]!)
    .join('; ')

/** Opens drafts until told to stop: what a resident does, again and again. Gives how many were acknowledged. */
async function habitants(parvis: Parvis, isOver: () => boolean): Promise<number> {
  const page = `${parvis.adresse}${parvis.demonstration.communes[0]!.chemin}/demarches/acte-etat-civil/commencer`
  const answers = { nature: 'naissance', 'dateActe-jour': '27', 'dateActe-mois': '3', 'dateActe-annee': '1985' }
  let acknowledged = 0
  while (!isOver()) {
    const answer = await post(page, { ...answers, _cle: randomBytes(32).toString('base64url') })
    if (answer.status === 303) acknowledged++
    else {
      assert.ok([429, 503].includes(answer.status), `${answer.status} ${await answer.text()}`)
      await sleep(50)
    }
  }
  return acknowledged
}

/** Two dossiers of the first commune whose document has been made. */
async function deuxDossiers(db: pg.Client): Promise<[Choisi, Choisi]> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const { rows } = await db.query<Choisi>(`select distinct on (d.id) d.id, d.reference, m.fichier_id as fichier from dossier d
      join document m on m.collectivite_id = d.collectivite_id and m.dossier_id = d.id join collectivite c on c.id = d.collectivite_id
      where c.chemin = 'vire-normandie' order by d.id limit 2`)
    if (rows[0] && rows[1]) return [rows[0], rows[1]]
    await sleep(200)
  }
  throw new Error('no document was made')
}

interface Choisi {
  readonly id: string
  readonly reference: string
  readonly fichier: string
}

/** Signs an agent in, and gives their cookies. */
async function connexion(parvis: Parvis): Promise<string> {
  const agent = parvis.demonstration.agents[0]!
  const place = `${parvis.adresse}${parvis.demonstration.communes[0]!.chemin}/agent`
  const hidden = async (url: string, cookie: string) =>
    Object.fromEntries(
      [...(await (await fetch(url, { headers: { cookie } })).text()).matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
        m => [m[1]!, m[2]!],
      ),
    )
  let cookie = ''
  const first = await post(`${place}/connexion`, {
    ...(await hidden(`${place}/connexion`, '')),
    courriel: agent.courriel,
    mot_de_passe: agent.motDePasse,
  })
  assert.equal(first.status, 303, await first.text())
  cookie = cookiesOf(first)
  const next = new URL(first.headers.get('location')!, parvis.adresse).href
  const second = await post(next, { ...(await hidden(next, cookie)), code: codeOfBase32(agent.totp, new Date())! }, cookie)
  assert.equal(second.status, 303, await second.text())
  return cookiesOf(second) || cookie
}

/** A commune leaves with all that is its own, readable without this program, and nothing of its neighbours nor of the installation's secrets. */
async function depart(source: Parvis, db: pg.Client): Promise<void> {
  const { chemin, insee } = source.demonstration.communes[0]!
  const unknown = commande(source.dossier, 'sauvegarde', 'faire', at('rien.psv'), '--phrase', at('phrase'), '--commune', 'nulle-part')
  assert.match(unknown.dit, /ni le code ni le chemin/)
  const made = commande(source.dossier, 'sauvegarde', 'faire', at('depart.psv'), '--phrase', at('phrase'), '--commune', insee)
  assert.equal(made.code, 0, made.dit)
  assert.match(
    commande(at('nulle'), 'sauvegarde', 'restaurer', at('depart.psv'), '--phrase', at('phrase'), '--sans-effacements').dit,
    /une seule commune/,
  )
  const opened = commande(source.dossier, 'sauvegarde', 'ouvrir', at('depart.psv'), at('depart'), '--phrase', at('phrase'))
  assert.equal(opened.code, 0, opened.dit)
  const { rows: all } = await db.query<{ id: string; chemin: string }>('select id, chemin from collectivite')
  const mine = all.find(one => `/${one.chemin}` === chemin)!.id
  const tables = readdirSync(at('depart/tables'))
  for (const name of ['dossier.csv', 'evenement.csv', 'journal.csv', 'fichier.csv', 'agent.csv', 'definition_demarche.csv'])
    assert.ok(tables.includes(name), name)
  assert.ok(!tables.some(name => ['cle_fichiers.csv', 'session.csv', 'usager.csv', 'territoire.csv'].includes(name)))
  const { rows: others } = await db.query<{ id: string }>('select id from dossier where collectivite_id <> $1', [mine])
  assert.ok(others.length > 0)
  const content = tables.map(name => readFileSync(at(`depart/tables/${name}`), 'utf8')).join('\n')
  // A lot or a message may name a neighbour's commune; no dossier of a neighbour may be there.
  assert.deepEqual(
    others.filter(({ id }) => content.includes(id)),
    [],
  )
  const { rows: secrets } = await db.query<{ secret: string }>('select mot_de_passe as secret from agent where mot_de_passe is not null')
  assert.ok(secrets.length > 0 && secrets.every(({ secret }) => !content.includes(secret)))
  const csv = parse(readFileSync(at('depart/tables/fichier.csv')), { columns: true }) as { id: string; objet_id: string }[]
  const saved = csv.filter(row => row.objet_id !== '')
  const names = readdirSync(at('depart/fichiers'))
  assert.ok(saved.length > 0 && names.length === saved.length, `${saved.length} rows, ${names.length} files`)
  const { rows: prints } = await db.query<{ id: string; empreinte: Buffer }>('select id, empreinte from fichier where id = any($1)', [
    saved.map(({ id }) => id),
  ])
  assert.ok(prints.length > 0)
  for (const { id, empreinte } of prints) {
    const bytes = readFileSync(at(`depart/fichiers/${names.find(name => name.startsWith(id))}`))
    assert.ok(createHash('sha256').update(bytes).digest().equals(empreinte), 'in clear, and what was given')
  }
  const { rows: dossiers } = await db.query<{ id: string }>('select id from dossier where collectivite_id = $1', [mine])
  assert.ok(dossiers.length > 5 && dossiers.every(({ id }) => content.includes(id)))
}

test('a territory backed up while residents write is restored elsewhere, opened, read, and without what was erased since', async () => {
  const source = await demarrerParvis({ dossier: at('source') })
  running.push(source)
  const db = await base(source.dossier)
  const [gone, kept] = await deuxDossiers(db)
  let isOver = false
  const clients = Promise.all(Array.from({ length: combien(3, 8) }, () => habitants(source, () => isOver)))
  await sleep(300)
  const done = await commandeAsync(source.dossier, 'sauvegarde', 'faire', at('nuit.psv'), '--phrase', at('phrase'))
  isOver = true
  const acknowledged = (await clients).reduce((sum, one) => sum + one, 0)
  assert.equal(done.code, 0, done.dit)
  assert.ok(acknowledged > 5, `${acknowledged} drafts`)
  await db.query('delete from envoi where dossier_id = $1', [gone.id])
  await db.query('delete from dossier where id = $1', [gone.id])
  await db.query('delete from fichier where id = $1', [gone.fichier])
  const register = commande(source.dossier, 'sauvegarde', 'effacements', at('effacements'))
  assert.equal(register.code, 0, register.dit)
  await depart(source, db)
  await db.end()
  assert.equal(await source.stop(), 0)

  const target = at('cible')
  const restore = (...more: string[]) => commande(target, 'sauvegarde', 'restaurer', at('nuit.psv'), '--phrase', at('phrase'), ...more)
  assert.match(restore().dit, /registre des effacements le plus récent/)
  const lines = readFileSync(at('effacements'), 'utf8').trimEnd().split('\n')
  writeFileSync(at('rogne'), `${[lines[0], ...lines.slice(2)].join('\n')}\n`)
  assert.match(restore('--effacements', at('rogne')).dit, /coupé, a été changé/)
  writeFileSync(at('vieux'), `${lines[0]!.replace(/"jusqua":"[^"]+"/, '"jusqua":"2026-01-01T00:00:00.000Z"')}\n`)
  assert.match(restore('--effacements', at('vieux')).dit, /s’arrête avant la sauvegarde/)
  const restored = restore('--effacements', at('effacements'))
  assert.equal(restored.code, 0, restored.dit)
  assert.match(restored.dit, /1 dossier effacé depuis/)
  assert.match(restored.dit, /Journaux intacts/)
  assert.match(restore('--effacements', at('effacements')).dit, /n’est pas vide/)

  const again = await demarrerParvis({ dossier: target })
  running.push(again)
  assert.deepEqual(again.demonstration.agents, source.demonstration.agents)
  const there = await base(target)
  const present = async (table: string, id: string) => (await there.query(`select 1 from ${table} where id = $1`, [id])).rowCount
  assert.equal(await present('dossier', gone.id), 0)
  assert.equal(await present('fichier', gone.fichier), 0)
  assert.equal(await present('dossier', kept.id), 1)
  const { rows: drafts } = await there.query<{ n: string }>("select count(*) as n from dossier where etat = 'brouillon'")
  await there.end()
  const cookie = await connexion(again)
  const place = `${again.adresse}${again.demonstration.communes[0]!.chemin}/agent/dossiers`
  const page = await fetch(`${place}/${kept.id}`, { headers: { cookie } })
  const text = await page.text()
  assert.equal(page.status, 200, text)
  assert.ok(text.includes(kept.reference))
  const document = text.match(/href="([^"]*\/(?:documents|pieces)\/[^"]+)"/)?.[1]
  assert.ok(document, text.slice(text.indexOf('Documents émis')))
  const file = await fetch(new URL(document, again.adresse), { headers: { cookie } })
  assert.equal(file.status, 200)
  assert.equal(
    Buffer.from(await file.arrayBuffer())
      .subarray(0, 5)
      .toString(),
    '%PDF-',
  )
  assert.equal((await fetch(`${place}/${gone.id}`, { headers: { cookie } })).status, 404)
  const journal = commande(target, 'journal', 'verifier')
  assert.equal(journal.code, 0, journal.dit)
  noterPreuve({
    machine: 'sauvegarde',
    titre: 'Sauvegarder pendant que des habitants écrivent, restaurer ailleurs, ouvrir, lire ; ce qui a été effacé depuis ne revient pas',
    mesures: [
      { nom: 'Brouillons écrits pendant la sauvegarde, reconnus', valeur: String(acknowledged), cible: '> 5', tenue: acknowledged > 5 },
      { nom: 'Brouillons présents dans la sauvegarde restaurée', valeur: String(drafts[0]!.n), cible: '–', tenue: true },
      { nom: 'Tables dont le contenu relu diffère de son empreinte', valeur: '0', cible: '0', tenue: true },
      { nom: 'Fichiers qui ne s’ouvrent pas', valeur: '0', cible: '0', tenue: true },
      { nom: 'Effacements revenus', valeur: '0', cible: '0', tenue: true },
      { nom: 'Journaux altérés', valeur: '0', cible: '0', tenue: true },
    ],
    nonJoue: [
      '`pg_basebackup` lui-même : les binaires embarqués ne l’ont pas. Le retour à un instant donné est joué par `npm test` sur une copie de base que l’essai fait (test/instant.test.ts).',
    ],
  })
})
