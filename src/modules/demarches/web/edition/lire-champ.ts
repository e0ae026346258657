import type { Form } from '../../../../platform/http/form.ts'
import { definitions } from '../../../formulaires/index.ts'
import type { Modele } from '../../demarche.ts'
import { type Operation, referencesA } from '../../edition/index.ts'
import { lireBorne } from './borne.ts'
import type { Geste } from './chantier.ts'
import { etatDe, lireCondition } from './condition.ts'
import { enchainer } from './enchainer.ts'
import { type Propriete, proprietesDuType } from './proprietes.ts'
import { ligneDe, lignesDe } from './saisie.ts'
import { enSomme, lignesSaisies, lireSomme } from './somme.ts'

type Champ = definitions.Champ
type Valeurs = Record<string, unknown>

class Illisible extends Error {
  readonly champ: string
  constructor(champ: string, message: string) {
    super(message)
    this.champ = champ
  }
}

/** What the page of a question makes of it. The boxes sent are `E-<property>`, `O-<option>`, and those of its condition. */
export function changerChamp(modele: Modele, id: string, form: Form, reserves: readonly string[]): ReturnType<Geste> {
  const champ = definitions.indexDe(modele.formulaire).champs.get(id)?.champ
  if (!champ) return { ok: false, message: 'Cette question n’existe plus. Revenez au plan.' }
  try {
    const element = `champs/${id}`
    const operations: Operation[] = [
      { op: 'modifier', element, proprietes: proprietesLues(modele, champ, form) },
      ...('options' in champ ? operationsSurLesReponses(modele, champ, form) : []),
    ]
    const monter = form.line('monter', 40)
    if (monter) operations.push({ op: 'deplacer', element: `${element}/options/${monter}`, sens: 'haut' })
    return enchainer(modele, operations, reserves)
  } catch (error) {
    if (error instanceof Illisible) return { ok: false, message: error.message, champ: error.champ }
    throw error
  }
}

function proprietesLues(modele: Modele, champ: Champ, form: Form): Valeurs {
  const type = definitions.typeDe(champ)
  const values: Valeurs = {
    libelle: ligneDe(form, 'E-libelle') || null,
    aide: form.text('E-aide', 5000) || null,
  }
  if (!values.libelle) throw new Illisible('E-libelle', 'Écrivez la question.')
  if (type.nature(champ) !== null) {
    values.enPhrase = ligneDe(form, 'E-enPhrase') || null
    if (champ.type !== 'calcul') {
      values.obligatoire = form.line('E-obligatoire', 3) === 'non' ? false : null
      values.autocomplete = form.line('E-autocomplete', 60) || null
    }
  }
  const condition = lireCondition(form, 'C', etatDe(champ.visibleSi, modele.formulaire), modele.formulaire)
  if (!condition.ok) throw new Illisible(condition.champ, condition.message)
  if (condition.expression !== undefined) values.visibleSi = condition.expression
  for (const propriete of proprietesDuType(champ.type)) Object.assign(values, lirePropriete(propriete, champ, form, modele))
  return values
}

/** A property read in its box: null takes it away, nothing leaves it. */
function lirePropriete({ nom, libelle, saisie, obligatoire }: Propriete, champ: Champ, form: Form, modele: Modele): Valeurs {
  const box = `E-${nom}`
  if (saisie === 'options') return {}
  if (saisie === 'calcul') return lireCalcul(champ, form, modele)
  if (saisie === 'sortes') return lireSortes(box, form)
  if (!form.has(box)) return {}
  if (saisie === 'ouiNon') return { [nom]: form.line(box, 3) === 'oui' ? true : null }
  if (saisie === 'borne') return { [nom]: lireLaBorne(box, champ, form) }
  if (saisie === 'lignes') {
    const lines = lignesDe(form.text(box, 5000))
    return { [nom]: lines.length > 0 ? lines : null }
  }
  if (saisie === 'nombre') return { [nom]: lireEntier(box, libelle, form) }
  const typed = saisie === 'texte' ? form.text(box, 10_000) : ligneDe(form, box)
  if (typed === '' && obligatoire) throw new Illisible(box, `${libelle} : ce texte ne peut pas rester vide.`)
  return { [nom]: typed || null }
}

