import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyJournal } from '../../src/platform/audit/journal.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { ouvrirMonde, session } from '../security/monde.ts'

const monde = await ouvrirMonde()
const { a, admin } = monde
const HABITANT = { personne: monde.titulaire.id, nature: 'usager' } as const

test('the clock of the machine goes back a day, then ten years ahead, then back: everything goes on, once, in order, and the journal stays valid', async () => {
  const { id } = monde.siens.depose
  const texts: string[] = []
  const key = newSecret()
  for (const instant of [
    '2026-11-20T09:00:00Z',
    '2036-11-21T09:30:00Z',
    '2026-11-21T09:30:00Z',
    '1999-12-31T23:59:59Z',
    '2026-11-21T09:40:00Z',
  ]) {
    monde.clock.set(instant)
    // A session is of its time: beyond its hours it is closed, and the person opens another.
    const cookie = await session(monde.app, HABITANT.nature, HABITANT.personne)
    const page = await monde.demander({ url: `${a.base}/dossiers/${id}`, cookie })
    assert.equal(page.statusCode, 200, instant)
    const texte = `Écrit le ${instant}`
    texts.push(texte)
    const fields = { _cle: newSecret(), texte }
    for (let again = 0; again < 2; again++) {
      const answer = await monde.demander({ method: 'POST', url: `${a.base}/dossiers/${id}/messages`, cookie, fields })
      assert.equal(answer.statusCode, 303, `${instant}: ${answer.body.slice(-600)}`)
    }
    const same = await monde.demander({
      method: 'POST',
      url: `${a.base}/dossiers/${id}/messages`,
      cookie,
      fields: { _cle: key, texte: 'La même clé' },
    })
    assert.equal(same.statusCode, 303, instant)
  }
  const { rows: messages } = await admin.query<{ texte: string; n: number }>(
    'select texte, count(*)::int as n from message where dossier_id = $1 and texte = any($2) group by texte',
    [id, [...texts, 'La même clé']],
  )
  assert.deepEqual(
    messages.map(({ n }) => n),
    Array.from({ length: texts.length + 1 }, () => 1),
    'each once, whatever the clock said',
  )
  const { rows } = await admin.query<{ rangs: number[]; version: number }>(
    'select array_agg(e.rang order by rang) as rangs, d.version from evenement e join dossier d on d.id = e.dossier_id where d.id = $1 group by d.version',
    [id],
  )
  assert.deepEqual(
    rows[0]!.rangs,
    Array.from({ length: rows[0]!.version }, (_, rank) => rank + 1),
  )
  assert.equal((await verifyJournal(monde.app.db, a.id)).isIntact, true)
  const sante = await monde.demander({ url: '/sante' })
  assert.equal(sante.statusCode, 200)
})
