import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fichiersDans } from '../../src/modules/dossiers/pieces.ts'
import { projectFolder } from '../../src/platform/config.ts'
import { inTenant, openDatabase } from '../../src/platform/db/open.ts'
import { type FileStore, openFile, openFileStore, sweepOrphans } from '../../src/platform/files/index.ts'
import type { Preuve } from '../builders/preuves.ts'
import type { Acquis } from './clients.ts'
import type { Prise } from './courrier.ts'
import type { Programme } from './programme.ts'

/** What was found against what was acknowledged: each list must be empty. */
export interface Constat {
  readonly perdus: readonly string[]
  readonly doubles: readonly string[]
  readonly aMoitie: readonly string[]
  readonly illisibles: readonly string[]
  /** Messages taken again by the mail server that had said so to a process alive, by their Message-ID. */
  readonly courrielsDoubles: readonly string[]
  /** Messages taken again after the process had died before the server said a word: nobody could know (RFC 1047). */
  readonly courrielsSansTemoin: readonly string[]
  readonly journal: string
  readonly courriels: number
  readonly fichiers: number
  readonly evenements: number
  /** Receptions cut short, which the nightly sweep removes. */
  readonly orphelins: number
}

/** A count that must be nothing, as a figure of the page of proofs. */
export const aucun = (nom: string, found: readonly unknown[]): Preuve['mesures'][number] => ({
  nom,
  valeur: String(found.length),
  cible: '0',
  tenue: found.length === 0,
})

/** The messages taken twice: those that must be nothing, then those that nobody can exclude. */
export const mesuresDesCourriels = (constat: Constat, combien: string): Preuve['mesures'] => [
  aucun(`Courriels remis deux fois à un serveur qui avait confirmé (${combien})`, constat.courrielsDoubles),
  {
    nom: 'Courriels remis de nouveau, le processus étant mort avant que le serveur ne réponde',
    valeur: String(constat.courrielsSansTemoin.length),
    cible: '– (RFC 1047)',
    tenue: true,
  },
]

/** What was found, as figures of the page of proofs: the work done, then what must be nothing. */
export const mesuresDuConstat = (constat: Constat, dossiers: number, reprises: number): Preuve['mesures'] => [
  {
    nom: 'Travail accompli',
    valeur: `${dossiers} dossiers, ${constat.evenements} événements, ${constat.fichiers} fichiers, ${constat.courriels} courriels, ${reprises} envois repris`,
    cible: '–',
    tenue: true,
  },
  aucun('Réponses confirmées puis perdues', constat.perdus),
  aucun('Effets en double', constat.doubles),
  aucun('Écritures à moitié faites', constat.aMoitie),
  aucun('Fichiers illisibles', constat.illisibles),
  { nom: 'Journaux', valeur: constat.journal === 'intact' ? 'intacts' : 'altérés', cible: 'intacts', tenue: constat.journal === 'intact' },
]

interface Etat {
  readonly id: string
  readonly collectivite_id: string
  readonly etat: string
  readonly version: number
  readonly reponses: { champs: Record<string, unknown> }
  readonly evenements: { nature: string; rang: number; auteur: string }[]
  readonly journal: string[]
  readonly messages: { texte: string; pieces: unknown }[]
  readonly documents: { nature: string; rang: number; fichier: string }[]
  readonly envois: { id: string; cle: string; etat: string }[]
}

const LIRE = `select d.id, d.collectivite_id, d.etat, d.version, d.reponses,
  (select coalesce(json_agg(json_build_object('nature', nature, 'rang', rang, 'auteur', auteur_nature) order by rang), '[]') from evenement where dossier_id = d.id) as evenements,
  (select coalesce(json_agg(action order by rang), '[]') from journal where objet = 'dossier:' || d.id and action <> 'dossier.lire') as journal,
  (select coalesce(json_agg(json_build_object('texte', texte, 'pieces', pieces)), '[]') from message where dossier_id = d.id) as messages,
  (select coalesce(json_agg(json_build_object('nature', nature, 'rang', rang, 'fichier', fichier_id)), '[]') from document where dossier_id = d.id) as documents,
  (select coalesce(json_agg(json_build_object('id', id, 'cle', cle, 'etat', etat)), '[]') from envoi where dossier_id = d.id) as envois
  from dossier d`

/**
 * Compares everything that was acknowledged with the database, the disk and the mail server. To be called once all is done. `morts`: when workers were
 * killed, by the clock of this process. `installation` is the folder of the program that knows the schema, when it is not this one.
 */
