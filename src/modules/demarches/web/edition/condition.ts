import type { Form } from '../../../../platform/http/form.ts'
import { definitions, type Expression, type Formulaire } from '../../../formulaires/index.ts'
import { type Comparaison, enExpression, enLignes, type LigneDeCondition, type Sujet, sujetsDe } from '../../edition/index.ts'

/** A condition as its boxes hold it. The last line is new: its comparisons are those of any question. */
export interface EtatDeCondition {
  readonly mode: 'toujours' | 'si' | 'garder'
  readonly jonction: 'toutes' | 'une'
  readonly lignes: readonly LigneDeCondition[]
  readonly nouvelle: LigneDeCondition
  /** The sentence of a condition that says more than lines can. */
  readonly phrase: string | undefined
}

/** What was read in the boxes: the condition, null for none; undefined: as it was. Or the sentence to show, and where. */
export type LectureDeCondition =
  | { readonly ok: true; readonly expression: Expression | null | undefined }
  | { readonly ok: false; readonly message: string; readonly champ: string }

const vide: LigneDeCondition = { champ: '', comparaison: 'est', valeur: '' }

/** The boxes of a condition as it is. */
export function etatDe(condition: Expression | undefined, formulaire: Formulaire): EtatDeCondition {
  const found = condition ? enLignes(condition, formulaire) : { jonction: 'toutes' as const, lignes: [] }
  const mode = condition === undefined ? 'toujours' : found ? 'si' : 'garder'
  const phrase = found === null && condition ? definitions.phrase(condition, formulaire) : undefined
  return { mode, jonction: found?.jonction ?? 'toutes', lignes: found?.lignes ?? [], nouvelle: vide, phrase }
}

/** The boxes as they were sent, to be shown again after an error. */
export function etatSaisi(form: Form, prefixe: string, before: EtatDeCondition, formulaire: Formulaire): EtatDeCondition {
  const { lignes, nouvelle } = lignesSaisies(form, prefixe)
  const known = enLigneConnue(nouvelle, formulaire)
  return {
    mode: modeSaisi(form, prefixe, before, nouvelle),
    jonction: form.line(`${prefixe}-jonction`, 10) === 'une' ? 'une' : 'toutes',
    lignes: known ? [...lignes, known] : lignes,
    nouvelle: known ? vide : nouvelle,
    phrase: before.phrase,
  }
}

/** What the boxes say. `before`: the condition as it is, which « garder » leaves. */
export function lireCondition(form: Form, prefixe: string, before: EtatDeCondition, formulaire: Formulaire): LectureDeCondition {
  const { lignes, nouvelle } = lignesSaisies(form, prefixe)
  const mode = modeSaisi(form, prefixe, before, nouvelle)
  if (mode === 'garder') return { ok: true, expression: undefined }
  if (mode === 'toujours') return { ok: true, expression: null }
  const kept = lignes.filter(({ comparaison }) => comparaison !== '')
  const added = nouvelle.champ === '' ? [] : [enLigneConnue(nouvelle, formulaire) ?? nouvelle]
  const wanted = [...kept, ...added].map(ligne => ({ ...ligne, valeur: codeDe(ligne, formulaire) }))
  if (wanted.length === 0)
    return { ok: false, message: 'Choisissez une question pour la condition, ou « Toujours ».', champ: `${prefixe}-n-champ` }
  const jonction = form.line(`${prefixe}-jonction`, 10) === 'une' ? 'une' : 'toutes'
  const read = enExpression({ jonction, lignes: wanted }, formulaire)
  if (read.ok) return read
  return { ok: false, message: read.message, champ: `${prefixe}-${read.ligne < kept.length + added.length ? read.ligne : 'n'}-valeur` }
}

