import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { percentile } from '../../bench/outils.ts'
import { ouvrirBrouillon } from '../builders/demande.ts'
import { lancerFoule } from '../builders/foule.ts'
import { demarrerParvis } from '../builders/parvis.ts'
import { combien, noterPreuve } from '../builders/preuves.ts'
import { type Reponse, unVisiteur } from '../builders/visiteur.ts'

const SECONDS = combien(3, 30)
const FOIS = 3
const COMMUNE = '/vire-normandie'
const PAGE = `${COMMUNE}/demarches/acte-etat-civil/commencer`

const parvis = await demarrerParvis({ args: ['--vide'], env: { PARVIS_MANDATAIRES: '1', PARVIS_PROCESSUS_WEB: '2' } })
after(async () => {
  await parvis.stop()
  rmSync(parvis.dossier, { recursive: true, force: true })
})

test('three times what it can serve: refused cleanly, those inside go on, kept pages and health answer, and it recovers', async () => {
  const url = `${parvis.adresse}${PAGE}`
  await autocannon({ url, connections: 16, duration: 1 })
  const calm = await autocannon({ url, connections: 16, duration: 2 })
  assert.equal(calm.non2xx + calm.errors, 0, 'sixteen at once are not a crowd')
  const inside = unVisiteur(parvis.adresse)
  const { suite } = await ouvrirBrouillon(inside, COMMUNE, 'acte-etat-civil')
  const crowd = lancerFoule(url, calm.requests.average * FOIS, SECONDS)
  let isOver = false
  void crowd.then(() => {
    isOver = true
  })
  const drafts: Reponse[] = []
  const always: Reponse[] = []
  const goOn = async (rank: number) => {
    // The loose brake by address is another matter.
    const sender = unVisiteur(parvis.adresse, { de: `10.1.2.${rank}` })
    while (!isOver) {
      drafts.push(await inside.lire(suite))
      always.push(await inside.lire(COMMUNE), await inside.lire('/sante'))
      const { status } = await sender.envoyer(`${COMMUNE}/mes-dossiers/lien`, { courriel: 'x' })
      assert.equal(status, 422, 'what somebody wrote is read, even of a newcomer')
    }
    sender.fermer()
  }
  await sleep(300)
  await Promise.all(Array.from({ length: 8 }, (_, rank) => goOn(rank)))
  const result = await crowd
  const end = performance.now()
  const newcomer = unVisiteur(parvis.adresse)
  let calmAgain = 0
  while (calmAgain < 20 && performance.now() - end < 10_000) calmAgain = (await newcomer.lire(PAGE)).status === 200 ? calmAgain + 1 : 0
  const recoveryMs = performance.now() - end

  assert.deepEqual(Object.keys(result.statuts).sort(), ['200', '503'], JSON.stringify(result.statuts))
  assert.equal(result.erreurs + result.sansRetryAfter, 0)
  assert.deepEqual(new Set(drafts.map(({ status }) => status)), new Set([200]), 'a draft in progress passes before newcomers')
  assert.deepEqual(new Set(always.map(({ status }) => status)), new Set([200]), 'a page kept in memory, and health')
  assert.equal(calmAgain, 20, `it did not recover in ${recoveryMs} ms`)
  assert.match(result.refus, /retry-after: 5/)
  assert.match(result.refus, /cache-control: no-store/)
  assert.match(result.refus, /content-security-policy: default-src 'none'/)
  assert.ok(Number(/content-length: (\d+)/.exec(result.refus)?.[1]) < 2000, result.refus)
  const offered = (result.demandes / SECONDS / calm.requests.average).toFixed(1)
  const served = Math.round((result.statuts['200'] ?? 0) / SECONDS)
  const refusMs = result.dureesMs['503'] ?? []
  noterPreuve({
    machine: 'surcharge',
    titre: 'Une foule plus grande que ce que le programme sait servir',
    mesures: [
      {
        nom: `Demandes pendant ${SECONDS} s, rapportées à ce qui était servi avant`,
        valeur: `${result.demandes}, soit ${offered} fois`,
        cible: '3 fois',
        tenue: Number(offered) >= 2.9,
      },
      { nom: 'Réponses autres que la page ou le refus 503 avec Retry-After', valeur: '0', cible: '0', tenue: true },
      {
        nom: 'Servies par seconde, avant puis pendant la foule',
        valeur: `${Math.round(calm.requests.average)}, puis ${served}`,
        cible: '–',
        tenue: true,
      },
      { nom: 'Temps d’un refus, médiane', valeur: `${Math.round(percentile(refusMs, 50))} ms`, cible: '–', tenue: true },
      { nom: 'Pages d’un brouillon en cours refusées pendant la foule', valeur: `0 sur ${drafts.length}`, cible: '0', tenue: true },
      { nom: 'Retour au calme', valeur: `${(recoveryMs / 1000).toFixed(1)} s`, cible: '≤ 10 s', tenue: recoveryMs <= 10_000 },
    ],
  })
  inside.fermer()
  newcomer.fermer()
})
