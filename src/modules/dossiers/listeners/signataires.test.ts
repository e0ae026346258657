import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import sharp from 'sharp'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { openFile } from '../../../platform/files/index.ts'
import type { Route } from '../../../platform/http/route.ts'
import { createServer } from '../../../platform/http/server.ts'
import { newId, newSecret } from '../../../platform/ids.ts'
import { collectiviteDuChemin } from '../../territoire/index.ts'
import { decider, prendreEnInstruction } from '../commands/instruire.ts'
import { documentsDuDossier } from '../queries/dossier.ts'
import { ouvrirMairie } from '../testing.ts'
import { EMETTEURS, montrerDecision, montrerDocument, prendreDecision } from '../web/agent/decision.tsx'
import { listeners } from './index.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, agents, agir, deposerUn, evenement } = mairie
const [maire, adjointe, retiree] = [newId(), newId(), newId()]
const DEMARCHE = 'occupation-domaine-public'

const acting = {
  id: agents[0],
  nom: 'Agent Fictif 1',
  courriel: 'un@valnoir.example',
  roles: [],
  permissions: new Set(['dossiers.lire', 'dossiers.decider', 'dossiers.instruire']),
  portee: { sauf: [], seulement: null },
}
const routes = EMETTEURS.flatMap((acte): Route[] => {
  const path = `/agent/dossiers/:id/${acte.chemin}`
  const guarded = { scope: 'collectivite', access: { kind: 'agent', permission: 'dossiers.decider' } } as const
  return [
    { ...guarded, method: 'GET', path, handle: montrerDecision(acte) },
    { ...guarded, method: 'POST', path, handle: prendreDecision(acte) },
    { ...guarded, method: 'GET', path: `${path}/document`, handle: montrerDocument(acte) },
  ]
})
const server = await createServer(app, routes, {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: async () => acting,
  errorPage: (_app, _tenant, refusal) => `${refusal.code} ${refusal.sentence}`,
})
const get = (path: string) => server.inject({ method: 'GET', url: `/valnoir${path}` })
const post = (path: string, payload: Record<string, string>) =>
  server.inject({
    method: 'POST',
    url: `/valnoir${path}`,
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _cle: newSecret(), ...payload }).toString(),
  })
const images = (bytes: Buffer) => bytes.toString('latin1').match(/\/Subtype \/Image/g)?.length ?? 0

await inTenant(app.db, collectivite.id, async tx => {
  const png = await sharp({ create: { width: 90, height: 40, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
  for (const [id, nom, image, retire] of [
    [maire, 'Camille Fictif', null, null],
    [adjointe, 'Alix Fictif', png, null],
    [retiree, 'Lou Fictif', png, new Date()],
  ] as const)
    await sql`insert into signataire (collectivite_id, id, nom, qualite, image, modifie_le, retire_le)
      values (${collectivite.id}, ${id}, ${nom}, 'Qualité', ${image}, now(), ${retire})`.execute(tx)
  const gabarit = newId()
  const contenu = {
    titre: 'Autorisation',
    blocs: [{ type: 'paragraphe', texte: 'Accordé.' }],
    signataire: maire,
    signataires: [adjointe, retiree, 'agent'],
  }
  await sql`insert into gabarit (collectivite_id, id, usage, demarche_id, version, cree_le) values (${collectivite.id}, ${gabarit}, 'document.accepter', null, 1, now())`.execute(
    tx,
  )
  await sql`insert into version_gabarit (collectivite_id, gabarit_id, numero, contenu, le, par)
    values (${collectivite.id}, ${gabarit}, 1, ${JSON.stringify(contenu)}, now(), ${agents[0]})`.execute(tx)
})

async function enCours(): Promise<string> {
  const id = await deposerUn(DEMARCHE)
  assert.ok((await agir(id, prendreEnInstruction)).ok)
  return id
}
async function emis(id: string): Promise<Buffer> {
  for (const listener of listeners.filter(({ on }) => on === 'dossier-decide'))
    await listener.handle(app, evenement('dossier-decide', id, 4))
  return inTenant(app.db, collectivite.id, async tx => {
    const [document] = await documentsDuDossier(tx, collectivite.id, id)
    const opened = await openFile(app.files, tx, { collectiviteId: collectivite.id, fichierId: document!.fichier_id })
    assert.ok(opened.ok)
    return Buffer.concat(await opened.value.stream.toArray())
  })
}

test('who decides chooses among those whom the text lets sign, the text’s own first, and sees the document of each', async () => {
  const id = await enCours()
  const page = (await get(`/agent/dossiers/${id}/acceptation`)).body
  const offered = [...page.matchAll(/<option value="([^"]+)"/g)].map(([, value]) => value)
  assert.deepEqual(offered, [maire, adjointe, 'agent'])
  const seen = async (who: string) => images((await get(`/agent/dossiers/${id}/acceptation/document?signataire=${who}`)).rawPayload)
  assert.ok((await seen(adjointe)) > (await seen(maire)))
  // Not among them: the text's own signs the preview.
  assert.equal(await seen(retiree), await seen(maire))
})

test('the document issued is signed by who was chosen, even when the text lets nobody else sign since', async () => {
  const [chosen, byDefault] = [await enCours(), await enCours()]
  const done = await post(`/agent/dossiers/${chosen}/acceptation`, { version: '3', motif: '', signataire: adjointe })
  assert.equal(done.statusCode, 303, done.body)
  assert.ok((await agir(byDefault, cas => decider(cas, 'accepter', ''))).ok)
  await inTenant(app.db, collectivite.id, tx =>
    sql`update signataire set retire_le = now() where collectivite_id = ${collectivite.id} and id = ${adjointe}`.execute(tx),
  )
  const [withImage, without] = [images(await emis(chosen)), images(await emis(byDefault))]
  assert.ok(withImage > without, `${withImage} images, ${without} by default`)
  await inTenant(app.db, collectivite.id, tx =>
    sql`update signataire set retire_le = null where collectivite_id = ${collectivite.id} and id = ${adjointe}`.execute(tx),
  )
})

test('someone whom the text does not let sign is refused, with what was typed kept; nothing is decided', async () => {
  const id = await enCours()
  for (const who of [retiree, newId(), 'n’importe qui', 'agent; drop'])
    assert.equal(
      (await post(`/agent/dossiers/${id}/acceptation`, { version: '3', motif: 'Mots gardés.', signataire: who })).statusCode,
      422,
    )
  const refused = await post(`/agent/dossiers/${id}/acceptation`, { version: '3', motif: 'Mots gardés.', signataire: retiree })
  assert.match(refused.body, /Mots gardés\./)
  assert.match(refused.body, /ne permet plus à cette personne de signer/)
  const after = await agir(id, async cas => ({ ok: true, value: cas.dossier.etat }))
  assert.ok(after.ok && after.value === 'en_instruction')
})
