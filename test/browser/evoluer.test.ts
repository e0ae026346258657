import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { exemples } from '../../src/modules/demarches/livre.ts'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { type Depose, dejaDepose, envoyer, lireAccuse, ouvrirParCode, pageSuivante, remplirDemarche, remplirPage } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const lien = (page: Page, name: string | RegExp) => pageSuivante(page, () => page.getByRole('link', { name }).first().click())
const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')

/** The two codes of the draft in front, which its pages show under « Continuer plus tard ». */
async function lireCodes(page: Page): Promise<Pick<Depose, 'reference' | 'code'>> {
  const [reference, code] = (await page.locator('details', { hasText: 'Continuer plus tard' }).textContent())!.match(
    /[0-9A-Z]{4}-[0-9A-Z]{4}/g,
  )!
  return { reference: reference!, code: code! }
}

/** Publishes what is being changed in a démarche of Vire Normandie. */
async function publier(page: Page, demarche: string): Promise<void> {
  await page.goto(`${vire}/agent/demarches/${demarche}/publication`)
  await envoyer(page, 'Publier')
  assert.match(await texte(page), /version est publiée/)
}

/** A démarche of two pages, written by the agent and open: nobody has ever asked for it. */
async function creerDemarche(page: Page, titre: string): Promise<string> {
  await page.goto(`${vire}/agent/demarches`)
  await page.getByLabel('Titre, comme le liront les habitants').fill(titre)
  await envoyer(page, 'Créer et écrire les questions')
  const id = page.url().match(/demarches\/([^/]+)/)![1]!
  await publier(page, id)
  return id
}

/** Answers the first page of such a démarche. */
async function commencer(page: Page, demarche: string, prenom: string): Promise<void> {
  await page.goto(`${vire}/demarches/${demarche}/commencer`)
  const saisie = { prenom, nom: 'Exemple', courriel: 'prenom.exemple@courriel.example' }
  await remplirPage(page, { etape: 'vous', saisie })
  await envoyer(page, 'Enregistrer et continuer')
}

async function finir(page: Page): Promise<Depose> {
  await page.getByLabel('Que demandez-vous').fill('Une échelle de quatre mètres.')
  await envoyer(page, 'Enregistrer et continuer')
  await envoyer(page, 'Envoyer ma demande')
  return lireAccuse(page)
}

test('a démarche changes while a resident fills it in: they read what changed, answer what is new, and file', async t => {
  const DEMARCHE = 'carte-dechetterie'
  const ancien = await unePersonne({ avecScript: false, largeur: 320 })
  const depose = await dejaDepose(ancien.page, vire, DEMARCHE, { rang: 2 })
  const debut = await unePersonne({ avecScript: false, largeur: 320 })
  await remplirDemarche(debut.page, vire, DEMARCHE, { rang: 2, jusqua: 'coordonnees' })
  const codes = await lireCodes(debut.page)

  await t.test('the agent removes a question, adds one that is required, changes a price, and publishes', async () => {
    const { page, context } = await unAgent('administrateur', { avecScript: false })
    const edition = `${vire}/agent/demarches/${DEMARCHE}/edition`
    await page.goto(`${edition}?etape=besoin`)
    await envoyer(page, 'Supprimer : Nom de l’organisme')
    await page.goto(`${edition}/ajout?etape=besoin`)
    await page.getByLabel('La question, comme la liront les habitants').fill('Passages par mois')
    await page.getByRole('radio', { name: /^Nombre entier/ }).check()
    await envoyer(page, 'Ajouter')
    await page.goto(`${edition}/reglages`)
    await page.getByLabel('Prix d’une carte de remplacement').fill('12,50')
    await envoyer(page, 'Enregistrer')
    await publier(page, DEMARCHE)
    await context.close()
  })

  await t.test('the page that was open is read as it was asked', async () => {
    await remplirPage(debut.page, { etape: 'coordonnees', saisie: { prenom: 'Dominique', nom: 'Fictif' } })
    await envoyer(debut.page, 'Enregistrer et continuer')
    assert.match(await texte(debut.page), /4 réponses sont à revoir/)
    assert.equal(await debut.page.getByLabel('Votre prénom', { exact: true }).inputValue(), 'Dominique')
  })

  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  const ecoute = ecouter(page)

  await t.test('back on another device, the page says what changed and what was put apart', async () => {
    await ouvrirParCode(page, vire, codes)
    const seen = await texte(page)
    assert.match(seen, /Cette démarche a changé depuis votre dernière visite/)
    assert.match(seen, /La question « Nom de l’organisme » n’est plus posée/)
    assert.match(seen, /Nouvelle question : « Passages par mois »/)
    assert.match(seen, /Prix d’une carte de remplacement : 12,50 €, au lieu de 10(,00)? €/)
    assert.match(seen, /n’ont plus leur place[\s\S]*Nom de l’organisme : Maçonnerie Fictive/)
    assert.match(seen, /123 456 782 00010[\s\S]*AA-000-AA/, 'answers are kept')
    assert.match(seen, /12,50 €\s+Modifier|Montant à payer\s+12,50 €/)
    assert.equal(await page.getByRole('button', { name: 'Envoyer ma demande' }).count(), 0)
    await controler(page, 'Brouillon reporté', ecoute)
  })

  await t.test('once read, it is said no more; the new question is asked before anything is sent', async () => {
    await envoyer(page, 'J’ai lu')
    assert.doesNotMatch(await texte(page), /Cette démarche a changé/)
    await controler(page, 'Brouillon reporté, lu', ecoute)
    await lien(page, /passages par mois/i)
    assert.match(page.url(), /etapes\/besoin/)
    await controler(page, 'Nouvelle question', ecoute)
    await page.getByLabel('Passages par mois').fill('4')
    await envoyer(page, 'Enregistrer et continuer')
    await lien(page, 'Compléter ma demande')
    await remplirPage(page, {
      etape: 'coordonnees',
      saisie: {
        prenom: 'Dominique',
        nom: 'Fictif',
        courriel: 'dominique@courriel.example',
        telephone: '02 61 91 22 33',
        'adresse-voie': '12 rue de l’Exemple',
        'adresse-codePostal': '14500',
        'adresse-commune': 'Vire Normandie',
        honneur: 'oui',
        'honneur-nom': 'Dominique Fictif',
      },
    })
    await envoyer(page, 'Enregistrer et continuer')
    await envoyer(page, 'Envoyer ma demande')
    const filed = await lireAccuse(page)
    assert.equal(filed.reference, codes.reference)
    await page.goto(`${vire}/dossiers/${filed.id}`)
    await page.getByText('Vos réponses', { exact: true }).click()
    assert.match(await texte(page), /Passages par mois\s+4/)
    assert.doesNotMatch(await texte(page), /Maçonnerie Fictive/)
  })

  await t.test('the dossier filed before keeps its questions and its price, for the resident and for the agent', async () => {
    const agent = await unAgent('administrateur')
    for (const [reader, url] of [
      [ancien.page, `${vire}/dossiers/${depose.id}`],
      [agent.page, `${vire}/agent/dossiers/${depose.id}`],
    ] as const) {
      await reader.goto(url)
      const seen = (await reader.locator('main').textContent())!.replaceAll(/[\u00a0\u202f]/g, ' ')
      assert.match(seen, /Nom de l’organisme\s*Maçonnerie Fictive/)
      assert.match(seen, /Montant à payer\s*10(,00)? €/)
      assert.doesNotMatch(seen, /Passages par mois/)
    }
    await agent.context.close()
  })
  for (const one of [ancien, debut, { context }]) await one.context.close()
})