export async function verifier(
  programme: Programme,
  acquis: readonly Acquis[],
  pris: readonly Prise[],
  { morts = [], installation = projectFolder }: { morts?: readonly number[]; installation?: string } = {},
): Promise<Constat> {
  const [perdus, doubles, aMoitie]: [string[], string[], string[]] = [[], [], []]
  const courriels = new Set(pris.map(({ id }) => id))
  const found = new Map((await programme.admin<Etat & Record<string, unknown>>(LIRE)).map(row => [row.id, row]))
  for (const one of acquis) {
    const row = found.get(one.id)
    if (!row) perdus.push(`dossier ${one.id}`)
    else comparer(one, row, { perdus, doubles })
  }
  const known = new Set(acquis.map(({ id }) => id))
  for (const row of found.values()) {
    if (!known.has(row.id)) doubles.push(`dossier ${row.id} that nobody was told of`)
    entier(row, aMoitie)
    for (const { id, cle, etat } of row.envois) if (etat !== 'remis' || !courriels.has(id)) aMoitie.push(`message ${cle} ${etat}`)
  }
  const files = await lireFichiers(programme, [...found.values()], acquis)
  const envois = new Set([...found.values()].flatMap(row => row.envois.map(({ id }) => id)))
  for (const id of courriels) if (!envois.has(id)) aMoitie.push(`the mail server has a message that we do not know: ${id}`)
  const journal = spawnSync(process.execPath, [join(installation, 'dist/parvis.js'), 'journal', 'verifier'], {
    env: { ...process.env, PARVIS_DONNEES: programme.dossier },
    encoding: 'utf8',
  })
  return {
    perdus: [...perdus, ...files.perdus],
    doubles: [...doubles, ...files.doubles],
    aMoitie: [...aMoitie, ...files.aMoitie],
    illisibles: files.illisibles,
    ...remisDeuxFois(pris, morts),
    journal: journal.status === 0 ? 'intact' : `${journal.stdout}${journal.stderr}`,
    courriels: courriels.size,
    fichiers: files.lus,
    evenements: [...found.values()].reduce((sum, row) => sum + row.evenements.length, 0),
    orphelins: files.orphelins,
  }
}

function remisDeuxFois(pris: readonly Prise[], morts: readonly number[]): Pick<Constat, 'courrielsDoubles' | 'courrielsSansTemoin'> {
  // Killed while the server was taking it: a process that dies keeps its connection open for some milliseconds, and the server speaks to nobody.
  const isHeard = ({ ouverteMs, diteMs }: Prise) => !morts.some(mort => ouverteMs < mort && mort < diteMs)
  const [courrielsDoubles, courrielsSansTemoin]: [string[], string[]] = [[], []]
  pris.forEach(({ id }, rank) => {
    const before = pris.slice(0, rank).filter(prise => prise.id === id)
    if (before.length > 0) (before.some(isHeard) ? courrielsDoubles : courrielsSansTemoin).push(id)
  })
  return { courrielsDoubles, courrielsSansTemoin }
}

function comparer(one: Acquis, row: Etat, { perdus, doubles }: { perdus: string[]; doubles: string[] }): void {
  const asked = ['ouvrir', ...one.actes].join()
  const kept = row.evenements.map(({ nature }) => nature).join()
  if (kept !== asked) (kept.length > asked.length ? doubles : perdus).push(`${one.id}: acknowledged ${asked}, kept ${kept}`)
  if (row.reponses.champs.horaires !== one.horaires)
    perdus.push(`${one.id}: answers ${String(row.reponses.champs.horaires)} for ${one.horaires}`)
  const texts = row.messages.map(({ texte }) => texte)
  for (const texte of one.messages) if (!texts.includes(texte)) perdus.push(`${one.id}: message ${texte}`)
  if (texts.length > one.messages.length) doubles.push(`${one.id}: messages ${texts.join(' | ')}`)
}

const ECRITS = new Set(['deposer', 'demander_correction', 'accepter'])
// Nobody is asked by mail for what they have already corrected.
const estPerime = (row: Etat, rang: number) => row.evenements[rang - 1]?.nature === 'demander_correction'
const ETATS: Record<string, string> = { ouvrir: 'brouillon', deposer: 'en_construction', accepter: 'accepte' }

