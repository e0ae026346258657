import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import sharp from 'sharp'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { openFile } from '../../../platform/files/index.ts'
import type { Route } from '../../../platform/http/route.ts'
import { createServer } from '../../../platform/http/server.ts'
import { newSecret } from '../../../platform/ids.ts'
import type { Seal } from '../../../platform/pdf/seal.ts'
import { garderDefinition, modelePublie } from '../../demarches/index.ts'
import { documents } from '../../documents/module.ts'
import { collectiviteDuChemin } from '../../territoire/index.ts'
import { type Cas, decider, demanderCorrection, prendreEnInstruction, rouvrir } from '../commands/instruire.ts'
import { deciderParSilenceJob } from '../jobs/decider-par-silence.ts'
import { relancerCorrections } from '../jobs/relancer-corrections.ts'
import { documentsDuDossier } from '../queries/dossier.ts'
import { ouvrirMairie } from '../testing.ts'
import { EMETTEURS, montrerDecision, montrerDocument } from '../web/agent/decision.tsx'
import { routesVerification } from '../web/verification.tsx'
import { listeners } from './index.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const ailleurs = await ouvrirMairie(database, 'autre')
const { app, collectivite, agents, agir, deposerUn, evenement } = mairie
const acting = {
  id: agents[0],
  nom: 'Agent Fictif 1',
  courriel: 'un@valnoir.example',
  roles: [],
  permissions: new Set(['reglages.modifier', 'dossiers.lire', 'dossiers.decider', 'dossiers.instruire']),
  portee: { sauf: [], seulement: null },
}
const decisions = EMETTEURS.flatMap((acte): Route[] => {
  const path = `/agent/dossiers/:id/${acte.chemin}`
  const guarded = { method: 'GET', scope: 'collectivite', access: { kind: 'agent', permission: 'dossiers.decider' } } as const
  return [
    { ...guarded, path, handle: montrerDecision(acte) },
    { ...guarded, path: `${path}/document`, handle: montrerDocument(acte) },
  ]
})
const server = await createServer(app, [...documents.routes, ...decisions, ...routesVerification], {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: async (_ctx, permission) => (acting.permissions.has(permission) ? acting : { status: 403, html: `needs ${permission}` }),
  errorPage: (_app, _tenant, refusal, { kept }) => `${refusal.code} ${refusal.sentence} ${JSON.stringify(kept ?? {})}`,
})
const get = (path: string, commune = 'valnoir') => server.inject({ method: 'GET', url: `/${commune}${path}` })
const post = (path: string, payload: Record<string, string>, commune = 'valnoir') =>
  server.inject({
    method: 'POST',
    url: `/${commune}${path}`,
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _cle: newSecret(), ...payload }).toString(),
  })
const words = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/[\u00a0\u202f]/g, ' ')
    .replaceAll(/\s+/g, ' ')

const DEMARCHE = 'occupation-domaine-public'
const bloc = (rank: number, texte: string, type = 'paragraphe') => ({ [`b${rank}-texte`]: texte, [`b${rank}-type`]: type })

async function creer(usage: string, demarche = ''): Promise<string> {
  const made = await post('/agent/modeles', { usage, demarche })
  assert.equal(made.statusCode, 303, made.body)
  return made.headers.location!.replace(/^\/valnoir/, '').replace(/\?.*/, '')
}
const enregistrer = (page: string, version: number, titre: string, ...blocs: Record<string, string>[]) =>
  post(page, Object.assign({ version: String(version), titre, sujet: 'Objet choisi', blocs: String(blocs.length) }, ...blocs))

const react = async (nature: string, id: string, rang: number, using = app) => {
  for (const listener of listeners.filter(({ on }) => on === nature)) await listener.handle(using, evenement(nature, id, rang))
}
const documentsOf = (id: string) => inTenant(app.db, collectivite.id, tx => documentsDuDossier(tx, collectivite.id, id))
async function bytesOf(fichierId: string): Promise<Buffer> {
  const opened = await inTenant(app.db, collectivite.id, tx => openFile(app.files, tx, { collectiviteId: collectivite.id, fichierId }))
  assert.ok(opened.ok)
  return Buffer.concat(await opened.value.stream.toArray())
}
const messageOf = async (id: string) =>
  (
    await inTenant(app.db, collectivite.id, tx =>
      sql<{
        sujet: string
        texte: string
      }>`select sujet, texte from envoi where collectivite_id = ${collectivite.id} and dossier_id = ${id} order by id desc`.execute(tx),
    )
  ).rows[0]!
