import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../../src/platform/db/open.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { ouvrirMonde } from './monde.ts'

const monde = await ouvrirMonde()
const { app, a, b, agents, agentAilleurs, siens, clock } = monde
const ADMIN = agents.administrateur.cookie
const get = (path: string, cookie: string, place = a) => monde.demander({ url: `${place.base}${path}`, cookie })
const post = (path: string, fields: Record<string, string | string[]>, cookie = ADMIN) =>
  monde.demander({ method: 'POST', url: `${a.base}${path}`, cookie, fields: { _cle: newSecret(), ...fields } })
const dossier = (id = siens.depose.id) => `/agent/dossiers/${id}`
const status = async (path: string, cookie: string, place = a) => (await get(path, cookie, place)).statusCode
const journal = async (action: string) =>
  (
    await inTenant(app.db, a.id, tx =>
      sql<{
        acteur: string
        objet: string
      }>`select acteur, objet from journal where collectivite_id = ${a.id} and action = ${action} order by rang`.execute(tx),
    )
  ).rows
const jours = (name: string, day: string) => {
  const [annee, mois, jour] = day.split('-') as [string, string, string]
  return { [`${name}-jour`]: jour, [`${name}-mois`]: mois, [`${name}-annee`]: annee }
}
const DELEGATION = {
  courriel: agentAilleurs.courriel,
  roles: ['instructeur'],
  demarche: 'occupation-domaine-public',
  service: '',
  motif: 'Congé de la secrétaire de mairie',
  ...jours('du', '2026-11-21'),
  ...jours('au', '2026-11-27'),
}
const serviceOf = async (id: string) =>
  (
    await inTenant(app.db, a.id, tx =>
      sql<{ service: string }>`select service from dossier where collectivite_id = ${a.id} and id = ${id}`.execute(tx),
    )
  ).rows[0]!.service
const retirerTout = () =>
  inTenant(app.db, a.id, tx =>
    sql`update delegation set retiree_le = now() where collectivite_id = ${a.id} and retiree_le is null`.execute(tx),
  )

test('a delegation opens to an agent of elsewhere the dossiers entrusted and nothing else, until it is withdrawn', async () => {
  assert.equal(await status('/agent/dossiers', agentAilleurs.cookie), 403)
  const granted = await post('/agent/delegations', DELEGATION)
  assert.equal(granted.statusCode, 303, granted.body)
  assert.equal(await status('/agent/dossiers', agentAilleurs.cookie), 200)
  assert.equal(await status(dossier(), agentAilleurs.cookie), 200)
  assert.equal(await status(dossier(siens.correction.id), agentAilleurs.cookie), 404)
  assert.doesNotMatch((await get('/agent/dossiers', agentAilleurs.cookie)).body, new RegExp(siens.correction.id))
  assert.equal(await status('/agent/reglages', agentAilleurs.cookie), 403)
  assert.equal(await status('/agent/equipe', agentAilleurs.cookie), 403)
  const places = await get('/agent/collectivites', agentAilleurs.cookie, b)
  assert.match(places.body, /Vous aidez aussi/)
  assert.match(places.body, new RegExp(`${a.nom}.*jusqu’au 27 novembre 2026`, 's'))
  assert.match((await get('/agent/compte', agentAilleurs.cookie, b)).body, /Vous aidez aussi/)
  assert.deepEqual(await journal('delegation.accorder'), [
    { acteur: `agent:${agents.administrateur.id}`, objet: `agent:${agentAilleurs.id}` },
  ])

  const id = /delegations\/([0-9a-f-]{36})\/retrait/.exec((await get('/agent/delegations', ADMIN)).body)![1]!
  assert.equal((await post(`/agent/delegations/${id}/retrait`, {}, agents.lecteur.cookie)).statusCode, 403)
  assert.equal((await post(`/agent/delegations/${id}/retrait`, {})).statusCode, 303)
  assert.equal(await status(dossier(), agentAilleurs.cookie), 403)
  assert.equal((await journal('delegation.retirer')).length, 1)
  const again = await post(`/agent/delegations/${id}/retrait`, {})
  assert.equal(again.statusCode, 409)
  assert.match(again.body, /déjà retirée/)
  assert.doesNotMatch((await get('/agent/compte', agentAilleurs.cookie, b)).body, /Vous aidez aussi/)
})

