import type { Command } from './commands.ts'
import { ExpectedFailure } from './expected-failure.ts'
import { openConnections, prepareDatabase } from './main.ts'
import { distribute, type Examined, examineDistribution } from './platform/db/distribute.ts'
import type { Placement } from './platform/db/distribution.ts'
import type { Connection } from './platform/db/open.ts'

const distribuer: Command = {
  name: 'base distribuer',
  usage: 'base distribuer [--verifier | --appliquer]',
  help: 'Dit comment la base se partagerait sur un cluster Citus, et ce qui l’empêcherait ; avec --appliquer, sur le coordinateur d’un cluster, le fait.',
  async run(config, words, options) {
    if (words.length > 0 || (options.verifier && options.appliquer)) throw new ExpectedFailure(`Usage : bin/parvis ${distribuer.usage}`)
    const connections = await openConnections(config)
    try {
      await prepareDatabase(config, connections)
      const examined = await examineDistribution(connections.owner)
      if (options.appliquer) return await apply(connections.owner, examined)
      console.log(enPhrases(examined).join('\n'))
      return examined.plan.broken.length > 0 ? 1 : 0
    } finally {
      await connections.close()
    }
  },
}

async function apply(owner: Connection, { plan, hasCitus }: Examined): Promise<number> {
  if (!hasCitus)
    throw new ExpectedFailure(
      'Cette base n’a pas Citus : il n’y a rien à partager. Sans Citus, « bin/parvis base distribuer » montre le plan.',
    )
  if (plan.broken.length > 0) throw new ExpectedFailure(['Rien n’est fait.', ...plan.broken].join('\n'))
  await distribute(owner, plan, title => console.log(`${title}…`))
  const { differences, plan: after } = await examineDistribution(owner)
  console.log(differences.length > 0 ? differences.join('\n') : `Fait et vérifié : ${resume(after.tables)}.`)
  return differences.length > 0 ? 3 : 0
}

const NOMS: Readonly<Record<Placement, string>> = { distribuee: 'partagées', reference: 'de référence', locale: 'locales' }
const resume = (tables: Examined['plan']['tables']) =>
  Object.entries(NOMS)
    .map(([placement, nom]) => `${tables.filter(table => table.placement === placement).length} tables ${nom}`)
    .join(', ')

/** What a person reads of a plan, line by line. */
export function enPhrases({ plan, hasCitus, differences }: Examined): string[] {
  const places = Object.entries(NOMS).flatMap(([placement, nom]) => [
    '',
    `Tables ${nom} :`,
    ...plan.tables.filter(table => table.placement === placement).map(({ name, why }) => `  ${name} (${why})`),
  ])
  const steps = plan.steps.flatMap(({ title, statements }) => ['', `-- ${title}`, ...statements.map(statement => `${statement};`)])
  const broken =
    plan.broken.length > 0
      ? ['', `${plan.broken.length} obstacles :`, ...plan.broken.map(text => `  ${text}`)]
      : ['', `Aucun obstacle : ${resume(plan.tables)}.`]
  return [...places.slice(1), ...steps, ...broken, ...suite(hasCitus, differences)]
}

function suite(hasCitus: boolean, differences: readonly string[]): string[] {
  if (!hasCitus) return ['Cette base n’a pas Citus : ce plan est vérifié d’après son schéma, il n’a pas été joué.']
  if (differences.length === 0) return ['Le cluster est comme le dit ce plan.']
  return [
    `${differences.length} tables ne sont pas encore à leur place. Service arrêté et sauvegarde faite : bin/parvis base distribuer --appliquer`,
  ]
}

/** The commands of `bin/parvis base`. */
export const commandsBase: readonly Command[] = [distribuer]
