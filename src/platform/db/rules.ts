import { sql } from 'kysely'
import type { Database } from './open.ts'

const TENANT_POLICY = "(collectivite_id = (NULLIF(current_setting('parvis.collectivite'::text, true), ''::text))::uuid)"

// Tables where a person also finds their own rows across collectivités, to read only. Adding one is a decision to review.
const PERSON_POLICY: Readonly<Record<string, string>> = {
  habilitation: "(agent_id = (NULLIF(current_setting('parvis.personne'::text, true), ''::text))::uuid)",
  delegation: "(agent_id = (NULLIF(current_setting('parvis.personne'::text, true), ''::text))::uuid)",
  dossier_usager: "(usager_id = (NULLIF(current_setting('parvis.personne'::text, true), ''::text))::uuid)",
}

interface TableRow {
  readonly nom: string
  readonly genre: string | null
  readonly has_tenant: boolean
  readonly is_forced: boolean
  readonly owner: string
  readonly keys: { name: string; kind: string; first: string; target: string | null }[]
  readonly policies: { name: string; cmd: string; using: string | null; check: string | null }[]
  readonly rights: string[]
  readonly sequences: number
}

/**
 * Reads the catalogue and gives a sentence for each table, view, function or role that breaks a rule of the house:
 * kind declared, tenant first in every key, row security forced with the one policy, no sequence, no right beyond need.
 * Also gives how many tables it saw, so that a test can refuse to pass on nothing.
 */
export async function catalogueProblems(db: Database): Promise<{ tables: number; problems: string[] }> {
  const { rows } = await tables.execute(db.kysely)
  const problems = rows.flatMap(row => tableProblems(row))
  const others = await elsewhere.execute(db.kysely)
  return { tables: rows.length, problems: [...problems, ...others.rows.map(row => row.problem)] }
}

function tableProblems(table: TableRow): string[] {
  const say = (text: string) => `${table.nom}: ${text}`
  const genre = table.genre?.match(/^(registre|territoire|locataire): ./)?.[1]
  if (!genre) return [say('its comment does not say registre, territoire or locataire')]
  const problems: string[] = []
  if (table.owner === 'parvis_application') problems.push(say('belongs to the application role'))
  for (const right of table.rights) if (/TRUNCATE|REFERENCES|TRIGGER/.test(right)) problems.push(say(`the application has ${right}`))
  if (genre === 'registre' && table.rights.some(r => r !== 'SELECT')) problems.push(say('a register that the application may write'))
  if (genre === 'territoire' && table.has_tenant) problems.push(say('has collectivite_id but is not locataire'))
  if (genre === 'locataire') problems.push(...tenantProblems(table).map(say))
  return problems
}

function tenantProblems(table: TableRow): string[] {
  const problems: string[] = []
  if (!table.has_tenant) problems.push('collectivite_id uuid not null is missing')
  if (!table.is_forced) problems.push('row security is not enabled and forced')
  if (table.sequences > 0) problems.push('has an identity column or a sequence')
  if (!table.keys.some(key => key.kind === 'p')) problems.push('has no primary key')
  for (const key of table.keys) {
    const towardsGlobal = key.kind === 'f' && key.target !== null && !key.target.startsWith('locataire')
    if (key.first !== 'collectivite_id' && !towardsGlobal) problems.push(`key ${key.name} does not begin with collectivite_id`)
  }
  const expected = PERSON_POLICY[table.nom]
  for (const policy of table.policies) {
    const isTenant = policy.name === 'locataire' && policy.cmd === '*' && policy.using === TENANT_POLICY && policy.check === TENANT_POLICY
    const isPerson = policy.name === 'personne' && policy.cmd === 'r' && expected !== undefined && policy.using === expected
    if (!isTenant && !isPerson) problems.push(`policy ${policy.name} is not one of the two known`)
  }
  if (!table.policies.some(policy => policy.name === 'locataire')) problems.push('the policy locataire is missing')
  return problems
}

const tables = sql<TableRow>`
  select c.relname as nom, obj_description(c.oid, 'pg_class') as genre, r.rolname as owner,
    c.relrowsecurity and c.relforcerowsecurity as is_forced,
    exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'collectivite_id' and a.attnotnull and a.atttypid = 'uuid'::regtype) as has_tenant,
    coalesce((select jsonb_agg(jsonb_build_object('name', k.name, 'kind', k.kind, 'first', k.first, 'target', k.target)) from (
      select con.conname as name, con.contype::text as kind, a.attname as first, obj_description(con.confrelid, 'pg_class') as target
      from pg_constraint con join pg_attribute a on a.attrelid = con.conrelid and a.attnum = con.conkey[1]
      where con.conrelid = c.oid and con.contype in ('p', 'u', 'f', 'x')
      union all
      select i.relname, 'i', coalesce(a.attname, '(expression)'), null
      from pg_index x join pg_class i on i.oid = x.indexrelid left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]
      where x.indrelid = c.oid and x.indisunique and not exists (select 1 from pg_constraint con where con.conindid = i.oid)
    ) k), '[]') as keys,
    coalesce((select jsonb_agg(jsonb_build_object('name', p.polname, 'cmd', p.polcmd::text, 'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)))
      from pg_policy p where p.polrelid = c.oid), '[]') as policies,
    coalesce((select array_agg(x.privilege_type) from aclexplode(c.relacl) x join pg_roles g on g.oid = x.grantee where g.rolname = 'parvis_application'), '{}') as rights,
    (select count(*)::int from pg_attribute a where a.attrelid = c.oid and (a.attidentity <> '' or pg_get_serial_sequence(c.oid::regclass::text, a.attname) is not null) and a.attnum > 0 and not a.attisdropped) as sequences
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
  where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`

const elsewhere = sql<{ problem: string }>`
  select 'role parvis_application may bypass row security, is superuser, or may create' as problem from pg_roles
    where rolname = 'parvis_application' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)
  union all select 'role parvis_application may create in schema public' where has_schema_privilege('parvis_application', 'public', 'create')
  union all select format('function %s is security definer', p.oid::regprocedure) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public' and p.prosecdef
  union all select format('view %s is not security_invoker', c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}', false)
  union all select format('materialized view %s', c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'm'`
