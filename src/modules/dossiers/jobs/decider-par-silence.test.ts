import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { verifyJournal } from '../../../platform/audit/journal.ts'
import { civilDay } from '../../../platform/clock.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import type { Result } from '../../../platform/refusal.ts'
import { garderDefinition, type Modele, modelePublie } from '../../demarches/index.ts'
import { dates } from '../../formulaires/index.ts'
import type { Cas } from '../commands/instruire.ts'
import { decider, demanderCorrection, prendreEnInstruction, repondreCorrection, rouvrir } from '../commands/instruire.ts'
import { lieuDesDelais, silenceLe } from '../horloges/horloges.ts'
import { sendDecisionWhenDossierIsDecided } from '../listeners/send-decision-when-dossier-is-decided.ts'
import { casDuDossier } from '../queries/cas.ts'
import { documentsDuDossier, dossierParId, evenementsDuDossier } from '../queries/dossier.ts'
import { decidesParSilence, silenceEntre } from '../queries/silence.ts'
import { ouvrirMairie, usager } from '../testing.ts'
import { deciderParSilenceJob } from './decider-par-silence.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, agir, clock, deposerUn } = mairie
const DEPOT = '2026-11-21T09:30:00Z'
// Two months: 21 January at midnight; Caen is an hour ahead.
const VEILLE = '2027-01-21T22:59:59Z'
const LE_JOUR = '2027-01-21T23:00:00Z'

const reading = <T>(read: (tx: Cas['tx']) => Promise<T>) => inTenant(app.db, collectivite.id, read)
const dossierOf = async (id: string) => (await reading(tx => dossierParId(tx, collectivite.id, id)))!
const evenementsOf = (id: string) => reading(tx => evenementsDuDossier(tx, collectivite.id, id))
const run = () => deciderParSilenceJob(app, {})
const toutVoir = { sauf: [], seulement: null } as const

/** Files a sample, whose definition is then changed: the publication itself is not what is tested. */
async function deposerSous(change: (modele: Modele) => Modele, where = mairie): Promise<string> {
  const id = await where.deposerUn()
  const { definition } = (await inTenant(where.app.db, where.collectivite.id, tx => dossierParId(tx, where.collectivite.id, id)))!
  await inTenant(where.app.db, where.collectivite.id, async tx => {
    const modele = change(await modelePublie(tx, definition))
    const changed = await garderDefinition(tx, modele)
    const etat = modele.regime === 'ordinaire' ? 'en_construction' : 'en_instruction'
    await sql`update dossier set definition = ${changed}, etat = ${etat} where collectivite_id = ${where.collectivite.id} and id = ${id}`.execute(
      tx,
    )
  })
  return id
}
/** Answers a correction with a day of beginning still to come: the form refuses the others. */
const repondre = (cas: Cas) => {
  const debut = dates.addDays(civilDay(cas.app.clock.now()), 30) ?? ''
  return repondreCorrection(cas, { ...cas.dossier.reponses, champs: { ...cas.dossier.reponses.champs, debut } })
}
const sva = (modele: Modele): Modele => ({ ...modele, regime: 'sva' })
const svr = (modele: Modele): Modele => ({ ...modele, regime: 'svr', silence: { ...modele.silence, effet: 'rejet' } })

test('silence decides on the right day of the place, once, by itself', async () => {
  clock.set(DEPOT)
  const [granted, refused] = [await deposerSous(sva), await deposerSous(svr)]
  const ordinaire = await deposerUn()
  clock.set(VEILLE)
  await run()
  for (const id of [granted, refused, ordinaire]) assert.ok(!(await evenementsOf(id)).some(({ nature }) => /_auto$/.test(nature)))
  clock.set(LE_JOUR)
  await run()
  await run()
  for (const [id, nature, etat] of [
    [granted, 'accepter_auto', 'accepte'],
    [refused, 'refuser_auto', 'refuse'],
  ] as const) {
    const taken = (await evenementsOf(id)).filter(evenement => /_auto$/.test(evenement.nature))
    assert.deepEqual(
      taken.map(({ nature, auteur_nature, donnees }) => [nature, auteur_nature, donnees.jour]),
      [[nature, 'systeme', '2027-01-22']],
    )
    const dossier = await dossierOf(id)
    assert.deepEqual([dossier.etat, dossier.silence_le, dossier.decide_le?.toISOString()], [etat, null, clock.now().toISOString()])
  }
  // An ordinary démarche: the law has decided, nothing is automatic.
  const waiting = await dossierOf(ordinaire)
  assert.deepEqual([waiting.etat, waiting.silence_le], ['en_construction', '2027-01-22'])
  assert.ok((await verifyJournal(app.db, collectivite.id)).isIntact)
})

