import * as z from 'zod'
import { fold, illisible, lu, many, one } from '../saisie.ts'
import { codesDesOptions, commun, nommer, texteAffiche, typeDeChamp } from './type-de-champ.ts'

const option = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_]{0,39}$/, 'identifiant d’option : minuscules, chiffres et _'),
  libelle: texteAffiche(200),
  aide: texteAffiche(300).optional(),
})
// Fifty: what one drop-down list may hold; longer lists come from the official registers, by a search step.
const options = z.array(option).min(1, 'aucun choix proposé').max(50)

const ouiNonSchema = z.strictObject({ type: z.literal('oui_non'), ...commun })
const caseSchema = z.strictObject({ type: z.literal('case'), ...commun })
const choixSchema = z.strictObject({ type: z.literal('choix'), ...commun, options })
const multipleSchema = z.strictObject({
  type: z.literal('choix_multiple'),
  ...commun,
  options,
  minimum: z.int().min(1).max(50).optional(),
  maximum: z.int().min(1).max(50).optional(),
})

/** A question answered by yes or no: never a lone box, an absence of answer is not a no. */
export const ouiNon = typeDeChamp<z.infer<typeof ouiNonSchema>, boolean>({
  nom: 'Oui ou non',
  schema: ouiNonSchema,
  nature: () => 'booleen',
  est: valeur => typeof valeur === 'boolean',
  lire(champ, saisie) {
    const typed = fold(one(saisie, champ.id))
    if (typed === '') return lu<boolean>(null)
    if (typed === 'oui' || typed === 'o') return lu(true)
    if (typed === 'non' || typed === 'n') return lu(false)
    return illisible(`Répondez par oui ou par non : ${nommer(champ)}.`)
  },
  manque: champ => `Répondez par oui ou par non : ${nommer(champ)}.`,
  saisir: (champ, valeur) => ({ [champ.id]: valeur ? 'oui' : 'non' }),
  formater: (_, valeur) => (valeur ? 'Oui' : 'Non'),
  resultat: (_, valeur) => valeur,
})

/** A commitment: ticked, or empty. */
export const caseACocher = typeDeChamp<z.infer<typeof caseSchema>, true>({
  nom: 'Case d’engagement',
  schema: caseSchema,
  nature: () => 'booleen',
  est: valeur => valeur === true,
  lire: (champ, saisie) => lu<true>(['oui', 'on', '1', 'true'].includes(fold(one(saisie, champ.id))) ? true : null),
  manque: champ => `Pour continuer, cochez la case « ${champ.libelle} ».`,
  saisir: champ => ({ [champ.id]: 'oui' }),
  formater: () => 'Oui',
  resultat: () => true,
})

/** One option among several. */
export const choix = typeDeChamp<z.infer<typeof choixSchema>, string>({
  nom: 'Choix unique',
  schema: choixSchema,
  nature: () => 'texte',
  est: (valeur): valeur is string => typeof valeur === 'string' && valeur !== '',
  lire(champ, saisie) {
    const typed = one(saisie, champ.id)
    if (typed === '') return lu<string>(null)
    return champ.options.some(({ id }) => id === typed) ? lu(typed) : illisible(`Choisissez ${nommer(champ)} parmi les réponses proposées.`)
  },
  manque: champ => `Choisissez ${nommer(champ)}.`,
  saisir: (champ, valeur) => ({ [champ.id]: valeur }),
  formater: (champ, valeur) => libelleOption(champ, valeur),
  resultat: (_, valeur) => valeur,
  codes: ({ options: proposed }) => codesDesOptions(proposed),
})

/** Any number of options, in the order of the definition. */
export const choixMultiple = typeDeChamp<z.infer<typeof multipleSchema>, readonly string[]>({
  nom: 'Choix multiple',
  schema: multipleSchema,
  nature: () => 'liste',
  est: (valeur): valeur is readonly string[] => Array.isArray(valeur) && valeur.length > 0 && valeur.every(id => typeof id === 'string'),
  lire(champ, saisie) {
    const typed = many(saisie, champ.id)
    if (typed.length === 0) return lu<readonly string[]>(null)
    const known = champ.options.map(({ id }) => id)
    if (typed.some(id => !known.includes(id))) return illisible(`Choisissez ${nommer(champ)} parmi les réponses proposées.`)
    const { minimum = 1, maximum = known.length } = champ
    if (typed.length < minimum) return illisible(`Cochez au moins ${minimum} réponses pour ${nommer(champ)}.`)
    if (typed.length > maximum) return illisible(`Cochez ${maximum} ${maximum > 1 ? 'réponses' : 'réponse'} au plus pour ${nommer(champ)}.`)
    return lu(known.filter(id => typed.includes(id)))
  },
  manque: champ => `Cochez au moins une réponse pour ${nommer(champ)}.`,
  saisir: (champ, valeur) => ({ [champ.id]: valeur }),
  formater(champ, valeur) {
    const labels = valeur.map(id => libelleOption(champ, id))
    // « Vin, bière, cidre » is one answer.
    return labels.join(labels.some(label => label.includes(',')) ? '\u00a0; ' : ', ')
  },
  resultat: (_, valeur) => valeur,
  codes: ({ options: proposed }) => codesDesOptions(proposed),
})

const libelleOption = (champ: { options: readonly { id: string; libelle: string }[] }, id: string): string =>
  champ.options.find(candidate => candidate.id === id)?.libelle ?? id
