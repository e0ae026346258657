import { z } from 'zod'
import { illisible, lu, one } from '../saisie.ts'
import { commun, Nommer, nommer, typeDeChamp } from './type-de-champ.ts'

const codePostalSchema = z.strictObject({ type: z.literal('code_postal'), ...commun })
const adresseSchema = z.strictObject({ type: z.literal('adresse'), ...commun })

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
}

const parts = ['voie', 'complement', 'codePostal', 'commune'] as const
// Six lines of 38 characters (norme AFNOR XP Z 10-011) leave room for less; registers hold longer names of streets.
const maxLength = 120

/** Street, complement, postcode and town (`-voie`, `-complement`, `-codePostal`, `-commune`). The complement may stay empty. */
export const adresse = typeDeChamp<z.infer<typeof adresseSchema>, Adresse>({
  nom: 'Adresse',
  schema: adresseSchema,
  nature: () => 'texte',
  est: (valeur): valeur is Adresse =>
    typeof valeur === 'object' &&
    valeur !== null &&
    parts.every(part => Object.hasOwn(valeur, part) && typeof Reflect.get(valeur, part) === 'string'),
  lire(champ, saisie) {
    const [voie = '', complement = '', code = '', commune = ''] = parts.map(part => one(saisie, `${champ.id}-${part}`))
    const codePostal = code.replace(/\s/g, '')
    if (voie + complement + codePostal + commune === '') return lu<Adresse>(null)
    const tooLong = Object.entries({ voie, complement, commune }).find(([, line]) => line.length > maxLength)
    if (tooLong) return illisible(`${Nommer(champ)} : ${maxLength} caractères au maximum par ligne.`, tooLong[0])
    if (voie === '') return illisible(`${Nommer(champ)} : indiquez le numéro et la rue, ou le lieu-dit.`, 'voie')
    if (!codePostalPattern.test(codePostal))
      return illisible(`${Nommer(champ)} : le code postal a cinq chiffres, par exemple 14500.`, 'codePostal')
    if (commune === '') return illisible(`${Nommer(champ)} : indiquez la commune.`, 'commune')
    return lu({ voie, complement, codePostal, commune })
  },
  manque: champ => `Indiquez ${nommer(champ)} : rue, code postal et commune.`,
  saisir: (champ, valeur) => Object.fromEntries(parts.map(part => [`${champ.id}-${part}`, valeur[part]])),
  formater: (_, { voie, complement, codePostal, commune }) =>
    [voie, complement, `${codePostal} ${commune}`].filter(line => line !== '').join('\n'),
  resultat: (_, { voie, complement, codePostal, commune }) => `${voie} ${complement} ${codePostal} ${commune}`,
})
