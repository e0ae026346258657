import pg from 'pg'
import { transactionOf } from '../backup/tables.ts'
import { type CitusTable, type DistributionPlan, distributionPlan, placementProblems } from './distribution.ts'
import { readCatalogue } from './distribution-catalogue.ts'
import { type Connection, clientConfig } from './open.ts'

/** A distribution cannot be done; the message says why in French. */
export class DistributionError extends Error {
  override name = 'DistributionError'
}

/** The plan for a database as it is, and whether it has Citus. */
export interface Examined {
  readonly plan: DistributionPlan
  readonly hasCitus: boolean
  /** On a cluster, what differs from the plan. */
  readonly differences: readonly string[]
}

/** Reads the catalogue under the owner's connection and gives the plan; writes nothing. */
export async function examineDistribution(owner: Connection): Promise<Examined> {
  return withClient(owner, async client => {
    const { rows } = await client.query<{ owner: string; citus: boolean }>(
      `select current_user as owner, exists (select from pg_extension where extname = 'citus') as citus`,
    )
    const { owner: role, citus: hasCitus } = rows[0]!
    const seen = hasCitus ? await citusTables(client) : []
    const placed = new Set(seen.filter(({ type }) => type !== 'local').map(({ name }) => name))
    const plan = distributionPlan(await readCatalogue(transactionOf(client)), role, placed)
    return { plan, hasCitus, differences: hasCitus ? placementProblems(plan.tables, seen) : [] }
  })
}

/**
 * Runs a plan that breaks no rule on the coordinator of a cluster: the settings of the roles, then the rest in one transaction, in which the rows of each
 * table are counted before and after. Throws DistributionError, with nothing done, when the cluster is not ready or a count differs.
 */
export async function distribute(owner: Connection, plan: DistributionPlan, onStep: (title: string) => void): Promise<void> {
  await withClient(owner, async client => {
    await requireCluster(client)
    for (const statement of plan.steps.filter(({ kind }) => kind === 'roles').flatMap(({ statements }) => statements))
      await client.query(statement).catch((error: { code?: string }) => {
        if (error.code !== '42501') throw error
        throw new DistributionError(`Ce compte n’a pas ce droit. Demandez à l’administrateur de la base : ${statement};`)
      })
  })
  // Another connection: the settings of a role hold for the sessions opened after.
  await withClient(owner, client => placeTables(client, plan, onStep))
}

async function requireCluster(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ coordinateur: boolean; serveurs: number }>(
    `select coalesce(bool_or(groupid = 0), false) as coordinateur, (count(*) filter (where shouldhaveshards and isactive))::int as serveurs from pg_dist_node`,
  )
  if (!rows[0]!.coordinateur)
    throw new DistributionError(
      "Le coordinateur n’est pas inscrit. Un superutilisateur doit lancer : select citus_set_coordinator_host('<son nom>');",
    )
  if (rows[0]!.serveurs === 0)
    throw new DistributionError(
      "Aucun serveur ne prend de données. Un superutilisateur doit lancer : select citus_add_node('<nom>', 5432);",
    )
}

/**
 * Runs the steps of a plan, but for the settings of the roles, in one transaction. The rows of each table placed are counted before the first is, and
 * once what the coordinator had left is gone: a difference is a DistributionError, and nothing is done.
 */
export async function placeTables(client: pg.Client, plan: DistributionPlan, onStep: (title: string) => void): Promise<void> {
  const names = plan.steps.flatMap(({ places }) => places ?? [])
  await client.query('begin')
  // Foreign keys between tables placed by this same transaction need one connection a server (Citus says so when it refuses).
  await client.query("set local citus.multi_shard_modify_mode = 'sequential'")
  let before: number[] | undefined
  for (const { kind, title, statements, places } of plan.steps) {
    if (kind === 'roles') continue
    onStep(title)
    if (places) before ??= await counts(client, names)
    for (const statement of statements) await client.query(statement)
    if (kind === 'restes') refuseLoss(names, before ?? [], await counts(client, names))
  }
  await client.query('commit')
}

async function counts(client: pg.Client, names: readonly string[]): Promise<number[]> {
  const found: number[] = []
  for (const name of names) {
    const { rows } = await client.query<{ n: string }>(
      `select count(*)::text as n from ${name.split('.').map(pg.escapeIdentifier).join('.')}`,
    )
    found.push(Number(rows[0]!.n))
  }
  return found
}

function refuseLoss(names: readonly string[], before: readonly number[], after: readonly number[]): void {
  const lost = names.findIndex((_, index) => before[index] !== after[index])
  if (lost >= 0)
    throw new DistributionError(`${names[lost]} avait ${before[lost]} lignes, elle en a ${after[lost]} une fois placée. Rien n’est fait.`)
}

async function citusTables(client: pg.Client): Promise<CitusTable[]> {
  const { rows } =
    await client.query<CitusTable>(`select n.nspname || '.' || c.relname as name, t.citus_table_type as type, t.distribution_column as column,
    t.colocation_id as colocation from citus_tables t join pg_class c on c.oid = t.table_name join pg_namespace n on n.oid = c.relnamespace`)
  return rows
}

// Without the limits of the program: placing a large table lasts.
async function withClient<T>(connection: Connection, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...clientConfig(connection), application_name: 'parvis distribuer' })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    // An open transaction ends with its connection: nothing of it stays.
    await client.end()
  }
}
