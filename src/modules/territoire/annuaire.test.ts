import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { stoppedClock } from '../../platform/clock.ts'
import { inTenant } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { newId } from '../../platform/ids.ts'
import { lireFiche } from './annuaire.ts'
import { importerAnnuaire } from './commands/importer-annuaire.ts'

const database = await testDatabase()
const clock = stoppedClock('2026-03-02T09:00:00Z')
const commune = newId()
await sql`insert into collectivite (id, nature, nom, chemin, code, ouverte_le) values (${commune}, 'commune', 'Valnoir', 'valnoir', '14999', now())`.execute(
  database.owner.kysely,
)

// The shape of the national directory; a fictional mairie.
const fiche = {
  nom: 'Mairie - Valnoir',
  code_insee_commune: '14999',
  pivot: [{ type_service_local: 'mairie', code_insee_commune: ['14999'] }],
  adresse: [
    {
      type_adresse: 'Adresse',
      complement1: '',
      complement2: '',
      numero_voie: '1 place de la Fontaine',
      code_postal: '14990',
      nom_commune: 'Valnoir',
    },
  ],
  telephone: [{ valeur: '02 61 91 00 12', description: '' }],
  adresse_courriel: ['mairie@valnoir.example'],
  site_internet: [{ libelle: '', valeur: 'https://valnoir.example' }],
  plage_ouverture: [
    {
      nom_jour_debut: 'Lundi',
      nom_jour_fin: 'Jeudi',
      valeur_heure_debut_1: '09:00:00',
      valeur_heure_fin_1: '12:00:00',
      valeur_heure_debut_2: '13:30:00',
      valeur_heure_fin_2: '17:00:00',
      commentaire: '',
    },
    {
      nom_jour_debut: 'Vendredi',
      nom_jour_fin: 'Vendredi',
      valeur_heure_debut_1: '09:00:00',
      valeur_heure_fin_1: '12:00:00',
      valeur_heure_debut_2: '',
      valeur_heure_fin_2: '',
      commentaire: 'sur rendez-vous',
    },
  ],
}
const expected = {
  adresse: '1 place de la Fontaine',
  codePostal: '14990',
  ville: 'Valnoir',
  telephone: '02 61 91 00 12',
  courriel: 'mairie@valnoir.example',
  site: 'https://valnoir.example',
  horaires: 'Lundi au jeudi : 9 h – 12 h, 13 h 30 – 17 h\nVendredi : 9 h – 12 h (sur rendez-vous)',
}
const asTexts = Object.fromEntries(
  Object.entries(fiche).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
)

test('an entry is read as the archive gives it, and as the API gives it', () => {
  assert.deepEqual(lireFiche(fiche), { nature: 'commune', code: '14999', contact: expected })
  assert.deepEqual(lireFiche({ ...asTexts, adresse_courriel: 'mairie@valnoir.example' })?.contact, expected)
})

test('what is not a mairie, or lacks everything, is left out or left unknown', () => {
  for (const entry of [null, 3, 'x', [], {}, { ...fiche, pivot: [{ type_service_local: 'gendarmerie', code_insee_commune: ['14999'] }] }])
    assert.equal(lireFiche(entry), undefined)
  const bare = lireFiche({
    pivot: '[{"type_service_local":"mairie","code_insee_commune":["14999"]}]',
    adresse: 'not json',
    telephone: null,
  })
  assert.deepEqual(bare?.contact, {
    adresse: null,
    codePostal: null,
    ville: null,
    telephone: null,
    courriel: null,
    site: null,
    horaires: null,
  })
})

test('an import fills what is unknown, again changes what it filled, and leaves what an agent wrote', async () => {
  assert.deepEqual(
    await importerAnnuaire(database.owner, clock, {
      service: [fiche, { ...fiche, pivot: [{ type_service_local: 'mairie', code_insee_commune: ['75056'] }] }, { nom: 'autre' }],
    }),
    {
      lues: 2,
      appliquees: 1,
      gardees: 0,
      ailleurs: 1,
    },
  )
  const read = () =>
    inTenant(database.app, commune, tx =>
      sql<{ telephone: string }>`select telephone from reglage where collectivite_id = ${commune}`.execute(tx),
    )
  assert.equal((await read()).rows[0]?.telephone, '02 61 91 00 12')
  assert.equal((await importerAnnuaire(database.owner, clock, [{ ...fiche, telephone: [{ valeur: '02 61 91 00 13' }] }])).appliquees, 1)
  await inTenant(database.app, commune, tx => sql`update reglage set source = 'agent', telephone = '02 61 91 99 99'`.execute(tx))
  assert.equal((await importerAnnuaire(database.owner, clock, [fiche])).gardees, 1)
  assert.equal((await read()).rows[0]?.telephone, '02 61 91 99 99')
  await assert.rejects(importerAnnuaire(database.owner, clock, { autre: 1 }), /Ce fichier n’est pas l’annuaire/)
})
