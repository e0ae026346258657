import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { AT, batches, columns, sheet } from './export.testing.ts'
import { type Column, csv, disarmed, isTooManyRows, safePaths, type Table, writeTables, zip } from './index.ts'
import { MAX_ROWS, MAX_TEXT, xlsx } from './xlsx.ts'

const bytesOf = (source: AsyncIterable<Uint8Array>) => buffer(Readable.from(source))

const hostile = [
  '=1+1',
  '+SUM(A1)',
  '-2+3+cmd|x',
  '@SUM(1)',
  '\t=1',
  '\r=1',
  '\n=1',
  ' =1',
  '＝1',
  '=HYPERLINK("http://x.example")',
  "'=1",
  '"',
  ';',
  ',',
  'a\r\nb',
  '\u0000',
  '_x000D_',
  '<b>&',
  '\ud800',
]
const textArb = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom(...hostile))
const dayArb = fc.date({ min: new Date('1900-03-01'), max: new Date('2200-01-01'), noInvalidDate: true }).map(date => date.toISOString())
const rowArb = fc.tuple(
  fc.option(textArb),
  fc.option(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }))),
  fc.option(fc.integer({ min: -1e9, max: 1e9 }).map(cents => cents / 100)),
  fc.option(dayArb.map(iso => iso.slice(0, 10))),
  fc.option(dayArb.map(iso => iso.slice(0, 16))),
)

test('CSV: whatever the cells, a reader finds them again, in both dialects', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rowArb, { maxLength: 20 }), fc.constantFrom(';' as const, ',' as const), async (rows, separator) => {
      const bytes = await bytesOf(csv(sheet(rows), separator))
      assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
      const [head, ...read] = parse(bytes, { bom: true, delimiter: separator, recordDelimiter: '\r\n' }) as string[][]
      assert.deepEqual(
        head,
        columns.map(({ title }) => title),
      )
      assert.equal(read.length, rows.length)
      for (const [rank, [text, number, amount, day, instant]] of rows.entries()) {
        const [t, n, a, d, i] = read[rank]!
        assert.equal(t, text === null ? '' : Buffer.from(disarmed(text)).toString())
        const figures = (typed: string) => Number(separator === ';' ? typed.replace(',', '.') : typed)
        if (number === null) assert.equal(n, '')
        else assert.ok(Math.abs(figures(n!) - number) < 1e-9, `${n} ${number}`)
        assert.equal(a === '' ? null : figures(a!), amount === 0 ? figures(a!) : amount)
        assert.equal(d, day ?? '')
        assert.equal(i, (instant ?? '').replace('T', ' '))
      }
    }),
    { numRuns: 200 },
  )
})

test('CSV: nothing begins a formula, and telephone numbers stay as they are', () => {
  for (const text of hostile.filter(one => /^\s*[=+\-@＝]/.test(one))) assert.equal(disarmed(text), `'${text}`)
  for (const text of ['+33 6 39 98 12 34', '+33261911234', '-3', '06 39 98 12 34', 'a=1', '']) assert.equal(disarmed(text), text)
  fc.assert(
    fc.property(textArb, text => {
      const safe = disarmed(text)
      assert.ok(!/^[\t\r\n]*[=@]/.test(safe) && !/^[+-](?!\d[\d .\u00a0\u202f-]*$)/.test(safe), JSON.stringify(safe))
    }),
  )
})

async function lireClasseur(bytes: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(bytes as unknown as ExcelJS.Buffer)
  return workbook
}

test('XLSX: read back, texts are the same texts, numbers numbers and dates dates', async () => {
  // XML has no control characters; a reader of XML turns a lone return into a line feed, hence its escape.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML forbids
  const readable = (text: string) => text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  const sansEchappement = (text: string) =>
    text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  await fc.assert(
    fc.asyncProperty(fc.array(rowArb, { minLength: 1, maxLength: 12 }), async rows => {
      const workbook = await lireClasseur(await buffer(xlsx([sheet(rows)], AT)))
      const read = workbook.getWorksheet('Dossiers')!
      for (const [rank, [text, number, amount, day, instant]] of rows.entries()) {
        const row = read.getRow(rank + 2)
        const value = (column: number) => row.getCell(column).value
        const expected = readable(text ?? '')
        assert.equal(sansEchappement(String(value(1) ?? '')), expected === '' ? '' : expected)
        assert.equal(row.getCell(1).formula, undefined)
        assert.equal(value(2) ?? null, number === 0 ? value(2) : number)
        assert.equal(value(3) ?? null, amount === 0 ? value(3) : amount)
        assert.equal((value(4) as Date | null)?.toISOString().slice(0, 10), day ?? undefined)
        assert.equal((value(5) as Date | null)?.toISOString().slice(0, 16), instant ?? undefined)
      }
    }),
    { numRuns: 60 },
  )
})

