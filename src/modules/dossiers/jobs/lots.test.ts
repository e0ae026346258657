import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { DatabaseUnavailable, inTenant, type Tx } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { openFile } from '../../../platform/files/index.ts'
import type { Portee } from '../../../platform/http/route.ts'
import { newId } from '../../../platform/ids.ts'
import type { Result } from '../../../platform/refusal.ts'
import { demanderExport } from '../commands/export.ts'
import { prendreEnInstruction } from '../commands/instruire.ts'
import { arreterLot, type Demandeur, defaireLot, lancerLot, preparerLot } from '../commands/lot.ts'
import type { FormatDExport } from '../exports/format.ts'
import type { ActeDeLot, Parametres } from '../lots/actes.ts'
import { lecturesDuDossier } from '../queries/lectures.ts'
import { avancement, dossiersDuLot, lotParId } from '../queries/lots.ts'
import { TOUT } from '../recherche/choix.ts'
import { ouvrirMairie } from '../testing.ts'
import { effacerFichierDeLot } from './fichier-de-lot.ts'
import { traiterLot } from './traiter-lot.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, agents, deposerUn, agir, clock } = mairie
const ici = collectivite.id
const ENTIERE: Portee = { sauf: [], seulement: null }
const TOUTES = new Set(['dossiers.lire', 'dossiers.instruire', 'dossiers.decider'])
await inTenant(app.db, ici, tx =>
  sql`insert into habilitation (collectivite_id, agent_id, role, accordee_le) values (${ici}, ${agents[0]}, 'decideur', now())`.execute(tx),
)

const dans = <T>(work: (qui: Demandeur) => Promise<T>, permissions = TOUTES, portee = ENTIERE): Promise<T> =>
  inTenant(app.db, ici, tx => work({ app, tx, collectiviteId: ici, agent: { id: agents[0], permissions, portee } }))
const valeur = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.refusal.code)
  return result.value
}
const unLot = async (acte: ActeDeLot, ids: readonly string[], parametres: Parametres = {}): Promise<string> =>
  dans(async qui => {
    const id = valeur(
      await preparerLot(
        qui,
        acte,
        ids.map(one => ({ id: one })),
      ),
    )
    const lot = (await lotParId(qui.tx, ici, id))!
    valeur(await lancerLot(qui, { ...lot, acte }, parametres))
    return id
  })
const travailler = (lotId: string, stopping?: AbortSignal) => traiterLot(app, { collectiviteId: ici, lotId }, stopping)
const lire = <T>(work: (tx: Tx) => Promise<T>) => inTenant(app.db, ici, work)
const compte = (lotId: string) => lire(tx => avancement(tx, ici, lotId))
const lot = async (id: string) => (await lire(tx => lotParId(tx, ici, id)))!
const etats = async (ids: readonly string[]) => {
  const { rows } = await lire(tx =>
    sql<{
      id: string
      etat: string
    }>`select id, etat from dossier where collectivite_id = ${ici} and id = any(${[...ids]}::uuid[])`.execute(tx),
  )
  return ids.map(id => rows.find(row => row.id === id)?.etat)
}
const evenements = async (id: string, nature: string) =>
  (await lire(tx => sql`select 1 from evenement where collectivite_id = ${ici} and dossier_id = ${id} and nature = ${nature}`.execute(tx)))
    .rows.length
const plusieurs = (count: number) => Promise.all(Array.from({ length: count }, () => deposerUn()))

