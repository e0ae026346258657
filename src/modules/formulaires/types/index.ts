import * as z from 'zod'
import { type Adresse, adresse, codePostal } from './adresse.ts'
import { calcul, explication, section } from './calcul.ts'
import { caseACocher, choix, choixMultiple, ouiNon } from './choix.ts'
import { choixLies, type ValeurChoixLies } from './choix-lies.ts'
import { attestation, civilite, type ValeurAttestation } from './civilite.ts'
import { commune, epci, type ValeurCommune, type ValeurEpci } from './commune.ts'
import { courriel, telephone } from './contact.ts'
import { date } from './date.ts'
import { dateHeure } from './date-heure.ts'
import { iban, nir, rna, siret } from './identifiants.ts'
import { lieu, type ValeurLieu } from './lieu.ts'
import { departement, pays, region } from './listes.ts'
import { decimal, entier, montant } from './nombre.ts'
import { type Piece, piece } from './piece.ts'
import { referentiel, type ValeurReferentiel } from './referentiel.ts'
import { texte, texteLong } from './texte.ts'
import type { TypeDeChamp } from './type-de-champ.ts'

/** Every type of field. Adding one: its file, and its line here. */
export const types = {
  texte,
  texte_long: texteLong,
  oui_non: ouiNon,
  case: caseACocher,
  choix,
  choix_multiple: choixMultiple,
  date,
  entier,
  decimal,
  montant,
  courriel,
  telephone,
  code_postal: codePostal,
  adresse,
  piece,
  calcul,
  explication,
  section,
  civilite,
  date_heure: dateHeure,
  iban,
  siret,
  rna,
  nir,
  commune,
  departement,
  region,
  epci,
  pays,
  choix_lies: choixLies,
  attestation,
  lieu,
  referentiel,
} as const

export type NomDeType = keyof typeof types
type Definition<T> = T extends TypeDeChamp<infer C, infer _V> ? C : never

/** A field of a form, by type. */
export type Champ = { [N in NomDeType]: Definition<(typeof types)[N]> }[NomDeType]
/** A field of one type. */
export type ChampDe<N extends NomDeType> = Extract<Champ, { type: N }>

/** The stored value of a field. Days are `YYYY-MM-DD`, amounts whole cents, options their ids. */
export type Valeur =
  | string
  | number
  | boolean
  | readonly string[]
  | Adresse
  | readonly Piece[]
  | ValeurAttestation
  | ValeurChoixLies
  | ValeurCommune
  | ValeurEpci
  | ValeurLieu
  | ValeurReferentiel

/** Types whose value never comes from the person's typing. */
export const sansSaisie: ReadonlySet<NomDeType> = new Set<NomDeType>(['piece', 'calcul', 'explication', 'section'])

/** Types that are read, not answered. */
export const sansReponse: ReadonlySet<NomDeType> = new Set<NomDeType>(['calcul', 'explication', 'section'])

/** The rules of the type of a field. */
export function typeDe(champ: Champ): TypeDeChamp<Champ, Valeur> {
  // The one place where the compiler cannot follow that a field and the rules found by its own `type` go together.
  return types[champ.type] as unknown as TypeDeChamp<Champ, Valeur>
}

/** Whether the answer of a field is looked up in a register: an address only when its definition asks for it. */
export const estCherche = (champ: Champ): boolean =>
  typeDe(champ).recherche !== undefined && (champ.type !== 'adresse' || champ.verifier === true)

/** The JSON shape of a field: an unknown type or an unknown setting is refused. */
export const schemaChamp: z.ZodType<Champ> = z.discriminatedUnion(
  'type',
  Object.values(types).map(({ schema }) => schema) as unknown as [z.ZodObject, z.ZodObject],
  { error: issue => (issue.code === 'invalid_union' ? 'type de champ inconnu' : undefined) },
) as unknown as z.ZodType<Champ>
