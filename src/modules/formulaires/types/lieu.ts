import * as z from 'zod'
import { aucune, rechercher, resoudre, type Trouvaille } from '../recherche.ts'
import { illisible, type Lecture, lu, one } from '../saisie.ts'
import { retaper } from './commune.ts'
import { type CoordonneesLues, ecrireCoordonnees, estSurTerre, lireCoordonnees } from './coordonnees.ts'
import { codesDuLieu } from './listes.ts'
import { aDesTextes, commun, garder, lirePropriete, type Nature, nommer, textes, typeDeChamp } from './type-de-champ.ts'

const schema = z.strictObject({ type: z.literal('lieu'), ...commun })

/** A place: an address found, with its coordinates; a point of the Earth, with the words that came with it; or a description that nobody checked. */
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
  /** The coordinates are those that the person gave, not those of the address: the address is only near. */
  readonly point?: true
  /** Kilometres between that point and the centre of the commune, when they are so many that it may be a mistake. */
  readonly km?: number
  readonly verifiee?: false
}

const gardees = ['voie', 'codePostal', 'commune', 'code', 'departement', 'region', 'epci'] as const

/**
 * A place in the public space or not: an address, a description in words, or coordinates with or without words; never refused because no register
 * knows it. Refused: coordinates out of the Earth.
 */
export const lieu = typeDeChamp<z.infer<typeof schema>, ValeurLieu>({
  nom: 'Lieu',
  schema,
  nature: () => 'texte',
  est: (valeur): valeur is ValeurLieu => aDesTextes(valeur, ['libelle']) && !Object.hasOwn(valeur as object, 'valeurs'),
  recherche(champ, saisie) {
    const typed = one(saisie, champ.id)
    const given = lireCoordonnees(typed)
    return given ? (estSurTerre(given.point) ? pres(given) : null) : rechercher('adresse', typed)
  },
  lire(champ, saisie, portee) {
    const typed = one(saisie, champ.id)
    const reponse = portee.trouvailles?.get(champ.id)
    const given = lireCoordonnees(typed)
    if (given) return lirePoint(given, Array.isArray(reponse) ? reponse[0] : undefined, nommer(champ))
    return resoudre<ValeurLieu>(champ.id, typed, saisie, reponse, {
      valeur: toLieu,
      telQuel: { libelle: typed, verifiee: false },
      libre: true,
      nom: nommer(champ),
      rien: '',
    })
  },
  manque: champ => `Indiquez ${nommer(champ)} : une adresse, ou quelques mots pour le trouver, par exemple devant la mairie.`,
  saisir(champ, valeur) {
    const point = pointDe(valeur)
    if (!valeur.point || !point) return retaper(champ, valeur.libelle, valeur.cle ?? aucune)
    const coordinates = ecrireCoordonnees(point)
    return { [champ.id]: valeur.libelle === coordinates ? coordinates : `${valeur.libelle} (${coordinates})` }
  },
  formater(_, valeur) {
    const point = valeur.point && pointDe(valeur)
    return point && valeur.libelle !== ecrireCoordonnees(point) ? `${valeur.libelle}\n${ecrireCoordonnees(point)}` : valeur.libelle
  },
  resultat: (_, { libelle }) => libelle,
  proprietes: (): Readonly<Record<string, Nature>> => ({ ...textes(...gardees), lat: 'nombre', lon: 'nombre' }),
  propriete: (_, valeur, nom) => lirePropriete(valeur, nom),
  codes: (_, propriete) => codesDuLieu(propriete),
})

/** Where a place is, when it is known. */
export const pointDe = ({ lat, lon }: ValeurLieu): { lat: number; lon: number } | null =>
  typeof lat === 'number' && typeof lon === 'number' && estSurTerre({ lat, lon }) ? { lat, lon } : null

/** What to say of a point that is far from the commune; null when it is not. */
export const alerteDuLieu = ({ km }: Pick<ValeurLieu, 'km'>): string | null =>
  typeof km === 'number'
    ? `Ce point est à ${km.toLocaleString('fr-FR')} km du centre de la commune. Vérifiez-le : la latitude s’écrit avant la longitude.`
    : null

/** What is asked about a point: what is near it. */
const pres = ({ point: { lat, lon } }: CoordonneesLues) => rechercher('point', `${lat} ${lon}`)

/** Characters of the words beside coordinates. */
const maxMots = 250

function lirePoint({ point, mots }: CoordonneesLues, near: Trouvaille | undefined, nom: string): Lecture<ValeurLieu> {
  if (!estSurTerre(point))
    return illisible(
      'Ces coordonnées ne sont pas sur la Terre : la latitude va de -90 à 90, la longitude de -180 à 180. Par exemple 48,8385, -0,8893.',
    )
  if (mots.length > maxMots) return illisible(`Écrivez ${nom} en ${maxMots} caractères au plus, avec ses coordonnées.`)
  const km = Number(near?.valeurs.km ?? Number.NaN)
  return lu<ValeurLieu>({
    libelle: mots || (near?.libelle ? `Près de : ${near.libelle}`.slice(0, maxMots) : ecrireCoordonnees(point)),
    ...garder(near?.valeurs ?? {}, gardees),
    ...point,
    point: true,
    ...(Number.isFinite(km) ? { km } : {}),
  })
}

function toLieu({ cle, libelle, valeurs }: Trouvaille): ValeurLieu {
  return { libelle, cle, ...garder(valeurs, gardees), ...coordonnees(valeurs) }
}

/** The coordinates of a trouvaille, when both are numbers on Earth. */
export function coordonnees({ lat, lon }: Readonly<Record<string, string>>): { lat?: number; lon?: number } {
  const point = { lat: Number(lat || Number.NaN), lon: Number(lon || Number.NaN) }
  return estSurTerre(point) ? point : {}
}
