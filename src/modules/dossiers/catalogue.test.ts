import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTenant } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { storeGenerated } from '../../platform/files/index.ts'
import { ok, type Result, refuse } from '../../platform/refusal.ts'
import { adopter } from '../demarches/commands/adopter.ts'
import { demarche, textes } from '../demarches/index.ts'
import { exemples, jouerExemple, modeles } from '../demarches/livre.ts'
import { versionDuModele } from '../demarches/queries/catalogue.ts'
import { setPieces } from '../formulaires/index.ts'
import { mentionsDeLAccuse } from './accuse.ts'
import { ouvrirBrouillon } from './commands/brouillon.ts'
import { deposer, envDuDossier } from './commands/deposer.ts'
import { decider, prendreEnInstruction } from './commands/instruire.ts'
import { piecesDe } from './pieces.ts'
import { dossierParId } from './queries/dossier.ts'
import { refusals } from './refusals.ts'
import { ouvrirMairie, usager } from './testing.ts'

const database = await testDatabase()
const { app, collectivite, agir } = await ouvrirMairie(database)
const dans = <T>(work: Parameters<typeof inTenant<T>>[2]) => inTenant(app.db, collectivite.id, work)

test('every sample of every démarche of the catalogue is filed, with its documents, examined and granted', async () => {
  assert.ok(modeles.length >= 30, `${modeles.length} démarches`)
  await dans(async tx => {
    for (const { id, version } of modeles) {
      const { empreinte } = (await versionDuModele(tx, id, version))!
      await adopter(tx, app.clock, [{ collectiviteId: collectivite.id, modeleId: id, version, empreinte }])
    }
  })
  let filed = 0
  for (const { id: demarcheId } of modeles) {
    for (const exemple of exemples[demarcheId]!) {
      const where = `${demarcheId}, ${exemple.nom}`
      const dossierId = await dans(async tx => {
        const offre = (await demarche(tx, collectivite.id, demarcheId))!
        const played = jouerExemple(offre.modele, exemple, envDuDossier(app, collectivite, offre.modele))
        assert.deepEqual(played.erreurs, [], where)
        let { reponses } = played
        for (const { champ, rowId, piece } of piecesDe(offre.modele.formulaire, reponses)) {
          const bytes = Buffer.from('%PDF-1.4 un document')
          const name = piece.nom.replace(/\.[^.]*$/, '.pdf')
          const id = await storeGenerated(app.files, tx, { collectiviteId: collectivite.id, name, type: 'application/pdf', bytes })
          reponses = setPieces(offre.modele.formulaire, reponses, champ, [{ id, nom: name, tailleOctets: bytes.length }], rowId)
        }
        const { id } = await ouvrirBrouillon(app, tx, collectivite.id, offre, reponses, usager)
        const done = await deposer(app, tx, collectivite, (await dossierParId(tx, collectivite.id, id))!, offre.modele, usager)
        assert.ok(done.ok, `${where}: ${done.ok || done.refusal.code}`)
        return id
      })
      const granted = await agir(dossierId, async (cas): Promise<Result<unknown>> => {
        assert.ok(mentionsDeLAccuse(cas).lignes.length > 3, where)
        assert.ok(cas.dossier.service, where)
        const mots = textes.motsDesReponses(cas.modele, cas.dossier.reponses, envDuDossier(app, collectivite, cas.modele))
        const words = cas.modele.decision.texteAcceptation.flatMap(text => textes.remplir(text, mots) ?? [])
        assert.ok(words.length > 0 && !words.join(' ').includes('{'), `${where}: ${words.join(' ')}`)
        // A declaration was accepted as it was filed: nothing to take in hand.
        if (cas.modele.regime === 'declaratif') return cas.dossier.etat === 'accepte' ? ok(undefined) : refuse(refusals.etat_change)
        const taken = await prendreEnInstruction(cas)
        return taken.ok ? decider({ ...cas, dossier: (await dossierParId(cas.tx, collectivite.id, dossierId))! }, 'accepter', '') : taken
      })
      assert.ok(granted.ok, where)
      filed++
    }
  }
  assert.ok(filed >= 60, `${filed} samples`)
})
