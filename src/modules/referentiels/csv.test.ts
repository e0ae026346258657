import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ecrireTable, lireTable, type Table } from './csv.ts'
import { bornesDeListe, composer } from './liste.ts'

const utf8 = (text: string) => Buffer.from(text, 'utf8')
const lire = (bytes: Uint8Array) => lireTable(bytes, bornesDeListe)
const lue = (bytes: Uint8Array) => {
  const table = lire(bytes)
  assert.ok(table.ok, JSON.stringify(table))
  return table
}
const cellules = (table: Extract<Table, { ok: true }>) => table.lignes.map(ligne => ligne.cellules)
const refus = (bytes: Uint8Array) => {
  const table = lire(bytes)
  assert.ok(!table.ok, 'should be refused')
  return table.problemes
}

const ecoles = 'code;école\r\nE1;École des Tilleuls\r\nE2;Œuvre d’Été\r\n'

test('the same table whatever its encoding and separator, and what was understood is told', () => {
  const expected = [
    ['E1', 'École des Tilleuls'],
    ['E2', 'Œuvre d’Été'],
  ]
  const windows = Buffer.from(ecoles.replaceAll('Œ', '\u008c').replaceAll('’', '\u0092'), 'latin1')
  const utf16be = Buffer.from(ecoles, 'utf16le').swap16()
  const versions: [string, Buffer, RegExp | undefined][] = [
    ['utf-8', utf8(ecoles), undefined],
    ['utf-8 with its mark', utf8(`\ufeff${ecoles}`), undefined],
    ['windows-1252', windows, /Windows/],
    ['utf-16le with its mark', Buffer.from(`\ufeff${ecoles}`, 'utf16le'), /UTF-16/],
    ['utf-16le without', Buffer.from(ecoles, 'utf16le'), /UTF-16/],
    ['utf-16be without', utf16be, /UTF-16/],
    ['comma', utf8(ecoles.replaceAll(';', ',')), /virgule/],
    ['tab', utf8(ecoles.replaceAll(';', '\t')), /tabulation/],
    ['bar', utf8(ecoles.replaceAll(';', '|')), /barre verticale/],
    ['old Mac', utf8(ecoles.replaceAll('\r\n', '\r')), undefined],
  ]
  for (const [name, bytes, note] of versions) {
    const table = lue(bytes)
    assert.deepEqual(table.colonnes, ['code', 'école'], name)
    assert.deepEqual(cellules(table), expected, name)
    if (note) assert.match(table.notes.join('\n'), note, name)
    else assert.deepEqual(table.notes, [], name)
  }
})

test('quotes hold separators, line ends and quotes; empty lines are passed, and lines keep the number they have in the file', () => {
  const table = lue(utf8('a;b\n\n"1;2";"dit ""oui""\npuis non"\n;\n3;l"eau\n'))
  assert.deepEqual(cellules(table), [
    ['1;2', 'dit "oui" puis non'],
    ['3', 'l"eau'],
  ])
  assert.equal(table.lignes.at(-1)?.ligne, 6)
})

test('what can be mended without doubt is, and told', () => {
  const table = lue(utf8('code;;code\n1;x;y;;\n2;z;t\n'))
  assert.deepEqual(table.colonnes, ['code', 'Colonne 2', 'code (2)'])
  assert.deepEqual(table.notes.length, 3, table.notes.join('\n'))
})

test('anything else is refused with its line and what to do', () => {
  assert.match(refus(utf8(''))[0]!.message, /vide/)
  assert.match(refus(utf8('a;b\n'))[0]!.message, /aucune ligne/)
  assert.match(refus(Buffer.from('PK\u0003\u0004xxxxxxxx', 'latin1'))[0]!.message, /XLSX/)
  assert.match(refus(utf8('%PDF-1.7 …'))[0]!.message, /PDF/)
  assert.match(refus(Buffer.from([1, 2, 3, 4, 200, 0, 7]))[0]!.message, /pas du texte/)
  assert.deepEqual(
    refus(utf8('a;b\n1;2\n3\n4;5;6\n7;8\n')).map(({ ligne }) => ligne),
    [3, 4],
  )
  assert.match(refus(utf8('a;b\n1;"2\n3;4\n'))[0]!.message, /guillemet ouvert/)
  assert.match(refus(utf8(`a;b\n1;${'x'.repeat(400)}\n`))[0]!.message, /300 caractères/)
  assert.match(refus(utf8(`a\n${'x\n'.repeat(20_001)}`))[0]!.message, /20.000 lignes/)
})

test('any bytes: never throws; what is accepted is written and read again to the same lines', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('é', '"', ';', ',', '\n', '\t', ' a ', '', '|', '""', '\u0085', 'e\u0301', '\u0000', '\u2028'),
  )
  const text = fc
    .array(fc.array(cell, { maxLength: 4 }), { maxLength: 6 })
    .chain(rows => fc.constantFrom(';', ',', '\t', '|').map(separator => rows.map(row => row.join(separator)).join('\n')))
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    text.map(utf8),
    text.map(typed => Buffer.from(typed, 'latin1')),
    text.map(typed => Buffer.from(`\ufeff${typed}`, 'utf16le')),
  )
  let accepted = 0
  fc.assert(
    fc.property(bytes, content => {
      const table = lire(content)
      if (!table.ok) return
      accepted++
      const again = lue(utf8(ecrireTable(table.colonnes, cellules(table))))
      assert.deepEqual(again.colonnes, table.colonnes)
      assert.deepEqual(cellules(again), cellules(table))
      for (const ligne of table.lignes) assert.equal(ligne.cellules.length, table.colonnes.length)
    }),
    { numRuns: 10_000 },
  )
  assert.ok(accepted > 500, `${accepted} accepted`)
})

test('a list: the key is « code » or « id », else the first column without a double; the words are those of « nom »; same lines are merged', () => {
  const made = composer(lire(utf8('type;rang;nom\nécole;1;Les Tilleuls\nécole;2;Le Bocage\nécole;2;Le Bocage\n')), { cle: '', libelle: '' })
  assert.ok(made.ok)
  assert.deepEqual([made.liste.colonneCle, made.liste.colonneLibelle], ['rang', 'nom'])
  assert.deepEqual(made.liste.entrees[1], { cle: '2', libelle: 'Le Bocage', valeurs: { type: 'école', rang: '2', nom: 'Le Bocage' } })
  assert.match(made.liste.notes.join('\n'), /en double/)
  const coded = composer(lire(utf8('nom;code\nA;1\nB;1\n')), { cle: '', libelle: '' })
  assert.ok(!coded.ok && /« 1 » est déjà/.test(coded.problemes[0]!.message), 'a code that comes twice is told, not passed over')
  const simple = composer(lire(utf8('salle\nSalle A\nSalle B\n')), { cle: '', libelle: '' })
  assert.ok(simple.ok && simple.liste.entrees[0]?.libelle === 'Salle A')
})

test('a list: doubled and empty keys are told line by line, an unknown column with those that exist', () => {
  const table = lire(utf8('id;nom\n1;a\n1;b\n;c\naucune;d\n5;\n'))
  const made = composer(table, { cle: 'id', libelle: 'nom' })
  assert.ok(!made.ok)
  assert.deepEqual(
    made.problemes.map(({ ligne }) => ligne),
    [3, 4, 5, 6],
  )
  assert.match(made.problemes[0]!.message, /déjà à la ligne 2/)
  const unknown = composer(table, { cle: 'code', libelle: '' })
  assert.ok(!unknown.ok && /id, nom/.test(unknown.problemes[0]!.message))
})
