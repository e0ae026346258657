import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import type { Route } from '../../../platform/http/route.ts'
import { createServer } from '../../../platform/http/server.ts'
import { newSecret } from '../../../platform/ids.ts'
import { collectiviteDuChemin } from '../../territoire/index.ts'
import { codeDuDossier } from '../code.ts'
import { listeners } from '../listeners/index.ts'
import { evenementsDuDossier } from '../queries/dossier.ts'
import { ouvrirMairie, usager } from '../testing.ts'
import { corriger, montrerCourriel } from '../web/agent/courriel.tsx'
import { corrigerCourriel } from './corriger-courriel.ts'
import { demanderCorrection, repondreCorrection } from './instruire.ts'
import { rectifier } from './rectifier.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, agir, deposerUn, evenement } = mairie
const lire = <T>(id: string, work: (cas: Parameters<Parameters<typeof agir>[1]>[0]) => Promise<T>) =>
  agir(id, async cas => ({ ok: true, value: await work(cas) })).then(done => {
    assert.ok(done.ok)
    return done.value as T
  })
const envois = async (id: string) =>
  (
    await inTenant(app.db, collectivite.id, tx =>
      sql<{
        destinataire: string
        sujet: string
        texte: string
        html: string
      }>`select destinataire, sujet, texte, html from envoi where collectivite_id = ${collectivite.id} and dossier_id = ${id} order by id`.execute(
        tx,
      ),
    )
  ).rows
const revenir = (id: string) =>
  inTenant(app.db, collectivite.id, tx =>
    sql`update envoi set etat = 'refuse' where collectivite_id = ${collectivite.id} and dossier_id = ${id}`.execute(tx),
  )
const NOUVELLE = { courriel: 'bonne.adresse@exemple.fr', motif: 'Donnée par téléphone.' }

/** A dossier whose accusé, with its code, came back. */
async function nonJoint(): Promise<string> {
  const id = await deposerUn()
  for (const listener of listeners.filter(({ on }) => on === 'dossier-depose'))
    await listener.handle(app, evenement('dossier-depose', id, 2))
  await revenir(id)
  return id
}

test('an address that takes no message is corrected once: event, author, reason, and a message that gives nothing away', async () => {
  const id = await nonJoint()
  const avant = await lire(id, async ({ dossier }) => dossier)
  const [accuse] = await envois(id)
  const code = codeDuDossier(app.secrets, avant)
  assert.ok(accuse!.texte.includes(code), 'the message that was lost holds the code')
  assert.ok((await agir(id, cas => corrigerCourriel(cas, NOUVELLE))).ok)
  const apres = await lire(id, async ({ dossier }) => dossier)
  assert.equal(apres.demandeur_courriel, NOUVELLE.courriel)
  const event = await lire(id, async cas => (await evenementsDuDossier(cas.tx, collectivite.id, id)).at(-1)!)
  assert.deepEqual([event.nature, event.auteur_id, event.motif], ['corriger_courriel', mairie.agents[0], NOUVELLE.motif])
  const [, sent, ...others] = await envois(id)
  assert.ok(sent && others.length === 0)
  assert.equal(sent.destinataire, NOUVELLE.courriel)
  // A stranger's address: neither the code, nor the reference, nor who, nor what.
  for (const secret of [code, code.replaceAll(/[\s-]/g, ''), avant.reference, avant.id, ...avant.demandeur_nom!.split(' '), 'restauration'])
    for (const words of [sent.sujet, sent.texte, sent.html])
      assert.ok(!words.toLowerCase().includes(secret.toLowerCase()), `${secret} is in the message:\n${words}`)
  assert.match(sent.texte, /\/valnoir\/suivi\n/)
})

test('the corrected address outlives an answer to a correction, and the person’s own word comes last', async () => {
  const id = await nonJoint()
  assert.ok((await agir(id, cas => corrigerCourriel(cas, NOUVELLE))).ok)
  const asked = { motif: 'incomplet', message: 'Il manque une date.', champs: ['debut'], echeance: '2026-12-06' } as const
  assert.ok((await agir(id, cas => demanderCorrection(cas, asked))).ok)
  assert.ok((await agir(id, cas => repondreCorrection(cas, cas.dossier.reponses), usager)).ok)
  const kept = await lire(id, async ({ dossier }) => dossier)
  assert.equal(kept.demandeur_courriel, NOUVELLE.courriel)
  assert.deepEqual(Object.values(kept.provenances), ['Corrigée par la mairie'])
  assert.ok((await agir(id, cas => rectifier(cas, { courriel: 'la.mienne@exemple.fr' }), usager)).ok)
  const own = await agir(id, cas => corrigerCourriel(cas, NOUVELLE))
  assert.ok(!own.ok && own.refusal.code === 'courriel_sans_echec')
})

