import { test } from 'node:test'
import { sql } from 'kysely'
import { inTenant } from '../../src/platform/db/open.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { creerJeton } from '../../src/modules/interfaces/commands/jetons.ts'
import { jetonParId } from '../../src/modules/interfaces/queries/jetons.ts'
import { ouvrir } from '../../src/modules/interfaces/abonnement.ts'
import { DROITS } from '../../src/modules/interfaces/jeton.ts'
import { operations } from '../../src/modules/interfaces/web/api/openapi.ts'
import { ouvrirMonde } from './monde.ts'
const monde = await ouvrirMonde()
const { app, a, agents, siens } = monde
const secret = await inTenant(app.db, a.id, async tx => {
  const made = await creerJeton(tx, app, { collectiviteId: a.id, nom: 'Logiciel', droits: Object.keys(DROITS) as never, demarches: null, voitReserves: false, reseaux: [], par: agents.administrateur.id, fin: '2027-11-21', aujourdhui: '2026-11-21' })
  if (!made.ok) throw new Error('x')
  return ouvrir(app.secrets, a.id, (await jetonParId(tx, a.id, made.value))!.a_montrer!)
})
const bad = ['\u0000', 'a\u0000b', '\ud800', '\u202e abc', '', ' ', 'x'.repeat(20000), 0, -1, 1e308, null, true, [], {}, [['a']], '__proto__', 'constructor', "' or 1=1", '\uffff', '0000-00-00', '2026-02-30', '9999-99-99', '\n\n']
const champs = ['texte', 'motif', 'agent', 'service', 'etiquette', 'valeurs', 'message', 'champs', 'echeance']
test('hostile', async () => {
  const version = async () => (await inTenant(app.db, a.id, tx => sql<{ v: number }>`select version as v from dossier where collectivite_id=${a.id} and id=${siens.depose.id}`.execute(tx))).rows[0]!.v
  const base: Record<string, unknown> = { texte: 'bonjour', motif: 'incomplet', agent: agents.decideur.id, service: 'X', etiquette: 'e', valeurs: { a: 1 }, message: 'm', champs: ['a'], echeance: '2026-12-12' }
  const counts: Record<string, number> = {}
  for (const op of operations.filter(o => o.method === 'POST' && o.agit))
    for (const champ of champs) for (const value of bad) {
      const keys = Object.keys((op.corps as unknown as { shape?: object }).shape ?? {})
      if (!keys.includes(champ)) continue
      const body = Object.fromEntries(keys.map(k => [k, k === champ ? value : base[k]]))
      const variants = champ === 'valeurs' ? [body, { valeurs: { [String(value)]: 'x' } }, { valeurs: { note: value } }] : champ === 'champs' ? [body, { ...body, champs: [value] }] : [body]
      for (const b of variants) {
      const r = await monde.demander({ method: 'POST', url: `${a.base}${op.path.replace(':id', siens.depose.id)}`, headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': newSecret().slice(0, 32), 'if-match': `"${await version()}"` }, payload: JSON.stringify(b) })
      counts[r.statusCode] = (counts[r.statusCode] ?? 0) + 1
      if (r.statusCode === 429) await inTenant(app.db, a.id, tx => sql`update jeton_api set minute_appels = 0 where collectivite_id=${a.id}`.execute(tx))
      if (r.statusCode >= 500 || (r.statusCode === 200 && (typeof value !== 'string' || /\p{Bidi_Control}|\u0000|\ud800/u.test(value)))) console.log(op.id, champ, JSON.stringify(value)?.slice(0, 40), r.statusCode, r.body.slice(0, 200))
      }
    }
  // queries
  for (const op of operations.filter(o => o.method === 'GET' && o.requete))
    for (const k of Object.keys(op.requete!.shape)) for (const v of ['%00', '%ff', 'a', '', '-1', '1e9', '99999999999999999999', '2026-02-30T00:00:00Z', '9999-12-31T23:59:59.999999Z', '0001-01-01T00:00:00Z', '[]', Buffer.from(JSON.stringify(['2026-02-30T00:00:00.000000Z', siens.depose.id])).toString('base64url'), Buffer.from(JSON.stringify(['0000-01-01T00:00:00.000000Z', siens.depose.id])).toString('base64url'), '999999999999999']) {
      for (const url of [`${a.base}${op.path.replace(':id', siens.depose.id)}?${k}=${v}`, `${a.base}${op.path.replace(':id', siens.depose.id)}?${k}=${v}&${k}=1`]) {
      const r = await monde.demander({ url, headers: { authorization: `Bearer ${secret}` } })
      counts['q' + r.statusCode] = (counts['q' + r.statusCode] ?? 0) + 1
      if (r.statusCode >= 500) console.log(op.id, k, v, r.statusCode, r.body.slice(0, 200))
      }
    }
  console.log(counts)
})
