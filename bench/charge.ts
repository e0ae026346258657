/**
 * npm run bench -- charge [--minutes 10] [--fois 20] [--processus 1]: a day of the communes of the Gironde in ten minutes, its busiest hour at twenty
 * times what is expected. People read, search, file with photographs, follow; agents work. docs/performance.md says where the figures come from.
 */
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import sharp from 'sharp'
import { openConnections } from '../src/main.ts'
import { lireRegistre } from '../src/modules/territoire/registre/sources.ts'
import { readConfig } from '../src/platform/config.ts'
import { type Connection, clientConfig } from '../src/platform/db/open.ts'
import { deposerDemande } from '../test/builders/demande.ts'
import { demarrerParvis } from '../test/builders/parvis.ts'
import { connecter, type Reponse, unVisiteur, type Visiteur } from '../test/builders/visiteur.ts'
import { ligne, memoireMo, percentile, pidDe } from './outils.ts'

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    fois: { type: 'string', default: '20' },
    processus: { type: 'string', default: '1' },
  },
})
const DUREE_MS = Number(options.minutes) * 60_000
const FOIS = Number(options.fois)

// One dossier a year for each inhabitant, over 250 days: an assumption, on the high side.
const DOSSIERS_PAR_HABITANT = 1 / 250
// The last day of 2016 to register on electoral rolls: 49,576 requests for 36,123,951 inhabitants (DILA, 2 January 2017).
const DERNIER_JOUR = 49_576 / 36_123_951
// How a day is shared out among its hours, in thousandths: nights are empty, the busiest hour has 12 %.
const HEURES = [2, 1, 1, 1, 1, 3, 10, 30, 70, 105, 120, 100, 60, 65, 90, 95, 80, 50, 35, 30, 25, 15, 8, 3]
const POINTE = Math.max(...HEURES)
const AGENTS = 8

const communesDeGironde = lireRegistre().communes.filter(({ departement }) => departement === '33')
const habitants = communesDeGironde.reduce((sum, { population }) => sum + (population ?? 0), 0)
const pointe = (habitants * (DOSSIERS_PAR_HABITANT + DERNIER_JOUR) * (POINTE / HEURES.reduce((a, b) => a + b))) / 3600

const parvis = await demarrerParvis({
  args: ['--territoire', '33', '--vide'],
  env: { PARVIS_MANDATAIRES: '1', PARVIS_PROCESSUS_WEB: options.processus },
})
const connections = await openConnections(readConfig({ PARVIS_DONNEES: parvis.dossier }))
const admin = new pg.Client(clientConfig({ ...(connections.owner as Exclude<Connection, { url: string }>), user: 'postgres' }))
await admin.connect()
const combien = async (query: string) => Number((await admin.query(`select count(*) as n from ${query}`)).rows[0].n)

const durees = new Map<string, number[]>()
const erreurs: string[] = []
/** The class of a request, for its own line. */
const classe = (path: string): string =>
  /\/agent/.test(path)
    ? 'agents'
    : /\/recherche/.test(path)
      ? 'recherche'
      : /^POST .*\/(commencer|etapes|depot)/.test(path)
        ? 'formulaire envoyé'
        : /\/(commencer|brouillons)/.test(path)
          ? 'formulaire lu'
          : /\/(suivi|dossiers)/.test(path)
            ? 'suivi'
            : 'pages publiques'
const noter = (path: string, { status, dureeMs, body }: Reponse) => {
  const name = /^POST .*\/documents$/.test(path) ? 'photo envoyée, vérifiée' : classe(path)
  durees.set(name, [...(durees.get(name) ?? []), dureeMs])
  if (status >= 500 || status === 429) erreurs.push(`${status} ${path} ${body.match(/<h1>[^<]*/)?.[0] ?? ''}`)
}
let address = 0
const quelquun = () => {
  address++
  return unVisiteur(parvis.adresse, { de: `10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`, surReponse: noter })
}