test('a batch does each dossier once; what cannot be done is told one by one, and changes nothing', async () => {
  const ids = await plusieurs(4)
  // Taken by somebody already; changed after it was chosen.
  await agir(ids[1]!, prendreEnInstruction)
  const lotId = await dans(async qui => {
    const id = valeur(
      await preparerLot(
        qui,
        'prendre',
        ids.map(one => ({ id: one })),
      ),
    )
    valeur(await lancerLot(qui, { ...(await lotParId(qui.tx, ici, id))!, acte: 'prendre' }, {}))
    return id
  })
  await lire(tx => sql`update dossier set version = version + 1 where collectivite_id = ${ici} and id = ${ids[2]!}`.execute(tx))
  await travailler(lotId)
  assert.deepEqual(await compte(lotId), { attente: 0, fait: 2, refuse: 2 })
  assert.deepEqual(await etats(ids), ['en_instruction', 'en_instruction', 'en_construction', 'en_instruction'])
  const refused = await lire(tx => dossiersDuLot(tx, ici, lotId, 'refuse'))
  assert.match(refused.find(({ id }) => id === ids[2])!.motif!, /a changé depuis/)
  assert.match(refused.find(({ id }) => id === ids[1])!.motif!, /a changé/)
  assert.ok((await lot(lotId)).fini_le)
  // The job once more: nothing.
  await travailler(lotId)
  assert.equal(await evenements(ids[0]!, 'prendre_en_instruction'), 1)
})

test('killed midway and run again, twice at once, each dossier is done once', async () => {
  const ids = await plusieurs(12)
  const lotId = await unLot('prendre', ids)
  let statements = 0
  // The database goes away in the middle of a dossier.
  const cut = Object.create(app.db, {
    transactions: {
      get() {
        if (++statements > 9) throw new DatabaseUnavailable('coupée')
        return app.db.transactions
      },
    },
  })
  await assert.rejects(traiterLot(Object.create(app, { db: { value: cut } }), { collectiviteId: ici, lotId }), /coupée/)
  const midway = await compte(lotId)
  assert.ok(midway.fait > 0 && midway.attente > 0 && midway.refuse === 0, JSON.stringify(midway))
  await Promise.all([travailler(lotId), travailler(lotId)])
  assert.deepEqual(await compte(lotId), { attente: 0, fait: 12, refuse: 0 })
  for (const id of ids) assert.equal(await evenements(id, 'prendre_en_instruction'), 1)
})

test('the program closing, the batch stops between dossiers and is put back to work', async () => {
  const ids = await plusieurs(22)
  const lotId = await unLot('prendre', ids)
  await travailler(lotId, AbortSignal.abort())
  const midway = await compte(lotId)
  assert.ok(midway.attente > 0 && midway.fait > 0)
  await travailler(lotId)
  assert.equal((await compte(lotId)).fait, 22)
})

test('stopped: what waits is not done, and an ended batch is not stopped again', async () => {
  const ids = await plusieurs(3)
  const lotId = await unLot('prendre', ids)
  await dans(async qui => valeur(await arreterLot(qui, await lot(lotId))))
  await travailler(lotId)
  assert.deepEqual(await compte(lotId), { attente: 3, fait: 0, refuse: 0 })
  const again = await dans(async qui => arreterLot(qui, await lot(lotId)))
  assert.equal(!again.ok && again.refusal.code, 'lot_fini')
})

test('attribution, service and bin are undone as they were, but for what changed since; once', async () => {
  const ids = await plusieurs(3)
  const seen = async () =>
    (
      await lire(tx =>
        sql<{
          agent_id: string | null
          service: string
          cache: boolean
        }>`select agent_id, service, cache_le is not null as cache from dossier
          where collectivite_id = ${ici} and id = any(${ids}::uuid[]) order by id`.execute(tx),
      )
    ).rows
  const before = await seen()
  const steps: [ActeDeLot, Parametres][] = [
    ['attribuer', { agent: agents[1] }],
    ['cacher', { motif: 'En double' }],
  ]
  for (const [acte, parametres] of steps) {
    const lotId = await unLot(acte, ids, parametres)
    await travailler(lotId)
    assert.equal((await compte(lotId)).fait, 3, acte)
    assert.notDeepEqual(await seen(), before, acte)
    const undo = await dans(async qui => valeur(await defaireLot(qui, { ...(await lot(lotId)), acte })))
    await travailler(undo)
    assert.equal((await compte(undo)).fait, 3, acte)
    assert.deepEqual(await seen(), before, acte)
    const twice = await dans(async qui => defaireLot(qui, { ...(await lot(lotId)), acte }))
    assert.equal(!twice.ok && twice.refusal.code, 'lot_deja_defait')
  }
  // One of them changes before the undoing: it is left as it is.
  const lotId = await unLot('attribuer', ids, { agent: agents[1] })
  await travailler(lotId)
  await agir(ids[0]!, prendreEnInstruction)
  const undo = await dans(async qui => valeur(await defaireLot(qui, { ...(await lot(lotId)), acte: 'attribuer' })))
  await travailler(undo)
  assert.deepEqual(await compte(undo), { attente: 0, fait: 2, refuse: 1 })
})

