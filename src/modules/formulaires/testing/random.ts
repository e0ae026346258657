/** Random definitions and hostile posts, for the property tests only. */
import fc from 'fast-check'
import type { Reponses } from '../answers.ts'
import { exemplesDeTypes } from '../exemples.ts'
import { type Expression, type Operateur, operateurs } from '../expression.ts'
import type { Etape, Formulaire } from '../formulaire.ts'
import type { Reponse } from '../recherche.ts'
import type { Saisie } from '../saisie.ts'
import { type Champ, type NomDeType, typeDe } from '../types/index.ts'

const text = fc.constantFrom('a', 'b', 'Éa', '', '2024-02-29')

/** Any well-formed tree, sound or not. */
export const anyExpression: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<Expression>(
      { champ: 'nom' },
      { champ: 'age' },
      { champ: 'inconnu' },
      { champ: 'nom', propriete: 'departement' },
      { champ: 'age', propriete: 'constructor' },
      { aujourdhui: true },
      { commune: 'nom' },
      { parametre: 'seuil' },
    ),
    fc.oneof(text, fc.double(), fc.integer(), fc.boolean()).map((constante): Expression => ({ constante })),
    fc.integer().map((montant): Expression => ({ montant })),
    fc.record({ op: fc.constantFrom(...(Object.keys(operateurs) as Operateur[])), termes: fc.array(tie('tree'), { maxLength: 3 }) }),
    tie('tree').chain(terme =>
      fc
        .constantFrom('somme' as const, 'minimum' as const, 'maximum' as const)
        .map((op): Expression => ({ op, repetition: 'enfants', terme })),
    ),
    tie('tree').map((si): Expression => ({ op: 'nombre', repetition: 'enfants', si })),
    tie('tree').map((terme): Expression => ({ op: 'bareme', parametre: 'tarifs', terme })),
  ),
})).tree

const exemples = new Map(exemplesDeTypes.map(exemple => [exemple.type, exemple] as const))
// Every type, those that conditions read best more often.
const kinds: readonly NomDeType[] = [...exemples.keys(), 'oui_non', 'choix', 'texte', 'entier', 'section', 'date']

/** A sound condition on a field asked before; what each type of field can be compared with. */
function conditionOn(champ: Champ, variant: number): Expression {
  const type = typeDe(champ)
  const propriete = variant % 3 === 0 ? Object.keys(type.proprietes?.(champ) ?? {})[variant % 5] : undefined
  const field = { champ: champ.id, ...(propriete === undefined ? {} : { propriete }) }
  const nature = propriete === undefined ? type.nature(champ) : type.proprietes?.(champ)[propriete]
  const codes = [...(type.codes?.(champ, propriete)?.keys() ?? [])]
  const text = { constante: codes[variant % Math.max(1, codes.length)] ?? 'a' }
  if (variant % 4 === 0) return { op: variant % 8 === 0 ? 'est_vide' : 'n_est_pas_vide', termes: [field] }
  if (nature === 'booleen') return { op: '=', termes: [field, { constante: variant % 2 === 0 }] }
  if (nature === 'nombre') return { op: variant % 2 === 0 ? '>' : '<=', termes: [field, { constante: 5 }] }
  if (nature === 'montant') return { op: '>', termes: [field, { montant: 500 }] }
  if (nature === 'date') return { op: '<', termes: [field, { op: 'moins_annees', termes: [{ aujourdhui: true }, { constante: 18 }] }] }
  if (nature === 'liste') return { op: 'contient', termes: [field, champ.type === 'piece' ? { constante: 'pdf' } : text] }
  if (variant % 7 === 0) return { op: 'dans', termes: [field, text, { constante: codes[0] ?? 'b' }] }
  return { op: variant % 2 === 0 ? '=' : '!=', termes: [field, text] }
}

interface Draw {
  readonly kind: number
  readonly condition: number
  readonly on: number
  readonly obligatoire: boolean
}

/** A condition on one or two of the fields asked before, or none. */
function drawnCondition({ condition, on }: Pick<Draw, 'condition' | 'on'>, before: readonly Champ[]): Expression | undefined {
  const readable = before.filter(champ => typeDe(champ).nature(champ) !== null)
  const target = condition % 2 === 1 ? readable[on % Math.max(1, readable.length)] : undefined
  const other = condition % 3 === 1 ? readable[(on * 7) % Math.max(1, readable.length)] : undefined
  if (!target) return undefined
  const simple = conditionOn(target, condition)
  return other ? { op: condition % 5 < 3 ? 'et' : 'ou', termes: [simple, { op: 'non', termes: [conditionOn(other, on)] }] } : simple
}

