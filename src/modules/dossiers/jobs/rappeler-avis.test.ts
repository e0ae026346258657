import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { dossiersNonJoints } from '../../envois/index.ts'
import { demanderAvis, relancerAvis, rendreAvis, retirerAvis } from '../commands/avis-externe.ts'
import { corrigerCourriel } from '../commands/corriger-courriel.ts'
import { type Cas, decider, prendreEnInstruction } from '../commands/instruire.ts'
import { listeners } from '../listeners/index.ts'
import { avisDuDossier } from '../queries/avis-externe.ts'
import { evenementsDuDossier } from '../queries/dossier.ts'
import { ouvrirMairie, usager } from '../testing.ts'
import { rappelerLesAvis } from './rappeler-avis.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, clock, collectivite, agents, agir, deposerUn, evenement } = mairie
const EXPERT = 'abf@etat.example'

const ecrits = async (id: string, destinataire: string) =>
  (
    await inTenant(app.db, collectivite.id, tx =>
      sql<{ sujet: string; texte: string }>`select sujet, texte from envoi where collectivite_id = ${collectivite.id} and dossier_id = ${id}
        and destinataire = ${destinataire} order by id`.execute(tx),
    )
  ).rows
const natures = async (id: string) =>
  (await inTenant(app.db, collectivite.id, tx => evenementsDuDossier(tx, collectivite.id, id))).map(({ nature }) => nature)
const avisDe = async (cas: Cas) => (await avisDuDossier(cas.tx, collectivite.id, cas.dossier.id))[0]!

async function demande(rappelJours: number | null = 3): Promise<string> {
  clock.set('2026-11-21T09:30:00Z')
  const id = await deposerUn()
  const asked = { question: 'Est-ce possible ?', nature: 'libre', expertNom: 'Expert Fictif', expertCourriel: EXPERT } as const
  const done = await agir(id, cas =>
    demanderAvis(cas, { ...asked, etapes: [], pieces: [], estConfidentielle: true, echeance: '2026-12-01', rappelJours }),
  )
  assert.ok(done.ok)
  return id
}
const matins = async (...days: string[]) => {
  for (const day of days) {
    clock.set(`${day}T06:40:00Z`)
    for (let run = 0; run < 2; run++) await rappelerLesAvis(app, {})
  }
}

test('whoever has not answered is reminded once, on the day chosen, by the same link; an event says so, and no answer is taken for read', async () => {
  const id = await demande()
  const silent = await demande(null)
  await matins('2026-11-27')
  assert.equal((await ecrits(id, EXPERT)).length, 1, 'not before its day')
  await inTenant(app.db, collectivite.id, tx =>
    sql`update dossier set reponse_le = now() where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx),
  )
  await matins('2026-11-28', '2026-11-29', '2026-12-01', '2026-12-02')
  const [first, reminder, ...others] = await ecrits(id, EXPERT)
  assert.ok(first && reminder && others.length === 0)
  assert.match(reminder.sujet, /rappel/)
  const linkIn = (text: string) => /\/avis\/([\w-]{32})/.exec(text)?.[1]
  assert.equal(linkIn(reminder.texte), linkIn(first.texte))
  assert.deepEqual((await natures(id)).slice(-2), ['demander_avis', 'relancer_avis'])
  const kept = await inTenant(app.db, collectivite.id, tx =>
    sql<{ n: Date | null }>`select reponse_le as n from dossier where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx),
  )
  assert.ok(kept.rows[0]!.n)
  assert.equal((await ecrits(silent, EXPERT)).length, 1)
})

