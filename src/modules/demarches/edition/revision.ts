import { definitions, type Ligne, type Reponses } from '../../formulaires/index.ts'
import type { Modele } from '../demarche.ts'
import { changementsPourHabitant } from './changements.ts'
import { same } from './same.ts'

type Champ = definitions.Champ
type Valeur = definitions.Valeur

/** An answer that the new revision has no place for: kept apart, shown with its question, never lost. Plain JSON. */
export interface Ecartee {
  /** Id of the question. */
  readonly id: string
  readonly libelle: string
  /** For people. */
  readonly valeur: string
  /** The answer as it was, the type of its question then, and its row when it had one: what `restaurer` needs. */
  readonly brute: Valeur
  readonly type: string
  readonly ligne?: { readonly etape: string; readonly id: string }
}

/** Answers carried over to a revision. */
export interface Report {
  readonly reponses: Reponses
  readonly ecartees: readonly Ecartee[]
  /** What changed, in sentences for the resident. */
  readonly changements: readonly string[]
}

/**
 * Carries the answers of a draft from one revision to another, by the stable ids of questions. An answer stays when its question is
 * still there, of the same type, repeated or not as before, and would still accept it; else it is put apart, whole. Law: every answer
 * is either unchanged in `reponses`, or in `ecartees`.
 */
export function reporter(ancien: Modele, nouveau: Modele, reponses: Reponses): Report {
  const ecartees: Ecartee[] = []
  const keep = (values: Readonly<Record<string, Valeur>>, ligne?: { etape: string; id: string }) =>
    Object.fromEntries(
      Object.entries(values).filter(([id, valeur]) => {
        const isKept = accepte(nouveau, ancien, id, valeur, ligne?.etape)
        if (!isKept) ecartees.push(ecarter(ancien, id, valeur, ligne))
        return isKept
      }),
    )
  const champs = keep(reponses.champs)
  const lignes = Object.entries(reponses.lignes).flatMap(([etape, rows]): [string, readonly Ligne[]][] => {
    const kept = rows.map(row => ({ id: row.id, champs: keep(row.champs, { etape, id: row.id }) }))
    return isRepeated(nouveau, etape) ? [[etape, kept]] : []
  })
  return { reponses: { champs, lignes: Object.fromEntries(lignes) }, ecartees, changements: changementsPourHabitant(ancien, nouveau) }
}

/**
 * Puts back the answers kept apart whose question is there again and still empty, in the row they had. What has no place yet stays
 * apart. Never replaces an answer given since.
 */
export function restaurer(modele: Modele, reponses: Reponses, ecartees: readonly Ecartee[]): Pick<Report, 'reponses' | 'ecartees'> {
  let result = reponses
  const rest: Ecartee[] = []
  for (const ecartee of ecartees) {
    const { id, brute, type, ligne } = ecartee
    const champ = definitions.indexDe(modele.formulaire).champs.get(id)?.champ
    const put = champ?.type === type && accepte(modele, modele, id, brute, ligne?.etape) ? remettre(result, id, brute, ligne) : null
    if (put) result = put
    else rest.push(ecartee)
  }
  return { reponses: result, ecartees: rest }
}

const isRepeated = ({ formulaire }: Modele, etape: string): boolean =>
  definitions.indexDe(formulaire).etapes.get(etape)?.repetition !== undefined

/** Whether a question has a place for an answer: the same home, the same type, and a value that it would take. */
function accepte(nouveau: Modele, ancien: Modele, id: string, valeur: Valeur, etape: string | undefined): boolean {
  const place = definitions.indexDe(nouveau.formulaire).champs.get(id)
  const before = definitions.indexDe(ancien.formulaire).champs.get(id)?.champ
  if (!place || before?.type !== place.champ.type) return false
  const home = place.etape.repetition ? place.etape.id : undefined
  if (home !== etape || !definitions.typeDe(place.champ).est(valeur)) return false
  // What is looked up in a register or made by the program cannot be read again without them: then the shape is enough.
  return isReadable(place.champ, valeur) || !isReadable(before, valeur)
}

/** Whether an answer, typed again, would be read as the same: an option withdrawn or a shorter text are not. */
function isReadable(champ: Champ, valeur: Valeur): boolean {
  const type = definitions.typeDe(champ)
  if (!type.est(valeur)) return false
  const read = type.lire(champ, type.saisir(champ, valeur), portee)
  return read.ok && same(read.valeur, valeur)
}

// Reading again a stored value depends on nothing around it: years have four figures.
const portee = {
  aujourdhui: '2000-01-01',
  commune: { nom: '', insee: '', epci: '', departement: '', region: '', population: 0 },
  parametres: {},
  champ: () => null,
  lignes: () => [],
}

function ecarter(ancien: Modele, id: string, brute: Valeur, ligne?: { etape: string; id: string }): Ecartee {
  const champ = definitions.indexDe(ancien.formulaire).champs.get(id)?.champ
  const type = champ && definitions.typeDe(champ)
  const valeur = champ && type?.est(brute) ? type.formater(champ, brute) : JSON.stringify(brute)
  return { id, libelle: champ?.libelle ?? id, valeur, brute, type: champ?.type ?? '', ...(ligne ? { ligne } : {}) }
}

function remettre(reponses: Reponses, id: string, valeur: Valeur, ligne: Ecartee['ligne']): Reponses | null {
  if (!ligne) return Object.hasOwn(reponses.champs, id) ? null : { ...reponses, champs: { ...reponses.champs, [id]: valeur } }
  const rows = (Object.hasOwn(reponses.lignes, ligne.etape) && reponses.lignes[ligne.etape]) || []
  const row = rows.find(one => one.id === ligne.id)
  if (row && Object.hasOwn(row.champs, id)) return null
  const filled = { id: ligne.id, champs: { ...row?.champs, [id]: valeur } }
  const next = row ? rows.map(one => (one === row ? filled : one)) : [...rows, filled]
  return { ...reponses, lignes: { ...reponses.lignes, [ligne.etape]: next } }
}
