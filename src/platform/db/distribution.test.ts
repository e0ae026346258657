import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { noterPreuve } from '../../../test/builders/preuves.ts'
import { placeTables } from './distribute.ts'
import { distributionPlan, placementProblems } from './distribution.ts'
import { type Catalogue, readCatalogue } from './distribution-catalogue.ts'
import { clientConfig, inScope, type Tx } from './open.ts'
import { testDatabase } from './testing.ts'

const database = await testDatabase()
const OWNER = 'parvis_proprietaire'

const plan = (catalogue: Catalogue, already?: ReadonlySet<string>) => distributionPlan(catalogue, OWNER, already)
const inOwner = <T>(work: (tx: Tx) => Promise<T>) => inScope(database.owner, {}, work)

class Undone extends Error {}

/** What the plan says of the schema once changed; the change is undone. */
async function brokenBy(...statements: string[]): Promise<readonly string[]> {
  let broken: readonly string[] = []
  await inOwner(async tx => {
    for (const statement of statements) await sql.raw(statement).execute(tx)
    broken = plan(await readCatalogue(tx)).broken
    throw new Undone()
  }).catch(error => {
    if (!(error instanceof Undone)) throw error
  })
  return broken
}

const tenantTable = (name: string, columns: string, comment = 'locataire: essai') =>
  `create table ${name} (${columns}); comment on table ${name} is '${comment}'`

const found = { tables: 0, distribuees: 0, references: 0, locales: 0, ordres: 0, sabotages: 0, transaction: false }

