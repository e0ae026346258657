import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { routes } from '../../src/main.ts'
import { clientConfig, inScope, inTenant } from '../../src/platform/db/open.ts'
import { hasard } from './hostile.ts'
import { IDENTITES, ouvrirMonde } from './monde.ts'
import { urlDe } from './routes.ts'

const monde = await ouvrirMonde()
const SEED = Number(process.env.GRAINE ?? 20261122)
const STATEMENTS = 4800

interface Column {
  readonly t: string
  readonly c: string
  readonly type: string
  readonly isKey: boolean
}

const columns = (
  await monde.admin.query<Column>(`
    select c.relname as t, a.attname as c, format_type(a.atttypid, null) as type,
      exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f') and a.attnum = any(k.conkey)) as "isKey"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and obj_description(c.oid, 'pg_class') like 'locataire:%' order by 1, a.attnum`)
).rows
const tables = [...new Set(columns.map(({ t }) => t))]

const CANARI = 'CANARIZQX'

// What the people of B have besides dossiers: a working copy, a list, an address, an opinion, answers prepared for someone.
const remplir = `with b as (select $1::uuid as id), une as (select d.id, definition from demarche d join definition_demarche e using (empreinte), b
    where d.collectivite_id = b.id and d.id = 'occupation-domaine-public'),
  copie as (insert into brouillon_demarche (collectivite_id, demarche_id, definition, rang, ouvert_le, modifie_le)
    select b.id, une.id, definition, 1, now(), now() from b, une),
  edition as (insert into edition_demarche (collectivite_id, demarche_id, rang, definition, phrase, le)
    select b.id, une.id, 1, definition, 'Phrase', now() from b, une),
  liste as (insert into referentiel (collectivite_id, id, nom, nature, colonnes, modifie_le) select id, 'arrets', 'Arrêts', 'fichier', '{nom}', now() from b),
  ligne as (insert into ligne_referentiel (collectivite_id, referentiel_id, cle, rang, libelle, recherche, valeurs)
    select id, 'arrets', '1', 1, 'Arrêt', 'arret', '{"nom": "Arrêt"}' from b),
  fichier as (insert into fichier_adresses (collectivite_id, adresses, voies, importe_le) select id, 1, 1, now() from b),
  voie as (insert into voie_locale (collectivite_id, id, interop, nom, cle, commune, code) select id, 1, 'x', 'Rue', 'rue', 'Ville', '14061' from b),
  prepare as (insert into pre_remplissage (collectivite_id, id, demarche_id, reponses, source, cree_le, expire_le)
    select b.id, gen_random_uuid(), une.id, '{"champs": {}, "lignes": {}}', 'Source', now(), now() + interval '9 days' from b, une)
  insert into avis (collectivite_id, id, demarche_id, moment, note, phrase, le) select b.id, gen_random_uuid(), une.id, 'depot', 5, 'Avis', now() from b, une`
const EN_JSON = [
  ['brouillon_demarche', 'definition', '{titre}'],
  ['edition_demarche', 'definition', '{titre}'],
  ['pre_remplissage', 'reponses', '{champs,demandeurNom}'],
  ['ligne_referentiel', 'valeurs', '{nom}'],
] as const

