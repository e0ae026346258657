import type { Catalogue, CatalogueTable, ForeignKey } from './distribution-catalogue.ts'
import { type Step, stepsFor } from './distribution-steps.ts'

/** Where the rows of a table go on a Citus cluster: shared out by collectivité, copied to every server, or kept on the coordinator. */
export type Placement = 'distribuee' | 'reference' | 'locale'

/** A table and its place, with the sentence that says why. */
export interface Placed {
  readonly name: string
  readonly placement: Placement
  readonly why: string
}

/** What would be done, step by step, and each rule that the schema breaks: a plan with broken rules must not run. */
export interface DistributionPlan {
  readonly tables: readonly Placed[]
  readonly steps: readonly Step[]
  readonly broken: readonly string[]
}

// The only tables named by hand: those without collectivité that every server need not have. One that is not here is copied to every server when
// another one points to it or when it is a register; otherwise the plan asks where it goes.
const LOCAL: Readonly<Record<string, string>> = {
  'public.migration': 'le schéma ne se met à jour que depuis le coordinateur',
  'public.sortie': 'une boîte vidée par « for update skip locked », que Citus ne fait que sur une table d’un seul serveur',
  'public.session': 'lue et écrite à chaque page : copiée partout, chaque page écrirait sur tous les serveurs',
  'public.tentative': 'des compteurs écrits sans cesse, jamais lus avec autre chose',
  'public.lien_connexion': 'des lignes qui durent un jour, jamais lues avec celles d’une collectivité',
  'public.compte_efface': 'lue par les sauvegardes seules',
}
const QUEUE = 'la file de travaux : ses fonctions et ses verrous sont ceux d’un seul serveur'

// Small, read with the rows of a collectivité, and pointed to by none.
const REFERENCE: Readonly<Record<string, string>> = {
  'public.adoption': 'lue avec le catalogue partagé et les collectivités',
}

// Citus lets a trigger of a distributed table through (citus.enable_unsafe_triggers) and cannot know what it does: each was read. They write only rows
// of the same collectivité, in tables shared out alike, hence on the same server.
const TRIGGERS_READ = [
  'public.dossier.delier_avis',
  'public.dossier.noter_effacement',
  'public.envoi.noter_effacement',
  'public.fichier.noter_effacement',
  'public.indexation.desindexer',
]

// Functions that the program calls, and the argument that says the collectivité.
const FUNCTIONS: Readonly<Record<string, string>> = { journaliser: 'p_collectivite' }

const COLUMN = 'collectivite_id'
const bare = (name: string) => name.replace(/^public\./, '')

/**
 * The plan that turns the schema into distributed, reference and local tables, and the rules it breaks (sentences in French). Pure: `already` names the
 * tables that the cluster has placed, `owner` the role that owns them. Rules of Citus 13: its checks on unique and foreign keys, triggers, policies.
 */
export function distributionPlan(catalogue: Catalogue, owner: string, already: ReadonlySet<string> = new Set()): DistributionPlan {
  const unplaced: string[] = []
  const tables = catalogue.tables.map(table => place(table, catalogue, unplaced))
  const placements = new Map(tables.map(({ name, placement }) => [name, placement]))
  const broken = [...unplaced, ...catalogue.tables.flatMap(table => tableProblems(table, placements)), ...otherProblems(catalogue)]
  const order = inOrder(catalogue.tables, placements, broken)
  const shared = order.filter(({ name }) => placements.get(name) === 'distribuee')
  const steps = stepsFor({
    references: order.filter(({ name }) => placements.get(name) === 'reference' && !already.has(name)),
    distributed: shared.filter(({ name }) => !already.has(name)),
    // What the others are put beside: one that the cluster has placed, if it has.
    beside: (shared.find(({ name }) => already.has(name)) ?? shared[0])?.name ?? 'none',
    functions: catalogue.functions.flatMap(({ name, signature }) => (FUNCTIONS[name] ? [{ signature, argument: FUNCTIONS[name] }] : [])),
    owner,
  })
  return { tables, steps, broken }
}

function place(table: CatalogueTable, catalogue: Catalogue, unplaced: string[]): Placed {
  const { name, genre } = table
  if (name.startsWith('graphile_worker.')) return { name, placement: 'locale', why: QUEUE }
  if (genre === 'locataire') return { name, placement: 'distribuee', why: `partagée par ${COLUMN}` }
  if (LOCAL[name]) return { name, placement: 'locale', why: LOCAL[name] }
  if (genre === 'registre') return { name, placement: 'reference', why: 'un registre, le même pour tous' }
  const asked = catalogue.tables.filter(other => other.foreignKeys.some(({ to }) => to === name)).map(other => bare(other.name))
  if (asked.length > 0)
    return { name, placement: 'reference', why: `demandée par ${asked.slice(0, 3).join(', ')}${asked.length > 3 ? '…' : ''}` }
  if (REFERENCE[name]) return { name, placement: 'reference', why: REFERENCE[name] }
  unplaced.push(`${name} : rien ne dit où elle va. Classez-la dans src/platform/db/distribution.ts : locale, ou de référence.`)
  return { name, placement: 'locale', why: 'à classer' }
}

