import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { schemaModele } from '../demarche.ts'
import type { Modele } from '../index.ts'
import { modeles } from '../livre.ts'
import { appliquer, differences, fusionner, lieuDe, resoudre } from './index.ts'
import { fromNormal, groupesDe, toNormal } from './normal-form.ts'
import { anyModele, changed } from './testing/random.ts'

const two = anyModele.chain(base => fc.tuple(fc.constant(base), changed(base)))
const three = anyModele.chain(base => fc.tuple(fc.constant(base), changed(base), changed(base)))
const runs = { numRuns: 300 }
const isShape = (modele: Modele) => schemaModele.safeParse(modele).error?.issues ?? []

describe('the flat form', () => {
  it('loses nothing of the démarches shipped', () => {
    for (const modele of modeles) assert.deepEqual(fromNormal(toNormal(modele)), modele)
  })
  it('loses nothing of any démarche, with the types apart or not', () =>
    fc.assert(
      fc.property(two, ([a, b]) => {
        assert.deepEqual(fromNormal(toNormal(b)), b)
        assert.deepEqual(fromNormal(toNormal(b, groupesDe(a, b))), b)
      }),
      runs,
    ))
})

describe('differences', () => {
  it('there are none between a démarche and itself', () => fc.assert(fc.property(anyModele, a => assert.deepEqual(differences(a, a), []))))
  it('done, make the other version', () =>
    fc.assert(
      fc.property(two, ([a, b]) => {
        const found = differences(a, b)
        assert.equal(new Set(found.map(({ cle }) => cle)).size, found.length, 'keys are unique')
        const done = appliquer(a, structuredClone(found))
        assert.deepEqual(done.impossibles, [])
        assert.deepEqual(done.modele, b)
      }),
      runs,
    ))
  it('some of them make a sound shape, and what could not be done is told', () =>
    fc.assert(
      fc.property(two, fc.infiniteStream(fc.boolean()), ([a, b], coin) => {
        const some = differences(a, b).filter(() => coin.next().value)
        const { modele, impossibles } = appliquer(a, some)
        assert.deepEqual(isShape(modele), [])
        const done = some.filter(difference => !impossibles.some(impossible => impossible.difference === difference))
        assert.deepEqual(appliquer(a, done).modele, modele)
        for (const { raison } of impossibles) assert.match(raison, /^\p{Lu}.*\.$/u)
      }),
      runs,
    ))
})