test('the attestation, or the refusal with its appeal, follows; its text says the day of the law', async () => {
  clock.set(DEPOT)
  const [granted, refused] = [await deposerSous(sva), await deposerSous(svr)]
  clock.set(LE_JOUR)
  await run()
  for (const id of [granted, refused]) {
    const { rang } = (await evenementsOf(id)).at(-1)!
    for (let twice = 0; twice < 2; twice++) await sendDecisionWhenDossierIsDecided.handle(app, mairie.evenement('dossier-decide', id, rang))
    const documents = await reading(tx => documentsDuDossier(tx, collectivite.id, id))
    assert.equal(documents.length, 1)
    assert.match(documents[0]!.titre, id === granted ? /^Attestation/ : /^Refus par le silence/)
  }
  assert.match(
    (await evenementsOf(refused)).at(-1)!.motif!,
    /le 22 janvier 2027\. Le tribunal administratif peut être saisi jusqu’au 22 mars 2027 inclus\.$/,
  )
  const { rows } = await reading(tx =>
    sql<{
      texte: string
    }>`select texte from envoi where collectivite_id = ${collectivite.id} and dossier_id = ${granted} order by cree_le desc limit 1`.execute(
      tx,
    ),
  )
  assert.match(rows[0]!.texte, /acceptée depuis le 22 janvier 2027/)
})

test('the machine was off for a week: the decision says its own day and that of its record', async () => {
  clock.set(DEPOT)
  const id = await deposerSous(sva)
  clock.set('2027-01-29T10:00:00Z')
  await run()
  const { motif, donnees, le } = (await evenementsOf(id)).at(-1)!
  assert.equal(donnees.jour, '2027-01-22')
  assert.equal(civilDay(le), '2027-01-29')
  assert.match(motif!, /accepte la demande le 22 janvier 2027\. Cette décision est enregistrée le 29 janvier 2027\.$/)
})

test('two workers at once decide once, and an agent who answers meanwhile is not overruled', async () => {
  for (let round = 0; round < 5; round++) {
    clock.set(DEPOT)
    const ids = await Promise.all([deposerSous(sva), deposerSous(svr), deposerSous(sva)])
    clock.set(LE_JOUR)
    await Promise.all([run(), run(), agir(ids[2]!, cas => decider(cas, 'refuser', 'Complet.'))])
    for (const id of ids) {
      const decisions = (await evenementsOf(id)).filter(({ nature }) => /_auto$|^refuser$/.test(nature))
      assert.equal(decisions.length, 1, decisions.map(({ nature }) => nature).join())
    }
  }
})

test('once silence has granted, an agent can neither refuse nor ask for a correction, even before the job has passed', async () => {
  clock.set(DEPOT)
  const [granted, refused] = [await deposerSous(sva), await deposerSous(svr)]
  clock.set(LE_JOUR)
  const ask = (cas: Cas) =>
    demanderCorrection(cas, {
      motif: 'incomplet',
      message: 'Trop tard.',
      champs: ['debut'],
      echeance: dates.addDays(civilDay(clock.now()), 10),
    })
  for (const act of [
    (cas: Cas) => decider(cas, 'refuser', 'Complet.'),
    (cas: Cas) => decider(cas, 'classer_sans_suite', 'Complet.'),
    ask,
  ]) {
    const result = await agir(granted, act)
    assert.ok(!result.ok && result.refusal.code === 'silence_acquis')
  }
  assert.ok((await agir(granted, cas => decider(cas, 'accepter', ''))).ok)
  assert.ok((await agir(refused, cas => decider(cas, 'accepter', ''))).ok, 'what silence refuses, an agent may still grant')
})

