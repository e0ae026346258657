import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { exemples } from '../../src/modules/demarches/livre.ts'

import { inTenant } from '../../src/platform/db/open.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { ouvrirMonde, unDossier } from './monde.ts'

const monde = await ouvrirMonde()
const { a, admin } = monde
type Fields = Record<string, string | string[]>

const post = (url: string, cookie: string, fields: Fields) => monde.demander({ method: 'POST', url, cookie, fields })
const together = (url: string, cookie: string, fields: Fields): Promise<LightMyRequestResponse[]> =>
  Promise.all(Array.from({ length: 10 }, () => post(url, cookie, fields)))
const count = async (query: string, ...values: unknown[]) =>
  Number((await admin.query(`select count(*) as n from ${query}`, values)).rows[0].n)
const row = async (id: string) => (await admin.query('select * from dossier where id = $1', [id])).rows[0]

function assertOne(answers: readonly LightMyRequestResponse[], location: RegExp): string {
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    Array.from({ length: 10 }, () => 303),
    answers.find(r => r.statusCode !== 303)?.body.match(/<main[\s\S]{0,800}/)?.[0],
  )
  const places = new Set(answers.map(({ headers }) => String(headers.location)))
  assert.equal(places.size, 1, [...places].join())
  assert.match([...places][0]!, location)
  return [...places][0]!
}

const responsable = exemples['restauration-scolaire']![0]!.envois[0]!.saisie as Fields
const premiere = `${a.base}/demarches/restauration-scolaire/commencer`

test('the first page of a form sent ten times at once, from a browser without cookie: one draft, one cookie that opens it', async () => {
  const before = await count('dossier')
  const fields = { ...responsable, _cle: newSecret() }
  const answers = await together(premiere, '', fields)
  const location = assertOne(answers, /\/brouillons\/[0-9a-f-]{36}\/etapes\/enfants$/)
  assert.equal(await count('dossier'), before + 1)
  const cookies = new Set(answers.flatMap(({ cookies: set }) => set.map(({ name, value }) => `${name}=${value}`)))
  assert.equal(cookies.size, 1, 'whichever answer arrives, the cookie is the same')
  assert.equal((await monde.demander({ url: location, cookie: [...cookies][0]! })).statusCode, 200)
  // The answer was lost, the person corrects and sends again from the same page: the same draft, with what was sent last.
  const again = await post(premiere, '', { ...fields, responsableNom: 'Corrigé' })
  assert.equal(again.headers.location, location)
  assert.equal(`${again.cookies[0]?.name}=${again.cookies[0]?.value}`, [...cookies][0])
  assert.equal(await count('dossier'), before + 1)
  assert.match(JSON.stringify((await row(location.split('/')[3]!)).reponses), /Corrigé/)
})

test('the same key in another commune, or in another form, makes no accident', async () => {
  const key = newSecret()
  const fields = { ...responsable, _cle: key }
  const first = await post(premiere, '', fields)
  assert.equal(first.statusCode, 303)
  const other = await post(premiere.replace(a.base, monde.b.base), '', fields)
  assert.ok(other.statusCode === 303 || other.statusCode === 409, `${other.statusCode}`)
  if (other.statusCode === 303) {
    const cookie = other.cookies.map(({ name, value }) => `${name}=${value}`).join()
    assert.equal((await monde.demander({ url: String(other.headers.location), cookie })).statusCode, 200, 'the draft opens')
  }
  const message = await post(`${a.base}/dossiers/${monde.siens.depose.id}/messages`, monde.titulaire.cookie, {
    _cle: key,
    texte: 'Bonjour',
  })
  assert.equal(message.statusCode, 409, 'a key of a draft is no key of a message')
  const used = newSecret()
  assert.equal(
    (await post(`${a.base}/dossiers/${monde.siens.depose.id}/messages`, monde.titulaire.cookie, { _cle: used, texte: 'Bonjour' }))
      .statusCode,
    303,
  )
  assert.equal((await post(premiere, '', { ...responsable, _cle: used })).statusCode, 409, 'a key of a message opens no draft')
})

test('the key of a draft gives no right to the draft of somebody else', async () => {
  const key = newSecret()
  const mine = await post(premiere, monde.titulaire.cookie, { ...responsable, _cle: key })
  const id = String(mine.headers.location).split('/')[3]!
  const stolen = await post(premiere, monde.autre.cookie, { ...responsable, responsableNom: 'Intrus', _cle: key })
  assert.equal((await monde.demander({ url: String(mine.headers.location), cookie: monde.autre.cookie })).statusCode, 404)
  assert.doesNotMatch(JSON.stringify((await row(id)).reponses), /Intrus/, `${stolen.statusCode}: another session wrote in it`)
})

