import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import sharp from 'sharp'
import { projectFolder } from '../../src/platform/config.ts'
import { startEmbedded } from '../../src/platform/db/embedded.ts'
import { pdf } from '../../src/platform/files/testing.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { combien, isComplet, noterPreuve } from '../builders/preuves.ts'
import { type Acquis, type Atelier, champsDe, demandeDeCorrection, deposer, type Envoyer, ouvrir, type Poster, remplir } from './clients.ts'
import { type Demande, demander, type Reponse } from './http.ts'
import { attendre, freePort } from './programme.ts'

const folder = mkdtempSync(join(tmpdir(), 'parvis-points-'))
const port = await freePort()
const adresse = `http://localhost:${port}`
const env = { ...process.env, PORT: String(port), PARVIS_DONNEES: folder, PARVIS_VIDE: 'oui', PARVIS_JOURNAL: 'silencieux' }
const bundle = join(projectFolder, 'dist', 'parvis.js')
const server = await startEmbedded(folder)
const prepared = spawnSync(process.execPath, [bundle, 'preparer'], { env, encoding: 'utf8' })
assert.equal(prepared.status, 0, prepared.stderr)
const admin = new pg.Client({ host: server.socketFolder, port: server.port, user: 'postgres', database: 'parvis' })
await admin.connect()
// In the place of the worker: a document is good as soon as it is received. The rows stay as many.
const verdict = setInterval(
  () =>
    void admin.query("update fichier set etat = 'disponible', antivirus = 'essai', verifie_le = now() where etat = 'recu'").catch(() => {}),
  40,
)

