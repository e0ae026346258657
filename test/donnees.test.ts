import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modules } from '../src/modules.ts'
import { testDatabase } from '../src/platform/db/testing.ts'
import { colonnesClassees, donneesPlateforme, estPersonnelle } from '../src/platform/personal-data.ts'

const database = await testDatabase()
const parts = [donneesPlateforme, ...modules.map(({ donnees }) => donnees ?? {})]
const classees = new Map(parts.flatMap(part => Object.entries(part)))

test('every column of the database is classified, beside the module that owns it, and nothing else is', async () => {
  const { rows } = await database.owner.pool.query<{ table: string; colonne: string }>(`
    select case when table_schema = 'public' then table_name else table_schema || '.' || table_name end as table, column_name as colonne
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE' order by 1, ordinal_position`)
  assert.ok(rows.length > 400, `${rows.length} columns`)
  const real = rows.map(({ table, colonne }) => `${table}.${colonne}`)
  const said = [...classees].flatMap(([name, table]) => [...colonnesClassees(table).keys()].map(colonne => `${name}.${colonne}`))
  assert.deepEqual(
    real.filter(column => !said.includes(column)),
    [],
    'say what these columns are in the donnees.ts of their module',
  )
  assert.deepEqual(
    said.filter(column => !real.includes(column)),
    [],
    'these columns no longer exist',
  )
})

test('a table is classified once', () => {
  const names = parts.flatMap(part => Object.keys(part))
  assert.equal(new Set(names).size, names.length)
})

test('what names or tells of somebody says of whom', () => {
  const silent = [...classees].filter(
    ([, table]) => table.personnes.length === 0 && (table.colonnes.identite ?? table.colonnes.contact ?? table.colonnes.sensible),
  )
  assert.deepEqual(
    silent.map(([name]) => name),
    [],
  )
  assert.ok([...classees.values()].filter(estPersonnelle).length > 20)
})

// A dossier that is erased must leave nothing: what hangs from it goes with it, or is listed here with the reason.
const RESTE: Readonly<Record<string, string>> = {
  terme: 'erased by the trigger of indexation',
  avis: 'kept without its dossier, which the trigger delier_avis takes away',
  envoi: 'erased by effacerEnvoisDuDossier',
  tombe: 'the tombstone itself',
  livraison: 'ids only, kept seven days',
}

test('every table that knows a dossier goes with it', async () => {
  const { rows } = await database.owner.pool.query<{ table: string; regle: string | null }>(`
    select c.relname as table, (select con.confdeltype::text from pg_constraint con where con.conrelid = c.oid and con.contype = 'f'
      and con.confrelid = 'dossier'::regclass limit 1) as regle
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and a.attname = 'dossier_id' and not a.attisdropped`)
  assert.ok(rows.length > 10)
  assert.deepEqual(
    rows.filter(({ table, regle }) => regle !== 'c' && RESTE[table] === undefined).map(({ table }) => table),
    [],
  )
})
