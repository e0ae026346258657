import * as z from 'zod'
import { identifiant, type Tranche, type ValeurParametre } from './expression.ts'
import { type Nature, texteAffiche } from './types/type-de-champ.ts'

const commun = { id: identifiant, libelle: texteAffiche(120), aide: texteAffiche(400).optional() }

const tranche = z.strictObject({ jusqua: z.number().nullable(), montant: z.int().min(0).max(100_000_000) })

/** A scale: growing upper ends, the last one without end, so that every number falls somewhere. */
const bareme = z.array(tranche).min(1).max(30).refine(estCroissant, 'barème : bornes croissantes, la dernière sans fin (null)')

/** A setting that the commune may change: type, French label and default. Amounts are whole cents. */
export const schemaParametre = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('entier'), ...commun, unite: texteAffiche(30).optional(), min: z.int(), max: z.int(), defaut: z.int() }),
  z.strictObject({ type: z.literal('montant'), ...commun, defaut: z.int().min(0).max(100_000_000) }),
  z.strictObject({ type: z.literal('texte'), ...commun, defaut: z.string().max(500) }),
  z.strictObject({ type: z.literal('oui_non'), ...commun, defaut: z.boolean() }),
  z.strictObject({ type: z.literal('bareme'), ...commun, defaut: bareme }),
])
export type Parametre = z.infer<typeof schemaParametre>

/** Whether a value may be given to a setting. */
export function accepteParametre(parametre: Parametre, valeur: unknown): valeur is ValeurParametre {
  if (parametre.type === 'entier') return Number.isSafeInteger(valeur) && Number(valeur) >= parametre.min && Number(valeur) <= parametre.max
  if (parametre.type === 'montant') return Number.isSafeInteger(valeur) && Number(valeur) >= 0
  if (parametre.type === 'texte') return typeof valeur === 'string' && valeur.length <= 500
  if (parametre.type === 'oui_non') return typeof valeur === 'boolean'
  return bareme.safeParse(valeur).success
}

/** The settings in force: what the commune chose where it may be given, else the default of the definition. */
export function valeursDesParametres(
  { parametres = [] }: { readonly parametres?: readonly Parametre[] | undefined },
  reglages: Readonly<Record<string, unknown>> = {},
): Record<string, ValeurParametre> {
  return Object.fromEntries(
    parametres.map(parametre => {
      const chosen = Object.hasOwn(reglages, parametre.id) ? reglages[parametre.id] : undefined
      return [parametre.id, accepteParametre(parametre, chosen) ? chosen : parametre.defaut]
    }),
  )
}

/** What an expression makes of a setting; null for a scale, which only `bareme` reads. */
export function natureDuParametre(parametre: Parametre): Nature | null {
  if (parametre.type === 'entier') return 'nombre'
  if (parametre.type === 'montant' || parametre.type === 'texte') return parametre.type
  return parametre.type === 'oui_non' ? 'booleen' : null
}

function estCroissant(tranches: readonly Tranche[]): boolean {
  return tranches.every(({ jusqua }, rank) => {
    const before = rank === 0 ? Number.NEGATIVE_INFINITY : tranches[rank - 1]?.jusqua
    if (rank === tranches.length - 1) return jusqua === null
    return jusqua !== null && typeof before === 'number' && jusqua > before
  })
}
