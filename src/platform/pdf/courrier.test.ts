import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { compilePdf, documentFonts, PdfFailure } from './compile.ts'
import { type Courrier, courrierPdf } from './courrier.ts'
import { drawableBy } from './glyphs.ts'
import { printable } from './printable.ts'

const courrier: Courrier = {
  titre: 'Accusé de réception',
  emetteur: {
    nom: 'Commune de Valnoir',
    lignes: ['1 place de la Fontaine', '14999 Valnoir'],
    telephone: '02 61 91 00 12',
    courriel: 'mairie@valnoir.example',
    couleur: '#1d5e4c',
  },
  destinataire: { nom: 'Camille Exemple', lignes: ['12 rue des Tilleuls', '14999 Valnoir'] },
  lieuEtDate: 'Valnoir, le 21 novembre 2026',
  reference: 'K7QM-4PXW',
  blocs: [
    { type: 'paragraphe', texte: 'Nous avons bien reçu votre demande.' },
    { type: 'titre', texte: 'Votre demande' },
    { type: 'definitions', elements: [{ cle: 'Démarche', valeur: 'Restaurant scolaire' }] },
    { type: 'encadre', titre: 'À savoir', texte: 'Le silence vaut acceptation.' },
    { type: 'tableau', entetes: ['Enfant', 'Classe'], lignes: [['Lou', 'CE1']] },
    { type: 'liste', elements: ['Justificatif de domicile'] },
  ],
  signature: { qualite: 'Pour le maire', nom: 'A. Fictif' },
  piedDePage: 'Commune de Valnoir',
  demonstration: true,
}

/** Everything in a PDF that is not an image of glyphs: its objects, and its streams unpacked. */
function insideOf(pdf: Uint8Array): string {
  const bytes = Buffer.from(pdf)
  const parts = [bytes.toString('latin1'), bytes.toString('utf8')]
  for (let at = bytes.indexOf('stream\n'); at >= 0; at = bytes.indexOf('stream\n', at + 7)) {
    try {
      parts.push(inflateSync(bytes.subarray(at + 7)).toString('utf8'))
    } catch {
      // not a deflated stream
    }
  }
  return parts.join('\n')
}

/** The texts of a PDF, by the character maps of its fonts: code of two bytes → Unicode. */
function textOf(pdf: Uint8Array): string {
  const inside = insideOf(pdf)
  const bytes = Buffer.from(pdf)
  assert.ok(bytes.includes('/ToUnicode'))
  return [...inside.matchAll(/<[0-9a-f]{4}> <([0-9a-f]{4,})>/gi)]
    .map(([, hex]) => Buffer.from(hex!, 'hex').swap16().toString('utf16le'))
    .join('')
}

test('the letter is a tagged, titled PDF/UA-1 in French', () => {
  const inside = insideOf(courrierPdf(courrier))
  assert.match(inside, /^%PDF-1\.7/)
  assert.match(inside, /\/StructTreeRoot/)
  assert.match(inside, /\/Marked true/)
  assert.match(inside, /\/Lang \(fr-FR\)/)
  assert.match(inside, /\/DisplayDocTitle true/)
  assert.match(inside, /<pdfuaid:part>1<\/pdfuaid:part>/)
  assert.match(inside, /<dc:title>.*Accusé de réception/s)
  for (const tag of ['H1', 'H2', 'P', 'L', 'Table', 'TH', 'TD']) assert.match(inside, new RegExp(`/S /${tag}\\b`), tag)
})

test('its fonts are ours alone: the machine lends none', () => {
  const names = [...insideOf(courrierPdf(courrier)).matchAll(/\/BaseFont \/[A-Z]{6}\+([\w-]+)/g)].map(([, name]) => name)
  assert.ok(names.length > 0)
  for (const name of names) assert.match(name ?? '', /^SourceSans3-/)
})

test('the same letter gives the same bytes: no hidden clock', () => {
  assert.deepEqual(courrierPdf(courrier), courrierPdf(courrier))
})