test('an agent tries a form to its end: every page says so, and nothing is left', async () => {
  const DEMARCHE = 'carte-dechetterie'
  const { page, context } = await unAgent('administrateur')
  const ecoute = ecouter(page)
  const entrees = async () => {
    await page.goto(`${vire}/agent/journal`)
    return (await texte(page)).match(/([\d ]+) entrées/)![1]
  }
  const dossiers = async () => {
    await page.goto(`${vire}/agent/dossiers?etat=tous`)
    return (await texte(page)).match(/([\d ]+) (dossiers|demandes)/)![1]
  }
  const before = [await entrees(), await dossiers()]
  await page.goto(`${vire}/agent/demarches/${DEMARCHE}/edition`)
  await envoyer(page, 'Essayer')
  const pages: string[] = []
  await page.goto(page.url())
  await essayer(page, DEMARCHE, async nom => {
    assert.match(await texte(page), /Rien ne sera déposé/, nom)
    pages.push(nom)
    if (/besoin|3|vérification/.test(nom)) await controler(page, `Essai ${nom}`, ecoute)
  })
  assert.equal(pages.length, 6, pages.join())
  await envoyer(page, 'Terminer l’essai')
  assert.match(page.url(), /\/edition/)
  assert.deepEqual([await entrees(), await dossiers()], before)
  await context.close()
})

/** Answers every page of the trial in front, and looks at each once it shows, the check of all answers last. */
async function essayer(page: Page, demarche: string, voir: (nom: string) => Promise<void>): Promise<void> {
  const { envois } = exemples[demarche]![2]!
  for (const [index, envoi] of envois.entries()) {
    await voir(`${envoi.etape} ${index + 1}`)
    if (envoi.rowId) await lien(page, /^Ajouter/)
    const { organisme, ...saisie } = envoi.saisie
    await remplirPage(page, { ...envoi, saisie })
    if (envoi.etape === 'besoin') await page.getByLabel('Passages par mois').fill('2')
    await envoyer(page, 'Enregistrer et continuer')
    if (envoi.rowId && envois[index + 1]?.etape !== envoi.etape) await envoyer(page, 'Continuer')
  }
  await voir('vérification')
}

