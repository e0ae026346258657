import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { demanderAvis, relancerAvis, retirerAvis } from '../../src/modules/dossiers/commands/avis-externe.ts'
import { type Cas, decider } from '../../src/modules/dossiers/commands/instruire.ts'
import { avisDuDossier } from '../../src/modules/dossiers/queries/avis-externe.ts'
import { casDuDossier } from '../../src/modules/dossiers/queries/cas.ts'
import { inTenant } from '../../src/platform/db/open.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { ouvrirMonde } from './monde.ts'

const monde = await ouvrirMonde()
const { app, a, b, agents, siens, clock } = monde
const id = siens.depose.id
const get = (path: string, cookie = '') => monde.demander({ url: `${a.base}${path}`, cookie })
const row = async <T>(query: ReturnType<typeof sql<T>>) => (await inTenant(app.db, a.id, tx => query.execute(tx))).rows[0]!
const version = async () =>
  String((await row(sql<{ v: number }>`select version as v from dossier where collectivite_id = ${a.id} and id = ${id}`)).v)
const agir = async (path: string, fields: Record<string, string | string[]>) =>
  monde.demander({
    method: 'POST',
    url: `${a.base}/agent/dossiers/${id}/${path}`,
    cookie: agents.instructeur.cookie,
    fields: { _cle: newSecret(), version: await version(), ...fields },
  })
const DEMANDE = {
  expert_nom: 'Architecte des bâtiments de France',
  expert_courriel: 'abf@etat.example',
  question: 'Le projet abîme-t-il la vue sur l’église ?',
  nature: 'oui_non',
  'echeance-jour': '5',
  'echeance-mois': '12',
  'echeance-annee': '2026',
}
/** The link of the last message to the expert. */
const lien = async () => {
  const { texte } = await row(
    sql<{
      texte: string
    }>`select texte from envoi where collectivite_id = ${a.id} and destinataire = 'abf@etat.example' order by cree_le desc, id desc limit 1`,
  )
  return /\/avis\/([\w-]{32})/.exec(texte)![1]!
}
let multi = 0
const repondre = (jeton: string, fields: Record<string, string>, file?: { name: string; bytes: string; type: string }) => {
  const boundary = `limite${++multi}`
  const parts = Object.entries({ _cle: newSecret(), ...fields }).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  if (file)
    parts.push(
      `--${boundary}\r\ncontent-disposition: form-data; name="fichier"; filename="${file.name}"\r\ncontent-type: ${file.type}\r\n\r\n${file.bytes}\r\n`,
    )
  return monde.demander({
    method: 'POST',
    url: `${a.base}/avis/${jeton}`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: `${parts.join('')}--${boundary}--\r\n`,
  })
}
const evenements = async (nature: string) =>
  (
    await inTenant(app.db, a.id, tx =>
      sql<{
        auteur_nature: string
        donnees: object
      }>`select auteur_nature, donnees from evenement where collectivite_id = ${a.id} and dossier_id = ${id} and nature = ${nature}`.execute(
        tx,
      ),
    )
  ).rows

test('an opinion is asked with its mistakes told, and what was typed kept', async () => {
  for (const [change, champ] of [
    [{ question: '' }, 'question'],
    [{ expert_nom: '' }, 'expert_nom'],
    [{ expert_courriel: 'abf' }, 'expert_courriel'],
    [{ 'echeance-annee': '2025' }, 'echeance'],
    [{ 'echeance-jour': '31', 'echeance-mois': '2' }, 'echeance'],
  ] as const) {
    const answer = await agir('avis', { ...DEMANDE, ...(change as Record<string, string>) })
    assert.equal(answer.statusCode, 422, champ)
    assert.match(answer.body, new RegExp(`href="#${champ}"`))
    if (champ !== 'question') assert.match(answer.body, /abîme-t-il la vue/)
  }
  assert.equal((await evenements('demander_avis')).length, 0)
})

