import { sql } from 'kysely'
import type { Tx } from './open.ts'

/** A foreign key, as the catalogue has it. `onDelete` and `onUpdate` are the letters of pg_constraint (a, r, c, n, d). */
export interface ForeignKey {
  readonly name: string
  readonly to: string
  readonly columns: readonly string[]
  readonly toColumns: readonly string[]
  readonly onDelete: string
  readonly onUpdate: string
  readonly definition: string
}

/** A table as Citus would look at it. Names are « schema.table ». */
export interface CatalogueTable {
  readonly name: string
  /** registre, territoire or locataire, from its comment; null when it says nothing. */
  readonly genre: string | null
  readonly hasTenant: boolean
  readonly hasPrimaryKey: boolean
  readonly isForced: boolean
  /** Partitioned, partition, or in an inheritance. */
  readonly isDivided: boolean
  /** Columns of each unique index or exclusion; an expression has no name. */
  readonly uniques: readonly { readonly name: string; readonly columns: readonly (string | null)[] }[]
  readonly foreignKeys: readonly ForeignKey[]
  /** Columns numbered by the database: identity, serial, default nextval(). */
  readonly numbered: readonly string[]
  readonly triggers: readonly { readonly name: string; readonly isForEachRow: boolean; readonly calls: string }[]
  /** Policies whose expression asks another table. */
  readonly askingPolicies: readonly string[]
  readonly rules: readonly string[]
}

/** What else the schema holds that a distributed table cannot always have beside it. */
export interface Catalogue {
  readonly tables: readonly CatalogueTable[]
  readonly functions: readonly { readonly name: string; readonly signature: string; readonly isTrigger: boolean }[]
  readonly materializedViews: readonly string[]
}

/** Reads what the plan of a distribution needs, in public and in the schema of the job queue. Nothing is written. */
export async function readCatalogue(tx: Tx): Promise<Catalogue> {
  const { rows: tables } = await tablesOf.execute(tx)
  const { rows: functions } = await functionsOf.execute(tx)
  const { rows: views } = await sql<{ name: string }>`select n.nspname || '.' || c.relname as name from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'm' order by 1`.execute(tx)
  return { tables, functions, materializedViews: views.map(({ name }) => name) }
}

const names = (numbers: string, table: string) =>
  sql.raw(
    `(select array_agg(a.attname::text order by part.place) from unnest(${numbers}) with ordinality as part (num, place)
      left join pg_attribute a on a.attrelid = ${table} and a.attnum = part.num and part.num > 0)`,
  )

const tablesOf = sql<CatalogueTable>`
  select n.nspname || '.' || c.relname as name, substring(obj_description(c.oid, 'pg_class') from '^(registre|territoire|locataire): ') as genre,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'collectivite_id' and a.attnotnull and a.atttypid = 'uuid'::regtype
      and a.attgenerated = '') as "hasTenant",
    exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p') as "hasPrimaryKey",
    c.relforcerowsecurity as "isForced",
    c.relkind = 'p' or exists (select from pg_inherits i where c.oid in (i.inhrelid, i.inhparent)) as "isDivided",
    coalesce((select jsonb_agg(jsonb_build_object('name', i.relname, 'columns', ${names('x.indkey::int2[]', 'c.oid')}) order by i.relname)
      from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid and (x.indisunique or x.indisexclusion)), '[]') as uniques,
    coalesce((select jsonb_agg(jsonb_build_object('name', k.conname, 'to', tn.nspname || '.' || t.relname, 'columns', ${names('k.conkey', 'c.oid')},
        'toColumns', ${names('k.confkey', 'k.confrelid')}, 'onDelete', k.confdeltype::text, 'onUpdate', k.confupdtype::text,
        'definition', pg_get_constraintdef(k.oid)) order by k.conname)
      from pg_constraint k join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
      where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0), '[]') as "foreignKeys",
    array(select a.attname::text from pg_attribute a left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) ~ 'nextval\\(') order by a.attnum) as numbered,
    coalesce((select jsonb_agg(jsonb_build_object('name', g.tgname, 'isForEachRow', g.tgtype::int & 1 = 1, 'calls', p.proname) order by g.tgname)
      from pg_trigger g join pg_proc p on p.oid = g.tgfoid where g.tgrelid = c.oid and not g.tgisinternal), '[]') as triggers,
    array(select o.polname::text from pg_policy o where o.polrelid = c.oid
      and concat(pg_get_expr(o.polqual, c.oid), ' ', pg_get_expr(o.polwithcheck, c.oid)) ~* '\\mselect\\M' order by 1) as "askingPolicies",
    array(select w.rulename::text from pg_rewrite w where w.ev_class = c.oid order by 1) as rules
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('public', 'graphile_worker') and c.relkind in ('r', 'p')
    and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
  order by 1`

const functionsOf = sql<Catalogue['functions'][number]>`
  select p.proname as name, p.oid::regprocedure::text as signature, p.prorettype = 'trigger'::regtype as "isTrigger"
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = 'public' and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
  order by 2`