test('filing ten times at once files once', async () => {
  const { id } = await inTenant(monde.app.db, a.id, tx => unDossier(monde.app, tx, a, monde.titulaire.id, 'restauration-scolaire', false))
  const url = `${a.base}/brouillons/${id}/depot`
  const _cle = newSecret()
  const location = assertOne(await together(url, monde.titulaire.cookie, { _cle }), /\/dossiers\/[^/]+\/accuse$/)
  assert.equal(await count("evenement where nature = 'deposer' and dossier_id = $1", id), 1)
  assert.equal(await count("journal where action = 'dossier.deposer' and objet = $1", `dossier:${id}`), 1)
  assert.equal(await count("sortie where charge->>'sujetId' = $1 and charge->>'nature' = 'dossier-depose'", id), 1)
  // The answer lost, days later, from another page of the same draft: the same receipt.
  assert.equal((await post(url, monde.titulaire.cookie, { _cle })).headers.location, location)
  assert.equal((await post(url, monde.titulaire.cookie, { _cle: newSecret() })).headers.location, location)
  assert.equal(await count("evenement where nature = 'deposer' and dossier_id = $1", id), 1)
})

test('a message sent ten times at once is written once; the same key with another text is refused', async () => {
  for (const [url, cookie, more] of [
    [`${a.base}/dossiers/${monde.siens.depose.id}/messages`, monde.titulaire.cookie, {}],
    [`${a.base}/agent/dossiers/${monde.desAutres.depose.id}/messages`, monde.agents.instructeur.cookie, { version: '4' }],
  ] as const) {
    const id = url.match(/dossiers\/([^/]+)/)![1]!
    const version = { ...more, ...('version' in more ? { version: String((await row(id)).version) } : {}) }
    const before = await count('message where dossier_id = $1', id)
    const fields = { ...version, _cle: newSecret(), texte: 'Une seule fois.' }
    const location = assertOne(await together(url, cookie, fields), /dossiers/)
    assert.equal(await count('message where dossier_id = $1', id), before + 1)
    const other = await post(url, cookie, { ...fields, texte: 'Autre chose' })
    assert.equal(other.statusCode, 409)
    assert.match(other.body, /déjà servi/)
    assert.equal((await post(url, cookie, fields)).headers.location, location)
    assert.equal(await count('message where dossier_id = $1', id), before + 1)
  }
})

test('a decision ten times at once is taken once; two agents at once, one decision', async () => {
  const { depose } = await monde.encore()
  const url = (act: string) => `${a.base}/agent/dossiers/${depose.id}/${act}`
  const fields = { version: String((await row(depose.id)).version), _cle: newSecret(), motif: 'Rue en travaux.' }
  assertOne(await together(url('refus'), monde.agents.decideur.cookie, fields), /fait=refus$/)
  assert.equal(await count("evenement where nature = 'refuser' and dossier_id = $1", depose.id), 1)
  assert.equal(await count("sortie where charge->>'sujetId' = $1 and charge->>'nature' = 'dossier-decide'", depose.id), 1)
  assert.equal((await post(url('refus'), monde.agents.decideur.cookie, { ...fields, motif: 'Autre motif' })).statusCode, 409)

  const { depose: next } = await monde.encore()
  const version = String((await row(next.id)).version)
  const acts = ['acceptation', 'refus', 'classement', 'acceptation', 'refus', 'classement']
  const answers = await Promise.all(
    acts.map(act =>
      post(`${a.base}/agent/dossiers/${next.id}/${act}`, monde.agents.decideur.cookie, { version, _cle: newSecret(), motif: 'Motif' }),
    ),
  )
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [303, 409, 409, 409, 409, 409])
  assert.equal(await count("evenement where nature in ('accepter', 'refuser', 'classer_sans_suite') and dossier_id = $1", next.id), 1)
})

test('a correction sent ten times at once is answered once', async () => {
  const { correction } = await monde.encore()
  const url = `${a.base}/dossiers/${correction.id}/correction`
  assertOne(await together(url, monde.titulaire.cookie, { _cle: newSecret() }), /\/dossiers\/[^/]+$/)
  assert.equal(await count("evenement where nature = 'repondre_correction' and dossier_id = $1", correction.id), 1)
})

test('a refusal keeps no key: the same page sent again, corrected, is accepted', async () => {
  const url = `${a.base}/dossiers/${monde.siens.depose.id}/messages`
  const _cle = newSecret()
  assert.equal((await post(url, monde.titulaire.cookie, { _cle, texte: '' })).statusCode, 422)
  assert.equal((await post(url, monde.titulaire.cookie, { _cle, texte: 'Cette fois.' })).statusCode, 303)
})
