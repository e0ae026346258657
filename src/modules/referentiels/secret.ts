import type { Secrets } from '../../platform/secrets.ts'

// Bound to the collectivité: copied into another's row, it does not open.
const purpose = (collectiviteId: string): string => `referentiel:${collectiviteId}`

/** Seals the value of the header that an API asks for. */
export const scellerSecret = (secrets: Secrets, collectiviteId: string, clear: string): Buffer =>
  secrets.seal(purpose(collectiviteId), Buffer.from(clear, 'utf8'))

/** Opens what `scellerSecret` sealed for the same collectivité; throws when it was altered. */
export const ouvrirSecret = (secrets: Secrets, collectiviteId: string, sealed: Buffer): string =>
  secrets.unseal(purpose(collectiviteId), sealed).toString('utf8')
