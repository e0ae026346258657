import * as z from 'zod'
import { cleanLines, cleanText, illisible, lu, raw, type Saisie } from '../saisie.ts'
import { commun, Nommer, nommer, typeDeChamp } from './type-de-champ.ts'

const court = z.strictObject({ type: z.literal('texte'), ...commun, longueurMax: z.int().min(1).max(500).optional() })
const long = z.strictObject({ type: z.literal('texte_long'), ...commun, longueurMax: z.int().min(1).max(10_000).optional() })

const est = (valeur: unknown): valeur is string => typeof valeur === 'string' && valeur !== ''

/** Length in characters as people count them (code points, not UTF-16 units). */
const longueur = (text: string): number => [...text].length

function lireTexte(champ: { id: string; libelle: string; enPhrase?: string | undefined }, text: string, max: number) {
  const length = longueur(text)
  if (length === 0) return lu<string>(null)
  if (length <= max) return lu(text)
  return illisible(`${Nommer(champ)} : ${max} caractères au maximum. Vous en avez écrit ${length}.`)
}

/** One line of text, 200 characters unless said. */
export const texte = typeDeChamp<z.infer<typeof court>, string>({
  nom: 'Texte court',
  schema: court,
  nature: () => 'texte',
  est,
  lire: (champ, saisie: Saisie) => lireTexte(champ, cleanText(raw(saisie, champ.id)), champ.longueurMax ?? 200),
  manque: champ => `Indiquez ${nommer(champ)}.`,
  saisir: (champ, valeur) => ({ [champ.id]: valeur }),
  formater: (_, valeur) => valeur,
  resultat: (_, valeur) => valeur,
})

/** Several lines of text, 2,000 characters unless said. */
export const texteLong = typeDeChamp<z.infer<typeof long>, string>({
  nom: 'Texte long',
  schema: long,
  nature: () => 'texte',
  est,
  lire: (champ, saisie: Saisie) => lireTexte(champ, cleanLines(raw(saisie, champ.id)), champ.longueurMax ?? 2000),
  manque: champ => `Indiquez ${nommer(champ)}.`,
  saisir: (champ, valeur) => ({ [champ.id]: valeur }),
  formater: (_, valeur) => valeur,
  resultat: (_, valeur) => valeur,
})
