import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { inTenant } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { openFile, storeGenerated } from '../../platform/files/index.ts'
import { changer, ouvrirCopie } from '../demarches/commands/copie.ts'
import { publierDemarche } from '../demarches/commands/publier-demarche.ts'
import { avis, demarche, type Modele, modelePublie, serviceDe } from '../demarches/index.ts'
import { exemples, jouerExemple } from '../demarches/livre.ts'
import { aucuneReponse, recapitulatif } from '../formulaires/index.ts'
import { enregistrerReponses, ouvrirBrouillon } from './commands/brouillon.ts'
import { envDuDossier } from './commands/deposer.ts'
import { effacerBrouillon, ouvrirEssai } from './commands/essai.ts'
import { noterChangementsLus, reporterBrouillon } from './commands/reporter-brouillon.ts'
import { menage } from './jobs/menage.ts'
import { dossierParId } from './queries/dossier.ts'
import { ouvrirMairie, usager } from './testing.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, agents, clock } = mairie
const SALLE = 'acte-etat-civil'
const dans = <T>(work: Parameters<typeof inTenant<T>>[2]) => inTenant(app.db, collectivite.id, work)

/** Publishes a change of a démarche, as an agent would. */
async function publier(demarcheId: string, change: (modele: Modele) => Modele): Promise<void> {
  const atelier = { collectiviteId: collectivite.id, demarcheId, agentId: agents[0] }
  await dans(async tx => {
    const copie = (await ouvrirCopie(app, tx, atelier))!
    const done = await changer(app, tx, atelier, copie.rang, modele => ({ ok: true, modele: change(modele), phrase: 'essai' }))
    assert.ok(done.ok && done.value.etat === 'fait')
    const published = await publierDemarche(app, tx, atelier)
    assert.ok(published.ok, JSON.stringify(published))
  })
}

const sansChamp = (modele: Modele, id: string): Modele => ({
  ...modele,
  formulaire: {
    ...modele.formulaire,
    etapes: modele.formulaire.etapes.map(etape => ({ ...etape, champs: etape.champs.filter(champ => champ.id !== id) })),
  },
})

async function brouillon(demarcheId: string): Promise<string> {
  return dans(async tx => {
    const offre = (await demarche(tx, collectivite.id, demarcheId))!
    const { reponses } = jouerExemple(offre.modele, exemples[demarcheId]![0]!, envDuDossier(app, collectivite, offre.modele))
    return (await ouvrirBrouillon(app, tx, collectivite.id, offre, reponses, usager)).id
  })
}

const reporter = (id: string) =>
  dans(async tx => {
    const dossier = (await dossierParId(tx, collectivite.id, id, true))!
    const offre = (await demarche(tx, collectivite.id, dossier.demarche_id))!
    return reporterBrouillon(app, tx, collectivite.id, dossier, await modelePublie(tx, dossier.definition), offre)
  })

test('a draft goes on in the new revision: its answers stay, what has no place is put apart, and comes back with its question', async () => {
  const id = await brouillon('restauration-scolaire')
  const filed = await mairie.deposerUn('restauration-scolaire')
  const before = (await dans(tx => dossierParId(tx, collectivite.id, id)))!
  await publier('restauration-scolaire', modele => sansChamp(modele, 'qualite'))
  const carried = await reporter(id)
  assert.equal(carried.revision, 2)
  const { qualite, ...kept } = before.reponses.champs
  assert.deepEqual(carried.reponses.champs, kept)
  assert.deepEqual(carried.reponses.lignes, before.reponses.lignes)
  assert.deepEqual(
    carried.report!.ecartees.map(({ id: champ, brute }) => [champ, brute]),
    [['qualite', qualite]],
  )
  assert.ok(carried.report!.changements.length > 0)
  assert.deepEqual(await dans(tx => dossierParId(tx, collectivite.id, id)), { ...carried, modifie_le: app.clock.now() })

  await dans(tx => noterChangementsLus(tx, collectivite.id, carried))
  assert.deepEqual((await dans(tx => dossierParId(tx, collectivite.id, id)))!.report!.changements, [])
  const { modele } = (await dans(tx => demarche(tx, collectivite.id, 'acte-etat-civil')))!
  assert.ok(modele)
  const first = await dans(tx => modelePublie(tx, before.definition))
  await publier('restauration-scolaire', () => first)
  const back = await reporter(id)
  assert.deepEqual([back.revision, back.reponses, back.report?.ecartees ?? []], [3, before.reponses, []])

  const old = (await dans(tx => dossierParId(tx, collectivite.id, filed)))!
  assert.equal(old.revision, 1, 'what was filed stays in its revision')
  const asked = await dans(tx => modelePublie(tx, old.definition))
  const lines = recapitulatif(asked.formulaire, old.reponses, envDuDossier(app, collectivite, asked)).flatMap(({ lignes }) => lignes)
  assert.ok(lines.some(({ champ }) => champ === 'qualite'))
})