async function accepte(motif = ''): Promise<string> {
  const id = await deposerUn(DEMARCHE)
  assert.ok((await agir(id, prendreEnInstruction)).ok)
  assert.ok((await agir(id, cas => decider(cas, 'accepter', motif))).ok)
  return id
}

test('a text begins with today’s words, is saved by versions, and the document issued says which', async () => {
  const page = await creer('document.accepter', DEMARCHE)
  const seen = await get(page)
  assert.equal(seen.statusCode, 200)
  assert.match(seen.body, /Du dossier et de la collectivité/)
  const saved = await enregistrer(
    page,
    1,
    'Autorisation pour {demandeur}',
    bloc(0, 'Signé à {commune}, dossier {reference}.'),
    bloc(1, 'un\ndeux', 'liste'),
  )
  assert.equal(saved.statusCode, 303, words(saved.body))
  const id = await accepte()
  await react('dossier-decide', id, 4)
  const [issued] = await documentsOf(id)
  assert.match(issued!.titre, /^Autorisation pour /)
  const { rows } = await inTenant(app.db, collectivite.id, tx =>
    sql<{
      gabarit_version: number
      empreinte: string
    }>`select gabarit_version, empreinte from document where collectivite_id = ${collectivite.id} and id = ${issued!.id}`.execute(tx),
  )
  assert.equal(rows[0]!.gabarit_version, 2)
  assert.equal(
    rows[0]!.empreinte,
    createHash('sha256')
      .update(await bytesOf(issued!.fichier_id))
      .digest('hex'),
  )

  const versions = await get(`${page}/versions`)
  assert.match(words(versions.body), /Version 2 .* Version 1/)
  const taken = await post(`${page}/reprise`, { version: '2', numero: '1' })
  assert.equal(taken.statusCode, 303)
  assert.match(words((await get(`${page}/versions`)).body), /Reprise de la version 1/)
  assert.equal((await get(`${page}/specimen`)).headers['content-type'], 'application/pdf')
  assert.equal((await post(`${page}/retrait`, {})).statusCode, 303)
})

test('an unknown mark is refused at saving with the nearest name, and what was typed is kept; a stale page too', async () => {
  const page = await creer('document.refuser', DEMARCHE)
  const refused = await enregistrer(page, 1, 'Refus', bloc(0, 'Votre demande {referense}, mots gardés.'))
  assert.equal(refused.statusCode, 422)
  assert.match(words(refused.body), /Bloc 1.*Vouliez-vous dire \{reference\}/)
  assert.match(refused.body, /mots gardés/)
  assert.equal((await enregistrer(page, 1, 'Refus', bloc(0, 'Premier.'))).statusCode, 303)
  const stale = await enregistrer(page, 1, 'Refus', bloc(0, 'Second, écrit en même temps.'))
  assert.equal(stale.statusCode, 409)
  assert.match(stale.body, /Second, écrit en même temps/)
  assert.match(words(stale.body), /Quelqu’un a enregistré une autre version/)
  const twice = await post('/agent/modeles', { usage: 'document.refuser', demarche: DEMARCHE })
  assert.equal(twice.statusCode, 409)
  assert.equal((await post(`${page}/retrait`, {})).statusCode, 303)
})

test('two agents begin the same text at once: one text, and the other is told', async () => {
  const asked = await Promise.all([0, 1].map(() => post('/agent/modeles', { usage: 'message.rouvrir', demarche: '' })))
  assert.deepEqual(asked.map(({ statusCode }) => statusCode).sort(), [303, 409])
})

