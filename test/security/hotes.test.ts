import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { exemples } from '../../src/modules/demarches/livre.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { ouvrirMonde } from './monde.ts'

const monde = await ouvrirMonde()
const HOTE = 'vire.territoire.example'

test('a commune under its own host: addresses without its segment, sessions that do not cross, one 404', async () => {
  await monde.admin.query('update collectivite set hote = $1 where id = $2', [HOTE, monde.a.id])
  await monde.admin.query("select pg_notify('parvis_changement', '*')")
  const headers = { host: HOTE }
  const get = (url: string, cookie = '') => monde.demander({ url, cookie, headers })
  const post = (url: string, fields: Record<string, string | string[]>, cookie = '') =>
    monde.demander({ method: 'POST', url, fields, cookie, headers })
  const deadline = performance.now() + 5000
  while ((await get('/demarches')).statusCode !== 200 && performance.now() < deadline) await sleep(20)

  const [responsable, enfant] = exemples['restauration-scolaire']![0]!.envois
  const begun = await post('/demarches/restauration-scolaire/commencer', {
    ...(responsable!.saisie as Record<string, string>),
    _cle: newSecret(),
  })
  assert.equal(begun.statusCode, 303, begun.body.match(/<main[\s\S]{0,400}/)?.[0])
  const cookie = begun.cookies.map(({ name, value }) => `${name}=${value}`).join()
  const next = String(begun.headers.location)
  assert.match(next, /^\/brouillons\/[0-9a-f-]{36}\/etapes\/enfants$/)
  const draft = next.split('/')[2]!
  for (const [url, fields] of [
    [
      `${next}/lignes/enfant-1`,
      { ...enfant!.saisie, 'enfantNaissance-jour': '1', 'enfantNaissance-mois': '2', 'enfantNaissance-annee': '2019' },
    ],
    [`${next}/lignes/enfant-1/pieces`, { retirer: 'x' }],
    [`${next}/lignes/enfant-1/suppression`, {}],
    [`/brouillons/${draft}/etapes/responsable?retour=verification`, responsable!.saisie],
    [`/brouillons/${draft}/suppression`, {}],
  ] as [string, Record<string, string>][]) {
    const { statusCode, headers: answered, body } = await post(url, fields, cookie)
    assert.equal(statusCode, 303, `${url} ${body.match(/<main[\s\S]{0,600}/)?.[0]}`)
    assert.ok(!String(answered.location).includes(monde.a.chemin), `${url} → ${answered.location}`)
    if (!url.endsWith('suppression') || url.includes('lignes'))
      assert.ok((await get(String(answered.location), cookie)).statusCode < 400, `${url} → ${answered.location}`)
  }
  // The way back after signing in is an address of this host.
  const away = await get('/agent/dossiers?q=a')
  assert.equal(away.headers.location, `/agent/connexion?retour=${encodeURIComponent('/agent/dossiers?q=a')}`)
  const expired = await post(`/agent/dossiers/${monde.siens.depose.id}/refus`, { motif: 'x' })
  assert.match(expired.body, /retour=%2Fagent%2Fdossiers%2F[0-9a-f-]+"/)
  // A session of the territory's host opens nothing here, and a page of a sister commune is not one of ours.
  assert.equal((await get(`/dossiers/${monde.siens.depose.id}`, monde.titulaire.cookie)).statusCode, 404)
  const sister = { ...headers, 'sec-fetch-site': undefined, origin: 'http://b.territoire.example' }
  assert.equal((await monde.demander({ method: 'POST', url: '/suivi', fields: {}, headers: sister })).statusCode, 403)
  // Its former address leads to its host, whether or not the page is kept in memory.
  for (const path of ['', '/demarches?q=acte', '/aide', '/aide']) {
    await get(path || '/')
    const moved = await monde.demander({ url: `/${monde.a.chemin}${path}` })
    assert.equal(moved.statusCode, 308)
    assert.equal(moved.headers.location, `http://${HOTE}${path}`)
  }
  assert.equal((await get('/page-inconnue')).body, (await get(`/dossiers/${monde.siens.depose.id}`)).body)
})
