import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../../bench/outils.ts'
import { ouvrirBrouillon } from '../builders/demande.ts'
import { type Foule, lancerFoule } from '../builders/foule.ts'
import { demarrerParvis } from '../builders/parvis.ts'
import { combien, noterPreuve, type Preuve } from '../builders/preuves.ts'
import { type Reponse, unVisiteur, type Visiteur } from '../builders/visiteur.ts'

const SECONDS = combien(3, 30)
const FOIS = 3
const COMMUNE = '/vire-normandie'
// What somebody types is not kept in memory: the page is made for each, by the processor alone.
const RECHERCHE = `${COMMUNE}/demarches?q=permis%20de%20construire`
// Asks the database: there it is the places that are taken. Two cores, this generator included, cannot send three times what it serves.
const FORMULAIRE = `${COMMUNE}/demarches/acte-etat-civil/commencer`

const parvis = await demarrerParvis({ args: ['--vide'], env: { PARVIS_MANDATAIRES: '1' } })
after(async () => {
  await parvis.stop()
  rmSync(parvis.dossier, { recursive: true, force: true })
})

/** What happened during a crowd: to it, and to those who were inside. */
interface Mesure {
  readonly foule: Foule
  readonly drafts: readonly Reponse[]
  readonly always: readonly Reponse[]
}

async function endurer(page: string, inside: Visiteur, suite: string, rate: number): Promise<Mesure> {
  const crowd = lancerFoule(`${parvis.adresse}${page}`, rate, SECONDS)
  let isOver = false
  void crowd.finally(() => {
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
      assert.ok(status === 422 || status === 429, `what somebody wrote is read, even of a newcomer: ${status}`)
    }
    sender.fermer()
  }
  await sleep(300)
  await Promise.all(Array.from({ length: 8 }, (_, rank) => goOn(rank)))
  return { foule: await crowd, drafts, always }
}

const servies = ({ statuts }: Foule): number => statuts['200'] ?? 0

/** How many newcomers a second it serves when they come sixteen at once, each when another has been served. */
async function calme(page: string): Promise<number> {
  const url = `${parvis.adresse}${page}`
  await lancerFoule(url, 10_000, 1, 16)
  const seconds = 3
  const few = await lancerFoule(url, 10_000, seconds, 16)
  assert.deepEqual(Object.keys(few.statuts), ['200'], 'sixteen at once are not a crowd')
  return servies(few) / seconds
}

test('a crowd far larger than what it can serve: refused cleanly, those inside go on, kept pages and health answer, and it recovers', async () => {
  const recherche = await eprouver(RECHERCHE, 'la recherche')
  const formulaire = await eprouver(FORMULAIRE, 'un formulaire')
  noterPreuve({
    machine: 'surcharge',
    titre: 'Une foule plus grande que ce que le programme sait servir',
    mesures: [
      ...recherche.mesures,
      {
        nom: `La recherche : demandes rapportées à ce que le programme en sert quand on vient à seize`,
        valeur: `${recherche.fois.toFixed(1)} fois`,
        cible: `${FOIS} fois`,
        tenue: recherche.fois >= FOIS,
      },
      ...formulaire.mesures,
    ],
    nonJoue: [
      `Une foule de ${FOIS} fois ce qui est servi devant un formulaire : générateur compris, deux cœurs en envoient ${formulaire.fois.toFixed(1)} fois.`,
    ],
  })
})

/** Sends the crowd to a page, checks what everybody was answered, and gives the figures; `fois`: what came, as times what is served when few come. */
async function eprouver(page: string, nom: string): Promise<{ fois: number; mesures: Preuve['mesures'] }> {
  const calm = await calme(page)
  const inside = unVisiteur(parvis.adresse)
  const { suite } = await ouvrirBrouillon(inside, COMMUNE, 'acte-etat-civil')
  const mesure = await endurer(page, inside, suite, calm * FOIS * 1.1)
  const end = performance.now()
  const { foule, drafts, always } = mesure
  const newcomer = unVisiteur(parvis.adresse)
  let calmAgain = 0
  while (calmAgain < 20 && performance.now() - end < 10_000) calmAgain = (await newcomer.lire(page)).status === 200 ? calmAgain + 1 : 0
  const recoveryMs = performance.now() - end
  inside.fermer()
  newcomer.fermer()

  assert.deepEqual(Object.keys(foule.statuts).sort(), ['200', '503'], JSON.stringify(foule.statuts))
  assert.equal(foule.erreurs + foule.sansRetryAfter, 0)
  assert.deepEqual(new Set(drafts.map(({ status }) => status)), new Set([200]), 'a draft in progress passes before newcomers')
  assert.deepEqual(new Set(always.map(({ status }) => status)), new Set([200]), 'a page kept in memory, and health')
  assert.equal(calmAgain, 20, `it did not recover in ${recoveryMs} ms`)
  assert.match(foule.refus, /retry-after: 5/)
  assert.match(foule.refus, /cache-control: no-store/)
  assert.match(foule.refus, /content-security-policy: default-src 'none'/)
  assert.ok(Number(/content-length: (\d+)/.exec(foule.refus)?.[1]) < 2000, foule.refus)
  const of = (what: string) => `${nom[0]!.toUpperCase()}${nom.slice(1)} : ${what}`
  return {
    fois: foule.demandes / SECONDS / calm,
    mesures: [
      {
        nom: of(`par seconde, servies à seize ; puis demandées, servies, refusées par la foule (${SECONDS} s)`),
        valeur: `${[calm, foule.demandes / SECONDS, servies(foule) / SECONDS, (foule.statuts['503'] ?? 0) / SECONDS].map(Math.round).join(', ')}`,
        cible: '–',
        tenue: true,
      },
      { nom: of('réponses autres que la page ou le refus 503 avec Retry-After'), valeur: '0', cible: '0', tenue: true },
      {
        nom: of('temps d’un refus, médiane'),
        valeur: `${Math.round(percentile(foule.dureesMs['503'] ?? [], 50))} ms`,
        cible: '–',
        tenue: true,
      },
      { nom: of('pages d’un brouillon en cours refusées'), valeur: `0 sur ${drafts.length}`, cible: '0', tenue: true },
      { nom: of('retour au calme'), valeur: `${(recoveryMs / 1000).toFixed(1)} s`, cible: '≤ 10 s', tenue: recoveryMs <= 10_000 },
    ],
  }
}
