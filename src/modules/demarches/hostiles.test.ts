import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testApp } from '../../platform/app.testing.ts'
import { stoppedClock } from '../../platform/clock.ts'
import { inTenant, type Tx } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { newId } from '../../platform/ids.ts'
import { creerDemarche } from './commands/creer-demarche.ts'
import { proposerAuxAutres } from './commands/partager.ts'
import { publierDemarche } from './commands/publier-demarche.ts'
import { checkModele, type Modele } from './demarche.ts'
import { demarcheVierge } from './demarche-vierge.ts'
import { lireFichier } from './fichier.ts'
import { idDuModele } from './partage.ts'
import { versionDuModele } from './queries/catalogue.ts'

const database = await testDatabase()
const app = testApp(database.app, { clock: stoppedClock('2026-11-22T09:00:00Z') })
const commune = newId()
const agentId = newId()
await sql`insert into collectivite (id, nature, nom, chemin, code, departement, ouverte_le)
  values (${commune}, 'commune', 'Valnoir', 'valnoir', '14001', '14', now())`.execute(database.owner.kysely)
const place = { collectiviteId: commune, agentId }
const dans = <T>(work: (tx: Tx) => Promise<T>) => inTenant(database.app, commune, work)

/** Begins a démarche, publishes it and offers it to the others. */
const proposer = (modele: Modele) =>
  dans(async tx => {
    const made = await creerDemarche(app, tx, place, modele)
    assert.ok(made.ok)
    const atelier = { ...place, demarcheId: made.value.id }
    assert.ok((await publierDemarche(app, tx, atelier)).ok)
    return { demarcheId: made.value.id, offered: await proposerAuxAutres(app, tx, atelier) }
  })

test('a file with a NUL, half a character or a control of direction in a text is refused with its place, not by the database', () => {
  const base = demarcheVierge('Emprunter un vélo')
  const places: [string, (text: string) => Modele][] = [
    ['titre', text => ({ ...base, titre: text })],
    ['service', text => ({ ...base, service: text })],
    ['motsCles.0', text => ({ ...base, motsCles: [text] })],
    ['avisUrl', text => ({ ...base, avisUrl: `https://exemple.fr/${text}` })],
    ['aiguillage.0.expression.termes.0.constante', text => ({ ...base, aiguillage: [aiguillage(text)] })],
    ['formulaire.parametres.0.defaut', text => ({ ...base, formulaire: { ...base.formulaire, parametres: [parametre(text)] } })],
  ]
  const aiguillage = (text: string) => ({
    service: 'Voirie',
    expression: { op: '=' as const, termes: [{ constante: text }, { constante: 'oui' }] },
  })
  const parametre = (defaut: string) => ({ id: 'mot', type: 'texte' as const, libelle: 'Mot', defaut })
  for (const [lieu, made] of places) {
    assert.deepEqual(checkModele(made('propre')), [], lieu)
    for (const bad of ['a\0b', 'a\ud800b', 'a\u202eb', 'a\u0007b']) {
      const lu = lireFichier(Buffer.from(JSON.stringify(made(bad))))
      assert.deepEqual(lu, { ok: false, defauts: [{ lieu, message: 'caractère de contrôle refusé' }] }, `${lieu} ${JSON.stringify(bad)}`)
    }
  }
})

test('a definition of a megabyte is refused: every change of its working copy would keep another one', () => {
  const base = demarcheVierge('Emprunter un vélo')
  const options = Array.from({ length: 50 }, (_, n) => ({ id: `o${n}`, libelle: `Choix ${n} ${'long '.repeat(30)}`.trim() }))
  const champs = Array.from({ length: 40 }, (_, n) => ({ id: `c${n}`, type: 'choix' as const, libelle: `Question ${n}`, options }))
  const etapes = [...base.formulaire.etapes, { id: 'lourde', titre: 'Lourde', champs }] as Modele['formulaire']['etapes']
  assert.deepEqual(checkModele({ ...base, formulaire: { ...base.formulaire, etapes } }), [
    { lieu: 'démarche', message: '200 000 caractères au plus en tout' },
  ])
})

test('an expression nested forty thousand times is refused with a sentence, wherever it is', () => {
  const base = demarcheVierge('Emprunter un vélo')
  const deep = `${'{"op":"non","termes":['.repeat(40_000)}{"constante":true}${']}'.repeat(40_000)}`
  const places = [
    { ...base, aiguillage: [{ service: 'Voirie', expression: '@' }] },
    { ...base, formulaire: { ...base.formulaire, refusSi: [{ expression: '@', explication: 'Non.' }] } },
    { ...base, titre: '@' },
    { ...base, inconnu: '@' },
  ]
  for (const place of places) {
    const lu = lireFichier(Buffer.from(JSON.stringify(place).replace('"@"', deep)))
    assert.ok(!lu.ok && lu.defauts.every(({ message }) => message === 'définition trop profonde'), JSON.stringify(lu).slice(0, 200))
  }
})

test('two démarches whose long names begin alike never become versions of the same template', async () => {
  const titre = 'Demander la location de la salle polyvalente municipale'
  const first = await proposer(demarcheVierge(titre))
  const second = await proposer(demarcheVierge(titre))
  assert.ok(first.offered.ok && second.offered.ok)
  assert.notEqual(first.demarcheId, second.demarcheId)
  assert.notEqual(first.offered.value.id, second.offered.value.id)
  assert.equal(second.offered.value.version, 1)
  for (const id of [first.offered.value.id, second.offered.value.id]) {
    assert.match(id, /^[a-z][a-z0-9-]{2,59}$/)
    assert.equal(await dans(tx => versionDuModele(tx, id, 2)), undefined)
  }
  assert.equal(idDuModele(commune, 'pret-de-materiel'), `pret-de-materiel-${commune.slice(-12)}`)
})

test('two agents who begin a démarche of the same title at once have one each', async () => {
  const made = await Promise.all([1, 2, 3, 4].map(() => dans(tx => creerDemarche(app, tx, place, demarcheVierge('Prêter une échelle')))))
  assert.deepEqual(made.map(one => one.ok && one.value.id).sort(), [
    'preter-une-echelle',
    'preter-une-echelle-2',
    'preter-une-echelle-3',
    'preter-une-echelle-4',
  ])
})

test('a collectivité does not fill the catalogue of the others: eighty templates, then a sentence; a withdrawn one makes room', async () => {
  const [{ n }] = (
    await sql<{ n: number }>`select count(*)::int as n from modele_demarche where origine_id = ${commune}`.execute(database.owner.kysely)
  ).rows as [{ n: number }]
  for (let rank = n; rank < 80; rank++) assert.ok((await proposer(demarcheVierge(`Modèle numéro ${rank}`))).offered.ok)
  const refused = await proposer(demarcheVierge('Un de trop'))
  assert.ok(!refused.offered.ok && refused.offered.refusal.code === 'trop_de_modeles')
  await sql`update modele_demarche set retire_le = now() where origine_id = ${commune} and id like 'modele-numero-40-%'`.execute(
    database.owner.kysely,
  )
  assert.ok((await proposer(demarcheVierge('Il y a de la place'))).offered.ok)
})
