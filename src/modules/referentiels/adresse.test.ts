import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isInternal as estInterne } from '../../platform/http-out/addresses.ts'
import { cleDeVoie, decouperAdresse } from './adresse.ts'
import { type Api, adresseDeLApi, lireReponse, schemaApi } from './api.ts'
import { bornesDeBal, lireBal } from './bal.ts'
import { lireTable } from './csv.ts'

test('an address as people type it is taken apart', () => {
  const of = (typed: string) => {
    const { voie, numero, suffixe, codePostal, commune } = decouperAdresse(typed)
    return [numero, suffixe, voie, codePostal, commune]
  }
  assert.deepEqual(of('12 bis, r. du Moulin, 14500 Vire'), [12, 'bis', 'rue du moulin', '14500', 'vire'])
  assert.deepEqual(of('12B RUE DU MOULIN'), [12, 'b', 'rue du moulin', '', ''])
  assert.deepEqual(of('3 l’Orée du Bois'), [3, '', 'l oree du bois', '', ''])
  assert.deepEqual(of('8 mai 1945'), [null, '', '8 mai 1945', '', ''])
  assert.deepEqual(of('4 rue du 8 mai 1945'), [4, '', 'rue du 8 mai 1945', '', ''])
  assert.deepEqual(of('bd de la Libération'), [null, '', 'boulevard de la liberation', '', ''])
  assert.deepEqual(of('14500'), [null, '', '', '14500', ''])
  assert.deepEqual(of(''), [null, '', '', '', ''])
  assert.equal(cleDeVoie('Impasse du Cœur-Sacré'), 'impasse du coeur sacre')
})

const titres = 'cle_interop;uid_adresse;voie_nom;numero;suffixe;commune_insee;commune_nom;position;x;y;long;lat;certification_commune'
const bal = (...lines: string[]) =>
  lireBal(lireTable(Buffer.from([titres, ...lines].join('\n')), bornesDeBal), code => (code === '14584' ? '14762' : code))

test('an address file is read, and certain repairs are told', () => {
  const read = bal(
    '14762_0420_00012;;Rue du Moulin;12;;14762;Vire Normandie;segment;0;0;-0,88;48,83;1',
    '14762_0420_00012;;Rue du Moulin;12;;14762;Vire Normandie;entrée;0;0;-0.89;48.84;1',
    '14762_0420_00012_bis;;Rue du Moulin;12;BIS;14762;Vire Normandie;;0;0;;;1',
    '14762_b123_99999;;La Blanchardière;99999;;14584;Vire Normandie;;0;0;-0.9;48.8;0',
  )
  assert.ok(read.ok, JSON.stringify(read))
  assert.deepEqual(
    read.voies.map(({ nom, code, numeros, lat }) => [nom, code, [...numeros.keys()], lat]),
    [
      ['Rue du Moulin', '14762', ['12', '12bis'], null],
      ['La Blanchardière', '14762', [], 48.8],
    ],
  )
  assert.equal(read.voies[0]!.numeros.get('12')?.lat, 48.84, 'the entrance wins')
  assert.equal(read.notes.length, 4, read.notes.join('\n'))
})

test('an address file: every wrong line is told', () => {
  const read = bal(
    'x;;Rue;1;;1476;V;;;;0;0;1',
    'x;;;1;;14762;V;;;;0;0;1',
    'x;;Rue;douze;;14762;V;;;;0;0;1',
    'x;;Rue;1;;14762;V;;;;200;0;1',
    'x;;Rue;12345;;14762;V;;;;0;0;1',
    'x;;Rue;1;;147;V;;;;0;0;1',
  )
  assert.ok(!read.ok)
  assert.deepEqual(
    read.problemes.map(({ ligne }) => ligne),
    [3, 4, 5, 6, 7],
  )
  const other = lireBal(lireTable(Buffer.from('a;b\n1;2\n'), bornesDeBal), code => code)
  assert.ok(!other.ok && /Base Adresse Locale/.test(other.problemes[0]!.message))
})

test('private, local and reserved addresses are internal, in every way of writing them', () => {
  const inside = [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'ff02::1',
    'localhost',
    '',
  ] // prettier-ignore
  for (const address of inside) assert.ok(estInterne(address), address)
  for (const address of ['8.8.8.8', '172.32.0.1', '193.0.0.1', '2001:4860:4860::8888', '2a00::1']) assert.ok(!estInterne(address), address)
})

const api: Api = {
  url: 'https://exemple.fr/a?q={cle}',
  entete: '',
  resultats: 'data.liste',
  cle: 'id',
  libelle: 'nom.court',
  valeurs: [{ nom: 'Commune', chemin: 'lieux.0.ville' }],
}

test('the answer of an API is read by its mapping, whatever it is', () => {
  const found = lireReponse(api, {
    data: { liste: [{ id: 7, nom: { court: 'Arrêt\u0000 A' }, lieux: [{ ville: 'Vire' }] }, { id: 8 }, null, 3] },
  })
  assert.deepEqual(found, [{ cle: '7', libelle: 'Arrêt A', valeurs: { Commune: 'Vire' } }])
  for (const json of [null, 3, 'x', [], {}, { data: 1 }, { data: { liste: 'x' } }, { __proto__: { data: 1 } }])
    assert.deepEqual(lireReponse(api, json), [])
  assert.equal(lireReponse({ ...api, resultats: '', libelle: 'id', valeurs: [] }, { id: 'seul' }).length, 1)
  assert.equal(adresseDeLApi(api, 'a&b=é/..')?.href, 'https://exemple.fr/a?q=a%26b%3D%C3%A9%2F..')
})

test('what a resident types never leads to another path of the API, which has our secret', () => {
  const at = (url: string, typed: string) => adresseDeLApi({ ...api, url }, typed)?.href
  assert.equal(at('https://exemple.fr/v1/{cle}', 'rue d’été'), 'https://exemple.fr/v1/rue%20d%E2%80%99%C3%A9t%C3%A9')
  assert.equal(at('https://exemple.fr/v1/{cle}', '../comptes'), 'https://exemple.fr/v1/..%2Fcomptes')
  for (const typed of ['..', '.', ''])
    assert.equal(at('https://exemple.fr/v1/{cle}/lignes', typed) ?? '', typed ? '' : 'https://exemple.fr/v1//lignes')
  for (const typed of ['..', '.']) assert.equal(at('https://exemple.fr/{cle}', typed), undefined, typed)
  assert.equal(at('https://exemple.fr/v1/{cle}.', '.'), undefined)
  assert.equal(at('https://exemple.fr/v1?q={cle}', '..'), 'https://exemple.fr/v1?q=..')
})

test('an API must be an https address whose host nobody chooses by typing', () => {
  const isTaken = (url: string) => schemaApi.safeParse({ ...api, url }).success
  assert.ok(isTaken('https://exemple.fr/{cle}'))
  for (const url of [
    'http://exemple.fr/{cle}',
    'https://{cle}.exemple.fr/',
    'https://exemple.fr/',
    'https://u:p@exemple.fr/{cle}',
    'javascript:{cle}',
    'https:{cle}',
    '',
  ])
    assert.ok(!isTaken(url), url)
  assert.ok(!schemaApi.safeParse({ ...api, entete: 'Host' }).success)
  assert.ok(!schemaApi.safeParse({ ...api, cle: 'a..b' }).success)
})
