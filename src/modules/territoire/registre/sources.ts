import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A commune, or a former one, as the official code géographique gives it. */
export interface CommuneOfficielle {
  readonly code: string
  readonly nom: string
  readonly type: 'commune-actuelle' | 'commune-deleguee' | 'commune-associee' | 'arrondissement-municipal'
  readonly chefLieu?: string
  readonly commune?: string
  readonly siren?: string
  readonly codesPostaux?: readonly string[]
  readonly population?: number
  readonly departement?: string
  readonly region?: string
  readonly anciensCodes?: readonly string[]
}

/** An intercommunalité with its own tax, and its members. */
export interface EpciOfficiel {
  readonly code: string
  readonly nom: string
  readonly type: string
  readonly populationMunicipale?: number
  readonly membres: readonly { readonly code: string; readonly nom: string }[]
}

/** The registers read together: one edition. */
export interface Registre {
  readonly version: string
  readonly communes: readonly CommuneOfficielle[]
  readonly epci: readonly EpciOfficiel[]
  readonly departements: readonly { readonly code: string; readonly nom: string; readonly region?: string }[]
  readonly regions: readonly { readonly code: string; readonly nom: string }[]
}

/** Reads the edition shipped with the program (package @etalab/decoupage-administratif: INSEE, DGCL, La Poste). 37,590 communes, about 100 ms. */
export function lireRegistre(): Registre {
  const read = (name: string) => JSON.parse(readFileSync(join(dossier(), 'data', `${name}.json`), 'utf8'))
  return {
    version: versionDuRegistre(),
    communes: read('communes'),
    epci: read('epci'),
    departements: read('departements'),
    regions: read('regions'),
  }
}

/** The edition shipped, without reading it. */
export function versionDuRegistre(): string {
  return (JSON.parse(readFileSync(join(dossier(), 'package.json'), 'utf8')) as { version: string }).version
}

const dossier = (): string => dirname(createRequire(import.meta.url).resolve('@etalab/decoupage-administratif'))
