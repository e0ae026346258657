import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { record } from '../../platform/audit/journal.ts'
import { inScope, inTenant } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { newId } from '../../platform/ids.ts'
import { demarche } from '../demarches/index.ts'
import { aucuneReponse } from '../formulaires/index.ts'
import { resumer } from './chiffres.ts'
import { ouvrirBrouillon } from './commands/brouillon.ts'
import { cacher } from './commands/cacher.ts'
import { chiffrer } from './commands/chiffrer.ts'
import { effacerCompte } from './commands/effacer-compte.ts'
import { decider, ecrire, prendreEnInstruction } from './commands/instruire.ts'
import { noterLectures } from './commands/noter-lectures.ts'
import { rectifier } from './commands/rectifier.ts'
import { effacer, extraire } from './personnes.ts'
import { comptesDe, periodesPubliees } from './queries/chiffres.ts'
import { contenuDuDossier } from './queries/contenu.ts'
import { dossierParId } from './queries/dossier.ts'
import { lecturesDuDossier } from './queries/lectures.ts'
import { donneesDuCompte } from './queries/personne.ts'
import { compteDe } from './queries/places.ts'
import { ouvrirMairie, usager } from './testing.ts'

const database = await testDatabase()
const ici = await ouvrirMairie(database)
const ailleurs = await ouvrirMairie(database, 'courval')
const dans = <T>(work: Parameters<typeof inTenant<T>>[2], mairie = ici) => inTenant(mairie.app.db, mairie.collectivite.id, work)

test('who read a dossier: the page, its files, an export of many; never the name of an agent, nor the reload of a page', async () => {
  const id = await ici.deposerUn()
  const other = await ici.deposerUn()
  const lire = (action: string, at: string, agent = 0) =>
    dans(tx =>
      record(tx, ici.collectivite.id, new Date(at), {
        acteur: `agent:${ici.agents[agent]}`,
        action,
        objet: `dossier:${id}`,
        empreinte: '',
      }),
    )
  await lire('dossier.lire', '2026-11-22T09:00:05Z')
  await lire('dossier.lire', '2026-11-22T09:00:40Z')
  await lire('piece.lire', '2026-11-22T09:01:00Z')
  await lire('dossier.lire', '2026-11-23T10:00:00Z', 1)
  await dans(tx =>
    noterLectures(
      tx,
      ici.collectivite.id,
      new Date('2026-11-24T10:00:00Z'),
      { acteur: `agent:${ici.agents[0]}`, action: 'export.lire', objet: 'export:1' },
      [id, other],
    ),
  )
  const found = await dans(tx => lecturesDuDossier(tx, ici.collectivite.id, id))
  assert.deepEqual(
    found.map(({ le, nature, par }) => [le.toISOString().slice(0, 16), nature, par]),
    [
      ['2026-11-24T10:00', 'export', 'agent'],
      ['2026-11-23T10:00', 'dossier', 'agent'],
      ['2026-11-22T09:01', 'piece', 'agent'],
      ['2026-11-22T09:00', 'dossier', 'agent'],
    ],
  )
  assert.deepEqual(
    (await dans(tx => lecturesDuDossier(tx, ici.collectivite.id, other))).map(({ nature }) => nature),
    ['export'],
  )
})

test('what is given to the person: their answers and messages, agents by their role, no private note', async () => {
  const id = await ici.deposerUn()
  await ici.agir(id, prendreEnInstruction)
  await ici.agir(id, cas => ecrire(cas, 'Apportez la carte.'))
  await dans(tx =>
    sql`update dossier set annotations = '{"champs": {"secret": "à surveiller"}, "lignes": {}}' where collectivite_id = ${ici.collectivite.id} and id = ${id}`.execute(
      tx,
    ),
  )
  const contents = await Promise.all(
    (['personne', 'mairie'] as const).map(pour => ici.agir(id, async cas => ({ ok: true, value: await contenuDuDossier(cas, pour) }))),
  )
  const [person, town] = contents.map(found => JSON.stringify(found))
  assert.ok(person!.includes('Apportez la carte.') && !person!.includes('Agent Fictif') && !person!.includes(ici.agents[0]))
  assert.ok(!person!.includes('à surveiller') && town!.includes('à surveiller'))
})

test('coordinates put right before the decision, by the rules of the form; not after', async () => {
  const id = await ici.deposerUn()
  const read = () => dans(tx => dossierParId(tx, ici.collectivite.id, id))
  const refuses = async (typed: Parameters<typeof rectifier>[1]) => {
    const done = await ici.agir(id, cas => rectifier(cas, typed), usager)
    return done.ok ? 'ok' : `${done.refusal.code} ${done.refusal.field}`
  }
  assert.equal(await refuses({ courriel: 'pas une adresse' }), 'coordonnee_invalide courriel')
  assert.equal(await refuses({}), 'rien_a_rectifier courriel')
  assert.equal(await refuses({ courriel: 'nouvelle.fictive@parvis.example' }), 'ok')
  assert.equal((await read())?.demandeur_courriel, 'nouvelle.fictive@parvis.example')
  assert.equal(await refuses({ courriel: 'nouvelle.fictive@parvis.example' }), 'rien_a_rectifier courriel')
  await ici.agir(id, prendreEnInstruction)
  await ici.agir(id, cas => decider(cas, 'accepter', ''))
  assert.equal(await refuses({ courriel: 'tard@parvis.example' }), 'etat_change undefined')
})

