import { createHash } from 'node:crypto'
import { type Paquet, trouver, type Verrou } from './verrou.ts'

const ref = ({ nom, version }: { nom: string; version: string }): string =>
  `pkg:npm/${nom.replace(/^@/, '%40')}@${version}`.replace('+', '%2B')

/**
 * The software bill of materials, CycloneDX 1.6 in JSON (ECMA-424), of every package of the lockfile, those of other machines included. It holds
 * nothing of the machine that writes it nor of the day: the same lockfile gives the same bytes. `npm sbom` was set aside: it stops at 1.5, names
 * the project after its folder, draws a number each time, and says nothing of a package without licence.
 */
export function nomenclature(verrou: Verrou): object {
  const uniques = [...new Map(verrou.paquets.map(paquet => [ref(paquet), paquet])).entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  const moi = ref(verrou)
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidDe(JSON.stringify(verrou))}`,
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'pre-build' }],
      component: {
        'bom-ref': moi,
        type: 'application',
        name: verrou.nom,
        version: verrou.version,
        purl: moi,
        ...licencesDe(verrou.licence),
      },
    },
    components: uniques.map(([id, paquet]) => ({
      'bom-ref': id,
      type: 'library',
      ...nomDe(paquet.nom),
      version: paquet.version,
      scope: porteeDe(verrou, id),
      ...hachageDe(paquet),
      ...licencesDe(paquet.licence),
      purl: id,
    })),
    dependencies: [
      { ref: moi, dependsOn: atteints(verrou, '', verrou.demande) },
      ...uniques.map(([id]) => ({
        ref: id,
        // Two copies of one version may find different packages around them.
        dependsOn: [...new Set(verrou.paquets.filter(p => ref(p) === id).flatMap(p => atteints(verrou, p.chemin, p.demande)))].sort(),
      })),
    ],
  }
}

const atteints = (verrou: Verrou, depuis: string, noms: readonly string[]): string[] =>
  [...new Set(noms.flatMap(nom => trouver(verrou, depuis, nom) ?? []).map(ref))].sort()

function nomDe(nom: string): { group?: string; name: string } {
  const [group, name] = nom.split('/')
  return name ? { group: group!, name } : { name: nom }
}

// A tool for writing and testing is not delivered; the packages of other machines are delivered elsewhere.
function porteeDe(verrou: Verrou, id: string): 'required' | 'optional' | 'excluded' {
  const copies = verrou.paquets.filter(paquet => ref(paquet) === id)
  if (copies.every(({ isOutil }) => isOutil)) return 'excluded'
  return copies.every(({ isFacultatif, isOutil }) => isFacultatif || isOutil) ? 'optional' : 'required'
}

function hachageDe({ integrity }: Paquet): object {
  const found = integrity?.match(/^sha512-(.+)$/)?.[1]
  return found ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(found, 'base64').toString('hex') }] } : {}
}

function licencesDe(licence: string | undefined): object {
  if (!licence) return {}
  if (/\s(?:OR|AND)\s/.test(licence)) return { licenses: [{ expression: licence }] }
  return { licenses: [{ license: licence.includes('/') ? { name: licence } : { id: licence } }] }
}

// RFC 9562, version 8: its content is ours.
function uuidDe(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}
