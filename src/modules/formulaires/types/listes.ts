import * as z from 'zod'
import { chercherDans, type Entree, entree, resoudre } from '../recherche.ts'
import { departements, regions } from '../registres/decoupage.ts'
import { pays as listeDesPays } from '../registres/pays.ts'
import { illisible, lu, one, type Saisie } from '../saisie.ts'
import { type ChampCommun, commun, nommer, type TypeDeChamp, textes, typeDeChamp } from './type-de-champ.ts'

const regionSchema = z.strictObject({ type: z.literal('region'), ...commun })
const departementSchema = z.strictObject({ type: z.literal('departement'), ...commun })
const paysSchema = z.strictObject({ type: z.literal('pays'), ...commun })

/** The régions in alphabetical order, for a drop-down list: 26, overseas included. */
export const optionsDeRegion = regions
  .map(([code, nom]) => ({ id: code, libelle: nom }))
  .toSorted((a, b) => a.libelle.localeCompare(b.libelle, 'fr'))

const lesDepartements = departements.map(([code, nom]) => entree(code, nom, [`${nom} ${code}`, `${code} ${nom}`]))
const lesPays = listeDesPays.map(([code, nom, ...autres]) => entree(code, nom, autres))
const nomsDeRegion = new Map(regions.map(([code, nom]) => [code, nom]))
const nomsDeDepartement = new Map(departements.map(([code, nom]) => [code, nom]))
const regionsParDepartement = new Map(departements.map(([code, , region]) => [code, region]))
const nomsDePays = new Map(listeDesPays.map(([code, nom]) => [code, nom]))

// The name of each; the code itself when it is unknown.
const nomDeRegion = (code: string): string => nomsDeRegion.get(code) ?? code
const nomDeDepartement = (code: string): string => nomsDeDepartement.get(code) ?? code
const nomDePays = (code: string): string => nomsDePays.get(code) ?? code

/** The code of the région of a département, null when it is unknown. */
export const regionDuDepartement = (code: string): string | null => regionsParDepartement.get(code) ?? null

/**
 * The département of a postcode, null when it has none. Corsica shares 20: 200 and 201 are the south (La Poste). A few postcodes
 * cover communes of two départements: an address found in a register says its own.
 */
export function departementDuCodePostal(codePostal: string): string | null {
  const code = codePostal.startsWith('20')
    ? /^20[01]/.test(codePostal)
      ? '2A'
      : '2B'
    : codePostal.slice(0, /^9[78]/.test(codePostal) ? 3 : 2)
  return nomsDeDepartement.has(code) ? code : null
}

/** The codes that a property of a place takes: its département, its région. */
export const codesDuLieu = (propriete: string | undefined): ReadonlyMap<string, string> | null =>
  propriete === 'departement' ? nomsDeDepartement : propriete === 'region' ? nomsDeRegion : null

const connu =
  (noms: ReadonlyMap<string, string>) =>
  (valeur: unknown): valeur is string =>
    typeof valeur === 'string' && noms.has(valeur)

/** A région of France, by its INSEE code. */
export const region = typeDeChamp<z.infer<typeof regionSchema>, string>({
  nom: 'Région',
  schema: regionSchema,
  nature: () => 'texte',
  est: connu(nomsDeRegion),
  lire(champ, saisie) {
    const typed = one(saisie, champ.id)
    if (typed === '') return lu<string>(null)
    return nomsDeRegion.has(typed) ? lu(typed) : illisible(`Choisissez ${nommer(champ)} dans la liste.`)
  },
  manque: champ => `Choisissez ${nommer(champ)} dans la liste.`,
  saisir: (champ, valeur) => ({ [champ.id]: valeur }),
  formater: (_, valeur) => nomDeRegion(valeur),
  resultat: (_, valeur) => valeur,
  proprietes: () => textes('nom'),
  propriete: (_, valeur) => nomDeRegion(valeur),
  codes: (_, propriete) => (propriete === undefined ? nomsDeRegion : null),
})

/** A département, by its INSEE code; typed by number or by name. */
export const departement = typeDeChamp<z.infer<typeof departementSchema>, string>({
  nom: 'Département',
  schema: departementSchema,
  nature: () => 'texte',
  est: connu(nomsDeDepartement),
  ...dansUneListe(lesDepartements, nomDeDepartement, 'par son numéro ou son nom, par exemple 14 ou Calvados'),
  formater: (_, valeur) => `${nomDeDepartement(valeur)} (${valeur})`,
  resultat: (_, valeur) => valeur,
  proprietes: () => textes('nom', 'region'),
  propriete: (_, valeur, nom) => (nom === 'nom' ? nomDeDepartement(valeur) : regionDuDepartement(valeur)),
  codes: (_, propriete) => (propriete === undefined ? nomsDeDepartement : codesDuLieu(propriete)),
})

/** A country, by its ISO 3166-1 alpha-2 code; typed by its name. */
export const pays = typeDeChamp<z.infer<typeof paysSchema>, string>({
  nom: 'Pays',
  schema: paysSchema,
  nature: () => 'texte',
  est: connu(nomsDePays),
  ...dansUneListe(lesPays, nomDePays, 'par son nom en français, par exemple Portugal'),
  formater: (_, valeur) => nomDePays(valeur),
  resultat: (_, valeur) => valeur,
  proprietes: () => textes('nom'),
  propriete: (_, valeur) => nomDePays(valeur),
  codes: (_, propriete) => (propriete === undefined ? nomsDePays : null),
})

/** What the types share that are typed in words and found in a list of the program. */
function dansUneListe(liste: readonly Entree[], nomDe: (code: string) => string, commentEcrire: string) {
  return {
    lire: (champ: ChampCommun, saisie: Saisie) =>
      resoudre(champ.id, one(saisie, champ.id), saisie, chercherDans(liste, one(saisie, champ.id)), {
        valeur: ({ cle }) => cle,
        telQuel: '',
        nom: nommer(champ),
        rien: `Écrivez ${nommer(champ)} ${commentEcrire}.`,
      }),
    manque: (champ: ChampCommun) => `Écrivez ${nommer(champ)} ${commentEcrire}.`,
    saisir: (champ: ChampCommun, valeur: string): Saisie => ({ [champ.id]: nomDe(valeur) }),
  } satisfies Partial<TypeDeChamp<ChampCommun, string>>
}