test('a delegation runs from its first day to its last, in days of the commune', async () => {
  await post('/agent/delegations', { ...DELEGATION, ...jours('du', '2026-11-22'), ...jours('au', '2026-11-23') })
  for (const [instant, expected] of [
    ['2026-11-21T22:59:00Z', 403], // still the 21st in Paris
    ['2026-11-21T23:01:00Z', 200],
    ['2026-11-23T22:59:00Z', 200],
    ['2026-11-23T23:01:00Z', 403],
  ] as const) {
    clock.set(instant)
    assert.equal(await status('/agent/dossiers', await monde.frais('agent d’ailleurs')), expected, instant)
  }
  clock.set('2026-11-21T09:30:00Z')
  await retirerTout()
})

test('a delegation ends with the work at home: who leaves their own collectivité helps nowhere', async () => {
  await post('/agent/delegations', DELEGATION)
  assert.equal(await status('/agent/dossiers', agentAilleurs.cookie), 200)
  const set = (left: boolean) =>
    inTenant(app.db, b.id, tx =>
      sql`update habilitation set retiree_le = ${left ? clock.now() : null} where collectivite_id = ${b.id} and agent_id = ${agentAilleurs.id}`.execute(
        tx,
      ),
    )
  await set(true)
  assert.equal(await status('/agent/dossiers', agentAilleurs.cookie), 403)
  await set(false)
  assert.equal(await status('/agent/dossiers', agentAilleurs.cookie), 200)
  await retirerTout()
})

test('a delegation is refused to who works here or is unknown, without role or reason, past, backwards, too long, or with other roles', async () => {
  for (const [change, sentence] of [
    [{ courriel: agents.lecteur.courriel }, /travaille déjà ici/],
    [{ courriel: 'inconnue@ailleurs.example' }, /Aucun agent d’une autre collectivité/],
    [{ roles: ['administrateur'] }, /Cochez au moins un rôle/],
    [{ motif: ' ' }, /Écrivez pourquoi/],
    [jours('au', '2026-11-20'), /doit être à venir/],
    [jours('au', '2027-11-23'), /un an au plus/],
    [jours('au', '2026-02-31'), /le premier et le dernier jour/],
    // Closed since the page was made: it must not become « toutes ».
    [{ demarche: 'plus-proposee' }, /Cette démarche n’est plus proposée ici/],
    [{ service: 'Service supprimé' }, /Aucune démarche n’est plus confiée à ce service/],
  ] as const) {
    const answer = await post('/agent/delegations', { ...DELEGATION, ...(change as Record<string, string>) })
    assert.match(answer.body, sentence)
    assert.ok(answer.statusCode >= 400)
    assert.match(answer.body, 'courriel' in change ? /Congé de la secrétaire/ : new RegExp(agentAilleurs.courriel))
  }
  await post('/agent/delegations', DELEGATION)
  const other = await post('/agent/delegations', { ...DELEGATION, roles: ['decideur'], ...jours('au', '2026-12-27') })
  assert.equal(other.statusCode, 409)
  assert.equal((await post('/agent/delegations', { ...DELEGATION, demarche: 'restauration-scolaire' })).statusCode, 303)
  assert.equal(await status(dossier(siens.correction.id), agentAilleurs.cookie), 200)
  await retirerTout()
})

test('a closed démarche is still entrusted, one that the list cannot hold is named; words that are several or none are refused', async () => {
  const open = (isOpen: boolean) =>
    inTenant(app.db, a.id, tx =>
      sql`update demarche set est_ouverte = ${isOpen} where collectivite_id = ${a.id} and id = 'occupation-domaine-public'`.execute(tx),
    )
  await open(false)
  assert.match(
    (await get('/agent/delegations', ADMIN)).body,
    /value="occupation-domaine-public">[^<]*\(occupation-domaine-public, fermée\)</,
  )
  assert.equal((await post('/agent/delegations', DELEGATION)).statusCode, 303)
  assert.equal(await status(dossier(siens.depose.id), agentAilleurs.cookie), 200)
  await retirerTout()
  await open(true)
  const named = { ...DELEGATION, demarche: '' }
  assert.equal((await post('/agent/delegations', { ...named, autre: 'ACTE d’état civil' })).statusCode, 303)
  const [row] = (
    await inTenant(app.db, a.id, tx =>
      sql<{ id: string }>`select demarche_id as id from delegation where collectivite_id = ${a.id} and retiree_le is null`.execute(tx),
    )
  ).rows
  assert.equal(row!.id, 'acte-etat-civil')
  await retirerTout()
  for (const [autre, sentence] of [
    ['e', /Plusieurs démarches ont ces mots.*«/],
    ['aucune de ce nom', /Aucune démarche ne porte ce nom/],
  ] as const) {
    const refused = await post('/agent/delegations', { ...named, autre })
    assert.equal(refused.statusCode, 422)
    assert.match(refused.body, sentence)
  }
})

