/**
 * The shared catalogue for three hundred communes, and a page of a large form as it is served: session, draft, definition and rows read
 * from the database, generator and server on the same cores.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { sql } from 'kysely'
import { openApp, openConnections, prepareDatabase } from '../src/main.ts'
import { adopter } from '../src/modules/demarches/commands/adopter.ts'
import { changer, ouvrirCopie } from '../src/modules/demarches/commands/copie.ts'
import { creerDemarche } from '../src/modules/demarches/commands/creer-demarche.ts'
import { proposerAuxAutres } from '../src/modules/demarches/commands/partager.ts'
import { publierDemarche } from '../src/modules/demarches/commands/publier-demarche.ts'
import { demarcheVierge } from '../src/modules/demarches/demarche-vierge.ts'
import { differences, fusionner } from '../src/modules/demarches/edition/index.ts'
import { demarche, publierCatalogue } from '../src/modules/demarches/index.ts'
import { modeles } from '../src/modules/demarches/livre.ts'
import { catalogue, misesAJour, versionDuModele } from '../src/modules/demarches/queries/catalogue.ts'
import { ouvrirBrouillon } from '../src/modules/dossiers/commands/brouillon.ts'
import { ouvrirTerritoire } from '../src/modules/territoire/commands/ouvrir-territoire.ts'
import { lireRegistre } from '../src/modules/territoire/registre/sources.ts'
import { openSession, sessionCookieName } from '../src/platform/auth/sessions.ts'
import { systemClock } from '../src/platform/clock.ts'
import { readConfig } from '../src/platform/config.ts'
import { inScope, inTenant, openDatabase } from '../src/platform/db/open.ts'
import { newId } from '../src/platform/ids.ts'
import { demarrerParvis } from '../test/builders/parvis.ts'
import { grandFormulaire, reponses } from './grand-formulaire.ts'
import { ligne, median } from './outils.ts'

const COMMUNES = 300
const MODELES = 30
const folder = mkdtempSync(join(tmpdir(), 'parvis-bench-'))
const config = readConfig({ PARVIS_DONNEES: folder, PARVIS_JOURNAL: 'silencieux' })
const connections = await openConnections(config)
await prepareDatabase(config, connections)
const owner = openDatabase(connections.owner, { max: 2, statementTimeoutMs: 300_000 })
await ouvrirTerritoire(owner, systemClock, lireRegistre(), '33', { demonstration: true })
await publierCatalogue(owner, systemClock)
const { app, close } = await openApp(config, connections, 'bench', () => 'http://localhost')
const secondes = (start: number) => (performance.now() - start) / 1000

const { rows: places } = await sql<{
  id: string
  chemin: string
}>`select id, chemin from collectivite where nature = 'commune' order by id`.execute(app.db.kysely)
const [syndicat, ...communes] = places
const agentId = newId()

// Templates of the syndicat's own, so that none is adopted before the measure.
const porteur = { collectiviteId: syndicat!.id, agentId }
const offerts: string[] = []
for (const modele of modeles.slice(0, MODELES)) {
  await inTenant(app.db, porteur.collectiviteId, async tx => {
    const made = await creerDemarche(app, tx, porteur, modele)
    if (!made.ok) throw new Error(made.refusal.code)
    const atelier = { ...porteur, demarcheId: made.value.id }
    await publierDemarche(app, tx, atelier, true)
    const offered = await proposerAuxAutres(app, tx, atelier)
    if (!offered.ok) throw new Error(offered.refusal.code)
    offerts.push(`${made.value.id} ${offered.value.id}`)
  })
}

async function adoption(): Promise<void> {
  const wanted = new Set(offerts.map(names => names.split(' ')[1]))
  const start = performance.now()
  await inScope(app.db, {}, async tx => {
    await sql`set local statement_timeout = '120s'`.execute(tx)
    const chosen = (await catalogue(tx)).filter(({ id }) => wanted.has(id))
    await adopter(
      tx,
      systemClock,
      communes
        .slice(0, COMMUNES)
        .flatMap(({ id }) =>
          chosen.map(modele => ({ collectiviteId: id, modeleId: modele.id, version: modele.version, empreinte: modele.empreinte })),
        ),
      { par: agentId },
    )
  })
  ligne(`${COMMUNES} communes adoptent ${MODELES} démarches`, `${secondes(start).toFixed(1)} s`, '≤ 20 s')
}

async function offre(): Promise<void> {
  const [demarcheId, modeleId] = offerts[0]!.split(' ') as [string, string]
  const atelier = { ...porteur, demarcheId }
  const start = performance.now()
  await inTenant(app.db, porteur.collectiviteId, async tx => {
    await ouvrirCopie(app, tx, atelier)
    await changer(app, tx, atelier, 0, modele => ({ ok: true, modele: { ...modele, cout: 'Le prix change.' }, phrase: 'prix' }))
    await publierDemarche(app, tx, atelier)
    const offered = await proposerAuxAutres(app, tx, atelier)
    if (!offered.ok) throw new Error(offered.refusal.code)
  })
  const published = secondes(start)
  for (const { id } of communes.slice(0, COMMUNES)) {
    await inTenant(app.db, id, async tx => {
      const found = (await misesAJour(tx, id, porteur.collectiviteId)).find(one => one.id === modeleId)!
      const [base, next] = [(await versionDuModele(tx, modeleId, 1))!.modele, (await versionDuModele(tx, modeleId, found.version))!.modele]
      const mine = (await demarche(tx, id, modeleId))!.modele
      if (differences(base, next).length !== 1 || fusionner(base, next, mine).conflits.length > 0) throw new Error('not one change')
    })
  }
  ligne(
    `Un changement de modèle proposé à ${COMMUNES} communes : publié, puis trouvé, comparé et concilié par chacune`,
    `${(published * 1000).toFixed(0)} ms, puis ${(secondes(start) - published).toFixed(2)} s`,
    '≤ 2 s',
  )
}

/** A draft of the large form, with all its answers, in the hands of a session. */
async function grandBrouillon(host: string): Promise<{ path: string; cookie: string }> {
  const { id: collectiviteId, chemin } = syndicat!
  return inTenant(app.db, collectiviteId, async tx => {
    const blank = demarcheVierge('Grand formulaire')
    const modele = { ...blank, demandeur: { nom: 'c0x4', prenom: 'c1x4', courriel: 'c0x8' }, formulaire: grandFormulaire() }
    const made = await creerDemarche(app, tx, porteur, modele)
    if (!made.ok) throw new Error(made.refusal.code)
    const done = await publierDemarche(app, tx, { ...porteur, demarcheId: made.value.id }, true)
    if (!done.ok) throw new Error(done.refusal.code)
    const offered = (await demarche(tx, collectiviteId, made.value.id))!
    const { id } = await ouvrirBrouillon(app, tx, collectiviteId, offered, reponses, { nature: 'usager', id: null, canal: 'web' })
    const { cookie, sessionHash } = await openSession(app, tx, { nature: 'usager', host })
    await sql`insert into acces_dossier (collectivite_id, session_empreinte, dossier_id, ouvert_le) values (${collectiviteId}, ${sessionHash}, ${id}, now())`.execute(
      tx,
    )
    return { path: `/${chemin}/brouillons/${id}/etapes/e2`, cookie: `${sessionCookieName(app, 'usager')}=${cookie.value}` }
  })
}

