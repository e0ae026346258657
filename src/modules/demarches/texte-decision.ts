import { type Env, type Reponses, recapitulatif } from '../formulaires/index.ts'
import type { Modele } from './demarche.ts'

/** Names between braces in a text. */
export const marques = /\{([^{}]*)\}/g

/** The answers that do not repeat, and the settings, as people read them on one line, by the names that texts give them. */
export function motsDesReponses(modele: Modele, reponses: Reponses, env: Env): Map<string, string> {
  const answers = recapitulatif(modele.formulaire, reponses, env)
    .filter(({ rowId }) => rowId === undefined)
    .flatMap(({ lignes }) => lignes.map(({ champ, valeur }) => [champ, valeur.replaceAll('\n', ', ')] as const))
  const settings = (modele.formulaire.parametres ?? []).map(({ id, type }) => [id, setting(type, env.parametres[id])] as const)
  return new Map([...settings, ...answers])
}

/**
 * A text with words put in place of its marks, in one pass: what a person answered is never read as a mark. Null when a mark has no
 * words: a sentence with a hole proves nothing.
 */
export function remplir(texte: string, mots: ReadonlyMap<string, string>): string | null {
  const isWhole = [...texte.matchAll(marques)].every(([, id = '']) => mots.get(id))
  return isWhole ? texte.replace(marques, (_, id: string) => mots.get(id) ?? '') : null
}

function setting(type: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'oui' : 'non'
  if (type === 'montant' && typeof value === 'number')
    return new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' }).format(value / 100)
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}
