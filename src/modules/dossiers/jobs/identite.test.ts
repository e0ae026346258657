import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { storeGenerated } from '../../../platform/files/index.ts'
import { demarche, traitement } from '../../demarches/index.ts'
import { setPieces } from '../../formulaires/index.ts'
import { decider, prendreEnInstruction } from '../commands/instruire.ts'
import { piecesDe } from '../pieces.ts'
import { dossierParId, evenementsDuDossier } from '../queries/dossier.ts'
import { ouvrirMairie } from '../testing.ts'
import { conserver } from './conserver.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, clock, collectivite } = mairie
const dans = <T>(work: Parameters<typeof inTenant<T>>[2]) => inTenant(app.db, collectivite.id, work)

test('an identity document goes the night after the decision, and nothing else: not before, not twice', async () => {
  const shipped = (await dans(tx => demarche(tx, collectivite.id, 'recensement-citoyen')))!.modele
  // The sample is filed without its documents: here none is required.
  const facultatif = (champ: (typeof shipped.formulaire.etapes)[number]['champs'][number]) =>
    champ.type === 'piece' ? { ...champ, obligatoire: false } : champ
  const etapes = shipped.formulaire.etapes.map(etape => ({ ...etape, champs: etape.champs.map(facultatif) }))
  const modele = { ...shipped, formulaire: { ...shipped.formulaire, etapes } }
  await sql`insert into definition_demarche (empreinte, definition) values ('sans-piece', ${JSON.stringify(modele)})`.execute(
    database.owner.kysely,
  )
  await inTenant(database.owner, collectivite.id, tx =>
    sql`update demarche set empreinte = 'sans-piece' where collectivite_id = ${collectivite.id} and id = 'recensement-citoyen'`.execute(tx),
  )
  assert.deepEqual(traitement.traitementDe(modele).piecesDIdentite, ['identite'])
  const id = await mairie.deposerUn('recensement-citoyen')
  const [identity, other] = await dans(async tx => {
    const files: string[] = []
    for (const name of ['cni.pdf', 'livret.pdf'])
      files.push(
        await storeGenerated(app.files, tx, { collectiviteId: collectivite.id, name, type: 'application/pdf', bytes: Buffer.from(name) }),
      )
    const dossier = (await dossierParId(tx, collectivite.id, id))!
    const piece = (file: string, nom: string) => [{ id: file, nom, tailleOctets: 7 }]
    const first = setPieces(modele.formulaire, dossier.reponses, 'identite', piece(files[0]!, 'cni.pdf'))
    const reponses = setPieces(modele.formulaire, first, 'livret', piece(files[1]!, 'livret.pdf'))
    await sql`update dossier set reponses = ${JSON.stringify(reponses)} where collectivite_id = ${collectivite.id} and id = ${id}`.execute(
      tx,
    )
    return files
  })
  const kept = () =>
    dans(async tx => piecesDe(modele.formulaire, (await dossierParId(tx, collectivite.id, id))!.reponses).map(({ piece }) => piece.id))
  const files = async () =>
    (await dans(tx => sql<{ id: string }>`select id from fichier where collectivite_id = ${collectivite.id}`.execute(tx))).rows.map(
      row => row.id,
    )
  await conserver(app, {})
  assert.deepEqual((await kept()).sort(), [identity, other].sort(), 'not decided yet')
  await mairie.agir(id, prendreEnInstruction)
  await mairie.agir(id, cas => decider(cas, 'accepter', ''))
  clock.set('2026-11-22T02:40:00Z')
  await conserver(app, {})
  clock.set('2026-11-23T02:40:00Z')
  await conserver(app, {})
  assert.deepEqual(await kept(), [other])
  assert.ok(!(await files()).includes(identity!) && (await files()).includes(other!), 'its key is destroyed')
  const events = await dans(tx => evenementsDuDossier(tx, collectivite.id, id))
  assert.equal(events.filter(({ nature }) => nature === 'effacer_identite').length, 1)
})
