import { randomBytes } from 'node:crypto'
import { generateSync, generateURI, ScureBase32Plugin, verifySync } from 'otplib'

const STEP_SECONDS = 30
const codec = new ScureBase32Plugin()

/** A new secret of 160 bits (RFC 4226 §4 R6). */
export const newTotpSecret = (): Buffer => randomBytes(20)

/** A secret in base32 (RFC 4648 §6), as authenticator applications take it. */
export const base32 = (secret: Buffer): string => codec.encode(secret)

/** The code of six figures at an instant (RFC 6238, HMAC-SHA-1 as every application implements it). */
export const totpCode = (secret: Buffer, now: Date): string =>
  generateSync({ secret: base32(secret), epoch: Math.floor(now.getTime() / 1000) })

/**
 * The time step for which a code is right: the present one or the one before, and later than the last one used, since a code
 * serves once (RFC 6238 §5.2). undefined when it is wrong, whatever was typed.
 */
export function acceptedTotpStep(secret: Buffer, typed: string, now: Date, lastStepUsed: number): number | undefined {
  const token = typed.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const epoch = Math.floor(now.getTime() / 1000)
  if (lastStepUsed >= Math.floor(epoch / STEP_SECONDS)) return undefined
  const result = verifySync({
    secret: base32(secret),
    token,
    epoch,
    epochTolerance: [STEP_SECONDS, 0],
    ...(lastStepUsed > 0 ? { afterTimeStep: lastStepUsed } : {}),
  })
  return result.valid && 'timeStep' in result ? result.timeStep : undefined
}

/** The address that an authenticator application reads from a QR code. */
export const totpAddress = (secret: Buffer, account: string, issuer: string): string =>
  generateURI({ secret: base32(secret), label: account, issuer })

/** The present code of a secret in base32, or undefined when it is not base32. */
export function codeOfBase32(secret: string, now: Date): string | undefined {
  const clean = secret.replace(/\s/g, '').toUpperCase()
  return /^[A-Z2-7]{16,}$/.test(clean) ? generateSync({ secret: clean, epoch: Math.floor(now.getTime() / 1000) }) : undefined
}
