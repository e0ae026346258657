import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { openSession, sessionCookieName } from '../../../platform/auth/sessions.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import type { ActingAgent } from '../../../platform/http/route.ts'
import { createServer } from '../../../platform/http/server.ts'
import { newId, newSecret } from '../../../platform/ids.ts'
import { demarche } from '../../demarches/index.ts'
import { aucuneReponse } from '../../formulaires/index.ts'
import { collectiviteDuChemin } from '../../territoire/index.ts'
import { codeDuDossier } from '../code.ts'
import { listeners } from '../listeners/index.ts'
import { casEntier } from '../queries/cas.ts'
import { contenuDuDossier } from '../queries/contenu.ts'
import { dossierParId, evenementsDuDossier } from '../queries/dossier.ts'
import type { DossierRow } from '../tables.ts'
import { ouvrirMairie, usager } from '../testing.ts'
import { routesAgent } from '../web/agent/routes.ts'
import { routesSuivi } from '../web/usager/suivi.tsx'
import { ouvrirBrouillon } from './brouillon.ts'
import { cacher } from './cacher.ts'
import { renouvelerLeCode } from './renouveler-code.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, clock, agents, agir, deposerUn, evenement } = mairie
const VERIFICATION = 'Carte d’identité montrée au guichet.'

const agent = (id: string): ActingAgent => ({
  ...{ id, nom: 'Agent Fictif', courriel: 'un@valnoir.example', roles: [] },
  permissions: new Set(['dossiers.lire', 'dossiers.instruire']),
  portee: { sauf: [], seulement: null },
})
let acting = agent(agents[0])
const server = await createServer(app, [...routesSuivi, ...routesAgent], {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: async () => acting,
  errorPage: (_app, _tenant, refusal, { kept }) => `${refusal.code} ${JSON.stringify(kept ?? {})}`,
})
after(() => server.close())

const get = (url: string, cookie = '') => server.inject({ url, headers: { host: 'localhost', cookie } })
const post = (url: string, fields: Record<string, string>, cookie = '') =>
  server.inject({
    method: 'POST',
    url,
    headers: { host: 'localhost', cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _cle: newSecret(), ...fields }).toString(),
  })
const leDossier = (id: string): Promise<DossierRow> =>
  inTenant(app.db, collectivite.id, async tx => (await dossierParId(tx, collectivite.id, id))!)
const leCode = async (id: string) => codeDuDossier(app.secrets, await leDossier(id))
const evenements = (id: string) => inTenant(app.db, collectivite.id, tx => evenementsDuDossier(tx, collectivite.id, id))
const envois = (id: string) =>
  inTenant(app.db, collectivite.id, tx =>
    sql<{ destinataire: string; sujet: string; texte: string; html: string }>`select destinataire, sujet, texte, html from envoi
      where collectivite_id = ${collectivite.id} and dossier_id = ${id} order by id`
      .execute(tx)
      .then(({ rows }) => rows),
  )
const donner = (id: string) => agir(id, cas => renouvelerLeCode(cas, VERIFICATION))
const suivre = async (id: string, code: string, cookie = '') =>
  post('/valnoir/suivi', { reference: (await leDossier(id)).reference, code }, cookie)

/** Opens a dossier with its code, as a browser that comes for the first time; gives its cookie. */
async function parLeCode(id: string): Promise<string> {
  const { name, value } = (await suivre(id, await leCode(id))).cookies[0]!
  return `${name}=${value}`
}

/** A person who has proved their address, and has opened a dossier with its code: it is in « mes dossiers ». */
async function parSonCompte(id: string): Promise<string> {
  const personneId = newId()
  await sql`insert into usager (id, courriel, cree_le, vu_le) values (${personneId}, ${`${personneId}@courriel.example`}, ${clock.now()}, ${clock.now()})`.execute(
    app.db.kysely,
  )
  const { cookie } = await openSession(app, app.db.kysely, { nature: 'usager', host: 'localhost', personneId })
  const own = `${sessionCookieName(app, 'usager')}=${cookie.value}`
  assert.equal((await suivre(id, await leCode(id), own)).statusCode, 303)
  return own
}

/** A dossier whose accusé, with its code, came back. */
async function nonJoint(): Promise<string> {
  const id = await deposerUn()
  for (const listener of listeners.filter(({ on }) => on === 'dossier-depose'))
    await listener.handle(app, evenement('dossier-depose', id, 2))
  await inTenant(app.db, collectivite.id, tx =>
    sql`update envoi set etat = 'refuse' where collectivite_id = ${collectivite.id} and dossier_id = ${id}`.execute(tx),
  )
  return id
}