test('a dossier is not offered to a delegate who has left their own collectivité', async () => {
  await post('/agent/delegations', DELEGATION)
  const offered = async () =>
    (await get(`${dossier(siens.depose.id)}/attribution`, agents.instructeur.cookie)).body.includes(agentAilleurs.id)
  const set = (left: boolean) =>
    inTenant(app.db, b.id, tx =>
      sql`update habilitation set retiree_le = ${left ? clock.now() : null} where collectivite_id = ${b.id} and agent_id = ${agentAilleurs.id}`.execute(
        tx,
      ),
    )
  assert.ok(await offered())
  await set(true)
  assert.ok(!(await offered()))
  await set(false)
  await retirerTout()
})

test('the dossiers of a reserved service do not exist for who is not of its team', async () => {
  const service = await serviceOf(siens.depose.id)
  const adresse = `/agent/equipes?service=${encodeURIComponent(service)}`
  assert.equal((await post('/agent/equipes', { service, avant: '', membres: [], reservee: 'oui' })).statusCode, 422)
  assert.equal((await post('/agent/equipes', { service: 'Inconnu', avant: '', membres: [agents.instructeur.id] })).statusCode, 404)
  assert.equal((await post('/agent/equipes', { service, avant: '', membres: [agents.instructeur.id], reservee: 'oui' })).statusCode, 303)
  assert.match((await get(adresse, ADMIN)).body, new RegExp(`value="${agents.instructeur.id}" checked`))
  assert.equal(await status(dossier(), agents.instructeur.cookie), 200)
  for (const cookie of [agents.lecteur.cookie, agents.decideur.cookie]) {
    for (const path of [dossier(), `${dossier()}/pieces/${siens.depose.piece}`, `${dossier()}/documents/${siens.depose.document}`])
      assert.equal(await status(path, cookie), 404, path)
    assert.doesNotMatch((await get('/agent/dossiers', cookie)).body, new RegExp(siens.depose.id))
  }
  // A delegation of everything does not open it; one that names it does.
  await post('/agent/delegations', { ...DELEGATION, demarche: '' })
  assert.equal(await status(dossier(), agentAilleurs.cookie), 404)
  await post('/agent/delegations', { ...DELEGATION, demarche: '', service })
  assert.equal(await status(dossier(), agentAilleurs.cookie), 200)
  await retirerTout()
  // Nobody assigns it to who could not open it.
  assert.doesNotMatch((await get(`${dossier()}/attribution`, agents.instructeur.cookie)).body, /Agent decideur/)
  // Two people who save the same page: what each changed stays.
  for (const added of [agents.decideur.id, agents.lecteur.id])
    await post('/agent/equipes', {
      service,
      avant: agents.instructeur.id,
      membres: [agents.instructeur.id, added],
      reservee: 'oui',
      etaitReservee: 'oui',
    })
  for (const cookie of [agents.instructeur.cookie, agents.decideur.cookie, agents.lecteur.cookie])
    assert.equal(await status(dossier(), cookie), 200)
  // A page made before the team was reserved, saved since, does not open its dossiers to all.
  await post('/agent/equipes', { service, avant: agents.lecteur.id, membres: [] })
  assert.equal(await status(dossier(), agents.lecteur.cookie), 404)
  assert.equal(await status(dossier(), agents.instructeur.cookie), 200)
  await post('/agent/equipes', {
    service,
    avant: [agents.instructeur.id, agents.decideur.id].join(' '),
    membres: [],
    etaitReservee: 'oui',
  })
  assert.deepEqual((await journal('equipe.reserver')).length, 1)
  assert.deepEqual((await journal('equipe.ouvrir')).length, 1)
})

