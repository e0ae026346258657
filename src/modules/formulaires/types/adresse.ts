import * as z from 'zod'
import { aucune, rechercher, resoudre, type Trouvaille } from '../recherche.ts'
import { illisible, lu, one, type Saisie } from '../saisie.ts'
import { coordonnees } from './lieu.ts'
import { codesDuLieu, departementDuCodePostal, regionDuDepartement } from './listes.ts'
import { aDesTextes, commun, garder, lirePropriete, Nommer, nommer, textes, typeDeChamp } from './type-de-champ.ts'

const codePostalSchema = z.strictObject({ type: z.literal('code_postal'), ...commun })
const adresseSchema = z.strictObject({
  type: z.literal('adresse'),
  ...commun,
  /** Looked up in the register of addresses, which adds codes and coordinates. An address that it does not know is kept as typed. */
  verifier: z.boolean().optional(),
})

const codePostalPattern = /^(?:0[1-9]|[1-8]\d|9[0-8])\d{3}$/

/** A French postcode: five figures, spaces allowed when typed. */
export const codePostal = typeDeChamp<z.infer<typeof codePostalSchema>, string>({
  nom: 'Code postal',
  schema: codePostalSchema,
  nature: () => 'texte',
  est: (valeur): valeur is string => typeof valeur === 'string' && codePostalPattern.test(valeur),
  lire(champ, saisie) {
    const typed = one(saisie, champ.id).replace(/\s/g, '')
    if (typed === '') return lu<string>(null)
    return codePostalPattern.test(typed) ? lu(typed) : illisible(`${Nommer(champ)} s’écrit avec cinq chiffres, par exemple 14500.`)
  },
  manque: champ => `Indiquez ${nommer(champ)}, par exemple 14500.`,
  saisir: (champ, valeur) => ({ [champ.id]: valeur }),
  formater: (_, valeur) => valeur,
  resultat: (_, valeur) => valeur,
})

/** A postal address in France. */
export interface Adresse {
  readonly voie: string
  readonly complement: string
  readonly codePostal: string
  readonly commune: string
  /** When it was found in the register: its key, the INSEE codes, degrees WGS 84. */
  readonly cle?: string
  readonly code?: string
  readonly departement?: string
  readonly region?: string
  readonly epci?: string
  readonly lat?: number
  readonly lon?: number
  /** Looked for, and not found or not chosen. */
  readonly verifiee?: false
}

const parts = ['voie', 'complement', 'codePostal', 'commune'] as const
// Six lines of 38 characters (norme AFNOR XP Z 10-011) leave room for less; registers hold longer names of streets.
const maxLength = 120

/** Street, complement, postcode and town (`-voie`, `-complement`, `-codePostal`, `-commune`). The complement may stay empty. */
export const adresse = typeDeChamp<z.infer<typeof adresseSchema>, Adresse>({
  nom: 'Adresse',
  schema: adresseSchema,
  nature: () => 'texte',
  est: (valeur): valeur is Adresse => aDesTextes(valeur, parts),
  recherche: (champ, saisie) =>
    champ.verifier && erreurDe(champ, lignes(champ.id, saisie)) === null ? rechercher('adresse', motsDe(champ.id, saisie)) : null,
  lire(champ, saisie, portee) {
    const typed = lignes(champ.id, saisie)
    if (Object.values(typed).join('') === '') return lu<Adresse>(null)
    const wrong = erreurDe(champ, typed)
    if (wrong) return wrong
    if (!champ.verifier) return lu<Adresse>(typed)
    return resoudre<Adresse>(champ.id, motsDe(champ.id, saisie), saisie, portee.trouvailles?.get(champ.id), {
      valeur: found => completer(typed, found),
      telQuel: { ...typed, verifiee: false },
      libre: true,
      nom: nommer(champ),
      rien: '',
    })
  },
  manque: champ => `Indiquez ${nommer(champ)} : rue, code postal et commune.`,
  saisir(champ, valeur) {
    const typed = Object.fromEntries(parts.map(part => [`${champ.id}-${part}`, valeur[part]]))
    return champ.verifier ? { ...typed, [`${champ.id}-choix`]: valeur.cle ?? aucune, [`${champ.id}-mots`]: motsDe(champ.id, typed) } : typed
  },
  formater: (_, { voie, complement, codePostal, commune }) =>
    [voie, complement, `${codePostal} ${commune}`].filter(line => line !== '').join('\n'),
  resultat: (_, { voie, complement, codePostal, commune }) => `${voie} ${complement} ${codePostal} ${commune}`,
  proprietes: () => textes('voie', 'codePostal', 'commune', 'code', 'departement', 'region', 'epci'),
  propriete(_, valeur, nom) {
    const departement = valeur.departement ?? departementDuCodePostal(valeur.codePostal)
    if (nom === 'departement') return departement
    if (nom === 'region' && !valeur.region) return departement && regionDuDepartement(departement)
    return lirePropriete(valeur, nom)
  },
  codes: (_, propriete) => codesDuLieu(propriete),
})

type Lignes = Pick<Adresse, (typeof parts)[number]>

function lignes(id: string, saisie: Saisie): Lignes {
  const [voie = '', complement = '', code = '', commune = ''] = parts.map(part => one(saisie, `${id}-${part}`))
  return { voie, complement, codePostal: code.replace(/\s/g, ''), commune }
}

/** The words looked up: the complement (a floor, a building) is in no register. */
function motsDe(id: string, saisie: Saisie): string {
  const { voie, codePostal, commune } = lignes(id, saisie)
  return [voie, codePostal, commune].filter(line => line !== '').join(' ')
}

function erreurDe(champ: z.infer<typeof adresseSchema>, { voie, complement, codePostal, commune }: Lignes) {
  const tooLong = Object.entries({ voie, complement, commune }).find(([, line]) => line.length > maxLength)
  if (tooLong) return illisible(`${Nommer(champ)} : ${maxLength} caractères au maximum par ligne.`, tooLong[0])
  if (voie === '') return illisible(`${Nommer(champ)} : indiquez le numéro et la rue, ou le lieu-dit.`, 'voie')
  if (!codePostalPattern.test(codePostal))
    return illisible(`${Nommer(champ)} : le code postal a cinq chiffres, par exemple 14500.`, 'codePostal')
  return commune === '' ? illisible(`${Nommer(champ)} : indiquez la commune.`, 'commune') : null
}

/** The address of the register, with the complement that only the person knows. */
function completer(typed: Lignes, { cle, valeurs }: Trouvaille): Adresse {
  return {
    ...typed,
    ...garder(valeurs, ['voie', 'codePostal', 'commune', 'code', 'departement', 'region', 'epci']),
    cle,
    ...coordonnees(valeurs),
  }
}