test('no page of a commune shows anything of another, whoever looks', async () => {
  const { a, b, admin } = monde
  assert.ok(tables.length >= 15, tables.join())
  // Behind the program's back, every text of B that is neither a key nor of a fixed list of words becomes a canary.
  await admin.query("set session_replication_role = 'replica'")
  await admin.query(remplir, [b.id])
  let marked = 0
  for (const { t, c, type, isKey } of columns) {
    if (type !== 'text' || isKey || c === 'modele_id' || c === 'empreinte' || c === 'definition') continue
    const { rowCount } = await admin
      .query(`update ${t} set ${c} = $1 where collectivite_id = $2`, [`${CANARI}-${t}-${c}`, b.id])
      .catch(error => (error.code === '23514' ? { rowCount: 0 } : Promise.reject(error)))
    marked += rowCount ?? 0
  }
  const inJson = `update dossier set reponses = jsonb_build_object('champs', jsonb_build_object('responsableNom', '${CANARI}', 'demandeurNom', '${CANARI}'), 'lignes', '{}'::jsonb) where collectivite_id = $1`
  marked += (await admin.query(inJson, [b.id])).rowCount ?? 0
  for (const [t, c, path] of EN_JSON) {
    const { rowCount } = await admin.query(`update ${t} set ${c} = jsonb_set(${c}, $1, to_jsonb($2::text)) where collectivite_id = $3`, [
      path,
      `${CANARI}-${t}`,
      b.id,
    ])
    assert.ok(rowCount, `nothing of B in ${t}`)
  }
  for (const t of ['referentiel', 'ligne_referentiel', 'voie_locale', 'avis', 'pre_remplissage', 'edition_demarche']) {
    const { rows } = await admin.query(`select 1 from ${t} where collectivite_id = $1 and ${t}::text like '%${CANARI}%'`, [b.id])
    assert.ok(rows.length > 0, `no canary in ${t}`)
  }
  await admin.query("set session_replication_role = 'origin'")
  monde.app.cache.invalidate('*')
  assert.ok(marked > 30, `${marked} values marked`)
  // The canary is where it should be: an agent of B reads it on B's own pages.
  const own = await monde.demander({ url: `${b.base}/agent/dossiers`, cookie: monde.agentAilleurs.cookie })
  assert.match(own.body, new RegExp(CANARI))

  const identites = IDENTITES.map(identite => [identite, monde.identites[identite]] as const)
  let visited = 0
  const isForA = (path: string) => path === '/' || path === a.base || path.startsWith(`${a.base}/`) || !path.startsWith(b.base)
  for (const [identite, cookie] of identites) {
    const cible = { dossiers: monde.siens, objets: monde.objets.a, agent: monde.agents.lecteur.id, envoi: monde.envois.a, isKnown: true }
    const foreign = {
      dossiers: monde.ailleurs,
      objets: monde.objets.b,
      agent: monde.agentAilleurs.id,
      envoi: monde.envois.b,
      isKnown: true,
    }
    const start = routes
      .filter(({ method }) => method === 'GET')
      .flatMap(route => [urlDe(route, a.base, cible), urlDe(route, a.base, foreign)])
    const queue = [
      ...start,
      `${a.base}/agent/dossiers?q=${CANARI}`,
      `${a.base}/demarches?q=${CANARI}`,
      `/recherche?q=${CANARI}`,
      `${a.base}/agent/journal?verifier=1`,
    ]
    const seen = new Set(queue)
    for (let url = queue.pop(); url !== undefined; url = queue.pop()) {
      const { body, headers, statusCode } = await monde.demander({ url, cookie })
      visited++
      assert.ok(statusCode < 500, url)
      // « Mes dossiers » of the titulaire names the communes where they have some: states and titles, from the registers.
      const mine = url === `${a.base}/mes-dossiers` && identite === 'titulaire' ? body.replaceAll(/<td[\s\S]*?<\/td>/g, '') : body
      // What they may take away is theirs in every commune, content included: their own dossiers, kept by them.
      const shown = new RegExp(`^${a.base}/mes-dossiers/donnees(\\.html|\\.json)?$`).test(url) && identite === 'titulaire' ? '' : mine
      assert.ok(
        !shown.includes(CANARI) || url.includes(CANARI),
        `${identite} on ${url}: ${shown.slice(shown.indexOf(CANARI) - 200, shown.indexOf(CANARI) + 60)}`,
      )
      const links = [...body.matchAll(/(?:href|action)="(\/[^"#]*)/g)].map(match => match[1]!.replaceAll('&amp;', '&'))
      for (const link of [...links, String(headers.location ?? '')]) {
        if (!link.startsWith('/') || seen.has(link) || seen.size > 160 || !isForA(link.split('?')[0]!)) continue
        seen.add(link)
        queue.push(link)
      }
    }
  }
  assert.ok(visited > 600, `${visited} pages`)
})

test(`${STATEMENTS} statements made by chance in a commune neither read nor touch another's rows (seed ${SEED})`, async () => {
  const { a, b, admin } = monde
  const chance = hasard(SEED)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(chance() * values.length)]!
  const prints = tables.map(
    t =>
      `select '${t}' as t, md5(coalesce(string_agg(x::text, '|' order by x::text), '')) as e from ${t} x where collectivite_id = '${b.id}'`,
  )
  const printOfB = async () => (await admin.query(prints.join(' union all '))).rows
  const before = await printOfB()
  const rowsOfB = new Map<string, number>()
  for (const t of tables)
    rowsOfB.set(t, (await admin.query<{ n: number }>(`select count(*)::int as n from ${t} where collectivite_id = $1`, [b.id])).rows[0]!.n)
  assert.ok([...rowsOfB.values()].filter(n => n > 0).length >= 10, 'B has rows to be seen')
  const client = new pg.Client(clientConfig(monde.database.appConnection))
  await client.connect()
  const outcomes = { rows: 0, none: 0, refused: 0 }
  const isOfB = (row: unknown) => JSON.stringify(row).includes(b.id)
  try {
    for (let n = 0; n < STATEMENTS; n++) {
      const t = pick(tables)
      const c = pick(columns.filter(column => column.t === t)).c
      const other = pick(tables)
      const where = pick([
        '',
        `where collectivite_id = '${b.id}'`,
        `where collectivite_id <> '${a.id}'`,
        'where true or collectivite_id is not null',
        `where x.${c} is not null`,
        `where exists (select 1 from ${other} y where y.collectivite_id = '${b.id}')`,
        `where x.collectivite_id in (select collectivite_id from ${other})`,
      ])
      const statement = pick([
        `select x.* from ${t} x ${where}`,
        `select x.* from ${t} x ${where} order by random() limit 5`,
        `select x.collectivite_id, count(*) from ${t} x ${where} group by 1`,
        `select x.*, y.collectivite_id as autre from ${t} x full join ${other} y on y.collectivite_id <> x.collectivite_id`,
        `with z as (select * from ${t} x ${where}) select * from z union all select * from z`,
        `update ${t} x set ${c} = ${c} ${where} returning x.*`,
        `update ${t} x set collectivite_id = '${b.id}' ${where} returning x.*`,
        `delete from ${t} x ${where} returning x.*`,
        `insert into ${t} select (jsonb_populate_record(x, jsonb_build_object('collectivite_id', '${b.id}'))).* from ${t} x limit 1 returning *`,
        `insert into ${t} select * from ${t} x limit 1 on conflict do nothing returning *`,
        `select x.* from ${t} x ${where} for update`,
        `truncate ${t} cascade`,
        `alter table ${t} disable row level security`,
        `copy ${t} to stdout`,
        `select * from pg_stats where tablename = '${t}' and most_common_vals::text like '%${b.id}%'`,
      ])
      await client.query(`begin; set local parvis.collectivite = '${a.id}'`)
      try {
        const { rows } = await client.query<Record<string, unknown>>(statement)
        assert.deepEqual(rows.filter(isOfB).slice(0, 1), [], statement)
        outcomes[rows.length > 0 ? 'rows' : 'none']++
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) throw error
        outcomes.refused++
      } finally {
        await client.query('rollback')
      }
    }
    // Without a tenant, or with one that is not a UUID, nothing at all.
    for (const t of tables) {
      assert.equal((await client.query(`select * from ${t}`)).rows.length, 0, t)
      await client.query("begin; set local parvis.collectivite = ''")
      assert.equal((await client.query(`select * from ${t}`)).rows.length, 0, t)
      await client.query('rollback')
    }
  } finally {
    await client.end()
  }
  assert.deepEqual(await printOfB(), before)
  console.log(`  seed ${SEED} – ${JSON.stringify(outcomes)}`)
  for (const count of Object.values(outcomes)) assert.ok(count > 150, JSON.stringify(outcomes))
})

