import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { openFile } from '../../../platform/files/index.ts'
import type { Route } from '../../../platform/http/route.ts'
import { createServer } from '../../../platform/http/server.ts'
import { newId, newSecret } from '../../../platform/ids.ts'
import { documents } from '../../documents/module.ts'
import { collectiviteDuChemin } from '../../territoire/index.ts'
import { decider, prendreEnInstruction, rouvrir } from '../commands/instruire.ts'
import { documentsDuDossier, evenementsDuDossier } from '../queries/dossier.ts'
import { ouvrirMairie } from '../testing.ts'
import { envoyer, essayerCourrier, montrerCourrier } from '../web/agent/courrier.tsx'
import { routesVerification } from '../web/verification.tsx'
import { listeners } from './index.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, agents, agir, deposerUn, evenement } = mairie
const DEMARCHE = 'occupation-domaine-public'
const acting = {
  id: agents[0],
  nom: 'Agent Fictif 1',
  courriel: 'un@valnoir.example',
  roles: [],
  permissions: new Set(['reglages.modifier', 'dossiers.lire', 'dossiers.instruire']),
  portee: { sauf: [], seulement: null },
}
const guarded = { scope: 'collectivite', access: { kind: 'agent', permission: 'dossiers.instruire' } } as const
const path = '/agent/dossiers/:id/courriers'
const routes: Route[] = [
  { ...guarded, method: 'GET', path, handle: montrerCourrier },
  { ...guarded, method: 'POST', path, handle: envoyer },
  { ...guarded, method: 'POST', path: `${path}/essai`, handle: essayerCourrier },
]
const server = await createServer(app, [...documents.routes, ...routes, ...routesVerification], {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: async () => acting,
  errorPage: (_app, _tenant, refusal, { kept }) => `${refusal.code} ${refusal.sentence} ${JSON.stringify(kept ?? {})}`,
})
const get = (url: string) => server.inject({ method: 'GET', url: `/valnoir${url}` })
const post = (url: string, payload: Record<string, string>) =>
  server.inject({
    method: 'POST',
    url: `/valnoir${url}`,
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _cle: newSecret(), ...payload }).toString(),
  })
const version = async (id: string) => {
  const read = await agir(id, async cas => ({ ok: true, value: String(cas.dossier.version) }))
  assert.ok(read.ok)
  return read.value
}
const lettre = (...textes: string[]) => ({
  titre: 'Rendez-vous en mairie',
  blocs: String(textes.length),
  ...Object.fromEntries(textes.map((texte, rank) => [`b${rank}-texte`, texte])),
})
const react = async (id: string, rang: number) => {
  for (const listener of listeners.filter(({ on }) => on === 'courrier-ecrit'))
    for (let run = 0; run < 2; run++) await listener.handle(app, evenement('courrier-ecrit', id, rang))
}
const dans = <T>(query: ReturnType<typeof sql<T>>) => inTenant(app.db, collectivite.id, async tx => (await query.execute(tx)).rows)
const courriersDe = async (id: string) =>
  (await inTenant(app.db, collectivite.id, tx => documentsDuDossier(tx, collectivite.id, id))).filter(({ nature }) => nature === 'courrier')

test('a letter is seen, sent once, filed as a document that can be verified, told without its words, and kept in the journal', async () => {
  const id = await deposerUn(DEMARCHE)
  const page = await get(`/agent/dossiers/${id}/courriers`)
  assert.equal(page.statusCode, 200, page.body)
  assert.match(page.body, /Nous avons reçu le 21 novembre 2026 votre demande/)
  const words = lettre('Madame,', 'MOTS-DU-COURRIER & <em>rien d’autre</em>', '')
  const seen = await post(`/agent/dossiers/${id}/courriers/essai`, words)
  assert.match(seen.rawPayload.toString('latin1'), /^%PDF/)
  assert.equal((await courriersDe(id)).length, 0)
  const _cle = newSecret()
  const now = await version(id)
  for (let click = 0; click < 2; click++) {
    const sent = await post(`/agent/dossiers/${id}/courriers`, { ...words, version: now, _cle })
    assert.equal(sent.statusCode, 303, sent.body)
  }
  const events = await inTenant(app.db, collectivite.id, tx => evenementsDuDossier(tx, collectivite.id, id))
  const written = events.filter(({ nature }) => nature === 'envoyer_courrier')
  assert.equal(written.length, 1)
  assert.deepEqual((written[0]!.donnees.courrier as { blocs: unknown[] }).blocs.length, 2, 'the empty paragraph is not one')
  await react(id, written[0]!.rang)
  const [issued, ...others] = await courriersDe(id)
  assert.ok(issued && others.length === 0)
  assert.equal(issued.titre, 'Rendez-vous en mairie')
  const opened = await inTenant(app.db, collectivite.id, tx =>
    openFile(app.files, tx, { collectiviteId: collectivite.id, fichierId: issued.fichier_id }),
  )
  assert.ok(opened.ok)
  assert.match(Buffer.concat(await opened.value.stream.toArray()).toString('latin1'), /pdfuaid/)
  const sent = await dans(
    sql<{ sujet: string; texte: string }>`select sujet, texte from envoi where collectivite_id = ${collectivite.id} and dossier_id = ${id}`,
  )
  assert.equal(sent.length, 1)
  assert.match(sent[0]!.sujet, /courrier/)
  assert.ok(!sent[0]!.texte.includes('MOTS-DU-COURRIER'))
  assert.match((await get(`/verifier/${issued.code}`)).body, /Courrier/)
  const noted = await dans(
    sql<{
      action: string
    }>`select action from journal where collectivite_id = ${collectivite.id} and objet = ${`dossier:${id}`} order by rang`,
  )
  assert.ok(noted.some(({ action }) => action === 'courrier.lire') && noted.some(({ action }) => action === 'dossier.envoyer_courrier'))
})

