import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import fc from 'fast-check'
import { faultOfOffice } from '../files/office.ts'
import { entriesOf, readEntry } from '../files/zip.ts'
import { AT, columns, sheet } from './export.testing.ts'
import { ODS_TYPE, ods } from './ods.ts'

interface Node {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: (Node | string)[]
}

/** A strict reader of XML, ours for this test: it throws on what is not well-formed, and on a reference that it does not know. */
function lireXml(xml: string): Node {
  const plain = (text: string) => {
    assert.doesNotMatch(text, /[<>]|&(?!(amp|lt|gt|quot);)/)
    return text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]!)
  }
  const root: Node = { name: '', attributes: new Map(), children: [] }
  const open = [root]
  const tokens = /<\/([\w:-]+)>|<([\w:-]+)((?: [\w:-]+="[^"<]*")*)(\/?)>|([^<]+)/gy
  const body = xml.replace(/^<\?xml [^?]*\?>\n/, '')
  tokens.lastIndex = 0
  while (tokens.lastIndex < body.length) {
    const at = tokens.lastIndex
    const match = tokens.exec(body)
    assert.ok(match, `not well-formed: ${body.slice(at, at + 80)}`)
    const [, closes, opens, attributes = '', isEmpty, text] = match
    if (text !== undefined) open.at(-1)!.children.push(plain(text))
    else if (closes !== undefined) assert.equal(open.pop()!.name, closes)
    else {
      const found = new Map([...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, plain(value!)] as const))
      const node: Node = { name: opens!, attributes: found, children: [] }
      open.at(-1)!.children.push(node)
      if (!isEmpty) open.push(node)
    }
  }
  assert.equal(open.length, 1)
  return root
}

const dans = (node: Node, name: string): Node[] =>
  node.children.flatMap(child => (typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...dans(child, name)]))

/** What a reader of OpenDocument sees of a paragraph: runs of spaces are one, those at its ends none (part 3, §6.1.2). */
const motsDe = (node: Node): string =>
  node.children
    .map(child => {
      if (typeof child === 'string') return child.replace(/ +/g, ' ')
      if (child.name === 'text:s') return '\u0000'.repeat(Number(child.attributes.get('text:c')))
      return child.name === 'text:tab' ? '\t' : motsDe(child)
    })
    .join('')
    .replace(/^ | $/g, '')
    .replaceAll('\u0000', ' ')

function lireClasseur(bytes: Buffer): Node[] {
  assert.equal(faultOfOffice(bytes, 'ods'), undefined)
  const entries = entriesOf(bytes)!
  const read = (name: string) => readEntry(bytes, entries.find(entry => entry.name === name)!, 50_000_000)!.toString('utf8')
  for (const name of ['META-INF/manifest.xml', 'styles.xml']) lireXml(read(name))
  return dans(lireXml(read('content.xml')), 'table:table')
}

test('« mimetype » is at the first byte, stored, with nothing between its name and its words', async () => {
  const bytes = await buffer(ods([sheet([['a', 1, 2, '2026-11-21', '2026-11-21T10:30']])], AT))
  // ISO/IEC 26300-3, part 2, §3.3: « mimetype » at byte 30, its content at byte 38.
  assert.equal(bytes.subarray(30, 38).toString('latin1'), 'mimetype')
  assert.equal(bytes.subarray(38, 38 + ODS_TYPE.length).toString('latin1'), ODS_TYPE)
  assert.equal(bytes.readUInt16LE(8), 0, 'stored')
  assert.equal(bytes.readUInt16LE(28), 0, 'no extra field')
  assert.equal(bytes.readUInt16LE(6) & 8, 0, 'its size is told before it')
})

const hostile = ['=1+1', '+SUM(A1)', '@SUM(1)', '  deux  espaces  ', ' ', '\ttab\t', 'a\r\nb\rc\nd', '\u0000', '<b>&"', '\ud800', '']
const textArb = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom(...hostile))
const dayArb = fc.date({ min: new Date('1900-03-01'), max: new Date('2200-01-01'), noInvalidDate: true }).map(date => date.toISOString())
const rowArb = fc.tuple(
  fc.option(textArb),
  fc.option(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
  fc.option(fc.integer({ min: -1e9, max: 1e9 }).map(cents => cents / 100)),
  fc.option(dayArb.map(iso => iso.slice(0, 10))),
  fc.option(dayArb.map(iso => iso.slice(0, 16))),
)

test('whatever is written is read back: texts to the character but for what XML forbids, never a formula; numbers, dates', async () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML forbids
  const readable = (text: string) => text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  await fc.assert(
    fc.asyncProperty(fc.array(rowArb, { maxLength: 12 }), async rows => {
      const [table] = lireClasseur(await buffer(ods([sheet(rows)], AT)))
      const lines = dans(table!, 'table:table-row')
      assert.equal(lines.length, rows.length + 1)
      for (const [rank, [text, number, amount, day, instant]] of rows.entries()) {
        const cells = dans(lines[rank + 1]!, 'table:table-cell')
        assert.equal(cells.length, columns.length)
        const of = (at: number, name: string) => cells[at]!.attributes.get(`office:${name}`)
        const words = dans(cells[0]!, 'text:p').map(motsDe).join('\n')
        assert.equal(words, readable((text ?? '').replace(/\r\n|\r/g, '\n')))
        assert.ok(cells.every(({ attributes }) => !attributes.has('table:formula')))
        assert.equal(of(1, 'value') === undefined ? null : Number(of(1, 'value')), number === null ? null : number + 0)
        assert.equal(of(2, 'value') === undefined ? null : Number(of(2, 'value')), amount === null ? null : amount + 0)
        assert.equal(of(3, 'date-value'), day ?? undefined)
        assert.equal(of(4, 'date-value'), instant === null ? undefined : `${instant}:00`)
      }
    }),
    { numRuns: 100 },
  )
})

test('several sheets, each with its columns named and a name that spreadsheets take', async () => {
  const tables = lireClasseur(
    await buffer(ods([sheet([]), sheet([['x', null, null, null, null]], 'Enfants / [2026]:*'), sheet([], '')], AT)),
  )
  assert.deepEqual(
    tables.map(({ attributes }) => attributes.get('table:name')),
    ['Dossiers', 'Enfants    2026', 'Feuille 3'],
  )
  for (const table of tables)
    assert.deepEqual(
      dans(dans(table, 'table:table-header-rows')[0]!, 'text:p').map(motsDe),
      columns.map(({ title }) => title),
    )
})

const office = ['soffice', 'libreoffice'].find(name => spawnSync(name, ['--version']).status === 0)
test('LibreOffice opens it, and reads the same', { skip: office ? false : 'LibreOffice is not on this machine' }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-ods-'))
  try {
    writeFileSync(join(folder, 'essai.ods'), await buffer(ods([sheet([['=1+1', 1.5, 12, '2026-11-21', '2026-11-21T10:30']])], AT)))
    const done = spawnSync(office!, [
      `-env:UserInstallation=file://${folder}/profil`,
      '--headless',
      '--convert-to',
      // As it is shown (the eighth): the value alone would be written in the language of the machine.
      'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true',
      '--outdir',
      folder,
      join(folder, 'essai.ods'),
    ])
    assert.equal(done.status, 0, done.stderr.toString())
    const [, line] = readFileSync(join(folder, 'essai.csv'), 'utf8').split('\n')
    assert.match(line!, /^=1\+1,1[.,]5,"?12[.,]00"?,21\/11\/2026,21\/11\/2026 10:30$/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
