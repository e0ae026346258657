/** Last steps of a merge (fusion.ts): every field in an étape, every étape with a field, everything in order. */
import { insert } from './differences.ts'
import { type Chantier, conflict, copy, defined, elementConflict, isTop } from './fusion-chantier.ts'
import { idDe, type Normale } from './normal-form.ts'

/** Every field is in an étape that exists: else where mine has it, else that étape comes back. */
export function housed(work: Chantier): void {
  const { t, m, r } = work
  for (const [path, properties] of r.elements) {
    if (!path.startsWith('champs/') || !isTop(path)) continue
    const etapes = [properties, m.elements.get(path), t.elements.get(path)].flatMap(found => {
      const etape = found?.get('etape')
      return typeof etape === 'string' ? [etape] : []
    })
    const found = etapes.find(etape => r.elements.has(`etapes/${etape}`))
    properties.set('etape', found ?? etapes.at(-1))
    if (found === undefined) {
      const home = `etapes/${etapes.at(-1)}`
      elementConflict(work, home)
      copy(m.elements.has(home) ? m : t, r, home)
    }
  }
}

const fieldsOf = ({ elements }: Normale, etape: string): string[] =>
  [...elements].flatMap(([path, properties]) =>
    path.startsWith('champs/') && isTop(path) && `etapes/${String(properties.get('etape'))}` === etape ? [path] : [],
  )

/** An étape left without a question by what both sides took away gets those of mine back; without any, it goes. */
export function noEmptyEtape(work: Chantier): void {
  const { r, m } = work
  for (let again = true; again; ) {
    again = false
    for (const etape of [...r.elements.keys()].filter(path => path.startsWith('etapes/'))) {
      if (fieldsOf(r, etape).length > 0) continue
      const back = fieldsOf(m, etape).filter(path => bringBack(work, path))
      if (back.length === 0) r.elements.delete(etape)
      again = true
    }
  }
  if ([...r.elements.keys()].some(path => path.startsWith('etapes/'))) return
  for (const path of m.elements.keys())
    if (path.startsWith('etapes/') || (path.startsWith('champs/') && isTop(path))) {
      if (path.startsWith('etapes/')) elementConflict(work, path)
      copy(m, r, path)
    }
}

function bringBack(work: Chantier, path: string): boolean {
  const { r, t, m, forced } = work
  if (forced.has(path)) return false
  forced.add(path)
  const isGone = !r.elements.has(path)
  const cle = isGone ? path : `${path}#place`
  if (work.choix[cle] === 'leurs') return false
  const place = (version: Normale) => version.elements.get(path)?.get('etape')
  if (isGone) elementConflict(work, path)
  else conflict(work, { cle, element: path, propriete: 'etape', ...defined({ leurs: place(t), miennes: place(m) }) })
  if (isGone) copy(m, r, path)
  else r.elements.get(path)?.set('etape', place(m))
  return true
}

/** Puts everything in order: settings, étapes, fields of each étape. */
export function orders(work: Chantier): void {
  const { r } = work
  const ids = (prefix: string) => new Set([...r.elements.keys()].filter(path => path.startsWith(prefix)).map(idDe))
  order(work, 'parametres', ids('parametres/'))
  order(work, 'etapes', ids('etapes/'))
  const fields = Map.groupBy(
    [...r.elements].filter(([path]) => path.startsWith('champs/') && isTop(path)),
    ([, properties]) => String(properties.get('etape')),
  )
  for (const [etape, members] of fields) order(work, `etapes/${etape}/champs`, new Set(members.map(([path]) => idDe(path))))
}

/** Merges an order: who moved nothing follows the other; both having moved things differently is a conflict. */
export function order(work: Chantier, liste: string, members: ReadonlySet<string>): void {
  const [b, t, m] = [work.b, work.t, work.m].map(({ listes }) => listes.get(liste) ?? []) as [string[], string[], string[]]
  const [theyMoved, iMoved] = [!sameOrder(t, b), !sameOrder(m, b)]
  let isTheirs = theyMoved && !iMoved
  if (theyMoved && iMoved && !sameOrder(t, m))
    isTheirs = conflict(work, { cle: `${liste}#ordre`, element: liste, propriete: 'ordre', base: b, leurs: t, miennes: m }) === 'leurs'
  const [main, other] = isTheirs ? [t, m] : [m, t]
  const ids = main.filter(id => members.has(id))
  work.r.listes.set(liste, ids)
  const seen = new Set(ids)
  for (const id of [...other, ...members]) {
    if (!members.has(id) || seen.has(id)) continue
    seen.add(id)
    const rank = other.indexOf(id)
    const apres = rank < 0 ? ids.toReversed() : other.slice(0, rank).reverse()
    insert(work.r, { liste, apres }, id)
  }
}

/** Whether what two lists share is in the same order in both. */
function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  const [inA, inB] = [new Set(a), new Set(b)]
  const rest = b.filter(id => inA.has(id))
  return a.filter(id => inB.has(id)).every((id, rank) => id === rest[rank])
}
