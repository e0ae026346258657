import type { Tenant } from '../../platform/http/route.ts'

/** How to reach the mairie, its hours, its colour: what the collectivité or the national directory said; null when unknown. */
export interface Reglage {
  readonly adresse: string | null
  readonly codePostal: string | null
  readonly ville: string | null
  readonly telephone: string | null
  readonly courriel: string | null
  /** One line a period: « Lundi au vendredi : 9 h – 12 h ». */
  readonly horaires: string | null
  readonly site: string | null
  /** Six hexadecimal figures. */
  readonly couleur: string | null
  /** A small image, WebP. */
  readonly logo: Buffer | null
}

/** An open collectivité as pages and rules see it. */
export interface Collectivite extends Tenant {
  readonly nature: 'commune' | 'epci'
  readonly chemin: string
  readonly code: string
  readonly siren: string | null
  readonly codesPostaux: readonly string[]
  readonly population: number | null
  readonly epciId: string | null
  readonly epciCode: string | null
  readonly epciNom: string | null
  readonly departement: string | null
  readonly departementNom: string | null
  readonly region: string | null
  readonly hote: string | null
  /** Where residents are sent when the commune became part of another. */
  readonly remplaceePar: string | null
  readonly reglage: Reglage
}

const OVERSEAS_ZONES: Readonly<Record<string, string>> = {
  '971': 'America/Guadeloupe',
  '972': 'America/Martinique',
  '973': 'America/Cayenne',
  '974': 'Indian/Reunion',
  '975': 'America/Miquelon',
  '976': 'Indian/Mayotte',
  '977': 'America/St_Barthelemy',
  '978': 'America/Marigot',
  '986': 'Pacific/Wallis',
  '987': 'Pacific/Tahiti',
  '988': 'Pacific/Noumea',
}

// French Polynesia has three hours: half an hour more in the Marquises, an hour more in Gambier (INSEE codes of their communes).
const POLYNESIAN_ZONES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['98718', '98723', '98731', '98746', '98756', '98757'].map(code => [code, 'Pacific/Marquesas'])),
  '98719': 'Pacific/Gambier',
}

/** The time zone in which a collectivité counts its days: by its commune where the département has several, then by its département. */
export const fuseau = (c: Pick<Collectivite, 'departement'> & Partial<Pick<Collectivite, 'code'>>): string =>
  POLYNESIAN_ZONES[c.code ?? ''] ?? OVERSEAS_ZONES[c.departement ?? ''] ?? 'Europe/Paris'

/** What is not known of how to reach a collectivité, in words; empty when everything is. */
export function inconnus(reglage: Reglage): string[] {
  return [
    ...(reglage.adresse ? [] : ['l’adresse postale']),
    ...(reglage.telephone ? [] : ['le téléphone']),
    ...(reglage.courriel ? [] : ['l’adresse électronique']),
    ...(reglage.horaires ? [] : ['les horaires d’ouverture']),
  ]
}

/** « la mairie », « la communauté de communes »: how sentences call it. */
export const appellation = (c: Pick<Collectivite, 'nature'>): string => (c.nature === 'commune' ? 'la mairie' : 'l’intercommunalité')
