/**
 * npm run bench -- instruction: the agent's home, lists, searches and the next dossier, on a million dossiers, eight agents at once. The data are made once
 * (some minutes, 10 GB) in a folder of the system's temporary one, and used again as long as the migrations are the same.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import sharp from 'sharp'
import { openApp, openConnections } from '../src/main.ts'
import { codeOfBase32 } from '../src/platform/auth/totp.ts'
import { systemClock } from '../src/platform/clock.ts'
import { projectFolder, readConfig } from '../src/platform/config.ts'
import { type Connection, inTenant } from '../src/platform/db/open.ts'
import { deposerDemande } from '../test/builders/demande.ts'
import { demarrerParvis, type Parvis } from '../test/builders/parvis.ts'
import { unVisiteur } from '../test/builders/visiteur.ts'
import { ligne, percentile } from './outils.ts'
import { GRANDE, PETITE, semer } from './semence.ts'

const AGENTS = 8
const DUREE_MS = 6000
const REELS = 20
const print = createHash('sha256')
for (const file of globSync('migrations/*.sql', { cwd: projectFolder }).sort()) print.update(readFileSync(join(projectFolder, file)))
const folder = join(tmpdir(), 'parvis-bench-instruction')
const mark = join(folder, 'semence.txt')
const version = print.digest('hex')

/** Opens the folder as the program does, fills it, and closes it. */
async function preparer(): Promise<void> {
  if (existsSync(mark) && readFileSync(mark, 'utf8').startsWith(version)) return
  rmSync(folder, { recursive: true, force: true })
  const first = await demarrerParvis({ dossier: folder })
  await first.stop()
  const config = readConfig({ PARVIS_DONNEES: folder, PARVIS_JOURNAL: 'silencieux' })
  const connections = await openConnections(config)
  const { app, close } = await openApp(config, connections, 'bench', () => 'http://localhost')
  const { rows } = await sql<{
    id: string
    chemin: string
  }>`select id, chemin from collectivite where nature = 'commune' and fermee_le is null
    order by population desc nulls last, nom`.execute(app.db.kysely)
  const [grande, petite, ...autres] = rows.map(({ id }) => id)
  const start = performance.now()
  const superuser = { ...(connections.owner as Exclude<Connection, { url: string }>), user: 'postgres' }
  await semer(app, superuser, { grande: grande!, petite: petite!, autres })
  console.error(`semé en ${((performance.now() - start) / 1000).toFixed(0)} s`)
  await close()
  await connections.close()
  writeFileSync(mark, version)
}

/** Words and values that are there, to ask for: drawn from the dossiers themselves. */
interface Tirage {
  readonly nom: string
  readonly courriel: string
  readonly reference: string
  readonly demarche: string
  readonly service: string
  readonly agent: string
  readonly champ: string
  readonly jour: string
  readonly id: string
}

async function tirages(): Promise<{ grande: Tirage[]; etiquettes: string[] }> {
  const config = readConfig({ PARVIS_DONNEES: folder, PARVIS_JOURNAL: 'silencieux' })
  const connections = await openConnections(config)
  const { app, close } = await openApp(config, connections, 'bench', () => 'http://localhost')
  const { rows } = await sql<{
    id: string
  }>`select id from collectivite where nature = 'commune' and fermee_le is null order by population desc nulls last, nom limit 1`.execute(
    app.db.kysely,
  )
  const found = await inTenant(app.db, rows[0]!.id, async tx => {
    const { rows: drawn } =
      await sql<Tirage>`select demandeur_nom as nom, demandeur_courriel as courriel, reference, demarche_id as demarche, service, agent_id as agent,
        to_char(depose_le, 'YYYY-MM') as jour, id, (select split_part(u, '=', 2) || '-valeur=' || split_part(u, '=', 3) from indexation x, unnest(string_to_array(x.termes, E'\n')) u
          where x.collectivite_id = ${rows[0]!.id} and x.dossier_id = d.id and u ~ '^=[a-zA-Z]+=[a-z_]+$' order by md5(u) limit 1) as champ
      from dossier d where collectivite_id = ${rows[0]!.id} and agent_id is not null and etat <> 'brouillon' and demandeur_nom <> '' order by md5(id::text) limit 400`.execute(
        tx,
      )
    const { rows: labels } = await sql<{ id: string }>`select id from etiquette where collectivite_id = ${rows[0]!.id}`.execute(tx)
    return { grande: drawn.filter(({ champ }) => champ), etiquettes: labels.map(({ id }) => id) }
  })
  await close()
  await connections.close()
  return found
}

