import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testApp } from '../../platform/app.testing.ts'
import { stoppedClock } from '../../platform/clock.ts'
import { inTenant, type Tx } from '../../platform/db/open.ts'
import { testDatabase } from '../../platform/db/testing.ts'
import { newId } from '../../platform/ids.ts'
import { modeles } from './catalogue.ts'
import { options } from './choix.ts'
import { adopter } from './commands/adopter.ts'
import { type Atelier, annuler, type Change, changer, ouvrirCopie } from './commands/copie.ts'
import { creerDemarche } from './commands/creer-demarche.ts'
import { proposerAuxAutres, retirerDuCatalogue } from './commands/partager.ts'
import { publierCatalogue } from './commands/publier-catalogue.ts'
import { ouvrirOuFermer, publierDemarche } from './commands/publier-demarche.ts'
import { supprimerDemarche } from './commands/supprimer-demarche.ts'
import { checkModele, type Modele } from './demarche.ts'
import { demarcheVierge } from './demarche-vierge.ts'
import { differences, phraseDeDifference } from './edition/index.ts'
import { diffuser } from './jobs/diffuser.ts'
import { catalogue, misesAJour, utilisateurs, versionDuModele } from './queries/catalogue.ts'
import { copieDe, editionsDe } from './queries/copie.ts'
import { demarche, demarchesDe } from './queries/demarches.ts'
import { revisionDe, revisionsDe } from './queries/revisions.ts'
import { estDuSocle } from './socle.ts'

const database = await testDatabase()
const clock = stoppedClock('2026-11-22T09:00:00Z')
const app = testApp(database.app, { clock })
const [syndicat, commune, voisine] = [await collectivite('syndicat', 'epci'), await collectivite('commune'), await collectivite('voisine')]
const [camille, dominique] = [newId(), newId()]
await publierCatalogue(database.owner, clock)
const CANTINE = 'restauration-scolaire'
const atelier = (agentId = camille, collectiviteId = commune, demarcheId = CANTINE): Atelier => ({ collectiviteId, demarcheId, agentId })
const dans = <T>(id: string, work: (tx: Tx) => Promise<T>) => inTenant(database.app, id, work)

async function collectivite(chemin: string, nature = 'commune'): Promise<string> {
  const id = newId()
  await sql`insert into collectivite (id, nature, nom, chemin, code, departement, ouverte_le)
    values (${id}, ${nature}, ${`Nom de ${chemin}`}, ${chemin}, ${chemin}, '14', now())`.execute(database.owner.kysely)
  return id
}

const ecrire =
  (propriete: 'titre' | 'resume' | 'cout' | 'service', valeur: string): Change =>
  modele => ({ ok: true, modele: { ...modele, [propriete]: valeur }, phrase: `${propriete} : ${valeur}` })
const renommer =
  (champId: string, libelle: string): Change =>
  modele => ({
    ok: true,
    phrase: `${champId} renommé`,
    modele: {
      ...modele,
      formulaire: {
        ...modele.formulaire,
        etapes: modele.formulaire.etapes.map(etape => ({
          ...etape,
          champs: etape.champs.map(champ => (champ.id === champId ? { ...champ, libelle } : champ)),
        })),
      },
    } as Modele,
  })
const libelleDe = (modele: Modele, id: string) =>
  modele.formulaire.etapes.flatMap(({ champs }) => champs).find(champ => champ.id === id)?.libelle

async function fait(place: Atelier, rang: number, change: Change, choix = {}) {
  const done = await dans(place.collectiviteId, tx => changer(app, tx, place, rang, change, choix))
  assert.ok(done.ok)
  return done.value
}

test('a commune has the common ground from the first day, at revision 1 of the template, and starting again changes nothing', async () => {
  const before = await dans(commune, tx => demarchesDe(tx, commune))
  assert.deepEqual(
    before.map(({ id, revision, estOuverte }) => [id, revision, estOuverte]).sort(),
    modeles
      .filter(modele => estDuSocle(modele, 'commune'))
      .map(({ id }) => [id, 1, true])
      .sort(),
  )
  assert.ok(before.length >= 5 && before.length < modeles.length)
  await publierCatalogue(database.owner, clock)
  assert.deepEqual(await dans(commune, tx => demarchesDe(tx, commune)), before)
})