await adoption()
await offre()
/** Pages a second with these encodings: the median of five runs, after one to warm up. */
async function debitAvec(url: string, cookie: string, encodings: string): Promise<string> {
  const rates: number[] = []
  for (let run = 0; run < 6; run++) {
    const result = await autocannon({ url, connections: 16, duration: 4, headers: { cookie, 'accept-encoding': encodings } })
    if (result.non2xx > 0) throw new Error(`${result.non2xx} answers not 2xx`)
    if (run > 0) rates.push(result.requests.average)
  }
  return `${median(rates).toFixed(0)}/s (de ${Math.min(...rates).toFixed(0)} à ${Math.max(...rates).toFixed(0)})`
}

const GRANDE = 'Page d’un formulaire de 60 champs, 40 conditions et 5 lignes, toutes lectures faites'
for (const processes of ['1', '2']) {
  const parvis = await demarrerParvis({ dossier: folder, env: { PARVIS_TERRITOIRE: '33', PARVIS_PROCESSUS_WEB: processes } })
  const { path, cookie } = await grandBrouillon(new URL(parvis.adresse).host)
  const url = parvis.adresse + path
  const answer = await fetch(url, { headers: { cookie } })
  if (answer.status !== 200 || !(await answer.text()).includes('Question 2 9')) throw new Error(`${url}: ${answer.status}`)
  ligne(`${GRANDE}, non compressée, ${processes} processus web`, await debitAvec(url, cookie, 'identity'), '≥ 800/s')
  ligne('La même, compressée à chaque requête', await debitAvec(url, cookie, 'br, gzip'), '')
  await parvis.stop()
}
await close()
await owner.close()
await connections.close()
rmSync(folder, { recursive: true, force: true })