test('a question removed from the démarche never stops a decision: the original text serves, and the agent is told', async () => {
  const page = await creer('document.accepter', DEMARCHE)
  await inTenant(app.db, collectivite.id, async tx => {
    const contenu = { titre: 'Cassé', blocs: [{ type: 'paragraphe', texte: 'Vu {questionDisparue}.' }] }
    await sql`insert into version_gabarit (collectivite_id, gabarit_id, numero, contenu, le, par)
      values (${collectivite.id}, ${page.split('/').at(-1)}, 2, ${JSON.stringify(contenu)}, now(), ${agents[0]})`.execute(tx)
    await sql`update gabarit set version = 2 where collectivite_id = ${collectivite.id} and id = ${page.split('/').at(-1)}`.execute(tx)
  })
  assert.match(words((await get('/agent/modeles')).body), /Un modèle ne peut plus servir.*À revoir/)
  assert.match(words((await get(page)).body), /questionDisparue/)
  const id = await deposerUn(DEMARCHE)
  await agir(id, prendreEnInstruction)
  const form = await get(`/agent/dossiers/${id}/acceptation`)
  assert.match(words(form.body), /Le modèle de votre collectivité ne peut pas servir ici.*questionDisparue/)
  const specimen = await get(`/agent/dossiers/${id}/acceptation/document`)
  assert.match(specimen.rawPayload.toString('latin1'), /^%PDF/)
  await agir(id, cas => decider(cas, 'accepter', ''))
  await react('dossier-decide', id, 4)
  assert.ok(!(await documentsOf(id))[0]!.titre.includes('Cassé'))
  await post(`${page}/retrait`, {})
})

test('a message has the collectivité’s own words; the link, and the mentions of the accusé, stay', async () => {
  const page = await creer('message.depot')
  assert.equal((await enregistrer(page, 1, 'Merci {demandeur}', bloc(0, 'Vos mots à vous.'))).statusCode, 303)
  const id = await deposerUn(DEMARCHE)
  await react('dossier-depose', id, 2)
  const { sujet, texte } = await messageOf(id)
  assert.match(sujet, /^Objet choisi \(/)
  for (const expected of [
    'Merci ',
    'Vos mots à vous.',
    'Votre référence',
    'Votre code',
    'Service chargé de la demande',
    '02 61 91 00 12',
    '/suivi?reference=',
  ])
    assert.ok(texte.includes(expected), `${expected} is missing:\n${texte}`)
  assert.ok(!texte.includes('Nous avons bien reçu votre demande'))
})

test('the code printed on a document tells if it holds, what it is and when: never whom it is for', async () => {
  const id = await accepte()
  await react('dossier-decide', id, 4)
  const { code } = (await documentsOf(id))[0]!
  assert.match(code!, /^([34679ACDEFGHJKMNPQRTWXY]{4}-){5}[34679ACDEFGHJKMNPQRTWXY]{4}$/)
  const typed = await post('/verifier', { code: ` ${code!.toLowerCase().replaceAll('-', ' ')}` })
  assert.equal(typed.headers.location, `/valnoir/verifier/${code}`)
  const seen = words((await get(`/verifier/${code}`)).body)
  assert.match(seen, /Ce document est valable.*Décision.*21 novembre 2026/)
  const dossier = await inTenant(app.db, collectivite.id, tx =>
    sql<{
      demandeur_nom: string
      reference: string
    }>`select demandeur_nom, reference from dossier where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx),
  )
  for (const secret of [dossier.rows[0]!.reference, ...dossier.rows[0]!.demandeur_nom.split(' ')]) assert.ok(!seen.includes(secret), secret)
  await agir(id, cas => rouvrir(cas, 'Erreur.'))
  assert.match(words((await get(`/verifier/${code}`)).body), /Ce document ne vaut plus.*révoqué le 21 novembre 2026/)

  const unknown = await get(`/verifier/${code!.replace(/^./, code![0] === 'A' ? 'C' : 'A')}`)
  const foreign = await get(`/verifier/${code}`, 'autre')
  const illWritten = await get('/verifier/pas-un-code')
  for (const { statusCode, body } of [unknown, foreign, illWritten]) assert.ok(statusCode === 200 && /Document inconnu/.test(body))
  assert.equal(unknown.body, illWritten.body)
  assert.equal(foreign.body, (await get('/verifier/pas-un-code', 'autre')).body)
  assert.equal((await post('/verifier', { code: 'trop court' })).statusCode, 422)
  assert.ok(ailleurs.collectivite.id !== collectivite.id)
})

test('who signs is chosen in the text: name, quality and image; withdrawn, the agent who decides signs', async () => {
  const png = await sharp({ create: { width: 900, height: 400, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
  const boundary = 'frontiere'
  const part = (name: string, value: string) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const send = (nom: string, image: Buffer) =>
    server.inject({
      method: 'POST',
      url: '/valnoir/agent/signatures',
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload: Buffer.concat([
        Buffer.from(part('_cle', newSecret()) + part('nom', nom) + part('qualite', 'Le maire')),
        Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="s.png"\r\nContent-Type: image/png\r\n\r\n`),
        image,
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ]),
    })
  const notAnImage = await send('Camille Fictif', Buffer.from('<svg/>'))
  assert.equal(notAnImage.statusCode, 422)
  assert.match(notAnImage.body, /value="Camille Fictif"/)
  assert.equal((await send('', png)).statusCode, 422)
  assert.equal((await send('Camille Fictif', png)).statusCode, 303)
  const { rows } = await inTenant(app.db, collectivite.id, tx =>
    sql<{ id: string; image: Buffer }>`select id, image from signataire where collectivite_id = ${collectivite.id}`.execute(tx),
  )
  const [signer] = rows
  assert.equal((await sharp(signer!.image).metadata()).height, 300)
  const page = await creer('document.accepter')
  assert.equal(
    (await enregistrer(page, 1, 'Autorisation', { ...bloc(0, 'Accordé.'), signataire: newSecret().slice(0, 36) })).statusCode,
    422,
  )
  assert.equal((await enregistrer(page, 1, 'Autorisation', { ...bloc(0, 'Accordé.'), signataire: signer!.id })).statusCode, 303)
  const sizeOf = async () => {
    const id = await accepte()
    await react('dossier-decide', id, 4)
    return (await bytesOf((await documentsOf(id))[0]!.fichier_id)).toString('latin1').match(/\/Subtype \/Image/g)?.length ?? 0
  }
  const withImage = await sizeOf()
  assert.equal((await post(`/agent/signatures/${signer!.id}/retrait`, {})).statusCode, 303)
  assert.ok(withImage > (await sizeOf()))
  await post(`${page}/retrait`, {})
})

