import { writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import type { Command } from './commands.ts'
import { ExpectedFailure } from './expected-failure.ts'
import { openApp, openConnections, prepareDatabase } from './main.ts'
import { enHtml, enMarkdown, registreDeLaCollectivite, tablesDe } from './modules/donnees-personnelles/index.ts'
import { personnes } from './modules/dossiers/index.ts'
import { dates } from './modules/formulaires/index.ts'
import { collectiviteParId } from './modules/territoire/index.ts'
import { modules } from './modules.ts'
import type { App } from './platform/app.ts'
import { civilDay, systemClock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'

async function withApp(config: Config, work: (app: App) => Promise<number>): Promise<number> {
  const connections = await openConnections(config)
  try {
    await prepareDatabase(config, connections)
    const { app, close } = await openApp(config, connections, 'commande', () => config.origin ?? `http://localhost:${config.port}`)
    try {
      return await work(app)
    } finally {
      await close()
    }
  } finally {
    await connections.close()
  }
}

/** To the file named by `--fichier`, else to the screen. */
function write(text: string, options: Record<string, string>): number {
  if (!options.fichier) console.log(text)
  else {
    writeFileSync(options.fichier, text, { mode: 0o600 })
    console.log(`Écrit dans ${options.fichier}, que vous seul pouvez lire.`)
  }
  return 0
}

const registre: Command = {
  name: 'rgpd registre',
  usage: 'rgpd registre --commune <chemin> [--format md|html|json] [--fichier <fichier>]',
  help: 'Donne le registre des traitements d’une collectivité (RGPD, article 30), d’après ses démarches publiées et ce que contient la base.',
  run: (config, _words, options) =>
    withApp(config, async app => {
      const { rows } = await sql<{ id: string }>`select id from collectivite where chemin = ${options.commune ?? ''}`.execute(app.db.kysely)
      if (!rows[0]) throw new ExpectedFailure('Donnez la collectivité par son chemin, par exemple : --commune vire-normandie')
      const found = await registreDeLaCollectivite(app.db, await collectiviteParId(app, rows[0].id), tablesDe(modules))
      const le = dates.longDate(civilDay(systemClock.now()))
      const format = options.format ?? 'md'
      if (format === 'json') return write(JSON.stringify(found, null, 2), options)
      if (format !== 'md' && format !== 'html') throw new ExpectedFailure('Le format est md, html ou json.')
      return write(format === 'md' ? enMarkdown(found, le) : enHtml(found, le), options)
    }),
}

const courrielDe = (words: readonly string[], usage: string): string => {
  const [courriel = ''] = words
  if (!/^[^\s@]+@[^\s@]+$/.test(courriel)) throw new ExpectedFailure(`Usage : bin/parvis ${usage}`)
  return courriel
}

const extraire: Command = {
  name: 'rgpd extraire',
  usage: 'rgpd extraire <courriel> [--fichier <fichier>]',
  help: 'Donne en JSON tout ce que le territoire garde sur une adresse, notes des agents comprises : à relire avant de répondre à la personne.',
  run: (config, words, options) =>
    withApp(config, async app => write(JSON.stringify(await personnes.extraire(app, courrielDe(words, extraire.usage)), null, 2), options)),
}

const effacer: Command = {
  name: 'rgpd effacer',
  usage: 'rgpd effacer <courriel>',
  help: 'Efface ce que la loi permet d’effacer pour une adresse (compte, brouillons, demandes non examinées) et dit ce qui reste, et pourquoi.',
  run: (config, words) =>
    withApp(config, async app => {
      const done = await personnes.effacer(app, courrielDe(words, effacer.usage))
      if (!done.compte && done.dossiers.length === 0) throw new ExpectedFailure('Rien n’est gardé sous cette adresse.')
      console.log(done.compte ? 'Compte effacé.' : 'Aucun compte sous cette adresse.')
      for (const { reference, collectivite, phrase } of done.dossiers) console.log(`${reference} (${collectivite}) : ${phrase}.`)
      return 0
    }),
}

/** The commands that answer the RGPD, in the order of the help. */
export const commandsRgpd: readonly Command[] = [registre, extraire, effacer]