test('an answer saved while another tab carries the draft over is not lost', async () => {
  const id = await brouillon(SALLE)
  const read = (await dans(tx => dossierParId(tx, collectivite.id, id)))!
  await publier(SALLE, modele => ({ ...modele, cout: 'Gratuit, quoi qu’il arrive.' }))
  const offre = (await dans(tx => demarche(tx, collectivite.id, SALLE)))!
  const ancien = await dans(tx => modelePublie(tx, read.definition))
  const [champ = ''] = Object.keys(read.reponses.champs)
    .filter(key => typeof read.reponses.champs[key] === 'string')
    .slice(-1)
  let carried: Promise<unknown> | undefined
  await dans(async tx => {
    const held = (await dossierParId(tx, collectivite.id, id, true))!
    carried = dans(other => reporterBrouillon(app, other, collectivite.id, read, ancien, offre))
    await sleep(200)
    const { [champ]: _, ...champs } = held.reponses.champs
    assert.ok(await enregistrerReponses(app, tx, collectivite.id, held, { ...held.reponses, champs }))
  })
  await carried
  const after = (await dans(tx => dossierParId(tx, collectivite.id, id)))!
  assert.equal(after.revision, offre.revision)
  assert.ok(!Object.hasOwn(after.reponses.champs, champ), 'the last answers saved are those carried over')
})

test('a document whose question went stays through the night with the draft, and is destroyed with it', async () => {
  const offre = (await dans(tx => demarche(tx, collectivite.id, SALLE)))!
  const champ = offre.modele.formulaire.etapes
    .filter(({ repetition }) => !repetition)
    .flatMap(({ champs }) => champs)
    .find(({ type }) => type === 'piece')
  assert.ok(champ)
  const id = await brouillon(SALLE)
  const bytes = Buffer.from('%PDF-1.7 plan')
  const file = await dans(tx =>
    storeGenerated(app.files, tx, { collectiviteId: collectivite.id, name: 'plan.pdf', type: 'application/pdf', bytes }),
  )
  await dans(async tx => {
    const held = (await dossierParId(tx, collectivite.id, id, true))!
    const piece = { id: file, nom: 'plan.pdf', tailleOctets: bytes.length }
    const joined = { ...held.reponses, champs: { ...held.reponses.champs, [champ.id]: [piece] } }
    assert.ok(await enregistrerReponses(app, tx, collectivite.id, held, joined))
  })
  await publier(SALLE, modele => sansChamp(modele, champ.id))
  const carried = await reporter(id)
  assert.ok(carried.report?.ecartees.some(({ type }) => type === 'piece'))
  const at = clock.now().toISOString()
  clock.set('2026-12-20T03:00:00Z')
  await menage(app, {})
  clock.set(at)
  const opened = await dans(tx => openFile(app.files, tx, { collectiviteId: collectivite.id, fichierId: file }))
  assert.ok(opened.ok)
  opened.value.stream.destroy()
  await dans(async tx => effacerBrouillon(tx, collectivite.id, (await dossierParId(tx, collectivite.id, id, true))!))
  assert.ok(!(await dans(tx => openFile(app.files, tx, { collectiviteId: collectivite.id, fichierId: file }))).ok)
})

test('an agent tries a form, published or not, and nothing stays: no dossier, no entry in the journal, no trial the day after', async () => {
  const journal = () => dans(async tx => (await sql<{ n: number }>`select count(*)::int as n from journal`.execute(tx)).rows[0]!.n)
  const before = await journal()
  const [one, other] = await dans(async tx => {
    const offre = (await demarche(tx, collectivite.id, SALLE))!
    const changed = { ...offre.modele, titre: 'Un titre jamais publié' }
    return [
      await ouvrirEssai(app, tx, collectivite.id, offre, changed),
      await ouvrirEssai(app, tx, collectivite.id, offre, offre.modele),
    ] as const
  })
  const tried = (await dans(tx => dossierParId(tx, collectivite.id, one)))!
  assert.deepEqual([tried.essai, tried.etat, tried.revision, tried.reponses], [true, 'brouillon', 0, aucuneReponse])
  assert.equal((await dans(tx => modelePublie(tx, tried.definition))).titre, 'Un titre jamais publié')
  await dans(tx => effacerBrouillon(tx, collectivite.id, tried))
  assert.equal(await dans(tx => dossierParId(tx, collectivite.id, one)), undefined)
  assert.equal(await journal(), before)
  const at = clock.now().toISOString()
  clock.set('2026-11-24T09:30:00Z')
  await menage(app, {})
  clock.set(at)
  assert.equal(await dans(tx => dossierParId(tx, collectivite.id, other)), undefined, 'a trial left open goes in the night')
})

test('one opinion a dossier and a moment: the last counts, and the mean is public from five on', async () => {
  const ids = await Promise.all([1, 2, 3, 4, 5].map(() => mairie.deposerUn('occupation-domaine-public').catch(error => assert.fail(error))))
  const give = (dossierId: string, note: number) =>
    dans(tx =>
      avis.donnerAvis(
        tx,
        { collectiviteId: collectivite.id, demarcheId: 'occupation-domaine-public', dossierId },
        { moment: 'depot', note, phrase: '', le: '2026-11-22' },
      ),
    )
  const mean = () => dans(tx => avis.moyennePublique(tx, collectivite.id, 'occupation-domaine-public'))
  for (const id of ids.slice(0, 4)) await give(id, 5)
  await give(ids[0]!, 1)
  assert.equal(await mean(), undefined, 'four people do not make a mean')
  await give(ids[4]!, 4)
  assert.deepEqual(await mean(), { moyenne: 4, nombre: 5 })
})

test('the service in charge is that of the answers', async () => {
  const { modele } = (await dans(tx => demarche(tx, collectivite.id, 'rendez-vous-mairie')))!
  const env = envDuDossier(app, collectivite, modele)
  const withMotif = (motif: string) => serviceDe(modele, { champs: { motif }, lignes: {} }, env)
  assert.equal(withMotif('elu'), 'Secrétariat du maire')
  assert.equal(withMotif('autre'), modele.service)
})
