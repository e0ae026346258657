import * as z from 'zod'
import { checkBrut } from './check-brut.ts'
import { cycles } from './check-cycles.ts'
import { checkReserve } from './check-reserve.ts'
import { contradiction } from './conditions-possibles.ts'
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

/** Reasons given at most: enough to repair, and a page that opens. */
const maxDefauts = 500

/**
 * Everything wrong with the definition of a form; empty when it may be published. Takes any value: the shape is checked first,
 * with the ids and loops that can be read in it; then ids, expressions (unknown field, wrong nature), bounds, cycles, and conditions
 * that can never hold. A condition may only read what is asked before it: nobody would understand a question that appears behind.
 */
export function checkFormulaire(definition: unknown): Defaut[] {
  if (estTropProfond(definition)) return [{ lieu: 'formulaire', message: 'définition trop profonde' }]
  const parsed = schemaFormulaire.safeParse(definition, { error: z.locales.fr().localeError })
  const defauts = parsed.success ? checkSense(parsed.data) : checkBrut(definition, parsed.error.issues)
  const more = defauts.length - maxDefauts
  return more > 0 ? [...defauts.slice(0, maxDefauts), { lieu: 'formulaire', message: `${more} autres défauts` }] : defauts
}

/** Whether a value is nested deeper than any definition that can be read: sixty levels. */
export const estTropProfond = (value: unknown): boolean => nesting(value) > 60

function checkSense(formulaire: Formulaire): Defaut[] {
  const defauts = [
    ...checkIds(formulaire),
    ...formulaire.etapes.flatMap(etape => checkEtape(formulaire, etape)),
    ...checkRefusals(formulaire),
    ...reserveDefauts(formulaire),
    ...checkDefaults(formulaire),
    ...checkCycles(formulaire),
  ]
  // What contradicts itself is only looked for in conditions that are sound.
  return defauts.length > 0 ? defauts : checkPossible(formulaire)
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
      if (champ.type !== 'section' && champ.type !== 'explication') count++
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
  if (etape.visibleSi) {
    add(checkExpression(etape.visibleSi, { formulaire }, 'booleen').map(message => `condition : ${message}`))
    add(askedLater(formulaire, etape.visibleSi, etape.champs.at(-1)))
  }
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
    expression && nature ? checkExpression(expression, context, nature).map(message => `${what} : ${message}`) : []
  const messages = [...check('condition', champ.visibleSi, 'booleen'), ...askedLater(formulaire, champ.visibleSi, champ)]
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
function askedLater(formulaire: Formulaire, condition: Expression | undefined, last: Champ | undefined): string[] {
  if (!condition || !last) return []
  const places = indexDe(formulaire).champs
  const own = places.get(last.id)
  const rank = own?.rang ?? 0
  // Agents answer once everything is filed: whatever the person was asked comes before.
  const isBefore = (id: string) => own?.etape.reservee && !places.get(id)?.etape.reservee
  return lecturesDe(condition)
    .champs.filter(id => places.get(id)?.champ.type !== 'calcul' && (places.get(id)?.rang ?? 0) > rank && !isBefore(id))
    .map(id => `condition : « ${id} » n’est demandé qu’ensuite`)
}

const reserveDefauts = (formulaire: Formulaire): Defaut[] =>
  checkReserve(formulaire).map(({ etape, champ, refus, message }) => ({
    lieu: etape ? lieuDe(etape, champ) : `refus n° ${(refus ?? 0) + 1}`,
    message,
  }))

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
  for (const etape of formulaire.etapes) edges.set(etape.id, readsOf(etape.visibleSi))
  for (const { champ, etape, section } of champs.values()) {
    const needed = [etape.id, ...(section ? [section.id] : [])]
    edges.set(champ.id, [...needed, ...readsOf(champ.visibleSi), ...(champ.type === 'calcul' ? readsOf(champ.expression) : [])])
  }
  return cycles(edges).flatMap(loop => {
    const found = champs.get(loop[0]!)
    const etape = found?.etape ?? etapes.get(loop[0]!)
    return etape ? [{ lieu: lieuDe(etape, found?.champ), message: `dépend de lui-même : ${loop.join(', puis ')}` }] : []
  })
}

/** What nobody will ever see: each étape, heading, field and refusal whose conditions contradict each other, the outermost only. */
function checkPossible(formulaire: Formulaire): Defaut[] {
  const never = (lieu: string, conditions: readonly (Expression | undefined)[]): Defaut[] => {
    const asked = conditions.filter(condition => condition !== undefined)
    const champ = asked.length > 0 ? contradiction(asked, formulaire) : null
    return champ === null
      ? []
      : [
          {
            lieu,
            message: `condition jamais remplie${champ && ` : elle demande à « ${champ} » des réponses qui s’excluent ou qui n’existent pas`}`,
          },
        ]
  }
  const defauts = formulaire.etapes.flatMap(etape => {
    const whole = never(lieuDe(etape), [etape.visibleSi])
    if (whole.length > 0) return whole
    const hidden = new Set<Champ | null>()
    return etape.champs.flatMap(champ => {
      const place = indexDe(formulaire).champs.get(champ.id)
      if (!place || !champ.visibleSi || hidden.has(place.section)) return []
      const found = never(lieuDe(etape, champ), [etape.visibleSi, ...place.conditions])
      if (found.length > 0) hidden.add(champ)
      return found
    })
  })
  const refusals = (formulaire.refusSi ?? []).flatMap(({ expression }, rank) => never(`refus n° ${rank + 1}`, [expression]))
  return [...defauts, ...refusals]
}
