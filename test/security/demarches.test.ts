import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Atelier, changer, ouvrirCopie } from '../../src/modules/demarches/commands/copie.ts'
import { creerDemarche } from '../../src/modules/demarches/commands/creer-demarche.ts'
import { proposerAuxAutres } from '../../src/modules/demarches/commands/partager.ts'
import { publierDemarche } from '../../src/modules/demarches/commands/publier-demarche.ts'
import type { Modele } from '../../src/modules/demarches/demarche.ts'
import { demarcheVierge } from '../../src/modules/demarches/demarche-vierge.ts'
import { differences } from '../../src/modules/demarches/edition/index.ts'
import { versionDuModele } from '../../src/modules/demarches/queries/catalogue.ts'
import { copieDe } from '../../src/modules/demarches/queries/copie.ts'
import { demarche } from '../../src/modules/demarches/queries/demarches.ts'
import { codeDuDossier } from '../../src/modules/dossiers/code.ts'
import { partieSignee, preparerLien } from '../../src/modules/dossiers/commands/preparer-lien.ts'
import { dossierParId } from '../../src/modules/dossiers/queries/dossier.ts'
import { aucuneReponse } from '../../src/modules/formulaires/index.ts'
import { ajouterListe } from '../../src/modules/referentiels/commands/enregistrer-liste.ts'
import { inTenant, type Tx } from '../../src/platform/db/open.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { ouvrirMonde } from './monde.ts'

const monde = await ouvrirMonde()
const { app, a, b } = monde
const chezA = <T>(work: (tx: Tx) => Promise<T>) => inTenant(app.db, a.id, work)
const chezB = <T>(work: (tx: Tx) => Promise<T>) => inTenant(app.db, b.id, work)
const admin = monde.agents.administrateur
const poster = (url: string, fields: Record<string, string | string[]>, cookie = admin.cookie) =>
  monde.demander({ method: 'POST', url, cookie, fields: { _cle: newSecret(), ...fields } })

/** Changes a démarche of a collectivité and publishes it, as its agent would. */
const publier = async (tx: Tx, atelier: Atelier, change: (modele: Modele) => Modele) => {
  const copie = (await ouvrirCopie(app, tx, atelier))!
  const done = await changer(app, tx, atelier, copie.rang, modele => ({ ok: true, modele: change(modele), phrase: 'essai' }))
  assert.ok(done.ok && done.value.etat === 'fait')
  assert.ok((await publierDemarche(app, tx, atelier)).ok)
}

/** The carrier of the territory offers its version of a démarche that A has from Parvis. */
async function nouvelleVersion(demarcheId: string, change: (modele: Modele) => Modele): Promise<string> {
  const atelier = { collectiviteId: b.id, demarcheId, agentId: monde.agentAilleurs.id }
  return chezB(async tx => {
    await publier(tx, atelier, change)
    const offered = await proposerAuxAutres(app, tx, atelier)
    assert.ok(offered.ok)
    return `${offered.value.id}:${offered.value.version}`
  })
}

const touteQuestion = (change: (libelle: string) => object) => (modele: Modele) =>
  ({
    ...modele,
    formulaire: {
      ...modele.formulaire,
      etapes: modele.formulaire.etapes.map(etape => ({
        ...etape,
        titre: `${etape.titre}.`,
        champs: etape.champs.map(champ => ({ ...champ, ...change(champ.libelle) })),
      })),
    },
  }) as Modele

test('a démarche begun with a title that holds code is refused with a sentence; one whose emoji falls where a keyword is cut begins', async () => {
  const adresse = `${a.base}/agent/demarches`
  for (const titre of ['"><zqx>zqx', 'Prêt de <b>matériel</b>', 'Prêt &amp; retour']) {
    const refus = await poster(adresse, { titre })
    assert.equal(refus.statusCode, 422, titre)
    assert.match(refus.body, /Écrivez-le seulement avec des mots/)
  }
  assert.equal((await poster(adresse, { titre: `${'a'.repeat(59)}😀` })).statusCode, 303)
})

