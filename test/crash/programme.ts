import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { testFolder } from '../../src/platform/db/testing.ts'
import { demarrerParvis, type Parvis } from '../builders/parvis.ts'
import { demander } from './http.ts'

/** The whole program on a port and a folder that stay the same from one start to the next, and the processes that make it. */
export interface Programme {
  readonly adresse: string
  readonly dossier: string
  /** The process of that name under the supervisor. */
  pid(nom: 'web' | 'travaux'): number | undefined
  postmaster(): number
  /** The folder of PostgreSQL's socket. */
  socket(): string
  /** The processes that PostgreSQL made for our connections. */
  connexions(): Promise<number[]>
  superviseur(): number
  /** Starts the program again, after the supervisor was killed. */
  redemarrer(): Promise<void>
  /** Past row security, for what a test must look at. */
  admin<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  sante(): Promise<number>
  sortie(): string
  arreter(): Promise<void>
}

/** A port that nobody listens on just now. */
export const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const probe = createServer()
    probe.listen(0, 'localhost', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

/** Starts it with an empty territory. */
export async function ouvrirProgramme(env: Record<string, string> = {}, dossier: string = testFolder('parvis-crash-')): Promise<Programme> {
  const port = await freePort()
  const start = () => demarrerParvis({ dossier, args: ['--vide'], env: { PORT: String(port), PARVIS_MANDATAIRES: '1', ...env } })
  let parvis: Parvis = await start()
  const adresse = parvis.adresse
  let before = ''
  const lines = () => readFileSync(join(realpathSync(join(dossier, 'base')), 'postmaster.pid'), 'utf8').split('\n')
  const admin = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> => {
    const client = new pg.Client({ host: lines()[4]!, port: 5432, user: 'postgres', database: 'parvis', connectionTimeoutMillis: 2000 })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }
  return {
    adresse,
    dossier,
    pid: nom => childrenOf(parvis.process.pid!).find(child => child.command.split('\0').includes(nom))?.pid,
    postmaster: () => Number(lines()[0]),
    socket: () => lines()[4]!,
    connexions: async () =>
      (await admin<{ pid: number }>("select pid from pg_stat_activity where usename = 'parvis_application'")).map(({ pid }) => pid),
    superviseur: () => parvis.process.pid!,
    async redemarrer() {
      before += parvis.output()
      parvis = await start()
    },
    admin,
    sante: () =>
      demander({ url: `${adresse}/sante`, method: 'GET' }).then(
        ({ status }) => status,
        () => 0,
      ),
    sortie: () => before + parvis.output(),
    async arreter() {
      await parvis.stop()
    },
  }
}

/** Waits until a condition holds; gives the milliseconds it took, from `since`. Throws with what it waited for. */
export async function attendre(
  quoi: string,
  isTrue: () => boolean | Promise<boolean>,
  patienceMs: number,
  since = performance.now(),
): Promise<number> {
  for (;;) {
    if (await Promise.resolve(isTrue()).catch(() => false)) return performance.now() - since
    if (performance.now() - since > patienceMs) throw new Error(`after ${patienceMs} ms, still waiting for: ${quoi}`)
    await sleep(15)
  }
}

function childrenOf(pid: number): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const parent = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]
        return Number(parent) === pid ? [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }] : []
      } catch {
        return [] // it ended while we looked
      }
    })
}
