import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { modules } from '../src/modules.ts'
import { configVariables, projectFolder } from '../src/platform/config.ts'

interface Import {
  readonly file: string
  readonly line: number
  /** A path under src/, or the name of a package. */
  readonly target: string
  readonly isLocal: boolean
}

const files = globSync('src/**/*.{ts,tsx}', { cwd: projectFolder }).sort()
const text = (file: string) => readFileSync(join(projectFolder, file), 'utf8')
const isTest = (file: string) => /\.test\.tsx?$|testing\.ts$|\/testing\//.test(file)
const product = files.filter(file => !isTest(file))

const imports: Import[] = product.flatMap(file =>
  text(file)
    .split('\n')
    .flatMap((line, index) => {
      const specifier = line.match(/(?:from|import)\s*\(?\s*'([^']+)'/)?.[1]
      if (!specifier) return []
      const isLocal = specifier.startsWith('.')
      return [{ file, line: index + 1, target: isLocal ? normalize(join(dirname(file), specifier)) : specifier, isLocal }]
    }),
)

const moduleOf = (path: string) => path.match(/^src\/modules\/([^/]+)\//)?.[1]
const at = (i: Import) => `${i.file}:${i.line} imports ${i.target}`
const none = (found: readonly Import[], why: string) => assert.deepEqual(found.map(at), [], why)

test('enough was seen for the rules to mean something', () => {
  assert.ok(product.length > 150, `${product.length} files`)
  assert.ok(imports.filter(i => i.isLocal).length > 400)
})

test('1. platform imports npm and itself', () => {
  none(
    imports.filter(i => i.file.startsWith('src/platform/') && i.isLocal && !i.target.startsWith('src/platform/')),
    'platform knows no module',
  )
})

/** The script of the map, imported on request, is the only one that holds a package. */
const isMap = (i: Import) => /^src\/ui\/client\/carte[-\w]*\.client\.ts$/.test(i.file) && i.target === 'leaflet'

test('2. ui imports preact, itself and platform/html', () => {
  const outside = (i: Import) => (i.isLocal ? !/^src\/(ui|platform\/html)\//.test(i.target) : !/^preact/.test(i.target) && !isMap(i))
  // assets.ts is the build of the stylesheet and script: it runs before the program, never in it.
  none(
    imports.filter(i => i.file.startsWith('src/ui/') && i.file !== 'src/ui/assets.ts' && outside(i)),
    'the design system knows no module',
  )
})

test('3. a module imports another by its door, when it declares it, without a cycle', () => {
  const across = imports.filter(i => i.isLocal && moduleOf(i.file) && moduleOf(i.target) && moduleOf(i.file) !== moduleOf(i.target))
  assert.ok(across.length > 30)
  none(
    across.filter(i => !/^src\/modules\/[^/]+\/index\.ts$/.test(i.target)),
    'only the door of another module',
  )
  const declared = new Map(modules.map(m => [m.name, new Set(m.dependsOn)]))
  none(
    across.filter(i => declared.has(moduleOf(i.file)!) && !declared.get(moduleOf(i.file)!)!.has(moduleOf(i.target)!)),
    'not declared in module.ts',
  )
  const edges = new Map<string, Set<string>>()
  for (const i of across) edges.set(moduleOf(i.file)!, (edges.get(moduleOf(i.file)!) ?? new Set()).add(moduleOf(i.target)!))
  const visit = (name: string, path: string[]): string[] =>
    path.includes(name) ? [[...path, name].join(' → ')] : [...(edges.get(name) ?? [])].flatMap(next => visit(next, [...path, name]))
  assert.deepEqual(
    [...edges.keys()].flatMap(name => visit(name, [])),
    [],
  )
  for (const door of globSync('src/modules/*/index.ts', { cwd: projectFolder })) {
    const names = [...text(door).matchAll(/\{([^}]*)\}/gs)].flatMap(m =>
      m[1]!.split(',').filter(name => name.trim() && !name.trim().startsWith('type ')),
    )
    assert.ok(names.length <= 20, `${door}: ${names.length} values`)
  }
})

test('4. domain files touch no database, HTTP nor file system', () => {
  const domain = imports.filter(
    i => /^src\/modules\/[^/]+\/[^/]+\.ts$/.test(i.file) && !/\/(index|module|tables|demonstration)\.ts$/.test(i.file),
  )
  assert.ok(domain.length > 20)
  none(
    domain.filter(i => /platform\/(db|http|files|jobs|mail|pdf)\//.test(i.target) && !/\/(http\/route|mail\/message)\.ts$/.test(i.target)),
    'domain is pure',
  )
  none(
    domain.filter(i => /^(node:(fs|http|net)|pg|kysely|fastify)/.test(i.target)),
    'domain is pure',
  )
})

test('5. commands and queries never import web', () => {
  none(
    imports.filter(i => /\/(commands|queries|listeners|jobs)\//.test(i.file) && i.isLocal && /^src\/modules\/[^/]+\/web\//.test(i.target)),
    '',
  )
})

test('6. pages receive view data: no query, no command, no database', () => {
  const pages = imports.filter(i => /\.page\.tsx$/.test(i.file))
  assert.ok(pages.length > 40)
  const typesOnly = (i: Import) => /^import type |^import \{\s*type [^,]+\}/.test(text(i.file).split('\n')[i.line - 1]!)
  none(
    pages.filter(i => /\/(commands|queries)\/|platform\/db\//.test(i.target) && !typesOnly(i)),
    '',
  )
})

test('7. browser scripts import only browser scripts', () => {
  const scripts = imports.filter(i => i.file.includes('/client/') || i.file.endsWith('.client.ts'))
  none(
    scripts.filter(i => !isMap(i) && (!i.isLocal || !(i.target.includes('/client/') || i.target.endsWith('.client.ts')))),
    '',
  )
})

const lines = (pattern: RegExp, except: RegExp) =>
  product
    .filter(file => !except.test(file))
    .flatMap(file =>
      text(file)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
    )

test('8. the environment, the time and raw HTML have one door each', () => {
  assert.deepEqual(lines(/process\.env\b/, /^src\/platform\/config\.ts$/), [])
  assert.deepEqual(lines(/\bnew Date\(\)|\bDate\.now\(\)/, /^src\/platform\/clock\.ts$/), [])
  assert.deepEqual(lines(/dangerouslySetInnerHTML/, /^src\/platform\/html\/raw\.tsx$/), [])
})

// Which module reads and writes which tables; platform keeps its own.
const OWNERS: Readonly<Record<string, string>> = {
  territoire: 'territoire',
  collectivite: 'territoire',
  nom_recherche: 'territoire',
  code_postal_recherche: 'territoire',
  reglage: 'territoire',
  agent: 'agents',
  habilitation: 'agents',
  equipe: 'agents',
  equipe_agent: 'agents',
  delegation: 'agents',
  suivi_agent: 'dossiers',
  demande_avis: 'dossiers',
  etiquette: 'dossiers',
  dossier_etiquette: 'dossiers',
  modele_demarche: 'demarches',
  demarche: 'demarches',
  definition_demarche: 'demarches',
  revision_demarche: 'demarches',
  brouillon_demarche: 'demarches',
  edition_demarche: 'demarches',
  adoption: 'demarches',
  pre_remplissage: 'dossiers',
  avis: 'demarches',
  dossier: 'dossiers',
  evenement: 'dossiers',
  correction: 'dossiers',
  message: 'dossiers',
  acces_dossier: 'dossiers',
  dossier_usager: 'dossiers',
  document: 'dossiers',
  gabarit: 'documents',
  version_gabarit: 'documents',
  signataire: 'documents',
  usager: 'dossiers',
  tombe: 'dossiers',
  retenue: 'dossiers',
  lecture: 'dossiers',
  chiffre_demarche: 'dossiers',
  calcul_chiffres: 'dossiers',
  chiffre_public: 'dossiers',
  terme: 'dossiers',
  indexation: 'dossiers',
  vue: 'dossiers',
  vue_par_defaut: 'dossiers',
  lot: 'dossiers',
  lot_dossier: 'dossiers',
  modele_export: 'dossiers',
  lien_connexion: 'dossiers',
  envoi: 'envois',
  jeton_api: 'interfaces',
  abonnement: 'interfaces',
  livraison: 'interfaces',
  edition_officielle: 'referentiels',
  commune_officielle: 'referentiels',
  epci_officiel: 'referentiels',
  nom_officiel: 'referentiels',
  fichier_adresses: 'referentiels',
  voie_locale: 'referentiels',
  numero_local: 'referentiels',
  referentiel: 'referentiels',
  ligne_referentiel: 'referentiels',
}
// Places where a module reads a register or cleans up across the house, each for a reason told there.
const READERS: readonly RegExp[] = [/collectivite/]

test('9. a module reads and writes only the tables it owns', () => {
  const problems = product.filter(moduleOf).flatMap(file =>
    [...text(file).matchAll(/\b(?:from|join|into|update)\s+([a-z_]+)\b/g)].flatMap(([, table]) => {
      const owner = OWNERS[table!]
      if (!owner || owner === moduleOf(file)) return []
      return READERS.some(reader => reader.test(table!)) ? [] : [`${file} uses ${table}, which ${owner} owns`]
    }),
  )
  assert.deepEqual(problems, [])
})

test('no test file puts a hook before or after each test at its top: it would be run for each test of all files', () => {
  const found = globSync(['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'], { cwd: projectFolder }).filter(file =>
    /^(before|after)Each\(/m.test(text(file)),
  )
  // One made three agents anew, 100 ms, before each of 1,700 tests that are not about them.
  assert.deepEqual(found, [], 'put it in a describe(), or call a function')
})

test('every variable of the configuration is explained, and no other', () => {
  const page = text('docs/exploiter/configuration.md')
  const explained = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map(m => m[1]!)
  assert.deepEqual(explained.sort(), [...configVariables].sort())
})

test('every dependency has its line, and no other', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(text('package.json'))
  const page = text('docs/dependencies.md')
  const explained = new Set([...page.matchAll(/^\| `([^`]+)`/gm)].map(m => m[1]!))
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
  // One line for a package and its twin of the other machine.
  const wanted = new Set(names.filter(name => !name.endsWith('-arm64') && !name.endsWith('/linux-arm64')))
  assert.deepEqual([...explained].sort(), [...wanted].sort())
})
