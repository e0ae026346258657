import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { combien, noterPreuve } from '../../../../test/builders/preuves.ts'
import { verifyJournal } from '../../../platform/audit/journal.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import { ok, type Result } from '../../../platform/refusal.ts'
import { silenceDate } from '../../demarches/index.ts'
import type { Formulaire } from '../../formulaires/index.ts'
import { type Acte, replier, TERMINAUX } from '../dossier.ts'
import { avisDuDossier } from '../queries/avis-externe.ts'
import { casDuDossier } from '../queries/cas.ts'
import { correctionsDuDossier, documentsDuDossier, dossierParId, evenementsDuDossier, messagesDuDossier } from '../queries/dossier.ts'
import type { DemandeAvisRow } from '../tables.ts'
import { ouvrirMairie, usager } from '../testing.ts'
import { situationDe } from './advance.ts'
import { annoter } from './annoter.ts'
import { demanderAvis, relancerAvis, rendreAvis, retirerAvis } from './avis-externe.ts'
import { cacher, restaurer } from './cacher.ts'
import { desetiqueter, enregistrerEtiquette, etiqueter } from './etiqueter.ts'
import {
  attribuer,
  type Cas,
  changerService,
  decider,
  demanderCorrection,
  ecrire,
  marquerLus,
  prendreEnInstruction,
  remettre,
  repondreCorrection,
  rouvrir,
} from './instruire.ts'

const database = await testDatabase()
const mairie = await ouvrirMairie(database)
const { app, collectivite, agents, agir, clock, deposerUn } = mairie
const other = { nature: 'agent', id: agents[1], canal: 'web' } as const

const ETIQUETTE = { nom: 'Visite', ton: 'info', delaiJours: 5, enJoursOuvres: true } as const
const AVIS = {
  ...{
    question: 'Est-ce possible ?',
    nature: 'oui_non' as const,
    expertNom: 'Architecte fictif',
    expertCourriel: 'architecte@etat.example',
    rappelJours: null,
  },
  ...{ etapes: [], pieces: [], estConfidentielle: true },
} as const
const RESERVE: Formulaire = {
  etapes: [{ id: 'agents', titre: 'Agents', reservee: true, champs: [{ id: 'note', type: 'texte', libelle: 'Note' }] }],
}
const reading = <T>(read: (tx: Cas['tx']) => Promise<T>) => inTenant(app.db, collectivite.id, read)
const dossierOf = async (id: string) => (await reading(tx => dossierParId(tx, collectivite.id, id)))!
const evenementsOf = (id: string) => reading(tx => evenementsDuDossier(tx, collectivite.id, id))
const casOf = async (tx: Cas['tx'], id: string): Promise<Cas> => (await casDuDossier(app, tx, collectivite, id, other))!
const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.refusal.code)
const count = async (from: string, id: string) =>
  (
    await reading(tx =>
      sql<{
        n: number
      }>`select count(*)::int as n from ${sql.raw(from)} where ${sql.raw(from.includes('journal') ? 'objet' : 'charge::text')} like ${`%${id}%`}`.execute(
        tx,
      ),
    )
  ).rows[0]!.n

const finDuJournal = async () =>
  (await reading(tx => sql<{ rang: number }>`select rang from journal_tete where collectivite_id = ${collectivite.id}`.execute(tx))).rows[0]
    ?.rang ?? 0
/** What was written in the journal after a place in it, and how much of it is of a dossier. By rank, its only index: reading it whole at each history would be quadratic. */
const journalDepuis = async (rang: number, id: string) =>
  (
    await reading(tx =>
      sql<{ tout: number; du: number }>`select count(*)::int as tout, count(*) filter (where objet = ${`dossier:${id}`})::int as du
        from journal where collectivite_id = ${collectivite.id} and rang > ${rang}`.execute(tx),
    )
  ).rows[0]!

const etiquette = await reading(async tx => {
  const made = await enregistrerEtiquette(app, tx, { collectiviteId: collectivite.id, par: agents[0] }, ETIQUETTE)
  if (!made.ok) throw new Error(made.refusal.code)
  return made.value.id
})

/** Runs on the last opinion asked; `expert` is the same dossier in their hands. */
async function surLAvis(cas: Cas, work: (avis: DemandeAvisRow, expert: Cas) => Promise<Result<unknown>>): Promise<Result<unknown>> {
  const avis = (await avisDuDossier(cas.tx, collectivite.id, cas.dossier.id))[0]
  return avis ? work(avis, { ...cas, auteur: { nature: 'expert', id: avis.id, canal: 'web' } }) : ok(null)
}

const correction = (cas: Cas) =>
  demanderCorrection(cas, { motif: 'incomplet', message: 'Il manque une date.', champs: ['debut'], echeance: '2026-12-06' })
