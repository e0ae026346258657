import { z } from 'zod'
import { aucune, rechercher, resoudre, type Trouvaille } from '../recherche.ts'
import { one } from '../saisie.ts'
import { retaper } from './commune.ts'
import { codesDuLieu } from './listes.ts'
import { aDesTextes, commun, garder, lirePropriete, type Nature, nommer, textes, typeDeChamp } from './type-de-champ.ts'

const schema = z.strictObject({ type: z.literal('lieu'), ...commun })

/** A place: an address found, with its coordinates, or a description that nobody checked. */
export interface ValeurLieu {
  readonly libelle: string
  /** Key in the register of addresses, when it was found there. */
  readonly cle?: string
  readonly voie?: string
  readonly codePostal?: string
  readonly commune?: string
  /** INSEE code of the commune. */
  readonly code?: string
  readonly departement?: string
  readonly region?: string
  readonly epci?: string
  /** Degrees, WGS 84. */
  readonly lat?: number
  readonly lon?: number
  readonly verifiee?: false
}

const gardees = ['voie', 'codePostal', 'commune', 'code', 'departement', 'region', 'epci'] as const

/** A place in the public space or not, typed as an address or described in words; never refused because no register knows it. */
export const lieu = typeDeChamp<z.infer<typeof schema>, ValeurLieu>({
  nom: 'Lieu',
  schema,
  nature: () => 'texte',
  est: (valeur): valeur is ValeurLieu => aDesTextes(valeur, ['libelle']) && !Object.hasOwn(valeur as object, 'valeurs'),
  recherche: (champ, saisie) => rechercher('adresse', one(saisie, champ.id)),
  lire: (champ, saisie, portee) =>
    resoudre<ValeurLieu>(champ.id, one(saisie, champ.id), saisie, portee.trouvailles?.get(champ.id), {
      valeur: toLieu,
      telQuel: { libelle: one(saisie, champ.id), verifiee: false },
      libre: true,
      nom: nommer(champ),
      rien: '',
    }),
  manque: champ => `Indiquez ${nommer(champ)} : une adresse, ou quelques mots pour le trouver, par exemple devant la mairie.`,
  saisir: (champ, { libelle, cle }) => retaper(champ, libelle, cle ?? aucune),
  formater: (_, { libelle }) => libelle,
  resultat: (_, { libelle }) => libelle,
  proprietes: (): Readonly<Record<string, Nature>> => ({ ...textes(...gardees), lat: 'nombre', lon: 'nombre' }),
  propriete: (_, valeur, nom) => lirePropriete(valeur, nom),
  codes: (_, propriete) => codesDuLieu(propriete),
})

function toLieu({ cle, libelle, valeurs }: Trouvaille): ValeurLieu {
  return { libelle, cle, ...garder(valeurs, gardees), ...coordonnees(valeurs) }
}

/** The coordinates of a trouvaille, when both are numbers on Earth. */
export function coordonnees({ lat, lon }: Readonly<Record<string, string>>): { lat?: number; lon?: number } {
  const [y, x] = [Number(lat || Number.NaN), Number(lon || Number.NaN)]
  return Math.abs(y) <= 90 && Math.abs(x) <= 180 ? { lat: y, lon: x } : {}
}