test('what is committed in one commune never changes another', async () => {
  const { a, b, admin } = monde
  const count = async () =>
    (await admin.query(`select ${tables.map(t => `(select count(*) from ${t} where collectivite_id = '${b.id}')`).join(' + ')} as n`))
      .rows[0]
  const before = await count()
  for (const t of tables) {
    const work = inTenant(monde.database.app, a.id, tx => sql.raw(`delete from ${t}`).execute(tx))
    await work.catch(error => assert.match(String(error), /permission denied|violates foreign key/))
  }
  assert.deepEqual(await count(), before)
})

test('a person sees their own rows across communes, to read only', async () => {
  const { database, titulaire, autre } = monde
  const mine = await inScope(database.app, { personneId: titulaire.id }, tx =>
    sql<{ usager_id: string }>`select usager_id from dossier_usager`.execute(tx),
  )
  assert.ok(mine.rows.length >= 3)
  assert.deepEqual(new Set(mine.rows.map(row => row.usager_id)), new Set([titulaire.id]))
  const erased = await inScope(database.app, { personneId: autre.id }, tx => sql`delete from dossier_usager`.execute(tx))
  assert.equal(Number(erased.numAffectedRows), 0)
})

test('a connection that comes back to the pool knows no commune any more, after a success, an error, a rollback, a kill', async () => {
  const { a, database } = monde
  const setting = () =>
    database.app.pool.query<{ c: string | null; p: string | null }>(
      "select current_setting('parvis.collectivite', true) as c, current_setting('parvis.personne', true) as p",
    )
  const works: readonly ((tx: Parameters<Parameters<typeof inTenant>[2]>[0]) => Promise<unknown>)[] = [
    tx => sql`select 1`.execute(tx),
    tx => sql`select 1 / 0`.execute(tx),
    tx => sql`select * from nowhere`.execute(tx),
    () => Promise.reject(new Error('the work itself')),
    tx => sql`rollback`.execute(tx),
    tx => sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx),
  ]
  for (let round = 0; round < 3; round++) {
    for (const work of works) {
      await Promise.all(
        Array.from({ length: 12 }, () =>
          inScope(database.app, { collectiviteId: a.id, personneId: monde.titulaire.id }, work).catch(() => {}),
        ),
      )
      const found = await Promise.all(Array.from({ length: 10 }, setting))
      for (const { rows } of found) assert.ok(!rows[0]!.c && !rows[0]!.p, JSON.stringify(rows[0]))
      assert.equal((await database.app.pool.query('select * from dossier')).rows.length, 0)
    }
  }
})

