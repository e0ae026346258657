import { type Env, type Reponses, recapitulatif } from '../formulaires/index.ts'
import type { Modele } from './demarche.ts'

/**
 * Paragraphs of a decision with the answers and the settings put in place of `{champ}` and `{parametre}`. A paragraph that
 * names something left empty is left out: a sentence with a hole proves nothing.
 */
export function texteDecision(modele: Modele, paragraphes: readonly string[], reponses: Reponses, env: Env): string[] {
  const answers = recapitulatif(modele.formulaire, reponses, env)
    .filter(({ rowId }) => rowId === undefined)
    .flatMap(({ lignes }) => lignes.map(({ champ, valeur }) => [champ, valeur.replaceAll('\n', ', ')] as const))
  const settings = (modele.formulaire.parametres ?? []).map(({ id, type }) => [id, setting(type, env.parametres[id])] as const)
  const words = new Map([...settings, ...answers])
  return paragraphes.flatMap(text => {
    const marks = [...text.matchAll(/\{([^{}]*)\}/g)]
    return marks.some(([, id = '']) => !words.get(id)) ? [] : [text.replace(/\{([^{}]*)\}/g, (_, id: string) => words.get(id) ?? '')]
  })
}

function setting(type: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'oui' : 'non'
  if (type === 'montant' && typeof value === 'number')
    return new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' }).format(value / 100)
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}