test('a published revision never changes: the application may neither alter nor delete one', async () => {
  for (const statement of [
    sql`update revision_demarche set numero = 9 where collectivite_id = ${commune}`,
    sql`delete from revision_demarche where collectivite_id = ${commune}`,
    sql`update definition_demarche set definition = '{}'`,
    sql`delete from definition_demarche`,
    sql`update modele_demarche set empreinte = empreinte`,
  ])
    await assert.rejects(
      dans(commune, tx => statement.execute(tx)),
      /permission denied|droit refusé/,
    )
})

test('a blank démarche may be published as it is, once its owner wants', async () => {
  assert.deepEqual(checkModele(demarcheVierge('Emprunter un vélo')), [])
  const made = await dans(commune, tx => creerDemarche(app, tx, atelier(), demarcheVierge('Emprunter un vélo')))
  const again = await dans(commune, tx => creerDemarche(app, tx, atelier(), demarcheVierge('Emprunter un vélo')))
  assert.ok(made.ok && again.ok)
  assert.deepEqual([made.value.id, again.value.id], ['emprunter-un-velo', 'emprunter-un-velo-2'])
  const place = atelier(camille, commune, made.value.id)
  assert.ok(!(await dans(commune, tx => ouvrirOuFermer(app, tx, place, true))).ok, 'never published')
  assert.deepEqual(await dans(commune, tx => publierDemarche(app, tx, place, true)), { ok: true, value: { revision: 1 } })
  const offre = (await dans(commune, tx => demarche(tx, commune, made.value.id)))!
  assert.deepEqual([offre.modele.id, offre.estOuverte, offre.origine], [made.value.id, true, null])
  assert.equal(await dans(commune, tx => supprimerDemarche(app, tx, place)), false, 'published: it stays')
  await dans(commune, tx => ouvrirCopie(app, tx, atelier(camille, commune, again.value.id)))
  await dans(commune, tx => sql`delete from brouillon_demarche where demarche_id = ${again.value.id}`.execute(tx))
  assert.equal(await dans(commune, tx => supprimerDemarche(app, tx, atelier(camille, commune, again.value.id))), true)
})

test('two agents on the same démarche: what does not touch is merged, what does is asked, and nothing is lost', async () => {
  await dans(commune, tx => ouvrirCopie(app, tx, atelier()))
  const one = await fait(atelier(camille), 0, ecrire('cout', 'Gratuit pour tous.'))
  assert.equal(one.etat, 'fait')
  const other = await fait(atelier(dominique), 0, renommer('ecole', 'École de l’enfant'))
  assert.ok(other.etat === 'fait')
  assert.deepEqual(
    other.autres.map(({ auteurId, phrase }) => [auteurId, phrase]),
    [[camille, 'cout : Gratuit pour tous.']],
  )
  const both = (await dans(commune, tx => copieDe(tx, commune, CANTINE)))!
  assert.deepEqual([both.modele.cout, libelleDe(both.modele, 'ecole'), both.rang], ['Gratuit pour tous.', 'École de l’enfant', 2])
  const clash = await fait(atelier(dominique), 0, ecrire('cout', 'Payant.'))
  assert.ok(clash.etat === 'conflit')
  assert.deepEqual(
    clash.conflits.map(({ cle }) => cle),
    ['cout'],
  )
  assert.equal((await dans(commune, tx => copieDe(tx, commune, CANTINE)))!.rang, 2, 'nothing written')
  const kept = await fait(atelier(dominique), 0, ecrire('cout', 'Payant.'), { cout: 'leurs' })
  assert.equal(kept.etat, 'fait')
  assert.equal((await dans(commune, tx => copieDe(tx, commune, CANTINE)))!.modele.cout, 'Gratuit pour tous.')
})

