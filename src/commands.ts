import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { commandsBase } from './commands-base.ts'
import { commandsRgpd } from './commands-rgpd.ts'
import { commandsSauvegarde } from './commands-sauvegarde.ts'
import { ExpectedFailure } from './expected-failure.ts'
import { openApp, openConfiguredSeal, openConnections, prepareDatabase, seedDemonstration } from './main.ts'
import { creerInvitation } from './modules/agents/index.ts'
import { publierCatalogue } from './modules/demarches/index.ts'
import { agentsDeDemonstration } from './modules/dossiers/index.ts'
import { type EffetDuRetour, noterRetour } from './modules/envois/index.ts'
import { chargerRegistres, importerAdresses } from './modules/referentiels/index.ts'
import { importerAnnuaire } from './modules/territoire/commands/importer-annuaire.ts'
import { ouvrirTerritoire } from './modules/territoire/commands/ouvrir-territoire.ts'
import { enPhrases } from './modules/territoire/registre/differences.ts'
import { lireRegistre, type Registre } from './modules/territoire/registre/sources.ts'
import { verifyJournal } from './platform/audit/journal.ts'
import { codeOfBase32 } from './platform/auth/totp.ts'
import { isRestoreUnfinished } from './platform/backup/restore.ts'
import { systemClock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { announceChange } from './platform/db/notices.ts'
import { type Database, inScope, openDatabase } from './platform/db/open.ts'

/** A command of `bin/parvis`. */
export interface Command {
  readonly name: string
  readonly usage: string
  readonly help: string
  run(config: Config, words: string[], options: Record<string, string>): Promise<number>
}

async function withOwner<T>(config: Config, work: (owner: Database) => Promise<T>): Promise<T> {
  const connections = await openConnections(config)
  try {
    await prepareDatabase(config, connections)
    const owner = openDatabase(connections.owner, { max: 2, statementTimeoutMs: 300_000 })
    try {
      return await work(owner)
    } finally {
      await owner.close()
    }
  } finally {
    await connections.close()
  }
}

const progress = (label: string) => {
  let last = 0
  return (done: number, total: number) => {
    const percent = Math.floor((done / total) * 100)
    if (total < 1000 || (percent < last + 10 && done < total)) return
    last = percent
    console.log(`  ${label} : ${done.toLocaleString('fr-FR')} sur ${total.toLocaleString('fr-FR')} (${percent} %)`)
  }
}

async function open(owner: Database, config: Config, code: string): Promise<string[]> {
  const registre = lireRegistre()
  // Beside each other: one waits for the database while the other computes.
  const [lines] = await Promise.all([openTerritory(owner, config, code, registre), chargerRegistres(owner, systemClock, registre)])
  await owner.pool.query('analyze')
  return lines
}

async function openTerritory(owner: Database, config: Config, code: string, registre: Registre): Promise<string[]> {
  const opened = await ouvrirTerritoire(owner, systemClock, registre, code, {
    demonstration: config.demonstration,
    onProgress: progress('collectivités ouvertes'),
  })
  if (!opened.ok) throw new ExpectedFailure(opened.refusal.sentence)
  await publierCatalogue(owner, systemClock, { onProgress: progress('démarches proposées'), toutPour: await plusGrande(owner, config) })
  return [`Territoire : ${opened.value.plan.nom}.`, ...enPhrases(opened.value.differences)]
}

// A demonstration shows the whole catalogue in its largest commune, and the common ground in the others.
async function plusGrande(owner: Database, config: Config): Promise<string[]> {
  if (!config.demonstration) return []
  const { rows } = await sql<{ id: string }>`select id from collectivite where nature = 'commune' and fermee_le is null
    order by population desc nulls last, nom limit 1`.execute(owner.kysely)
  return rows.map(({ id }) => id)
}

// The Intercom de la Vire au Noireau, 17 communes.
const TERRITOIRE_DE_DEMONSTRATION = '200068799'

const preparer: Command = {
  name: 'preparer',
  usage: 'preparer',
  help: 'Met la base à jour, ouvre le territoire s’il ne l’est pas, remplit la démonstration. Fait par npm start.',
  async run(config) {
    if (isRestoreUnfinished(config.dataFolder)) {
      throw new ExpectedFailure(
        `Une restauration n’est pas allée à son terme dans ${config.dataFolder}. Recommencez « bin/parvis sauvegarde restaurer », ou choisissez un autre dossier avec PARVIS_DONNEES.`,
      )
    }
    // Said before anything starts, rather than by the process of the jobs alone.
    await openConfiguredSeal(config)
    const connections = await openConnections(config)
    const owner = openDatabase(connections.owner, { max: 2, statementTimeoutMs: 300_000 })
    try {
      await prepareDatabase(config, connections)
      const { rows } = await sql<{
        code: string
        nom: string
        demonstration: boolean
      }>`select code, nom, demonstration from territoire`.execute(owner.kysely)
      const known = rows[0]
      if (known && known.demonstration !== config.demonstration) {
        throw new ExpectedFailure(
          known.demonstration
            ? 'Ces données sont celles d’une démonstration : elles ne deviennent pas un vrai service. Choisissez un autre dossier (PARVIS_DONNEES) ou une autre base.'
            : 'Ces données sont celles d’un vrai service : le mode démonstration n’y entre pas. Retirez PARVIS_DEMONSTRATION, ou choisissez un autre dossier.',
        )
      }
      const asked = config.territoire ?? TERRITOIRE_DE_DEMONSTRATION
      if (known && config.territoire && known.code.toLowerCase() !== config.territoire.trim().toLowerCase()) {
        console.log(
          `Ces données sont celles de ${known.nom} (${known.code}) ; « ${config.territoire} » n’est pas ouvert. Pour l’ouvrir aussi : bin/parvis territoire ouvrir ${config.territoire}`,
        )
      }
      if (!known) console.log((await open(owner, config, asked)).join('\n'))
      else await publierCatalogue(owner, systemClock, { toutPour: await plusGrande(owner, config) })
    } finally {
      await owner.close()
    }
    if (config.demonstration) await fillDemonstration(config, connections)
    await connections.close()
    return 0
  },
}

async function fillDemonstration(config: Config, connections: Awaited<ReturnType<typeof openConnections>>): Promise<void> {
  const { app, close } = await openApp(config, connections, 'preparer', () => config.origin ?? `http://localhost:${config.port}`)
  await seedDemonstration(app)
  const { rows } = await sql<{
    nom: string
    insee: string
    chemin: string
  }>`select nom, code as insee, '/' || chemin as chemin from collectivite
    where nature = 'commune' and fermee_le is null order by population desc nulls last`.execute(app.db.kysely)
  const content = { adresse: '', communes: rows, agents: await agentsDeDemonstration(app) }
  const path = join(config.dataFolder, 'demonstration.json')
  writeFileSync(`${path}.nouveau`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.nouveau`, path)
  await close()
}

const ouvrir: Command = {
  name: 'territoire ouvrir',
  usage: 'territoire ouvrir <code>',
  help: 'Ouvre un territoire, ou le met à jour d’après les registres : SIREN d’une intercommunalité, département, codes INSEE, ou france.',
  async run(config, words) {
    if (words.length === 0) throw new ExpectedFailure('Indiquez ce qu’il faut ouvrir, par exemple : bin/parvis territoire ouvrir 200068799')
    const lines = await withOwner(config, owner => open(owner, config, words.join(',')))
    console.log(lines.length > 1 ? lines.join('\n') : `${lines[0]}\nRien n’a changé.`)
    return 0
  },
}

const porteur: Command = {
  name: 'territoire porteur',
  usage: 'territoire porteur <chemin>',
  help: 'Nomme la collectivité qui porte ce qui est partagé : ses administrateurs diffusent des démarches à toutes les autres.',
  async run(config, words) {
    const [chemin = ''] = words
    return withOwner(config, async owner => {
      const { rows } = await inScope(owner, {}, async tx => {
        const named = await sql<{ nom: string }>`update territoire set porteur_id = c.id from collectivite c
          where c.chemin = ${chemin} and c.fermee_le is null returning c.nom`.execute(tx)
        if (named.rows[0]) await announceChange(tx, '*')
        return named
      })
      if (!rows[0])
        throw new ExpectedFailure(`« ${chemin} » n’est pas le chemin d’une collectivité ouverte, par exemple « vire-normandie ».`)
      console.log(`${rows[0].nom} porte désormais ce qui est partagé.`)
      return 0
    })
  },
}

const migrer: Command = {
  name: 'migrer',
  usage: 'migrer',
  help: 'Met le schéma de la base à jour.',
  async run(config) {
    const connections = await openConnections(config)
    const applied = await prepareDatabase(config, connections)
    await connections.close()
    console.log(applied.length > 0 ? `Migrations appliquées : ${applied.join(', ')}.` : 'Le schéma est à jour.')
    return 0
  },
}

const verifier: Command = {
  name: 'journal verifier',
  usage: 'journal verifier [chemin de la commune]',
  help: 'Recalcule la chaîne du journal de chaque collectivité, et nomme la première entrée altérée.',
  async run(config, words) {
    return withOwner(config, async owner => {
      const { rows } = await sql<{ id: string; nom: string; chemin: string }>`select id, nom, chemin from collectivite
        where ${words[0] ?? ''} in ('', chemin) order by chemin`.execute(owner.kysely)
      if (rows.length === 0) throw new ExpectedFailure(`Aucune collectivité n’a l’adresse « ${words[0]} ».`)
      let altered = 0
      let entries = 0
      for (const { id, nom } of rows) {
        const found = await verifyJournal(owner, id)
        entries += found.entries
        if (found.isIntact) continue
        altered++
        console.log(`${nom} : l’entrée ${found.firstAlteredRang} du journal est altérée (${found.reason}).`)
      }
      console.log(
        altered === 0
          ? `Journaux intacts : ${rows.length} collectivités, ${entries} entrées vérifiées.`
          : `${altered} journal altéré sur ${rows.length}.`,
      )
      return altered === 0 ? 0 : 3
    })
  },
}

const inviter: Command = {
  name: 'agent inviter',
  usage: 'agent inviter <chemin> <courriel> "<nom>" [--roles administrateur,instructeur,decideur]',
  help: 'Crée ou complète le compte d’un agent et donne le lien d’activation, valable 72 heures.',
  async run(config, [chemin, courriel, ...nom], options) {
    if (!chemin || !courriel) throw new ExpectedFailure(`Usage : bin/parvis ${inviter.usage}`)
    const connections = await openConnections(config)
    await prepareDatabase(config, connections)
    const { app, close } = await openApp(config, connections, 'commande', () => config.origin ?? `http://localhost:${config.port}`)
    const invited = await creerInvitation(app, {
      chemin,
      courriel,
      nom: nom.join(' '),
      roles: (options.roles ?? 'administrateur,instructeur,decideur').split(','),
    })
    await close()
    await connections.close()
    if (!invited.ok) throw new ExpectedFailure(invited.refusal.sentence)
    console.log(`Lien d’activation, à transmettre à la personne (valable 72 heures) :\n${invited.value.lien}`)
    return 0
  },
}

const codeAgent: Command = {
  name: 'agent code',
  usage: 'agent code <clé>',
  help: 'Donne le code à six chiffres du moment pour une clé d’authentification : utile dans la démonstration.',
  async run(_config, [cle]) {
    const code = cle && codeOfBase32(cle, systemClock.now())
    if (!code) throw new ExpectedFailure('Indiquez la clé en base32, telle qu’elle est affichée au démarrage.')
    console.log(code)
    return 0
  },
}

const importer: Command = {
  name: 'annuaire importer',
  usage: 'annuaire importer <fichier.json>',
  help: 'Reprend adresses, téléphones et horaires de l’annuaire de l’administration (JSON de la DILA). Ce qu’un agent a écrit est gardé.',
  async run(config, [file]) {
    if (!file) throw new ExpectedFailure('Indiquez le fichier JSON de l’annuaire de l’administration.')
    let content: unknown
    try {
      content = JSON.parse(readFileSync(file, 'utf8'))
    } catch (error) {
      throw new ExpectedFailure(`Le fichier ${file} ne se lit pas : ${(error as Error).message}`)
    }
    const done = await withOwner(config, owner => importerAnnuaire(owner, systemClock, content)).catch(error => {
      throw error instanceof Error && error.message.startsWith('Ce fichier') ? new ExpectedFailure(error.message) : error
    })
    console.log(
      `${done.lues} fiches lues : ${done.appliquees} appliquées, ${done.gardees} gardées telles que l’agent les a écrites, ${done.ailleurs} hors de ce territoire.`,
    )
    return 0
  },
}

const adresses: Command = {
  name: 'adresses importer',
  usage: 'adresses importer <fichier.csv> [--commune chemin]',
  help: 'Remplace les adresses d’une commune par celles de sa Base Adresse Locale (CSV, format BAL 1.3 ou 1.4). Tout est importé, ou rien.',
  async run(config, [file], options) {
    if (!file) throw new ExpectedFailure('Indiquez le fichier CSV de la Base Adresse Locale.')
    let bytes: Buffer
    try {
      bytes = readFileSync(file)
    } catch (error) {
      throw new ExpectedFailure(`Le fichier ${file} ne se lit pas : ${(error as Error).message}`)
    }
    const done = await withOwner(config, owner => importerAdresses(owner, systemClock, bytes, options.commune))
    if (!done.ok) {
      const lines = done.problemes.slice(0, 50).map(({ ligne, message }) => (ligne === null ? message : `Ligne ${ligne} : ${message}`))
      const more = done.problemes.length - lines.length
      throw new ExpectedFailure(['Rien n’est importé.', ...lines, ...(more > 0 ? [`Et ${more} autres.`] : [])].join('\n'))
    }
    for (const { nom, voies, adresses: count } of done.imports)
      console.log(
        `${nom} : ${count.toLocaleString('fr-FR')} ${count > 1 ? 'adresses' : 'adresse'}, ${voies.toLocaleString('fr-FR')} ${voies > 1 ? 'voies et lieux-dits' : 'voie ou lieu-dit'}.`,
      )
    for (const note of done.notes) console.log(note)
    if (done.ailleurs.length > 0) console.log(`Laissées de côté, non ouvertes ici : ${done.ailleurs.join(', ')}.`)
    return 0
  },
}

const donnerHote: Command = {
  name: 'collectivite hote',
  usage: 'collectivite hote <chemin> <nom d’hôte | ->',
  help: 'Donne à une collectivité son propre nom d’hôte (langon.territoire.example), ou le retire avec « - ».',
  async run(config, [chemin, hote]) {
    if (!chemin || !hote || !/^(-|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/.test(hote))
      throw new ExpectedFailure(`Usage : bin/parvis ${donnerHote.usage}`)
    await withOwner(config, owner =>
      inScope(owner, {}, async tx => {
        const { numAffectedRows } =
          await sql`update collectivite set hote = ${hote === '-' ? null : hote} where chemin = ${chemin}`.execute(tx)
        if (!numAffectedRows) throw new ExpectedFailure(`Aucune collectivité n’a l’adresse « ${chemin} ».`)
        await announceChange(tx, '*')
      }),
    )
    console.log(hote === '-' ? `${chemin} n’a plus de nom d’hôte.` : `${chemin} répond désormais sous ${hote}.`)
    return 0
  },
}

const REPONSES_AUX_RETOURS: Readonly<Record<EffetDuRetour, string>> = {
  note: 'Retour noté : l’agent le lit sur le dossier.',
  deja_note: 'Ce retour était déjà noté.',
  en_cours: 'Ce message est encore en chemin : rien n’est noté.',
  etranger: 'Ce message n’est pas le retour d’un courriel envoyé par Parvis : rien n’est noté.',
  trop_long: 'Ce message dépasse 2 Mo : rien n’est noté.',
}

const retours: Command = {
  name: 'courriels retours',
  usage: 'courriels retours < message',
  help: 'Lit un message revenu (RFC 3464) sur l’entrée standard, comme un serveur de messagerie le donne, et le note sur son dossier.',
  async run(config) {
    const parts: Buffer[] = []
    let sizeBytes = 0
    for await (const part of process.stdin as AsyncIterable<Buffer>) {
      sizeBytes += part.length
      // What follows is read to its end, so that the mail server does not see a broken pipe, and forgotten.
      if (sizeBytes <= RETOUR_LU_MAX_BYTES) parts.push(part)
    }
    const domain = config.sender.slice(config.sender.lastIndexOf('@') + 1).toLowerCase()
    try {
      const effet = await withOwner(config, owner => noterRetour(owner, systemClock, domain, Buffer.concat(parts)))
      console.log(REPONSES_AUX_RETOURS[effet])
      return 0
    } catch (error) {
      // EX_TEMPFAIL of sysexits.h: the mail server keeps the message and gives it again later.
      console.error(`La base de données ne répond pas : ${(error as Error).message}`)
      return 75
    }
  },
}

const RETOUR_LU_MAX_BYTES = 4 * 1024 * 1024

/** The commands of `bin/parvis`, in the order of the help. */
export const commands: readonly Command[] = [
  preparer,
  migrer,
  ouvrir,
  porteur,
  importer,
  adresses,
  donnerHote,
  inviter,
  codeAgent,
  verifier,
  retours,
  ...commandsSauvegarde,
  ...commandsRgpd,
  ...commandsBase,
]
