import type { Expression } from './expression.ts'
import { checkExpression, lecturesDe } from './expression-check.ts'
import { type Etape, type Formulaire, indexDe, limites, schemaFormulaire } from './formulaire.ts'
import { accepteParametre } from './parametre.ts'
import { type Champ, typeDe } from './types/index.ts'
import type { Nature } from './types/type-de-champ.ts'

/** Something that prevents publishing a form, with its place. */
export interface Defaut {
  /** « étape « enfants », champ « nom » ». */
  readonly lieu: string
  readonly message: string
}

/**
 * Everything wrong with the definition of a form; empty when it may be published. Takes any value: the shape is checked first,
 * then ids, expressions (unknown field, wrong nature), bounds, cycles.
 */
export function checkFormulaire(definition: unknown): Defaut[] {
  if (nesting(definition) > 60) return [{ lieu: 'formulaire', message: 'définition trop profonde' }]
  const parsed = schemaFormulaire.safeParse(definition)
  if (!parsed.success)
    return parsed.error.issues
      .slice(0, 100)
      .map(({ path, message }) => ({ lieu: path.length > 0 ? path.join('.') : 'formulaire', message }))
  const formulaire = parsed.data
  return [
    ...checkIds(formulaire),
    ...formulaire.etapes.flatMap(etape => checkEtape(formulaire, etape)),
    ...checkRefusals(formulaire),
    ...checkDefaults(formulaire),
    ...checkCycles(formulaire),
  ]
}

const lieuDe = (etape: Etape, champ?: Champ): string => `étape « ${etape.id} »${champ ? `, champ « ${champ.id} »` : ''}`

// An explicit stack: a definition nested 100,000 times must be refused, not overflow the check itself.
function nesting(value: unknown): number {
  let level: unknown[] = [value]
  let depth = 0
  while (level.length > 0 && depth <= 60) {
    level = level.flatMap(item => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    depth++
  }
  return depth
}

function checkIds(formulaire: Formulaire): Defaut[] {
  const parametres = formulaire.parametres?.map(({ id }) => id) ?? []
  const defauts = parametres
    .filter((id, rank) => parametres.indexOf(id) < rank)
    .map((id): Defaut => ({ lieu: `paramètre « ${id} »`, message: 'identifiant déjà utilisé' }))
  const seen = new Set<string>()
  let count = 0
  for (const etape of formulaire.etapes) {
    if (seen.has(etape.id)) defauts.push({ lieu: lieuDe(etape), message: 'identifiant déjà utilisé' })
    seen.add(etape.id)
    for (const champ of etape.champs) {
      count++
      if (seen.has(champ.id)) defauts.push({ lieu: lieuDe(etape, champ), message: 'identifiant déjà utilisé' })
      seen.add(champ.id)
    }
  }
  if (count > limites.champs) defauts.push({ lieu: 'formulaire', message: `${limites.champs} champs au plus, celui-ci en a ${count}` })
  return defauts
}

function checkEtape(formulaire: Formulaire, etape: Etape): Defaut[] {
  const defauts = etape.champs.flatMap(champ => checkChamp(formulaire, etape, champ))
  const add = (messages: readonly string[]) => defauts.push(...messages.map(message => ({ lieu: lieuDe(etape), message })))
  if (etape.visibleSi) add(checkExpression(etape.visibleSi, { formulaire }, 'booleen').map(message => `condition : ${message}`))
  if (etape.repetition) {
    const { min, max, titreLigne } = etape.repetition
    if (min > max) add([`répétition : le minimum (${min}) dépasse le maximum (${max})`])
    for (const [, id] of titreLigne.matchAll(/\{([^}]*)\}/g))
      if (!etape.champs.some(champ => champ.id === id)) add([`titre de ligne : champ inconnu « ${id} »`])
  }
  return defauts
}

