import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, createVerify, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import forge from 'node-forge'
import * as pkijs from 'pkijs'
import { courrierPdf } from './courrier.ts'
import { openSeal, SealError } from './seal.ts'

const now = new Date('2026-11-21T09:30:00Z')
const pdf = courrierPdf({
  titre: 'Décision',
  emetteur: { nom: 'Commune de Valnoir', lignes: [] },
  destinataire: { nom: 'Camille Exemple', lignes: [] },
  lieuEtDate: 'Valnoir, le 21 novembre 2026',
  blocs: [{ type: 'paragraphe', texte: 'Votre demande est acceptée.' }],
  piedDePage: 'Commune de Valnoir',
  demonstration: false,
})

const keys = forge.pki.rsa.generateKeyPair({ bits: 2048, e: 0x10001 })

function pkcs12(validity: [string, string], password = 'mot de passe', other = false): Buffer {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = other ? forge.pki.rsa.generateKeyPair({ bits: 1024 }).publicKey : keys.publicKey
  certificate.serialNumber = '0a01'
  certificate.validity.notBefore = new Date(validity[0])
  certificate.validity.notAfter = new Date(validity[1])
  const subject = [
    { name: 'commonName', value: 'Cachet de la commune de Valnoir' },
    { name: 'countryName', value: 'FR' },
  ]
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  certificate.sign(keys.privateKey, forge.md.sha256.create())
  const box = forge.pkcs12.toPkcs12Asn1(keys.privateKey, certificate, password, { algorithm: '3des' })
  return Buffer.from(forge.asn1.toDer(box).getBytes(), 'latin1')
}

const valid = pkcs12(['2026-01-01', '2027-01-01'])
const seal = openSeal(valid, 'mot de passe', now)
const sealed = await seal.seal(pdf, now)

/** Checks a sealed PDF by itself: the byte range covers all but the signature, the digest is of these bytes, the key of the certificate signed it. */
function verify(file: Buffer): { isValid: boolean; certificate: X509Certificate } {
  const [, a, b, c, d] = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/.exec(file.toString('latin1'))!.map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  assert.deepEqual([a, c + d], [0, file.length], 'every byte but the signature is covered')
  const hex = file.toString('latin1', b + 1, c - 1)
  const info = pkijs.ContentInfo.fromBER(Buffer.from(hex, 'hex'))
  const data = new pkijs.SignedData({ schema: info.content })
  const signer = data.signerInfos[0]!
  const certificate = new X509Certificate(Buffer.from((data.certificates![0] as pkijs.Certificate).toSchema().toBER()))
  const values = new Map(
    signer.signedAttrs!.attributes.map(({ type, values }) => [
      type,
      values[0] as { valueBlock: { valueHexView: Uint8Array }; toBER(): ArrayBuffer },
    ]),
  )
  const covered = Buffer.concat([file.subarray(a, b), file.subarray(c, c + d)])
  const digest = createHash('sha256').update(covered).digest()
  const isDigest = digest.equals(Buffer.from(values.get('1.2.840.113549.1.9.4')!.valueBlock.valueHexView))
  const bound = Buffer.from(values.get('1.2.840.113549.1.9.16.2.47')!.toBER())
  const isBound = bound.includes(createHash('sha256').update(certificate.raw).digest())
  const signed = Buffer.from(signer.signedAttrs!.toSchema().toBER())
  signed[0] = 0x31
  const isSigned = createVerify('sha256')
    .update(signed)
    .verify(certificate.publicKey, Buffer.from(signer.signature.valueBlock.valueHexView))
  return { isValid: isDigest && isBound && isSigned, certificate }
}

test('a sealed document verifies, by the certificate it carries, over every byte but the signature', () => {
  const { isValid, certificate } = verify(sealed)
  assert.ok(isValid)
  assert.equal(seal.name, 'Cachet de la commune de Valnoir')
  assert.ok(certificate.verify(certificate.publicKey))
})

