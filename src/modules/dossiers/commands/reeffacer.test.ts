import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { verifyJournal } from '../../../platform/audit/journal.ts'
import { forgetErasures, KEPT_DAYS } from '../../../platform/backup/erasures.ts'
import { inScope, inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { newId } from '../../../platform/ids.ts'
import { ok } from '../../../platform/refusal.ts'
import { tombes } from '../queries/tombes.ts'
import { ouvrirMairie } from '../testing.ts'
import { effacerCompte } from './effacer-compte.ts'
import { purger } from './purger.ts'
import { reeffacer, reeffacerComptes } from './reeffacer.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, clock, collectivite } = mairie
const { id: ici } = collectivite
const dans = <T>(work: Parameters<typeof inTenant<T>>[2]) => inTenant(app.db, ici, work)
const notes = async () =>
  (
    await dans(tx =>
      sql<{ cle: string }>`select nature || ' ' || objet_id as cle from effacement where collectivite_id = ${ici}`.execute(tx),
    )
  ).rows.map(({ cle }) => cle)

test('whatever erases a dossier, a file, a message or an account leaves its number, and nothing else', async () => {
  const id = await mairie.deposerUn()
  const { rows: envois } = await dans(tx =>
    sql<{ id: string }>`insert into envoi (collectivite_id, id, dossier_id, canal, destinataire, sujet, texte, html, etat, cree_le)
      values (${ici}, ${newId()}, ${id}, 'courriel', 'a@b.example', 's', 't', 'h', 'remis', now()) returning id`.execute(tx),
  )
  await mairie.agir(id, async cas => ok(await purger(cas, 'demande')))
  assert.deepEqual((await notes()).sort(), [`dossier ${id}`, `envoi ${envois[0]!.id}`].sort())
  const compte = newId()
  await sql`insert into usager (id, courriel, cree_le, vu_le) values (${compte}, 'c@d.example', now(), now())`.execute(
    database.owner.kysely,
  )
  await effacerCompte(app, compte, 'usager')
  const { rows } = await sql<{ usager_id: string }>`select usager_id from compte_efface`.execute(database.owner.kysely)
  assert.deepEqual(rows, [{ usager_id: compte }])
})

test('an opinion outlives the dossier it was about, and no longer names it', async () => {
  const id = await mairie.deposerUn()
  await dans(tx =>
    sql`insert into avis (collectivite_id, id, demarche_id, dossier_id, moment, note, le)
      select collectivite_id, ${newId()}, demarche_id, id, 'depot', 4, '2026-11-22' from dossier where collectivite_id = ${ici} and id = ${id}`.execute(
      tx,
    ),
  )
  await mairie.agir(id, async cas => ok(await purger(cas, 'demande')))
  const { rows } = await dans(tx => sql`select dossier_id, note from avis where collectivite_id = ${ici}`.execute(tx))
  assert.deepEqual(rows, [{ dossier_id: null, note: 4 }])
})

test('erased again after a restore: the dossier goes, its tombstone comes back, the journal tells it and holds', async () => {
  const [gone, kept] = [await mairie.deposerUn(), await mairie.deposerUn()]
  const tombe = {
    collectivite_id: ici,
    dossier_id: gone,
    demarche_id: 'restauration-scolaire',
    depose_le: null,
    decide_le: null,
    efface_le: clock.now(),
    cause: 'demande',
    sort: 'detruire',
    empreinte: 'x',
    chiffres: null,
    sequence: 999_999,
  }
  const efface = {
    dossiers: [gone, newId()],
    fichiers: [newId()],
    envois: [],
    tombes: [tombe, { ...tombe, dossier_id: newId(), collectivite_id: newId() }],
  }
  assert.equal(await dans(tx => reeffacer(tx, ici, efface, clock.now())), 1)
  assert.equal(await dans(tx => reeffacer(tx, ici, efface, clock.now())), 0, 'twice is once')
  const { rows } = await dans(tx => sql<{ id: string }>`select id from dossier where collectivite_id = ${ici}`.execute(tx))
  assert.deepEqual(rows, [{ id: kept }])
  const back = (await dans(tx => tombes(tx, ici))).get(gone) as { sequence: number }
  const told = await dans(tx =>
    sql<{
      rang: number
    }>`select rang from journal where collectivite_id = ${ici} and action = 'dossier.effacer' and objet = ${`dossier:${gone}`}`.execute(tx),
  )
  assert.deepEqual(told.rows, [{ rang: back.sequence }], 'its place is in this journal, for who reads the changes')
  assert.equal((await verifyJournal(app.db, ici)).isIntact, true)
})

test('an account erased again leaves its dossiers, and no link to it', async () => {
  const [compte, dossier] = [newId(), await mairie.deposerUn()]
  await inTenant(database.owner, ici, async tx => {
    await sql`insert into usager (id, courriel, cree_le, vu_le) values (${compte}, 'e@f.example', now(), now())`.execute(tx)
    await sql`update dossier set usager_id = ${compte} where id = ${dossier}`.execute(tx)
    await sql`insert into dossier_usager (collectivite_id, usager_id, dossier_id, ajoute_le) values (${ici}, ${compte}, ${dossier}, now())`.execute(
      tx,
    )
    await reeffacerComptes(tx, [compte])
    const { rows } = await sql<{ usager_id: string | null }>`select usager_id from dossier where id = ${dossier}`.execute(tx)
    assert.deepEqual(rows, [{ usager_id: null }])
    assert.equal((await sql`select 1 from usager where id = ${compte}`.execute(tx)).rows.length, 0)
  })
})

test('what was erased is remembered for thirteen months, then forgotten', async () => {
  const later = (days: number) => new Date(Date.parse('2026-11-22T00:00:00Z') + days * 86_400_000)
  await sql`update compte_efface set le = ${later(0)}`.execute(database.owner.kysely)
  await inTenant(database.owner, ici, tx => sql`update effacement set le = ${later(0)} where collectivite_id = ${ici}`.execute(tx))
  const forget = async (days: number) => {
    await dans(tx => forgetErasures(tx, ici, later(days)))
    await inScope(app.db, {}, tx => forgetErasures(tx, undefined, later(days)))
    const { rows } = await sql`select 1 from compte_efface`.execute(database.owner.kysely)
    return { notes: (await notes()).length, comptes: rows.length }
  }
  const before = await forget(KEPT_DAYS - 1)
  assert.ok(before.notes > 0 && before.comptes > 0)
  assert.deepEqual(await forget(KEPT_DAYS + 1), { notes: 0, comptes: 0 })
})