test('the link shows what was chosen and nothing else; unknown, of elsewhere, out of date or withdrawn, the same page to the byte', async () => {
  const form = await get(`/agent/dossiers/${id}/avis`, agents.instructeur.cookie)
  const etapes = [...form.body.matchAll(/name="etapes" value="([^"]+)"/g)].map(match => match[1]!)
  assert.ok(etapes.length > 1)
  const asked = await agir('avis', {
    ...DEMANDE,
    etapes: [etapes[1]!, 'inconnue'],
    pieces: [siens.depose.piece, monde.ailleurs.depose.piece],
  })
  assert.equal(asked.statusCode, 303, asked.body)
  const jeton = await lien()
  const page = await get(`/avis/${jeton}`)
  assert.equal(page.statusCode, 200)
  assert.match(page.body, /abîme-t-il la vue/)
  assert.match(page.body, /noindex/)
  assert.equal(page.headers['cache-control'], 'no-store')
  const dossier = await row(
    sql<{
      n: string
      c: string
    }>`select demandeur_nom as n, demandeur_courriel as c from dossier where collectivite_id = ${a.id} and id = ${id}`,
  )
  const [prenom] = dossier.n.split(' ')
  // Nothing of the étape that says who asks, no message, no code.
  assert.doesNotMatch(page.body, new RegExp(dossier.c))
  assert.doesNotMatch(page.body, new RegExp(`>${prenom}`))
  assert.doesNotMatch(page.body, /où en est ma demande/)
  assert.equal((await get(`/avis/${jeton}/pieces/${siens.depose.piece}`)).statusCode, 200)
  assert.equal((await get(`/avis/${jeton}/pieces/${monde.desAutres.depose.piece}`)).statusCode, 404)

  const unknown = await get(`/avis/${'A'.repeat(32)}`)
  assert.equal(unknown.statusCode, 404)
  const elsewhere = await monde.demander({ url: `${b.base}/avis/${jeton}` })
  assert.equal(elsewhere.statusCode, 404)
  clock.set('2027-01-05T23:30:00Z') // thirty days after 5 December, and a day
  assert.equal((await get(`/avis/${jeton}`)).body, unknown.body)
  clock.set('2026-11-21T09:30:00Z')
  const stored = await row(
    sql<{
      n: number
    }>`select count(*)::int as n from demande_avis where collectivite_id = ${a.id} and encode(jeton_empreinte, 'escape') like ${`%${jeton}%`}`,
  )
  assert.equal(stored.n, 0)
})

test('the opinion is given once for a double click, corrected until the decision, and shown as the agent chose', async () => {
  const jeton = await lien()
  assert.equal((await repondre(jeton, { texte: 'Rien.' })).statusCode, 422)
  const _cle = newSecret()
  const first = await repondre(jeton, { _cle, reponse: 'non', texte: 'AVIS-CANARI le mur est trop haut.' })
  assert.equal(first.statusCode, 303, first.body)
  assert.equal((await repondre(jeton, { _cle, reponse: 'non', texte: 'AVIS-CANARI le mur est trop haut.' })).statusCode, 303)
  assert.deepEqual(
    (await evenements('rendre_avis')).map(({ auteur_nature }) => auteur_nature),
    ['expert'],
  )
  assert.match((await get(`/agent/dossiers/${id}`, agents.instructeur.cookie)).body, /AVIS-CANARI/)
  const suivi = () => get(`/dossiers/${id}`, monde.titulaire.cookie)
  assert.match((await suivi()).body, /AVIS-CANARI/)
  await inTenant(app.db, a.id, tx => sql`update demande_avis set est_confidentielle = true where collectivite_id = ${a.id}`.execute(tx))
  assert.doesNotMatch((await suivi()).body, /AVIS-CANARI/)
  const file = { name: 'vue.pdf', bytes: '%PDF-1.7 vue', type: 'application/pdf' }
  assert.equal((await repondre(jeton, { reponse: 'oui', texte: 'Tout compte fait, oui.' }, file)).statusCode, 303)
  assert.match((await get(`/avis/${jeton}`)).body, /vue\.pdf/)
  const bad = await repondre(
    jeton,
    { reponse: 'oui', texte: 'Gardé malgré le fichier.' },
    { name: 'a.exe', bytes: 'MZ', type: 'application/octet-stream' },
  )
  assert.equal(bad.statusCode, 422)
  assert.match(bad.body, /Gardé malgré le fichier/)

  const decided = await inTenant(app.db, a.id, async tx => {
    const cas = await casDuDossier(app, tx, a, id, { nature: 'agent', id: agents.decideur.id, canal: 'web' })
    return decider(cas!, 'accepter', '')
  })
  assert.ok(decided.ok)
  const late = await repondre(jeton, { reponse: 'non', texte: 'Trop tard.' })
  assert.equal(late.statusCode, 409)
  assert.match(late.body, /ne peut plus changer/)
  assert.doesNotMatch((await get(`/avis/${jeton}`)).body, /Corriger mon avis/)
})