test('a correction asked keeps silence from deciding; reopened, it counts anew', async () => {
  clock.set(DEPOT)
  const id = await deposerSous(sva)
  const asked = await agir(id, cas =>
    demanderCorrection(cas, { motif: 'incomplet', message: 'Il manque une date.', champs: ['debut'], echeance: '2026-12-06' }),
  )
  assert.ok(asked.ok)
  clock.set('2027-03-01T10:00:00Z')
  await run()
  assert.equal((await dossierOf(id)).etat, 'en_construction')
  assert.ok((await agir(id, repondre, usager)).ok)
  assert.equal((await dossierOf(id)).silence_le, '2027-05-02')
  clock.set('2027-05-02T10:00:00Z')
  await run()
  assert.equal((await dossierOf(id)).etat, 'accepte')
  assert.ok((await agir(id, cas => rouvrir(cas, 'Erreur.'))).ok)
  assert.equal((await dossierOf(id)).silence_le, '2027-07-03')
  await run()
  assert.equal((await dossierOf(id)).etat, 'en_instruction')
})

test('one dossier that cannot be decided stops no other, and the job is tried again', async () => {
  clock.set(DEPOT)
  const [broken, sound] = [await deposerSous(sva), await deposerSous(sva)]
  await sql`create function panne() returns trigger language plpgsql as $$ begin raise exception 'panne'; end $$`.execute(
    database.owner.kysely,
  )
  await sql`create trigger panne before update on dossier for each row when (old.id = ${sql.lit(broken)}::uuid) execute function panne()`.execute(
    database.owner.kysely,
  )
  clock.set(LE_JOUR)
  await assert.rejects(run(), /1 dossiers à reprendre/)
  assert.equal((await dossierOf(sound)).etat, 'accepte')
  await sql`drop trigger panne on dossier`.execute(database.owner.kysely)
  await run()
  assert.equal((await dossierOf(broken)).etat, 'accepte')
})

test('a declaration is accepted in the transaction that files it, and silence has no part in it', async () => {
  clock.set(DEPOT)
  await inTenant(app.db, collectivite.id, async tx => {
    const { rows } = await sql<{
      empreinte: string
      version: number
    }>`select empreinte, version from modele_demarche where id = 'chambre-hotes'`.execute(tx)
    const { adopter } = await import('../../demarches/commands/adopter.ts')
    await adopter(tx, clock, [{ collectiviteId: collectivite.id, modeleId: 'chambre-hotes', ...rows[0]! }])
  })
  const id = await deposerUn('chambre-hotes')
  assert.deepEqual(
    (await evenementsOf(id)).map(({ nature, auteur_nature, donnees }) => [nature, auteur_nature, donnees.jour]),
    [
      ['ouvrir', 'usager', undefined],
      ['deposer', 'usager', undefined],
      ['accepter_auto', 'systeme', undefined],
    ],
  )
  const dossier = await dossierOf(id)
  assert.deepEqual([dossier.etat, dossier.silence_le, dossier.version], ['accepte', null, 3])
  await sendDecisionWhenDossierIsDecided.handle(app, mairie.evenement('dossier-decide', id, 3))
  const documents = await reading(tx => documentsDuDossier(tx, collectivite.id, id))
  assert.deepEqual(
    documents.map(({ nature, titre }) => [nature, titre]),
    [['decision', 'Récépissé de déclaration de chambres d’hôtes']],
  )
  const { lignes } = await reading(tx => decidesParSilence(tx, collectivite.id, { depuis: new Date(0), portee: toutVoir }, 1))
  assert.ok(!lignes.some(ligne => ligne.id === id))
})

test('a commune whose démarche cannot be read keeps silence from deciding in no other', async () => {
  clock.set(DEPOT)
  const neighbour = await ouvrirMairie(database, 'voisine')
  const [broken, sound] = [await deposerSous(sva), await deposerSous(sva, neighbour)]
  const { definition } = await dossierOf(broken)
  await sql`insert into definition_demarche (empreinte, definition) values (${'illisible'}, 'null')`.execute(database.owner.kysely)
  await reading(tx =>
    sql`update dossier set definition = 'illisible' where collectivite_id = ${collectivite.id} and id = ${broken}`.execute(tx),
  )
  clock.set(LE_JOUR)
  await assert.rejects(run(), /1 dossiers à reprendre/)
  const etat = await inTenant(app.db, neighbour.collectivite.id, tx => dossierParId(tx, neighbour.collectivite.id, sound))
  assert.equal(etat!.etat, 'accepte')
  await reading(tx =>
    sql`update dossier set definition = ${definition} where collectivite_id = ${collectivite.id} and id = ${broken}`.execute(tx),
  )
  await run()
  assert.equal((await dossierOf(broken)).etat, 'accepte')
})

