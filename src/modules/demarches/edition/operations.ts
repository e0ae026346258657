import type { z } from 'zod'
import { type Modele, schemaModele } from '../demarche.ts'
import { type Difference, differences, placeDe } from './differences.ts'
import { direFaute } from './faute.ts'
import { faire } from './gestes.ts'
import { identifiants } from './identifiants.ts'
import { fromNormal, toNormal } from './normal-form.ts'
import { nomDePropriete, phraseDeDifference } from './phrases.ts'

type Objet = Readonly<Record<string, unknown>>

/**
 * A gesture of the editor, as plain JSON. Elements are named by their path (normal-form.ts). `apres`: the id after which to put the
 * thing; null: first; absent: last.
 */
export type Operation =
  | { op: 'ajouterChamp'; etape: string; type: string; libelle?: string; apres?: string | null; proprietes?: Objet }
  | { op: 'ajouterEtape'; titre?: string; apres?: string | null }
  | { op: 'ajouterOption'; liste: string; libelle?: string }
  | { op: 'ajouterParametre'; parametre: Objet }
  | { op: 'dupliquer'; element: string }
  | { op: 'supprimer'; element: string }
  | { op: 'deplacer'; element: string; sens: 'haut' | 'bas' }
  | { op: 'changerEtape'; element: string; etape: string; apres?: string | null }
  | { op: 'changerType'; element: string; type: string }
  /** Properties given replace those of the element; null takes one away. The démarche itself is the empty path (`silence.mois` …). */
  | { op: 'modifier'; element: string; proprietes: Objet }

export type Fait =
  | {
      readonly ok: true
      readonly modele: Modele
      readonly phrase: string
      readonly differences: readonly Difference[]
      readonly element?: string
    }
  | { readonly ok: false; readonly message: string; readonly champ?: string }

/**
 * Does a gesture. The result has the shape of a démarche, though it may not be ready to be published; `element` is what was made and
 * `phrase` says what was done. A gesture that would break the shape is refused by a sentence that names the place (`champ`: the
 * property at fault). `reserves`: ids of former revisions, which no new thing takes, so that an old answer never becomes another's.
 */
export function operer(modele: Modele, operation: Operation, reserves: Iterable<string> = []): Fait {
  const normale = toNormal(modele)
  const taken = new Set([...reserves, ...identifiants(modele)])
  const made = faire(normale, operation, taken, modele)
  if (typeof made === 'object') return { ok: false, message: made.refus }
  const result = fromNormal(normale)
  const parsed = schemaModele.safeParse(result)
  if (!parsed.success) return refusal(result, parsed.error.issues)
  const found = differences(modele, result)
  const phrase = direGeste(operation, found, modele, result)
  return { ok: true, modele: result, phrase, differences: found, ...(made ? { element: made } : {}) }
}

/** A repetition to begin with, when an étape is made to repeat. */
export const repetitionParDefaut = { min: 1, max: 5, nom: { singulier: 'ligne', pluriel: 'lignes' }, titreLigne: 'Ligne' } as const

/** What the schema refuses, said with its place. */
function refusal(modele: Modele, [issue]: readonly z.core.$ZodIssue[]): Fait {
  const path = issue?.path ?? []
  const etape = path[1] === 'etapes' ? modele.formulaire.etapes[Number(path[2])] : undefined
  const champ = path[3] === 'champs' ? etape?.champs[Number(path[4])] : undefined
  const parametre = path[1] === 'parametres' ? modele.formulaire.parametres?.[Number(path[2])] : undefined
  const place = champ
    ? `Question « ${champ.libelle} »`
    : etape
      ? `Étape « ${etape.titre} »`
      : parametre
        ? `Réglage « ${parametre.libelle} »`
        : 'Démarche'
  const property = champ ? path[5] : etape || parametre ? path[3] : path.filter(part => part !== 'formulaire').join('.')
  const label = nomDePropriete(String(property ?? ''), place === 'Démarche')
  return { ok: false, message: `${place} : ${label ? `${label}, ` : ''}${issue ? direFaute(issue) : ''}.`, champ: String(property ?? '') }
}

/** What was done, in one sentence or a few; an étape with its fields counts once. */
function direGeste(operation: Operation, found: readonly Difference[], a: Modele, b: Modele): string {
  const etapes = found.filter(({ element, nature }) => element.startsWith('etapes/') && (nature === 'ajoute' || nature === 'retire'))
  // Two neighbours that change places: the one that was moved is the one to tell.
  const told = operation.op === 'deplacer' ? [moveOf(operation.element, b)] : etapes.length > 0 ? etapes : found
  if (told.length === 0) return 'Rien n’a changé.'
  const phrases = told.map(difference => phraseDeDifference(difference, a, b)).join(' ')
  return operation.op === 'dupliquer' ? `${phrases} C’est une copie.` : phrases
}

function moveOf(element: string, modele: Modele): Difference {
  const place = placeDe(toNormal(modele), element)
  return { cle: `${element}#place`, nature: 'deplace', element, avant: place.liste, apres: place.liste, place }
}