const chemins = new Map(parvis.demonstration.communes.map(({ insee, chemin }) => [insee, chemin]))
const poids = communesDeGironde.flatMap(({ code, population }) =>
  chemins.has(code) ? [{ chemin: chemins.get(code)!, population: population ?? 0 }] : [],
)
const total = poids.reduce((sum, { population }) => sum + population, 0)
/** A commune, as often as it has inhabitants. */
function commune(): string {
  let place = Math.random() * total
  for (const { chemin, population } of poids) {
    place -= population
    if (place <= 0) return chemin
  }
  return poids[0]!.chemin
}

const photo = await sharp({
  create: { width: 3000, height: 2250, channels: 3, background: '#8fa3b0', noise: { type: 'gaussian', mean: 120, sigma: 12 } },
})
  .jpeg({ quality: 80 })
  .toBuffer()
const MOTS = ['bordeaux', 'merignac', 'saint', '33000', 'libourne', 'la teste', 'arcachn', 'pessac']
let deposes = 0

async function visiter(visiteur: Visiteur, place: string): Promise<void> {
  await visiteur.lire('/')
  await visiteur.lire(`/recherche?q=${encodeURIComponent(MOTS[address % MOTS.length]!)}`)
  await visiteur.lire(place)
  await visiteur.lire(`${place}/demarches?q=acte`)
  await visiteur.lire(`${place}/demarches/acte-etat-civil`)
}

/** Files: one in five with photographs; then follows twice. */
async function demander(visiteur: Visiteur, place: string, rank: number): Promise<void> {
  const [demarche, rang] = rank % 5 === 0 ? (['occupation-domaine-public', 1] as const) : (['acte-etat-civil', 0] as const)
  const { chemin } = await deposerDemande(visiteur, place, demarche, photo, { rang, penser: () => sleep(200) })
  deposes++
  await sleep(1000)
  await visiteur.lire(`${place}/suivi`)
  await visiteur.lire(chemin)
}

/** Takes dossiers of its commune one after the other, a second between two pages. */
async function travailler(base: string, cookies: Map<string, string>, isOver: () => boolean): Promise<void> {
  const agent = unVisiteur(parvis.adresse, { de: '10.200.0.1', cookies, surReponse: noter })
  while (!isOver()) {
    await agent.lire(`${base}/agent/accueil`)
    const list = await agent.lire(`${base}/agent/dossiers`)
    const ids = [...list.body.matchAll(/\/agent\/dossiers\/([0-9a-f-]{36})/g)].map(match => match[1]!)
    const id = ids[Math.floor(Math.random() * ids.length)]
    await sleep(1000)
    if (!id) continue
    for (const [act, fields] of [
      ['instruction', {}],
      ['acceptation', { motif: 'Accordé.' }],
    ] as const) {
      const seen = await agent.lire(`${base}/agent/dossiers/${id}`)
      await sleep(1000)
      await agent.envoyer(`${base}/agent/dossiers/${id}/${act}`, {
        version: /name="version" value="(\d+)"/.exec(seen.body)?.[1] ?? '',
        ...fields,
      })
    }
  }
}

const admins = parvis.demonstration.agents.filter(({ role }) => role === 'administrateur')
const chef = admins.find(({ collectivite }) => parvis.demonstration.communes.some(({ nom }) => nom === collectivite))!
const base = parvis.demonstration.communes.find(({ nom }) => nom === chef.collectivite)!.chemin
const cookies = new Map<string, string>()
await connecter(unVisiteur(parvis.adresse, { cookies, de: '10.200.0.1' }), base, chef)
await sleep(3000)

