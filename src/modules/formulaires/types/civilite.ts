import * as z from 'zod'
import { fold, illisible, lu, one } from '../saisie.ts'
import { aDesTextes, codesDesOptions, commun, lirePropriete, nommer, textes, typeDeChamp } from './type-de-champ.ts'

const civiliteSchema = z.strictObject({ type: z.literal('civilite'), ...commun })
const attestationSchema = z.strictObject({ type: z.literal('attestation'), ...commun })

/** The civilities proposed: circulaire du 21 février 2012 (no « mademoiselle »), and nobody is made to say. */
export const civilites = [
  { id: 'madame', libelle: 'Madame' },
  { id: 'monsieur', libelle: 'Monsieur' },
  { id: 'non_precisee', libelle: 'Je ne souhaite pas répondre' },
] as const

const reconnues = new Map([
  ...civilites.map(({ id }) => [id, id] as const),
  ...['mme', 'mademoiselle', 'mlle', 'f'].map(word => [word, 'madame'] as const),
  ...['m', 'm.', 'mr', 'mr.'].map(word => [word, 'monsieur'] as const),
])

/** How to address a person. */
export const civilite = typeDeChamp<z.infer<typeof civiliteSchema>, string>({
  nom: 'Civilité',
  schema: civiliteSchema,
  nature: () => 'texte',
  est: (valeur): valeur is string => civilites.some(({ id }) => id === valeur),
  lire(champ, saisie) {
    const typed = fold(one(saisie, champ.id))
    if (typed === '') return lu<string>(null)
    const known = reconnues.get(typed)
    return known ? lu<string>(known) : illisible(`Choisissez ${nommer(champ)} parmi les réponses proposées.`)
  },
  manque: champ => `Choisissez ${nommer(champ)}.`,
  saisir: (champ, valeur) => ({ [champ.id]: valeur }),
  formater: (_, valeur) => (valeur === 'non_precisee' ? 'Non précisée' : (civilites.find(({ id }) => id === valeur)?.libelle ?? valeur)),
  resultat: (_, valeur) => valeur,
  codes: () => codesDesOptions(civilites),
})

/** Who certifies: the name typed under the sentence. */
export interface ValeurAttestation {
  readonly nom: string
}

/**
 * A sentence certified on one's honour: a box to tick (`id`) and the name of who does (`id-nom`). The label is the sentence.
 * Neither alone is a commitment (code civil, art. 1366: the person must be identified).
 */
export const attestation = typeDeChamp<z.infer<typeof attestationSchema>, ValeurAttestation>({
  nom: 'Attestation sur l’honneur',
  schema: attestationSchema,
  nature: () => 'texte',
  est: (valeur): valeur is ValeurAttestation => aDesTextes(valeur, ['nom']) && !Object.hasOwn(valeur as object, 'code'),
  lire(champ, saisie) {
    const isTicked = ['oui', 'on', '1', 'true'].includes(fold(one(saisie, champ.id)))
    const nom = one(saisie, `${champ.id}-nom`)
    if (!isTicked && nom === '') return lu<ValeurAttestation>(null)
    if (!isTicked) return illisible(`Pour certifier, cochez la case « ${champ.libelle.replace(/\.$/, '')} ».`)
    if (!/\p{L}.*\p{L}/u.test(nom) || nom.length > 120) return illisible('Écrivez votre prénom et votre nom sous l’attestation.', 'nom')
    return lu({ nom })
  },
  manque: champ => `Pour continuer, cochez la case « ${champ.libelle.replace(/\.$/, '')} » et écrivez votre prénom et votre nom.`,
  saisir: (champ, { nom }) => ({ [champ.id]: 'oui', [`${champ.id}-nom`]: nom }),
  formater: (_, { nom }) => `Certifié par ${nom}`,
  resultat: (_, { nom }) => nom,
  proprietes: () => textes('nom'),
  propriete: (_, valeur, nom) => lirePropriete(valeur, nom),
})
