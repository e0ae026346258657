import { cycles } from './check-cycles.ts'
import type { Defaut } from './check-formulaire.ts'

/** A problem of shape, as zod gives it; for a union, those of each of its shapes. */
interface Probleme {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly errors?: readonly (readonly Probleme[])[]
}

/** An étape or a field of a definition that does not have its shape: what could be read of it. */
interface Morceau {
  readonly id: string
  readonly lieu: string
  readonly lit: readonly string[]
}

/**
 * What is wrong with a definition that does not have its shape: each problem at its place, named by the ids that can be read,
 * then the ids used twice and the loops, which would otherwise only show after the first repair.
 */
export function checkBrut(definition: unknown, problemes: readonly Probleme[]): Defaut[] {
  const morceaux = morceauxDe(definition)
  const seen = new Set<string>()
  const twice = morceaux.flatMap(({ id, lieu }) => {
    const isKnown = seen.has(id)
    seen.add(id)
    return isKnown ? [{ lieu, message: 'identifiant déjà utilisé' }] : []
  })
  const edges = new Map<string, string[]>()
  for (const { id, lit } of morceaux) edges.set(id, [...(edges.get(id) ?? []), ...lit])
  const places = new Map(morceaux.map(({ id, lieu }) => [id, lieu]))
  const loops = cycles(edges).map(loop => ({
    lieu: places.get(loop[0]!) ?? 'formulaire',
    message: `dépend de lui-même : ${loop.join(', puis ')}`,
  }))
  return [...problemes.flatMap(precis).map(({ path, message }) => ({ lieu: lieuDe(definition, path), message })), ...twice, ...loops]
}

/** The problems of the shape that an expression comes nearest to: the one that was read deepest. */
function precis({ path, message, errors = [] }: Probleme): Probleme[] {
  if (errors.length === 0) return [{ path, message }]
  const shapes = errors.map(issues => issues.flatMap(precis))
  const depth = (issues: readonly Probleme[]) => Math.max(...issues.map(issue => issue.path.length))
  const best = shapes.filter(issues => issues.length > 0).toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0]
  const isKnown = best !== undefined && depth(best) > 0 && best.length < 3
  return isKnown
    ? best.map(issue => ({ path: [...path, ...issue.path], message: issue.message }))
    : [{ path, message: 'expression mal formée' }]
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const at = (value: unknown, key: PropertyKey): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const idOf = (value: unknown): string | null => {
  const id = at(value, 'id')
  return typeof id === 'string' && id.length <= 60 ? id : null
}

function morceauxDe(definition: unknown): Morceau[] {
  return list(at(definition, 'etapes')).flatMap(etape => {
    const etapeId = idOf(etape)
    const lieu = `étape « ${etapeId ?? '?'} »`
    const champs = list(at(etape, 'champs')).flatMap((champ): Morceau[] => {
      const id = idOf(champ)
      if (id === null) return []
      const lit = [...(etapeId === null ? [] : [etapeId]), ...lectures(at(champ, 'visibleSi')), ...lectures(at(champ, 'expression'))]
      return [{ id, lieu: `${lieu}, champ « ${id} »`, lit }]
    })
    return etapeId === null ? champs : [{ id: etapeId, lieu, lit: lectures(at(etape, 'visibleSi')) }, ...champs]
  })
}

/** Every id read somewhere in what should be an expression. The depth of the definition was checked before. */
function lectures(value: unknown): string[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === 'champ' || key === 'repetition') && typeof inner === 'string' ? [inner] : lectures(inner),
  )
}

/** « étape « a », champ « nom » : libelle », or the path when no id can be read. */
function lieuDe(definition: unknown, path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'formulaire'
  if (path[0] !== 'etapes' || path.length < 2) return path.join('.')
  const etape = at(at(definition, 'etapes'), path[1]!)
  const etapeLieu = `étape « ${idOf(etape) ?? `n° ${Number(path[1]) + 1}`} »`
  if (path[2] !== 'champs' || path.length < 4) return rest(etapeLieu, path.slice(2))
  const champ = at(at(etape, 'champs'), path[3]!)
  return rest(`${etapeLieu}, champ « ${idOf(champ) ?? `n° ${Number(path[3]) + 1}`} »`, path.slice(4))
}

const rest = (lieu: string, path: readonly PropertyKey[]): string => (path.length > 0 ? `${lieu}, ${path.join('.')}` : lieu)
