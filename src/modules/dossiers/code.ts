import { timingSafeEqual } from 'node:crypto'
import { newSpokenCode, normaliseSpokenCode, spokenCodeOf } from '../../platform/ids.ts'
import type { Secrets } from '../../platform/secrets.ts'

const LENGTH = 8

type Porteur = { readonly id: string; readonly code_version: number }

/**
 * The code that opens a dossier with its reference (36 bits, in letters that can be read over the telephone). It is computed from
 * the installation's secret and never stored: a stolen database opens nothing. Raising code_version revokes it.
 */
export function codeDuDossier(secrets: Secrets, dossier: Porteur): string {
  return spokenCodeOf(secrets.macs('code-dossier', `${dossier.id}|${dossier.code_version}`)[0]!, LENGTH)
}

/** Whether what was typed is the dossier's code, whatever the case, spaces and hyphens. */
export function estLeCode(secrets: Secrets, dossier: Porteur, typed: string): boolean {
  const given = Buffer.from(normaliseSpokenCode(typed))
  return secrets.macs('code-dossier', `${dossier.id}|${dossier.code_version}`).some(mac => {
    const expected = Buffer.from(spokenCodeOf(mac, LENGTH))
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
}

const VERIFICATION_LENGTH = 24

/** The code printed on a document: 108 random bits, in letters that can be typed from the paper. */
export const nouveauCodeDeVerification = (): string => newSpokenCode(VERIFICATION_LENGTH)

/** What was typed as the code of a document, as it was printed; undefined when it cannot be one. */
export function codeDeVerification(typed: string): string | undefined {
  const code = normaliseSpokenCode(typed)
  return code.length === VERIFICATION_LENGTH + VERIFICATION_LENGTH / 4 - 1 ? code : undefined
}
