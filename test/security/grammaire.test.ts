import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes } from '../../src/main.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { combien, noterPreuve } from '../builders/preuves.ts'
import { assertSain, HOSTILES, hasard } from './hostile.ts'
import { type Identite, ouvrirMonde } from './monde.ts'
import { ciblesDe, urlDe } from './routes.ts'

const monde = await ouvrirMonde()
const SEED = Number(process.env.GRAINE ?? 20261123)
const REQUESTS = combien(1500, 150_000)
const QUI: readonly Identite[] = ['titulaire', 'administrateur', 'instructeur', 'decideur', 'anonyme']
// Beyond, a person believes that it is broken. On a machine that does other things too, only ten times that is asserted.
const SLOW_MS = 2000

interface Champ {
  readonly name: string
  readonly value: string
  readonly isFile: boolean
}

/** A form of a page as a browser would read it: where it goes, and what it would send untouched. */
interface Formulaire {
  readonly action: string
  readonly isMultipart: boolean
  readonly champs: readonly Champ[]
}

const attribut = (tag: string, name: string) =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&lt;', '<')

/** The POST forms of a page. */
function formulairesDe(html: string): Formulaire[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].flatMap(([, head = '', inside = '']) => {
    if (attribut(head, 'method') !== 'post') return []
    const champs = [...inside.matchAll(/<(input|select|textarea|button)\b([^>]*)>(?:([\s\S]*?)<\/\1>)?/g)].flatMap(
      ([, kind, tag = '', text = '']) => {
        const name = attribut(tag, 'name')
        if (!name) return []
        const chosen =
          kind === 'select' ? (/<option[^>]*value="([^"]*)"[^>]*selected/.exec(text)?.[1] ?? /value="([^"]*)"/.exec(text)?.[1]) : undefined
        return [{ name, value: chosen ?? attribut(tag, 'value') ?? (kind === 'textarea' ? text : 'oui'), isFile: /type="file"/.test(tag) }]
      },
    )
    return [{ action: attribut(head, 'action') ?? '', isMultipart: /multipart/.test(head), champs }]
  })
}

const FICHIERS: readonly (readonly [name: string, bytes: string])[] = [
  ['plan.pdf', '%PDF-1.7\n%%EOF'],
  ['plan.pdf', '<script>zqx</script>'],
  ['../../<zqx>.png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
  ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="zqx()"/>'],
  ['liste.csv', 'nom;code\r\n=cmd|1;<zqx>\r\n'],
  ['liste.csv', '\ufeff"'],
  ['a.json', '{"__proto__": {"x": 1}}'],
  ['', ''],
]

test(`${REQUESTS} forms of our own pages sent again with something changed (seed ${SEED})`, async () => {
  const chance = hasard(SEED)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(chance() * values.length)]!
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const gets = routes.filter(({ method, path }) => method === 'GET' && !/deconnexion|composants/.test(path))
  const statuses = new Map<number, number>()
  let [sent, slowest, slow, from] = [0, 0, 0, '']
  const memory = [rss()]
  while (sent < REQUESTS) {
    if (memory.length * (REQUESTS / 4) < sent) memory.push(rss())
    const qui = pick(QUI)
    const route = pick(gets)
    const cookie = (await reposes(sent)).get(qui)!
    const cible = { ...ciblesDe(monde).siens, dossiers: pick([monde.siens, await dossiers(sent)]) }
    const page = await demander({ url: urlDe(route, monde.a.base, cible), cookie })
    for (const form of formulairesDe(page.body).slice(0, 4)) {
      if (/deconnexion|suppression|retrait|fermeture|abandon/.test(form.action) && chance() < 0.8) continue
      for (let turn = 0; turn < 4; turn++) {
        const { statusCode } = await demander({ method: 'POST', url: form.action || page.url, cookie, ...envoi(form, pick, chance) })
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
      }
    }
  }
  process.off('unhandledRejection', note)
  const summary = [...statuses]
    .sort()
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ')
  console.log(`  seed ${SEED} – ${summary} – slowest ${Math.round(slowest)} ms (${from}) – memory ${memory.join(', ')} MB`)
  assert.deepEqual(unhandled, [])
  assert.equal(({} as { x?: number }).x, undefined)
  // Always refused at the door, a fuzzer finds nothing; always accepted, it changes nothing.
  for (const status of [303, 422]) assert.ok((statuses.get(status) ?? 0) > REQUESTS / 60, summary)
  assert.ok(slowest < 10 * SLOW_MS, `${slowest} ms: ${from}`)
  noterPreuve({
    machine: 'grammaire',
    titre: 'Formulaires du programme renvoyés avec des valeurs hostiles',
    mesures: [
      { nom: `requêtes (graine ${SEED})`, valeur: `${sent}`, cible: `${REQUESTS}`, tenue: sent >= REQUESTS },
      { nom: 'réponses 5xx, accidents non rattrapés, pile ou SQL montrés', valeur: '0', cible: '0', tenue: true },
      { nom: 'réponses de plus de 2 s', valeur: `${slow} (la plus lente : ${Math.round(slowest)} ms)`, cible: '0', tenue: slow === 0 },
      {
        nom: 'mémoire du processus, à chaque quart',
        valeur: `${memory.join(', ')} Mo`,
        cible: 'stable',
        tenue: memory.at(-1)! < 2 * memory[0]! + 200,
      },
    ],
  })

  async function demander(options: Parameters<typeof monde.demander>[0]) {
    const start = performance.now()
    const response = await monde.demander(options).catch(error => {
      throw new Error(`${options.method ?? 'GET'} ${options.url}: no whole answer`, { cause: error })
    })
    const tookMs = performance.now() - start
    sent++
    if (tookMs > SLOW_MS) slow++
    if (tookMs > slowest) [slowest, from] = [tookMs, `${options.method ?? 'GET'} ${options.url}`]
    const what = `${options.method ?? 'GET'} ${options.url} ${JSON.stringify(options.fields ?? options.payload)?.slice(0, 900)}`
    assertSain(response, response.statusCode < 500 ? what : `${what} ${monde.journaux.at(-1)?.slice(0, 3000)}`, { objectText: true })
    return { ...response, body: response.body, url: options.url }
  }
})

