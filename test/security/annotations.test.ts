import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { demarche, formulaireDesAgents, garderDefinition, type Modele } from '../../src/modules/demarches/index.ts'
import { decider } from '../../src/modules/dossiers/commands/instruire.ts'
import { casDuDossier } from '../../src/modules/dossiers/queries/cas.ts'
import { inTenant } from '../../src/platform/db/open.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { type Dossiers, ouvrirMonde } from './monde.ts'

const monde = await ouvrirMonde()
const { app, a, agents, clock } = monde
const CANARI = 'CANARI-DES-AGENTS'
const QUESTION = 'Constat de la visite'
const dans = <T>(work: Parameters<typeof inTenant<T>>[2]) => inTenant(app.db, a.id, work)
let siens: Dossiers
let id: string

before(async () => {
  await dans(async tx => {
    const { modele, revision } = (await demarche(tx, a.id, 'occupation-domaine-public'))!
    const reservee: Modele['formulaire']['etapes'][number] = {
      id: 'constat',
      titre: 'Constat du service',
      reservee: true,
      champs: [
        { id: 'constatVisite', type: 'oui_non', libelle: 'Visite faite' },
        {
          id: 'constatTexte',
          type: 'texte_long',
          libelle: QUESTION,
          visibleSi: { op: '=', termes: [{ champ: 'constatVisite' }, { constante: true }] },
        },
      ],
    }
    const definition = { ...modele, formulaire: { ...modele.formulaire, etapes: [...modele.formulaire.etapes, reservee] } }
    const empreinte = await garderDefinition(tx, definition)
    await sql`update demarche set empreinte = ${empreinte}, revision = ${revision + 1} where collectivite_id = ${a.id} and id = 'occupation-domaine-public'`.execute(
      tx,
    )
    assert.ok(await formulaireDesAgents(tx, empreinte))
  })
  siens = await monde.encore()
  id = siens.depose.id
})

const get = (path: string, cookie = '') => monde.demander({ url: `${a.base}${path}`, cookie })
const page = () => get(`/agent/dossiers/${id}`, agents.instructeur.cookie)
const version = async () =>
  (await dans(tx => sql<{ v: number }>`select version as v from dossier where collectivite_id = ${a.id} and id = ${id}`.execute(tx)))
    .rows[0]!.v
const annoter = async (fields: Record<string, string>, cookie = agents.instructeur.cookie, at?: number) =>
  monde.demander({
    method: 'POST',
    url: `${a.base}/agent/dossiers/${id}/annotations/constat`,
    cookie,
    fields: { _cle: newSecret(), version: String(at ?? (await version())), ...fields },
  })
const deciderCe = () =>
  dans(async tx =>
    decider((await casDuDossier(app, tx, a, id, { nature: 'agent', id: agents.decideur.id, canal: 'web' }))!, 'accepter', ''),
  )

