import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSecret } from '../ids.ts'
import { secretsOf } from '../secrets.ts'
import { hashPassword, isPassword } from './password.ts'
import { isOwnCookie, sealedSecret } from './sessions.ts'
import { acceptedTotpStep, base32, newTotpSecret, totpAddress, totpCode } from './totp.ts'

// RFC 6238, appendix B: SHA-1, the last six of the eight figures given.
const rfcSecret = Buffer.from('12345678901234567890')
const vectors: [seconds: number, code: string][] = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
]

test('codes are those of RFC 6238', () => {
  for (const [seconds, code] of vectors) assert.equal(totpCode(rfcSecret, new Date(seconds * 1000)), code)
  assert.equal(base32(rfcSecret), 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
})

test('a code is accepted during its step and the next, once', () => {
  const secret = newTotpSecret()
  const at = (s: number) => new Date((1_800_000_000 + s) * 1000)
  const code = totpCode(secret, at(0))
  const step = acceptedTotpStep(secret, code, at(0), 0)
  assert.equal(step, 60_000_000)
  assert.equal(acceptedTotpStep(secret, code, at(59), 0), step)
  assert.equal(acceptedTotpStep(secret, code, at(60), 0), undefined, 'too old')
  assert.equal(acceptedTotpStep(secret, totpCode(secret, at(60)), at(29), 0), undefined, 'from the future')
  assert.equal(acceptedTotpStep(secret, code, at(10), step!), undefined, 'already used')
  assert.equal(acceptedTotpStep(secret, code, at(40), step!), undefined, 'already used, one step later')
  for (const typed of ['', '12345', 'abcdef', '1234567', '９９９９９９', "' or 1=1"])
    assert.equal(acceptedTotpStep(secret, typed, at(0), 0), undefined)
  assert.equal(acceptedTotpStep(secret, `${code.slice(0, 3)} ${code.slice(3)}`, at(0), 0), step)
  assert.match(totpAddress(secret, 'a@b.example', 'Parvis'), /^otpauth:\/\/totp\/Parvis/)
})

test('a password is recognised, and only it', async () => {
  const stored = await hashPassword('une phrase assez longue é')
  assert.ok(await isPassword('une phrase assez longue e\u0301', stored), 'whatever the composition of accents')
  assert.ok(!(await isPassword('une phrase assez longue e', stored)))
  assert.ok(!(await isPassword('', null)))
  assert.notEqual(stored, await hashPassword('une phrase assez longue é'))
})

test('a cookie of ours is told from an invented one without the database, with the present key and the previous one', () => {
  const [now, before, other] = [1, 2, 3].map(byte => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer]
  const ours = secretsOf([now, before])
  for (const secret of [sealedSecret(ours, newSecret()), sealedSecret(secretsOf([before]), newSecret())]) {
    assert.ok(isOwnCookie(ours, secret))
    assert.match(secret, /^[\w-]{75}$/)
    for (const wrong of [`${secret}a`, secret.slice(1), secret.slice(0, -1), secret.slice(-32), `A${secret.slice(1)}`.replace(/^AA/, 'BA')])
      assert.ok(!isOwnCookie(ours, wrong), wrong)
  }
  for (const wrong of ['', newSecret(), sealedSecret(secretsOf([other]), newSecret()), 'é'.repeat(75), 'a'.repeat(5000)])
    assert.ok(!isOwnCookie(ours, wrong), wrong)
})
