import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { routes } from '../../src/main.ts'
import { clientConfig, inScope, inTenant } from '../../src/platform/db/open.ts'
import { combien, noterPreuve } from '../builders/preuves.ts'
import { hasard } from './hostile.ts'
import { colonnesDesLocataires, marquer, textesDe } from './marquer.ts'
import { ouvrirMonde } from './monde.ts'
import { ciblesDe, urlDe } from './routes.ts'

const monde = await ouvrirMonde()
const SEED = Number(process.env.GRAINE ?? 20261122)
// Links followed by each identity, beyond the registry's own addresses.
const LIENS = combien(420, 1500)
const STATEMENTS = 10_000

const columns = await colonnesDesLocataires(monde.admin)
const tables = [...new Set(columns.map(({ t }) => t))]

// The last two letters are in no text of ours: a PDF that writes them has them in the map of its fonts.
const CANARI = 'CANARIZQXĦŊ'
/** Whether a text says something of B: what was marked there, or the bytes of its files. */
const trahit = (text: string) =>
  text.includes('CANARIZQX') || (text.includes('Ħ') && text.includes('Ŋ')) || text.includes(`plan ${monde.b.chemin}`)

// Fixed words, prints and names of things of ours, that a page reads as such: marked, they would only break it.
const MOTS = /^(modele_id|empreinte|definition|service|demarche_id|type|objet|nature|action|usage|cle_maitresse)$/

/** Columns where no canary can be: a list of words that the database checks, or the place of an answer already given. */
const SANS_TEXTE = new Set([
  ...[
    'correction.motif',
    'delegation.roles',
    'demande_avis.reponse',
    'dossier.canal',
    'dossier.etat',
    'envoi.canal',
    'envoi.etat',
    'etiquette.ton',
  ],
  ...['evenement.auteur_nature', 'fichier.etat', 'lot.acte', 'lot_dossier.etat', 'message.auteur_nature', 'reglage.couleur', 'tombe.cause'],
  ...['tombe.sort', 'cle_idempotence.emplacement'],
])

test('no page, export, document, message nor line of the log of a commune says anything of another, whoever looks', async () => {
  const { a, b, admin } = monde
  assert.ok(tables.length >= 30, tables.join())
  const { faites, sans } = await marquer(
    admin,
    b.id,
    (t, c) => (c === 'nom' && t === 'fichier' ? `${CANARI}.pdf` : `${CANARI}-${t}-${c}`),
    (_, c) => MOTS.test(c),
  )
  monde.app.cache.invalidate('*')
  assert.deepEqual(
    sans.filter(column => !SANS_TEXTE.has(column)),
    [],
    'columns without a canary',
  )
  assert.ok(faites.length > 60, faites.join())
  // The canary is where it should be, and seen in each kind of answer: an agent of B reads it on B's own pages.
  const { cookie } = monde.agentAilleurs
  for (const path of [
    'dossiers',
    `dossiers/${monde.ailleurs.depose.id}/archive`,
    `dossiers/${monde.ailleurs.depose.id}/acceptation/document`,
  ]) {
    const own = await monde.demander({ url: `${b.base}/agent/${path}`, cookie })
    assert.ok(trahit(textesDe(own.rawPayload)), `${path}: ${own.statusCode} ${own.headers['content-type']}`)
  }
  const linesBefore = monde.journaux.length
  let visited = 0
  for (const [identite, cookie] of [...Object.entries(monde.identites), ['programme', '']] as const)
    visited += await parcourir(identite, cookie)
  assert.ok(visited > 600, `${visited} pages`)
  // Nothing of B was copied into the rows of A, nor into what belongs to nobody; the shared catalogue is B's to spread.
  const rest = await admin.query<{ t: string }>(
    "select relname as t from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
  )
  for (const { t } of rest.rows) {
    const isTenant = tables.includes(t)
    const { rows } = await admin.query(
      `select 1 from ${t} x where x::text like '%CANARIZQX%'${isTenant ? ' and collectivite_id = $1' : ''}`,
      isTenant ? [a.id] : [],
    )
    assert.equal(rows.length, 0, `the canary is in ${t}`)
  }
  assert.deepEqual(monde.journaux.slice(linesBefore).filter(trahit), [])
  noterPreuve({
    machine: 'canaris',
    titre: 'Chercher partout chez une commune un mot caché dans chaque texte et chaque fichier d’une autre',
    mesures: [
      { nom: 'colonnes de texte marquées', valeur: `${faites.length}`, cible: 'toutes celles qui ont un texte', tenue: true },
      { nom: 'réponses lues (pages, exports, PDF, archives)', valeur: `${visited}`, cible: '600 au moins', tenue: true },
      { nom: 'mots retrouvés, dans les réponses, les lignes de la base et le journal technique', valeur: '0', cible: '0', tenue: true },
    ],
  })
})