/** Sixty at each run of the tests; .ci/run plays ten thousand. */
const HISTOIRES = combien(60, 10_000)
/** The database's own analysis may come two minutes after the first rows: until then every dossier is looked for among all those of the commune. */
const ANALYSE_APRES = 100
const COMMANDS: readonly [nom: string, run: (cas: Cas) => Promise<Result<unknown>>][] = [
  ['prendre', prendreEnInstruction],
  ['correction', correction],
  ['repondre', cas => repondreCorrection(cas, cas.dossier.reponses)],
  ['accepter', cas => decider(cas, 'accepter', '')],
  ['refuser', cas => decider(cas, 'refuser', 'Complet.')],
  ['classer', cas => decider(cas, 'classer_sans_suite', 'Faite deux fois.')],
  ['rouvrir', cas => rouvrir(cas, 'Erreur de notre part.')],
  ['ecrire', cas => ecrire(cas, 'Bonjour')],
  ['remettre', cas => remettre(cas, '')],
  ['attribuer', cas => attribuer(cas, { id: agents[1], nom: 'Agent Fictif 2' })],
  ['étiqueter', cas => etiqueter(cas, etiquette)],
  ['désétiqueter', cas => desetiqueter(cas, etiquette)],
  ['demander un avis', cas => demanderAvis(cas, { ...AVIS, echeance: '2026-12-06' })],
  ['rendre un avis', async cas => surLAvis(cas, (avis, expert) => rendreAvis(expert, avis, { reponse: 'oui', texte: '', piece: null }))],
  ['relancer un avis', async cas => surLAvis(cas, avis => relancerAvis(cas, avis))],
  ['retirer un avis', async cas => surLAvis(cas, avis => retirerAvis(cas, avis))],
  ['annoter', cas => annoter(cas, 'agents', RESERVE, { champs: { note: `vu ${cas.dossier.version}` }, lignes: {} })],
  ['cacher', cas => cacher(cas, 'Essai')],
  ['restaurer', restaurer],
  ['changer de service', cas => changerService(cas, 'Voirie', 'C’est une affaire de voirie.')],
]

test('whatever agents do, the events fold to the stored state, one journal entry each, and the journal verifies', async () => {
  let played = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...COMMANDS), { minLength: 1, maxLength: 16 }), async commands => {
      if (++played === ANALYSE_APRES) await sql`analyze`.execute(database.owner.kysely)
      const before = await finDuJournal()
      const id = await deposerUn()
      for (const [, run] of commands) await agir(id, run)
      const [dossier, evenements] = [await dossierOf(id), await evenementsOf(id)]
      const actes = evenements.map(
        ({ nature, auteur_nature, motif }): Acte => ({ nature, auteur: auteur_nature, motif: motif ?? undefined }),
      )
      assert.deepEqual(replier(actes, 'ordinaire'), situationDe(dossier))
      assert.deepEqual(
        evenements.map(({ rang }) => rang),
        evenements.map((_, index) => index + 1),
      )
      assert.equal(dossier.version, evenements.length)
      assert.deepEqual(await journalDepuis(before, id), { tout: evenements.length, du: evenements.length })
      const ended = TERMINAUX.includes(dossier.etat)
      assert.equal(dossier.decide_le !== null, ended)
      assert.equal(dossier.silence_le === null, ended || dossier.correction_en_attente)
      const pending = (await reading(tx => correctionsDuDossier(tx, collectivite.id, id))).filter(({ repondue_le }) => repondue_le === null)
      assert.equal(pending.length, dossier.correction_en_attente ? 1 : 0)
    }),
    { numRuns: HISTOIRES },
  )
  const journal = await verifyJournal(app.db, collectivite.id)
  assert.ok(journal.isIntact)
  const nulle = { valeur: '0', cible: '0', tenue: true }
  noterPreuve({
    machine: 'histoires',
    titre: 'Des suites d’actes d’agents tirées au sort, sur une base réelle',
    mesures: [
      { nom: `Histoires où l’état gardé n’est pas celui que donnent les événements, sur ${HISTOIRES}`, ...nulle },
      { nom: 'Actes sans leur entrée au journal, ou entrées sans acte', ...nulle },
      { nom: 'Dossiers décidés sans date de décision, ou dont le silence court encore', ...nulle },
      { nom: 'Journal recalculé d’un bout à l’autre', valeur: 'intact', cible: 'intact', tenue: journal.isIntact },
    ],
  })
})

test('filing and each act are in the outbox once, in the transaction itself', async () => {
  const id = await deposerUn()
  assert.equal(await count('sortie', id), 1)
  await agir(id, prendreEnInstruction)
  assert.equal(await count('sortie', id), 2)
  await agir(id, cas => decider(cas, 'refuser', 'Complet.'))
  assert.equal(await count('sortie', id), 3)
  await assert.rejects(
    inTenant(app.db, collectivite.id, async tx => {
      assert.ok((await rouvrir(await casOf(tx, id), 'Erreur.')).ok)
      throw new Error('power cut')
    }),
    /power cut/,
  )
  assert.deepEqual([(await dossierOf(id)).etat, await count('sortie', id), (await evenementsOf(id)).length], ['refuse', 3, 4])
})

