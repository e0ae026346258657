import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One package of package-lock.json. */
export interface Paquet {
  /** Where npm puts it: `node_modules/a/node_modules/b`. */
  readonly chemin: string
  readonly nom: string
  readonly version: string
  /** As the lockfile writes it, `sha512-…` in base64; absent when the lockfile holds none. */
  readonly integrity: string | undefined
  readonly resolved: string | undefined
  /** An SPDX expression as its author declares it, undefined when nothing declares one. */
  readonly licence: string | undefined
  /** Not installed by `npm ci --omit=dev`. */
  readonly isOutil: boolean
  /** Installed only on some machines. */
  readonly isFacultatif: boolean
  readonly hasScript: boolean
  /** The names it asks for, whatever the way. */
  readonly demande: readonly string[]
}

interface Entree {
  version: string
  integrity?: string
  resolved?: string
  license?: string
  dev?: boolean
  optional?: boolean
  devOptional?: boolean
  hasInstallScript?: boolean
  link?: boolean
  name?: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

/** What the project asks for, and every package that npm would install for it on any machine. */
export interface Verrou {
  readonly nom: string
  readonly version: string
  readonly licence: string | undefined
  readonly demande: readonly string[]
  readonly paquets: readonly Paquet[]
}

export const racine = join(fileURLToPath(import.meta.url), '..', '..', '..')

/** Reads a package-lock.json (lockfileVersion 3), the project's own when none is given. Throws when it is of another form. */
export function lireVerrou(text: string = readFileSync(join(racine, 'package-lock.json'), 'utf8')): Verrou {
  const { lockfileVersion, packages } = JSON.parse(text) as { lockfileVersion: number; packages: Record<string, Entree> }
  if (lockfileVersion !== 3) throw new Error(`lockfileVersion ${lockfileVersion}: only 3 is read`)
  const { '': projet, ...reste } = packages
  if (!projet) throw new Error('the lockfile does not name the project')
  return {
    nom: projet.name ?? '',
    version: projet.version,
    licence: projet.license,
    demande: names(projet),
    paquets: Object.entries(reste).map(([chemin, entree]) => ({
      chemin,
      nom: entree.name ?? chemin.slice(chemin.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entree.version,
      integrity: entree.integrity,
      resolved: entree.resolved,
      licence: entree.license ?? declaree(chemin),
      isOutil: entree.dev === true,
      isFacultatif: entree.optional === true || entree.devOptional === true,
      hasScript: entree.hasInstallScript === true,
      demande: names(entree),
    })),
  }
}

/** The package that `depuis` gets when it asks for `nom`, as Node finds it: beside it, then one folder up at a time. */
export function trouver(verrou: Verrou, depuis: string, nom: string): Paquet | undefined {
  for (let at = depuis; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const chemin = `${at ? `${at}/` : ''}node_modules/${nom}`
    const found = verrou.paquets.find(paquet => paquet.chemin === chemin)
    if (found || !at) return found
  }
}

const names = (entree: Entree): string[] =>
  Object.keys({
    ...entree.dependencies,
    ...entree.devDependencies,
    ...entree.optionalDependencies,
    ...entree.peerDependencies,
  }).sort()

// Old packages declare their licence in a form that npm does not copy into the lockfile.
function declaree(chemin: string): string | undefined {
  try {
    const { license, licenses } = JSON.parse(readFileSync(join(racine, chemin, 'package.json'), 'utf8'))
    return [license, ...(licenses ?? [])].flatMap(said => (typeof said === 'string' ? [said] : said?.type ? [said.type] : []))[0]
  } catch {
    return undefined // of another machine, hence not installed here: the lockfile alone speaks
  }
}
