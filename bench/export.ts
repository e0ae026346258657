// npm run bench -- export : exports of 100,000 dossiers, and 500 decisions in one batch with their documents and messages queued.
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { sql } from 'kysely'
import { type Connections, openApp, openConnections, prepareDatabase } from '../src/main.ts'
import { creerAgentDeDemonstration } from '../src/modules/agents/index.ts'
import { demarche, publierCatalogue } from '../src/modules/demarches/index.ts'
import { exemples, jouerExemple } from '../src/modules/demarches/livre.ts'
import { ouvrirBrouillon } from '../src/modules/dossiers/commands/brouillon.ts'
import { deposer, envDuDossier } from '../src/modules/dossiers/commands/deposer.ts'
import { indexerLaCollectivite } from '../src/modules/dossiers/commands/indexer.ts'
import { prendreEnInstruction } from '../src/modules/dossiers/commands/instruire.ts'
import { lancerLot, preparerLot } from '../src/modules/dossiers/commands/lot.ts'
import { ecrireExport } from '../src/modules/dossiers/exports/ecrire.ts'
import { FORMATS, type Format } from '../src/modules/dossiers/exports/format.ts'
import { traiterLot } from '../src/modules/dossiers/jobs/traiter-lot.ts'
import { piecesDe } from '../src/modules/dossiers/pieces.ts'
import { casDuDossier } from '../src/modules/dossiers/queries/cas.ts'
import { dossierParId } from '../src/modules/dossiers/queries/dossier.ts'
import { colonnesPossibles, lectureDExport } from '../src/modules/dossiers/queries/export.ts'
import { dossiersDeLaVue } from '../src/modules/dossiers/queries/file-d-instruction.ts'
import { champsDuChoix, filtreDuLecteur } from '../src/modules/dossiers/queries/filtre-du-choix.ts'
import { avancement, lotParId } from '../src/modules/dossiers/queries/lots.ts'
import { TOUT } from '../src/modules/dossiers/recherche/choix.ts'
import { setPieces } from '../src/modules/formulaires/index.ts'
import { ouvrirTerritoire } from '../src/modules/territoire/commands/ouvrir-territoire.ts'
import { type Collectivite, collectiviteParId } from '../src/modules/territoire/index.ts'
import { lireRegistre } from '../src/modules/territoire/registre/sources.ts'
import type { App } from '../src/platform/app.ts'
import { systemClock } from '../src/platform/clock.ts'
import { projectFolder, readConfig } from '../src/platform/config.ts'
import { inTenant, openDatabase } from '../src/platform/db/open.ts'
import { ligne } from './outils.ts'

const DOSSIERS = Number(process.env['BENCH_DOSSIERS'] ?? 100_000)
const DECISIONS = 500
const DEMARCHE = 'restauration-scolaire'
const AGENT = '01900000-0000-7000-8000-000000000001'
const PORTEE = { sauf: [], seulement: null }
const CHOIX = { ...TOUT, etat: 'tous' as const, demarche: DEMARCHE }

/** One filed dossier with the answers of a sample, then its copies by the server: answers differ by their rows, not by their size. */
async function deposerUn(app: App, collectivite: Collectivite): Promise<string> {
  return inTenant(app.db, collectivite.id, async tx => {
    const offre = (await demarche(tx, collectivite.id, DEMARCHE))!
    let { reponses } = jouerExemple(offre.modele, exemples[DEMARCHE]![0]!, envDuDossier(app, collectivite, offre.modele))
    for (const { champ, rowId } of piecesDe(offre.modele.formulaire, reponses))
      reponses = setPieces(offre.modele.formulaire, reponses, champ, [], rowId)
    const auteur = { nature: 'usager', id: null, canal: 'web' } as const
    const { id } = await ouvrirBrouillon(app, tx, collectivite.id, offre, reponses, auteur)
    const done = await deposer(app, tx, collectivite, (await dossierParId(tx, collectivite.id, id))!, offre.modele, auteur)
    if (!done.ok) throw new Error(done.refusal.code)
    return id
  })
}