test('any byte changed breaks it', () => {
  const [, , start, end] = /\/ByteRange \[(\d+) (\d+) (\d+)/.exec(sealed.toString('latin1'))!.map(Number) as [
    number,
    number,
    number,
    number,
  ]
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      fc.pre(at < start || at >= end)
      const altered = Buffer.from(sealed)
      altered[at]! ^= change
      let isValid = false
      try {
        isValid = verify(altered).isValid
      } catch {
        // It no longer has the shape of a sealed document.
      }
      assert.ok(!isValid)
    }),
    { numRuns: 300 },
  )
})

test('it is an incremental update: the document under the seal is the one received, its tags with it', () => {
  assert.ok(sealed.subarray(0, pdf.length).equals(Buffer.from(pdf)))
  const added = sealed.toString('latin1', pdf.length)
  for (const expected of [
    '/SubFilter /ETSI.CAdES.detached',
    '/StructTreeRoot',
    '/MarkInfo',
    '/Lang (fr-FR)',
    '/Tabs /S',
    '/F 130',
    '/TU <FEFF',
    '/SigFlags 3',
  ])
    assert.ok(added.includes(expected), expected)
})

test('a file that cannot seal is told in words: not one, wrong password, another’s certificate, out of date', () => {
  const refusal = (file: Buffer, password: string) => {
    try {
      openSeal(file, password, now)
    } catch (error) {
      assert.ok(error instanceof SealError, String(error))
      return error.message
    }
    return 'opened'
  }
  assert.match(refusal(Buffer.from('pas un certificat'), 'x'), /n’est pas un PKCS#12/)
  assert.match(refusal(valid, 'autre'), /mot de passe/)
  assert.match(refusal(pkcs12(['2020-01-01', '2021-01-01']), 'mot de passe'), /expiré le 1 janvier 2021/)
  assert.match(refusal(pkcs12(['2030-01-01', '2031-01-01']), 'mot de passe'), /1 janvier 2030/)
  assert.match(refusal(pkcs12(['2026-01-01', '2027-01-01'], 'mot de passe', true), 'mot de passe'), /certificat de sa clé/)
  assert.equal(refusal(valid, 'mot de passe'), 'opened')
})

test('a seal out of date since the start seals nothing more', async () => {
  await assert.rejects(seal.seal(pdf, new Date('2027-06-01')), /expiré/)
})

const hasOpenssl = (() => {
  try {
    return execFileSync('openssl', ['version']).length > 0
  } catch {
    return false
  }
})()

test('an elliptic curve and a file made by OpenSSL, which verifies the signature itself', {
  skip: !hasOpenssl && 'no openssl on this machine',
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-cachet-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const run = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  run(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'k.pem',
    '-out',
    'c.pem',
    '-subj',
    '/CN=Cachet EC',
    '-days',
    '2',
  )
  run('pkcs12', '-export', '-inkey', 'k.pem', '-in', 'c.pem', '-out', 'c.p12', '-passout', 'pass:secret')
  const today = new Date(new X509Certificate(readFileSync(join(folder, 'c.pem'))).validFrom)
  const file = await openSeal(readFileSync(join(folder, 'c.p12')), 'secret', today).seal(pdf, today)
  assert.ok(verify(file).isValid)
  const [, , b, c] = /\/ByteRange \[(\d+) (\d+) (\d+)/.exec(file.toString('latin1'))!.map(Number) as [number, number, number, number]
  writeFileSync(join(folder, 'sig.der'), Buffer.from(file.toString('latin1', b + 1, c - 1), 'hex'))
  writeFileSync(join(folder, 'covered'), Buffer.concat([file.subarray(0, b), file.subarray(c)]))
  run(
    'cms',
    '-verify',
    '-cades',
    '-binary',
    '-inform',
    'DER',
    '-in',
    'sig.der',
    '-content',
    'covered',
    '-CAfile',
    'c.pem',
    '-purpose',
    'any',
    '-out',
    'out',
  )
})
