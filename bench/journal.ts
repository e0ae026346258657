/** How fast the journal of a collectivité is computed again: every entry's hash, from the first to the head. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { openApp, openConnections, prepareDatabase } from '../src/main.ts'
import { ouvrirTerritoire } from '../src/modules/territoire/commands/ouvrir-territoire.ts'
import { lireRegistre } from '../src/modules/territoire/registre/sources.ts'
import { verifyJournal } from '../src/platform/audit/journal.ts'
import { systemClock } from '../src/platform/clock.ts'
import { readConfig } from '../src/platform/config.ts'
import { inTenant, openDatabase } from '../src/platform/db/open.ts'
import { ligne, median } from './outils.ts'

const ENTREES = 500_000
const folder = mkdtempSync(join(tmpdir(), 'parvis-bench-'))
const config = readConfig({ PARVIS_DONNEES: folder, PARVIS_JOURNAL: 'silencieux' })
const connections = await openConnections(config)
await prepareDatabase(config, connections)
const owner = openDatabase(connections.owner, { max: 2, statementTimeoutMs: 600_000 })
await ouvrirTerritoire(owner, systemClock, lireRegistre(), '200068799', { demonstration: true })
const { app, close } = await openApp(config, connections, 'bench', () => 'http://localhost')
const { rows } = await sql<{ id: string }>`select id from collectivite where nature = 'commune' order by id limit 1`.execute(app.db.kysely)
const collectiviteId = rows[0]!.id

// Written by the function that the program uses, a transaction for ten thousand.
for (let done = 0; done < ENTREES; done += 10_000) {
  await inTenant(owner, collectiviteId, tx =>
    sql`select count(journaliser(${collectiviteId}, now(), 'agent:essai', 'dossier.lire', 'dossier:' || i, ${'0'.repeat(64)})) from generate_series(1, 10000) i`.execute(
      tx,
    ),
  )
}
const rates: number[] = []
for (let run = 0; run < 3; run++) {
  const start = performance.now()
  const found = await verifyJournal(app.db, collectiviteId)
  if (!found.isIntact || found.entries < ENTREES) throw new Error(JSON.stringify(found))
  rates.push(found.entries / ((performance.now() - start) / 1000))
}
console.log('| mesure | valeur | cible |\n|---|---|---|')
ligne(
  `Vérifier le journal d’une collectivité (${ENTREES.toLocaleString('fr-FR')} entrées, médiane de 3)`,
  `${Math.round(median(rates)).toLocaleString('fr-FR')} entrées/s`,
  '≥ 200 000/s',
)
await close()
await owner.close()
await connections.close()
rmSync(folder, { recursive: true, force: true })
process.exit(0)
