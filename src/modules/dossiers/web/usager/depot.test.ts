import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { openSession } from '../../../../platform/auth/sessions.ts'
import { inTenant } from '../../../../platform/db/open.ts'
import { testDatabase } from '../../../../platform/db/testing.ts'
import { inspectFile, receiveFile, recordFile } from '../../../../platform/files/index.ts'
import { pdf } from '../../../../platform/files/testing.ts'
import { createServer } from '../../../../platform/http/server.ts'
import { newId, newSecret } from '../../../../platform/ids.ts'
import { demarche } from '../../../demarches/index.ts'
import { exemples, jouerExemple } from '../../../demarches/livre.ts'
import { setPieces } from '../../../formulaires/index.ts'
import { collectiviteDuChemin } from '../../../territoire/index.ts'
import { ouvrirBrouillon } from '../../commands/brouillon.ts'
import { envDuDossier } from '../../commands/env.ts'
import { piecesDe } from '../../pieces.ts'
import { ouvrirMairie, usager } from '../../testing.ts'
import { routesDepot } from './depot.tsx'
import { fichiersAttendus } from './pieces-recues.ts'

const DEMARCHE = 'occupation-domaine-public'
const database = await testDatabase()
const { app, collectivite, clock } = await ouvrirMairie(database)
const server = await createServer(app, routesDepot, {
  tenant: collectiviteDuChemin,
  segmentOfHost: () => undefined,
  agent: () => assert.fail('no agent here'),
  errorPage: (_app, _tenant, refusal) => `${refusal.code}: ${refusal.sentence}`,
})
after(() => server.close())

/** A draft with every answer of a sample and one document just received, the person who holds it, and what the worker does with the document. */
async function unBrouillon() {
  const received = await receiveFile(app.files, Readable.from([pdf(2000)]), { collectiviteId: collectivite.id, name: 'plan.pdf' })
  assert.ok(received.ok)
  return inTenant(app.db, collectivite.id, async tx => {
    const offre = (await demarche(tx, collectivite.id, DEMARCHE))!
    const { formulaire } = offre.modele
    let { reponses } = jouerExemple(offre.modele, exemples[DEMARCHE]![1]!, envDuDossier(app, collectivite, offre.modele))
    const fichierId = await recordFile(app.files, tx, received.value)
    for (const { champ, rowId, piece } of piecesDe(formulaire, reponses))
      reponses = setPieces(formulaire, reponses, champ, [{ ...piece, id: fichierId, nom: 'plan.pdf' }], rowId)
    const { id } = await ouvrirBrouillon(app, tx, collectivite.id, offre, reponses, usager)
    const { sessionHash, cookie } = await openSession(app, tx, { nature: 'usager', host: 'localhost' })
    await sql`insert into acces_dossier (collectivite_id, session_empreinte, dossier_id, ouvert_le)
      values (${collectivite.id}, ${sessionHash}, ${id}, ${clock.now()})`.execute(tx)
    const headers = { host: 'localhost', cookie: `${cookie.name}=${cookie.value}`, 'sec-fetch-site': 'same-origin' }
    return {
      voir: () => server.inject({ url: `/valnoir/brouillons/${id}/verification`, headers }),
      envoyer: () =>
        server.inject({
          method: 'POST',
          url: `/valnoir/brouillons/${id}/depot`,
          headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
          payload: new URLSearchParams({ _cle: newSecret() }).toString(),
        }),
      verifier: () => inspectFile(app.files, database.app, { collectiviteId: collectivite.id, fichierId }),
    }
  })
}

const ATTENTE = /Vos documents sont en cours de vérification[\s\S]*« plan\.pdf »[\s\S]*Actualiser cette page/

test('a document that is still being verified is waited for, then said so, with nothing asked of the person; once verified the demande leaves', async () => {
  const { voir, envoyer, verifier } = await unBrouillon()
  for (const [answer, status] of [
    [await voir(), 200],
    [await envoyer(), 422],
  ] as const) {
    assert.equal(answer.statusCode, status)
    assert.match(answer.body.replaceAll('\u00a0', ' '), ATTENTE)
    assert.doesNotMatch(answer.body, /Il reste des réponses|Compléter ma demande|Envoyer ma demande/)
  }
  assert.equal(await verifier(), 'disponible')
  assert.match((await voir()).body, /Envoyer ma demande/)
  assert.match(String((await envoyer()).headers.location), /\/accuse$/)
})

test('verified while the page or the filing waits for it, a document is not even spoken of', async () => {
  const shown = await unBrouillon()
  const [page] = await Promise.all([shown.voir(), sleep(300).then(shown.verifier)])
  assert.match(page.body, /Envoyer ma demande/)
  const sent = await unBrouillon()
  const [filed] = await Promise.all([sent.envoyer(), sleep(300).then(sent.verifier)])
  assert.match(String(filed.headers.location), /\/accuse$/)
})

test('a document received long ago is not waited for: the worker is away', () => {
  const [recent, old] = [newId(), newId(performance.timeOrigin + performance.now() - 60_000)]
  const at = { etape: 'documents', champ: 'plan', message: 'attendez' }
  assert.deepEqual(fichiersAttendus([{ ...at, fichier: recent }, { ...at, fichier: old }, at]), [recent])
})