test('a reminder gives the same link, a withdrawal closes it', async () => {
  const other = siens.correction.id
  const act = async (path: string, fields: Record<string, string>, cookie = agents.instructeur.cookie) =>
    monde.demander({
      method: 'POST',
      url: `${a.base}/agent/dossiers/${other}/${path}`,
      cookie,
      fields: {
        _cle: newSecret(),
        version: String(
          (await row(sql<{ v: number }>`select version as v from dossier where collectivite_id = ${a.id} and id = ${other}`)).v,
        ),
        ...fields,
      },
    })
  assert.equal((await act('avis', { ...DEMANDE, confidentielle: 'oui' })).statusCode, 303)
  const jeton = await lien()
  const { avis } = await row(
    sql<{ avis: string }>`select id as avis from demande_avis where collectivite_id = ${a.id} and dossier_id = ${other}`,
  )
  assert.equal((await act(`avis/${avis}/rappel`, {})).statusCode, 303)
  assert.equal(await lien(), jeton)
  // A month after its last day, the link has closed: a reminder opens it again, and says that the day is past.
  clock.set('2027-01-05T23:30:00Z')
  assert.equal((await get(`/avis/${jeton}`)).statusCode, 404)
  assert.equal((await act(`avis/${avis}/rappel`, {}, await monde.frais('instructeur'))).statusCode, 303)
  assert.equal((await get(`/avis/${jeton}`)).statusCode, 200)
  const { texte } = await row(
    sql<{
      texte: string
    }>`select texte from envoi where collectivite_id = ${a.id} and destinataire = 'abf@etat.example' order by cree_le desc, id desc limit 1`,
  )
  assert.match(texte, /La réponse était attendue avant le 5 décembre 2026/)
  clock.set('2026-11-21T09:30:00Z')
  assert.equal((await act(`avis/${avis}/retrait`, {})).statusCode, 303)
  assert.equal((await get(`/avis/${jeton}`)).statusCode, 404)
  assert.equal((await repondre(jeton, { reponse: 'oui', texte: '' })).statusCode, 404)
  assert.equal((await act(`avis/${avis}/retrait`, {})).statusCode, 409)
})

test('withdrawn while the expert’s answer waits for the dossier: the answer is refused and writes nothing', async () => {
  const other = siens.correction.id
  const asked = await inTenant(app.db, a.id, async tx => {
    const cas = (await casDuDossier(app, tx, a, other, { nature: 'agent', id: agents.instructeur.id, canal: 'web' }))!
    return demanderAvis(cas, {
      rappelJours: null,
      ...{ question: 'Qu’en pensez-vous ?', nature: 'libre', expertNom: 'ABF', expertCourriel: 'abf@etat.example' },
      ...{ etapes: [], pieces: [], estConfidentielle: true, echeance: '2026-12-05' },
    })
  })
  assert.ok(asked.ok)
  const jeton = app.secrets.sign('avis-externe', asked.value.id)
  let answering: Promise<Awaited<ReturnType<typeof repondre>>> | undefined
  await inTenant(app.db, a.id, async tx => {
    const cas = (await casDuDossier(app, tx, a, other, { nature: 'agent', id: agents.instructeur.id, canal: 'web' }, true))!
    // inject() begins when it is awaited.
    answering = Promise.resolve(repondre(jeton, { texte: 'Avis donné trop tard.' }))
    // The answer has read its question and waits for the dossier.
    let isWaiting = false
    for (let tries = 0; tries < 150 && !isWaiting; tries++) {
      await new Promise(resolve => setTimeout(resolve, 20))
      const { rows } = await monde.admin.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'")
      isWaiting = rows.length > 0
    }
    assert.ok(isWaiting)
    const [avis] = await avisDuDossier(tx, a.id, other)
    assert.ok((await retirerAvis(cas, avis!)).ok)
  })
  const answer = await answering!
  assert.equal(answer.statusCode, 404)
  const kept = await row(
    sql<{
      t: string | null
      r: Date | null
    }>`select texte as t, rendue_le as r from demande_avis where collectivite_id = ${a.id} and id = ${asked.value.id}`,
  )
  assert.deepEqual([kept.t ?? '', kept.r], ['', null])
})

test('nobody is reminded about a dossier that is decided', async () => {
  const cas = async <T>(work: (found: Cas) => Promise<T>): Promise<T> =>
    inTenant(app.db, a.id, async tx =>
      work((await casDuDossier(app, tx, a, siens.depose.id, { nature: 'agent', id: agents.instructeur.id, canal: 'web' }))!),
    )
  const [avis] = await cas(({ tx }) => avisDuDossier(tx, a.id, siens.depose.id))
  const done = await cas(found => relancerAvis(found, { ...avis!, rendue_le: null }))
  assert.ok(!done.ok && done.refusal.code === 'avis_clos')
})
