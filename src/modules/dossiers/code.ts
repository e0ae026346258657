import { timingSafeEqual } from 'node:crypto'
import { newSpokenCode, normaliseSpokenCode, spokenCodeOf } from '../../platform/ids.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { DossierRow, EvenementRow } from './tables.ts'

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

/** Under what the attempts to open a dossier by its reference are counted. */
export const essaisDuCode = (collectiviteId: string, reference: string): string => `code|${collectiviteId}|${reference.slice(0, 20)}`

/** The event by which an agent gave the present code; undefined when the person has changed it since, or nobody gave one. */
export function codeDonne(dossier: Pick<DossierRow, 'code_version'>, evenements: readonly EvenementRow[]): EvenementRow | undefined {
  const last = evenements.findLast(({ nature }) => nature === 'renouveler_code')
  return last?.donnees['code_version'] === dossier.code_version ? last : undefined
}

/** How long an agent sees the code that they have just given: the time to read it out, or to print it. */
const MONTRE_MS = 10 * 60_000

/**
 * Whether the code that an agent gave may be shown to this one: who gave it, for ten minutes of the clock, as long as it is still the one that opens the
 * dossier. After that nobody reads it in the mairie, not even them: they give another.
 */
export const estCodeMontrable = (donne: EvenementRow | undefined, agentId: string, now: Date): donne is EvenementRow =>
  donne?.auteur_nature === 'agent' && donne.auteur_id === agentId && now.getTime() - donne.le.getTime() <= MONTRE_MS

const VERIFICATION_LENGTH = 24

/** The code printed on a document: 108 random bits, in letters that can be typed from the paper. */
export const nouveauCodeDeVerification = (): string => newSpokenCode(VERIFICATION_LENGTH)

/** What was typed as the code of a document, as it was printed; undefined when it cannot be one. */
export function codeDeVerification(typed: string): string | undefined {
  const code = normaliseSpokenCode(typed)
  return code.length === VERIFICATION_LENGTH + VERIFICATION_LENGTH / 4 - 1 ? code : undefined
}