function buildChamp(id: string, draw: Draw, before: readonly Champ[], rows: string | undefined): Champ {
  const type = kinds[draw.kind % kinds.length] ?? 'texte'
  const visibleSi = drawnCondition(draw, before)
  const base = { id, libelle: id, obligatoire: draw.obligatoire, ...(visibleSi ? { visibleSi } : {}) }
  const champ = { ...exemples.get(type)?.champ, ...base } as Champ
  if (type === 'entier') return { ...base, type, min: { constante: 0 }, max: { constante: 10 } }
  if (type === 'choix_multiple') return { ...champ, maximum: 2 } as Champ
  if (type !== 'calcul') return champ
  const expression: Expression = rows ? { op: 'nombre', repetition: rows } : { op: '+', termes: [{ constante: 1 }, { constante: draw.on }] }
  return { ...base, type, nature: 'nombre', expression, explication: 'Calcul.' }
}

const drawn = fc.record({ kind: fc.nat(999), condition: fc.nat(99), on: fc.nat(99), obligatoire: fc.boolean() })

/** A form of one to four étapes, some repeated, sound but for conditions that may never hold; each condition reads fields asked before. */
export const anyFormulaire: fc.Arbitrary<Formulaire> = fc
  .array(
    fc.record({ champs: fc.array(drawn, { minLength: 1, maxLength: 6 }), repeated: fc.nat(3), condition: fc.nat(99), on: fc.nat(99) }),
    { minLength: 1, maxLength: 4 },
  )
  .map(drawnEtapes => {
    const shared: Champ[] = []
    const etapes = drawnEtapes.map((drawnEtape, rank): Etape => {
      const repeated = drawnEtape.repeated === 0
      const visibleSi = drawnCondition(drawnEtape, shared)
      const etape = { id: `e${rank}`, titre: `Étape ${rank}`, ...(visibleSi ? { visibleSi } : {}) }
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

/** Numbers that look random, the same for the same seed: thousands of posts are drawn from one number each. */
function draws(seed: number): (below: number) => number {
  let state = seed + 1
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const nasty: readonly string[] = [
  ...['', ' ', 'a', 'oui', 'non', '3', '12', '-1', '29', '02', '2024', '0000', '99999', '\u0000', '\ud800', '12,50', '14500'],
  ...['aucune', '9h', 'constructor', '__proto__', 'France', '14', 'mercredi'],
]
const parts = ['', '-jour', '-mois', '-annee', '-heure', '-voie', '-codePostal', '-commune', '-choix', '-mots', '-nom']

/** What a hostile person posts for an étape: mostly what each type accepts, else wrong, doubled, missing and unknown values. */
export function saisieHostile(etape: Etape, seed: number): Saisie {
  const draw = draws(seed)
  const any = () => nasty[draw(nasty.length)]!
  const entries = etape.champs.flatMap((champ): [string, string | readonly string[]][] => {
    const bons = exemples.get(champ.type)?.bons ?? []
    const bon = bons[draw(Math.max(1, bons.length))]
    if (draw(6) > 0)
      return bon
        ? Object.entries(champ.type === 'entier' ? { x: '3' } : bon.saisie).map(([name, text]) => [name.replace(/^x/, champ.id), text])
        : []
    return [[`${champ.id}${parts[draw(parts.length)]}`, draw(4) === 0 ? [any(), any()] : any()]]
  })
  return Object.fromEntries(draw(5) === 0 ? [...entries, ['constructor', any()], ['inconnu', any()]] : entries)
}

/** What the registers give for the fields of an étape: what their examples hold, nothing, or no answer. */
export function trouvaillesAuHasard(etape: Etape, seed: number): ReadonlyMap<string, Reponse> {
  const draw = draws(seed)
  return new Map(
    etape.champs.flatMap(({ id, type }) => {
      const found = exemples.get(type)?.trouvailles
      const given = [found, found, found, [], 'indisponible' as const][draw(5)]
      return found && given && draw(8) > 0 ? [[id, given] as const] : []
    }),
  )
}

/** Stored answers that nobody typed: values of any type anywhere, visible or not, as a database tampered with would give them. */
export function reponsesAuHasard({ etapes }: Formulaire, seed: number): Reponses {
  const draw = draws(seed)
  const values: unknown[] = [...exemples.values()]
    .flatMap(({ bons }) => bons.map(({ valeur }) => valeur))
    .concat([null, -1, {}, [], [[]]] as never)
  const champs = (etape: Etape) =>
    Object.fromEntries(
      etape.champs.flatMap(({ id, type }) => {
        const own = exemples.get(type)?.bons[0]?.valeur
        return draw(5) === 0 ? [] : [[id, own !== undefined && draw(4) > 0 ? own : values[draw(values.length)]] as const]
      }),
    )
  return {
    champs: Object.assign({}, ...etapes.map(champs)),
    lignes: Object.fromEntries(etapes.filter(() => draw(2) === 0).map(etape => [etape.id, [{ id: 'r0', champs: champs(etape) }]])),
  } as Reponses
}