test('a seal is put once, in the process that makes documents; expired, the document goes without it', async () => {
  let sealed = 0
  const seal: Seal = {
    name: 'Cachet fictif',
    notAfter: new Date('2027-01-01'),
    seal: async pdf => {
      sealed++
      return Buffer.concat([Buffer.from(pdf), Buffer.from('% scellé')])
    },
  }
  const id = await accepte()
  for (let run = 0; run < 3; run++) await react('dossier-decide', id, 4, { ...app, seal })
  assert.equal(sealed, 1)
  const [issued] = await documentsOf(id)
  assert.ok((await bytesOf(issued!.fichier_id)).includes('% scellé'))
  assert.match(words((await get(`/verifier/${issued!.code}`)).body), /Cachet électronique/)
  const other = await accepte()
  await react('dossier-decide', other, 4, { ...app, seal: { ...seal, notAfter: new Date('2026-01-01') } })
  assert.equal(sealed, 1)
  assert.equal((await documentsOf(other)).length, 1)
})

test('the buttons of the page write nothing: a datum is inserted, a block moves, a condition is built, the result is shown', async () => {
  const page = await creer('document.classer_sans_suite', DEMARCHE)
  const champs = { version: '1', titre: 'Classement', blocs: '2', ...bloc(0, 'Premier'), ...bloc(1, 'Second') }
  const inserted = await post(`${page}/essai`, { ...champs, geste: 'inserer', donnee0: 'demandeur', cible: 'b1' })
  assert.match(inserted.body, />Second \{demandeur\}</)
  const moved = await post(`${page}/essai`, { ...champs, geste: 'monter-1' })
  assert.match(moved.body.replaceAll('\n', ' '), />Second<.*>Premier</)
  const opened = await post(`${page}/essai`, { ...champs, geste: 'condition-0' })
  assert.match(opened.body, /name="ouvert" value="0"/)
  const sujet = opened.body.match(/name="c-n-champ"[\s\S]*?<option value="([^"]+)"/)![1]!
  const built = await post(`${page}/essai`, {
    ...champs,
    geste: 'voir',
    ouvert: '0',
    'c-mode': 'si',
    'c-n-champ': sujet,
    'c-n-comparaison': 'n_est_pas_vide',
  })
  assert.match(words(built.body), /Le document dira.*Premier.*Second/)
  assert.match(words(built.body), /Seulement si/)
  assert.match(built.body, /name="b0-si"/)
  const unreadable = await post(`${page}/essai`, { ...champs, geste: 'descendre-0', ouvert: '0', 'c-mode': 'si' })
  assert.equal(unreadable.statusCode, 422)
  assert.match(words(unreadable.body), /Choisissez une question pour la condition/)
  const { rows } = await inTenant(app.db, collectivite.id, tx =>
    sql<{
      n: number
    }>`select count(*)::int as n from version_gabarit where collectivite_id = ${collectivite.id} and gabarit_id = ${page.split('/').at(-1)}`.execute(
      tx,
    ),
  )
  assert.equal(rows[0]!.n, 1)
  assert.equal((await get('/agent/modeles/0192d3c5-0000-7000-8000-000000000000')).statusCode, 404)
  assert.equal((await get(page, 'autre')).statusCode, 404)
})