test('nothing of a démarche of one commune is read, changed, published, withdrawn or deleted from another', async () => {
  const CANARI = 'CANARI DE B'
  const { id, lien } = await chezB(async tx => {
    const place = { collectiviteId: b.id, agentId: monde.agentAilleurs.id }
    const made = await creerDemarche(app, tx, place, demarcheVierge(CANARI))
    assert.ok(made.ok)
    const atelier = { ...place, demarcheId: made.value.id }
    assert.ok((await publierDemarche(app, tx, atelier, true)).ok)
    assert.ok((await proposerAuxAutres(app, tx, atelier)).ok)
    await ouvrirCopie(app, tx, atelier)
    const entree = { cle: '1', libelle: CANARI, valeurs: { code: '1', nom: CANARI } }
    const liste = { colonnes: ['code', 'nom'], colonneCle: 'code', colonneLibelle: 'nom', entrees: [entree], notes: [] }
    assert.ok((await ajouterListe(tx, { ...place, le: app.clock.now() }, 'Liste de b', liste)).ok)
    const prepare = { collectiviteId: b.id, demarcheId: made.value.id, reponses: aucuneReponse, source: CANARI, acteur: 'api' }
    return { id: made.value.id, lien: (await preparerLien(app, tx, prepare)).id }
  })
  const before = await monde.empreinte()
  const une = `${a.base}/agent/demarches/${id}`
  const gets = ['', '/definition.json', '/mise-a-jour', '/revisions/1', '/publication', '/pre-remplissage', `/pre-remplissage/${lien}`]
  const edition = ['', '/textes', '/reglages', '/regles', '/historique', '/apercu', '/papier', '/ajout', '/suppression']
  const chemins = [
    ...[...gets, ...edition.map(path => `/edition${path}`)].map(path => `${une}${path}`),
    `${a.base}/agent/referentiels/liste-de-b`,
    `${a.base}/agent/referentiels/liste-de-b/lignes.csv`,
    `${a.base}/demarches/${id}`,
    `${a.base}/demarches/${id}/commencer`,
    `${a.base}/demarches/${id}/papier`,
    `${a.base}/api/v1/demarches/${id}`,
    `${a.base}/demarches/${id}/pre-rempli/${partieSignee(app.secrets, { collectiviteId: b.id, demarcheId: id, id: lien })}`,
    `${a.base}/demarches/occupation-domaine-public/pre-rempli/${partieSignee(app.secrets, { collectiviteId: b.id, demarcheId: id, id: lien })}`,
  ]
  for (const url of chemins) {
    const { statusCode, body } = await monde.demander({ url, cookie: admin.cookie })
    assert.ok([404, 410].includes(statusCode), `${url}: ${statusCode}`)
    assert.ok(!body.includes(CANARI), url)
  }
  const posts = ['ouverture', 'fermeture', 'abandon', 'proposition', 'retrait', 'mise-a-jour', 'publication', 'essai', 'pre-remplissage']
  for (const path of [...posts, 'edition/gestes', 'edition/textes', 'edition/annulation', 'edition/reglages', 'edition/regles']) {
    const { statusCode, body } = await poster(`${une}/${path}`, { geste: 'supprimer', element: 'demande', rang: '0', cible: '1' })
    assert.ok(statusCode === 404 || statusCode === 409 || statusCode === 422 || statusCode === 303, `${path}: ${statusCode}`)
    assert.ok(!body.includes(CANARI), path)
  }
  for (const path of ['colonnes', 'suppression', 'api'])
    assert.equal((await poster(`${a.base}/agent/referentiels/liste-de-b/${path}`, { colonneCle: 'nom' })).statusCode, 404, path)
  const after = await monde.empreinte()
  const theirs = [
    'demarche',
    'brouillon_demarche',
    'edition_demarche',
    'revision_demarche',
    'modele_demarche',
    'adoption',
    'definition_demarche',
  ]
  for (const t of [...theirs, 'referentiel', 'ligne_referentiel', 'pre_remplissage', 'dossier', 'avis'])
    assert.equal(after.get(t), before.get(t), t)
})

test('a colleague’s change is not overwritten when the new version of the template is accepted at the same moment', async () => {
  const demarcheId = 'occupation-domaine-public'
  const cible = await nouvelleVersion(demarcheId, modele => ({ ...modele, cout: 'Gratuit.' }))
  const atelier = { collectiviteId: a.id, demarcheId, agentId: admin.id }
  await chezA(tx => ouvrirCopie(app, tx, atelier))
  let accepted: ReturnType<typeof poster> | undefined
  await chezA(async tx => {
    const copie = (await copieDe(tx, a.id, demarcheId, true))!
    accepted = poster(`${a.base}/agent/demarches/${demarcheId}/mise-a-jour`, { cible, changements: 'cout', suite: 'relire' })
    await sleep(400)
    const change = (modele: Modele) => ({ ok: true as const, modele: { ...modele, resume: 'Écrit par un collègue.' }, phrase: 'résumé' })
    const done = await changer(app, tx, atelier, copie.rang, change)
    assert.ok(done.ok && done.value.etat === 'fait')
  })
  assert.equal((await accepted)?.statusCode, 303)
  const { modele } = (await chezA(tx => copieDe(tx, a.id, demarcheId)))!
  assert.deepEqual([modele.cout, modele.resume], ['Gratuit.', 'Écrit par un collègue.'])
})