test('undoing takes back one change and leaves those made since; undoing the undoing does it again', async () => {
  const first = await dans(commune, tx => annuler(app, tx, atelier(), 1))
  assert.ok(first.ok && first.value.etat === 'fait')
  const published = (await dans(commune, tx => demarche(tx, commune, CANTINE)))!
  let copie = (await dans(commune, tx => copieDe(tx, commune, CANTINE)))!
  assert.deepEqual([copie.modele.cout, libelleDe(copie.modele, 'ecole')], [published.modele.cout, 'École de l’enfant'])
  const again = await dans(commune, tx => annuler(app, tx, atelier(), copie.rang))
  assert.ok(again.ok && again.value.etat === 'fait')
  copie = (await dans(commune, tx => copieDe(tx, commune, CANTINE)))!
  assert.equal(copie.modele.cout, 'Gratuit pour tous.')
  assert.ok((await dans(commune, tx => editionsDe(tx, commune, CANTINE))).some(({ phrase }) => phrase.startsWith('Rétabli')))
})

test('publishing makes the next revision; a démarche that cannot work, or that did not change, is refused', async () => {
  const broken: Change = modele => ({
    ok: true,
    modele: { ...modele, demandeur: { ...modele.demandeur, nom: 'personne' } },
    phrase: 'cassé',
  })
  const copie = (await dans(commune, tx => copieDe(tx, commune, CANTINE)))!
  const done = await fait(atelier(), copie.rang, broken)
  assert.ok(done.etat === 'fait')
  const refused = await dans(commune, tx => publierDemarche(app, tx, atelier()))
  assert.ok(!refused.ok && refused.refusal.code === 'defauts')
  await dans(commune, tx => annuler(app, tx, atelier(), done.rang))
  assert.deepEqual(await dans(commune, tx => publierDemarche(app, tx, atelier())), { ok: true, value: { revision: 2 } })
  assert.equal(await dans(commune, tx => copieDe(tx, commune, CANTINE)), undefined)
  await dans(commune, tx => ouvrirCopie(app, tx, atelier()))
  const same = await dans(commune, tx => publierDemarche(app, tx, atelier()))
  assert.ok(!same.ok && same.refusal.code === 'rien_a_publier')
  const first = (await dans(commune, tx => revisionDe(tx, commune, CANTINE, 1)))!
  assert.notEqual(libelleDe(first.modele, 'ecole'), 'École de l’enfant')
  assert.deepEqual(
    (await dans(commune, tx => revisionsDe(tx, commune, CANTINE))).map(({ numero, par }) => [numero, par]),
    [
      [2, camille],
      [1, null],
    ],
  )
})