/** The subjects that a condition may read, by name. What a whole answer says comes first, then the parts of it that are worth a condition. */
export function sujetsPour(formulaire: Formulaire, isReadable: (id: string) => boolean): Sujet[] {
  const parts = /\.(?:departement|region|epci|code|codePostal|heure|choix)$/
  return [...definitions.indexDe(formulaire).champs.values()]
    .filter(({ champ }) => isReadable(champ.id))
    .flatMap(({ champ }) => sujetsDe(champ).filter((sujet, rank) => rank === 0 || parts.test(sujet.champ)))
}

/** The subject of a line; undefined when its question is gone. */
export function sujetDe(champ: string, formulaire: Formulaire): Sujet | undefined {
  const found = definitions.indexDe(formulaire).champs.get(champ.split('.')[0] ?? '')
  return found && sujetsDe(found.champ).find(sujet => sujet.champ === champ)
}

/** The comparisons of a new line, before its question is known. */
export const comparaisonsCourantes: readonly Pick<Comparaison, 'id' | 'libelle'>[] = [
  { id: 'est', libelle: 'est' },
  { id: 'nest', libelle: 'n’est pas' },
  { id: '>=', libelle: 'est au moins' },
  { id: '>', libelle: 'est plus de, après' },
  { id: '<=', libelle: 'est au plus' },
  { id: '<', libelle: 'est moins de, avant' },
  { id: 'n_est_pas_vide', libelle: 'est remplie' },
  { id: 'est_vide', libelle: 'n’est pas remplie' },
]

function modeSaisi(form: Form, prefixe: string, before: EtatDeCondition, nouvelle: LigneDeCondition): EtatDeCondition['mode'] {
  const typed = form.line(`${prefixe}-mode`, 10)
  // Who fills in a line without pressing « Seulement si » means it all the same.
  if (typed === 'si' || (before.mode === 'toujours' && nouvelle.champ !== '')) return 'si'
  if (typed === 'garder' && before.mode === 'garder') return 'garder'
  return typed === 'toujours' || typed === '' ? 'toujours' : before.mode
}

function lignesSaisies(form: Form, prefixe: string): { lignes: LigneDeCondition[]; nouvelle: LigneDeCondition } {
  const ligne = (rank: number | 'n'): LigneDeCondition => ({
    champ: form.line(`${prefixe}-${rank}-champ`, 120),
    comparaison: form.line(`${prefixe}-${rank}-comparaison`, 30),
    valeur: form.line(`${prefixe}-${rank}-valeur`, 300),
  })
  const lignes = Array.from({ length: 20 }, (_, rank) => ligne(rank)).filter(({ champ }) => champ !== '')
  return { lignes, nouvelle: ligne('n') }
}

/** A new line with the comparison that its question has for the words chosen; undefined when there is none. */
function enLigneConnue(ligne: LigneDeCondition, formulaire: Formulaire): LigneDeCondition | undefined {
  const sujet = sujetDe(ligne.champ, formulaire)
  if (!sujet) return undefined
  const ids = new Set(sujet.comparaisons.map(({ id }) => id))
  const wanted = ligne.comparaison
  const isNo = definitions.fold(ligne.valeur) === 'non'
  const choices =
    wanted === 'est'
      ? ['=', isNo ? 'non' : 'oui', 'contient']
      : wanted === 'nest'
        ? ['!=', isNo ? 'oui' : 'non', 'ne_contient_pas']
        : [wanted]
  const comparaison = choices.find(id => ids.has(id))
  return { ...ligne, comparaison: comparaison ?? '', ...(comparaison ? {} : { comparaison: sujet.comparaisons[0]?.id ?? '' }) }
}

/** The code of an answer typed by its name. */
function codeDe({ champ, valeur }: LigneDeCondition, formulaire: Formulaire): string {
  const codes = sujetDe(champ, formulaire)?.codes
  if (!codes || codes.has(valeur)) return valeur
  const wanted = definitions.fold(valeur)
  return [...codes].find(([, name]) => definitions.fold(name) === wanted)?.[0] ?? valeur
}