/** Walks through A as one identity: every GET of the registry towards A's and B's things, then the links found. Gives how many answers were read. */
async function parcourir(identite: string, cookie: string): Promise<number> {
  const { a, b } = monde
  const cibles = ciblesDe(monde)
  const headers = identite === 'programme' ? { authorization: `Bearer ${monde.objets.a.porteur}` } : {}
  const isForA = (path: string) => path === '/' || path === a.base || path.startsWith(`${a.base}/`) || !path.startsWith(b.base)
  const queue = [
    ...routes
      .filter(({ method }) => method === 'GET')
      .flatMap(route => [cibles.siens, cibles.ailleurs].map(cible => urlDe(route, a.base, cible))),
    ...[
      `${a.base}/agent/dossiers?q=CANARIZQX`,
      `${a.base}/demarches?q=CANARIZQX`,
      '/recherche?q=CANARIZQX',
      `${a.base}/agent/journal?verifier=1`,
    ],
  ]
  const seen = new Set(queue)
  let visited = 0
  for (let url = queue.pop(); url !== undefined; url = queue.pop()) {
    const { body, headers: given, statusCode, rawPayload } = await monde.demander({ url, cookie, headers })
    visited++
    assert.ok(statusCode < 500, url)
    const shown = siensAilleurs(identite, url, textesDe(rawPayload))
    assert.ok(
      !trahit(shown) || url.includes('CANARIZQX'),
      `${identite} on ${url}: ${shown.slice(Math.max(0, shown.indexOf('CANARIZQX') - 200)).slice(0, 300)}`,
    )
    const links = [...body.matchAll(/(?:href|action)="(\/[^"#]*)/g)].map(match => match[1]!.replaceAll('&amp;', '&'))
    for (const link of [...links, String(given.location ?? '')]) {
      if (!link.startsWith('/') || seen.has(link) || seen.size > LIENS || !isForA(link.split('?')[0]!)) continue
      seen.add(link)
      queue.push(link)
    }
  }
  return visited
}

/**
 * What an answer shows, without what the titulaire has in B: « mes dossiers » names it, and what they may take away holds it, in whichever
 * collectivité of the territory they look.
 */
function siensAilleurs(identite: string, url: string, text: string): string {
  if (identite !== 'titulaire') return text
  if (/^\/[\w-]+\/mes-dossiers$/.test(url)) return text.replaceAll(/<td[\s\S]*?<\/td>/g, '')
  return /^\/[\w-]+\/mes-dossiers\/donnees(\.html|\.json)?$/.test(url) ? '' : text
}

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
        `set local role parvis_proprietaire; select x.* from ${t} x ${where}`,
        `select journaliser('${b.id}', now(), 'x', 'x', 'x', 'x')`,
        `do $$ begin perform set_config('row_security', 'off', true); end $$; select x.* from ${t} x ${where}`,
        `create function lire() returns setof ${t} language sql security definer as 'select * from ${t}'`,
        `create view vue_de_tous as select * from ${t}`,
        `merge into ${t} x using ${other} y on y.collectivite_id <> x.collectivite_id when matched then delete`,
        `lock table ${t} in access exclusive mode`,
        `select lo_import('/etc/passwd')`,
        `select pg_read_file('/etc/passwd')`,
        `select * from pg_stats where tablename = '${t}' and most_common_vals::text like '%${b.id}%'`,
      ])
      await client.query(`begin; set local parvis.collectivite = '${a.id}'`)
      try {
        const answers = [await client.query<Record<string, unknown>>(statement)].flat()
        const rows = answers.flatMap(answer => answer.rows)
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
  noterPreuve({
    machine: 'ordres',
    titre: 'Ordres SQL tirés au sort, sous le rôle de l’application, dans une commune',
    mesures: [
      { nom: `ordres (graine ${SEED})`, valeur: `${STATEMENTS}`, cible: '10 000', tenue: STATEMENTS >= 10_000 },
      { nom: 'lignes d’une autre commune lues ou changées', valeur: '0', cible: '0', tenue: true },
    ],
  })
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
