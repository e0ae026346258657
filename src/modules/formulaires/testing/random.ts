/** Random definitions and hostile posts, for the property tests only. */
import fc from 'fast-check'
import { type Expression, type Operateur, operateurs } from '../expression.ts'
import type { Etape, Formulaire } from '../formulaire.ts'
import type { Saisie } from '../saisie.ts'
import { type Champ, types } from '../types/index.ts'

const text = fc.constantFrom('a', 'b', 'Éa', '', '2024-02-29')

/** Any well-formed tree, sound or not. */
export const anyExpression: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<Expression>(
      { champ: 'nom' },
      { champ: 'age' },
      { champ: 'inconnu' },
      { aujourdhui: true },
      { commune: 'nom' },
      { parametre: 'seuil' },
    ),
    fc.oneof(text, fc.double(), fc.integer(), fc.boolean()).map((constante): Expression => ({ constante })),
    fc.integer().map((montant): Expression => ({ montant })),
    fc.record({ op: fc.constantFrom(...(Object.keys(operateurs) as Operateur[])), termes: fc.array(tie('tree'), { maxLength: 3 }) }),
    tie('tree').map((terme): Expression => ({ op: 'somme', repetition: 'enfants', terme })),
    tie('tree').map((si): Expression => ({ op: 'nombre', repetition: 'enfants', si })),
    tie('tree').map((terme): Expression => ({ op: 'bareme', parametre: 'tarifs', terme })),
  ),
})).tree

const options = ['a', 'b', 'c'].map(id => ({ id, libelle: id }))
const kinds: readonly Champ['type'][] = [
  'texte',
  'texte_long',
  'oui_non',
  'case',
  'choix',
  'choix_multiple',
  'date',
  'entier',
  'montant',
  'adresse',
  'piece',
  'telephone',
  'calcul',
]

/** A sound condition on fields asked before; what each type of field can be compared with. */
function conditionOn(champ: Champ, variant: number): Expression {
  const field = { champ: champ.id }
  const nature = types[champ.type].nature(champ as never)
  if (variant % 4 === 0) return { op: variant % 8 === 0 ? 'est_vide' : 'n_est_pas_vide', termes: [field] }
  if (nature === 'booleen') return { op: '=', termes: [field, { constante: variant % 2 === 0 }] }
  if (nature === 'nombre') return { op: variant % 2 === 0 ? '>' : '<=', termes: [field, { constante: 5 }] }
  if (nature === 'montant') return { op: '>', termes: [field, { montant: 500 }] }
  if (nature === 'date') return { op: '<', termes: [field, { op: 'moins_annees', termes: [{ aujourdhui: true }, { constante: 18 }] }] }
  if (nature === 'liste') return { op: 'contient', termes: [field, { constante: 'a' }] }
  return { op: variant % 2 === 0 ? '=' : '!=', termes: [field, { constante: 'a' }] }
}

interface Draw {
  readonly kind: number
  readonly condition: number
  readonly on: number
  readonly obligatoire: boolean
}

function buildChamp(id: string, draw: Draw, before: readonly Champ[], rows: string | undefined): Champ {
  const type = kinds[draw.kind % kinds.length] ?? 'texte'
  const target = before.length > 0 && draw.condition % 2 === 1 ? before[draw.on % before.length] : undefined
  const other = before.length > 0 && draw.condition % 3 === 1 ? before[(draw.on * 7) % before.length] : undefined
  const simple = target && conditionOn(target, draw.condition)
  const visibleSi: Expression | undefined =
    simple && other
      ? { op: draw.condition % 5 < 3 ? 'et' : 'ou', termes: [simple, { op: 'non', termes: [conditionOn(other, draw.on)] }] }
      : simple
  const base = { id, libelle: id, obligatoire: draw.obligatoire, ...(visibleSi ? { visibleSi } : {}) }
  if (type === 'choix' || type === 'choix_multiple') return { ...base, type, options }
  if (type === 'date') return { ...base, type, max: { aujourdhui: true } }
  if (type === 'entier') return { ...base, type, min: { constante: 0 }, max: { constante: 10 } }
  if (type !== 'calcul') return { ...base, type } as Champ
  const expression: Expression = rows ? { op: 'nombre', repetition: rows } : { op: '+', termes: [{ constante: 1 }, { constante: draw.on }] }
  return { ...base, type, nature: 'nombre', expression, explication: 'Calcul.' }
}