test('a collectivité offers its démarche, others adopt it and keep their differences, a new version is offered at once and merged', async () => {
  const place = atelier(camille, syndicat, 'occupation-domaine-public')
  const offered = await dans(syndicat, tx => proposerAuxAutres(app, tx, place))
  assert.ok(offered.ok)
  const { id: modeleId } = offered.value
  const twice = await dans(syndicat, tx => proposerAuxAutres(app, tx, place))
  assert.ok(!twice.ok && twice.refusal.code === 'rien_a_publier')
  const { empreinte } = (await dans(voisine, tx => versionDuModele(tx, modeleId, 1)))!
  await dans(voisine, tx => adopter(tx, clock, [{ collectiviteId: voisine, modeleId, version: 1, empreinte }], { par: dominique }))
  const mine = atelier(dominique, voisine, modeleId)
  await dans(voisine, tx => ouvrirCopie(app, tx, mine))
  await fait(mine, 0, ecrire('service', 'Service de la voirie de la voisine'))
  assert.ok((await dans(voisine, tx => publierDemarche(app, tx, mine))).ok)
  assert.deepEqual(await dans(voisine, tx => misesAJour(tx, voisine, syndicat)), [
    ...(await dans(voisine, tx => misesAJour(tx, voisine, syndicat))).filter(({ demarcheId }) => demarcheId !== modeleId),
  ])
  await dans(syndicat, tx => ouvrirCopie(app, tx, place))
  await fait(place, 0, ecrire('cout', 'Gratuit depuis la délibération.'))
  assert.ok((await dans(syndicat, tx => publierDemarche(app, tx, place))).ok)
  const next = await dans(syndicat, tx => proposerAuxAutres(app, tx, place))
  assert.ok(next.ok && next.value.version === 2)
  const found = (await dans(voisine, tx => misesAJour(tx, voisine, syndicat))).find(({ demarcheId }) => demarcheId === modeleId)!
  assert.deepEqual([found.id, found.version, found.estAutreModele], [modeleId, 2, false])
  const [v1, v2, now] = await dans(voisine, async tx => [
    (await versionDuModele(tx, modeleId, 1))!.modele,
    (await versionDuModele(tx, modeleId, 2))!.modele,
    (await demarche(tx, voisine, modeleId))!.modele,
  ])
  assert.deepEqual(
    differences(v1!, v2!).map(d => d.cle),
    ['cout'],
  )
  assert.match(phraseDeDifference(differences(v1!, v2!)[0]!, v1!, v2!), /Gratuit depuis la délibération/)
  assert.equal(now!.service, 'Service de la voirie de la voisine')
  assert.deepEqual(
    (await dans(syndicat, tx => utilisateurs(tx, modeleId))).map(({ nom, version }) => [nom, version]),
    [['Nom de voisine', 1]],
  )
  assert.ok((await dans(syndicat, tx => retirerDuCatalogue(app, tx, place, modeleId))).ok)
  assert.ok(!(await dans(voisine, tx => catalogue(tx))).some(({ id }) => id === modeleId))
  const foreign = await dans(voisine, tx => retirerDuCatalogue(app, tx, mine, CANTINE))
  assert.ok(!foreign.ok, 'a template shipped, or of another, is not theirs to withdraw')
})

test('the carrier’s template of the same line is offered to those who follow the one shipped', async () => {
  const place = atelier(camille, syndicat, 'occupation-domaine-public')
  const offered = await dans(syndicat, tx => proposerAuxAutres(app, tx, place))
  assert.ok(offered.ok)
  const offers = await dans(commune, tx => misesAJour(tx, commune, syndicat))
  assert.deepEqual(
    offers.map(({ demarcheId, id, estAutreModele }) => [demarcheId, id, estAutreModele]),
    [['occupation-domaine-public', offered.value.id, true]],
  )
  assert.deepEqual(await dans(commune, tx => misesAJour(tx, commune, null)), [], 'nobody carries: only the template followed counts')
})

test('a template given to every commune reaches those that lack it, once, and leaves the others as they are', async () => {
  const modele = (await dans(syndicat, tx => catalogue(tx))).find(
    ({ id, origineId }) => origineId === null && !estDuSocle({ id }, 'commune'),
  )
  assert.ok(modele, 'the catalogue has more than the common ground')
  const before = await dans(commune, tx => demarchesDe(tx, commune))
  for (const _ of [1, 2]) await diffuser(app, { modeleId: modele.id, version: modele.version, agentId: camille })
  for (const id of [commune, voisine]) assert.equal((await dans(id, tx => demarche(tx, id, modele.id)))!.revision, 1)
  assert.equal(await dans(syndicat, tx => demarche(tx, syndicat, modele.id)), undefined, 'an intercommunalité is no commune')
  assert.deepEqual(
    (await dans(commune, tx => demarchesDe(tx, commune))).filter(({ id }) => id !== modele.id),
    before,
  )
})

test('démarches of one title are told apart in a list of choices, and a closed one says it', () => {
  const offre = (id: string, titre: string, estOuverte = true) => ({
    ...{ id, definition: '', revision: 1, estOuverte, origine: null },
    modele: { ...modeles[0]!, titre },
  })
  assert.deepEqual(
    options([offre('arbre', 'Abattre un arbre'), offre('salle', 'Réserver une salle'), offre('salle-2', 'Réserver une salle', false)]),
    [
      { value: 'arbre', label: 'Abattre un arbre' },
      { value: 'salle', label: 'Réserver une salle (salle)' },
      { value: 'salle-2', label: 'Réserver une salle (salle-2, fermée)' },
    ],
  )
})