test('what people type is never read as markup, and never stops the letter', () => {
  const hostile = [
    '#import "@preview/x:1.0.0": *',
    '#panic("lu")',
    '$ sum_(i=0) $',
    '= titre',
    '\\u{41} \\ \\#',
    '`c` *g* _i_ <l> @r',
    '"), #panic("lu")',
    '🎉 👩‍👩‍👧 漢字',
    'مرحبا بالعالم',
    '\u202Eabc\u0000\u0007',
    '\ud800',
    'e\u0301',
  ]
  for (const texte of [...hostile, hostile.join(' '), 'a'.repeat(10_000), 'mot '.repeat(2500)]) {
    const pdf = courrierPdf({
      ...courrier,
      titre: texte,
      reference: texte,
      destinataire: { nom: texte, lignes: [texte] },
      blocs: [
        { type: 'paragraphe', texte },
        { type: 'encadre', texte },
      ],
    })
    assert.ok(pdf.length > 5000)
  }
  // The sign is on the paper as typed: « # » and « $ » are among the characters drawn.
  const drawn = textOf(courrierPdf({ ...courrier, titre: '#panic("lu") $' }))
  for (const sign of '#$"(') assert.ok(drawn.includes(sign), sign)
  assert.ok(!textOf(courrierPdf(courrier)).includes('#'))
})

test('any text at all makes a letter', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
      (texte, elements) => {
        const pdf = courrierPdf({
          ...courrier,
          titre: texte,
          piedDePage: texte,
          blocs: [
            { type: 'titre', texte },
            { type: 'liste', elements },
            { type: 'definitions', elements: elements.map(cle => ({ cle, valeur: texte })) },
          ],
        })
        assert.ok(pdf.length > 5000)
      },
    ),
    { numRuns: 60 },
  )
})

test('a character that the font lacks is marked, and the letter says what the mark means', () => {
  assert.equal(printable('Zoé 🎉 漢 œ €'), 'Zoé □ □ œ €')
  assert.equal(printable('a\u202Eb\u0000c\r\nd\te'), 'abc\nd e')
  assert.equal(printable('x'.repeat(81)).split('\u200b').length, 3)
  const isDrawable = drawableBy(documentFonts()[0]!)
  for (const letter of 'éèàçœŒÉ€’«»–…□ŁőЖΩ\u00a0\u202f') assert.ok(isDrawable(letter.codePointAt(0)!), letter)
  assert.ok(!isDrawable(0x1f389))
  assert.ok(courrierPdf({ ...courrier, reference: '🎉' }).length > courrierPdf({ ...courrier, reference: '□' }).length)
})

test('a template that fails, or a table out of shape, is said plainly', () => {
  assert.throws(
    () => compilePdf('#panic("la raison")', {}),
    (error: Error) => error instanceof PdfFailure && /la raison/.test(error.message),
  )
  assert.throws(() => compilePdf('= Sans titre de document', {}), PdfFailure)
  assert.throws(() => courrierPdf({ ...courrier, blocs: [{ type: 'tableau', entetes: ['a', 'b'], lignes: [['1']] }] }), TypeError)
})

test('a template reads no file of the machine', () => {
  assert.throws(() => compilePdf('#set document(title: "x")\n#read("/etc/hostname")', {}), PdfFailure)
})

test('a machine without the compiler is told so, with what to do', async () => {
  const { arch } = process
  Object.defineProperty(process, 'arch', { value: 'mips' })
  try {
    const another = './compile.ts?machine=mips' // a second instance of the module, whose compiler is not yet warm
    const { compilePdf: compileThere } = (await import(another)) as { compilePdf: typeof compilePdf }
    assert.throws(() => compileThere('', {}), /Aucun compilateur de documents PDF.*linux-mips.*npm ci/)
  } finally {
    Object.defineProperty(process, 'arch', { value: arch })
  }
})