test('two agents at the same instant: one wins, the other is told the page is stale, nothing is half done', async () => {
  for (let round = 0; round < 10; round++) {
    const id = await deposerUn()
    let arrived = 0
    let open: () => void = () => {}
    const both = new Promise<void>(resolve => {
      open = resolve
    })
    // Both have read the dossier before either writes.
    const meet = async () => {
      if (++arrived === 2) open()
      await both
    }
    const results = await Promise.all([
      agir(id, async cas => {
        await meet()
        return prendreEnInstruction(cas)
      }),
      agir(
        id,
        async cas => {
          await meet()
          return correction(cas)
        },
        other,
      ),
    ])
    assert.deepEqual(results.map(codeOf).sort(), ['ok', 'page_perimee'])
    const [dossier, evenements] = [await dossierOf(id), await evenementsOf(id)]
    assert.deepEqual([dossier.version, evenements.length, await count('journal', id)], [3, 3, 3])
    const won = evenements.at(-1)!
    assert.equal(dossier.agent_id, won.auteur_id)
    assert.equal((await reading(tx => correctionsDuDossier(tx, collectivite.id, id))).length, won.nature === 'demander_correction' ? 1 : 0)
  }
})

test('a correction stops the clock of silence, the answer starts it again from the day after', async () => {
  const id = await deposerUn()
  assert.equal((await dossierOf(id)).silence_le, '2027-01-22')
  assert.equal(codeOf(await agir(id, correction)), 'ok')
  assert.equal((await dossierOf(id)).silence_le, null)
  assert.equal(codeOf(await agir(id, prendreEnInstruction)), 'correction_en_attente')
  clock.set('2026-11-22T08:00:00Z')
  const answered = await agir(id, cas => repondreCorrection(cas, cas.dossier.reponses), usager)
  assert.equal(codeOf(answered), 'ok')
  const { modele } = await reading(tx => casOf(tx, id))
  assert.equal((await dossierOf(id)).silence_le, silenceDate('2026-11-22', modele))
  assert.equal(codeOf(await agir(id, cas => repondreCorrection(cas, cas.dossier.reponses), usager)), 'aucune_correction')
  clock.set('2026-11-21T09:30:00Z')
})

test('an incomplete answer to a correction is refused and leaves it pending', async () => {
  const id = await deposerUn()
  await agir(id, correction)
  assert.equal(codeOf(await agir(id, cas => repondreCorrection(cas, { champs: {}, lignes: {} }), usager)), 'incomplet')
  assert.equal((await dossierOf(id)).correction_en_attente, true)
})

test('a correction without field, message or possible day is refused, with the place of the mistake', async () => {
  const id = await deposerUn()
  const ask = (change: object) =>
    agir(id, cas =>
      demanderCorrection(cas, { motif: 'perime', message: 'Trop ancien.', champs: ['debut'], echeance: '2026-11-22', ...change }),
    )
  for (const [change, code, field] of [
    [{ champs: [] }, 'champs_absents', 'champs'],
    [{ message: '' }, 'motif_absent', 'message'],
    [{ echeance: null }, 'echeance_passee', 'echeance-jour'],
    [{ echeance: '2026-11-21' }, 'echeance_passee', 'echeance-jour'],
    [{ echeance: '2027-11-22' }, 'echeance_passee', 'echeance-jour'],
  ] as const) {
    const result = await ask(change)
    assert.ok(!result.ok && result.refusal.code === code && result.refusal.field === field, code)
  }
  assert.equal(codeOf(await ask({ echeance: '2027-11-21' })), 'ok')
})

test('the other side’s messages become read, one’s own do not', async () => {
  const id = await deposerUn()
  await agir(id, cas => ecrire(cas, 'De la mairie'))
  await agir(id, cas => ecrire(cas, 'De la personne'), usager)
  await reading(tx => marquerLus(tx, clock.now(), collectivite.id, id, 'agent'))
  const messages = await reading(tx => messagesDuDossier(tx, collectivite.id, id))
  assert.deepEqual(
    messages.map(({ texte, lu_le }) => [texte, lu_le !== null]),
    [
      ['De la mairie', false],
      ['De la personne', true],
    ],
  )
})

test('another collectivité sees nothing of a dossier', async () => {
  const id = await deposerUn()
  const ailleurs = await ouvrirMairie(database, 'ailleurs')
  for (const scope of [collectivite.id, ailleurs.collectivite.id]) {
    const seen = await inTenant(app.db, ailleurs.collectivite.id, async tx => [
      await dossierParId(tx, scope, id),
      ...(await evenementsDuDossier(tx, scope, id)),
      ...(await documentsDuDossier(tx, scope, id)),
    ])
    assert.deepEqual(seen, [undefined])
  }
})