test('what a failed work leaves behind it never reaches the transaction that has the connection next', async () => {
  const { a, b, database } = monde
  const late: Promise<unknown>[] = []
  const seen: unknown[] = []
  for (let round = 0; round < 20; round++) {
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    await inTenant(database.app, a.id, async tx => {
      // One branch fails, its sister goes on by itself: Promise.all does not wait for it.
      await Promise.all([
        sql`select 1 / 0`.execute(tx),
        late[late.push(gate.then(() => sql`select collectivite_id from dossier`.execute(tx))) - 1]!.then(result => seen.push(result)),
      ])
    }).catch(() => {})
    // Every connection of the pool now works for another commune.
    const others = Array.from({ length: 10 }, () => inTenant(database.app, b.id, tx => sql`select pg_sleep(0.01)`.execute(tx)))
    go()
    await Promise.all(others)
  }
  const outcomes = await Promise.allSettled(late)
  assert.deepEqual(seen, [])
  assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 20)
})

test('a scope that is not a UUID opens nothing', async () => {
  for (const bad of ["x'; drop table dossier; --", '', '01A20093-3C5A-713A-A096-9C59D7819CE8', `${monde.a.id} `, `${monde.a.id}'`])
    await assert.rejects(
      inTenant(monde.database.app, bad, tx => sql`select 1`.execute(tx)),
      TypeError,
    )
})