test('three days before the end of a correction the person is reminded, once, and not when it was just asked', async () => {
  const asking = (echeance: string) => (cas: Cas) =>
    demanderCorrection(cas, {
      motif: 'incomplet',
      message: 'Il manque une date.',
      champs: [cas.modele.formulaire.etapes[0]!.champs[0]!.id],
      echeance,
    })
  const id = await deposerUn(DEMARCHE)
  assert.ok((await agir(id, asking('2026-12-06'))).ok)
  const subjects = async () =>
    (
      await inTenant(app.db, collectivite.id, tx =>
        sql<{
          sujet: string
        }>`select sujet from envoi where collectivite_id = ${collectivite.id} and dossier_id = ${id} and cle like 'relance|%'`.execute(tx),
      )
    ).rows.length
  await relancerCorrections(app, {})
  assert.equal(await subjects(), 0)
  mairie.clock.set('2026-12-03T07:30:00Z')
  for (let run = 0; run < 2; run++) await relancerCorrections(app, {})
  assert.equal(await subjects(), 1)
  assert.match((await messageOf(id)).texte, /Répondez au plus tard le 6 décembre 2026/)
  mairie.clock.set('2026-11-21T09:30:00Z')
})

test('what silence decided: an attestation for an acceptance, the reasons to ask for and the appeal for a refusal', async () => {
  const under = async (regime: 'sva' | 'svr', effet: 'acceptation' | 'rejet') => {
    const id = await deposerUn(DEMARCHE)
    await inTenant(app.db, collectivite.id, async tx => {
      const { rows } = await sql<{
        definition: string
      }>`select definition from dossier where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx)
      const modele = await modelePublie(tx, rows[0]!.definition)
      const definition = await garderDefinition(tx, { ...modele, regime, silence: { ...modele.silence, effet } })
      await sql`update dossier set definition = ${definition}, etat = 'en_instruction' where collectivite_id = ${collectivite.id} and id = ${id}`.execute(
        tx,
      )
    })
    return id
  }
  const [granted, refused] = [await under('sva', 'acceptation'), await under('svr', 'rejet')]
  mairie.clock.set('2027-05-01T09:00:00Z')
  await deciderParSilenceJob(app, {})
  for (const id of [granted, refused]) await react('dossier-decide', id, 3)
  const [attestation] = await documentsOf(granted)
  assert.equal(attestation!.nature, 'attestation')
  assert.match(attestation!.titre, /^Attestation d’acceptation – /)
  assert.match(words((await get(`/verifier/${attestation!.code}`)).body), /Attestation d’acceptation par le silence/)
  assert.match((await messageOf(granted)).texte, /est acceptée depuis le .*Une attestation est dans votre dossier/s)
  const [refus] = await documentsOf(refused)
  assert.equal(refus!.nature, 'decision')
  assert.match(refus!.titre, /^Refus par le silence – /)
  assert.match((await messageOf(refused)).texte, /est refusée depuis le .*comment demander les motifs/s)
  mairie.clock.set('2026-11-21T09:30:00Z')
})