const [web, travaux] = [pidDe(parvis.process.pid!, 'web'), pidDe(parvis.process.pid!, 'travaux')]
const memoires: { web: number; travaux: number; file: number }[] = []
const start = performance.now()
const isOver = () => performance.now() - start > DUREE_MS
const enCours = new Set<Promise<void>>()
const lancer = (work: Promise<void>, visiteur: Visiteur) => {
  const one = work
    .catch(error => void erreurs.push((error as Error).message.slice(0, 200)))
    .finally(() => {
      visiteur.fermer()
      enCours.delete(one)
    })
  enCours.add(one)
}
const agents = Array.from({ length: AGENTS }, () => travailler(base, cookies, isOver).catch(error => void erreurs.push(`agent: ${error}`)))
const mesurer = setInterval(async () => {
  memoires.push({
    web: memoireMo(web),
    travaux: memoireMo(travaux),
    file: await combien('graphile_worker._private_jobs where run_at <= now()'),
  })
}, DUREE_MS / 40)
let due = 0
let launched = 0
let last = start
while (!isOver()) {
  await sleep(10)
  const now = performance.now()
  const hour = HEURES[Math.min(23, Math.floor(((now - start) / DUREE_MS) * 24))]!
  due += ((now - last) / 1000) * pointe * FOIS * (hour / POINTE)
  last = now
  for (; launched < due; launched++) {
    const visiteur = quelquun()
    lancer(demander(visiteur, commune(), launched), visiteur)
    // Four come to read for one who files.
    for (let i = 0; i < 4; i++) {
      const reader = quelquun()
      lancer(visiter(reader, commune()), reader)
    }
  }
}
clearInterval(mesurer)
await Promise.all([...enCours, ...agents])
const drained = performance.now()
while ((await combien('graphile_worker._private_jobs where run_at <= now()')) > 0 || (await combien('sortie')) > 0) await sleep(200)
const drainS = (performance.now() - drained) / 1000
const sansAccuse = await combien(
  "dossier d where etat <> 'brouillon' and not exists (select 1 from document x where x.collectivite_id = d.collectivite_id and x.dossier_id = d.id and x.nature = 'accuse')",
)

const all = [...durees.values()].flat()
console.log('| mesure | valeur | cible |\n|---|---|---|')
ligne(
  `Gironde, ${parvis.demonstration.communes.length} communes, ${habitants.toLocaleString('fr-FR')} habitants : pointe attendue`,
  `${pointe.toFixed(2)} dossier/s`,
  '',
)
ligne(
  `Une journée en ${options.minutes} min, pointe à ${FOIS} fois, ${options.processus} processus web`,
  `${deposes} dossiers déposés, ${all.length} requêtes`,
  '',
)
ligne('Erreurs (5xx, 429, parcours interrompus)', `${erreurs.length}`, '0')
for (const [name, times] of [...durees, ['ensemble', all] as const]) {
  const [p50, p95, p99] = [50, 95, 99].map(p => `${percentile(times, p).toFixed(0)} ms`)
  ligne(`Temps de réponse, ${name} (${times.length})`, `p50 ${p50}, p95 ${p95}, p99 ${p99}`, name === 'ensemble' ? 'p99 ≤ 300 ms' : '')
}
const suite = (name: 'web' | 'travaux' | 'file') =>
  [0, 0.25, 0.5, 0.75, 1].map(at => Math.round(memoires[Math.floor(at * (memoires.length - 1))]?.[name] ?? 0)).join(', ')
ligne('Mémoire du web au début, au quart, à la moitié, aux trois quarts, à la fin', `${suite('web')} Mo`, 'plate')
ligne('Mémoire des travaux, de même', `${suite('travaux')} Mo`, 'plate')
ligne('Travaux en attente, de même', suite('file'), '')
ligne('Tous les travaux finis après la journée', `${drainS.toFixed(0)} s`, '')
ligne('Dossiers déposés sans accusé', `${sansAccuse}`, '0')
const semblables = [...Map.groupBy(erreurs, text => text.replace(/[0-9a-f-]{36}/g, '…'))]
for (const [text, { length: count }] of semblables.slice(0, 12)) console.error(`${count} × ${text}`)
await admin.end()
await parvis.stop()
await connections.close()
rmSync(parvis.dossier, { recursive: true, force: true })
process.exit(0)