test('a version of the template with more than a hundred changes is taken whole', async () => {
  const demarcheId = 'acte-etat-civil'
  const cible = await nouvelleVersion(
    demarcheId,
    touteQuestion(libelle => ({ libelle: `${libelle}.`, aide: 'Aide du porteur.', enPhrase: 'la question', largeur: 40 })),
  )
  const url = `${a.base}/agent/demarches/${demarcheId}/mise-a-jour`
  const { body } = await monde.demander({ url, cookie: admin.cookie })
  const changements = [...body.matchAll(/name="changements" value="([^"]+)"/g)].map(([, value]) => value!)
  assert.ok(changements.length > 100, `${changements.length} changes`)
  const { statusCode, headers } = await poster(url, { cible, changements, suite: 'publier' })
  assert.equal(statusCode, 303)
  assert.match(String(headers.location), /fait=publication/)
  const { modele } = (await chezA(tx => demarche(tx, a.id, demarcheId)))!
  const [version = ''] = cible.split(':').slice(1)
  const offered = (await chezA(tx => versionDuModele(tx, cible.split(':')[0]!, Number(version))))!
  assert.deepEqual(
    differences(offered.modele, modele).map(({ cle }) => cle),
    [],
  )
})

test('the trial of an agent who is also a resident is not in « mes dossiers », nor found by a reference', async () => {
  const cookie = `${admin.cookie}; ${monde.titulaire.cookie}`
  const { statusCode, headers } = await poster(`${a.base}/agent/demarches/occupation-domaine-public/essai`, {}, cookie)
  assert.equal(statusCode, 303)
  const id = String(headers.location).split('/')[3]!
  const dossier = (await chezA(tx => dossierParId(tx, a.id, id)))!
  assert.ok(dossier.essai)
  assert.equal((await monde.demander({ url: String(headers.location), cookie })).statusCode, 200, 'the browser that tries goes on')
  const { body } = await monde.demander({ url: `${a.base}/mes-dossiers`, cookie: monde.titulaire.cookie })
  assert.ok(!body.includes(dossier.reference))
  const suivi = await poster(`${a.base}/suivi`, { reference: dossier.reference, code: codeDuDossier(app.secrets, dossier) }, '')
  assert.equal(suivi.statusCode, 422)
  const liste = await monde.demander({ url: `${a.base}/agent/dossiers?q=${dossier.reference}`, cookie: monde.agents.instructeur.cookie })
  assert.ok(!liste.body.includes(id))
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from dossier_usager where dossier_id = ${id}`.execute(
    monde.database.owner.kysely,
  )
  assert.equal(rows[0]?.n, 0)
})

test('a template that bears the title of another says who offers it wherever it is chosen, and the pages stay bounded', async () => {
  const place = { collectiviteId: a.id, agentId: admin.id }
  await chezA(async tx => {
    for (let rank = 0; rank < 60; rank++) {
      const made = await creerDemarche(app, tx, place, {
        ...demarcheVierge('Louer une salle municipale'),
        resume: `Copie ${rank} ${'mot'.repeat(60)}`,
      })
      assert.ok(made.ok)
      const atelier = { ...place, demarcheId: made.value.id }
      assert.ok((await publierDemarche(app, tx, atelier)).ok)
      assert.ok((await proposerAuxAutres(app, tx, atelier)).ok)
    }
  })
  for (const [url, min] of [
    [`${b.base}/agent/catalogue`, 18],
    [`${b.base}/agent/demarches/catalogue?q=louer+salle+municipale`, 18],
  ] as const) {
    const { body, statusCode } = await monde.demander({ url, cookie: monde.agentAilleurs.cookie })
    assert.equal(statusCode, 200)
    const copies = body.split('Louer une salle municipale').length - 1
    const named = body.split(a.nom).length - 1
    assert.ok(copies >= min && copies <= 60, `${url}: ${copies} copies on a page`)
    assert.ok(named >= min, `${url}: ${named} named for ${copies}`)
    assert.match(body, /rel="next"/)
    assert.ok(body.length < 100_000, `${body.length}`)
  }
})

test('two publications, six adoptions and twenty working copies at once make one of each, and no accident', async () => {
  const demarcheId = 'recensement-citoyen'
  const une = `${a.base}/agent/demarches/${demarcheId}`
  const atelier = { collectiviteId: a.id, demarcheId, agentId: admin.id }
  await chezA(async tx => {
    const copie = (await ouvrirCopie(app, tx, atelier))!
    await changer(app, tx, atelier, copie.rang, modele => ({ ok: true, modele: { ...modele, cout: 'Gratuit, toujours.' }, phrase: 'coût' }))
  })
  const published = await Promise.all([1, 2, 3].map(() => poster(`${une}/publication`, {})))
  assert.deepEqual(published.map(({ statusCode }) => statusCode).sort(), [303, 409, 409])
  assert.equal((await chezA(tx => demarche(tx, a.id, demarcheId)))?.revision, 2)
  const adopted = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(() => poster(`${a.base}/agent/demarches/adoptions`, { modele: 'location-salle' })),
  )
  assert.ok(adopted.every(({ statusCode }) => statusCode === 303 || statusCode === 409))
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from adoption where adoptant_id = ${a.id} and modele_id = 'location-salle'`.execute(app.db.kysely)
  assert.equal(rows[0]?.n, 1)
  const copies = await Promise.all(Array.from({ length: 20 }, () => chezA(tx => ouvrirCopie(app, tx, atelier))))
  assert.ok(copies.every(copie => copie?.rang === 0))
})

