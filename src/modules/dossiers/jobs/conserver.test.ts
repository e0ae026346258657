import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inScope, inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { storeGenerated } from '../../../platform/files/index.ts'
import { newId } from '../../../platform/ids.ts'
import { demarche } from '../../demarches/index.ts'
import { aucuneReponse } from '../../formulaires/index.ts'
import { ouvrirBrouillon } from '../commands/brouillon.ts'
import { cacher, geler, noterRemise, restaurer } from '../commands/cacher.ts'
import { decider, ecrire, prendreEnInstruction, rouvrir } from '../commands/instruire.ts'
import { ouvrirMairie, usager } from '../testing.ts'
import { conserver } from './conserver.ts'
import { menage } from './menage.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, clock, collectivite } = mairie
const START = '2026-11-21T09:30:00Z'
const nuit = (day: string) => {
  clock.set(`${day}T02:40:00Z`)
  return conserver(app, {})
}
/** Runs every night from a day to another, both included. */
async function nuits(du: string, au: string): Promise<void> {
  for (let day = new Date(`${du}T02:40:00Z`); day <= new Date(`${au}T02:40:00Z`); day = new Date(day.getTime() + 86_400_000)) {
    clock.set(day.toISOString())
    await conserver(app, {})
  }
}

const lire = <Row>(query: ReturnType<typeof sql<Row>>) => inTenant(app.db, collectivite.id, async tx => (await query.execute(tx)).rows)
const etats = () =>
  lire(
    sql<{
      id: string
      cache: boolean
    }>`select id, cache_le is not null as cache from dossier where collectivite_id = ${collectivite.id} order by id`,
  )
const envoisVers = async () =>
  (await lire(sql<{ sujet: string }>`select sujet from envoi where collectivite_id = ${collectivite.id} order by cree_le, id`)).map(
    ({ sujet }) => sujet,
  )
const tombes = () =>
  lire(sql<{
    dossier_id: string
    cause: string
    sort: string
    demarche_id: string
    empreinte: string
    chiffres: unknown
  }>`select dossier_id, cause, sort, demarche_id, empreinte, chiffres
    from tombe where collectivite_id = ${collectivite.id} order by efface_le, dossier_id`)

async function accepte(demarcheId?: string): Promise<string> {
  const id = await mairie.deposerUn(demarcheId)
  await mairie.agir(id, prendreEnInstruction)
  assert.ok((await mairie.agir(id, cas => decider(cas, 'accepter', ''))).ok)
  return id
}

/** Another duration and fate than those of the template, for the dossiers of a démarche. */
async function declarer(demarcheId: string, more: Record<string, unknown>): Promise<void> {
  const found = await inTenant(app.db, collectivite.id, tx => demarche(tx, collectivite.id, demarcheId))
  const empreinte = newId()
  await sql`insert into definition_demarche (empreinte, definition) values (${empreinte}, ${JSON.stringify({ ...found!.modele, ...more })})`.execute(
    database.owner.kysely,
  )
  await inTenant(database.owner, collectivite.id, async tx => {
    await sql`update demarche set empreinte = ${empreinte} where collectivite_id = ${collectivite.id} and id = ${demarcheId}`.execute(tx)
  })
}
await declarer('restauration-scolaire', { conservationMois: 12 })

async function vider(): Promise<void> {
  clock.set(START)
  await inTenant(database.owner, collectivite.id, async tx => {
    await sql`delete from dossier where collectivite_id = ${collectivite.id}`.execute(tx)
    await sql`delete from tombe where collectivite_id = ${collectivite.id}`.execute(tx)
    await sql`delete from envoi where collectivite_id = ${collectivite.id}`.execute(tx)
    await sql`delete from retenue where collectivite_id = ${collectivite.id}`.execute(tx)
  })
}