test('at any step, decided or reopened; reopening revokes the decision, not the letter', async () => {
  const id = await deposerUn(DEMARCHE)
  const write = async () => {
    const sent = await post(`/agent/dossiers/${id}/courriers`, { ...lettre('Bonjour.'), version: await version(id) })
    assert.equal(sent.statusCode, 303, sent.body)
    await react(id, Number(await version(id)))
  }
  await write()
  assert.ok((await agir(id, prendreEnInstruction)).ok)
  await write()
  assert.ok((await agir(id, cas => decider(cas, 'accepter', ''))).ok)
  await write()
  assert.ok((await agir(id, cas => rouvrir(cas, 'Erreur.'))).ok)
  await write()
  const found = await courriersDe(id)
  assert.equal(found.length, 4)
  assert.ok(found.every(({ revoque_le }) => revoque_le === null))
})

test('a letter without title or words, too long, on a stale page or signed by who may not: refused with what was typed; nothing is written', async () => {
  const id = await deposerUn(DEMARCHE)
  const now = await version(id)
  const trial = async (payload: Record<string, string>, status: number, code: RegExp) => {
    const refused = await post(`/agent/dossiers/${id}/courriers`, { ...lettre('Mots gardés.'), version: now, ...payload })
    assert.equal(refused.statusCode, status, refused.body)
    assert.match(refused.body, code)
  }
  await trial({ titre: '' }, 422, /Donnez un titre.*Mots gardés\./s)
  await trial({ 'b0-texte': '  ' }, 422, /Écrivez le texte/)
  await trial({ titre: 'T'.repeat(201) }, 422, /trop long.*Mots gardés\./s)
  await trial({ 'b0-texte': 'x'.repeat(2001) }, 422, /trop long/)
  await trial({ signataire: newId() }, 422, /ne permet plus.*Mots gardés\./s)
  await trial({ version: '1' }, 409, /Mots gardés\./)
  assert.equal(await version(id), now)
})

test('as many letters as wished for a démarche: chosen by title, begun with the dossier’s data, signed as the text says; withdrawn, no longer offered', async () => {
  const ecrire = async (titre: string, texte: string, demarche: string) => {
    const made = await post('/agent/modeles', { usage: 'document.courrier', demarche })
    assert.equal(made.statusCode, 303, made.body)
    const page = made.headers.location!.replace(/^\/valnoir/, '').replace(/\?.*/, '')
    const saved = await post(page, { version: '1', titre, blocs: '2', 'b0-texte': texte, 'b1-texte': 'un\ndeux', 'b1-type': 'liste' })
    assert.equal(saved.statusCode, 303, saved.body)
    return page
  }
  const pages = [
    await ecrire('Pièce à apporter', 'Référence {reference}, reçue par {agent}.', DEMARCHE),
    await ecrire('Invitation', 'Venez, {demandeur}.', ''),
    await ecrire('D’une autre démarche', 'Non.', 'restauration-scolaire'),
  ]
  const id = await deposerUn(DEMARCHE)
  const choice = (await get(`/agent/dossiers/${id}/courriers`)).body
  assert.ok(choice.indexOf('Pièce à apporter') < choice.indexOf('Invitation') && choice.includes('Invitation'))
  assert.ok(!choice.includes('D’une autre démarche'))
  const texte = (page: string) => page.split('/').at(-1)!
  const begun = (await get(`/agent/dossiers/${id}/courriers?texte=${texte(pages[0]!)}`)).body
  assert.match(begun, /Référence [0-9A-Z]{4}-[0-9A-Z]{4}, reçue par Agent Fictif 1\./)
  assert.match(begun, /un\ndeux/)
  // That of another démarche is as good as none.
  assert.ok(!(await get(`/agent/dossiers/${id}/courriers?texte=${texte(pages[2]!)}`)).body.includes('>Non.<'))
  assert.equal((await get(`${pages[0]}/specimen`)).headers['content-type'], 'application/pdf')
  const sent = await post(`/agent/dossiers/${id}/courriers`, {
    ...lettre('Bonjour.'),
    texte: texte(pages[0]!),
    version: await version(id),
    signataire: 'agent',
  })
  assert.equal(sent.statusCode, 303, sent.body)
  await react(id, Number(await version(id)))
  const [row] = await dans(
    sql<{
      gabarit_id: string
    }>`select gabarit_id from document where collectivite_id = ${collectivite.id} and dossier_id = ${id} and nature = 'courrier'`,
  )
  assert.equal(row!.gabarit_id, texte(pages[0]!))
  assert.equal((await post(`${pages[0]}/retrait`, {})).statusCode, 303)
  assert.ok(!(await get(`/agent/dossiers/${id}/courriers`)).body.includes('Pièce à apporter'))
  assert.equal((await post(`${pages[0]}/retablissement`, {})).statusCode, 303)
})