test('each place has its own day: La Réunion decides three hours before Caen', async () => {
  clock.set(DEPOT)
  const ailleurs = await ouvrirMairie(database, 'outremer')
  await sql`update collectivite set departement = '974' where id = ${ailleurs.collectivite.id}`.execute(database.owner.kysely)
  app.cache.invalidate('*')
  const there = await deposerSous(sva, ailleurs)
  const here = await deposerSous(sva)
  clock.set('2027-01-21T20:00:00Z')
  await run()
  const etat = (await inTenant(app.db, ailleurs.collectivite.id, tx => dossierParId(tx, ailleurs.collectivite.id, there)))!.etat
  assert.deepEqual([etat, (await dossierOf(here)).etat], ['accepte', 'en_instruction'])
})

test('the lists: what silence will decide, what it has decided, and nothing of a reserved service', async () => {
  clock.set(DEPOT)
  const coming = await deposerUn()
  await reading(tx => sql`update dossier set service = 'Réservé' where collectivite_id = ${collectivite.id} and id = ${coming}`.execute(tx))
  const entre = { du: '2027-01-15', au: '2027-01-30' }
  const seen = async (portee: Parameters<typeof silenceEntre>[2]['portee']) =>
    (await reading(tx => silenceEntre(tx, collectivite.id, { ...entre, portee }, 1))).lignes.map(({ id }) => id)
  assert.ok((await seen(toutVoir)).includes(coming))
  assert.ok(!(await seen({ sauf: ['Réservé'], seulement: null })).includes(coming))
  assert.deepEqual(await seen({ sauf: [], seulement: [] }), [])
  const id = await deposerSous(sva)
  clock.set(LE_JOUR)
  await run()
  const decided = () =>
    reading(tx => decidesParSilence(tx, collectivite.id, { depuis: new Date('2027-01-20T00:00:00Z'), portee: toutVoir }, 1))
  const found = (await decided()).lignes.find(ligne => ligne.id === id)
  assert.deepEqual([found?.jour, found?.etat], ['2027-01-22', 'accepte'])
  assert.ok((await agir(id, cas => rouvrir(cas, 'Erreur.'))).ok)
  assert.ok(!(await decided()).lignes.some(ligne => ligne.id === id))
})

test('whatever happens and when, the day kept is that of the clocks', async () => {
  const gestes: readonly ((cas: Cas, today: string) => Promise<Result<unknown>>)[] = [
    prendreEnInstruction,
    (cas, today) =>
      demanderCorrection(cas, {
        motif: 'incomplet',
        message: 'Il manque une date.',
        champs: ['debut'],
        echeance: dates.addDays(today, 15),
      }),
    (cas, today) =>
      demanderCorrection(cas, {
        motif: 'incorrect',
        message: 'La date est fausse.',
        champs: ['debut'],
        echeance: dates.addDays(today, 15),
      }),
    repondre,
    cas => decider(cas, 'refuser', 'Complet.'),
    cas => rouvrir(cas, 'Erreur de notre part.'),
  ]
  const regime = fc.constantFrom(sva, svr, (modele: Modele) => modele)
  const history = fc.array(fc.tuple(fc.constantFrom(...gestes), fc.integer({ min: 0, max: 40 * 24 })), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(regime, history, async (change, steps) => {
      clock.set(DEPOT)
      const id = await deposerSous(change)
      for (const [geste, hours] of steps) {
        clock.set(new Date(clock.now().getTime() + hours * 3_600_000).toISOString())
        await agir(id, cas => geste(cas, civilDay(clock.now())))
        const evenements = await evenementsOf(id)
        const cas = (await reading(tx => casDuDossier(app, tx, collectivite, id, usager)))!
        assert.equal(cas.dossier.silence_le, silenceLe(cas.modele, evenements, lieuDesDelais(collectivite)))
      }
    }),
    { numRuns: 60 },
  )
})
