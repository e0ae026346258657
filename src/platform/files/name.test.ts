import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanFileName, extensionOf, withExtension } from './name.ts'

test('a name keeps what a person reads and loses what deceives', () => {
  assert.equal(cleanFileName('Justificatif de domicile – été 2026.pdf'), 'Justificatif de domicile – été 2026.pdf')
  assert.equal(cleanFileName('C:\\Users\\moi\\acte.pdf'), 'acte.pdf')
  assert.equal(cleanFileName('../../etc/passwd'), 'passwd')
  assert.equal(cleanFileName('facture\u202Efdp.exe'), 'facturefdp.exe')
  assert.equal(cleanFileName('a\u0000b\r\nX: y\u200B.pdf'), 'ab X: y.pdf')
  assert.equal(cleanFileName('e\u0301tat.pdf'), '\u00e9tat.pdf')
  assert.equal(cleanFileName('.htaccess'), 'htaccess')
  assert.equal(cleanFileName('\u202E \u0000 ..'), 'document')
})

test('whatever is given, the name is short, visible, without path, and stable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), name => {
      const clean = cleanFileName(name)
      assert.ok([...clean].length >= 1 && [...clean].length <= 120)
      assert.doesNotMatch(clean, /[\p{C}/\\]/u)
      assert.equal(cleanFileName(clean), clean)
    }),
    { numRuns: 500 },
  )
})

test('a long name keeps its extension', () => {
  const clean = cleanFileName(`${'é'.repeat(300)}.pdf`)
  assert.equal([...clean].length, 120)
  assert.equal(extensionOf(clean), 'pdf')
})

test('the extension is the last one', () => {
  assert.equal(extensionOf('evil.pdf.exe'), 'exe')
  assert.equal(extensionOf('PHOTO.JPG'), 'jpg')
  assert.equal(extensionOf('sans'), '')
  assert.equal(withExtension('photo.webp', 'jpg'), 'photo.jpg')
  assert.equal(withExtension('photo', 'jpg'), 'photo.jpg')
})
