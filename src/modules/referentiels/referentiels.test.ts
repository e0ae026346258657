import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { testApp } from '../../platform/app.testing.ts'
import { stoppedClock } from '../../platform/clock.ts'
import { inTenant, readInTenant, type Tx } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { newId } from '../../platform/ids.ts'
import type { Trouvaille } from '../formulaires/index.ts'
import { type Collectivite, collectiviteParId, registre as registres } from '../territoire/index.ts'
import type { Api } from './api.ts'
import { type Auteur, ajouterListe, choisirColonnes, declarerApi, remplacerListe, supprimerListe } from './commands/enregistrer-liste.ts'
import { lireTable } from './csv.ts'
import { demanderEnBoucle, demanderJson } from './exterieur/demander-json.ts'
import { chargerRegistres, chercheurDe, importerAdresses, listesDe } from './index.ts'
import { bornesDeListe, composer, type Liste } from './liste.ts'
import { pageDeLignes } from './queries/listes.ts'
import { ouvrirSecret, scellerSecret } from './secret.ts'

const database = await testDatabase()
const clock = stoppedClock('2026-11-21T09:30:00Z')
const app = testApp(database.app, { clock })
const registre = registres.lireRegistre()
await chargerRegistres(database.owner, clock, registre)

async function commune(code: string, chemin: string): Promise<Collectivite> {
  const id = newId()
  await sql`insert into collectivite (id, nature, nom, chemin, code, departement, ouverte_le)
    values (${id}, 'commune', ${chemin}, ${chemin}, ${code}, '14', now())`.execute(database.owner.kysely)
  return collectiviteParId(app, id)
}
const vire = await commune('14762', 'vire')
const landelles = await commune('14352', 'landelles')
const agentId = newId()
const auteur = ({ id }: Collectivite): Auteur => ({ collectiviteId: id, agentId, le: clock.now() })

const chercher = (source: 'commune' | 'epci' | 'adresse', mots: string, collectivite = vire) =>
  chercheurDe(app, collectivite)({ source, mots })
const trouver = async (...asked: Parameters<typeof chercher>): Promise<readonly Trouvaille[]> => {
  const found = await chercher(...asked)
  assert.ok(found !== 'indisponible')
  return found
}
const premier = async (...asked: Parameters<typeof chercher>) => (await trouver(...asked))[0]

test('the registers are loaded once an edition', async () => {
  assert.equal(await chargerRegistres(database.owner, clock, registre), false)
  const { rows } = await sql<{
    communes: number
    epci: number
  }>`select (select count(*)::int from commune_officielle) as communes, (select count(*)::int from epci_officiel) as epci`.execute(
    database.app.kysely,
  )
  assert.deepEqual(rows[0], { communes: 34_969, epci: 1255 })
  assert.equal(await chargerRegistres(database.owner, clock, { ...registre, version: 'suivante' }), true)
})

test('a commune is found by name, former name, postcode, INSEE code, and in spite of a mistake', async () => {
  const expected = { nom: 'Vire Normandie', codePostal: '14500', departement: '14', region: '28', epci: '200068799' }
  for (const typed of [
    'vire normandie',
    'VIRE-NORMANDIE',
    'Vire Normandie (14500)',
    '14500 vire',
    '14762',
    'saint-germain de tallevende la lande vaumont',
    'St Germain de Talevende',
  ]) {
    const found = await premier('commune', typed)
    assert.equal(found?.cle, '14762', typed)
    assert.deepEqual(found?.valeurs, expected, typed)
  }
  assert.equal((await premier('commune', '14584'))?.exacte, true, 'a former INSEE code')
  assert.equal((await premier('commune', 'Marseille 8e arrondissement'))?.cle, '13055')
  assert.equal((await premier('commune', 'paris'))?.cle, '75056')
  assert.deepEqual(
    (await trouver('commune', '14500')).map(({ cle }) => cle),
    ['14762', '14127'],
  )
  assert.ok((await trouver('commune', 'saint martin')).length === 10)
  for (const typed of ['', 'z', 'qqqqzzzz', '%', '\u0000', "'; drop table x"]) assert.ok((await trouver('commune', typed)).length <= 10)
})