test('a decided dossier: told two weeks before, hidden at the end, erased two weeks later with all that hangs from it, and a tombstone stays', async () => {
  await vider()
  const id = await accepte()
  await mairie.agir(id, cas => ecrire(cas, 'Bonjour, voici votre carte.'))
  const fichierId = await inTenant(app.db, collectivite.id, async tx => {
    const file = await storeGenerated(app.files, tx, {
      collectiviteId: collectivite.id,
      name: 'joint.pdf',
      type: 'application/pdf',
      bytes: Buffer.from('octets'),
    })
    await sql`update message set pieces = ${JSON.stringify([{ id: file, nom: 'joint.pdf', tailleOctets: 6 }])} where collectivite_id = ${collectivite.id} and dossier_id = ${id}`.execute(
      tx,
    )
    return file
  })
  await nuits('2027-10-01', '2027-11-06')
  assert.deepEqual(await envoisVers(), [])
  await nuit('2027-11-07')
  assert.match((await envoisVers())[0]!, /^Votre dossier arrive à la fin de sa durée/)
  await nuits('2027-11-08', '2027-11-20')
  assert.deepEqual(await etats(), [{ id, cache: false }])
  await nuit('2027-11-21')
  assert.deepEqual(await etats(), [{ id, cache: true }])
  assert.equal((await envoisVers()).length, 1, 'told once')
  await nuits('2027-11-22', '2027-12-04')
  assert.deepEqual(await etats(), [{ id, cache: true }])
  await nuit('2027-12-05')
  assert.deepEqual(await etats(), [])
  const [tombe] = await tombes()
  assert.deepEqual(
    [tombe!.dossier_id, tombe!.cause, tombe!.sort, tombe!.demarche_id, tombe!.chiffres],
    [id, 'conservation', 'detruire', 'restauration-scolaire', null],
  )
  assert.match(tombe!.empreinte, /^[0-9a-f]{64}$/)
  for (const [table, column] of [
    ['evenement', 'dossier_id'],
    ['message', 'dossier_id'],
    ['document', 'dossier_id'],
    ['terme', 'dossier_id'],
    ['indexation', 'dossier_id'],
    ['envoi', 'dossier_id'],
  ] as const)
    assert.deepEqual(
      await lire(sql`select 1 from ${sql.table(table)} where collectivite_id = ${collectivite.id} and ${sql.ref(column)} = ${id}`),
      [],
      table,
    )
  assert.deepEqual(
    await lire(sql`select 1 from fichier where collectivite_id = ${collectivite.id} and id = ${fichierId}`),
    [],
    'the key of its file is gone',
  )
  const [entry] = await lire(
    sql<{
      acteur: string
    }>`select acteur from journal where collectivite_id = ${collectivite.id} and action = 'dossier.effacer' and objet = ${`dossier:${id}`}`,
  )
  assert.equal(entry?.acteur, 'systeme')
})

test('an undecided dossier is still there ten years later; a dossier opened again is no longer erased, even hidden from a date of before', async () => {
  await vider()
  const undecided = await mairie.deposerUn()
  const taken = await mairie.deposerUn()
  await mairie.agir(taken, prendreEnInstruction)
  const reopened = await accepte()
  await nuit('2027-11-07')
  assert.equal((await envoisVers()).length, 1)
  assert.ok((await mairie.agir(reopened, cas => rouvrir(cas, 'Erreur de notre part'))).ok)
  for (let year = 2027; year < 2037; year++) for (const day of ['01-10', '04-30', '09-15']) await nuit(`${year}-${day}`)
  assert.deepEqual(
    (await etats()).map(({ cache }) => cache),
    [false, false, false],
  )
  assert.deepEqual((await etats()).map(({ id }) => id).sort(), [undecided, taken, reopened].sort())
})

test('a draft: three months without activity, told, hidden, erased; coming back starts again', async () => {
  await vider()
  const offre = (await inTenant(app.db, collectivite.id, tx => demarche(tx, collectivite.id, 'restauration-scolaire')))!
  const reponses = { ...aucuneReponse, champs: { [offre.modele.demandeur.courriel]: 'gael.fictif@parvis.example' } }
  const { id } = await inTenant(app.db, collectivite.id, tx => ouvrirBrouillon(app, tx, collectivite.id, offre, reponses, usager))
  await nuits('2027-02-01', '2027-02-21')
  assert.match((await envoisVers())[0]!, /^Votre demande commencée va être effacée/)
  assert.deepEqual(await etats(), [{ id, cache: true }])
  await nuits('2027-02-22', '2027-03-06')
  assert.deepEqual(await etats(), [{ id, cache: true }])
  await nuit('2027-03-07')
  assert.deepEqual(await etats(), [])
  assert.deepEqual(
    (await tombes()).map(({ cause, chiffres }) => [cause, chiffres]),
    [['abandon', { etape: '' }]],
  )
})

test('suspended: neither hidden nor erased; brought back from the bin: told again, not hidden the same night', async () => {
  await vider()
  const kept = await accepte()
  const back = await accepte()
  assert.ok((await mairie.agir(kept, cas => geler(cas, 'Recours au tribunal'))).ok)
  assert.deepEqual(await mairie.agir(kept, cas => geler(cas, ' ')).then(r => r.ok), false)
  await nuits('2027-11-01', '2027-11-25')
  assert.deepEqual(Object.fromEntries((await etats()).map(({ id, cache }) => [id, cache])), { [kept]: false, [back]: true })
  assert.ok((await mairie.agir(back, restaurer)).ok)
  assert.equal((await mairie.agir(back, restaurer)).ok, false, 'once')
  await nuit('2027-11-26')
  assert.deepEqual(
    (await etats()).map(({ cache }) => cache),
    [false, false],
  )
  assert.equal((await envoisVers()).length, 2, 'told a second time')
  await nuits('2027-11-27', '2027-12-10')
  assert.deepEqual(Object.fromEntries((await etats()).map(({ id, cache }) => [id, cache])), { [kept]: false, [back]: true })
})

