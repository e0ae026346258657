import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { definitions, type Reponses } from '../../formulaires/index.ts'
import type { Modele } from '../index.ts'
import { modeles } from '../livre.ts'
import { operer, reporter, restaurer } from './index.ts'
import type { Fait, Operation } from './operations.ts'
import { anyModele, changed } from './testing/random.ts'

const candidates: definitions.Valeur[] = [
  true,
  'a',
  'cp',
  ['a'],
  ['lundi', 'mardi'],
  3,
  450,
  '2024-02-29',
  '0639981234',
  'nom@exemple.fr',
  '14500',
  [{ id: 'f1', nom: 'photo.jpg', tailleOctets: 12 }],
  { voie: '1 rue', complement: '', codePostal: '14500', commune: 'Vire' },
]

/** Answers of the right shape for a form, with some that no longer have a question. */
const answersTo = ({ formulaire }: Modele): fc.Arbitrary<Reponses> =>
  fc.infiniteStream(fc.nat(99)).map(stream => {
    const draw = () => stream.next().value ?? 0
    const values = (champs: readonly definitions.Champ[]) =>
      Object.fromEntries(
        champs.flatMap(champ => {
          const fit = candidates.filter(value => definitions.typeDe(champ).est(value))
          return fit.length > 0 && draw() % 4 > 0 ? [[champ.id, fit[draw() % fit.length]!]] : []
        }),
      )
    const simple = formulaire.etapes.filter(({ repetition }) => !repetition)
    const repeated = formulaire.etapes.filter(({ repetition }) => repetition)
    const rows = (champs: readonly definitions.Champ[]) =>
      Array.from({ length: draw() % 3 }, (_, rank) => ({ id: `r${rank}`, champs: values(champs) }))
    return {
      champs: { ...values(simple.flatMap(({ champs }) => champs)), ...(draw() % 9 === 0 ? { ancienne: 'a' } : {}) },
      lignes: Object.fromEntries(repeated.map(({ id, champs }) => [id, rows(champs)])),
    }
  })

/** Every answer with its place. */
const flat = ({ champs, lignes }: Reponses): string[] => [
  ...Object.entries(champs).map(([id, value]) => JSON.stringify([null, null, id, value])),
  ...Object.entries(lignes).flatMap(([etape, rows]) =>
    rows.flatMap(row => Object.entries(row.champs).map(([id, value]) => JSON.stringify([etape, row.id, id, value]))),
  ),
]

const history = anyModele.chain(modele => fc.tuple(fc.constant(modele), changed(modele, 12), answersTo(modele)))