test('an intercommunalité is found by name, SIREN, or one of its communes', async () => {
  for (const typed of ['Intercom de la Vire au Noireau', 'cc vire noireau', '200068799', '14762', 'vire normandie'])
    assert.equal((await premier('epci', typed))?.cle, '200068799', typed)
  assert.deepEqual(await trouver('epci', 'zzzzqqqq'), [])
})

const titres = 'cle_interop;uid_adresse;voie_nom;numero;suffixe;commune_insee;commune_nom;position;x;y;long;lat;certification_commune'
const bal = (lines: readonly string[]) => Buffer.from([titres, ...lines].join('\n'))
const ligne = (rue: string, code: string, numero: number, suffixe = '', insee = '14762', nom = 'Vire Normandie') =>
  `${insee}_${code}_${String(numero).padStart(5, '0')};;${rue};${numero};${suffixe};${insee};${nom};;0;0;-0.88;48.83;1`

test('addresses: without a file nothing is known; all of a file is imported, or nothing', async () => {
  assert.equal(await chercher('adresse', '12 rue du moulin'), 'indisponible')
  const done = await importerAdresses(
    database.owner,
    clock,
    bal([
      ligne('Rue du Moulin', '0420', 12),
      ligne('Rue du Moulin', '0420', 12, 'bis'),
      ligne('Rue du Moulin', '0420', 14),
      ligne('Chemin du Moulin', '0421', 12),
      ligne('Avenue de la Libération', '0500', 3),
      ligne('La Blanchardière', 'b001', 99_999),
      ligne('Rue d’Ailleurs', '0001', 1, '', '75056', 'Paris'),
    ]), // prettier-ignore
  )
  assert.ok(done.ok)
  assert.deepEqual(done.imports, [{ nom: 'vire', voies: 4, adresses: 5 }])
  assert.deepEqual(done.ailleurs, ['Paris (75056)'])
  const wrong = await importerAdresses(database.owner, clock, bal([ligne('Rue Neuve', '0600', 1), 'x;;Rue;douze;;14762;V;;;;0;0;1']))
  assert.ok(!wrong.ok && wrong.problemes[0]?.ligne === 3)
  const foreign = await importerAdresses(database.owner, clock, bal([ligne('Rue Neuve', '0600', 1)]), 'landelles')
  assert.ok(!foreign.ok && /14762/.test(foreign.problemes[0]!.message))
  assert.ok(!(await importerAdresses(database.owner, clock, bal([ligne('Rue Neuve', '0600', 1)]), 'nulle-part')).ok)
  assert.equal(
    (await trouver('adresse', 'rue neuve')).some(({ libelle }) => /Neuve/.test(libelle)),
    false,
    'nothing was half imported',
  )
})

test('an address is found by its words, its number and its repetition, and by nobody else', async () => {
  const found = await premier('adresse', '12 rue du Moulin 14500 Vire Normandie')
  assert.deepEqual(found, {
    cle: '14762_0420_00012',
    libelle: '12 Rue du Moulin, 14500 Vire Normandie',
    valeurs: {
      voie: '12 Rue du Moulin',
      codePostal: '14500',
      commune: 'Vire Normandie',
      code: '14762',
      departement: '14',
      region: '28',
      epci: '200068799',
      lat: '48.83',
      lon: '-0.88',
    },
    exacte: true,
  })
  assert.equal((await premier('adresse', '12 bis r. du moulin'))?.cle, '14762_0420_00012_bis')
  assert.equal((await premier('adresse', '12 ch. du moulin'))?.cle, '14762_0421_00012')
  assert.equal((await premier('adresse', '3 av de la liberation vire'))?.valeurs.voie, '3 Avenue de la Libération')
  assert.equal((await premier('adresse', '3 av de la libertion'))?.valeurs.voie, '3 Avenue de la Libération')
  assert.equal((await premier('adresse', 'la blanchardiere'))?.valeurs.lat, '48.83')
  assert.deepEqual((await trouver('adresse', 'rue du mou')).map(({ libelle }) => libelle)[0], 'Rue du Moulin, 14500 Vire Normandie')
  for (const typed of ['13 rue du moulin', '12 rue du Moulin 75002 Paris', '12', '', 'rue de la gare'])
    assert.deepEqual(await trouver('adresse', typed), [], typed)
  assert.equal(await chercher('adresse', '12 rue du moulin', landelles), 'indisponible', 'another commune sees nothing')
})