test('archives: hidden, then it waits for an agent to say that they have it; anonymised: only counts stay', async () => {
  await vider()
  await declarer('acte-etat-civil', { conservationMois: 6, sortFinal: 'archiver' })
  await declarer('signalement-voirie', { conservationMois: 6, sortFinal: 'anonymiser' })
  const archived = await accepte('acte-etat-civil')
  const counted = await accepte('signalement-voirie')
  await nuits('2027-05-01', '2027-08-01')
  assert.deepEqual(await etats(), [{ id: archived, cache: true }])
  assert.deepEqual(
    (await tombes()).map(({ dossier_id, sort, chiffres }) => [dossier_id, sort, chiffres]),
    [[counted, 'anonymiser', { canal: 'web', issue: 'accepte', silence: false, corrections: 0 }]],
  )
  assert.ok((await mairie.agir(archived, noterRemise)).ok)
  await nuit('2027-08-02')
  assert.deepEqual(await etats(), [])
})

test('put in the bin by a person: erased two weeks later; one in instruction cannot be', async () => {
  await vider()
  const mine = await mairie.deposerUn()
  const taken = await mairie.deposerUn()
  await mairie.agir(taken, prendreEnInstruction)
  assert.ok((await mairie.agir(mine, cas => cacher(cas, 'Demande retirée'), usager)).ok)
  assert.equal((await mairie.agir(taken, cas => cacher(cas, 'Demande retirée'), usager)).ok, false)
  await nuit('2026-12-04')
  assert.equal((await etats()).length, 2)
  await nuit('2026-12-05')
  assert.deepEqual(
    (await etats()).map(({ id }) => id),
    [taken],
  )
  assert.deepEqual(
    (await tombes()).map(({ cause }) => cause),
    ['demande'],
  )
})

test('more than a tenth, and twenty: nothing is erased before an administrator says so, and their word covers what they were asked', async () => {
  await vider()
  const ids: string[] = []
  for (let n = 0; n < 21; n++) ids.push(await accepte())
  await nuit('2027-11-07')
  await nuit('2027-11-21')
  await nuit('2027-12-05')
  assert.equal((await etats()).length, 21)
  const [held] = await lire(
    sql<{ id: string; nombre: number; total: number }>`select id, nombre, total from retenue where collectivite_id = ${collectivite.id}`,
  )
  assert.deepEqual([held!.nombre, held!.total], [21, 21])
  await nuit('2027-12-06')
  assert.equal((await etats()).length, 21, 'asked once, still waiting')
  await inTenant(app.db, collectivite.id, async tx => {
    await sql`update retenue set confirmee_le = ${app.clock.now()}, confirmee_par = ${mairie.agents[0]} where collectivite_id = ${collectivite.id}`.execute(
      tx,
    )
  })
  await nuit('2027-12-06')
  assert.equal((await etats()).length, 0)
  assert.equal((await tombes()).length, 21)
})

test('interrupted, it goes on; run twice at once, each dossier is erased once', async () => {
  await vider()
  const id = await accepte()
  await nuit('2027-11-07')
  await nuit('2027-11-21')
  clock.set('2027-12-05T02:40:00Z')
  await Promise.all([conserver(app, {}), conserver(app, {}), conserver(app, { collectiviteId: collectivite.id })])
  assert.deepEqual(
    (await tombes()).map(({ dossier_id }) => dossier_id),
    [id],
  )
})

test('an account that nobody opens for two years is told, then erased; its dossiers stay', async () => {
  await vider()
  const id = await mairie.deposerUn()
  const [account, alone] = [newId(), newId()]
  await inScope(app.db, {}, async tx => {
    for (const [key, courriel] of [
      [account, 'noe.fictif@parvis.example'],
      [alone, 'lou.fictif@parvis.example'],
    ] as const)
      await sql`insert into usager (id, courriel, cree_le, vu_le) values (${key}, ${courriel}, ${clock.now()}, ${clock.now()})`.execute(tx)
  })
  await inTenant(app.db, collectivite.id, async tx => {
    await sql`insert into dossier_usager (collectivite_id, usager_id, dossier_id, ajoute_le) values (${collectivite.id}, ${account}, ${id}, ${clock.now()})`.execute(
      tx,
    )
  })
  const accounts = async () =>
    (await sql<{ id: string }>`select id from usager order by courriel`.execute(app.db.kysely)).rows.map(row => row.id)
  clock.set('2028-11-08T02:20:00Z')
  await menage(app, {})
  assert.match((await envoisVers())[0]!, /^Votre accès à «.mes dossiers.» va être effacé/)
  clock.set('2028-11-21T12:00:00Z')
  await menage(app, {})
  assert.deepEqual(await accounts(), [account], 'told less than two weeks ago')
  clock.set('2028-11-23T02:20:00Z')
  await menage(app, {})
  assert.deepEqual(await accounts(), [])
  assert.equal((await etats()).length, 1)
})