test('a decision needs the right and its reason, issues its events, and is not undone as a batch', async () => {
  const ids = await plusieurs(2)
  for (const id of ids) await agir(id, prendreEnInstruction)
  const forbidden = await dans(qui => preparerLot(qui, 'refuser', [{ id: ids[0]! }]), new Set(['dossiers.lire', 'dossiers.instruire']))
  assert.equal(!forbidden.ok && forbidden.refusal.code, 'lot_interdit')
  await assert.rejects(unLot('refuser', ids), /motif_absent/)
  const lotId = await unLot('refuser', ids, { motif: 'Hors délai' })
  await travailler(lotId)
  assert.deepEqual(await etats(ids), ['refuse', 'refuse'])
  const { rows } = await database.owner.kysely.executeQuery<{ n: number }>(
    sql<{
      n: number
    }>`select count(*)::int as n from sortie where charge->>'nature' = 'dossier-decide' and charge->>'sujetId' = any(${ids})`.compile(
      database.owner.kysely,
    ),
  )
  assert.equal(rows[0]!.n, 2)
  const undo = await dans(async qui => defaireLot(qui, { ...(await lot(lotId)), acte: 'refuser' }))
  assert.equal(!undo.ok && undo.refusal.code, 'lot_definitif')
})

test('rights are those of the moment: a role withdrawn meanwhile, a service reserved to others', async () => {
  const ids = await plusieurs(2)
  const lotId = await unLot('prendre', ids)
  const roles = (retired: boolean) =>
    lire(tx =>
      sql`update habilitation set retiree_le = ${retired ? new Date('2026-11-21T09:00:00Z') : null} where collectivite_id = ${ici} and agent_id = ${agents[0]}`.execute(
        tx,
      ),
    )
  await roles(true)
  await travailler(lotId)
  await roles(false)
  assert.deepEqual(await compte(lotId), { attente: 0, fait: 0, refuse: 2 })
  assert.deepEqual(await etats(ids), ['en_construction', 'en_construction'])
  const hidden = await dans(
    qui =>
      preparerLot(
        qui,
        'prendre',
        ids.map(id => ({ id })),
      ),
    TOUTES,
    { sauf: [], seulement: [] },
  )
  assert.equal(!hidden.ok && hidden.refusal.code, 'lot_vide')
})

test('too many, none, or somebody else’s: refused', async () => {
  const many = Array.from({ length: 501 }, () => ({ id: newId() }))
  const refusal = async (acte: ActeDeLot, ids: readonly { id: string }[]) => {
    const made = await dans(qui => preparerLot(qui, acte, ids))
    return made.ok ? '' : made.refusal.code
  }
  assert.equal(await refusal('prendre', many), 'lot_trop_grand')
  assert.equal(await refusal('archiver', many.slice(0, 101)), 'lot_trop_grand_archive')
  assert.equal(await refusal('prendre', []), 'lot_vide')
  assert.equal(await refusal('prendre', many.slice(0, 3)), 'lot_vide')
})

