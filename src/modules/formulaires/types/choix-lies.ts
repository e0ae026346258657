import * as z from 'zod'
import { illisible, lu, one } from '../saisie.ts'
import { aDesTextes, codesDesOptions, commun, lirePropriete, nommer, texteAffiche, textes, typeDeChamp } from './type-de-champ.ts'

const option = {
  id: z.string().regex(/^[a-z0-9][a-z0-9_]{0,39}$/, 'identifiant d’option : minuscules, chiffres et _'),
  libelle: texteAffiche(200),
}
const schema = z.strictObject({
  type: z.literal('choix_lies'),
  ...commun,
  options: z
    .array(z.strictObject({ ...option, options: z.array(z.strictObject(option)).max(50) }))
    .min(1, 'aucun choix proposé')
    .max(50),
})

/** An option, and the one that makes it precise; empty when that option has none. */
export interface ValeurChoixLies {
  readonly choix: string
  readonly precision: string
}

/** Two choices, the second of which depends on the first (`id`, then `id-choix`, proposed once the first is known). */
export const choixLies = typeDeChamp<z.infer<typeof schema>, ValeurChoixLies>({
  nom: 'Choix liés',
  schema,
  nature: () => 'texte',
  est: (valeur): valeur is ValeurChoixLies => aDesTextes(valeur, ['choix', 'precision']),
  lire(champ, saisie) {
    const typed = one(saisie, champ.id)
    if (typed === '') return lu<ValeurChoixLies>(null)
    const found = champ.options.find(({ id }) => id === typed)
    if (!found) return illisible(`Choisissez ${nommer(champ)} parmi les réponses proposées.`)
    if (found.options.length === 0) return lu({ choix: typed, precision: '' })
    const precision = one(saisie, `${champ.id}-choix`)
    if (found.options.some(({ id }) => id === precision)) return lu({ choix: typed, precision })
    return illisible(
      `Précisez ${nommer(champ)} dans la liste « ${found.libelle} ».`,
      'choix',
      found.options.map(({ id, libelle }) => ({ cle: id, libelle, valeurs: {} })),
    )
  },
  manque: champ => `Choisissez ${nommer(champ)}.`,
  saisir: (champ, { choix, precision }) => ({ [champ.id]: choix, ...(precision ? { [`${champ.id}-choix`]: precision } : {}) }),
  formater(champ, { choix, precision }) {
    const first = champ.options.find(({ id }) => id === choix)
    const second = first?.options.find(({ id }) => id === precision)
    return [first?.libelle ?? choix, second?.libelle ?? precision].filter(text => text !== '').join(' : ')
  },
  resultat: (_, { choix, precision }) => precision || choix,
  proprietes: () => textes('choix', 'precision'),
  propriete: (_, valeur, nom) => lirePropriete(valeur, nom),
  codes({ options }, propriete) {
    if (propriete === 'choix') return codesDesOptions(options)
    const precisions = options.flatMap(one => one.options)
    return codesDesOptions(propriete === 'precision' ? precisions : [...options.filter(one => one.options.length === 0), ...precisions])
  },
})