test('XLSX: every minute of a day is read back; a day that spreadsheets do not have is the text that it was', async () => {
  const minutes = Array.from({ length: 1440 }, (_, minute) => new Date(Date.UTC(2026, 10, 23, 0, minute)).toISOString().slice(0, 16))
  const old = ['1850-01-01', '1899-12-31', '1900-02-28']
  const dated = [
    ...minutes.map(at => [null, null, null, '1900-03-01', at]),
    ...old.map(day => [null, null, null, day, `${day}T10:30`]),
    [null, null, null, null, '2026-11-23T24:00'],
  ]
  const read = (await lireClasseur(await buffer(xlsx([sheet(dated)], AT)))).getWorksheet('Dossiers')!
  const cell = (rank: number, column: number) => read.getRow(rank + 2).getCell(column).value
  for (const [rank, at] of minutes.entries()) assert.equal((cell(rank, 5) as Date).toISOString(), `${at}:00.000Z`)
  assert.equal((cell(0, 4) as Date).toISOString().slice(0, 10), '1900-03-01')
  for (const [rank, day] of old.entries()) assert.deepEqual([cell(1440 + rank, 4), cell(1440 + rank, 5)], [day, `${day}T10:30`])
})

test('XLSX: several sheets, 30 columns, names that spreadsheets refuse, a text too long for a cell', async () => {
  const many = Array.from({ length: 30 }, (_, rank): Column => ({ title: `Colonne ${rank + 1}`, kind: 'text' }))
  const wide = { name: 'Enfants / [2026]:*', columns: many, rows: batches([many.map((_, rank) => `v${rank}`)]) }
  const long = { name: '', columns: [columns[0]!], rows: batches([['x'.repeat(40_000)]]) }
  const workbook = await lireClasseur(await buffer(xlsx([wide, long], AT)))
  assert.deepEqual(
    workbook.worksheets.map(({ name }) => name),
    ['Enfants    2026', 'Feuille 2'],
  )
  assert.equal(workbook.worksheets[0]!.getCell('AD2').value, 'v29')
  assert.equal(String(workbook.worksheets[1]!.getCell('A2').value).length, 32_767)
})

test('JSON: any values and words, in one object, each row in a line', async () => {
  const keyed: Column[] = [
    { key: 'a', title: 'Premier', kind: 'text' },
    { key: 'b"', title: 'Second', kind: 'text' },
  ]
  const cell = fc.tuple(fc.jsonValue(), fc.option(fc.string({ unit: 'binary' }), { nil: undefined }))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.uuid(), cell, cell), { maxLength: 30 }), async rows => {
      const table: Table = { name: 'dossiers', columns: keyed, rows: batches(rows.map(([id, a, b]) => [id, ...a, ...b])) }
      const text = (await bytesOf(writeTables('json', [table], AT))).toString()
      const written = ([value, words]: [unknown, string | undefined]) => ({ valeur: value, texte: words === undefined ? value : words })
      const lines = rows.map(([id, a, b]) => JSON.stringify({ id, a: written(a), 'b"': written(b) }))
      const titles = JSON.stringify({ a: 'Premier', 'b"': 'Second' })
      assert.equal(text, `{"colonnes":${titles},\n"dossiers":[${lines.map(line => `\n${line}`).join(',')}\n]}\n`)
    }),
  )
})

test('a workbook of more rows than a sheet can have is an error, told as such; rows that cannot be read too', async () => {
  const row = ['x']
  async function* many(): AsyncGenerator<unknown[][]> {
    for (let at = 0; at < MAX_ROWS; at += 65_536) yield Array.from({ length: 65_536 }, () => row)
  }
  const table = (rows: Table['rows']): Table => ({ name: 'Dossiers', columns: [columns[0]!], rows })
  await assert.rejects(bytesOf(writeTables('ods', [table(many())], AT)), isTooManyRows)
  async function* broken(): AsyncGenerator<unknown[][]> {
    yield [['a']]
    throw new Error('base')
  }
  for (const format of ['csv;', 'xlsx'] as const)
    await assert.rejects(bytesOf(writeTables(format, [table(broken())], AT)), error => !isTooManyRows(error) && /base/.test(String(error)))
})