const FORMAT: FormatDExport = {
  format: 'csv',
  colonnes: ['reference', 'demandeur', 'depot', 'c.enfantNom', 'c.enfantPrenom'],
  repetitions: 'jointes',
}
const CHOIX = { ...TOUT, etat: 'tous' as const, demarche: 'restauration-scolaire' }

test('a long export is an encrypted file for a day: every dossier, its reading told, the agent written to, then erased', async () => {
  const total = (
    await lire(tx =>
      sql<{
        n: number
      }>`select count(*)::int as n from dossier where collectivite_id = ${ici} and cache_le is null and etat <> 'brouillon'`.execute(tx),
    )
  ).rows[0]!.n
  const lotId = await dans(async qui => valeur(await demanderExport(qui, CHOIX, FORMAT, 5001)))
  assert.equal((await lot(lotId)).fini_le, null)
  await travailler(lotId)
  const done = await lot(lotId)
  assert.equal(done.total, total)
  const opened = await lire(tx => openFile(app.files, tx, { collectiviteId: ici, fichierId: done.fichier_id! }))
  assert.ok(opened.ok)
  const bytes = await buffer(opened.value.stream)
  assert.equal(bytes.length, opened.value.sizeBytes)
  const rows = parse(bytes, { bom: true, delimiter: ';', columns: true }) as Record<string, string>[]
  assert.equal(rows.length, total)
  assert.equal(new Set(rows.map(row => row['Référence'])).size, total)
  const { rows: one } = await lire(tx =>
    sql<{ id: string }>`select id from dossier where collectivite_id = ${ici} and reference = ${rows[0]!['Référence']!}`.execute(tx),
  )
  assert.equal((await lire(tx => lecturesDuDossier(tx, ici, one[0]!.id)))[0]!.nature, 'export')
  const { rows: sent } = await lire(tx =>
    sql<{ texte: string }>`select texte from envoi where collectivite_id = ${ici} and cle = ${`lot|${lotId}`}`.execute(tx),
  )
  assert.match(sent[0]!.texte, new RegExp(`/agent/lots/${lotId}`))
  assert.equal(done.expire_le!.getTime() - clock.now().getTime(), 24 * 3_600_000)
  await effacerFichierDeLot(app, { collectiviteId: ici, lotId })
  const gone = await lire(tx => openFile(app.files, tx, { collectiviteId: ici, fichierId: done.fichier_id! }))
  assert.equal(!gone.ok && gone.refusal.code, 'fichier_introuvable')
})

test('an export stopped, or by who may no longer read, leaves no file', async () => {
  const lotId = await dans(async qui => valeur(await demanderExport(qui, CHOIX, FORMAT, 5001)))
  await dans(async qui => valeur(await arreterLot(qui, await lot(lotId))))
  await travailler(lotId)
  const { fini_le, fichier_id, erreur } = await lot(lotId)
  assert.ok(fini_le && fichier_id === null && erreur === null)
  const none = await dans(qui => demanderExport(qui, CHOIX, FORMAT, 0))
  assert.equal(!none.ok && none.refusal.code, 'export_vide')
})

test('the archive of a selection has a folder for each dossier, readable without the program', async () => {
  const ids = await plusieurs(2)
  const lotId = await unLot('archiver', ids)
  await travailler(lotId)
  const done = await lot(lotId)
  assert.deepEqual([done.faits, done.erreur, (await compte(lotId)).fait], [2, null, 2])
  const opened = await lire(tx => openFile(app.files, tx, { collectiviteId: ici, fichierId: done.fichier_id! }))
  assert.ok(opened.ok)
  const bytes = await buffer(opened.value.stream)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the mark of an entry of a ZIP
  const names = [...bytes.toString('latin1').matchAll(/PK\x01\x02[\s\S]{42}([\w./-]+)/g)].map(match => match[1]!)
  assert.equal(names.filter(name => name.includes('dossier.html')).length, 2)
  assert.equal(new Set(names).size, names.length)
  assert.equal(await evenements(ids[0]!, 'archiver'), 0)
})