function tableProblems(table: CatalogueTable, placements: ReadonlyMap<string, Placement>): string[] {
  const placement = placements.get(table.name)
  const say = (text: string) => `${table.name} : ${text}`
  const keys = table.foreignKeys.flatMap(key => keyProblems(key, placement!, placements.get(key.to)))
  if (placement === 'locale') return keys.map(say)
  const problems = [...keys]
  if (table.isDivided) problems.push('elle est faite de partitions ou hérite d’une autre. Faites-en une table simple.')
  for (const column of table.numbered)
    problems.push(`la colonne ${column} est numérotée par la base. Donnez un UUID fait par le programme.`)
  for (const rule of table.rules) problems.push(`elle a une règle de réécriture (${rule}). Retirez-la.`)
  if (placement === 'reference') {
    for (const { name } of table.triggers)
      problems.push(`le déclencheur ${name} s’exécuterait sur chaque serveur. Faites écrire le programme.`)
    return problems.map(say)
  }
  if (!table.hasTenant) problems.push(`${COLUMN} uuid not null manque. Ajoutez-la, en tête de chaque clé.`)
  if (!table.hasPrimaryKey) problems.push('elle n’a pas de clé primaire. Donnez-lui-en une.')
  for (const { name, columns } of table.uniques)
    if (!columns.includes(COLUMN))
      problems.push(`l’unicité ${name} ne contient pas ${COLUMN} : aucun serveur ne pourrait la vérifier seul.`)
  for (const name of table.askingPolicies) problems.push(`la politique ${name} interroge une autre table. Citus n’en admet pas.`)
  for (const { name, isForEachRow } of table.triggers) {
    if (!isForEachRow) problems.push(`le déclencheur ${name} est par ordre : il s’exécuterait une fois par fragment. Faites-le par ligne.`)
    else if (!TRIGGERS_READ.includes(`${table.name}.${name}`))
      problems.push(
        `le déclencheur ${name} n’est pas de ceux qui ont été lus. Vérifiez qu’il n’écrit que chez la même collectivité, puis déclarez-le.`,
      )
  }
  return problems.map(say)
}

// As Citus checks them (foreign_constraint.c), said of the key rather than of the statement.
function keyProblems(key: ForeignKey, from: Placement, to: Placement | undefined): string[] {
  if (from === 'locale')
    return to === 'locale'
      ? []
      : [`la clé ${key.name} va d’une table locale vers ${bare(key.to)}. Retirez-la, ou classez la table autrement.`]
  if (to === 'locale' || to === undefined)
    return [`la clé ${key.name} vise ${bare(key.to)}, qui reste sur le coordinateur. Retirez-la, ou classez ${bare(key.to)} autrement.`]
  if (from === 'reference')
    return to === 'reference' ? [] : [`la clé ${key.name} va d’une table de référence vers ${bare(key.to)}, qui est partagée. Retirez-la.`]
  const place = key.columns.indexOf(COLUMN)
  const problems: string[] = []
  if (to === 'distribuee' && (place < 0 || key.toColumns[place] !== COLUMN))
    problems.push(`la clé ${key.name} ne lie pas ${COLUMN} à ${COLUMN} : elle joindrait deux serveurs.`)
  if (place >= 0 && 'nd'.includes(key.onDelete))
    problems.push(
      `la clé ${key.name} vide une colonne à l’effacement (set null, set default) et contient ${COLUMN} : Citus la refuse. Faites-le par un déclencheur.`,
    )
  if (place >= 0 && 'ndc'.includes(key.onUpdate)) problems.push(`la clé ${key.name} propage un changement de clé : Citus la refuse.`)
  return problems
}

function otherProblems(catalogue: Catalogue): string[] {
  return [
    ...catalogue.materializedViews.map(
      name => `${name} : une vue matérialisée garderait chez le coordinateur des lignes de tous. Retirez-la.`,
    ),
    ...catalogue.functions
      .filter(({ name, isTrigger }) => !isTrigger && !FUNCTIONS[name])
      .map(
        ({ signature }) =>
          `${signature} : rien ne dit quel argument porte la collectivité. Déclarez-le dans src/platform/db/distribution.ts.`,
      ),
  ]
}

// Reference tables first; among each, a table after those that its keys point to.
function inOrder(tables: readonly CatalogueTable[], placements: ReadonlyMap<string, Placement>, broken: string[]): CatalogueTable[] {
  const done: CatalogueTable[] = []
  for (const placement of ['reference', 'distribuee', 'locale']) {
    const waiting = tables.filter(({ name }) => placements.get(name) === placement)
    while (waiting.length > 0) {
      const waits = ({ name, foreignKeys }: CatalogueTable) =>
        foreignKeys.some(({ to }) => to !== name && waiting.some(other => other.name === to))
      const next = waiting.findIndex(table => !waits(table))
      if (next < 0) broken.push(`${waiting.map(({ name }) => name).join(', ')} : ces tables se visent en rond. Retirez une clé.`)
      done.push(...waiting.splice(Math.max(next, 0), next < 0 ? waiting.length : 1))
    }
  }
  return done
}

/** A line of the view citus_tables. */
export interface CitusTable {
  readonly name: string
  readonly type: string
  readonly column: string | null
  readonly colocation: number
}

/** Compares what a cluster says of its tables with where the plan puts them. Gives a sentence in French for each difference. */
export function placementProblems(tables: readonly Placed[], seen: readonly CitusTable[]): string[] {
  const found = new Map(seen.map(table => [table.name, table]))
  const together = new Set(tables.flatMap(({ name, placement }) => (placement === 'distribuee' ? [found.get(name)?.colocation] : [])))
  const problems = tables.flatMap(({ name, placement }) => {
    const { type, column } = found.get(name) ?? { type: 'local', column: null }
    const expected = { distribuee: 'distributed', reference: 'reference', locale: 'local' }[placement]
    if (type !== expected) return [`${name} : ${expected} attendu, ${type} trouvé.`]
    return placement === 'distribuee' && column !== COLUMN ? [`${name} : partagée par ${column}, et non par ${COLUMN}.`] : []
  })
  if (together.size > 1)
    problems.push('Les tables partagées ne sont pas toutes placées ensemble : une collectivité serait sur plusieurs serveurs.')
  return problems
}