test('texts longer than a piece, and longer than a sheet takes, are written whole or cut as said', async () => {
  const long = 'é’𝄞 '.repeat(40_000)
  const rows = [[long, 1, 2, null, null]]
  assert.equal((parse(await bytesOf(csv(sheet(rows), ';')), { bom: true, delimiter: ';' }) as string[][])[1]![0], long)
  const keyed: Table = { name: 'dossiers', columns: [{ key: 'a', title: 'A', kind: 'text' }], rows: batches([['id', long, undefined]]) }
  assert.equal(JSON.parse((await bytesOf(writeTables('json', [keyed], AT))).toString()).dossiers[0].a.valeur, long)
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load((await bytesOf(xlsx([sheet(rows)], AT))) as never)
  assert.equal(String(workbook.worksheets[0]!.getCell('A2').value).length, MAX_TEXT)
})

test('ZIP: the sums are those of the bytes', async () => {
  const files = [Buffer.from('un'), randomBytes(300_000), Buffer.alloc(0)]
  const entry = (bytes: Buffer, rank: number) => ({
    path: `${rank}`,
    at: AT,
    isCompressed: rank === 1,
    open: async () => Readable.from([bytes]),
  })
  const archive = await buffer(zip(files.map(entry)))
  // The central directory: signature, then the sum at 16 (PKWARE APPNOTE 4.3.12).
  const sums: number[] = []
  for (let at = archive.indexOf('PK\u0001\u0002'); at >= 0; at = archive.indexOf('PK\u0001\u0002', at + 4))
    sums.push(archive.readUInt32LE(at + 16))
  assert.deepEqual(
    sums,
    files.map(bytes => crc32(bytes)),
  )
})

test('ZIP: paths are safe and unique whatever the names', () => {
  assert.deepEqual(safePaths([['a', 'plan.pdf'], ['a', 'Plan.pdf'], ['a', 'plan.pdf'], ['..', '../x'], ['CON'], ['']]), [
    'a/plan.pdf',
    'a/Plan (2).pdf',
    'a/plan (3).pdf',
    'document-/-x',
    'document-CON',
    'document-',
  ])
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }), { maxLength: 30 }), wanted => {
      const paths = safePaths(wanted)
      assert.equal(new Set(paths.map(path => path.toLowerCase())).size, wanted.length)
      for (const path of paths)
        assert.ok(
          !/[\\:*?"<>|\p{Cc}]/u.test(path) && path.split('/').every(part => part !== '' && part !== '..' && !part.startsWith('.')),
          path,
        )
    }),
  )
})

test('ZIP: one file is open at a time; one that cannot be read breaks the archive rather than being left out', async () => {
  let opened = 0
  let most = 0
  const entry = (path: string) => ({
    path,
    at: AT,
    open: async () => {
      most = Math.max(most, ++opened)
      const stream = Readable.from([Buffer.alloc(200_000)])
      stream.once('close', () => opened--)
      return stream
    },
  })
  await buffer(zip(['a', 'b', 'c', 'd'].map(entry)))
  assert.ok(most <= 2, `${most}`)
  await assert.rejects(buffer(zip([entry('a'), { path: 'b', at: AT, open: () => Promise.reject(new Error('disk')) }])), /disk/)
})

test('ZIP: who goes away closes the file in hand; what the archive refuses is its error, not a silence', async () => {
  const endless = Readable.from(
    (function* () {
      for (;;) yield randomBytes(50_000)
    })(),
    { objectMode: false },
  )
  const archive = zip([{ path: 'a', at: AT, open: async () => endless }])
  const closed = once(endless, 'close')
  // Not at the first bytes, which may come before the file is opened: nothing would then be to close.
  for await (const _ of archive) if (endless.readableDidRead) break
  await closed
  assert.ok(archive.destroyed)
  await assert.rejects(buffer(zip([{ path: '/absolute', at: AT, open: async () => Readable.from([]) }])), /absolute path/)
  const open = async () => {
    const cut = new Readable({ read() {} })
    cut.push('beginning')
    setImmediate(() => cut.destroy(new Error('disk')))
    return cut
  }
  await assert.rejects(buffer(zip([{ path: 'a', at: AT, open }])), /disk/)
})
