import assert from 'node:assert/strict'
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFolder } from '../../src/platform/config.ts'
import { testFolder } from '../../src/platform/db/testing.ts'
import { combien, isComplet, noterPreuve } from '../builders/preuves.ts'
import { ouvrirAtelier, resteAFaire } from './atelier.ts'
import { ouvrirClient } from './clients.ts'
import { ouvrirFacteur } from './courrier.ts'
import { attendre, ouvrirProgramme } from './programme.ts'
import { type Constat, mesuresDesCourriels, mesuresDuConstat, verifier } from './verifier.ts'

const CLIENTS = 8
const PATIENCE_MS = 90_000
const SUIVANTE = '9998-suivante.sql'

// What a next version may bring: a column with a value for the rows that are there, in the tables that are written most (in full, in every table); a table;
// an index.
const TABLES = isComplet ? "relname <> 'migration'" : "relname in ('dossier', 'evenement', 'fichier', 'journal', 'message', 'sortie')"
const MIGRATION = `do $$ declare t text; begin
    for t in select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and ${TABLES} order by 1 loop
      execute format('alter table %I add column suivante text not null default %L', t, 'ajouté');
    end loop;
  end $$;
  create table nouveaute (collectivite_id uuid not null, id uuid not null, primary key (collectivite_id, id));
  create index evenement_suivante on evenement (collectivite_id, suivante);
`

const facteur = await ouvrirFacteur()
const ancien = await ouvrirProgramme({ PARVIS_SMTP: facteur.url })
const suivant = installationSuivante()
const children: ChildProcess[] = []
after(async () => {
  for (const child of children) child.kill('SIGTERM')
  await ancien.arreter()
  await facteur.fermer()
  for (const folder of [ancien.dossier, suivant]) rmSync(folder, { recursive: true, force: true })
})

/** The program as it is, in another folder, with one migration more. */
function installationSuivante(): string {
  const folder = testFolder('parvis-suivante-')
  // A program knows its folder by where its file really is: what it runs is copied, the rest is shared.
  const copied = ['dist', 'migrations', 'package.json']
  for (const name of copied) cpSync(join(projectFolder, name), join(folder, name), { recursive: true })
  for (const name of ['data', 'node_modules', 'schemas'].filter(name => readdirSync(projectFolder).includes(name)))
    symlinkSync(join(projectFolder, name), join(folder, name))
  writeFileSync(join(folder, 'migrations', SUIVANTE), MIGRATION)
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...about, version: `${about.version}-suivante` }))
  return folder
}

const env = {
  ...process.env,
  PARVIS_DONNEES: ancien.dossier,
  PARVIS_SMTP: facteur.url,
  PARVIS_MANDATAIRES: '1',
  PORT: '0',
  PARVIS_ORIGINE: ancien.adresse,
}

/** Starts a process of the next version; gives its address once it serves. */
const lancer = (command: 'web' | 'travaux'): Promise<string> => {
  const child = fork(join(suivant, 'dist', 'parvis.js'), [command], { env, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.once('message', ready => resolve(`http://localhost:${(ready as { port: number }).port}`))
    child.once('exit', code => reject(new Error(`${command} of the next version fell (${code})`)))
  })
}

const commande = (...args: string[]) =>
  new Promise<{ code: number | null; text: string }>(resolve => {
    const child = spawn(process.execPath, [join(suivant, 'dist', 'parvis.js'), ...args], { env })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', part => (text += part))
    child.once('exit', code => resolve({ code, text }))
  })

test('the next version is installed while eight clients work: its schema, its processes beside those of before, then alone', {
  timeout: 300_000,
}, async () => {
  let isOver = false
  let portes = [ancien.adresse]
  let asked = 0
  const atelier = await ouvrirAtelier(ancien, () => isOver)
  const partage = Object.create(atelier, {
    adresse: { get: () => portes[asked++ % portes.length] },
    hote: { value: new URL(ancien.adresse).host },
  }) as typeof atelier
  const clients = Array.from({ length: CLIENTS }, (_, rank) => ouvrirClient(partage, rank))
  const stays = combien(1500, 15_000)
  await sleep(stays)

  const migrated = await commande('migrer')
  assert.equal(migrated.code, 0, migrated.text)
  assert.match(migrated.text, /9998-suivante/)
  await sleep(stays) // the processes of before work on the schema of the next

  const [adresse] = await Promise.all([lancer('web'), lancer('travaux')])
  portes = [ancien.adresse, adresse!]
  await sleep(stays) // both versions

  portes = [adresse!]
  for (const name of ['web', 'travaux'] as const) process.kill(ancien.pid(name)!, 'SIGTERM')
  await attendre(
    'the version of before to say that it is too old',
    () => /9998-suivante\.sql.*plus ancien que la base/.test(ancien.sortie()),
    PATIENCE_MS,
  )
  await sleep(stays) // the next alone
  isOver = true
  await Promise.all(clients.map(({ fini }) => fini))
  await attendre('all that was promised to be done', async () => (await resteAFaire(ancien)).length === 0, PATIENCE_MS).catch(async error =>
    assert.fail(`${(error as Error).message}\n${(await resteAFaire(ancien)).join('\n')}`),
  )
  const acquis = clients.flatMap(client => client.acquis)
  const constat = await verifier(ancien, acquis, facteur.pris, { installation: suivant })
  noter(
    constat,
    acquis.length,
    clients.reduce((sum, client) => sum + client.reprises(), 0),
  )
  assert.deepEqual(
    clients.flatMap(client => client.anomalies),
    [],
  )
  for (const found of [constat.perdus, constat.doubles, constat.aMoitie, constat.illisibles, constat.courrielsDoubles])
    assert.deepEqual(found, [])
  assert.equal(constat.journal, 'intact')
  assert.ok(acquis.length >= CLIENTS && constat.courriels > 0, 'the clients worked')
})

function noter(constat: Constat, dossiers: number, reprises: number): void {
  noterPreuve({
    machine: 'mise-a-jour',
    titre: `La version suivante installée pendant que ${CLIENTS} clients travaillent : son schéma, puis ses processus à côté de ceux d’avant, puis seuls`,
    mesures: [
      ...mesuresDuConstat(constat, dossiers, reprises),
      ...mesuresDesCourriels(constat, 'les deux versions ensemble'),
      { nom: 'Processus d’avant arrêtés puis relancés', valeur: 'refusent et le disent', cible: 'refusent', tenue: true },
    ],
    nonJoue: [
      'Une version suivante qui fait autre chose que celle-ci : elle a le même code, et une migration de plus, qui ajoute. Une migration qui retire se fait en deux versions.',
    ],
  })
}