async function copier(app: App, collectivite: Collectivite, id: string): Promise<void> {
  const columns = (
    await sql<{ name: string }>`select column_name as name from information_schema.columns where table_name = 'dossier'`.execute(
      app.db.kysely,
    )
  ).rows
    .map(({ name }) => name)
    .filter(name => !['id', 'reference', 'depose_le', 'a_indexer'].includes(name))
  const list = sql.raw(columns.join(', '))
  const { rows: terms } = await inTenant(app.db, collectivite.id, tx =>
    sql<{
      terme: string
    }>`select terme from terme where collectivite_id = ${collectivite.id} and dossier_id = ${id} and terme like '=:%'`.execute(tx),
  )
  for (let at = 0; at < DOSSIERS; at += 10_000)
    await inTenant(app.db, collectivite.id, tx =>
      // With the terms of what is asked of all, as the index would write them: the list is read as usual.
      sql`with neufs as (
          insert into dossier (id, reference, depose_le, a_indexer, ${list})
          select gen_random_uuid(), 'B' || (${at}::int + n), depose_le - (${at}::int + n) * interval '1 minute', false, ${list}
          from dossier, generate_series(1, 10000) n where collectivite_id = ${collectivite.id} and id = ${id} returning id, depose_le
        ) insert into terme (collectivite_id, terme, depose_le, dossier_id)
        select ${collectivite.id}::uuid, t, depose_le, id from neufs, unnest(${terms.map(({ terme }) => terme)}::text[]) t`.execute(tx),
    )
}

/** In a process of its own, so that its memory is that of the export. */
async function exporter(folder: string, collectiviteId: string, format: Format): Promise<void> {
  const config = readConfig({ PARVIS_DONNEES: folder, PARVIS_JOURNAL: 'silencieux' })
  const { app, close } = await openApp(
    config,
    JSON.parse(process.env['BENCH_CONNECTIONS']!) as Connections,
    'bench',
    () => 'http://localhost',
  )
  app.cache.setListening(true)
  const collectivite = await collectiviteParId(app, collectiviteId)
  const before = process.memoryUsage.rss()
  const spent = process.threadCpuUsage()
  const start = performance.now()
  const { ids, colonnes } = await inTenant(app.db, collectiviteId, async tx => {
    const filtre = await filtreDuLecteur(
      { app, collectivite, agent: { id: AGENT, portee: PORTEE } },
      tx,
      CHOIX,
      await champsDuChoix(tx, collectiviteId, CHOIX),
    )
    return {
      ids: await dossiersDeLaVue(tx, collectiviteId, filtre, 250_000),
      colonnes: await colonnesPossibles(tx, collectiviteId, DEMARCHE),
    }
  })
  const listed = performance.now()
  const chosen = colonnes.filter(({ cle }) => !['motif', 'avis', 'etiquettes'].includes(cle))
  const lecture = lectureDExport(app, collectivite, ids, chosen)
  let bytes = 0
  let most = before
  // Twenty times a second: asked at each of a thousand chunks, it took a twentieth of what is measured.
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 50)
  for await (const chunk of ecrireExport(lecture, { format, colonnes: chosen.map(({ cle }) => cle), repetitions: 'jointes' }))
    bytes += (chunk as Buffer).length
  const seconds = (performance.now() - start) / 1000
  clearInterval(watch)
  process.send!({
    rows: ids.length,
    columns: chosen.length,
    seconds,
    cpu: (after => (after.user + after.system) / 1e6)(process.threadCpuUsage(spent)),
    list: (listed - start) / 1000,
    bytes,
    before,
    most: Math.max(most, process.memoryUsage.rss()),
  })
  await close()
}