test('an account in two communes: all of it in one answer; a dossier that merely bears the address is not given to it', async () => {
  const account = newId()
  const courriel = 'lea.fictive@parvis.example'
  await inScope(ici.app.db, {}, tx =>
    sql`insert into usager (id, courriel, cree_le, vu_le) values (${account}, ${courriel}, now(), now())`.execute(tx),
  )
  const kept: string[] = []
  for (const mairie of [ici, ailleurs]) {
    const id = await mairie.deposerUn()
    kept.push(id)
    await dans(
      tx =>
        sql`insert into dossier_usager (collectivite_id, usager_id, dossier_id, ajoute_le) values (${mairie.collectivite.id}, ${account}, ${id}, now())`.execute(
          tx,
        ),
      mairie,
    )
  }
  const borne = await ici.deposerUn()
  await dans(tx =>
    sql`update dossier set demandeur_courriel = ${courriel} where collectivite_id = ${ici.collectivite.id} and id = ${borne}`.execute(tx),
  )
  const compte = (await compteDe(ici.app, courriel))!
  assert.equal((await donneesDuCompte(ici.app, compte)).dossiers.length, 2)
  assert.equal((await extraire(ici.app, courriel)).dossiers.length, 3, 'an agent who reads it first is given all')
  assert.equal(await effacerCompte(ici.app, account, 'usager'), true)
  assert.equal(await effacerCompte(ici.app, account, 'usager'), false)
  assert.equal(await compteDe(ici.app, courriel), undefined)
  assert.ok(await dans(tx => dossierParId(tx, ici.collectivite.id, kept[0]!)), 'the dossiers stay')
})

test('erasure: drafts now, what nobody took up in two weeks, what is examined or decided kept with the reason', async () => {
  const courriel = 'max.fictif@parvis.example'
  const offre = (await dans(tx => demarche(tx, ici.collectivite.id, 'restauration-scolaire')))!
  const draft = await dans(tx => ouvrirBrouillon(ici.app, tx, ici.collectivite.id, offre, aucuneReponse, usager))
  const ids = [draft.id, await ici.deposerUn(), await ici.deposerUn(), await ici.deposerUn()]
  await dans(tx =>
    sql`update dossier set demandeur_courriel = ${courriel} where collectivite_id = ${ici.collectivite.id} and id = any(${ids}::uuid[])`.execute(
      tx,
    ),
  )
  await ici.agir(ids[2]!, prendreEnInstruction)
  await ici.agir(ids[3]!, prendreEnInstruction)
  await ici.agir(ids[3]!, cas => decider(cas, 'accepter', ''))
  const { dossiers, compte } = await effacer(ici.app, courriel)
  assert.equal(compte, false)
  assert.deepEqual(dossiers.map(({ phrase }) => phrase.replace(/ \(RGPD.*| jusqu’au .*/g, '')).sort(), [
    'brouillon effacé',
    'gardé',
    'gardé\u00a0: la demande est examinée, la collectivité doit y répondre',
    'retiré, effacé dans deux semaines',
  ])
  assert.equal(await dans(tx => dossierParId(tx, ici.collectivite.id, draft.id)), undefined)
})

test('figures: what is counted is what is there, erased or not; a closed period is published once, without small numbers', async () => {
  const mairie = await ouvrirMairie(database, 'chiffreval')
  mairie.clock.set('2026-10-05T09:00:00Z')
  const ids: string[] = []
  for (let n = 0; n < 14; n++) ids.push(await mairie.deposerUn('signalement-voirie'))
  mairie.clock.set('2026-10-15T09:00:00Z')
  for (const id of ids.slice(0, 12)) {
    await mairie.agir(id, prendreEnInstruction)
    await mairie.agir(id, cas => decider(cas, 'accepter', ''))
  }
  await mairie.agir(ids[13]!, cas => cacher(cas, 'essai'), usager)
  const read = async () => resumer(await dans(tx => comptesDe(tx, mairie.collectivite.id, { demarcheId: 'signalement-voirie' }), mairie))
  const published = () => dans(tx => periodesPubliees(tx, mairie.collectivite.id, 'signalement-voirie'), mairie)
  await chiffrer(mairie.app, mairie.collectivite)
  const first = await read()
  assert.deepEqual([first.depots, first.decisions, first.mediane, first.neufDixiemes, first.parIssue], [14, 12, 10, 10, { accepte: 12 }])
  assert.deepEqual(await published(), [], 'the month is not over')
  mairie.clock.set('2026-11-03T09:00:00Z')
  await chiffrer(mairie.app, mairie.collectivite)
  const [periode] = await published()
  assert.deepEqual([periode!.du, periode!.au, periode!.chiffres.depots.total], ['2026-10-01', '2026-11-01', 14])
  assert.ok(!JSON.stringify(periode).match(/"(refuse|silence|papier)":/))
  mairie.clock.set('2026-12-20T09:00:00Z')
  for (let n = 0; n < 3; n++) await mairie.deposerUn('signalement-voirie')
  await chiffrer(mairie.app, mairie.collectivite)
  await chiffrer(mairie.app, mairie.collectivite)
  assert.deepEqual(await published(), [periode], 'it never changes, and three filings wait')
  assert.equal((await read()).depots, 17)
})