const drawn = fc.record({ kind: fc.nat(99), condition: fc.nat(99), on: fc.nat(99), obligatoire: fc.boolean() })

/** A sound form of one to four étapes, some repeated, whose conditions read fields asked before. */
export const anyFormulaire: fc.Arbitrary<Formulaire> = fc
  .array(
    fc.record({ champs: fc.array(drawn, { minLength: 1, maxLength: 6 }), repeated: fc.nat(3), condition: fc.nat(99), on: fc.nat(99) }),
    { minLength: 1, maxLength: 4 },
  )
  .map(drawnEtapes => {
    const shared: Champ[] = []
    const etapes = drawnEtapes.map((drawnEtape, rank): Etape => {
      const repeated = drawnEtape.repeated === 0
      const target = shared.length > 0 && drawnEtape.condition % 3 === 1 ? shared[drawnEtape.on % shared.length] : undefined
      const etape = { id: `e${rank}`, titre: `Étape ${rank}`, ...(target ? { visibleSi: conditionOn(target, drawnEtape.condition) } : {}) }
      const champs: Champ[] = []
      drawnEtape.champs.forEach((draw, index) => {
        champs.push(buildChamp(`c${rank}x${index}`, draw, [...shared, ...champs], repeated ? `e${rank}` : undefined))
      })
      if (!repeated) shared.push(...champs)
      if (!repeated) return { ...etape, champs }
      return {
        ...etape,
        repetition: { min: drawnEtape.on % 2, max: 3, nom: { singulier: 'ligne', pluriel: 'lignes' }, titreLigne: 'Ligne' },
        champs,
      }
    })
    return { etapes }
  })

const nasty = [
  '',
  ' ',
  'a',
  'b',
  'c',
  'oui',
  'non',
  '3',
  '12',
  '-1',
  '1',
  '2',
  '29',
  '02',
  '2024',
  '1985',
  '0000',
  '99999',
  '\u0000',
  '\ud800',
  '12,50',
  '0639981234',
  '14500',
  '__proto__',
]

/** What a hostile person posts for an étape: right, wrong, doubled, missing and unknown values. */
export const anySaisie = (etape: Etape): fc.Arbitrary<Saisie> => {
  const value = fc.oneof(fc.constantFrom(...nasty), fc.array(fc.constantFrom(...nasty), { maxLength: 3 }))
  const names = etape.champs.flatMap(({ id, type }) => {
    if (type === 'date') return ['jour', 'mois', 'annee'].map(part => `${id}-${part}`)
    return type === 'adresse' ? ['voie', 'codePostal', 'commune'].map(part => `${id}-${part}`) : [id]
  })
  const wild = fc.dictionary(fc.constantFrom(...names, 'constructor', '__proto__', 'inconnu'), value)
  const right = fc
    .array(fc.nat(5), { minLength: 1, maxLength: 8 })
    .map(picks => Object.assign({}, ...etape.champs.map((champ, rank) => rightFor(champ, picks[rank % picks.length] ?? 0))))
  return fc.oneof({ weight: 1, arbitrary: wild }, { weight: 3, arbitrary: right })
}

function rightFor({ id, type }: Champ, pick: number): Saisie {
  if (type === 'date') return { [`${id}-jour`]: '29', [`${id}-mois`]: '2', [`${id}-annee`]: pick % 2 === 0 ? '2024' : '1984' }
  if (type === 'adresse') return { [`${id}-voie`]: '1 rue', [`${id}-codePostal`]: '14500', [`${id}-commune`]: 'Vire' }
  const right: Partial<Record<Champ['type'], readonly string[]>> = {
    oui_non: ['oui', 'non'],
    case: ['oui'],
    choix: ['a', 'b', 'c'],
    choix_multiple: ['a', 'b'],
    entier: ['3', '8'],
    montant: ['4,50', '12'],
    telephone: ['0639981234'],
  }
  const values = right[type] ?? ['a', 'b']
  return { [id]: values[pick % values.length] ?? 'a' }
}
