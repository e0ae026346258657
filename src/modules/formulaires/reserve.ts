import type { Reponses } from './answers.ts'
import type { Env } from './expression.ts'
import type { Etape, Formulaire } from './formulaire.ts'
import { type Probleme, problems } from './problems.ts'

/** Whether a form has étapes that agents alone fill in. */
export const aDesEtapesReservees = (formulaire: Formulaire): boolean => formulaire.etapes.some(({ reservee }) => reservee)

/** The étapes that agents alone fill in. */
export const etapesReservees = (formulaire: Formulaire): readonly Etape[] => formulaire.etapes.filter(({ reservee }) => reservee)

const publics = new WeakMap<Formulaire, Formulaire>()

/** The form without the étapes reserved to agents: all that residents, their documents and other programs may know of. The same object when there are none. */
export function partPublique(formulaire: Formulaire): Formulaire {
  if (!aDesEtapesReservees(formulaire)) return formulaire
  const known = publics.get(formulaire)
  if (known) return known
  const part = { ...formulaire, etapes: formulaire.etapes.filter(({ reservee }) => !reservee) }
  publics.set(formulaire, part)
  return part
}

const merged = new WeakMap<Reponses, { readonly annotations: Reponses; readonly ensemble: Reponses }>()

/** What the person answered and what agents noted, as the whole form reads them: ids are never shared. */
export function avecAnnotations(reponses: Reponses, annotations: Reponses): Reponses {
  const known = merged.get(reponses)
  if (known?.annotations === annotations) return known.ensemble
  const ensemble = { champs: { ...reponses.champs, ...annotations.champs }, lignes: reponses.lignes }
  merged.set(reponses, { annotations, ensemble })
  return ensemble
}

/** What is in the answers of the whole form and belongs to agents. */
export function annotationsDe(formulaire: Formulaire, reponses: Reponses): Reponses {
  const ids = new Set(etapesReservees(formulaire).flatMap(({ champs }) => champs.map(({ id }) => id)))
  return { champs: Object.fromEntries(Object.entries(reponses.champs).filter(([id]) => ids.has(id))), lignes: {} }
}

/** What agents still have to note before deciding: the problems of the étapes reserved to them. */
export function problemesDAnnotation(formulaire: Formulaire, reponses: Reponses, annotations: Reponses, env: Env): Probleme[] {
  const ids = new Set(etapesReservees(formulaire).map(({ id }) => id))
  if (ids.size === 0) return []
  return problems(formulaire, avecAnnotations(reponses, annotations), env).filter(({ etape }) => ids.has(etape))
}
