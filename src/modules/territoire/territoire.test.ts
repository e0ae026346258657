import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { App } from '../../platform/app.ts'
import { stoppedClock } from '../../platform/clock.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { PublicCache } from '../../platform/http/public-cache.ts'
import { ouvrirTerritoire } from './commands/ouvrir-territoire.ts'
import { cheminsPour, cleDeNom } from './nom.ts'
import { chercherCommunes } from './queries/chercher.ts'
import { enPhrases } from './registre/differences.ts'
import { planifier } from './registre/plan.ts'
import { lireRegistre, type Registre } from './registre/sources.ts'

const database = await testDatabase()
const clock = stoppedClock('2026-03-02T09:00:00Z')
const registre = lireRegistre()
const open = (edition: Registre, code = '200068799') => ouvrirTerritoire(database.owner, clock, edition, code, { demonstration: true })

test('names are looked for without accents, hyphens or abbreviations', () => {
  for (const typed of ['St-Martin-d’Hères', 'saint martin d heres', "SAINT MARTIN D'HERES", ' Saint‐Martin d’Hères '])
    assert.equal(cleDeNom(typed), 'saint martin d heres')
  assert.equal(cleDeNom('L’Haÿ-les-Roses'), 'l hay les roses')
  assert.equal(cleDeNom('Œting'), 'oeting')
  assert.equal(cleDeNom('\ud800🎉'), '')
})

test('each address is its own, reserved words included', () => {
  const places = [
    { key: '1', nom: 'Saint-Denis', departement: '93', code: '93066' },
    { key: '2', nom: 'Saint-Denis', departement: '974', code: '97411' },
    { key: '3', nom: 'Santé', departement: '14', code: '14999' },
    { key: '4', nom: 'Vire Normandie', departement: '14', code: '14762' },
  ]
  assert.deepEqual([...cheminsPour(places).values()], ['saint-denis-93', 'saint-denis-974', 'sante-14', 'vire-normandie'])
})

test('the codes accepted, and a sentence for the others', () => {
  const count = (code: string) => {
    const planned = planifier(registre, code)
    assert.ok(planned.ok, code)
    return planned.value.collectivites.filter(c => c.nature === 'commune').length
  }
  assert.equal(count('200068799'), 17)
  assert.equal(count('33'), registre.communes.filter(c => c.departement === '33' && c.type === 'commune-actuelle').length)
  assert.equal(count('2a'), registre.communes.filter(c => c.departement === '2A' && c.type === 'commune-actuelle').length)
  assert.equal(count(' 14762, 14061 '), 2)
  assert.equal(count('France'), 34969)
  for (const [typed, near] of [
    ['200068798', '200068799'],
    ['vire', '14762'],
    ['99', '9'],
    ['14763', '14762'],
    ['', 'SIREN'],
    ["'; drop", 'SIREN'],
  ]) {
    const refused = planifier(registre, typed!)
    assert.ok(!refused.ok, typed)
    assert.match(refused.refusal.sentence, new RegExp(near!))
  }
})

test('opening twice changes nothing', async () => {
  const first = await open(registre)
  assert.ok(first.ok && first.value.collectivites === 18)
  const before = await sql`select * from collectivite order by id`.execute(database.owner.kysely)
  const second = await open(registre)
  assert.ok(second.ok)
  assert.deepEqual(enPhrases(second.value.differences), [])
  assert.deepEqual((await sql`select * from collectivite order by id`.execute(database.owner.kysely)).rows, before.rows)
  const linked = await sql<{ n: number }>`select count(*)::int as n from collectivite c join collectivite e on e.id = c.epci_id`.execute(
    database.owner.kysely,
  )
  assert.equal(linked.rows[0]!.n, 17)
})

test('a newer register: a commune renamed, another merged, nothing lost', async () => {
  const merged = registre.communes.find(c => c.code === '14352' && c.type === 'commune-actuelle')!
  const edition: Registre = {
    ...registre,
    version: 'essai',
    communes: registre.communes
      .filter(c => c !== merged)
      .map(c =>
        c.code === '14762' && c.type === 'commune-actuelle'
          ? { ...c, nom: 'Vire en Bocage', anciensCodes: [...(c.anciensCodes ?? []), merged.code] }
          : c,
      ),
  }
  const result = await open(edition)
  assert.ok(result.ok)
  assert.deepEqual(enPhrases(result.value.differences), [
    'Vire Normandie s’appelle désormais Vire en Bocage.',
    `${merged.nom} fait désormais partie de Vire en Bocage : sa place y conduit, ses dossiers sont gardés.`,
  ])
  const rows = await sql<{
    chemin: string
    ferme: boolean
    vers: string | null
  }>`select c.chemin, c.fermee_le is not null as ferme, r.nom as vers
    from collectivite c left join collectivite r on r.id = c.remplacee_par where c.code in ('14352', '14762') order by c.code`.execute(
    database.owner.kysely,
  )
  assert.deepEqual(rows.rows[0], { chemin: cleDeNom(merged.nom).replaceAll(' ', '-'), ferme: true, vers: 'Vire en Bocage' })
  assert.deepEqual(rows.rows[1], { chemin: 'vire-normandie', ferme: false, vers: null })
  const again = await open(edition)
  assert.ok(again.ok)
  assert.deepEqual(enPhrases(again.value.differences), [])
})

test('a commune is found by name, old name, postcode and with a typing mistake', async () => {
  const app = { db: database.app, cache: new PublicCache() } as unknown as App
  const first = async (typed: string) => (await chercherCommunes(app, typed)).trouvees[0]
  assert.equal((await first('vire'))?.chemin, 'vire-normandie')
  assert.equal((await first('14500'))?.chemin, 'vire-normandie')
  assert.equal((await first('Truttemer le Grand'))?.trouveePar, 'Truttemer-le-Grand')
  assert.equal((await first('Suleuvre en bocage'))?.nom, 'Souleuvre en Bocage')
  assert.equal((await first('CONDE EN NORMENDIE'))?.nom, 'Condé-en-Normandie')
  for (const typed of ['', '%', 'zzzzzzzz', '\u0000', '99999', "'"])
    assert.deepEqual((await chercherCommunes(app, typed)).trouvees, [], typed)
})