test('people say what they think after filing and after the answer; the mean shows from five opinions on', async () => {
  const agent = await unAgent('administrateur')
  const suiviParLAgent = ecouter(agent.page)
  const demarche = await creerDemarche(agent.page, 'Emprunter une échelle')
  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  const ecoute = ecouter(page)
  const publique = `${vire}/demarches/${demarche}`

  await commencer(page, demarche, 'Alix')
  const depose = await finir(page)
  await page.getByLabel('Que pouvons-nous améliorer').fill('Les mots « échelle » et <b>escabeau</b> & co.')
  await envoyer(page, 'Envoyer mon avis')
  assert.match(await page.title(), /^Erreur/)
  assert.match(await texte(page), /Choisissez une note de 1 à 5/)
  assert.equal(await page.getByLabel('Que pouvons-nous améliorer').inputValue(), 'Les mots « échelle » et <b>escabeau</b> & co.')
  await controler(page, 'Avis sans note', ecoute)
  await page.getByRole('radio', { name: '4 étoiles : bien' }).check()
  await envoyer(page, 'Envoyer mon avis')
  assert.match(await texte(page), /Merci, votre avis est enregistré/)
  await controler(page, 'Avis donné', ecoute)

  await agent.page.goto(`${vire}/agent/demarches/${demarche}`)
  assert.match(await texte(agent.page), /4 sur 5 \(1 avis\)[\s\S]*4 sur 5/)
  await agent.page.goto(`${vire}/agent/dossiers/${depose.id}`)
  await envoyer(agent.page, 'Prendre en charge')
  await lien(agent.page, 'Accepter')
  await envoyer(agent.page, 'Accepter la demande')
  await page.goto(`${vire}/dossiers/${depose.id}`)
  assert.match(await texte(page), /La réponse de la mairie, c’était…/)
  await controler(page, 'Avis après la décision', ecoute)
  await envoyer(page, 'Envoyer mon avis')
  assert.match(await texte(page), /Choisissez une note/)
  await page.getByRole('radio', { name: '2 étoiles' }).check()
  await envoyer(page, 'Envoyer mon avis')
  assert.match(await texte(page), /Merci, votre avis est enregistré/)

  for (const [rank, prenom] of ['Sacha', 'Camille', 'Dominique'].entries()) {
    await page.goto(publique)
    assert.doesNotMatch(await texte(page), /Avis des habitants/, `${rank + 2} opinions`)
    const other = await unePersonne({ avecScript: false, largeur: 320 })
    await commencer(other.page, demarche, prenom)
    await finir(other.page)
    await other.page.getByRole('radio', { name: '5 étoiles' }).check()
    await envoyer(other.page, 'Envoyer mon avis')
    assert.match(await texte(other.page), /Merci, votre avis est enregistré/)
    await other.context.close()
  }
  await page.goto(publique)
  assert.match(await texte(page), /Avis des habitants\s+4,2 sur 5 \(5 avis\)/)
  await controler(page, 'Démarche avec avis', ecoute)
  await agent.page.goto(`${vire}/agent/demarches/${demarche}`)
  assert.match(await texte(agent.page), /4,2 sur 5 \(5 avis\)/)
  await agent.page.getByText('Les dernières phrases').click()
  assert.match(await texte(agent.page), /après l’envoi : Les mots « échelle » et <b>escabeau<\/b> & co\./)
  await controler(agent.page, 'Démarche de l’agent avec avis', suiviParLAgent)
  await context.close()
  await agent.context.close()
})

test('a démarche closed by the agent says so; what was begun can still be filed', async () => {
  const agent = await unAgent('administrateur')
  const demarche = await creerDemarche(agent.page, 'Emprunter une brouette')
  const debut = await unePersonne({ avecScript: false, largeur: 320 })
  await commencer(debut.page, demarche, 'Camille')
  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  await page.goto(`${vire}/demarches/${demarche}/commencer`)
  await agent.page.goto(`${vire}/agent/demarches/${demarche}`)
  await envoyer(agent.page, 'Fermer')
  assert.match(await texte(agent.page), /Fermée/)

  const ecoute = ecouter(page)
  await remplirPage(page, { etape: 'vous', saisie: { prenom: 'Tardive', nom: 'Personne', courriel: 'tard@courriel.example' } })
  await envoyer(page, 'Enregistrer et continuer')
  assert.match(await texte(page), /n’est plus ouverte en ligne[\s\S]*Tardive/, 'what was typed is given back')
  await controler(page, 'Démarche fermée entre-temps', ecoute)
  await page.goto(`${vire}/demarches/${demarche}/commencer`)
  await controler(page, 'Commencer une démarche fermée', ecoute)
  await page.goto(`${vire}/demarches/${demarche}`)
  assert.match(await texte(page), /n’est pas ouverte en ligne/)
  assert.equal(await page.getByRole('link', { name: 'Commencer' }).count(), 0)
  await controler(page, 'Démarche fermée', ecoute)

  await debut.page.reload()
  const depose = await finir(debut.page)
  await agent.page.goto(`${vire}/agent/dossiers/${depose.id}`)
  assert.match(await texte(agent.page), /Une échelle de quatre mètres/)
  for (const one of [agent, debut, { context }]) await one.context.close()
})
