import * as z from 'zod'
import { rechercher, resoudre, type Trouvaille } from '../recherche.ts'
import { one, type Saisie } from '../saisie.ts'
import { codesDuLieu } from './listes.ts'
import { aDesTextes, type ChampCommun, commun, garder, lirePropriete, nommer, textes, typeDeChamp } from './type-de-champ.ts'

const communeSchema = z.strictObject({ type: z.literal('commune'), ...commun })
const epciSchema = z.strictObject({ type: z.literal('epci'), ...commun })

/** A commune of the register; only its name, as typed, and empty codes when the register could not be asked. */
export interface ValeurCommune {
  /** INSEE code. */
  readonly code: string
  readonly nom: string
  readonly codePostal?: string
  readonly departement: string
  readonly region: string
  readonly epci?: string
  readonly verifiee?: false
}

/** An intercommunalité of the register. */
export interface ValeurEpci {
  /** SIREN. */
  readonly code: string
  readonly nom: string
  readonly verifiee?: false
}

/** A commune, typed by its name or its postcode, then chosen in the register when several answer. */
export const commune = typeDeChamp<z.infer<typeof communeSchema>, ValeurCommune>({
  nom: 'Commune',
  schema: communeSchema,
  nature: () => 'texte',
  est: (valeur): valeur is ValeurCommune => aDesTextes(valeur, ['code', 'nom', 'departement', 'region']),
  recherche: (champ, saisie) => rechercher('commune', one(saisie, champ.id)),
  lire: (champ, saisie, portee) =>
    resoudre(champ.id, one(saisie, champ.id), saisie, portee.trouvailles?.get(champ.id), {
      valeur: toCommune,
      telQuel: { code: '', nom: one(saisie, champ.id), departement: '', region: '', verifiee: false },
      nom: nommer(champ),
      rien: `Aucune commune ne répond. Écrivez ${nommer(champ)} par son nom ou son code postal, par exemple 14500.`,
    }),
  manque: champ => `Écrivez ${nommer(champ)} par son nom ou son code postal, par exemple 14500.`,
  saisir: (champ, valeur) => retaper(champ, valeur.codePostal ? `${valeur.nom} (${valeur.codePostal})` : valeur.nom, valeur.code),
  formater: (_, { nom, codePostal, verifiee }) =>
    verifiee === false ? `${nom} (non vérifiée)` : codePostal ? `${nom} (${codePostal})` : nom,
  resultat: (_, { code, nom }) => code || nom,
  proprietes: () => textes('code', 'nom', 'codePostal', 'departement', 'region', 'epci'),
  propriete: (_, valeur, nom) => lirePropriete(valeur, nom),
  codes: (_, propriete) => codesDuLieu(propriete),
})

/** An intercommunalité with its own taxation, typed by its name. */
export const epci = typeDeChamp<z.infer<typeof epciSchema>, ValeurEpci>({
  nom: 'Intercommunalité',
  schema: epciSchema,
  nature: () => 'texte',
  est: (valeur): valeur is ValeurEpci => aDesTextes(valeur, ['code', 'nom']) && !Object.hasOwn(valeur as object, 'departement'),
  recherche: (champ, saisie) => rechercher('epci', one(saisie, champ.id)),
  lire: (champ, saisie, portee) =>
    resoudre(champ.id, one(saisie, champ.id), saisie, portee.trouvailles?.get(champ.id), {
      valeur: ({ cle, libelle, valeurs }: Trouvaille): ValeurEpci => ({ code: cle, nom: valeurs.nom ?? libelle }),
      telQuel: { code: '', nom: one(saisie, champ.id), verifiee: false },
      nom: nommer(champ),
      rien: `Aucune intercommunalité ne répond. Écrivez ${nommer(champ)} par son nom, ou le nom d’une de ses communes.`,
    }),
  manque: champ => `Écrivez ${nommer(champ)} par son nom, ou le nom d’une de ses communes.`,
  saisir: (champ, valeur) => retaper(champ, valeur.nom, valeur.code),
  formater: (_, { nom, verifiee }) => (verifiee === false ? `${nom} (non vérifiée)` : nom),
  resultat: (_, { code, nom }) => code || nom,
  proprietes: () => textes('code', 'nom'),
  propriete: (_, valeur, nom) => lirePropriete(valeur, nom),
})

/** What would be typed again: the words, and the choice made for them. */
export const retaper = (champ: ChampCommun, words: string, cle: string): Saisie =>
  cle === '' ? { [champ.id]: words } : { [champ.id]: words, [`${champ.id}-choix`]: cle, [`${champ.id}-mots`]: words }

function toCommune({ cle, libelle, valeurs }: Trouvaille): ValeurCommune {
  return {
    code: cle,
    nom: valeurs.nom ?? libelle,
    ...garder(valeurs, ['codePostal']),
    departement: valeurs.departement ?? '',
    region: valeurs.region ?? '',
    ...garder(valeurs, ['epci']),
  }
}
