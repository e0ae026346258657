import * as z from 'zod'
import { longDate } from '../dates.ts'
import { schemaExpression } from '../expression.ts'
import { formatMontant, formatNumber, lu } from '../saisie.ts'
import { commun, texteAffiche, typeDeChamp } from './type-de-champ.ts'

const calculSchema = z.strictObject({
  type: z.literal('calcul'),
  ...commun,
  nature: z.enum(['nombre', 'montant', 'date', 'texte']),
  expression: schemaExpression,
  /** How the value is found, said to the person who reads it. */
  explication: texteAffiche(600),
})
const sectionSchema = z.strictObject({ type: z.literal('section'), ...commun })
const explicationSchema = z.strictObject({ type: z.literal('explication'), ...commun, texte: texteAffiche(2000) })

/** A value that the program computes from the answers; never typed, never stored with them. Amounts are rounded to the cent. */
export const calcul = typeDeChamp<z.infer<typeof calculSchema>, string | number>({
  nom: 'Valeur calculée',
  schema: calculSchema,
  nature: champ => champ.nature,
  est: (valeur): valeur is string | number => typeof valeur === 'string' || (typeof valeur === 'number' && Number.isFinite(valeur)),
  lire: () => lu<string | number>(null),
  manque: champ => `« ${champ.libelle} » ne peut pas encore être calculé.`,
  saisir: () => ({}),
  formater(champ, valeur) {
    if (typeof valeur === 'string') return champ.nature === 'date' ? longDate(valeur) : valeur
    return champ.nature === 'montant' ? formatMontant(Math.round(valeur)) : formatNumber(valeur, 2)
  },
  resultat: (champ, valeur) => (champ.nature === 'montant' && typeof valeur === 'number' ? Math.round(valeur) : valeur),
})

// What is only read has nothing to keep.
const sansValeur = {
  nature: () => null,
  est: (_: unknown): _ is never => false,
  lire: () => lu<never>(null),
  manque: () => '',
  saisir: () => ({}),
  formater: () => '',
  resultat: () => null,
}

/** A text to read, without answer. */
export const explication = typeDeChamp<z.infer<typeof explicationSchema>, never>({
  nom: 'Texte d’explication',
  schema: explicationSchema,
  ...sansValeur,
})

/** A heading: groups the fields after it, up to the next heading or the end of the étape, and hides them with it. */
export const section = typeDeChamp<z.infer<typeof sectionSchema>, never>({
  nom: 'Titre de section',
  schema: sectionSchema,
  ...sansValeur,
})
