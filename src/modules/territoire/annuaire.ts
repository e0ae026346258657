import * as z from 'zod'
import type { Reglage } from './collectivite.ts'

/** What the national directory says of a mairie or of the seat of an intercommunalité. */
export interface FicheAnnuaire {
  readonly nature: 'commune' | 'epci'
  /** INSEE code of the commune, or SIREN of the EPCI. */
  readonly code: string
  readonly contact: Pick<Reglage, 'adresse' | 'codePostal' | 'ville' | 'telephone' | 'courriel' | 'horaires' | 'site'>
}

// The archive of DILA gives lists; its API gives the same lists as JSON inside a text. Both are read.
const list = <T extends z.ZodType>(item: T) =>
  z.preprocess(value => {
    if (typeof value !== 'string') return value ?? []
    try {
      return JSON.parse(value || '[]')
    } catch {
      return []
    }
  }, z.array(item).catch([]))

const text = z.string().trim().nullish()

const schemaService = z.object({
  code_insee_commune: text,
  siren: text,
  siret: text,
  pivot: list(z.object({ type_service_local: text, code_insee_commune: list(z.string()) })),
  adresse: list(
    z.object({ type_adresse: text, numero_voie: text, complement1: text, complement2: text, code_postal: text, nom_commune: text }),
  ),
  telephone: list(z.object({ valeur: text })),
  adresse_courriel: z.preprocess(v => (typeof v === 'string' ? v.split(/[;,\s]+/) : (v ?? [])), z.array(z.string()).catch([])),
  site_internet: list(z.object({ valeur: text })),
  plage_ouverture: list(z.record(z.string(), z.union([z.string(), z.null()]))),
})

/**
 * Reads one entry of the national directory of the administration (JSON of DILA, « base de données locales » of service-public).
 * undefined when it is neither a mairie nor the seat of an EPCI, or has no code.
 */
export function lireFiche(entry: unknown): FicheAnnuaire | undefined {
  const parsed = schemaService.safeParse(entry)
  if (!parsed.success) return undefined
  const service = parsed.data
  const kinds = service.pivot.map(p => p.type_service_local)
  const isEpci = kinds.includes('epci')
  if (!isEpci && !kinds.includes('mairie')) return undefined
  const insee = service.pivot.find(p => p.type_service_local === 'mairie')?.code_insee_commune[0] ?? service.code_insee_commune
  const code = isEpci ? (service.siren ?? service.siret?.slice(0, 9)) : insee
  if (!code) return undefined
  const address = service.adresse.find(a => a.type_adresse === 'Adresse') ?? service.adresse[0]
  return {
    nature: isEpci ? 'epci' : 'commune',
    code,
    contact: {
      adresse: [address?.complement1, address?.complement2, address?.numero_voie].filter(Boolean).join('\n') || null,
      codePostal: address?.code_postal || null,
      ville: address?.nom_commune || null,
      telephone: service.telephone.map(t => t.valeur).find(Boolean) ?? null,
      courriel: service.adresse_courriel.find(c => c.includes('@')) ?? null,
      site: service.site_internet.map(s => s.valeur).find(s => /^https?:\/\//.test(s ?? '')) ?? null,
      horaires: service.plage_ouverture.map(periodOf).filter(Boolean).join('\n') || null,
    },
  }
}

function periodOf(range: Record<string, string | null>): string {
  const start = range.nom_jour_debut?.trim()
  const end = range.nom_jour_fin?.trim()
  if (!start) return ''
  const hour = (name: string) => {
    const [hours, minutes] = (range[name] ?? '').split(':')
    return hours ? `${Number(hours)} h${minutes && minutes !== '00' ? ` ${minutes}` : ''}` : ''
  }
  const spans = [1, 2].map(n => [hour(`valeur_heure_debut_${n}`), hour(`valeur_heure_fin_${n}`)]).filter(([from, to]) => from && to)
  if (spans.length === 0) return ''
  const days = end && end !== start ? `${start} au ${end.toLowerCase()}` : start
  const comment = range.commentaire?.trim()
  return `${days} : ${spans.map(([from, to]) => `${from} – ${to}`).join(', ')}${comment ? ` (${comment})` : ''}`
}