test('the schema of this version breaks no rule of a distribution, and every table has its place', async () => {
  const catalogue = await inOwner(readCatalogue)
  const { tables, broken, steps } = plan(catalogue)
  assert.deepEqual(broken, [])
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_class c join pg_namespace s on s.oid = c.relnamespace
    where s.nspname in ('public', 'graphile_worker') and c.relkind in ('r', 'p')`.execute(database.owner.kysely)
  assert.equal(tables.length, rows[0]!.n, 'a table was not read')
  const at = (name: string) => tables.find(table => table.name === `public.${name}`)?.placement
  for (const name of ['dossier', 'journal', 'habilitation', 'effacement', 'terme']) assert.equal(at(name), 'distribuee', name)
  for (const name of ['collectivite', 'nom_recherche', 'definition_demarche', 'modele_demarche', 'agent', 'usager', 'adoption'])
    assert.equal(at(name), 'reference', name)
  for (const name of ['sortie', 'session', 'migration', 'compte_efface']) assert.equal(at(name), 'locale', name)
  const count = (placement: string) => tables.filter(table => table.placement === placement).length
  Object.assign(found, {
    tables: tables.length,
    distribuees: count('distribuee'),
    references: count('reference'),
    locales: count('locale'),
  })
  found.ordres = steps.flatMap(({ statements }) => statements).length
  assert.ok(found.distribuees > 50 && found.references > 8 && found.locales > 8, JSON.stringify(found))
})

test('a table comes after those that its keys point to, reference tables first, and all beside the first one shared', async () => {
  const catalogue = await inOwner(readCatalogue)
  const { steps, tables } = plan(catalogue)
  const placed = steps.flatMap(({ kind, statements }) =>
    kind === 'references' || kind === 'partagees' ? statements.map(text => text.match(/_table\('([a-z_.]+)'/)![1]!) : [],
  )
  assert.deepEqual(
    [...placed].sort(),
    tables
      .filter(({ placement }) => placement !== 'locale')
      .map(({ name }) => name)
      .sort(),
  )
  for (const { name, foreignKeys } of catalogue.tables)
    for (const { to } of foreignKeys) if (to !== name) assert.ok(placed.indexOf(to) < placed.indexOf(name), `${name} comes before ${to}`)
  const shared = steps.find(({ kind }) => kind === 'partagees')!.statements
  assert.match(shared[0]!, /colocate_with => 'none'/)
  const first = shared[0]!.match(/'([a-z_.]+)'/)![1]
  for (const text of shared.slice(1)) assert.ok(text.endsWith(`colocate_with => '${first}')`), text)
})

test('the statements that are of plain PostgreSQL run on the real schema and leave it as it was', async () => {
  await inOwner(async tx => {
    const before = await readCatalogue(tx)
    const { steps } = plan(before)
    const of = (kind: string) => steps.find(step => step.kind === kind)!.statements
    for (const statement of [...of('cles_retirees'), ...of('securite_levee')]) await sql.raw(statement).execute(tx)
    const during = await readCatalogue(tx)
    assert.equal(during.tables.flatMap(({ foreignKeys, name }) => (name.startsWith('public.') ? foreignKeys : [])).length, 0)
    assert.equal(during.tables.filter(({ isForced }) => isForced).length, 0)
    for (const statement of [...of('securite_forcee'), ...of('cles_remises')]) await sql.raw(statement).execute(tx)
    assert.deepEqual(await readCatalogue(tx), before)
    throw new Undone()
  }).catch(error => {
    if (!(error instanceof Undone)) throw error
  })
})

const KEY = 'collectivite_id uuid not null, id uuid not null, primary key (collectivite_id, id)'
const sabotages: readonly (readonly [string, RegExp, ...string[]])[] = [
  [
    'a primary key without the tenant',
    /l’unicité mal_pkey ne contient pas/,
    tenantTable('mal', 'collectivite_id uuid not null, id uuid primary key'),
  ],
  [
    'a unique index without the tenant',
    /l’unicité mal_nom ne contient pas/,
    tenantTable('mal', `${KEY}, nom text`),
    'create unique index mal_nom on mal (nom)',
  ],
  ['a tenant table without the column', /collectivite_id uuid not null manque/, tenantTable('mal', 'id uuid primary key')],
  ['no primary key', /n’a pas de clé primaire/, tenantTable('mal', 'collectivite_id uuid not null')],
  ['a key to a local table', /vise sortie, qui reste sur le coordinateur/, tenantTable('mal', `${KEY}, s uuid references sortie`)],
  ['a key from a local table', /va d’une table locale vers collectivite/, 'alter table session add column c uuid references collectivite'],
  [
    'a key from a reference table to a shared one',
    /d’une table de référence vers lot/,
    'alter table agent add column c uuid, add column l uuid, add foreign key (c, l) references lot',
  ],
  [
    'a key that crosses tenants',
    /ne lie pas collectivite_id à collectivite_id/,
    tenantTable('mal', `${KEY}, ailleurs uuid, d uuid, foreign key (ailleurs, d) references dossier`),
  ],
  [
    'a key emptied at deletion',
    /vide une colonne à l’effacement/,
    tenantTable('mal', `${KEY}, d uuid, foreign key (collectivite_id, d) references dossier on delete set null (d)`),
  ],
  [
    'a key that follows changes',
    /propage un changement de clé/,
    tenantTable('mal', `${KEY}, foreign key (collectivite_id, id) references dossier on update cascade`),
  ],
  ['an identity column', /la colonne n est numérotée/, tenantTable('mal', `${KEY}, n int generated always as identity`)],
  ['a serial column on a register', /la colonne n est numérotée/, tenantTable('mal', 'n serial primary key', 'registre: essai')],
  [
    'a trigger nobody read',
    /le déclencheur encore n’est pas de ceux/,
    "create trigger encore after delete on lot for each row execute function noter_effacement('lot')",
  ],
  [
    'a trigger by statement',
    /le déclencheur encore est par ordre/,
    "create trigger encore after delete on lot execute function noter_effacement('lot')",
  ],
  [
    'a trigger on a copied table',
    /le déclencheur encore s’exécuterait sur chaque serveur/,
    "create trigger encore after delete on usager for each row execute function noter_effacement('x')",
  ],
  [
    'a policy that asks another table',
    /la politique personne2 interroge/,
    'create policy personne2 on lot for select using (agent_id in (select id from agent))',
  ],
  ['a rewriting rule', /règle de réécriture \(muette\)/, 'create rule muette as on delete to lot do instead nothing'],
  ['a materialized view', /vue_m : une vue matérialisée/, 'create materialized view vue_m as select count(*) as n from territoire'],
  [
    'a function nobody declared',
    /agir\(uuid\) : rien ne dit quel argument/,
    'create function agir(c uuid) returns void language sql as $$ select $$',
  ],
  [
    'a table of the territory nobody placed',
    /public.mal : rien ne dit où elle va/,
    tenantTable('mal', 'id uuid primary key', 'territoire: essai'),
  ],
  ['a table that says nothing of itself', /public.mal : rien ne dit où elle va/, 'create table mal (id uuid primary key)'],
  ['a divided table', /faite de partitions/, tenantTable('mal', KEY).replace(');', ') partition by list (collectivite_id);')],
  [
    'two tables that point to each other',
    /se visent en rond/,
    tenantTable('un', KEY),
    tenantTable('deux', `${KEY}, foreign key (collectivite_id, id) references un`),
    'alter table un add foreign key (collectivite_id, id) references deux',
  ],
]

for (const [name, expected, ...statements] of sabotages) {
  test(`found: ${name}`, async () => {
    const broken = await brokenBy(...statements)
    assert.ok(
      broken.some(text => expected.test(text)),
      `expected ${expected}, found: ${broken.join(' | ') || 'nothing'}`,
    )
    found.sabotages++
  })
}

test('on a cluster already distributed, only what is new is placed, beside what is there', async () => {
  const catalogue = await inOwner(readCatalogue)
  const all = plan(catalogue)
    .tables.filter(({ placement }) => placement !== 'locale')
    .map(({ name }) => name)
  assert.deepEqual(
    plan(catalogue, new Set(all)).steps.map(({ kind }) => kind),
    ['roles', 'fonctions'],
  )
  const { steps } = plan(catalogue, new Set(all.filter(name => name !== 'public.avis')))
  const shared = steps.find(({ kind }) => kind === 'partagees')!.statements
  assert.equal(shared.length, 1)
  assert.match(
    shared[0]!,
    /^select create_distributed_table\('public\.avis', 'collectivite_id', colocate_with => 'public\.(?!avis)[a-z_]+'\)$/,
  )
  assert.equal(steps.find(({ kind }) => kind === 'cles_remises')!.statements.length, 2)
})

// Stand for Citus in one thing only: what happens around its calls. The placing of `lose` loses its rows.
const standIns = (lose: string) => `
  create or replace function create_reference_table(t text) returns void language sql as $$ insert into appel values ('reference ' || t) $$;
  create or replace function create_distributed_table(t text, c text, colocate_with text) returns void language plpgsql as $$ begin
    insert into appel values (format('%s %s %s', t, c, colocate_with));
    if t = '${lose}' then execute format('delete from %s', t); end if;
  end $$;
  create or replace function truncate_local_data_after_distributing_table(t text) returns void language sql as $$ select $$;
  create or replace function create_distributed_function(t text, c text, colocate_with text) returns void language sql as $$ select $$`

test('one transaction: a table that loses a row undoes everything; otherwise all is placed, keys and row security are back', async () => {
  const scratch = await testDatabase()
  const catalogue = await inScope(scratch.owner, {}, readCatalogue)
  const collectivite = '01980000-0000-7000-8000-000000000001'
  await inScope(scratch.owner, { collectiviteId: collectivite }, tx =>
    sql`insert into tombe (collectivite_id, dossier_id, demarche_id, efface_le, cause, sort, empreinte)
      values (${collectivite}, ${collectivite}, 'x', now(), 'demande', 'detruire', 'x')`.execute(tx),
  )
  const client = new pg.Client(clientConfig(scratch.ownerConnection))
  await client.connect()
  await client.query('create table appel (texte text)')
  const calls = async () => (await client.query('select from appel')).rowCount
  const place = () => placeTables(client, plan(catalogue), () => {})
  const isAsBefore = async () =>
    assert.deepEqual(
      (await inScope(scratch.owner, {}, readCatalogue)).tables.filter(({ name }) => name !== 'public.appel'),
      catalogue.tables,
    )

  await client.query(standIns('public.tombe'))
  await assert.rejects(place(), {
    name: 'DistributionError',
    message: /public\.tombe avait 1 lignes, elle en a 0 une fois placée\. Rien n’est fait\./,
  })
  await client.query('rollback')
  assert.equal(await calls(), 0)
  await isAsBefore()

  await client.query(standIns('rien'))
  await place()
  assert.equal(await calls(), found.distribuees + found.references)
  await client.end()
  await isAsBefore()
  found.transaction = true
})

test('a cluster that lacks one table places and counts that one', async () => {
  const catalogue = await inOwner(readCatalogue)
  const all = plan(catalogue).tables.map(({ name }) => name)
  const { steps } = plan(catalogue, new Set(all.filter(name => name !== 'public.tombe')))
  assert.deepEqual(
    steps.flatMap(({ places }) => places ?? []),
    ['public.tombe'],
  )
})

test('what a cluster says of its tables is compared with the plan', async () => {
  const { tables } = plan(await inOwner(readCatalogue))
  const types = { distribuee: 'distributed', reference: 'reference' } as const
  const seen = tables.flatMap(({ name, placement }) =>
    placement === 'locale'
      ? []
      : [
          {
            name,
            type: types[placement] as string,
            column: placement === 'distribuee' ? 'collectivite_id' : null,
            colocation: placement === 'distribuee' ? 2 : 1,
          },
        ],
  )
  assert.deepEqual(placementProblems(tables, seen), [])
  const but = (name: string, change: object) =>
    placementProblems(
      tables,
      seen.map(one => (one.name === name ? { ...one, ...change } : one)),
    )
  assert.deepEqual(
    placementProblems(
      tables,
      seen.filter(({ name }) => name !== 'public.lot'),
    ).slice(0, 1),
    ['public.lot : distributed attendu, local trouvé.'],
  )
  assert.deepEqual(but('public.lot', { column: 'id' }), ['public.lot : partagée par id, et non par collectivite_id.'])
  assert.match(but('public.lot', { colocation: 3 }).join(), /pas toutes placées ensemble/)
  assert.deepEqual(placementProblems(tables, [...seen, { name: 'public.session', type: 'reference', column: null, colocation: 1 }]), [
    'public.session : local attendu, reference trouvé.',
  ])
})

after(() =>
  noterPreuve({
    machine: 'distribuer',
    titre: 'Le schéma de la base, lu avec les règles d’un cluster Citus',
    mesures: [
      {
        nom: 'Tables classées',
        valeur: `${found.tables} : ${found.distribuees} partagées, ${found.references} de référence, ${found.locales} locales`,
        cible: 'toutes',
        tenue: found.tables > 0,
      },
      { nom: 'Ordres du plan', valeur: String(found.ordres), cible: '–', tenue: found.ordres > 0 },
      {
        nom: 'Une ligne perdue en route défait tout, et rien n’a bougé ensuite',
        valeur: found.transaction ? 'oui' : 'non',
        cible: 'oui',
        tenue: found.transaction,
      },
      {
        nom: 'Défauts de schéma posés exprès et trouvés',
        valeur: `${found.sabotages} sur ${sabotages.length}`,
        cible: 'tous',
        tenue: found.sabotages === sabotages.length,
      },
    ],
    nonJoue: [
      'aucun Citus ici : les règles sont vérifiées sur le catalogue d’un PostgreSQL ordinaire, ses fonctions sont remplacées par des fonctions vides',
      'les ordres que le programme envoie ne sont pas vérifiés : docs/exploiter/citus.md nomme ceux qu’un cluster refuserait',
    ],
  }),
)