/** Every event has its entry in the journal, its document, its message; the columns of the dossier are those of its last event. */
function entier(row: Etat, aMoitie: string[]): void {
  const say = (what: string) => aMoitie.push(`${row.id}: ${what}`)
  const last = row.evenements.at(-1)
  if (row.version !== last?.rang) say(`version ${row.version} for ${last?.rang} events`)
  const etat = ETATS[last?.nature ?? '']
  if (etat && row.etat !== etat) say(`${row.etat} after ${last?.nature}`)
  const journal = row.evenements.map(({ nature }) => `dossier.${nature}`).join()
  if (row.journal.join() !== journal) say(`journal ${row.journal.join()}`)
  const documents = row.evenements.flatMap(({ nature, rang }) =>
    nature === 'deposer' ? [`accuse ${rang}`] : nature === 'accepter' ? [`decision ${rang}`] : [],
  )
  const made = row.documents.map(({ nature, rang }) => `${nature} ${rang}`)
  if (made.sort().join() !== documents.sort().join()) say(`documents ${made.join()} for ${documents.join()}`)
  const written = row.evenements.filter(({ nature, auteur }) => ECRITS.has(nature) || (nature === 'ecrire' && auteur === 'agent'))
  const sent = row.envois.map(({ cle }) => cle)
  const keyOf = (rang: number) => `dossier|${row.id}|${rang}`
  const keys = written.filter(({ rang }) => !estPerime(row, rang) || sent.includes(keyOf(rang))).map(({ rang }) => keyOf(rang))
  if (sent.sort().join() !== keys.sort().join()) say(`messages ${sent.join()} for ${keys.join()}`)
}

interface Fichiers {
  readonly perdus: string[]
  readonly doubles: string[]
  readonly aMoitie: string[]
  readonly illisibles: string[]
  lus: number
  orphelins: number
}

async function lireFichiers(programme: Programme, rows: readonly Etat[], acquis: readonly Acquis[]): Promise<Fichiers> {
  const found: Fichiers = { perdus: [], doubles: [], aMoitie: [], illisibles: [], lus: 0, orphelins: 0 }
  const fichiers = await programme.admin<{ id: string; collectivite_id: string; etat: string; objet_id: string | null; empreinte: Buffer }>(
    'select id, collectivite_id, etat, objet_id, empreinte from fichier',
  )
  const wanted = new Map(rows.map(row => [row.id, filesOfRow(row)]))
  const references = new Set([...wanted.values()].flat())
  const byId = new Map(fichiers.map(file => [file.id, file]))
  for (const id of references) if (!byId.has(id)) found.perdus.push(`file ${id}: an answer names it, no row`)
  for (const { id, etat } of fichiers) {
    if (!references.has(id)) found.aMoitie.push(`file ${id}: a row that nothing names`)
    if (etat !== 'disponible') found.aMoitie.push(`file ${id}: ${etat}`)
  }
  const folder = join(programme.dossier, 'fichiers')
  const later = { now: () => new Date(Date.now() + 30 * 3_600_000) }
  const store = await openFileStore({ folder, masterKeyPath: join(programme.dossier, 'secrets', 'fichiers.json'), clock: later })
  const db = openDatabase({ socketFolder: programme.socket(), port: 5432, user: 'parvis_application', database: 'parvis' })
  try {
    const digests = new Map<string, string>()
    for (const file of fichiers) digests.set(file.id, await lire(store, db, file, found))
    for (const one of acquis) {
      const mine = (wanted.get(one.id) ?? []).map(id => digests.get(id))
      for (const pdf of one.pdfs) {
        const times = mine.filter(digest => digest === pdf).length
        if (times !== 1) (times ? found.doubles : found.perdus).push(`${one.id}: a document acknowledged is there ${times} times`)
      }
    }
    const lying = (but: ReadonlySet<string> = new Set()): string[] =>
      readdirSync(folder).flatMap(name => (but.has(name) ? [] : readdirSync(join(folder, name))))
    const objects = new Set(fichiers.map(({ objet_id }) => objet_id))
    found.orphelins = lying().filter(name => !objects.has(name)).length
    const swept = await sweepOrphans(store, db)
    // A folder of which most is unknown is left to a person, and named: with twenty kills in half a minute, a commune may have one.
    const suspects = new Set(swept.suspectCollectivites)
    const left = lying(suspects).filter(name => !objects.has(name))
    if (left.length > 0) found.aMoitie.push(`the sweep leaves ${left.length} files that no row knows`)
  } finally {
    await db.close()
  }
  return found
}

const filesOfRow = (row: Etat): string[] => [
  ...fichiersDans(row.reponses),
  ...row.messages.flatMap(({ pieces }) => fichiersDans(pieces)),
  ...row.documents.map(({ fichier }) => fichier),
]

async function lire(
  store: FileStore,
  db: ReturnType<typeof openDatabase>,
  { id, collectivite_id: collectiviteId, empreinte }: { id: string; collectivite_id: string; empreinte: Buffer },
  found: Fichiers,
): Promise<string> {
  try {
    const opened = await inTenant(db, collectiviteId, tx => openFile(store, tx, { collectiviteId, fichierId: id }))
    if (!opened.ok) throw new Error(opened.refusal.code)
    const hash = createHash('sha256')
    for await (const part of opened.value.stream) hash.update(part as Buffer)
    const digest = hash.digest('hex')
    if (digest !== empreinte.toString('hex')) throw new Error('not what was kept')
    found.lus++
    return digest
  } catch (error) {
    found.illisibles.push(`${id}: ${(error as Error).message}`)
    return ''
  }
}