test('an address that works is nobody’s to change; the same, an ill-written one or no reason are refused; an agent’s own mistake is mended', async () => {
  const works = await deposerUn()
  const refused = await agir(works, cas => corrigerCourriel(cas, NOUVELLE))
  assert.ok(!refused.ok && refused.refusal.code === 'courriel_sans_echec')
  const id = await nonJoint()
  const present = (await lire(id, async ({ dossier }) => dossier)).demandeur_courriel!
  for (const [typed, code, field] of [
    [{ ...NOUVELLE, courriel: present }, 'courriel_inchange', 'courriel'],
    [{ ...NOUVELLE, courriel: 'pas une adresse' }, 'courriel_invalide', 'courriel'],
    [{ ...NOUVELLE, courriel: 'a@exemple.fr, b@exemple.fr' }, 'courriel_invalide', 'courriel'],
    [{ ...NOUVELLE, courriel: 'a@exemple.fr\nBcc: b@exemple.fr' }, 'courriel_invalide', 'courriel'],
    [{ ...NOUVELLE, motif: '  ' }, 'motif_absent', 'motif'],
  ] as const) {
    const done = await agir(id, cas => corrigerCourriel(cas, typed))
    assert.ok(!done.ok && done.refusal.code === code && done.refusal.field === field, JSON.stringify(done))
  }
  assert.equal((await envois(id)).length, 1)
  assert.ok((await agir(id, cas => corrigerCourriel(cas, { ...NOUVELLE, courriel: 'mal.entendue@exemple.fr' }))).ok)
  // It takes messages, and it is another's: the agent may put it right, the person has not.
  assert.ok((await agir(id, cas => corrigerCourriel(cas, NOUVELLE))).ok)
})

test('the page: the address read again with the person, what is typed kept when refused, nothing to correct where messages arrive', async () => {
  const guarded = {
    scope: 'collectivite',
    access: { kind: 'agent', permission: 'dossiers.instruire' },
    path: '/agent/dossiers/:id/courriel',
  } as const
  const routes: Route[] = [
    { ...guarded, method: 'GET', handle: montrerCourriel },
    { ...guarded, method: 'POST', handle: corriger },
  ]
  const server = await createServer(app, routes, {
    tenant: collectiviteDuChemin,
    segmentOfHost: () => undefined,
    agent: async () => ({
      ...{ id: mairie.agents[0], nom: 'Agent Fictif 1', courriel: 'un@valnoir.example', roles: [] },
      ...{ permissions: new Set(['dossiers.instruire']), portee: { sauf: [], seulement: null } },
    }),
    errorPage: (_app, _tenant, refusal, { kept }) => `${refusal.code} ${JSON.stringify(kept ?? {})}`,
  })
  const at = (id: string) => `/valnoir/agent/dossiers/${id}/courriel`
  const post = (id: string, payload: Record<string, string>) =>
    server.inject({
      method: 'POST',
      url: at(id),
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ _cle: newSecret(), ...payload }).toString(),
    })
  const id = await nonJoint()
  const { version, demandeur_courriel: lost } = await lire(id, async ({ dossier }) => dossier)
  assert.ok((await server.inject({ url: at(id) })).body.includes(lost!))
  const typed = { version: String(version), courriel: 'nouvelle@exemple.fr', motif: 'Au guichet.' }
  const refused = await post(id, typed)
  assert.equal(refused.statusCode, 422)
  assert.match(refused.body, /lettre par lettre/)
  for (const kept of ['nouvelle@exemple.fr', 'Au guichet.']) assert.ok(refused.body.includes(kept), kept)
  assert.equal((await envois(id)).length, 1, 'nothing left')
  const done = await post(id, { ...typed, relue: 'oui' })
  assert.equal(done.statusCode, 303, done.body)
  assert.match(String(done.headers.location), /fait=courriel/)
  const works = await deposerUn()
  assert.equal((await server.inject({ url: at(works) })).statusCode, 409)
})