test('the former code opens nothing any more, nor the sessions it had opened; the new one does; « mes dossiers » keeps it', async () => {
  const id = await deposerUn()
  const former = await leCode(id)
  const [anonymous, account, elsewhere] = [await parLeCode(id), await parSonCompte(id), await deposerUn()]
  const other = await parLeCode(elsewhere)
  const at = `/valnoir/dossiers/${id}`
  for (const cookie of [anonymous, account]) assert.equal((await get(at, cookie)).statusCode, 200)
  assert.ok((await donner(id)).ok)
  assert.equal((await get(at, anonymous)).statusCode, 404)
  assert.equal((await get(at, account)).statusCode, 200)
  assert.equal((await get(`/valnoir/dossiers/${elsewhere}`, other)).statusCode, 200, 'another dossier')
  assert.equal((await suivre(id, former)).statusCode, 422)
  const given = await leCode(id)
  assert.notEqual(given, former)
  assert.equal((await suivre(id, given)).statusCode, 303)
  const last = (await evenements(id)).at(-1)!
  assert.deepEqual([last.nature, last.auteur_id, last.motif], ['renouveler_code', agents[0], VERIFICATION])
  const seen = (await get(at, await parLeCode(id))).body
  for (const words of ['Un nouveau code vous a été donné par un agent', VERIFICATION, 'Ce n’était pas vous\u00a0?'])
    assert.ok(seen.includes(words), words)
})

test('the person is told where messages arrive, without the code, the reference, who or what', async () => {
  const id = await deposerUn()
  assert.ok((await donner(id)).ok)
  const dossier = await leDossier(id)
  const [sent, ...others] = await envois(id)
  assert.ok(sent && others.length === 0)
  assert.equal(sent.destinataire, dossier.demandeur_courriel)
  const code = await leCode(id)
  for (const secret of [code, code.replace('-', ''), dossier.reference, id, ...dossier.demandeur_nom!.split(' '), 'restauration'])
    for (const words of [sent.sujet, sent.texte, sent.html])
      assert.ok(!words.toLowerCase().includes(secret.toLowerCase()), `${secret} is in the message:\n${words}`)
  const lost = await nonJoint()
  assert.ok((await donner(lost)).ok)
  assert.equal((await envois(lost)).length, 1, 'only the accusé, which came back')
})

test('given twice at once, one code only', async () => {
  const id = await deposerUn()
  const { promise: both, resolve } = Promise.withResolvers<void>()
  let here = 0
  // Neither begins before both have read the dossier: otherwise the second may well come after the first, and rightly gives another.
  const donnerEnsemble = () =>
    agir(id, async cas => {
      if (++here === 2) resolve()
      await both
      return renouvelerLeCode(cas, VERIFICATION)
    })
  const done = await Promise.all([donnerEnsemble(), donnerEnsemble()])
  assert.deepEqual(done.map(({ ok }) => ok).sort(), [false, true])
  const refused = done.find(one => !one.ok)!
  assert.ok(!refused.ok && refused.refusal.code === 'page_perimee')
  assert.equal((await leDossier(id)).code_version, 2)
  assert.equal((await evenements(id)).filter(({ nature }) => nature === 'renouveler_code').length, 1)
})

test('who types the former code while it is being replaced is refused', async () => {
  const id = await deposerUn()
  const former = await leCode(id)
  let opening: ReturnType<typeof suivre> | undefined
  const done = await agir(id, async cas => {
    const given = await renouvelerLeCode(cas, VERIFICATION)
    opening = suivre(id, former)
    // Long enough for the other to have read the dossier, were it not waiting.
    await new Promise(resolve => setTimeout(resolve, 300))
    return given
  })
  assert.ok(done.ok)
  assert.equal((await opening!).statusCode, 422)
  const { rows } = await inTenant(app.db, collectivite.id, tx => sql`select 1 from acces_dossier where dossier_id = ${id}`.execute(tx))
  assert.equal(rows.length, 0)
})

test('no identity verified, a draft, a hidden dossier, one that changed: refused, and the code stays', async () => {
  const id = await deposerUn()
  const former = await leCode(id)
  const empty = await agir(id, cas => renouvelerLeCode(cas, ' \n'))
  assert.ok(!empty.ok && empty.refusal.code === 'identite_non_verifiee' && empty.refusal.field === 'verification')
  const stale = await agir(id, cas =>
    renouvelerLeCode({ ...cas, dossier: { ...cas.dossier, version: cas.dossier.version - 1 } }, VERIFICATION),
  )
  assert.ok(!stale.ok && stale.refusal.code === 'page_perimee')
  assert.ok((await agir(id, cas => cacher(cas, 'Doublon.'))).ok)
  const hidden = await donner(id)
  assert.ok(!hidden.ok && hidden.refusal.code === 'cache')
  assert.equal((await get(`/valnoir/agent/dossiers/${id}/code`)).statusCode, 409)
  assert.equal(await leCode(id), former)
  const draft = await inTenant(app.db, collectivite.id, async tx => {
    const offre = (await demarche(tx, collectivite.id, 'restauration-scolaire'))!
    const { id: draft } = await ouvrirBrouillon(app, tx, collectivite.id, offre, aucuneReponse, usager)
    const cas = (await casEntier(app, tx, collectivite, draft, { nature: 'agent', id: agents[0], canal: 'web' }))!
    const done = await renouvelerLeCode(cas, VERIFICATION)
    assert.ok(!done.ok && done.refusal.code === 'etat_change')
    return draft
  })
  assert.equal((await get(`/valnoir/agent/dossiers/${draft}/code`)).statusCode, 404)
})