/** What a form sends with one or two of its fields changed, doubled, or missing. */
function envoi(form: Formulaire, pick: <T>(values: readonly T[]) => T, chance: () => number) {
  const valeur = () => (chance() < 0.3 ? pick(HOSTILES) + pick(HOSTILES).slice(0, 200) : pick(HOSTILES))
  const champs = form.champs.filter(() => chance() > 0.05).map(champ => ({ ...champ }))
  // The token and the key of the form stay, mostly: behind them is what is tried.
  const free = champs.filter(({ name }) => !name.startsWith('_') || chance() < 0.02)
  for (let n = Math.floor(chance() * 3); n > 0 && free.length > 0; n--) pick(free).value = valeur()
  if (chance() < 0.1 && free.length > 0) champs.push({ ...pick(free), value: valeur() })
  if (!form.isMultipart) {
    const fields: Record<string, string[]> = { _cle: [newSecret()] }
    for (const { name, value } of champs) fields[name] = [...(name.startsWith('_') ? [] : (fields[name] ?? [])), value]
    return { fields }
  }
  const parts = champs.map(({ name, value, isFile }) => {
    const [fileName, bytes] = pick(FICHIERS)
    const head = `--limite\r\nContent-Disposition: form-data; name="${name}"`
    return isFile ? `${head}; filename="${fileName}"\r\nContent-Type: application/pdf\r\n\r\n${bytes}\r\n` : `${head}\r\n\r\n${value}\r\n`
  })
  return { payload: Buffer.from(`${parts.join('')}--limite--\r\n`), headers: { 'content-type': 'multipart/form-data; boundary=limite' } }
}

const rss = () => Math.round(process.memoryUsage().rss / 1_048_576)

const TOUS_LES = 500
let rested: ReadonlyMap<Identite, string> = new Map()
let restedAt = -TOUS_LES
await monde.admin.query(`create temporary table au_depart as select collectivite_id, agent_id, role from habilitation where retiree_le is null;
  create temporary table comptes_au_depart as select * from usager`)

/**
 * The cookies of those who ask. What is sent also signs people out, erases their account, takes roles from agents and uses limits up: left so, all
 * would end up refused at the door.
 */
async function reposes(sent: number): Promise<ReadonlyMap<Identite, string>> {
  if (sent - restedAt < TOUS_LES) return rested
  restedAt = sent
  await monde.admin.query('delete from tentative; insert into usager select * from comptes_au_depart on conflict do nothing')
  await monde.admin.query(`update habilitation h set retiree_le = null from au_depart d
    where h.retiree_le is not null and (h.collectivite_id, h.agent_id, h.role) = (d.collectivite_id, d.agent_id, d.role)`)
  rested = new Map(await Promise.all(QUI.map(async qui => [qui, await monde.frais(qui)] as const)))
  return rested
}

let fresh = monde.encore()
// Acts use dossiers up: new ones now and then.
function dossiers(sent: number) {
  // An agent's form may have changed the démarche: the dossiers there are go on.
  if (sent % 500 < 5) {
    const before = fresh
    fresh = monde.encore().catch(() => before)
  }
  return fresh
}
