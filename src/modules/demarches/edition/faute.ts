import type { z } from 'zod'

/** A fault in words: those that the schemas of this house give are French already, those of the library are not. */
export function direFaute(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'texte vide' : `au moins ${issue.minimum}`
  if (issue.code === 'too_big') return `${issue.maximum}${issue.origin === 'string' ? ' caractères' : ''} au plus`
  if (issue.code === 'unrecognized_keys') return `« ${issue.keys.join(' », « ')} » n’existe pas ici`
  return issue.code === 'custom' ? issue.message : 'valeur absente ou mal écrite'
}