/** Gives a code by the page; gives where it leads. */
async function parLaPage(id: string): Promise<string> {
  const { version } = await leDossier(id)
  const done = await post(`/valnoir/agent/dossiers/${id}/code`, { version: String(version), verification: VERIFICATION })
  assert.equal(done.statusCode, 303, done.body)
  return String(done.headers.location)
}

test('the page: what will happen, what is typed kept when refused, a stale page refused', async () => {
  const [id, lost] = [await deposerUn(), await nonJoint()]
  const { demandeur_courriel, version, code_version } = await leDossier(id)
  const at = `/valnoir/agent/dossiers/${id}/code`
  assert.match((await get(at)).body, new RegExp(`Un message sans code partira à ${demandeur_courriel}`))
  assert.match((await get(`/valnoir/agent/dossiers/${lost}/code`)).body, /Aucun message ne partira/)
  assert.equal((await get(`${at}/fiche`)).statusCode, 410, 'nobody has given one')
  const nobody = await post(at, { version: String(version), verification: ' ' })
  assert.equal(nobody.statusCode, 422)
  assert.match(nobody.body, /Écrivez comment vous avez vérifié/)
  const stale = await post(at, { version: String(version - 1), verification: 'Née en 1985, par téléphone.' })
  assert.equal(stale.statusCode, 409)
  assert.match(stale.body, /Née en 1985, par téléphone\./)
  assert.equal((await leDossier(id)).code_version, code_version)
})

test('the code is shown to the agent who gave it, ten minutes, as long as it opens; it is kept nowhere', async () => {
  const id = await deposerUn()
  const { reference } = await leDossier(id)
  for (let tries = 0; tries < 10; tries++) await suivre(id, 'AAAA-AAAA')
  assert.equal((await suivre(id, 'AAAA-AAAA')).statusCode, 429)
  const fiche = await parLaPage(id)
  const code = await leCode(id)
  assert.ok(!fiche.includes(code) && !fiche.includes(code.replace('-', '')))
  const shown = await get(fiche)
  assert.equal(shown.statusCode, 200)
  assert.equal(shown.headers['cache-control'], 'no-store')
  for (const words of [code, reference, collectivite.nom, `${collectivite.address}/suivi`, '02 61 91 00 12'])
    assert.ok(shown.body.includes(words), words)
  assert.equal((await suivre(id, code)).statusCode, 303, 'the attempts at the former code are forgotten')

  acting = agent(agents[1])
  assert.equal((await get(fiche)).statusCode, 410, 'a colleague')
  acting = agent(agents[0])
  clock.set(new Date(clock.now().getTime() + 10 * 60_000 + 1).toISOString())
  const late = await get(fiche)
  assert.equal(late.statusCode, 410)
  assert.match(late.body, /^code_cache/)

  const again = await parLaPage(id)
  const cookie = await parLeCode(id)
  assert.equal((await post(`/valnoir/dossiers/${id}/code`, {}, cookie)).statusCode, 303)
  assert.equal((await get(again)).statusCode, 410, 'the person has changed it')
  assert.doesNotMatch((await get(`/valnoir/dossiers/${id}`, cookie)).body, /Ce n’était pas vous/)

  const codes = [1, 2, 3, 4].map(code_version => codeDuDossier(app.secrets, { id, code_version }))
  const kept = await inTenant(app.db, collectivite.id, async tx => {
    const tables = ['dossier', 'evenement', 'journal', 'envoi', 'cle_idempotence', 'sortie']
    const rows = await Promise.all(tables.map(table => sql<{ t: string }>`select t::text from ${sql.table(table)} t`.execute(tx)))
    const cas = (await casEntier(app, tx, collectivite, id, usager))!
    return JSON.stringify([rows.map(one => one.rows), await contenuDuDossier(cas, 'personne'), await contenuDuDossier(cas, 'mairie')])
  })
  assert.match(kept, /renouveler_code/)
  for (const one of codes) assert.ok(!kept.includes(one) && !kept.includes(one.replace('-', '')), one)
})