function checkChamp(formulaire: Formulaire, etape: Etape, champ: Champ): Defaut[] {
  const context = { formulaire, repetition: etape.repetition ? etape.id : undefined }
  const check = (what: string, expression: Expression | undefined, nature: Nature | null): string[] =>
    expression && nature ? checkExpression(expression, context, nature).map(message => `${what} : ${message}`) : []
  const messages = [...check('condition', champ.visibleSi, 'booleen'), ...askedLater(formulaire, champ)]
  if ('min' in champ) messages.push(...check('minimum', champ.min, typeDe(champ).nature(champ)))
  if ('max' in champ) messages.push(...check('maximum', champ.max, typeDe(champ).nature(champ)))
  if (champ.type === 'calcul') messages.push(...check('calcul', champ.expression, champ.nature))
  if (champ.type === 'choix' || champ.type === 'choix_multiple') {
    const ids = champ.options.map(({ id }) => id)
    if (new Set(ids).size < ids.length) messages.push('deux choix ont le même identifiant')
    if (champ.type === 'choix_multiple') {
      const { minimum = 1, maximum = ids.length } = champ
      if (minimum > maximum || minimum > ids.length) messages.push(`minimum de ${minimum} réponses impossible à atteindre`)
    }
  }
  return messages.map(message => ({ lieu: lieuDe(etape, champ), message }))
}

/** Fields that a condition reads and that are asked only afterwards: nobody would understand why a question appears behind them. */
function askedLater(formulaire: Formulaire, champ: Champ): string[] {
  if (!champ.visibleSi) return []
  const order = [...indexDe(formulaire).champs.keys()]
  return lecturesDe(champ.visibleSi)
    .champs.filter(id => indexDe(formulaire).champs.get(id)?.champ.type !== 'calcul' && order.indexOf(id) > order.indexOf(champ.id))
    .map(id => `condition : « ${id} » n’est demandé qu’ensuite`)
}

function checkRefusals(formulaire: Formulaire): Defaut[] {
  return (formulaire.refusSi ?? []).flatMap(({ expression }, rank) =>
    checkExpression(expression, { formulaire }, 'booleen').map(message => ({ lieu: `refus n° ${rank + 1}`, message })),
  )
}

function checkDefaults(formulaire: Formulaire): Defaut[] {
  return (formulaire.parametres ?? [])
    .filter(parametre => !accepteParametre(parametre, parametre.defaut))
    .map(({ id }) => ({ lieu: `paramètre « ${id} »`, message: 'valeur par défaut hors de ses bornes' }))
}

/** Things whose being there, or whose value, depends on themselves. Bounds are left out: they check a value, they do not make it. */
function checkCycles(formulaire: Formulaire): Defaut[] {
  const { champs, etapes } = indexDe(formulaire)
  const edges = new Map<string, string[]>()
  const readsOf = (expression: Expression | undefined): string[] => {
    if (!expression) return []
    const reads = lecturesDe(expression)
    return [...reads.champs, ...reads.etapes]
  }
  for (const etape of formulaire.etapes) {
    edges.set(etape.id, readsOf(etape.visibleSi))
    for (const champ of etape.champs)
      edges.set(champ.id, [etape.id, ...readsOf(champ.visibleSi), ...(champ.type === 'calcul' ? readsOf(champ.expression) : [])])
  }
  const state = new Map<string, 'open' | 'done'>()
  const defauts: Defaut[] = []
  const visit = (id: string, path: readonly string[]): void => {
    if (state.get(id) === 'done' || !edges.has(id)) return
    if (state.get(id) === 'open') {
      const loop = [...path.slice(path.indexOf(id)), id]
      const found = champs.get(id)
      const etape = found?.etape ?? etapes.get(id)
      if (etape) defauts.push({ lieu: lieuDe(etape, found?.champ), message: `dépend de lui-même : ${loop.join(' → ')}` })
      return
    }
    state.set(id, 'open')
    for (const next of edges.get(id) ?? []) visit(next, [...path, id])
    state.set(id, 'done')
  }
  for (const id of edges.keys()) visit(id, [])
  return defauts
}