test('agents note on the page of the dossier, conditions hold, and mistakes come back with what was typed', async () => {
  const shown = await page()
  assert.match(shown.body, /Constat du service \(1 à compléter\)/)
  assert.match(shown.body, /À remplir seulement si/)
  assert.equal((await annoter({}, agents.lecteur.cookie)).statusCode, 403)
  const empty = await annoter({})
  assert.equal(empty.statusCode, 422)
  assert.match(empty.body, /href="#constatVisite/)
  assert.equal((await annoter({ constatVisite: 'oui' })).statusCode, 422) // what happened must be said, now that there was a visit
  const done = await annoter({ constatVisite: 'oui', constatTexte: CANARI })
  assert.equal(done.statusCode, 303, done.body)
  assert.match((await page()).body, new RegExp(CANARI))
  const before = await version()
  assert.equal((await annoter({ constatVisite: 'oui', constatTexte: CANARI })).statusCode, 303)
  assert.equal(await version(), before, 'the same annotations again are no event')
  const stale = await annoter({ constatVisite: 'oui', constatTexte: 'Écrit pendant ce temps' }, undefined, before - 1)
  assert.equal(stale.statusCode, 409)
  assert.match(stale.body, /Écrit pendant ce temps/)
})

test('no decision while an annotation misses, and the refusal names it', async () => {
  await annoter({ constatVisite: 'non' })
  await dans(tx => sql`update dossier set annotations = '{}' where collectivite_id = ${a.id} and id = ${id}`.execute(tx))
  const refused = await deciderCe()
  assert.ok(!refused.ok && refused.refusal.code === 'annotations')
  assert.match(refused.refusal.sentence, /Visite faite/)
  await annoter({ constatVisite: 'oui', constatTexte: CANARI })
  const shown = await get(`/agent/dossiers/${id}/acceptation`, agents.decideur.cookie)
  assert.equal(shown.statusCode, 200)
})

test('no page, document, file or API of residents says what is reserved to agents, before or after the decision', async () => {
  const look = async () => {
    const paths = [
      ...[`/dossiers/${id}`, `/dossiers/${id}/accuse`, `/mes-dossiers`, `/brouillons/${siens.brouillon.id}/verification`],
      ...[
        '/demarches/occupation-domaine-public',
        '/demarches/occupation-domaine-public/papier',
        '/demarches/occupation-domaine-public/commencer',
      ],
      ...['/api/v1/demarches', '/api/v1/demarches/occupation-domaine-public', `/brouillons/${siens.brouillon.id}/etapes/constat`],
    ]
    for (const path of paths) {
      const { body } = await get(path, monde.titulaire.cookie)
      for (const secret of [CANARI, QUESTION, 'Constat du service', 'constatTexte', 'Annotations mises à jour'])
        assert.ok(!body.includes(secret), `${secret} in ${path}`)
    }
  }
  await look()
  assert.ok((await deciderCe()).ok)
  await look()
  const { rows } = await dans(tx => sql<{ t: string }>`select (texte || html) as t from envoi where collectivite_id = ${a.id}`.execute(tx))
  assert.ok(rows.every(({ t }) => !t.includes(CANARI)))
  // What the journal and the outbox keep is a fingerprint, never the words.
  for (const table of ['journal', 'evenement', 'sortie', 'graphile_worker._private_jobs']) {
    const found = await monde.admin.query(`select 1 from ${table} x where x::text like '%${CANARI}%'`)
    assert.equal(found.rows.length, 0, table)
  }
  clock.set('2026-11-21T09:30:00Z')
})

test('a trial of the form, a new draft and the paper have the person’s questions only', async () => {
  const papier = await get('/agent/demarches/occupation-domaine-public/edition/papier', agents.administrateur.cookie)
  assert.equal(papier.statusCode, 200)
  assert.doesNotMatch(papier.body, new RegExp(QUESTION))
  const plan = await get('/agent/demarches/occupation-domaine-public/edition', agents.administrateur.cookie)
  assert.match(plan.body, /Réservée aux agents/)
})

test('the editor keeps what is reserved through a change and a publication', async () => {
  const base = '/agent/demarches/occupation-domaine-public'
  const edit = async (path: string, fields: Record<string, string>) => {
    const shown = await get(`${base}${path}`, agents.administrateur.cookie)
    const hidden = Object.fromEntries(
      [...shown.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(match => [match[1]!, match[2]!] as const),
    )
    return monde.demander({
      method: 'POST',
      url: `${a.base}${base}${path}`,
      cookie: agents.administrateur.cookie,
      fields: { ...hidden, ...fields },
    })
  }
  const changed = await edit('/edition/etapes/constat', {
    'E-titre': 'Constat sur place',
    'E-reservee': 'oui',
    'E-repetee': 'non',
    'C-mode': 'toujours',
  })
  assert.equal(changed.statusCode, 303, changed.body)
  const published = await edit('/publication', {})
  assert.equal(published.statusCode, 303, published.body)
  const after = await dans(async tx => {
    const offre = (await demarche(tx, a.id, 'occupation-domaine-public'))!
    return { titres: offre.modele.formulaire.etapes.map(({ titre }) => titre), entier: await formulaireDesAgents(tx, offre.definition) }
  })
  assert.ok(!after.titres.includes('Constat sur place'))
  assert.equal(after.entier?.etapes.at(-1)?.titre, 'Constat sur place')
  assert.equal(after.entier?.etapes.at(-1)?.reservee, true)
})