test('20,000 addresses: imported and searched in time', async () => {
  const many = Array.from({ length: 20_000 }, (_, i) =>
    ligne(
      `Rue ${['des Tilleuls', 'du Bocage', 'de la Fontaine', 'Haute'][i % 4]} ${(i % 800).toString(36)}`,
      String(i % 800).padStart(4, '0'),
      1 + Math.floor(i / 800),
      '',
      '14352',
      'Landelles',
    ),
  )
  const start = performance.now()
  const done = await importerAdresses(database.owner, clock, bal(many), 'landelles')
  assert.ok(done.ok && done.imports[0]!.adresses === 20_000, JSON.stringify(done).slice(0, 300))
  const imported = performance.now() - start
  const typed = '7 rue des tilleuls a0'
  assert.ok((await trouver('adresse', typed, landelles)).length > 0)
  const from = performance.now()
  for (let i = 0; i < 20; i++) await trouver('adresse', typed, landelles)
  const each = (performance.now() - from) / 20
  assert.ok(imported < 10_000 && each < 100, `${imported} ms, ${each} ms`)
  console.log(`20,000 addresses: imported in ${imported.toFixed()} ms, searched in ${each.toFixed(1)} ms`)
})

const liste = (text: string): Liste => {
  const made = composer(lireTable(Buffer.from(text), bornesDeListe), { cle: '', libelle: '' })
  assert.ok(made.ok, JSON.stringify(made))
  return made.liste
}
const dansVire = <T>(work: (tx: Tx) => Promise<T>) => inTenant(database.app, vire.id, work)
const dansLaListe = (referentiel: string, mots: string, collectivite = vire) =>
  chercheurDe(app, collectivite)({ source: 'referentiel', mots, referentiel })

test('a list: added, searched, replaced, its columns changed, deleted; another collectivité sees nothing of it', async () => {
  const ecoles = liste('code;nom;places\nE1;École des Tilleuls;120\nE2;École du Bocage;80\nE3;Collège Maupas;300\n')
  const made = await dansVire(tx => ajouterListe(tx, auteur(vire), 'Écoles de Vire', ecoles))
  assert.ok(made.ok && made.value === 'ecoles-de-vire')
  const second = await dansVire(tx => ajouterListe(tx, auteur(vire), 'API', ecoles))
  assert.ok(second.ok && second.value === 'api-2', 'the names of pages are not ids')
  assert.deepEqual(
    (await dansVire(tx => listesDe(tx, vire.id))).map(({ id }) => id),
    ['api-2', 'ecoles-de-vire'],
  )
  assert.deepEqual(await inTenant(database.app, landelles.id, tx => listesDe(tx, vire.id)), [])

  assert.deepEqual(await dansLaListe('ecoles-de-vire', 'E2'), [
    { cle: 'E2', libelle: 'École du Bocage', valeurs: { code: 'E2', nom: 'École du Bocage', places: '80' }, exacte: true },
  ])
  const cles = async (mots: string) => ((await dansLaListe('ecoles-de-vire', mots)) as Trouvaille[]).map(({ cle }) => cle)
  assert.deepEqual(await cles('ecole'), ['E1', 'E2'])
  assert.deepEqual(await cles('bocage ecole'), ['E2'])
  assert.deepEqual(await cles('maupass'), ['E3'])
  assert.deepEqual(await cles('%'), [])
  assert.equal(await dansLaListe('ecoles-de-vire', 'E2', landelles), 'indisponible')
  assert.equal(await dansLaListe('inconnue', 'E2'), 'indisponible')

  const page = await pageDeLignes(query => readInTenant(database.app, vire.id, query), vire.id, 'ecoles-de-vire', {
    cherche: 'ecole',
    page: 2,
    taille: 1,
  })
  assert.deepEqual([page.total, page.lignes[0]?.cle], [2, 'E2'])

  assert.ok((await dansVire(tx => choisirColonnes(tx, auteur(vire), made.value, 'places', 'code'))).ok)
  assert.deepEqual(await cles('e1'), ['120'])
  await dansVire(tx => remplacerListe(tx, auteur(vire), made.value, liste('code;ville\n1;A\n2;A\n')))
  const twice = await dansVire(tx => choisirColonnes(tx, auteur(vire), made.value, 'ville', 'code'))
  assert.ok(!twice.ok && twice.refusal.code === 'cle_en_double')
  await dansVire(tx => remplacerListe(tx, auteur(vire), made.value, liste('code;ville\n1;A\n')))
  for (const colonne of ['constructor', '__proto__', 'toString', '']) {
    const absent = await dansVire(tx => choisirColonnes(tx, auteur(vire), made.value, colonne, 'code'))
    assert.ok(!absent.ok && absent.refusal.code === 'colonne_inconnue', colonne)
  }
  assert.ok((await dansVire(tx => supprimerListe(tx, auteur(vire), made.value))).ok)
  assert.equal((await dansVire(tx => supprimerListe(tx, auteur(vire), made.value))).ok, false)
  assert.equal(await dansLaListe('ecoles-de-vire', 'E2'), 'indisponible')
})