test('a dossier is given to a colleague, to oneself, to nobody, to another service; never to who may not handle it', async () => {
  const id = siens.depose.id
  const version = async () =>
    String(
      (
        await inTenant(app.db, a.id, tx =>
          sql<{ v: number }>`select version as v from dossier where collectivite_id = ${a.id} and id = ${id}`.execute(tx),
        )
      ).rows[0]!.v,
    )
  const agentOf = async () =>
    (
      await inTenant(app.db, a.id, tx =>
        sql<{ g: string }>`select agent_id as g from dossier where collectivite_id = ${a.id} and id = ${id}`.execute(tx),
      )
    ).rows[0]!.g
  const act = async (what: string, fields: Record<string, string>) =>
    post(`${dossier()}/${what}`, { version: await version(), ...fields }, agents.instructeur.cookie)
  assert.equal((await act('attribution', { agent: agents.decideur.id })).statusCode, 303)
  assert.equal(await agentOf(), agents.decideur.id)
  for (const wrong of [agents.lecteur.id, agents.administrateur.id, agentAilleurs.id, 'x'])
    assert.equal((await act('attribution', { agent: wrong })).statusCode, 422)
  assert.equal((await act('attribution', { agent: 'moi' })).statusCode, 303)
  assert.equal(await agentOf(), agents.instructeur.id)
  assert.equal((await act('attribution', { agent: '' })).statusCode, 303)
  assert.equal(await agentOf(), null)
  assert.equal((await post(`${dossier()}/attribution`, { version: '1', agent: 'moi' }, agents.instructeur.cookie)).statusCode, 409)

  const service = await serviceOf(siens.correction.id)
  assert.equal((await act('service', { service, motif: '' })).statusCode, 422)
  assert.equal((await act('service', { service: 'Inconnu', motif: 'Erreur' })).statusCode, 422)
  assert.equal((await act('service', { service, motif: 'Erreur d’aiguillage' })).statusCode, 303)
  assert.equal(await serviceOf(id), service)
  assert.match((await get(dossier(), agents.instructeur.cookie)).body, /Erreur d’aiguillage/)
  assert.doesNotMatch((await get(`/dossiers/${id}`, monde.titulaire.cookie)).body, /Erreur d’aiguillage/)
  assert.equal((await post(`${dossier()}/suivi`, { suivre: 'oui' }, agents.lecteur.cookie)).statusCode, 303)
  assert.equal((await post(`${dossier()}/suivi`, { suivre: 'non' }, agents.lecteur.cookie)).statusCode, 303)
})

test('a dossier passed to a service that its agent may not see is in charge of nobody, not of somebody who cannot open it', async () => {
  const id = siens.depose.id
  const read = async () =>
    (
      await inTenant(app.db, a.id, tx =>
        sql<{ v: number; g: string | null; s: string }>`select version as v, agent_id as g, service as s from dossier
          where collectivite_id = ${a.id} and id = ${id}`.execute(tx),
      )
    ).rows[0]!
  const here = (await read()).s
  const there = (
    await inTenant(app.db, a.id, tx =>
      sql<{
        s: string
      }>`select distinct service as s from dossier where collectivite_id = ${a.id} and service is not null and service <> ${here}`.execute(
        tx,
      ),
    )
  ).rows[0]!.s
  await post('/agent/equipes', { service: there, avant: '', membres: [agents.decideur.id], reservee: 'oui' })
  const act = async (what: string, fields: Record<string, string>) =>
    post(`${dossier()}/${what}`, { version: String((await read()).v), ...fields }, agents.instructeur.cookie)
  assert.equal((await act('attribution', { agent: 'moi' })).statusCode, 303)
  const passed = await act('service', { service: there, motif: 'Relève de ce service' })
  assert.equal(passed.statusCode, 303)
  assert.match(String(passed.headers.location), /\/agent\/dossiers\?fait=service$/)
  assert.deepEqual(await read().then(({ g, s }) => [g, s]), [null, there])
  await post('/agent/equipes', { service: there, avant: agents.decideur.id, membres: [], etaitReservee: 'oui' })
})
