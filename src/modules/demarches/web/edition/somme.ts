import type { Form } from '../../../../platform/http/form.ts'
import { definitions, type Expression, type Formulaire } from '../../../formulaires/index.ts'
import { ecrireNombre, lireNombre } from './borne.ts'

/** One line of a computed value: a first term, times a second, times a number; each may be missing. */
export interface LigneDeCalcul {
  readonly a: string
  readonly b: string
  readonly nombre: string
}

/** A computed value as lines that are added; null when it says more than that. */
export function enSomme(expression: Expression): LigneDeCalcul[] | null {
  const termes = 'termes' in expression && expression.op === '+' ? expression.termes : [expression]
  const lignes = termes.map(enProduit)
  return lignes.every(ligne => ligne !== null) ? lignes : null
}

function enProduit(terme: Expression): LigneDeCalcul | null {
  const facteurs = 'termes' in terme && terme.op === '*' ? terme.termes : [terme]
  const numbers = facteurs.flatMap(facteur => nombreDe(facteur) ?? [])
  const others = facteurs.filter(facteur => nombreDe(facteur) === null).map(codeDe)
  if (numbers.length > 1 || others.length > 2 || others.includes(null)) return null
  return { a: others[0] ?? '', b: others[1] ?? '', nombre: numbers[0] ?? '' }
}

function nombreDe(facteur: Expression): string | null {
  if ('montant' in facteur) return `${ecrireNombre(facteur.montant / 100)} €`
  return 'constante' in facteur && typeof facteur.constante === 'number' ? ecrireNombre(facteur.constante) : null
}

/** A term as the value of an option: a question, a setting, the number of rows of a page, the bracket of a scale. */
function codeDe(facteur: Expression): string | null {
  if ('champ' in facteur) return facteur.propriete === undefined ? `champ:${facteur.champ}` : null
  if ('op' in facteur && facteur.op === 'nombre') return facteur.si ? null : `lignes:${facteur.repetition}`
  if ('op' in facteur && facteur.op === 'bareme')
    return 'champ' in facteur.terme && facteur.terme.propriete === undefined ? `bareme:${facteur.parametre}:${facteur.terme.champ}` : null
  return 'parametre' in facteur && !('op' in facteur) ? `parametre:${facteur.parametre}` : null
}

/** What may be added or multiplied in a computed value, with its name: 50 at most. */
export function termesPour(formulaire: Formulaire, champId: string): { value: string; label: string }[] {
  const { champs } = definitions.indexDe(formulaire)
  const own = champs.get(champId)?.etape
  const counts = (nature: string | null) => nature === 'nombre' || nature === 'montant'
  const readable = [...champs.values()].filter(
    ({ champ, etape }) => champ.id !== champId && (!etape.repetition || etape === own) && counts(definitions.typeDe(champ).nature(champ)),
  )
  const parametres = formulaire.parametres ?? []
  const baremes = parametres.filter(({ type }) => type === 'bareme')
  return [
    ...readable.map(({ champ }) => ({ value: `champ:${champ.id}`, label: champ.libelle })),
    ...parametres
      .filter(({ type }) => type === 'entier' || type === 'montant')
      .map(({ id, libelle }) => ({ value: `parametre:${id}`, label: `Réglage : ${libelle}` })),
    ...formulaire.etapes.flatMap(({ id, repetition }) =>
      repetition && id !== own?.id ? [{ value: `lignes:${id}`, label: `Nombre de lignes : ${repetition.nom.pluriel}` }] : [],
    ),
    ...baremes.flatMap(({ id, libelle }) =>
      readable.map(({ champ }) => ({ value: `bareme:${id}:${champ.id}`, label: `Barème « ${libelle} » selon « ${champ.libelle} »` })),
    ),
  ].slice(0, 50)
}

/** The lines as they were sent. */
export const lignesSaisies = (form: Form, prefixe: string): LigneDeCalcul[] =>
  Array.from({ length: 20 }, (_, rank) => ({
    a: form.line(`${prefixe}-${rank}-a`, 120),
    b: form.line(`${prefixe}-${rank}-b`, 120),
    nombre: form.line(`${prefixe}-${rank}-nombre`, 30),
  })).filter(({ a, b, nombre }) => a + b + nombre !== '')

/** The sum of the lines, or the sentence to show and the line at fault (from 0). */
export function lireSomme(
  lignes: readonly LigneDeCalcul[],
): { readonly ok: true; readonly expression: Expression } | { readonly ok: false; readonly ligne: number; readonly message: string } {
  const termes: Expression[] = []
  for (const [ligne, { a, b, nombre }] of lignes.entries()) {
    const facteurs = [a, b].filter(code => code !== '').map(termeDe)
    const number = nombre === '' ? [] : [lireNombre(nombre.replace(/€\s*$/, ''), nombre.includes('€') ? 'montant' : 'nombre')]
    const [bad] = number.filter(read => 'erreur' in read)
    if (bad && 'erreur' in bad) return { ok: false, ligne, message: bad.erreur }
    const all = [...facteurs, ...number].filter((read): read is Expression => read !== null && !('erreur' in read))
    if (all.length < facteurs.length + number.length) return { ok: false, ligne, message: 'Choisissez dans la liste ce qui est compté.' }
    const [only] = all
    termes.push(all.length === 1 && only ? only : { op: '*', termes: all })
  }
  const [first] = termes
  if (!first) return { ok: false, ligne: 0, message: 'Un calcul a une ligne au moins.' }
  return { ok: true, expression: termes.length === 1 ? first : { op: '+', termes } }
}

function termeDe(code: string): Expression | null {
  const [kind, id = '', champ = ''] = code.split(':')
  if (!/^[a-z]\w{0,39}$/.test(id)) return null
  if (kind === 'champ') return { champ: id }
  if (kind === 'parametre') return { parametre: id }
  if (kind === 'lignes') return { op: 'nombre', repetition: id }
  return kind === 'bareme' && /^[a-z]\w{0,39}$/.test(champ) ? { op: 'bareme', parametre: id, terme: { champ } } : null
}
