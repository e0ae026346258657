import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { newId } from '../../../platform/ids.ts'
import { autresDossiers, doublonsDe } from '../queries/autres-dossiers.ts'
import { dossierParId } from '../queries/dossier.ts'
import { VUES_AU_PLUS, vueParDefaut, vueParId, vuesDe } from '../queries/vues.ts'
import { TOUT } from '../recherche/choix.ts'
import { ouvrirMairie } from '../testing.ts'
import { choisirVueParDefaut, garderVue, type Proprietaire, renommerVue, retablirVue, supprimerVue } from './vues.ts'

const database = await testDatabase()
const { app, collectivite, agents, deposerUn } = await ouvrirMairie(database)
const ailleurs = await ouvrirMairie(database, 'autre')
const c = collectivite.id
const voit = { sauf: [], seulement: null }

const comme = <T>(agentId: string, work: (qui: Proprietaire) => Promise<T>, collectiviteId = c): Promise<T> =>
  inTenant(app.db, collectiviteId, tx => work({ app, tx, collectiviteId, agentId }))
const une = (nom: string, more = {}) => ({ nom, choix: { ...TOUT, q: 'martin' }, estPartagee: false, estParDefaut: false, ...more })
const garder = async (agentId: string, nom: string, more = {}) => {
  const kept = await comme(agentId, qui => garderVue(qui, une(nom, more)))
  assert.ok(kept.ok)
  return kept.value
}
const noms = async (agentId: string) => (await inTenant(app.db, c, tx => vuesDe(tx, c, agentId))).map(({ nom }) => nom)

test('a view is one’s own unless it is shared; only its owner changes it; elsewhere it does not exist', async () => {
  const mine = await garder(agents[0], 'À moi')
  const shared = await garder(agents[0], 'À tous', { estPartagee: true })
  assert.deepEqual(await noms(agents[0]), ['À moi', 'À tous'])
  assert.deepEqual(await noms(agents[1]), ['À tous'])
  for (const id of [mine, shared]) {
    assert.equal((await comme(agents[1], qui => renommerVue(qui, id, 'Volée'))).ok, false)
    assert.equal((await comme(agents[1], qui => supprimerVue(qui, id))).ok, false)
    assert.equal((await comme(agents[0], qui => supprimerVue(qui, id), ailleurs.collectivite.id)).ok, false)
    assert.equal(await inTenant(app.db, ailleurs.collectivite.id, tx => vueParId(tx, ailleurs.collectivite.id, agents[0], id)), undefined)
  }
  assert.equal((await comme(agents[1], qui => choisirVueParDefaut(qui, mine))).ok, false)
  assert.ok((await comme(agents[1], qui => choisirVueParDefaut(qui, shared))).ok)
  assert.equal(await inTenant(app.db, c, tx => vueParDefaut(tx, c, agents[1])), shared)
  // No longer shared, it is nobody else's first page.
  await garder(agents[0], 'À tous')
  assert.equal(await inTenant(app.db, c, tx => vueParDefaut(tx, c, agents[1])), undefined)
})

test('saved again under its name, it is changed; twice at once, there is one', async () => {
  const ids = await Promise.all([1, 2, 3].map(rang => garder(agents[0], 'Ensemble', { choix: { ...TOUT, q: `essai ${rang}` } })))
  assert.equal(new Set(ids).size, 1)
  assert.equal((await noms(agents[0])).filter(nom => nom === 'Ensemble').length, 1)
})

test('deleted, it is taken back, unless its name was given to another; names are not taken twice', async () => {
  const id = await garder(agents[0], 'Un temps')
  assert.ok((await comme(agents[0], qui => supprimerVue(qui, id))).ok)
  assert.ok((await comme(agents[0], qui => retablirVue(qui, id))).ok)
  assert.ok((await comme(agents[0], qui => supprimerVue(qui, id))).ok)
  const other = await garder(agents[0], 'Un temps')
  const again = await comme(agents[0], qui => retablirVue(qui, id)).catch(() => null)
  assert.ok(again === null || !again.ok)
  await garder(agents[0], 'Déjà là')
  const taken = await comme(agents[0], qui => renommerVue(qui, other, 'Déjà là')).catch(() => null)
  assert.ok(taken === null || (!taken.ok && taken.refusal.code === 'vue_nom_pris'))
  assert.equal((await comme(agents[0], qui => renommerVue(qui, other, ''))).ok, false)
})

test('a view of another version of the program, or broken, still opens', async () => {
  const id = newId()
  for (const choix of ['{"q":"martin","inconnu":1}', '{"etat":"nul"}', '[]', '"x"', '{"champs":[{"champ":"1"}]}']) {
    await inTenant(app.db, c, tx =>
      sql`insert into vue (collectivite_id, id, agent_id, est_partagee, nom, choix, modifiee_le) values (${c}, ${id}, ${agents[1]}, false, 'Vieille', ${choix}::jsonb, now())
        on conflict (collectivite_id, id) do update set choix = excluded.choix`.execute(tx),
    )
    assert.deepEqual((await inTenant(app.db, c, tx => vueParId(tx, c, agents[1], id)))?.choix, TOUT, choix)
  }
})

test('thirty views, no more', async () => {
  for (let rang = (await noms(agents[1])).length; rang < VUES_AU_PLUS; rang++) await garder(agents[1], `Vue ${rang}`)
  const refused = await comme(agents[1], qui => garderVue(qui, une('Une de trop')))
  assert.ok(!refused.ok && refused.refusal.code === 'vues_trop_nombreuses')
  await garder(agents[1], 'Vue 29')
})

test('the person’s other dossiers: by e-mail or by name and address, within what the agent may see; twice the same démarche is told', async () => {
  const [first, again, other, stranger] = [await deposerUn(), await deposerUn(), await deposerUn('acte-etat-civil'), await deposerUn()]
  await inTenant(app.db, c, tx =>
    sql`update dossier set demandeur_courriel = 'autre@exemple.fr', demandeur_nom = 'Quelqu’un', cle_nom = 'quelqu un' where collectivite_id = ${c} and id = ${stranger}`.execute(
      tx,
    ),
  )
  // Another address, the same name: the answers tell that it is the same person.
  await inTenant(app.db, c, tx =>
    sql`update dossier set demandeur_courriel = null where collectivite_id = ${c} and id = ${again}`.execute(tx),
  )
  const read = async (portee: Parameters<typeof autresDossiers>[3]) =>
    inTenant(app.db, c, async tx => autresDossiers(tx, c, (await dossierParId(tx, c, first!))!, portee))
  const found = await read(voit)
  assert.ok(found.some(({ id, estPeutEtreDoublon }) => id === again && estPeutEtreDoublon))
  assert.ok(!found.some(({ id }) => id === stranger || id === first))
  const acte = found.find(({ id }) => id === other)
  if (acte) assert.equal(acte.estPeutEtreDoublon, false)
  assert.deepEqual(await read({ sauf: [], seulement: [] }), [])
  const doubles = await inTenant(app.db, c, async tx => doublonsDe(tx, c, (await dossierParId(tx, c, first!))!, voit))
  assert.deepEqual(
    doubles.map(({ id }) => id),
    [again],
  )
})
