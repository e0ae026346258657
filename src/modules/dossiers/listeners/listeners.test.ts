import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { openFile } from '../../../platform/files/index.ts'
import { codeDuDossier } from '../code.ts'
import { decider, demanderCorrection, ecrire, prendreEnInstruction, rouvrir } from '../commands/instruire.ts'
import { documentsDuDossier, dossierParId } from '../queries/dossier.ts'
import { ouvrirMairie, usager } from '../testing.ts'
import { listeners } from './index.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, agir, deposerUn, evenement } = mairie

const react = async (nature: string, dossierId: string, rang: number) => {
  for (const listener of listeners.filter(({ on }) => on === nature)) await listener.handle(app, evenement(nature, dossierId, rang))
}
interface Sent {
  destinataire: string
  sujet: string
  texte: string
}
const sentAbout = (dossierId: string) =>
  inTenant(app.db, collectivite.id, async tx => {
    const { rows } =
      await sql<Sent>`select destinataire, sujet, texte from envoi where collectivite_id = ${collectivite.id} and dossier_id = ${dossierId} order by id`.execute(
        tx,
      )
    return rows
  })
const documentsOf = (dossierId: string) => inTenant(app.db, collectivite.id, tx => documentsDuDossier(tx, collectivite.id, dossierId))
const dossierOf = async (dossierId: string) =>
  (await inTenant(app.db, collectivite.id, tx => dossierParId(tx, collectivite.id, dossierId)))!

async function bytesOf(fichierId: string): Promise<Buffer> {
  const opened = await inTenant(app.db, collectivite.id, tx => openFile(app.files, tx, { collectiviteId: collectivite.id, fichierId }))
  assert.ok(opened.ok)
  return Buffer.concat(await opened.value.stream.toArray())
}

test('a filed dossier gets one accusé and one message, however often and at whatever same time the job runs', async () => {
  const id = await deposerUn()
  await Promise.all([react('dossier-depose', id, 2), react('dossier-depose', id, 2), react('dossier-depose', id, 2)])
  await react('dossier-depose', id, 2)
  const [accuse, ...others] = await documentsOf(id)
  assert.ok(accuse && others.length === 0)
  assert.deepEqual([accuse.nature, accuse.rang, accuse.revoque_le], ['accuse', 2, null])
  assert.match((await bytesOf(accuse.fichier_id)).toString('latin1'), /^%PDF-1\.7/)
  const [message, ...more] = await sentAbout(id)
  assert.ok(message && more.length === 0)
  const dossier = await dossierOf(id)
  for (const expected of [
    dossier.reference,
    codeDuDossier(app.secrets, dossier),
    `${collectivite.address}/suivi?reference=${dossier.reference}`,
    '02 61 91 00 12',
    '22 janvier 2027',
  ])
    assert.ok(message.texte.includes(expected), `${expected} is missing:\n${message.texte}`)
})

test('the accusé says the date that silence had at the deposit, even when a correction has stopped it since', async () => {
  const id = await deposerUn()
  await agir(id, cas =>
    demanderCorrection(cas, { motif: 'incomplet', message: 'Il manque une date.', champs: ['debut'], echeance: '2026-12-06' }),
  )
  await react('dossier-depose', id, 2)
  assert.match((await sentAbout(id))[0]!.texte, /Demande acceptée le 22 janvier 2027/)
})

test('without an address nothing is written, and the accusé is there', async () => {
  const id = await deposerUn()
  await inTenant(app.db, collectivite.id, tx =>
    sql`update dossier set demandeur_courriel = null where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx),
  )
  await react('dossier-depose', id, 2)
  assert.equal((await documentsOf(id)).length, 1)
  assert.deepEqual(await sentAbout(id), [])
})

test('a decision gives its document and its message once; reopening revokes the document, deciding again gives another', async () => {
  const id = await deposerUn('occupation-domaine-public')
  assert.ok((await agir(id, prendreEnInstruction)).ok)
  assert.ok((await agir(id, cas => decider(cas, 'refuser', 'La rue est en travaux.'))).ok)
  for (let run = 0; run < 2; run++) await react('dossier-decide', id, 4)
  const [refus, ...none] = await documentsOf(id)
  assert.ok(refus && none.length === 0 && refus.titre.startsWith('Refus'))
  assert.ok((await agir(id, cas => rouvrir(cas, 'Les travaux sont reportés.'))).ok)
  for (let run = 0; run < 2; run++) await react('dossier-rouvert', id, 5)
  assert.ok((await documentsOf(id))[0]!.revoque_le)
  assert.ok((await agir(id, cas => decider(cas, 'accepter', ''))).ok)
  await react('dossier-decide', id, 6)
  assert.deepEqual((await documentsOf(id)).map(({ rang, revoque_le }) => [rang, revoque_le !== null]).sort(), [
    [4, true],
    [6, false],
  ])
  assert.deepEqual(
    (await sentAbout(id)).map(({ sujet }) => sujet.replace(/ \(.*/, '')),
    ['Réponse à votre demande', 'Votre dossier est rouvert', 'Réponse à votre demande'],
  )
})

test('a decision reopened before its document was made is never notified', async () => {
  const id = await deposerUn()
  await agir(id, prendreEnInstruction)
  await agir(id, cas => decider(cas, 'accepter', ''))
  await agir(id, cas => rouvrir(cas, 'Erreur de dossier.'))
  await react('dossier-decide', id, 4)
  assert.deepEqual(await documentsOf(id), [])
  assert.deepEqual(await sentAbout(id), [])
})

test('a correction and an agent’s message are told once each; a resident’s message is not', async () => {
  const id = await deposerUn()
  const asked = await agir(id, cas =>
    demanderCorrection(cas, {
      motif: 'incomplet',
      message: 'Il manque le quotient.',
      champs: ['quotient', 'inconnu'],
      echeance: '2026-12-06',
    }),
  )
  assert.ok(asked.ok)
  assert.ok((await agir(id, cas => ecrire(cas, 'Un secret entre nous.'))).ok)
  assert.ok((await agir(id, cas => ecrire(cas, 'Merci.'), usager)).ok)
  for (let run = 0; run < 2; run++) {
    await react('correction-demandee', id, 3)
    await react('message-ecrit', id, 4)
    await react('message-ecrit', id, 5)
  }
  const [correction, message, ...others] = await sentAbout(id)
  assert.ok(correction && message && others.length === 0)
  assert.match(correction.texte, /Il manque le quotient\..*6 décembre 2026/s)
  assert.ok(!message.texte.includes('secret'))
})

test('an event of an erased dossier is forgotten; one that never was is an accident', async () => {
  const id = await deposerUn()
  await assert.rejects(react('message-ecrit', id, 99), /no event of rank 99/)
  await inTenant(app.db, collectivite.id, tx =>
    sql`delete from dossier where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx),
  )
  await react('dossier-depose', id, 2)
})