test('days when the machine was off are caught up; nobody is reminded once given, withdrawn, decided, late or just reminded', async () => {
  const late = await demande()
  const given = await demande()
  const withdrawn = await demande()
  const decided = await demande()
  const reminded = await demande()
  assert.ok((await agir(withdrawn, async cas => retirerAvis(cas, await avisDe(cas)))).ok)
  assert.ok((await agir(decided, prendreEnInstruction)).ok)
  assert.ok((await agir(decided, cas => decider(cas, 'accepter', ''))).ok)
  const answer = { reponse: null, texte: 'Oui.', piece: null }
  const expert = { nature: 'expert', id: null, canal: 'web' } as const
  assert.ok((await agir(given, async cas => rendreAvis(cas, await avisDe(cas), answer), expert)).ok)
  clock.set('2026-11-28T17:00:00Z')
  assert.ok((await agir(reminded, async cas => relancerAvis(cas, await avisDe(cas)))).ok)
  await matins('2026-11-30')
  assert.equal((await ecrits(late, EXPERT)).length, 2)
  for (const id of [given, withdrawn, decided]) assert.equal((await ecrits(id, EXPERT)).length, 1)
  assert.equal((await ecrits(reminded, EXPERT)).length, 2, 'by the agent alone')
  const tooLate = await demande()
  await matins('2026-12-02')
  assert.equal((await ecrits(tooLate, EXPERT)).length, 1)
})

test('who asked and who is in charge are told that an opinion came, once a day, without its words; who may not handle it any more is not', async () => {
  const id = await demande()
  const courriel = (agent: string) => `${agent}@valnoir.example`
  assert.ok((await agir(id, prendreEnInstruction, { nature: 'agent', id: agents[1], canal: 'web' })).ok)
  const avis = await agir(id, async cas => ({ ok: true, value: (await avisDe(cas)).id }))
  assert.ok(avis.ok)
  const rendre = async (texte: string) => {
    const done = await agir(id, async cas => rendreAvis(cas, await avisDe(cas), { reponse: null, texte, piece: null }), {
      nature: 'expert',
      id: avis.value,
      canal: 'web',
    })
    assert.ok(done.ok)
    for (const listener of listeners.filter(({ on }) => on === 'avis-rendu'))
      for (let run = 0; run < 2; run++) await listener.handle(app, evenement('avis-rendu', id, done.value.rang))
  }
  await rendre('SECRET-DE-L-EXPERT')
  await rendre('SECRET-CORRIGE')
  for (const agent of agents) {
    const told = await ecrits(id, courriel(agent))
    assert.equal(told.length, 1, agent)
    assert.ok(!told[0]!.texte.includes('SECRET'))
    assert.match(told[0]!.texte, new RegExp(`/agent/dossiers/${id}#avis`))
  }
  await inTenant(app.db, collectivite.id, tx =>
    sql`update habilitation set retiree_le = now() where collectivite_id = ${collectivite.id} and agent_id = ${agents[0]}`.execute(tx),
  )
  clock.set('2026-11-23T09:00:00Z')
  await rendre('Changé le lendemain.')
  assert.equal((await ecrits(id, courriel(agents[0]))).length, 1)
  assert.equal((await ecrits(id, courriel(agents[1]))).length, 2)
  await inTenant(app.db, collectivite.id, tx =>
    sql`update habilitation set retiree_le = null where collectivite_id = ${collectivite.id} and agent_id = ${agents[0]}`.execute(tx),
  )
})

test('a message that did not arrive stays to make up for, whoever else was written to since, until its address is corrected', async () => {
  const id = await deposerUn('restauration-scolaire', usager)
  for (const listener of listeners.filter(({ on }) => on === 'dossier-depose'))
    await listener.handle(app, evenement('dossier-depose', id, 2))
  await inTenant(app.db, collectivite.id, tx =>
    sql`update envoi set etat = 'refuse' where collectivite_id = ${collectivite.id} and dossier_id = ${id}`.execute(tx),
  )
  const waits = () => inTenant(app.db, collectivite.id, async tx => (await dossiersNonJoints(tx, collectivite.id)).includes(id))
  assert.ok(await waits())
  clock.set('2026-11-21T09:30:00Z')
  const asked = {
    question: 'Est-ce possible ?',
    nature: 'libre',
    expertNom: 'Expert Fictif',
    expertCourriel: EXPERT,
    rappelJours: null,
  } as const
  assert.ok(
    (await agir(id, cas => demanderAvis(cas, { ...asked, etapes: [], pieces: [], estConfidentielle: true, echeance: '2026-12-01' }))).ok,
  )
  assert.ok(await waits(), 'an expert reached is not the person reached')
  assert.ok((await agir(id, cas => corrigerCourriel(cas, { courriel: 'bonne@exemple.fr', motif: 'Par téléphone.' }))).ok)
  assert.ok(!(await waits()))
})
