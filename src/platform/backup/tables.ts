import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Tx } from '../db/open.ts'
import { isUuid } from '../ids.ts'

/** A table as a backup sees it. */
export interface TableToCopy {
  /** « public.dossier ». */
  readonly nom: string
  /** Its rows belong to a collectivité. */
  readonly estLocataire: boolean
  /** Row security is forced: even its owner sees the rows of one collectivité at a time. */
  readonly isForced: boolean
  readonly colonnes: readonly string[]
  /** What makes its rows come in the same order, here and once restored. */
  readonly ordre: string
}

// migration: made by the migrations themselves. session and tentative: what was closed since the backup must not open again.
const LEFT = ['public.migration', 'public.session', 'public.tentative', 'graphile_worker.migrations']

const identifier = (name: string): string => name.split('.').map(pg.escapeIdentifier).join('.')

/**
 * The tables to copy, each after those that its foreign keys point to, so that their rows can be written in this order.
 * Throws on tables that point to each other: none may, or a restore could not write them.
 */
export async function tablesToCopy(client: pg.Client): Promise<TableToCopy[]> {
  const { rows } = await client.query<TableToCopy & { vers: string[]; cle: string[] | null }>(`
    select n.nspname || '.' || c.relname as nom, c.relrowsecurity and c.relforcerowsecurity as "isForced",
      coalesce(obj_description(c.oid, 'pg_class') like 'locataire:%', false) as "estLocataire",
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as colonnes,
      (select array_agg(quote_ident(a.attname) || case when a.attcollation <> 0 then ' collate "C"' else '' end order by k.rank)
        from pg_constraint con cross join unnest(con.conkey) with ordinality as k (num, rank)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num where con.conrelid = c.oid and con.contype = 'p') as cle,
      array(select distinct fn.nspname || '.' || f.relname from pg_constraint con join pg_class f on f.oid = con.confrelid
        join pg_namespace fn on fn.oid = f.relnamespace where con.conrelid = c.oid and con.contype = 'f' and con.confrelid <> c.oid) as vers
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'graphile_worker') and c.relkind in ('r', 'p') and not c.relispartition order by 1`)
  const waiting = rows.filter(({ nom }) => !LEFT.includes(nom))
  const done: TableToCopy[] = []
  while (waiting.length > 0) {
    const ready = waiting.filter(({ vers }) => !vers.some(other => waiting.some(({ nom }) => nom === other)))
    if (ready.length === 0) throw new Error(`tables that point to each other: ${waiting.map(({ nom }) => nom).join(', ')}`)
    for (const table of ready) waiting.splice(waiting.indexOf(table), 1)
    done.push(
      ...ready.map(({ nom, estLocataire, isForced, colonnes, cle }) => ({
        nom,
        estLocataire,
        isForced,
        colonnes,
        // Without a key, the whole row.
        ordre: (cle ?? ['rangee::text collate "C"']).join(', '),
      })),
    )
  }
  return done
}

/** Which rows: those of a collectivité, or what a condition says. Both are ours: no text of a person enters them. */
export interface Which {
  readonly collectivite?: string | undefined
  readonly condition?: string | undefined
}

/** COPY … TO of a table: CSV with a header (RFC 4180; nothing between two commas is NULL, "" is an empty text). */
export function copyOutText(
  table: Pick<TableToCopy, 'nom' | 'ordre'>,
  colonnes: readonly string[],
  { collectivite, condition }: Which,
): string {
  const where = collectivite === undefined ? (condition ?? 'true') : `collectivite_id = '${uuid(collectivite)}'`
  const list = colonnes.map(pg.escapeIdentifier).join(', ')
  return `copy (select ${list} from ${identifier(table.nom)} as rangee where ${where} order by ${table.ordre}) to stdout (format csv, header true)`
}

/** COPY … FROM for what copyOutText gave. */
export const copyInText = (table: string, colonnes: readonly string[]): string =>
  `copy ${identifier(table)} (${colonnes.map(pg.escapeIdentifier).join(', ')}) from stdin (format csv, header match)`

/** One statement that gives the names of the tables, among some, that have rows of a collectivité. */
export const withRowsText = (tables: readonly TableToCopy[], collectivite: string): string =>
  tables
    .map(
      ({ nom }) =>
        `select ${pg.escapeLiteral(nom)} as nom where exists (select 1 from ${identifier(nom)} where collectivite_id = '${uuid(collectivite)}')`,
    )
    .join(' union all ')

/** Turns forced row security off or on, for the owner of a table. */
export const forceText = (tables: readonly TableToCopy[], isForced: boolean): string =>
  tables
    .filter(table => table.isForced)
    .map(({ nom }) => `alter table ${identifier(nom)} ${isForced ? '' : 'no '}force row level security`)
    .join('; ')

function uuid(text: string): string {
  if (!isUuid(text)) throw new TypeError('a collectivité is a UUID')
  return text
}

// What the text of a value depends on: the same on both sides, whatever the server's own settings.
const SETTINGS = {
  client_encoding: 'UTF8',
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
}

/** Opens a connection on which values are written and read the same way everywhere. */
export async function copyClient(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...config, application_name: 'parvis sauvegarde' })
  client.on('error', () => {})
  await client.connect()
  await client.query(
    Object.entries(SETTINGS)
      .map(([name, value]) => `set ${name} = '${value}'`)
      .join('; '),
  )
  return client
}

/** A client in a transaction, as modules expect one. */
export const transactionOf = (client: pg.Client): Tx =>
  new Kysely({
    dialect: new PostgresDialect({
      pool: { options: {}, connect: async () => ({ query: client.query.bind(client), release: () => {} }), end: async () => {} } as never,
    }),
  })
