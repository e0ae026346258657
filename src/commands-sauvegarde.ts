import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Command } from './commands.ts'
import { ExpectedFailure } from './expected-failure.ts'
import { type Connections, openConnections, prepareDatabase, version } from './main.ts'
import { tablesDe } from './modules/donnees-personnelles/index.ts'
import { personnes } from './modules/dossiers/index.ts'
import { modules } from './modules.ts'
import { verifyJournal } from './platform/audit/journal.ts'
import { backUpDeparture, type Departure } from './platform/backup/departure.ts'
import { checkRegister, type Erased, exportErasures, readRegister, rememberErasures } from './platform/backup/erasures.ts'
import { BackupError } from './platform/backup/error.ts'
import { readFrames } from './platform/backup/frames.ts'
import { type Lock, type Opener, readPhrase, readSecretFile } from './platform/backup/locks.ts'
import { restoreTerritory } from './platform/backup/restore.ts'
import { readSealed } from './platform/backup/sealed.ts'
import { type Backup, backUpTerritory } from './platform/backup/snapshot.ts'
import { unpack } from './platform/backup/unpack.ts'
import { systemClock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { openDatabase, type Tx } from './platform/db/open.ts'
import { openFileStore } from './platform/files/index.ts'
import { classes } from './platform/personal-data.ts'
import { openSecrets, type Secrets } from './platform/secrets.ts'

type Options = Record<string, string>

async function connected<T>(config: Config, work: (connections: Connections) => Promise<T>): Promise<T> {
  const connections = await openConnections(config)
  try {
    return await work(connections)
  } finally {
    await connections.close()
  }
}

function lockOf(options: Options): Lock {
  if (options.phrase) return { phrase: readPhrase(options.phrase) }
  if (!options.pour)
    throw new ExpectedFailure('Dites comment fermer la sauvegarde : --phrase <fichier de la phrase>, ou --pour <clé publique.pem>.')
  return { publicKeyPem: readFileSync(options.pour, 'utf8') }
}

function openerOf(options: Options): Opener {
  if (options.phrase) return { phrase: readPhrase(options.phrase) }
  if (!options.cle)
    throw new ExpectedFailure('Dites comment ouvrir la sauvegarde : --phrase <fichier de la phrase>, ou --cle <clé privée.pem>.')
  return { privateKeyPem: readSecretFile(options.cle) }
}

function fileOf(words: readonly string[], usage: string): string {
  if (!words[0]) throw new ExpectedFailure(`Usage : bin/parvis ${usage}`)
  return words[0]
}

const count = (n: number, one: string, many: string) => `${n.toLocaleString('fr-FR')} ${n > 1 ? many : one}`
const said = (b: Pick<Backup, 'tables' | 'lignes' | 'fichiers'>) =>
  `${count(b.lignes, 'ligne', 'lignes')} de ${count(b.tables, 'table', 'tables')}, ${count(b.fichiers, 'fichier', 'fichiers')}`

const faire: Command = {
  name: 'sauvegarde faire',
  usage: 'sauvegarde faire <fichier> --phrase <fichier> | --pour <clé publique.pem> [--commune <insee|chemin>]',
  help: 'Sauvegarde tout le territoire, chiffré, pendant que le service tourne ; avec --commune, ce qu’une commune emporte si elle s’en va.',
  async run(config, words, options) {
    const path = fileOf(words, faire.usage)
    const lock = lockOf(options)
    const done = await connected(config, async ({ owner }) => {
      const request = { connection: owner, dataFolder: config.dataFolder, path, lock }
      const territoire = await territoireOf(owner)
      if (options.commune === undefined) return backUpTerritory({ ...request, about: { nature: 'territoire', territoire, version } })
      const commune = await communeOf(owner, options.commune)
      return backUpDeparture(
        { ...request, about: { nature: 'commune', territoire, commune, version } },
        await departureOf(config, commune.id),
      )
    })
    console.log(`Sauvegarde du ${done.creeLe} écrite dans ${path} (${done.sizeBytes.toLocaleString('fr-FR')} octets) : ${said(done)}.`)
    if (done.manquants === 0) return 0
    console.log(
      `Attention : ${count(done.manquants, 'fichier manquait', 'fichiers manquaient')} déjà sur le disque. Le reste est sauvegardé.`,
    )
    return 3
  },
}

async function territoireOf(owner: Connections['owner']): Promise<{ code: string; nom: string }> {
  const db = openDatabase(owner, { max: 1 })
  try {
    const { rows } = await sql<{ code: string; nom: string }>`select code, nom from territoire`.execute(db.kysely)
    if (rows[0]) return rows[0]
  } catch (error) {
    if ((error as { code?: string }).code !== '42P01') throw error
  } finally {
    await db.close()
  }
  throw new BackupError('Aucun territoire n’est ouvert ici : il n’y a rien à sauvegarder. Vérifiez PARVIS_DONNEES ou DATABASE_URL.')
}

async function communeOf(owner: Connections['owner'], asked: string) {
  const db = openDatabase(owner, { max: 1 })
  try {
    const { rows } = await sql<{ id: string; code: string; nom: string; chemin: string }>`select id, code, nom, chemin from collectivite
      where chemin = ${asked} or code = ${asked}`.execute(db.kysely)
    if (rows[0]) return rows[0]
    throw new ExpectedFailure(`« ${asked} » n’est ni le code ni le chemin d’une collectivité d’ici, par exemple « vire-normandie ».`)
  } finally {
    await db.close()
  }
}

// What of the territory a commune's own rows name: itself, the agents who work for it, the text of its démarches. Nothing of its neighbours.
async function departureOf(config: Config, id: string): Promise<Departure> {
  const tables = tablesDe(modules)
  const store = await openFileStore({
    folder: join(config.dataFolder, 'fichiers'),
    masterKeyPath: join(config.dataFolder, 'secrets', 'fichiers.json'),
  })
  return {
    collectivite: id,
    store,
    secrets: new Map(Object.entries(tables).map(([nom, table]) => [nom, new Set(table.colonnes.secret?.split(' ') ?? [])])),
    partages: new Map([
      ['collectivite', `id = '${id}'`],
      ['agent', `id in (select agent_id from habilitation where collectivite_id = '${id}')`],
      [
        'definition_demarche',
        `empreinte in (select empreinte from revision_demarche where collectivite_id = '${id}'
          union select definition from dossier where collectivite_id = '${id}')`,
      ],
    ]),
    dictionnaire: { classes, tables },
  }
}

const ouvrir: Command = {
  name: 'sauvegarde ouvrir',
  usage: 'sauvegarde ouvrir <fichier> <dossier> --phrase <fichier> | --cle <clé privée.pem>',
  help: 'Pose dans un dossier ce qu’une commune emporte : tables en CSV, fichiers tels qu’ils ont été donnés, et leurs empreintes.',
  async run(_config, words, options) {
    const [path, folder] = words
    if (!path || !folder) throw new ExpectedFailure(`Usage : bin/parvis ${ouvrir.usage}`)
    const { preamble, totals } = await unpack(path, openerOf(options), folder)
    console.log(`${preamble.commune?.nom}, le ${preamble.creeLe} : ${said(totals)}, dans ${folder}, que vous seul pouvez lire.`)
    return 0
  },
}

const verifier: Command = {
  name: 'sauvegarde verifier',
  usage: 'sauvegarde verifier <fichier> --phrase <fichier> | --cle <clé privée.pem>',
  help: 'Lit une sauvegarde jusqu’au bout et compare chaque partie avec son empreinte. N’écrit rien, ne demande pas de base.',
  async run(_config, words, options) {
    const path = fileOf(words, verifier.usage)
    const { preamble, totals } = await readFrames(
      readSealed(path, openerOf(options)),
      async () => {},
      async entry => {
        for await (const _ of entry.bytes);
      },
    )
    const { nature, commune, territoire, creeLe, version: by } = preamble
    console.log(
      `Sauvegarde intacte : ${nature === 'commune' ? `la commune ${commune?.nom}, ` : ''}${territoire.nom}, du ${creeLe}, par Parvis ${by}.`,
    )
    console.log(`${said(totals)}, ${totals.octets.toLocaleString('fr-FR')} octets.`)
    return 0
  },
}

const effacements: Command = {
  name: 'sauvegarde effacements',
  usage: 'sauvegarde effacements <fichier>',
  help: 'Écrit le registre de ce qui a été effacé (des numéros seulement, signés), à garder à côté des sauvegardes : une restauration le demande.',
  async run(config, words) {
    const path = fileOf(words, effacements.usage)
    const lines = await connected(config, async connections => {
      await prepareDatabase(config, connections)
      return exportErasures(connections.owner, openSecrets(config.dataFolder), path, personnes.tombes)
    })
    console.log(`Registre des effacements écrit dans ${path} : ${count(lines, 'effacement', 'effacements')}.`)
    return 0
  },
}

const restaurer: Command = {
  name: 'sauvegarde restaurer',
  usage: 'sauvegarde restaurer <fichier> --phrase <fichier> | --cle <clé privée.pem> --effacements <registre> | --sans-effacements',
  help: 'Restaure un territoire dans une installation vide, et efface de nouveau ce qui l’avait été depuis la sauvegarde.',
  async run(config, words, options) {
    const path = fileOf(words, restaurer.usage)
    const opener = openerOf(options)
    const register = options.effacements
    if (!register && !options['sans-effacements']) {
      throw new ExpectedFailure(
        'Donnez le registre des effacements le plus récent (--effacements <fichier>) : sans lui, ce qui a été effacé depuis la sauvegarde reviendrait.\n' +
          'S’il est perdu, --sans-effacements restaure quand même ; les demandes d’effacement traitées depuis seront à refaire.',
      )
    }
    return connected(config, async connections => {
      let again = 0
      const { preamble, totals, fichiersRelus } = await restoreTerritory({
        connection: connections.owner,
        dataFolder: config.dataFolder,
        path,
        opener,
        beforeLoad: async ({ creeLe }) => (register ? checkRegister(register, creeLe) : undefined),
        afterLoad: async tx => {
          if (register) again = await eraseAgain(tx, openSecrets(config.dataFolder), register)
        },
      })
      await prepareDatabase(config, connections)
      console.log(
        `${preamble.territoire.nom}, tel qu’il était le ${preamble.creeLe} : ${said(totals)}. Chaque table a été relue, ${count(fichiersRelus, 'fichier ouvert', 'fichiers ouverts')}.`,
      )
      if (register) console.log(`${count(again, 'dossier effacé depuis l’a été', 'dossiers effacés depuis l’ont été')} de nouveau.`)
      else console.log(`Ce qui a été effacé depuis le ${preamble.creeLe} est revenu : refaites les demandes d’effacement traitées depuis.`)
      console.log(
        'Tout le monde devra se reconnecter. Revoyez les droits d’agents et les jetons retirés depuis : ils sont ceux de la sauvegarde.',
      )
      return checkJournals(connections)
    })
  },
}

async function eraseAgain(tx: Tx, secrets: Secrets, register: string): Promise<number> {
  let again = 0
  for await (const batch of readRegister(register, secrets)) {
    await rememberErasures(tx, batch)
    const here = Map.groupBy(batch, ({ collectivite }) => collectivite)
    for (const [collectivite, erased] of here) {
      const ids = (nature: Erased['nature']) => erased.filter(one => one.nature === nature).map(({ id }) => id)
      if (collectivite === undefined) await personnes.reeffacerComptes(tx, ids('compte'))
      else {
        const tombes = erased.flatMap(({ reste }) => (reste === undefined ? [] : [reste as Record<string, unknown>]))
        const efface = { dossiers: ids('dossier'), fichiers: ids('fichier'), envois: ids('envoi'), tombes }
        again += await personnes.reeffacer(tx, collectivite, efface, systemClock.now())
      }
    }
  }
  return again
}

async function checkJournals({ owner }: Connections): Promise<number> {
  const db = openDatabase(owner, { max: 2, statementTimeoutMs: 300_000 })
  try {
    const { rows } = await sql<{ id: string; nom: string }>`select id, nom from collectivite order by chemin`.execute(db.kysely)
    let entries = 0
    let altered = 0
    for (const { id, nom } of rows) {
      const found = await verifyJournal(db, id)
      entries += found.entries
      if (found.isIntact) continue
      altered++
      console.log(`${nom} : l’entrée ${found.firstAlteredRang} du journal est altérée (${found.reason}) ; elle l’était dans la sauvegarde.`)
    }
    if (altered === 0)
      console.log(
        `Journaux intacts : ${count(rows.length, 'collectivité', 'collectivités')}, ${count(entries, 'entrée vérifiée', 'entrées vérifiées')}.`,
      )
    return altered === 0 ? 0 : 3
  } finally {
    await db.close()
  }
}

/** The commands of backups, in the order of the help. */
export const commandsSauvegarde: readonly Command[] = [faire, verifier, effacements, restaurer, ouvrir]
