import assert from 'node:assert/strict'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { racine } from '../chaine/verrou.ts'
import { conditions } from './conditions.ts'
import { type Joue, jouer } from './jouer.ts'
import { machines } from './machines.ts'
import { type Conditions, isConcluant, pageDesPreuves, verdict } from './page.ts'

const folder = mkdtempSync(join(tmpdir(), 'parvis-preuves-essai-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('the list of machines is the calls of noterPreuve, each in its file', () => {
  const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: racine }).filter(file => !file.startsWith('test/preuves/'))
  const called = files.flatMap(fichier => {
    const text = readFileSync(join(racine, fichier), 'utf8')
    if (!/\bnoterPreuve\(/.test(text)) return []
    const names = [...text.matchAll(/^\s*machine: '([a-z0-9-]+)'/gm)].map(m => m[1]!)
    assert.ok(names.length > 0, `${fichier} calls noterPreuve without a line « machine: '…' »`)
    return names.map(nom => `${nom} ${fichier}`)
  })
  assert.deepEqual(machines.map(({ nom, fichier }) => `${nom} ${fichier}`).sort(), called.sort(), 'test/preuves/machines.ts')
})

const MACHINE = `import { test } from 'node:test'
import { writeFileSync } from 'node:fs'
const noter = machine => writeFileSync(process.env.PARVIS_PREUVES + '/' + machine + '.json', JSON.stringify({ machine, titre: machine,
  complet: process.env.PARVIS_COMPLET === '1', mesures: [{ nom: 'n', valeur: '0', cible: '0', tenue: true }] }))
`
const ESSAIS: Record<string, string> = {
  'tient.mjs': `test('x', () => { noter('tient'); noter('aussi') })`,
  'tombe.mjs': `test('x', () => { noter('tombe'); throw new Error('raison du défaut') })`,
  'muet.mjs': `test('x', () => {})`,
  'traine.mjs': `test('x', async () => { noter('traine'); await new Promise(done => setTimeout(done, 60_000)) })`,
}

test('a machine that falls, says nothing, hangs or does not exist is told as such, and the command fails', async () => {
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(racine, 'node_modules/tsx'), join(folder, 'node_modules/tsx'))
  for (const [name, text] of Object.entries(ESSAIS)) writeFileSync(join(folder, name), `${MACHINE}${text}`)
  const said: string[] = []
  const reglages = { racine: folder, isComplet: true, budgetMs: 60_000, patienceMs: 60_000, dire: (text: string) => said.push(text) }
  const named = (nom: string, file = nom) => ({ nom, fichier: `${file}.mjs` })
  const [[held, also, fell, silent, missing], [hung], [late]] = await Promise.all([
    jouer([named('tient'), named('aussi', 'tient'), named('tombe'), named('muet'), named('inexistant')], reglages),
    jouer([named('traine')], { ...reglages, patienceMs: 2000 }),
    jouer([named('tient')], { ...reglages, budgetMs: 0 }),
  ])
  assert.deepEqual(
    [held, also, fell, silent, missing, hung].map(joue => joue!.fin),
    ['reussi', 'reussi', 'echec', 'reussi', 'absent', 'long'],
  )
  assert.deepEqual([held!.preuve?.complet, also!.preuve?.machine, silent!.preuve], [true, 'aussi', undefined])
  assert.equal(late!.preuve?.complet, false, 'past the time given, the quick way')
  assert.ok(isConcluant([held!, also!]))
  for (const bad of [fell!, silent!, missing!, hung!]) {
    assert.ok(!isConcluant([held!, bad]), bad.nom)
    assert.doesNotMatch(verdict(bad), /tenu/)
  }
  assert.ok(!isConcluant([]))
  assert.match(said.join('\n'), /raison du défaut/)
  assert.equal(said.filter(text => text === '── tient.mjs').length, 2, 'a file is run once')
})

