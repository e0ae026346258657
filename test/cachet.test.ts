import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import forge from 'node-forge'
import { openConfiguredSeal } from '../src/main.ts'
import { ConfigError, readConfig } from '../src/platform/config.ts'

const folder = mkdtempSync(join(tmpdir(), 'parvis-cachet-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const [certificat, motDePasse, faux, absent] = ['c.p12', 'mot-de-passe', 'faux', 'absent'].map(name => join(folder, name)) as [
  string,
  string,
  string,
  string,
]
const keys = forge.pki.rsa.generateKeyPair({ bits: 2048, e: 0x10001 })
const made = forge.pki.createCertificate()
made.publicKey = keys.publicKey
made.serialNumber = '01'
made.validity.notBefore = new Date(Date.now() - 86_400_000)
made.validity.notAfter = new Date(Date.now() + 86_400_000)
made.setSubject([{ name: 'commonName', value: 'Cachet fictif' }])
made.setIssuer([{ name: 'commonName', value: 'Cachet fictif' }])
made.sign(keys.privateKey, forge.md.sha256.create())
writeFileSync(
  certificat,
  forge.asn1.toDer(forge.pkcs12.toPkcs12Asn1(keys.privateKey, made, 'secret', { algorithm: '3des' })).getBytes(),
  'latin1',
)
writeFileSync(motDePasse, 'secret\n')
writeFileSync(faux, 'autre')

const opened = (PARVIS_CACHET: string, PARVIS_CACHET_MOT_DE_PASSE: string) =>
  openConfiguredSeal(readConfig({ PARVIS_DEMONSTRATION: 'oui', PARVIS_CACHET, PARVIS_CACHET_MOT_DE_PASSE }))

test('a seal opens with its two files, the end of line of the password apart; without any, there is none', async () => {
  assert.equal((await opened(certificat, motDePasse))?.name, 'Cachet fictif')
  assert.equal(await openConfiguredSeal(readConfig({ PARVIS_DEMONSTRATION: 'oui' })), undefined)
})

test('what is wrong is said before the start, with the variable and the file', async () => {
  const isConfig = (pattern: RegExp) => (error: unknown) => error instanceof ConfigError && pattern.test(error.message)
  await assert.rejects(opened(absent, motDePasse), isConfig(/PARVIS_CACHET : le fichier .*absent ne se lit pas \(ENOENT\)/))
  await assert.rejects(opened(certificat, absent), isConfig(/PARVIS_CACHET_MOT_DE_PASSE : le fichier/))
  await assert.rejects(opened(certificat, faux), isConfig(/ne peut pas sceller les documents : le mot de passe n’ouvre pas/))
  await assert.rejects(opened(faux, motDePasse), isConfig(/n’est pas un PKCS#12/))
  assert.throws(() => readConfig({ PARVIS_DEMONSTRATION: 'oui', PARVIS_CACHET: certificat }), isConfig(/demande deux fichiers/))
})