async function seConnecter(parvis: Parvis, collectivite: number): Promise<{ base: string; cookie: string }> {
  const place = parvis.demonstration.communes[0]!
  const agent =
    parvis.demonstration.agents.find(
      ({ role, collectivite: nom }) => role === 'administrateur' && nom === parvis.demonstration.communes[collectivite]?.nom,
    ) ?? parvis.demonstration.agents.filter(({ role }) => role === 'administrateur')[collectivite]!
  const chemin = parvis.demonstration.communes.find(({ nom }) => nom === agent.collectivite)?.chemin ?? place.chemin
  const base = `${parvis.adresse}${chemin.startsWith('/') ? '' : '/'}${chemin}`
  const post = async (path: string, fields: Record<string, string>, cookie = '') => {
    const answer = await fetch(`${base}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded', cookie },
      body: new URLSearchParams(fields),
    })
    await answer.arrayBuffer()
    return (answer.headers.getSetCookie()[0] ?? '').split(';')[0]!
  }
  const half = await post('/agent/connexion', { courriel: agent.courriel, mot_de_passe: agent.motDePasse })
  const cookie = await post('/agent/connexion/code', { code: codeOfBase32(agent.totp, systemClock.now())! }, half)
  if (!cookie) throw new Error('not signed in')
  return { base, cookie }
}

/** Dossiers filed and begun as people do it: the others have neither events nor journal, which their page shows. */
async function vraisDossiers(parvis: Parvis, base: string, cookie: string): Promise<string[]> {
  const photo = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#678' } })
    .jpeg()
    .toBuffer()
  const commune = new URL(base).pathname
  const habitant = unVisiteur(parvis.adresse)
  const agent = unVisiteur(parvis.adresse, { cookies: new Map([cookie.split('=') as [string, string]]) })
  const paths: string[] = []
  for (let rang = 0; rang < REELS; rang++) {
    const { id } = await deposerDemande(habitant, commune, 'occupation-domaine-public', photo, { rang: 1 })
    const path = `/agent/dossiers/${id}`
    for (const [suite, champs] of [
      ['instruction', {}],
      ['messages', { texte: 'Pouvez-vous préciser les horaires ?' }],
    ] as const) {
      const { body } = await agent.lire(`${commune}${path}`)
      const version = /name="version" value="(\d+)"/.exec(body)?.[1] ?? ''
      const answer = await agent.envoyer(`${commune}${path}/${suite}`, { version, ...champs })
      if (answer.status !== 303) throw new Error(`${suite}: ${answer.status}`)
    }
    paths.push(path)
  }
  habitant.fermer()
  agent.fermer()
  return paths
}

/**
 * How long each answer took, in ms, from the first byte sent to the last received, with some agents at once for a while, who wait so long between two
 * pages; throws on anything but a page.
 */
async function charge(
  session: { base: string; cookie: string },
  paths: readonly string[],
  { agents = AGENTS, dureeMs = DUREE_MS, pauseMs = 0 } = {},
): Promise<number[]> {
  const times: number[] = []
  let next = 0
  const ask = async () => {
    const path = paths[next++ % paths.length]!
    const start = performance.now()
    const answer = await fetch(session.base + path, { headers: { cookie: session.cookie, 'accept-encoding': 'gzip, deflate, br, zstd' } })
    await answer.arrayBuffer()
    if (answer.status !== 200 || answer.redirected) throw new Error(`${path}: ${answer.status} ${answer.url}`)
    return performance.now() - start
  }
  for (let warm = 0; warm < 40; warm++) await ask()
  const end = performance.now() + dureeMs
  await Promise.all(
    Array.from({ length: agents }, async (_, rank) => {
      await sleep((pauseMs * rank) / agents)
      while (performance.now() < end) {
        times.push(await ask())
        await sleep(pauseMs)
      }
    }),
  )
  return times
}

const dire = (mesure: string, times: readonly number[], cible: string) =>
  ligne(mesure, `p50 ${percentile(times, 50).toFixed(1)} ms, p95 ${percentile(times, 95).toFixed(1)} ms (${times.length} pages)`, cible)

await preparer()
const { grande, etiquettes } = await tirages()
const parvis = await demarrerParvis({ dossier: folder })
const ville = await seConnecter(parvis, 0)
const village = await seConnecter(parvis, 1)
const q = (words: string) => `/agent/dossiers?q=${encodeURIComponent(words)}`
const fin = (jour: string) => `${jour}-28`
const recherches = grande.flatMap(({ nom, courriel, reference, demarche }, rang) => [
  q(nom),
  q(nom.split(' ').at(-1)!),
  q(nom.slice(0, 4)),
  q(courriel ?? reference),
  q(reference),
  q(`${nom.split(' ')[0]} ${demarche.split('-')[0]}`),
  q(rang % 2 === 0 ? 'vire rue' : 'zzz introuvable'),
])
const filtres = grande.flatMap(({ demarche, service, agent, champ, jour }, rang) => [
  `/agent/dossiers?etat=tous&demarche=${demarche}&c-${champ}&du=${jour}-01`,
  `/agent/dossiers?service=${encodeURIComponent(service)}&qui=${agent}&canal=papier`,
  `/agent/dossiers?etat=termines&demarche=${demarche}&qui=${agent}&du=${jour}-01&au=${fin(jour)}`,
  `/agent/dossiers?etat=refuse&demarche=${demarche}&canal=guichet&c-${champ}`,
  `/agent/dossiers?etat=accepte&service=${encodeURIComponent(service)}&canal=papier&etiquette=${etiquettes[rang % etiquettes.length]}`,
  `/agent/dossiers?demarche=${demarche}&qui=personne&canal=web&tri=nom`,
])
const accueils = ['/agent/accueil', '/agent/accueil?qui=moi', '/agent/accueil']
const simples = [
  '/agent/dossiers',
  '/agent/dossiers?page=2',
  '/agent/dossiers?etat=accepte',
  '/agent/dossiers?etat=tous&tri=activite',
  '/agent/dossiers?tri=nom',
]

console.log('| mesure | valeur | cible |\n|---|---|---|')
const cases: [string, readonly string[], string][] = [
  ['Accueil de l’agent', accueils, '≤ 50 ms'],
  ['Liste avec trois filtres', filtres, '≤ 50 ms'],
  ['Recherche', recherches, '≤ 50 ms'],
  ['Liste sans filtre, ses ordres et ses pages', simples, ''],
  ['Page d’un dossier', await vraisDossiers(parvis, ville.base, ville.cookie), '≤ 25 ms'],
]
const manieres: [string, Parameters<typeof charge>[2], string][] = [
  [`${AGENTS} agents, une page par seconde chacun`, { pauseMs: 1000, dureeMs: 20_000 }, '(p95)'],
  [`${AGENTS} agents, sans pause entre deux pages`, {}, '(p95)'],
  ['un agent, sans pause', { agents: 1, dureeMs: 3000 }, ''],
]
try {
  for (const [maniere, options, mot] of manieres)
    for (const [nom, paths, cible] of cases)
      dire(`${nom}, ${maniere}`, await charge(ville, paths, options), mot && cible && `${cible} ${mot}`)
  const seul = { agents: 1, dureeMs: 2500 }
  const ratios: number[] = []
  for (let run = 0; run < 3; run++) {
    const few = percentile(await charge(village, simples, seul), 50)
    const many = percentile(await charge(ville, simples, seul), 50)
    ratios.push(many / few)
  }
  ligne(
    `Page de liste : ${GRANDE.toLocaleString('fr-FR')} dossiers contre ${PETITE.toLocaleString('fr-FR')} (médianes, 3 fois)`,
    `× ${ratios.sort((a, b) => a - b)[1]!.toFixed(2)}`,
    '≤ 1,3',
  )
} finally {
  // A page that fails must not leave a server on the folder.
  await parvis.stop()
}
process.exit(0)