const AUTOUR: Conditions = {
  date: '2026-11-22',
  commit: '0123456789abcdef',
  isModifie: false,
  isComplet: true,
  node: '24.0.0',
  postgresql: '17.0',
  systeme: 'linux x64',
  coeurs: 2,
  memoireGo: 8,
  charge: 0.5,
}

// Texts as a careless machine would write them.
const text = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '|', '\n', '<', '`', '*', '#', '-', '0') }).map(said => `t${said}t`)
const joue: fc.Arbitrary<Joue> = fc.record({
  nom: fc.stringMatching(/^[a-z][a-z-]{0,8}$/),
  fichier: fc.constant('test/x.test.ts'),
  fin: fc.constantFrom('reussi', 'echec', 'long', 'absent'),
  dureeS: fc.nat(4000),
  preuve: fc.option(
    fc.record({
      machine: fc.constant('x'),
      titre: text,
      complet: fc.boolean(),
      mesures: fc.array(fc.record({ nom: text, valeur: text, cible: text, tenue: fc.boolean() }), { maxLength: 4 }),
      nonJoue: fc.array(text, { maxLength: 3 }),
    }),
    { nil: undefined },
  ),
})

test('whatever the machines found, the page claims no more than what ran, and forgets none', () => {
  fc.assert(
    fc.property(fc.array(joue, { maxLength: 6 }), fc.boolean(), fc.boolean(), (joues, isComplet, isModifie) => {
      const page = pageDesPreuves(joues, { ...AUTOUR, isComplet, isModifie })
      const lines = page.split('\n')
      for (const [index, line] of lines.entries()) {
        if (line.startsWith('| ') && lines[index - 1]?.startsWith('|')) assert.equal(cells(line), cells(lines[index - 1]!), line)
      }
      assert.doesNotMatch(page, /undefined|NaN|\[object/)
      const good = joues.filter(j => j.fin === 'reussi' && j.preuve && j.preuve.mesures.length > 0 && j.preuve.mesures.every(m => m.tenue))
      assert.ok(page.includes(`**${good.length} sur ${joues.length}**`))
      assert.equal(joues.filter(j => verdict(j) === 'tenu').length, good.length)
      if (isConcluant(joues))
        assert.ok(joues.every(j => j.fin === 'reussi' && j.preuve && j.preuve.mesures.length + j.preuve.nonJoue!.length > 0))
      const table = lines.slice(lines.indexOf('## En un coup d’œil') + 4).slice(0, joues.length)
      for (const [index, j] of joues.entries()) assert.equal(/\| tenu \|/.test(table[index]!), good.includes(j), table[index])
      const yes = joues.filter(j => j.fin === 'reussi').flatMap(j => j.preuve?.mesures.filter(m => m.tenue) ?? []).length
      assert.equal(lines.filter(line => line.endsWith('| oui |')).length, yes)
      const left = page.slice(page.indexOf('## Ce qui n’a pas été joué'), page.indexOf('## Les limites'))
      for (const j of joues) {
        const isNamed = j.fin !== 'reussi' || !j.preuve?.mesures.length || (isComplet && !j.preuve.complet)
        if (isNamed) assert.ok(left.includes(`- \`${j.nom}\``), j.nom)
      }
      assert.equal(
        left.includes('Toutes les machines déclarées'),
        isComplet && joues.every(j => j.fin === 'reussi' && j.preuve?.complet && j.preuve.mesures.length > 0),
      )
      assert.equal(page.includes('**en mode rapide**'), !isComplet)
      assert.equal(page.includes('fichiers modifiés'), isModifie)
    }),
    { numRuns: 300 },
  )
})

const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length

test('the conditions are read, and name neither the machine nor its folders', () => {
  const read = conditions(true)
  assert.match(read.postgresql, /^1\d(\.\d+)?$/)
  assert.match(read.date, /^\d{4}-\d\d-\d\d$/)
  assert.ok(read.coeurs >= 1 && read.memoireGo >= 1)
  const page = pageDesPreuves([], read)
  assert.ok(!page.includes(hostname()) && !page.includes(racine) && !page.includes(tmpdir()))
})