async function mesurer(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-bench-'))
  const config = readConfig({ PARVIS_DONNEES: folder, PARVIS_JOURNAL: 'silencieux' })
  const connections = await openConnections(config)
  await prepareDatabase(config, connections)
  const owner = openDatabase(connections.owner, { max: 2, statementTimeoutMs: 300_000 })
  await ouvrirTerritoire(owner, systemClock, lireRegistre(), '200068799', { demonstration: true })
  await publierCatalogue(owner, systemClock)
  const opened = await openApp(config, connections, 'bench', () => 'http://localhost')
  const { app } = opened
  app.cache.setListening(true)
  const { rows } = await sql<{ id: string }>`select id from collectivite where nature = 'commune' order by chemin limit 1`.execute(
    app.db.kysely,
  )
  const collectivite = await collectiviteParId(app, rows[0]!.id)
  const agentId = await inTenant(app.db, collectivite.id, tx =>
    creerAgentDeDemonstration(tx, app, {
      courriel: 'bench@mairie.example',
      nom: 'Agent du banc',
      roles: ['instructeur', 'decideur'],
      collectiviteId: collectivite.id,
      motDePasse: 'le préau du lundi est vide',
      totpSecret: Buffer.alloc(20, 5),
    }),
  )
  console.log('| mesure | valeur | cible |\n|---|---|---|')
  await decisions(app, collectivite, agentId)
  const patient = openDatabase(connections.app, { max: 2, statementTimeoutMs: 300_000 })
  const id = await deposerUn(app, collectivite)
  await indexerLaCollectivite(app, collectivite.id)
  await copier(Object.create(app, { db: { value: patient } }) as App, collectivite, id)
  await patient.close()
  await owner.pool.query('analyze')
  await assembler()
  for (const format of (process.env['BENCH_FORMATS']?.split(',') as Format[] | undefined) ?? FORMATS) {
    const done = await enfant(folder, collectivite.id, format, connections)
    ligne(
      `Export de ${done.rows.toLocaleString('fr-FR')} dossiers, ${done.columns} colonnes, ${format} (${(done.bytes / 1e6).toFixed(0)} Mo)`,
      `${Math.round(done.rows / done.seconds).toLocaleString('fr-FR')} lignes/s (${done.seconds.toFixed(1)} s, dont ${done.list.toFixed(1)} s pour la liste ; processeur ${((done.cpu * 1e6) / done.rows).toFixed(0)} µs/ligne), ${(done.most / 1e6).toFixed(0)} Mo, dont ${(done.before / 1e6).toFixed(0)} avant`,
      '≥ 20 000/s, ≤ 150 Mo',
    )
  }
  await opened.close()
  await owner.close()
  await connections.close()
  rmSync(folder, { recursive: true, force: true })
  rmSync(ASSEMBLE)
}

interface Mesure {
  readonly rows: number
  readonly columns: number
  readonly seconds: number
  /** Of its own thread, in seconds: what does not depend on who else uses the machine. */
  readonly cpu: number
  readonly list: number
  readonly bytes: number
  readonly before: number
  readonly most: number
}

// As the service runs it: run from the sources, each closure also gets its name, a tenth of the time.
const ASSEMBLE = join(projectFolder, 'dist', 'bench-export.js')
const assembler = () =>
  build({
    entryPoints: [import.meta.filename],
    outfile: ASSEMBLE,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  })

const enfant = (folder: string, collectiviteId: string, format: Format, connections: Connections): Promise<Mesure> =>
  new Promise((resolve, reject) => {
    const child = fork(ASSEMBLE, [folder, collectiviteId, format], {
      // Left to itself the collector lets the heap grow by 300 MB before it looks: what is measured is what the export needs.
      execArgv: ['--max-old-space-size=200', '--max-semi-space-size=8'],
      env: { ...process.env, BENCH_CONNECTIONS: JSON.stringify(connections) },
    })
    let found: Mesure | undefined
    child.on('message', message => {
      found = message as Mesure
    })
    child.on('exit', code => (found ? resolve(found) : reject(new Error(`exit ${code}`))))
  })

/** From the agent's confirmation to the last dossier decided; documents and messages are then in the outbox, as for one decision. */
async function decisions(app: App, collectivite: Collectivite, agentId: string): Promise<void> {
  const ids: string[] = []
  for (let at = 0; at < DECISIONS; at++) {
    const id = await deposerUn(app, collectivite)
    await inTenant(app.db, collectivite.id, async tx =>
      prendreEnInstruction((await casDuDossier(app, tx, collectivite, id, { nature: 'agent', id: agentId, canal: 'web' }))!),
    )
    ids.push(id)
  }
  const permissions = new Set(['dossiers.lire', 'dossiers.decider'])
  const start = performance.now()
  const lotId = await inTenant(app.db, collectivite.id, async tx => {
    const qui = { app, tx, collectiviteId: collectivite.id, agent: { id: agentId, permissions, portee: PORTEE } }
    const made = await preparerLot(
      qui,
      'accepter',
      ids.map(id => ({ id })),
    )
    if (!made.ok) throw new Error(made.refusal.code)
    await lancerLot(qui, { ...(await lotParId(tx, collectivite.id, made.value))!, acte: 'accepter' }, {})
    return made.value
  })
  await traiterLot(app, { collectiviteId: collectivite.id, lotId })
  const seconds = (performance.now() - start) / 1000
  const { fait } = await inTenant(app.db, collectivite.id, tx => avancement(tx, collectivite.id, lotId))
  if (fait !== DECISIONS) throw new Error(`${fait} decided`)
  ligne(`${DECISIONS} décisions en un lot, documents et messages mis en file`, `${seconds.toFixed(1)} s`, '≤ 10 s')
}

const [folder, collectiviteId, format] = process.argv.slice(2)
if (folder && collectiviteId) await exporter(folder, collectiviteId, format as Format)
else await mesurer()
process.exit(0)
