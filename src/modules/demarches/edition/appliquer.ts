import { definitions } from '../../formulaires/index.ts'
import { type Modele, schemaModele } from '../demarche.ts'
import { changer, type Difference, detach, etapeDe, placer, retirer } from './differences.ts'
import { direFaute } from './faute.ts'
import { fromNormal, idDe, listeDe, type Normale, toNormal } from './normal-form.ts'

/** A difference that could not be done, and why, in French. */
export interface Impossible {
  readonly difference: Difference
  readonly raison: string
}

/**
 * The démarche with some differences done. All those of `differences(a, b)` give b. Some of them give a démarche of a sound shape
 * (schemaModele), because what cannot hold without the others is left out and told: a question added to an étape that was refused,
 * an étape removed while a question stays in it, the last question taken out of an étape.
 */
export function appliquer(modele: Modele, wanted: readonly Difference[]): { modele: Modele; impossibles: Impossible[] } {
  const impossibles: Impossible[] = []
  let retained = [...wanted]
  for (;;) {
    const normale = flatFor(modele, retained)
    const faults = doAll(normale, retained)
    const result = fromNormal(normale)
    if (faults.length === 0) faults.push(...shapeFaults(modele, result, retained))
    if (faults.length === 0) return { modele: result, impossibles }
    impossibles.push(...faults)
    const out = new Set(faults.map(({ difference }) => difference))
    retained = retained.filter(difference => !out.has(difference))
  }
}

/** Flat, with the fields whose type changes in the form that such a difference has. */
function flatFor(modele: Modele, retained: readonly Difference[]): Normale {
  const typed = retained.filter(({ nature, propriete, apres }) => nature === 'modifie' && propriete === 'type' && typeof apres === 'object')
  return toNormal(modele, new Set(typed.map(({ element }) => element)))
}

function doAll(normale: Normale, retained: readonly Difference[]): Impossible[] {
  const faults: Impossible[] = []
  const before = new Set(normale.elements.keys())
  const leaving = retained.filter(({ nature }) => nature === 'retire' || nature === 'deplace')
  for (const difference of retained) {
    const raison = cannot(difference, before, retained)
    if (raison) faults.push({ difference, raison })
  }
  if (faults.length > 0) return faults
  // An étape goes after its fields, wherever they go.
  const removed = leaving.filter(({ nature }) => nature === 'retire')
  for (const { element, nature } of leaving) if (nature === 'deplace') detach(normale, element)
  for (const { element } of removed) if (!element.startsWith('etapes/')) retirer(normale, element)
  for (const difference of retained) if (difference.nature === 'modifie') changer(normale, difference)
  const arriving = retained.filter(({ place }) => place).toSorted((a, b) => a.place!.apres.length - b.place!.apres.length)
  // Étapes first: the fields go into them.
  for (const difference of arriving.toSorted((a, b) => depth(a) - depth(b))) placer(normale, difference)
  for (const difference of removed.filter(({ element }) => element.startsWith('etapes/'))) {
    const left = normale.listes.get(`${difference.element}/champs`) ?? []
    if (left.length === 0) retirer(normale, difference.element)
    else faults.push({ difference, raison: `L’étape garde la question « ${labelDe(normale, left[0] ?? '')} ».` })
  }
  return faults
}

const depth = ({ element }: Difference): number => (element.startsWith('etapes/') ? 0 : element.split('/').length)

const labelDe = (normale: Normale, champ: string): string => String(normale.elements.get(`champs/${champ}`)?.get('libelle') ?? champ)

function cannot(difference: Difference, before: ReadonlySet<string>, retained: readonly Difference[]): string | null {
  const { nature, element, place } = difference
  if (nature === 'ajoute' && before.has(element)) return 'Cet élément existe déjà.'
  if (nature !== 'ajoute' && !before.has(element)) return 'Cet élément n’existe plus.'
  const etape = place && etapeDe(place)
  const has = (path: string) => before.has(path) || retained.some(other => other.nature === 'ajoute' && other.element === path)
  if (etape !== undefined && !has(`etapes/${etape}`)) return 'L’étape où va cette question n’est pas reprise.'
  const champ = /^champs\/[^/]+(?=\/)/.exec(element)?.[0]
  return champ && !before.has(champ) ? 'La question de cette réponse n’existe plus.' : null
}

/** What the schema refuses, and the differences that made it so. */
function shapeFaults(before: Modele, result: Modele, retained: readonly Difference[]): Impossible[] {
  const parsed = schemaModele.safeParse(result)
  if (parsed.success || retained.length === 0) return []
  const old = toNormal(before)
  const faults = new Map<Difference, string>()
  for (const issue of parsed.error.issues) {
    const place = placeOf(result, issue.path)
    for (const difference of retained)
      if (isResponsible(difference, place, old)) faults.set(difference, sentenceOf(place, direFaute(issue), result))
  }
  // Nothing to blame: rather the démarche as it was than one that nobody can read.
  if (faults.size === 0) for (const difference of retained) faults.set(difference, 'Le résultat ne pourrait pas être lu.')
  return [...faults].map(([difference, raison]) => ({ difference, raison }))
}

/** Where the schema found fault: an element, or the list of fields of an étape. */
interface Faute {
  readonly element: string
  readonly liste?: string
}

function placeOf(modele: Modele, path: readonly PropertyKey[]): Faute {
  if (path[0] !== 'formulaire') return { element: '' }
  const { etapes, parametres } = modele.formulaire
  if (path[1] === 'parametres') return { element: `parametres/${parametres?.[Number(path[2])]?.id}`, liste: 'parametres' }
  const etape = path[1] === 'etapes' ? etapes[Number(path[2])] : undefined
  if (!etape) return path[1] === 'etapes' ? { element: '', liste: 'etapes' } : { element: '' }
  if (path[3] !== 'champs') return { element: `etapes/${etape.id}` }
  const champ = etape.champs[Number(path[4])]
  return champ ? { element: `champs/${champ.id}` } : { element: `etapes/${etape.id}`, liste: `etapes/${etape.id}/champs` }
}

function isResponsible({ element, nature, place }: Difference, faute: Faute, before: Normale): boolean {
  if (faute.liste && place?.liste === faute.liste) return true
  if (faute.liste && nature !== 'ajoute' && nature !== 'modifie' && listeDe(before, element) === faute.liste) return true
  return element === faute.element || (faute.element !== '' && element.startsWith(`${faute.element}/`))
}

function sentenceOf({ element, liste }: Faute, message: string, modele: Modele): string {
  const index = definitions.indexDe(modele.formulaire)
  const etape = index.etapes.get(idDe(element))
  if (liste && etape)
    return etape.champs.length === 0 ? `L’étape « ${etape.titre} » n’aurait plus de question.` : 'Il y aurait trop de questions.'
  const libelle = element.startsWith('champs/') ? index.champs.get(element.split('/')[1] ?? '')?.champ.libelle : undefined
  return libelle ? `La question « ${libelle} » serait incomplète : ${message}.` : `La définition serait incomplète : ${message}.`
}
