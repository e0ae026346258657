import pg from 'pg'
import type { CatalogueTable } from './distribution-catalogue.ts'
import { APPLICATION_ROLE } from './migrate.ts'

/** One step of a distribution: a title in French, its statements in order. Everything but `roles` makes one transaction. */
export interface Step {
  readonly kind:
    | 'roles'
    | 'cles_retirees'
    | 'securite_levee'
    | 'references'
    | 'partagees'
    | 'restes'
    | 'securite_forcee'
    | 'cles_remises'
    | 'fonctions'
  readonly title: string
  readonly statements: readonly string[]
  /** The tables that it places. */
  readonly places?: readonly string[]
}

/** What is to be placed, in order, and beside which table. */
export interface ToPlace {
  readonly references: readonly CatalogueTable[]
  readonly distributed: readonly CatalogueTable[]
  readonly beside: string
  readonly functions: readonly { readonly signature: string; readonly argument: string }[]
  readonly owner: string
}

const { escapeIdentifier, escapeLiteral } = pg
const table = (name: string) => name.split('.').map(escapeIdentifier).join('.')

/**
 * The statements of a distribution. Foreign keys are taken off and put back, so that no table is converted because another one is; row security
 * is lifted for the owner as backups do it (COPY refuses it), both within the one transaction.
 */
export function stepsFor({ references, distributed, beside, functions, owner }: ToPlace): Step[] {
  const fresh = [...references, ...distributed]
  const keys = fresh.flatMap(({ name, foreignKeys }) =>
    foreignKeys.map(key => ({ on: table(name), name: escapeIdentifier(key.name), is: key.definition })),
  )
  const forced = distributed.filter(({ isForced }) => isForced).map(({ name }) => table(name))
  const steps: Step[] = [
    {
      kind: 'roles',
      title: 'Les réglages des deux rôles',
      statements: [APPLICATION_ROLE, owner].flatMap(role => [
        `alter role ${escapeIdentifier(role)} set citus.propagate_set_commands = 'local'`,
        `alter role ${escapeIdentifier(role)} set citus.enable_unsafe_triggers = 'on'`,
      ]),
    },
    {
      kind: 'cles_retirees',
      title: 'Les clés étrangères, retirées le temps de placer les tables',
      statements: keys.map(key => `alter table ${key.on} drop constraint ${key.name}`),
    },
    {
      kind: 'securite_levee',
      title: 'La sécurité des lignes, levée pour le propriétaire : sous elle, rien ne se copie',
      statements: forced.map(name => `alter table ${name} no force row level security`),
    },
    {
      kind: 'references',
      places: references.map(({ name }) => name),
      title: 'Les tables de référence, copiées sur chaque serveur',
      statements: references.map(({ name }) => `select create_reference_table(${escapeLiteral(name)})`),
    },
    {
      kind: 'partagees',
      places: distributed.map(({ name }) => name),
      title: 'Les tables partagées : une collectivité est tout entière sur un serveur',
      statements: distributed.map(
        ({ name }) =>
          `select create_distributed_table(${escapeLiteral(name)}, 'collectivite_id', colocate_with => ${escapeLiteral(name === beside ? 'none' : beside)})`,
      ),
    },
    {
      kind: 'restes',
      title: 'Ce que le coordinateur a encore des lignes copiées, effacé',
      statements: fresh.map(({ name }) => `select truncate_local_data_after_distributing_table(${escapeLiteral(name)})`),
    },
    {
      kind: 'securite_forcee',
      title: 'La sécurité des lignes, forcée de nouveau',
      statements: forced.map(name => `alter table ${name} force row level security`),
    },
    {
      kind: 'cles_remises',
      title: 'Les clés étrangères, remises',
      statements: keys.map(key => `alter table ${key.on} add constraint ${key.name} ${key.is}`),
    },
    {
      kind: 'fonctions',
      title: 'Les fonctions, sur chaque serveur',
      statements: functions.map(
        ({ signature, argument }) =>
          `select create_distributed_function(${escapeLiteral(signature)}, ${escapeLiteral(argument)}, colocate_with => ${escapeLiteral(beside)})`,
      ),
    },
  ]
  return steps.filter(({ statements }) => statements.length > 0)
}