test('a rank or a choice that does not exist changes nothing that somebody else wrote', async () => {
  const demarcheId = 'rendez-vous-mairie'
  const url = `${a.base}/agent/demarches/${demarcheId}/edition/annulation`
  const atelier = { collectiviteId: a.id, demarcheId, agentId: admin.id }
  await chezA(async tx => {
    await ouvrirCopie(app, tx, atelier)
    for (const [rang, cout] of ['Un euro.', 'Deux euros.'].entries())
      await changer(app, tx, atelier, rang, modele => ({ ok: true, modele: { ...modele, cout }, phrase: 'coût' }))
  })
  const key = (cle: string) => `K-${Buffer.from(cle).toString('base64url')}`
  for (const cible of ['-1', '3', '999999999999', 'x', '1e3']) {
    const answer = await poster(url, { cible, [key('__proto__')]: 'miennes', [key('constructor')]: 'leurs', 'K-%%%': 'leurs' })
    assert.ok(answer.statusCode === 303 || answer.statusCode === 409, `${cible}: ${answer.statusCode}`)
  }
  for (const rang of [-1, 4000, 1_000_000]) {
    const done = await chezA(tx =>
      changer(app, tx, atelier, rang, modele => ({ ok: true, modele: { ...modele, cout: 'Écrasé.' }, phrase: 'x' })),
    )
    assert.ok(!done.ok && done.refusal.code === 'copie_absente', String(rang))
  }
  const clash = await chezA(tx =>
    changer(app, tx, atelier, 0, modele => ({ ok: true, modele: { ...modele, cout: 'Écrasé.' }, phrase: 'x' }), { ailleurs: 'miennes' }),
  )
  assert.ok(clash.ok && clash.value.etat === 'conflit')
})

test('a page read before a publication does not bring the older texts back', async () => {
  const demarcheId = 'inscription-listes-electorales'
  const atelier = { collectiviteId: a.id, demarcheId, agentId: monde.agents.decideur.id }
  const url = `${a.base}/agent/demarches/${demarcheId}/edition/textes`
  const read = await monde.demander({ url, cookie: admin.cookie })
  const hidden = (name: string) => read.body.match(new RegExp(`name="${name}" value="([^"]*)"`))![1]!
  const { modele } = (await chezA(tx => demarche(tx, a.id, demarcheId)))!
  await chezA(tx => publier(tx, atelier, found => ({ ...found, resume: 'Le texte publié par un collègue.' })))
  const sent = { rang: hidden('rang'), revision: hidden('revision'), 'T-resume': modele.resume, 'T-cout': 'Gratuit, comme avant.' }
  const answer = await poster(url, sent)
  assert.equal(answer.statusCode, 409)
  assert.match(answer.body, /Gratuit, comme avant/, 'what was typed is kept')
  assert.equal((await chezA(tx => demarche(tx, a.id, demarcheId)))!.modele.resume, 'Le texte publié par un collègue.')
  assert.equal(await chezA(tx => copieDe(tx, a.id, demarcheId)), undefined)
})

test('a draft thrown away leaves none of its documents', async () => {
  const { brouillon } = await monde.encore()
  const kept = () => monde.admin.query('select 1 from fichier where id = $1', [brouillon.piece])
  assert.equal((await kept()).rowCount, 1)
  const answer = await poster(`${a.base}/brouillons/${brouillon.id}/suppression`, {}, monde.titulaire.cookie)
  assert.equal(answer.statusCode, 303)
  assert.equal((await kept()).rowCount, 0)
})