describe('merging', () => {
  it('with one side unchanged is the other side', () =>
    fc.assert(
      fc.property(two, ([base, other]) => {
        for (const fusion of [fusionner(base, base, other), fusionner(base, other, base), fusionner(base, other, other)]) {
          assert.deepEqual(fusion.resultat, other)
          assert.deepEqual(fusion.conflits, [])
        }
      }),
      runs,
    ))
  it('gives a sound shape, whatever is chosen', () =>
    fc.assert(
      fc.property(three, fc.infiniteStream(fc.boolean()), ([base, leurs, miennes], coin) => {
        const fusion = fusionner(base, leurs, miennes)
        assert.deepEqual(isShape(fusion.resultat), [])
        const { conflits } = fusion
        assert.equal(new Set(conflits.map(({ cle }) => cle)).size, conflits.length, 'keys are unique')
        for (const { leurs, miennes } of conflits) assert.notDeepEqual(leurs, miennes)
        assert.deepEqual(resoudre(fusion, {}), fusion.resultat)
        const choix = Object.fromEntries(conflits.map(({ cle }) => [cle, coin.next().value ? ('leurs' as const) : ('miennes' as const)]))
        assert.deepEqual(isShape(resoudre(fusion, choix)), [])
      }),
      { numRuns: 300 },
    ))
  it('never loses what one side alone added', () =>
    fc.assert(
      fc.property(three, ([base, leurs, miennes]) => {
        const { resultat, conflits } = fusionner(base, leurs, miennes)
        const [b, t, m, r] = [base, leurs, miennes, resultat].map(modele => toNormal(modele).elements) as [
          Elements,
          Elements,
          Elements,
          Elements,
        ]
        for (const path of [...t.keys(), ...m.keys()]) {
          if (b.has(path) || r.has(path)) continue
          assert.ok(
            conflits.some(({ cle }) => explains(cle, path, etapeOf(t.has(path) ? t : m, path))),
            `${path} is lost: ${conflits.map(({ cle }) => cle)}`,
          )
        }
      }),
      { numRuns: 300 },
    ))
  it('of changes that do not touch one another is the same from both sides', () =>
    fc.assert(
      fc.property(three, ([base, leurs, miennes]) => {
        const [theirs, mine] = [touched(base, leurs), touched(base, miennes)]
        fc.pre(!theirs.some(one => mine.some(other => clash(one, other) || clash(other, one))))
        const there = fusionner(base, leurs, miennes)
        assert.deepEqual(there.conflits, [])
        assert.deepEqual(there.resultat, fusionner(base, miennes, leurs).resultat)
        assert.deepEqual(appliquer(leurs, differences(base, miennes)).impossibles, [])
      }),
      runs,
    ))
  it('tells every property that both sides changed differently', () =>
    fc.assert(
      fc.property(three, ([base, leurs, miennes]) => {
        const { resultat, conflits } = fusionner(base, leurs, miennes)
        const groupes = groupesDe(base, leurs, miennes)
        const [b, t, m, r] = [base, leurs, miennes, resultat].map(modele => toNormal(modele, groupes).elements) as [
          Elements,
          Elements,
          Elements,
          Elements,
        ]
        for (const [path, mine] of m)
          for (const [name, value] of mine) {
            const [before, theirs, merged] = [b, t, r].map(version => JSON.stringify(version.get(path)?.get(name)))
            if (
              !b.has(path) ||
              !t.has(path) ||
              [before, theirs].includes(JSON.stringify(value)) ||
              before === theirs ||
              Array.isArray(value)
            )
              continue
            assert.ok(
              conflits.some(({ cle }) => explains(cle, `${path}/${name}`)),
              `${path}/${name}`,
            )
            if (r.has(path)) assert.equal(merged, JSON.stringify(value), 'mine is kept')
          }
      }),
      runs,
    ))
})

/** Properties, elements and lists that a version touched, with the elements around them. */
function touched(a: Modele, b: Modele): string[] {
  return differences(a, b).flatMap(({ cle, element, nature, propriete, avant, place }) => {
    if (nature === 'modifie') return [propriete === 'type' ? element : cle]
    const fields = a.formulaire.etapes.find(({ id }) => `etapes/${id}` === element)?.champs.map(({ id }) => `champs/${id}`)
    const lists = [place?.liste, nature === 'deplace' ? String(avant) : undefined]
    const home =
      element.split('/').length === 2 && element.startsWith('champs/')
        ? `etapes/${lieuDe(element, a).etape}/champs`
        : element.slice(0, element.lastIndexOf('/'))
    return [element, ...lists.filter(liste => liste !== undefined), home, ...(fields ?? [])]
  })
}

const clash = (one: string, other: string): boolean => one === other || one.startsWith(`${other}/`)

const etapeOf = (elements: Elements, path: string) => elements.get(path.split('/').slice(0, 2).join('/'))?.get('etape')

type Elements = ReturnType<typeof toNormal>['elements']

/** Whether a conflict is about something, about what holds it, or about the étape of the field. */
function explains(cle: string, path: string, etape?: unknown): boolean {
  if (cle.endsWith('#place')) return path.startsWith('etapes/') || path === cle.replace('#place', '/etape')
  return path.replace(/^\//, '') === cle || path.startsWith(`${cle.replace(/\/type$/, '')}/`) || cle === `etapes/${String(etape)}`
}
