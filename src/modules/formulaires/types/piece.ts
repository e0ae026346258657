import * as z from 'zod'
import { lu } from '../saisie.ts'
import { commun, Nommer, nommer, typeDeChamp } from './type-de-champ.ts'

/** Kinds of files a field may accept; what is really in the bytes is checked where files are stored. */
export const sortesDePiece = ['pdf', 'image'] as const

const schema = z.strictObject({
  type: z.literal('piece'),
  ...commun,
  /** Default: PDF and images. */
  sortes: z.array(z.enum(sortesDePiece)).min(1).optional(),
  /** Default: 1. */
  nombreMax: z.int().min(1).max(20).optional(),
  /** It proves who somebody is: erased once the request is decided. */
  identite: z.literal(true).optional(),
})

/** A stored file, as the answers know it. */
export interface Piece {
  readonly id: string
  readonly nom: string
  readonly tailleOctets: number
}

const isPiece = (valeur: unknown): valeur is Piece =>
  typeof valeur === 'object' &&
  valeur !== null &&
  typeof Reflect.get(valeur, 'id') === 'string' &&
  typeof Reflect.get(valeur, 'nom') === 'string' &&
  Number.isSafeInteger(Reflect.get(valeur, 'tailleOctets'))

/** Documents joined. Their value is put by the module that stores files (`setPieces`); the posted texts never make one. */
export const piece = typeDeChamp<z.infer<typeof schema>, readonly Piece[]>({
  nom: 'Pièce jointe',
  schema,
  nature: () => 'liste',
  est: (valeur): valeur is readonly Piece[] => Array.isArray(valeur) && valeur.length > 0 && valeur.every(isPiece),
  lire: () => lu<readonly Piece[]>(null),
  controler(champ, valeur) {
    const max = champ.nombreMax ?? 1
    return valeur.length > max
      ? `${Nommer(champ)} : ${max} ${max > 1 ? 'fichiers' : 'fichier'} au plus. Retirez-en ${valeur.length - max}.`
      : null
  },
  manque: champ => `Joignez ${nommer(champ)}, en PDF ou en photo.`,
  saisir: () => ({}),
  formater: (_, valeur) => valeur.map(({ nom }) => nom).join(', '),
  resultat: (_, valeur) => valeur.map(({ nom }) => nom),
})