let web: ChildProcess | undefined
async function lancer(): Promise<void> {
  web = spawn(process.execPath, ['--import', join(projectFolder, 'test/crash/mourir.mjs'), bundle, 'web'], { env, stdio: 'ignore' })
  await attendre('the web process', async () => (await demander({ url: `${adresse}/sante`, method: 'GET' })).status === 200, 60_000)
}
after(async () => {
  clearInterval(verdict)
  if (web && web.exitCode === null && web.signalCode === null) {
    web.kill('SIGKILL')
    await once(web, 'exit')
  }
  await admin.end()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const [habilitation] = (
  await admin.query<{ agent_id: string }>(
    "select h.agent_id from habilitation h join collectivite c on c.id = h.collectivite_id where c.chemin = 'vire-normandie' and h.role = 'administrateur'",
  )
).rows
const secret = newSecret()
await admin.query(
  "insert into session (empreinte, nature, etape, personne_id, hote, creee_le, vue_le) values ($1, 'agent', 'ouverte', $2, $3, now(), now())",
  [createHash('sha256').update(secret).digest(), habilitation!.agent_id, `localhost:${port}`],
)
const photo = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#456' } })
  .jpeg()
  .toBuffer()
const atelier: Atelier = { adresse, commune: '/vire-normandie', agent: `parvis-agent=${secret}`, photo, estFini: () => true }
const envoyer: Envoyer = demande => demander({ ...demande, url: `${adresse}${demande.url}` })
const poster: Poster = async (url, cookie, fields, fichiers) => {
  const answer = await envoyer({ method: 'POST', url, cookie, fields: { _cle: newSecret(), ...fields }, ...(fichiers ? { fichiers } : {}) })
  assert.equal(answer.status, 303, `${url}: ${answer.body.slice(-1500)}`)
  return answer
}
const version = async (id: string) =>
  (await admin.query<{ version: number }>('select version from dossier where id = $1', [id])).rows[0]!.version
const agir = async (id: string, chemin: string, fields: NonNullable<Demande['fields']> = {}) =>
  poster(`${atelier.commune}/agent/dossiers/${id}/${chemin}`, atelier.agent, { version: String(await version(id)), ...fields })

async function unDepot(): Promise<Acquis> {
  const dossier = await ouvrir(atelier, poster)
  await remplir(atelier, poster, dossier)
  const anomalies: string[] = []
  assert.ok(await deposer(atelier, envoyer, anomalies, dossier), anomalies.join())
  return dossier
}

async function uneCorrection(): Promise<Acquis> {
  const dossier = await unDepot()
  await agir(dossier.id, 'corrections', demandeDeCorrection())
  return dossier
}

const habitant = (
  { id, cookie }: Acquis,
  chemin: string,
  fields: NonNullable<Demande['fields']>,
  fichiers?: Demande['fichiers'],
): Demande => ({
  method: 'POST',
  url: `${atelier.commune}/${chemin.replace(':id', id)}`,
  cookie,
  fields: { _cle: newSecret(), ...fields },
  ...(fichiers ? { fichiers } : {}),
})

/** Each journey that writes: what comes before it, then the request in which the process dies, sent again as it was. */
const PARCOURS: Readonly<Record<string, () => Promise<Demande>>> = {
  'ouvrir un brouillon': async () => ({
    method: 'POST',
    url: `${atelier.commune}/demarches/occupation-domaine-public/commencer`,
    cookie: '',
    fields: { _cle: newSecret(), ...champsDe('projet') },
  }),
  'enregistrer une page': async () =>
    habitant(await ouvrir(atelier, poster), 'brouillons/:id/etapes/dates', { ...champsDe('dates'), horaires: newSecret() }),
  'joindre deux fichiers': async () =>
    habitant(await ouvrir(atelier, poster), 'brouillons/:id/etapes/documents', {}, [
      { champ: 'plan', nom: 'croquis.jpg', octets: photo },
      { champ: 'assurance', nom: 'assurance.pdf', octets: pdf(150_000) },
    ]),
  déposer: async () => {
    const dossier = await ouvrir(atelier, poster)
    await remplir(atelier, poster, dossier)
    await attendre('the verdict', async () => (await admin.query("select 1 from fichier where etat = 'recu'")).rows.length === 0, 10_000)
    return habitant(dossier, 'brouillons/:id/depot', {})
  },
  'demander une correction': async () => {
    const { id } = await unDepot()
    const fields = { _cle: newSecret(), version: String(await version(id)), ...demandeDeCorrection() }
    return { method: 'POST', url: `${atelier.commune}/agent/dossiers/${id}/corrections`, cookie: atelier.agent, fields }
  },
  'corriger une réponse': async () =>
    habitant(await uneCorrection(), 'dossiers/:id/correction/dates', { ...champsDe('dates'), horaires: newSecret() }),
  'renvoyer la correction': async () => habitant(await uneCorrection(), 'dossiers/:id/correction', {}),
  'écrire avec un fichier': async () =>
    habitant(await unDepot(), 'dossiers/:id/messages', { texte: newSecret() }, [
      { champ: 'fichiers', nom: 'lettre.pdf', octets: pdf(90_000) },
    ]),
  décider: async () => {
    const { id } = await unDepot()
    await agir(id, 'instruction')
    const fields = { _cle: newSecret(), version: String(await version(id)), motif: 'Accordé.' }
    return { method: 'POST', url: `${atelier.commune}/agent/dossiers/${id}/acceptation`, cookie: atelier.agent, fields }
  },
}

const tables = (
  await admin.query<{ t: string }>(
    "select oid::regclass::text as t from pg_class where relkind = 'r' and (relnamespace = 'public'::regnamespace or oid = 'graphile_worker._private_jobs'::regclass) order by 1",
  )
).rows.map(({ t }) => t)

/** How many rows each table has, and what the dossiers say of themselves: what two whole states differ by. */
async function photographie(): Promise<Map<string, string>> {
  const counts = tables.map(t => `select '${t}' as quoi, count(*)::text as combien from ${t}`).join(' union all ')
  const { rows } = await admin.query<{ quoi: string; combien: string }>(`${counts}
    union all select 'états', coalesce(string_agg(etat || version || coalesce(reponses_correction::text, '') || md5(regexp_replace(reponses::text, '[0-9a-f-]{36}', '', 'g')), ' ' order by cree_le), '') from dossier`)
  return new Map(rows.map(({ quoi, combien: n }) => [quoi, n]))
}

function differences(a: Map<string, string>, b: Map<string, string>): string[] {
  return [...a].filter(([quoi, n]) => b.get(quoi) !== n).map(([quoi, n]) => `${quoi} ${n.slice(-60)} → ${b.get(quoi)?.slice(-60)}`)
}

/** Every file that a row knows lies on the disk: the reverse is the sweep's. */
async function fichiersManquants(): Promise<string[]> {
  const { rows } = await admin.query<{ collectivite_id: string; objet_id: string }>(
    'select collectivite_id, objet_id from fichier where objet_id is not null',
  )
  const lying = new Set(rows.length ? readdirSync(join(folder, 'fichiers', rows[0]!.collectivite_id)) : [])
  return rows.filter(({ objet_id }) => !lying.has(objet_id)).map(({ objet_id }) => objet_id)
}

/** Sends with a death at one writing; undefined when it died, the answer when the request had fewer. */
async function mourirA(demande: Demande, point: string): Promise<Reponse | undefined> {
  const answer = await envoyer({ ...demande, point }).catch(() => undefined)
  if (answer) return answer
  if (web!.exitCode === null && web!.signalCode === null) await once(web!, 'exit')
  assert.equal(web!.signalCode, 'SIGKILL')
  return undefined
}

async function jouer(nom: string, preparer: () => Promise<Demande>, rank: number, quand: string): Promise<boolean> {
  const demande = await preparer()
  const avant = await photographie()
  const answer = await mourirA(demande, `${rank} ${quand}`)
  if (answer) {
    assert.equal(answer.status, 303, `${nom}: ${answer.body.slice(-800)}`)
    return false
  }
  await attendre('the dead process’s transaction to end', sansTransaction, 20_000)
  const mort = await photographie()
  await lancer()
  const again = await envoyer(demande)
  assert.equal(again.status, 303, `${nom}, ${rank} ${quand}: sent again, ${again.status} ${again.body.slice(-800)}`)
  const apres = await photographie()
  const where = `${nom}, killed ${quand} writing ${rank}`
  if (differences(avant, mort).length > 0) assert.deepEqual(differences(apres, mort), [], `${where}: neither before nor after`)
  assert.notDeepEqual(differences(avant, apres), [], `${where}: the retry did something`)
  assert.deepEqual(await fichiersManquants(), [], `${where}: a row without its bytes`)
  return true
}

const sansTransaction = async () =>
  (await admin.query("select 1 from pg_stat_activity where datname = 'parvis' and pid <> pg_backend_pid()")).rows.length === 0

/** One journey to its end and back without death: what a retry changes, a whole effect, is known from it. */
let points = 0
const parParcours: string[] = []

for (const [nom, preparer] of Object.entries(PARCOURS))
  test(`killed at any writing of « ${nom} »: before or after, never between, and the retry completes`, { timeout: 600_000 }, async () => {
    if (!web || web.signalCode) await lancer()
    let mine = 0
    if (isComplet) for (const quand of ['avant', 'apres']) for (let rank = 1; await jouer(nom, preparer, rank, quand); rank++) mine++
    // One at random: the writings that matter most, of the transaction, are among the first six of every journey.
    else if (await jouer(nom, preparer, randomInt(1, 7), randomInt(2) === 0 ? 'avant' : 'apres')) mine++
    points += mine
    parParcours.push(`${nom} ${mine}`)
    assert.ok(mine >= combien(0, 4), `only ${mine} points`)
  })

test('the machine killed something', () => {
  assert.ok(points >= combien(4, 60), `only ${points} points: ${parParcours.join(', ')}`)
  noterPreuve({
    machine: 'crash-points',
    titre:
      'Arrêt à chaque écriture : le processus web meurt avant, puis après, chaque envoi à la base et chaque appel au disque d’un parcours qui écrit',
    mesures: [
      { nom: 'Points d’arrêt', valeur: `${points} (${parParcours.join(', ')})`, cible: '–', tenue: true },
      { nom: 'États entre deux', valeur: '0', cible: '0', tenue: true },
      { nom: 'Reprises qui n’aboutissent pas', valeur: '0', cible: '0', tenue: true },
    ],
    nonJoue: isComplet ? [] : ['En mode rapide, un point tiré au sort par parcours ; tous le sont en mode complet.'],
  })
})