describe('carrying answers over to a new revision', () => {
  it('loses none in 1,000 random revisions, and going back restores them', () =>
    fc.assert(
      fc.property(history, ([ancien, nouveau, reponses]) => {
        const { reponses: kept, ecartees } = reporter(ancien, nouveau, reponses)
        const aside = ecartees.map(({ id, brute, ligne }) => JSON.stringify([ligne?.etape ?? null, ligne?.id ?? null, id, brute]))
        assert.deepEqual([...flat(kept), ...aside].sort(), flat(reponses).sort())
        for (const { libelle, valeur } of ecartees) assert.ok(libelle !== '' && valeur !== '')
        const back = reporter(nouveau, ancien, kept)
        const restored = restaurer(ancien, back.reponses, JSON.parse(JSON.stringify([...ecartees, ...back.ecartees])))
        const still = restored.ecartees.map(({ id }) => id)
        assert.deepEqual(
          flat(restored.reponses).sort(),
          flat(reponses)
            .filter(line => !still.includes(JSON.parse(line)[2]))
            .sort(),
        )
        for (const { id, type } of restored.ecartees) assert.ok(id === 'ancienne' || type !== '')
      }),
      { numRuns: 1000 },
    ))

  it('keeps everything when nothing changed', () =>
    fc.assert(
      fc.property(
        anyModele.chain(modele => fc.tuple(fc.constant(modele), answersTo(modele))),
        ([modele, reponses]) => {
          const { reponses: kept, ecartees, changements } = reporter(modele, structuredClone(modele), reponses)
          assert.deepEqual(
            ecartees.filter(({ id }) => id !== 'ancienne' && isAnswer(modele, id, reponses)),
            [],
          )
          assert.deepEqual(changements, [])
          assert.ok(flat(kept).length <= flat(reponses).length)
        },
      ),
      { numRuns: 200 },
    ))

  const cantine = modeles.find(({ id }) => id === 'restauration-scolaire') ?? assert.fail()
  const after = (...operations: Operation[]): Modele =>
    operations.reduce((modele, operation) => {
      const done: Fait = operer(modele, operation)
      assert.ok(done.ok, done.ok ? '' : done.message)
      return done.modele
    }, cantine)
  const changements = (...operations: Operation[]) =>
    reporter(cantine, after(...operations), { champs: {}, lignes: {} }).changements.map(text => text.replaceAll(/[\u00a0\u202f]/g, ' '))

  it('tells the resident what changes for him', () => {
    assert.deepEqual(changements({ op: 'modifier', element: 'champs/telephone', proprietes: { obligatoire: false } }), [
      'Vous pouvez maintenant laisser « Votre téléphone » sans réponse.',
    ])
    assert.deepEqual(changements({ op: 'modifier', element: 'champs/allocataire', proprietes: { obligatoire: null } }), [
      'Il faut maintenant répondre à « Numéro d’allocataire ».',
    ])
    assert.deepEqual(changements({ op: 'modifier', element: 'parametres/tarifMaximum', proprietes: { defaut: 450 } }), [
      'Prix du repas sans quotient connu : 4,50 €, au lieu de 4,20 €.',
    ])
    assert.deepEqual(changements({ op: 'modifier', element: 'parametres/delaiInscription', proprietes: { defaut: 10 } }), [
      'Délai avant le premier repas : 10 jours, au lieu de 7 jours.',
    ])
    assert.deepEqual(changements({ op: 'supprimer', element: 'champs/qualite' }), ['La question « Vous êtes » n’est plus posée.'])
    assert.deepEqual(changements({ op: 'ajouterChamp', etape: 'responsable', type: 'date', libelle: 'Votre naissance' }), [
      'Nouvelle question : « Votre naissance ».',
    ])
    assert.deepEqual(changements({ op: 'modifier', element: 'champs/ecole', proprietes: { aide: 'Une aide.' } }), [])
  })

  it('puts apart an answer whose option was withdrawn, with its words', () => {
    const nouveau = after({ op: 'supprimer', element: 'champs/classe/options/cp' })
    const reponses: Reponses = { champs: {}, lignes: { enfants: [{ id: 'r0', champs: { classe: 'cp', ecole: 'A' } }] } }
    const { reponses: kept, ecartees } = reporter(cantine, nouveau, reponses)
    assert.deepEqual(kept.lignes.enfants, [{ id: 'r0', champs: { ecole: 'A' } }])
    assert.deepEqual(
      ecartees.map(({ libelle, valeur }) => [libelle, valeur]),
      [['Classe à la rentrée ou en cours d’année', 'CP']],
    )
    assert.deepEqual(restaurer(cantine, kept, ecartees), {
      reponses: { champs: {}, lignes: { enfants: [{ id: 'r0', champs: { ecole: 'A', classe: 'cp' } }] } },
      ecartees: [],
    })
  })

  it('puts apart what an étape that becomes repeated held', () => {
    const nouveau = after({
      op: 'modifier',
      element: 'etapes/debutRepas',
      proprietes: { repetition: { min: 1, max: 2, nom: { singulier: 'a', pluriel: 'b' }, titreLigne: 'A' } },
    })
    const { reponses, ecartees } = reporter(cantine, nouveau, { champs: { debut: '2026-12-01' }, lignes: {} })
    assert.deepEqual(reponses, { champs: {}, lignes: {} })
    assert.deepEqual(
      ecartees.map(({ valeur }) => valeur),
      ['1er décembre 2026'],
    )
  })
})

/** Whether a stored value is one that its question would have given. */
function isAnswer({ formulaire }: Modele, id: string, { champs }: Reponses): boolean {
  const champ = definitions.indexDe(formulaire).champs.get(id)?.champ
  return champ !== undefined && Object.hasOwn(champs, id) && definitions.typeDe(champ).est(champs[id])
}