test('20,000 lines are kept and searched in time', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `K${i};Article numéro ${i};valeur ${i % 7}`)
  const big = liste(['code;nom;v', ...rows].join('\n'))
  const start = performance.now()
  await dansVire(tx => ajouterListe(tx, auteur(vire), 'Catalogue', big))
  const kept = performance.now() - start
  const times: number[] = []
  for (const mots of ['K19999', 'article 19999', 'artcle nmero 19999', 'rien de tel']) {
    const from = performance.now()
    const found = await dansLaListe('catalogue', mots)
    times.push(performance.now() - from)
    assert.ok(found !== 'indisponible' && found.length <= 10)
  }
  console.log(`20,000 lines: kept in ${kept.toFixed()} ms, searched in ${times.map(ms => ms.toFixed(1)).join(', ')} ms`)
  assert.ok(Math.max(...times) < 1500 && kept < 10_000, times.join(' '))
})

async function service(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('an API is asked with its secret, by its mapping; whatever goes wrong blocks nothing', async () => {
  const asked: { url: string | undefined; key: string | string[] | undefined }[] = []
  const base = await service((request, response) => {
    asked.push({ url: request.url, key: request.headers['x-api-key'] })
    const mode = new URL(request.url!, 'http://x').searchParams.get('q')
    if (mode === 'redirect') return void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
    if (mode === 'absent') return void response.writeHead(404).end('{}')
    if (mode === 'erreur') return void response.writeHead(500).end('{}')
    if (mode === 'html') return void response.end('<html>')
    if (mode === 'lourd') return void response.end('x'.repeat(600_000))
    if (mode === 'lent') return void response.write('[')
    if (mode === 'coupe') return void response.destroy()
    response.end(JSON.stringify({ r: [{ id: 1, nom: `Arrêt ${mode}`, ville: 'Vire' }] }))
  })
  const api: Api = {
    url: `${base}/a?q={cle}`,
    entete: 'X-Api-Key',
    resultats: 'r',
    cle: 'id',
    libelle: 'nom',
    valeurs: [{ nom: 'Ville', chemin: 'ville' }],
  }
  const secret = scellerSecret(app.secrets, vire.id, 'cle-fictive')
  const made = await dansVire(tx => declarerApi(tx, auteur(vire), undefined, { nom: 'Arrêts', api, secret }))
  assert.ok(made.ok)
  const ask = (mots: string, demander = demanderEnBoucle) =>
    chercheurDe(app, vire, { demander })({ source: 'referentiel', mots, referentiel: made.value })
  assert.deepEqual(await ask('gare & co'), [{ cle: '1', libelle: 'Arrêt gare & co', valeurs: { Ville: 'Vire' } }])
  assert.deepEqual(asked[0], { url: '/a?q=gare%20%26%20co', key: 'cle-fictive' })
  assert.deepEqual(await ask('absent'), [])
  const start = performance.now()
  for (const mode of ['redirect', 'erreur', 'html', 'lourd', 'coupe', 'lent']) assert.equal(await ask(mode), 'indisponible', mode)
  assert.ok(performance.now() - start < 4000, 'two seconds at most for the one that hangs')
  const before = asked.length
  assert.equal(await ask('gare', demanderJson), 'indisponible', 'in service, this machine is never called')
  assert.equal(asked.length, before)
  assert.throws(() => ouvrirSecret(app.secrets, landelles.id, secret), 'a secret opens in its collectivité only')
  const { rows } = await inTenant(database.app, vire.id, tx =>
    sql<{ secret: Buffer }>`select secret from referentiel where collectivite_id = ${vire.id} and id = ${made.value}`.execute(tx),
  )
  assert.ok(!rows[0]!.secret.toString('latin1').includes('cle-fictive'))
})

test('no way of writing an internal address is called', async () => {
  for (const url of [
    'https://127.0.0.1/',
    'https://localhost/',
    'https://[::1]/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://10.0.0.1/',
    'https://169.254.169.254/',
    'https://[::ffff:7f00:1]/',
    'http://example.org/',
    'https://u:p@example.org/',
  ])
    assert.deepEqual(await demanderJson(new URL(url)), { ok: false, raison: 'interne' }, url)
  assert.equal((await demanderEnBoucle(new URL('http://127.0.0.1:1/'), { 'x\n': 'y' })).ok, false)
})

test('the geocoder is asked when the commune knows nothing, in its own protocol, and believed only when its answer has its form', async () => {
  const asked: URL[] = []
  const base = await service((request, response) => {
    const url = new URL(request.url!, 'http://x')
    asked.push(url)
    const q = url.searchParams.get('q')!
    if (q.includes('casse')) return void response.end(JSON.stringify({ features: [{ geometry: null }] }))
    if (q.includes('panne')) return void response.writeHead(503).end()
    const feature = (type: string, id: string, label: string, name: string, score: number) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [2.331, 48.868] },
      properties: {
        label,
        score,
        housenumber: '12',
        id,
        name,
        postcode: '75002',
        citycode: '75056',
        x: 651_000.1,
        y: 6_863_000.2,
        city: 'Paris',
        context: '75, Paris, Île-de-France',
        type,
        importance: 0.8,
        street: 'Rue de la Paix',
      },
    })
    const features = [
      feature('housenumber', '75102_7016_00012', '12 Rue de la Paix 75002 Paris', '12 Rue de la Paix', 0.97),
      feature('street', '75102_7016', 'Rue de la Paix 75002 Paris', 'Rue de la Paix', 0.7),
      feature('housenumber', 'x', '12 Rue Autre 75002 Paris', '12 Rue Autre', 0.2),
    ] // prettier-ignore
    response.end(
      JSON.stringify({
        type: 'FeatureCollection',
        version: 'draft',
        features,
        attribution: 'BAN',
        licence: 'ETALAB-2.0',
        query: q,
        limit: 10,
      }),
    )
  })
  const withGeocoder = testApp(database.app, { clock, config: { ...app.config, geocodeur: base } })
  const ask = (mots: string) => chercheurDe(withGeocoder, vire, { demander: demanderEnBoucle })({ source: 'adresse', mots })
  assert.deepEqual(await ask('12 rue de la paix 75002 paris'), [
    {
      cle: '75102_7016_00012',
      libelle: '12 Rue de la Paix 75002 Paris',
      valeurs: {
        voie: '12 Rue de la Paix',
        codePostal: '75002',
        commune: 'Paris',
        code: '75056',
        departement: '75',
        region: '11',
        epci: '200054781',
        lat: '48.868',
        lon: '2.331',
      },
    },
  ])
  assert.equal(asked[0]?.pathname, '/search/')
  assert.deepEqual(Object.fromEntries(asked[0]!.searchParams), { q: '12 rue de la paix 75002 paris', limit: '10', postcode: '75002' })
  await ask('devant la mairie')
  assert.equal(asked.at(-1)?.searchParams.get('citycode'), '14762')
  const before = asked.length
  assert.equal(((await ask('12 rue du moulin')) as Trouvaille[])[0]?.cle, '14762_0420_00012')
  assert.equal(asked.length, before, 'the commune knows: nobody else is asked')
  assert.equal(await ask('casse'), 'indisponible')
  assert.equal(await ask('panne'), 'indisponible')
  const real = chercheurDe(withGeocoder, vire)({ source: 'adresse', mots: '1 rue inconnue' })
  assert.equal(await real, 'indisponible', 'in service, this machine is never called')
})

test('look-ups within a transaction read in it', async () => {
  const found = await dansVire(async tx => chercheurDe(app, vire, { tx })({ source: 'adresse', mots: '14 rue du moulin' }))
  assert.ok(found !== 'indisponible' && found.length === 1)
})
