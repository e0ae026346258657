import * as z from 'zod'
import type { Reponse, Trouvaille } from '../../formulaires/index.ts'
import { decouperAdresse } from '../adresse.ts'
import type { Demander } from './demander-json.ts'

/** Below this score, addok itself hardly believes its answer. */
const MIN_SCORE = 0.4

const schema = z.object({
  features: z.array(
    z.object({
      geometry: z.object({ coordinates: z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]) }),
      properties: z.object({
        id: z.string().min(1).max(100),
        label: z.string().min(1).max(300),
        name: z.string().min(1).max(120),
        postcode: z
          .string()
          .regex(/^\d{5}$/)
          .optional(),
        city: z.string().min(1).max(120),
        citycode: z.string().regex(/^(\d{2}|2[AB])\d{3}$/),
        type: z.string(),
        score: z.number(),
      }),
    }),
  ),
})

/** `departement`, `region` and `epci` of communes, by INSEE code: the geocoder does not say them. */
export type Rattachements = (codes: readonly string[]) => Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>

/**
 * Asks a geocoder that speaks the search API of addok (`/search/?q=…`, GeoJSON), as the national one does. A postcode typed bounds the search, else
 * the commune of `citycode`. « indisponible » when it does not answer in time, or answers something else.
 */
export async function geocoder(
  base: string,
  typed: string,
  citycode: string | undefined,
  demander: Demander,
  rattachements: Rattachements,
): Promise<Reponse> {
  const asked = decouperAdresse(typed)
  const url = new URL('search/', base.endsWith('/') ? base : `${base}/`)
  url.searchParams.set('q', typed.slice(0, 200))
  url.searchParams.set('limit', '10')
  if (asked.codePostal) url.searchParams.set('postcode', asked.codePostal)
  else if (citycode) url.searchParams.set('citycode', citycode)
  const answer = await demander(url)
  const read = answer.ok ? schema.safeParse(answer.json) : undefined
  if (!read?.success) return 'indisponible'
  // A number that the register does not know must not be lost with the street that it proposes instead.
  const types = asked.numero === null ? ['housenumber', 'street', 'locality'] : ['housenumber']
  const kept = read.data.features.filter(({ properties: { type, score } }) => types.includes(type) && score >= MIN_SCORE).slice(0, 10)
  const places = await rattachements(kept.map(({ properties }) => properties.citycode))
  return kept.map(({ properties: p, geometry }): Trouvaille => {
    const [lon, lat] = geometry.coordinates
    return {
      cle: p.id,
      libelle: p.label,
      valeurs: {
        voie: p.name,
        ...(p.postcode ? { codePostal: p.postcode } : {}),
        commune: p.city,
        code: p.citycode,
        ...places.get(p.citycode),
        lat: String(lat),
        lon: String(lon),
      },
    }
  }) // prettier-ignore
}