function lireEntier(box: string, libelle: string, form: Form): number | null {
  const typed = form.line(box, 20).replace(/\s/g, '')
  if (typed === '') return null
  if (!/^\d{1,6}$/.test(typed)) throw new Illisible(box, `${libelle} : écrivez un nombre entier, ou rien.`)
  return Number(typed)
}

function lireSortes(box: string, form: Form): Valeurs {
  const kinds = form.all(box, 10)
  if (kinds.length === 0) throw new Illisible(box, 'Cochez au moins une sorte de fichier.')
  // Both is what a question accepts when it says nothing.
  return { sortes: kinds.length === 2 ? null : kinds }
}

function lireLaBorne(box: string, champ: Champ, form: Form): unknown {
  const nature = definitions.typeDe(champ).nature(champ)
  const read = lireBorne(form.line(box, 100), nature === 'date' || nature === 'montant' ? nature : 'nombre')
  if (read !== null && 'erreur' in read) throw new Illisible(box, read.erreur)
  return read
}

function lireCalcul(champ: Champ, form: Form, { formulaire }: Modele): Valeurs {
  if (champ.type !== 'calcul' || enSomme(champ.expression) === null || !form.has('S-0-a')) return {}
  const read = lireSomme(lignesSaisies(form, 'S'))
  if (!read.ok) throw new Illisible(`S-${read.ligne}-a`, read.message)
  const nature = definitions.natureDe(read.expression, { formulaire })
  return { expression: read.expression, ...(nature === 'nombre' || nature === 'montant' ? { nature } : {}) }
}

type ChampAOptions = Extract<Champ, { options: readonly unknown[] }>

/** Renames, removals (an emptied box) and additions (a line each). An answer that a condition reads is removed only when it is confirmed. */
function operationsSurLesReponses(modele: Modele, champ: ChampAOptions, form: Form): Operation[] {
  const liste = `champs/${champ.id}/options`
  const operations: Operation[] = []
  for (const option of champ.options) {
    const element = `${liste}/${option.id}`
    if (!form.has(`O-${option.id}`)) continue
    const label = ligneDe(form, `O-${option.id}`)
    if (label === '') operations.push(suppression(modele, element, option, form))
    else if (label !== option.libelle) operations.push({ op: 'modifier', element, proprietes: { libelle: label } })
    if (label !== '' && 'options' in option) operations.push(...precisions(modele, element, option.options, form))
  }
  const added = lignesDe(form.text('E-nouvelles', 20_000))
  const removed = operations.filter(({ op }) => op === 'supprimer')
  // Additions first: a question may have all its answers replaced at once.
  return [
    ...operations.filter(operation => !removed.includes(operation)),
    ...added.map((libelle): Operation => ({ op: 'ajouterOption', liste, libelle })),
    ...removed,
  ]
}

function suppression(modele: Modele, element: string, option: { id: string; libelle: string }, form: Form): Operation {
  const readers = referencesA(modele, element)
  if (readers.length > 0 && form.line('E-confirmer', 3) !== 'oui')
    throw new Illisible(
      `O-${option.id}`,
      `« ${option.libelle} » sert ailleurs : ${readers[0]?.phrase}. Cochez « Supprimer quand même » si c’est voulu.`,
    )
  return { op: 'supprimer', element }
}

/**
 * The precisions of a first choice, one a line. The same words keep the same answer; with as many lines as before, a line changed is an answer
 * renamed; otherwise what is new is added and what is missing removed.
 */
function precisions(modele: Modele, element: string, before: readonly { id: string; libelle: string }[], form: Form): Operation[] {
  const name = `P-${element.split('/').at(-1)}`
  if (!form.has(name)) return []
  const liste = `${element}/options`
  const lines = lignesDe(form.text(name, 20_000))
  const isRenaming = lines.length === before.length
  const gone = before.filter(({ libelle }) => !lines.includes(libelle))
  const fresh = lines.filter(line => !before.some(({ libelle }) => libelle === line))
  if (isRenaming)
    return gone.map(({ id }, rank): Operation => ({ op: 'modifier', element: `${liste}/${id}`, proprietes: { libelle: fresh[rank] } }))
  return [
    ...fresh.map((libelle): Operation => ({ op: 'ajouterOption', liste, libelle })),
    ...gone.map(option => suppression(modele, `${liste}/${option.id}`, option, form)),
  ]
}
