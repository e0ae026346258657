import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { heicPhoto } from '../../src/platform/files/testing.ts'
import { INTERCOMMUNALITE } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { documentsVerifies, envoyer, lireAccuse, pageSuivante, photo, remplirPage } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const lien = (page: Page, name: string | RegExp) => pageSuivante(page, () => page.getByRole('link', { name }).first().click())
const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
const continuer = (page: Page) => envoyer(page, 'Enregistrer et continuer')
const remplir = (page: Page, saisie: Record<string, string | string[]>) => remplirPage(page, { etape: '', saisie })
const valeur = (page: Page, name: string) => page.locator(`[name="${name}"]`).first().inputValue()

/** The sentences at the head of a page refused. */
async function erreurs(page: Page): Promise<string> {
  assert.match(await page.title(), /^Erreur/)
  return (await page.locator('.error-summary').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')
}

const jours = (days: number) => {
  const date = new Date(Date.now() + days * 86_400_000)
  return { jour: String(date.getDate()), mois: String(date.getMonth() + 1), annee: String(date.getFullYear()) }
}

const coordonnees = {
  prenom: 'Camille',
  nom: 'Exemple',
  courriel: 'camille@courriel.example',
  telephone: '06 39 98 12 34',
  'adresse-voie': '12 rue de l’Exemple',
  'adresse-codePostal': '14500',
  'adresse-commune': 'Vire Normandie',
}

for (const avecScript of [false, true]) {
  const mots = avecScript ? 'with script at 1280 px' : 'without script at 320 px'
  /** A person at the first page of a démarche; `voir` looks at the page in front, once for the two. */
  const commencer = async (demarche: string, place = vire) => {
    const { page, context } = await unePersonne({ avecScript, largeur: avecScript ? 1280 : 320 })
    const ecoute = ecouter(page)
    await page.goto(`${place}/demarches/${demarche}/commencer`)
    const voir = async (nom: string) => {
      if (avecScript) await controler(page, `Questions ${nom}`, ecoute)
      else assert.ok((await page.locator('html').evaluate(html => html.scrollWidth)) <= 320, `${nom} goes out of the screen`)
    }
    const fin = async () => {
      assert.deepEqual(ecoute.plaintes, [])
      await context.close()
    }
    return { page, voir, fin }
  }

  test(`commune, country, photographs, attestation: recensement citoyen, ${mots}`, async () => {
    const { page, voir, fin } = await commencer('recensement-citoyen')
    const annee = String(new Date().getFullYear() - 17)
    await remplir(page, { qui: 'jeune', francais: 'oui', 'naissance-jour': '31', 'naissance-mois': 'avril', 'naissance-annee': annee })
    await continuer(page)
    assert.match(await erreurs(page), /date de naissance/)
    assert.deepEqual([await valeur(page, 'naissance-jour'), await valeur(page, 'naissance-mois')], ['31', 'avril'])
    await remplir(page, { 'naissance-jour': '1er', 'naissance-mois': 'avril' })
    await continuer(page)

    await remplir(page, { jeuneNom: 'Exemple', jeunePrenoms: 'Léo Paul', neFrance: 'oui', communeNaissance: 'Qwxkzj', etudes: 'lycee' })
    await continuer(page)
    assert.match(await erreurs(page), /Aucune commune ne répond/)
    assert.equal(await valeur(page, 'communeNaissance'), 'Qwxkzj')
    await voir('commune inconnue')
    if (avecScript) {
      await page.locator('[name=communeNaissance]').fill('')
      await page.locator('[name=communeNaissance]').pressSequentially('lisi')
      await page.getByRole('option', { name: 'Lisieux (14100)' }).click()
      assert.equal(await valeur(page, 'communeNaissance'), 'Lisieux (14100)')
    }
    await remplir(page, { communeNaissance: 'Baieux' })
    await continuer(page)
    assert.match(await erreurs(page), /Choisissez la commune de naissance dans la liste/)
    assert.ok((await page.getByRole('radio', { name: 'Bayeux (14400)' }).count()) === 1)
    await remplir(page, { communeNaissance: '14400' })
    await continuer(page)
    assert.match(await texte(page), /Réponses trouvées pour « 14400 »\s+Les 10 premières/)
    assert.ok((await page.locator('input[name="communeNaissance-choix"]').count()) > 7)
    await voir('commune à choisir')
    await page.getByRole('radio', { name: 'Bayeux (14400)' }).check()
    await continuer(page)
    await remplir(page, { parent1: 'Camille Exemple' })
    await continuer(page)

    await page.locator('input[name=identite]').setInputFiles({ name: 'carte.txt.exe', mimeType: 'image/jpeg', buffer: Buffer.from('MZ') })
    await page.locator('input[name=livret]').setInputFiles({ name: 'IMG_0042.HEIC', mimeType: 'image/heic', buffer: heicPhoto })
    await continuer(page)
    assert.match(
      await erreurs(page),
      /^Une réponse est à revoir\s+« carte.txt.exe » n’est pas accepté ici : envoyez un PDF ou une photo\.$/,
    )
    assert.match(await texte(page), /IMG_0042/, 'the good file stays')
    await voir('mauvais fichier')
    await page
      .locator('input[name=identite]')
      .setInputFiles({ name: 'carte tournée.jpg', mimeType: 'image/jpeg', buffer: await (avecScript ? lourde() : photo()) })
    await continuer(page)

    await remplir(page, { ...coordonnees, telephone: '06 39 98 12', honneur: 'oui' })
    await continuer(page)
    assert.match(await erreurs(page), /téléphone[\s\S]*prénom et votre nom/)
    assert.equal(await valeur(page, 'telephone'), '06 39 98 12')
    assert.ok(await page.locator('input[name=honneur]').isChecked())
    await voir('attestation sans nom')
    await remplir(page, { telephone: '+33 (0)6.39.98.12.34', 'honneur-nom': 'Léo Exemple' })
    await continuer(page)
    const seen = await texte(page)
    for (const shown of [
      new RegExp(`1er avril ${annee}`),
      /Commune de naissance\s+Bayeux \(14400\)/,
      /carte tournée\.jpg/,
      /IMG_0042\.jpg|IMG_0042\.HEIC/,
      /06 39 98 12 34/,
      /12 rue de l’Exemple\s+14500 Vire Normandie/,
      /Léo Exemple/,
    ])
      assert.match(seen, shown)
    assert.doesNotMatch(seen, /Pays de naissance/)
    await voir('récapitulatif recensement')
    await tourne(page, /carte tournée/)
    await envoyer(page, 'Envoyer ma demande')
    await lireAccuse(page)
    await fin()
  })

  test(`place, hours, RNA, SIRET, what is refused and why: buvette, ${mots}`, async () => {
    const { page, voir, fin } = await commencer('debit-de-boissons-temporaire')
    const { jour, mois, annee } = jours(40)
    const cadre = {
      evenement: 'Fête fictive',
      stade: 'non',
      lieuBuvette: 'Place Fictive, derrière la mairie',
      'ouverture-jour': `${jour}/${mois}/${annee}`,
      'ouverture-heure': '25 h',
      'fermeture-jour': jour,
      'fermeture-mois': mois,
      'fermeture-annee': annee.slice(2),
      'fermeture-heure': '23h30',
      boissons: ['sans', 'forts'],
      public: '1 200',
    }
    await remplir(page, cadre)
    await continuer(page)
    assert.match(await erreurs(page), /0 h à 23 h 59/)
    assert.equal(await valeur(page, 'ouverture-jour'), `${jour}/${mois}/${annee}`)
    assert.equal(await valeur(page, 'lieuBuvette'), cadre.lieuBuvette)
    assert.match(await texte(page), /Si « Boissons servies »[^\n]* :\s+Une buvette sans alcool n’a pas besoin d’autorisation/)
    await voir('heure impossible')
    await remplir(page, { 'ouverture-heure': 'midi' })
    await continuer(page)
    assert.match(await texte(page), /la demande n’est pas possible[\s\S]*alcool/)
    assert.equal(await valeur(page, 'public'), '1200')
    await voir('demande refusée')
    await page.getByRole('checkbox', { name: 'Alcools forts' }).uncheck()
    await page.getByRole('checkbox', { name: /^Vin, bière/ }).check()
    await continuer(page)

    await remplir(page, {
      ...coordonnees,
      qui: 'association',
      organisme: 'Comité Fictif',
      rna: 'W14200123',
      honneur: 'oui',
      'honneur-nom': 'C. Exemple',
    })
    await continuer(page)
    assert.match(await erreurs(page), /W suivi de 9 chiffres/)
    assert.equal(await valeur(page, 'rna'), 'W14200123')
    await remplir(page, { qui: 'entreprise', siret: '123 456 782 00011' })
    await continuer(page)
    assert.match(await erreurs(page), /erreur de recopie/)
    assert.equal(await valeur(page, 'siret'), '123 456 782 00011')
    await remplir(page, { siret: '12345678200010' })
    await continuer(page)
    if ((await page.getByRole('heading', { name: 'Vérifiez vos réponses' }).count()) === 0) {
      await remplir(page, { rna: '' })
      await continuer(page)
    }
    const seen = await texte(page)
    for (const shown of [/à 12 h\s/, /à 23 h 30/, /Place Fictive, derrière la mairie/, /123 456 782 00010/, /1 200/, /Vin, bière/])
      assert.match(seen, shown)
    assert.doesNotMatch(seen, /W14200123/, 'the number of an association is not a company’s')
    await voir('récapitulatif buvette')
    await fin()
  })

  test(`rows, sums, IBAN, sections, a budget that does not balance: subvention, ${mots}`, async () => {
    const { page, voir, fin } = await commencer('subvention-association')
    const association = {
      organisme: 'Club Fictif',
      rna: 'w 142 001 234',
      siret: '123 456 782 00010',
      adherents: '80',
      adherentsCommune: '90',
      salaries: '0',
      objetCultuel: 'non',
      representant: 'oui',
      premiere: 'oui',
    }
    await remplir(page, association)
    await page.locator('input[name=statuts]').setInputFiles({ name: 'statuts.jpg', mimeType: 'image/jpeg', buffer: await photo() })
    await continuer(page)
    assert.match(await erreurs(page), /^Une réponse est à revoir\s+[^\n]*au plus 80\.$/)
    assert.match(await texte(page), /statuts\.jpg/, 'the document of a first page that is wrong stays')
    assert.equal(await valeur(page, 'organisme'), 'Club Fictif')
    await voir('première page à revoir, document gardé')
    await remplir(page, { adherentsCommune: '65' })
    await continuer(page)
    const debut = jours(90)
    await remplir(page, {
      projet: 'Tournoi fictif',
      nature: 'action',
      description: 'Un tournoi ouvert à tous les enfants.\nDeux jours.',
      'debut-jour': debut.jour,
      'debut-mois': debut.mois,
      'debut-annee': debut.annee,
      'fin-jour': debut.jour,
      'fin-mois': debut.mois,
      'fin-annee': debut.annee,
    })
    await continuer(page)
    for (const [nom, montant] of [
      ['Coupes', '300'],
      ['Erreur', '1'],
      ['Repas', '500,50'],
    ] as const) {
      await lien(page, /^Ajouter/)
      await remplir(page, { depenseNom: nom, depenseMontant: montant })
      await continuer(page)
    }
    await envoyer(page, 'Retirer Erreur')
    await lien(page, 'Modifier Repas')
    assert.equal(await valeur(page, 'depenseMontant'), '500,50')
    await remplir(page, { depenseMontant: '500,5o' })
    await continuer(page)
    assert.match(await erreurs(page), /montant/i)
    assert.equal(await valeur(page, 'depenseMontant'), '500,5o')
    await remplir(page, { depenseMontant: '500.50 €' })
    await continuer(page)
    assert.match(await texte(page), /2 dépenses/)
    await envoyer(page, 'Continuer')
    await lien(page, /^Ajouter/)
    await remplir(page, { recetteNom: 'Inscriptions', recetteMontant: '400,50', recettePublique: 'non' })
    await continuer(page)
    await envoyer(page, 'Continuer')

    assert.match(await texte(page), /Le versement/)
    await remplir(page, { montantDemande: '300', iban: 'FR14 2004 1010 0505 0001 3M02 607' })
    for (const name of ['comptes', 'rapport', 'rib'])
      await page.locator(`input[name=${name}]`).setInputFiles({ name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: await photo() })
    await continuer(page)
    assert.match(await erreurs(page), /IBAN[\s\S]*erreur de recopie/)
    assert.equal(await valeur(page, 'iban'), 'FR14 2004 1010 0505 0001 3M02 607')
    assert.match(await texte(page), /comptes\.jpg[\s\S]*rib\.jpg/)
    await voir('IBAN mal recopié')
    await remplir(page, { iban: 'fr1420041010050500013m02606' })
    await continuer(page)
    assert.match(await texte(page), /la demande n’est pas possible[\s\S]*budget doit être équilibré/)
    assert.match(await texte(page), /Total des dépenses : 800,50 €[\s\S]*subvention comprise : 700,50 €/)
    await voir('budget refusé')
    await remplir(page, { montantDemande: '400' })
    await continuer(page)
    await remplir(page, {
      ...coordonnees,
      engagement: 'oui',
      'engagement-nom': 'Camille Exemple',
      honneur: 'oui',
      'honneur-nom': 'Camille Exemple',
    })
    await continuer(page)
    const seen = await texte(page)
    for (const shown of [
      /W142001234|W 142 001 234/,
      /Un tournoi ouvert à tous les enfants\.\s+Deux jours\./,
      /Coupes\s+Dépense\s+Coupes/,
      /500,50 €/,
      /Total des dépenses\s+800,50 €/,
      /FR14 2004 1010 0505 0001 3M02 606/,
    ])
      assert.match(seen, shown)
    assert.doesNotMatch(seen, /Erreur/)
    assert.equal(await page.getByRole('link', { name: /Total des dépenses/ }).count(), 0, 'what is computed is not changed there')
    await voir('récapitulatif subvention')
    await envoyer(page, 'Envoyer ma demande')
    await lireAccuse(page)
    await fin()
  })

  // The intercommunalité's: another journey changes that of Vire Normandie.
  test(`choices linked, price computed: déchetterie; sections of an earlier answer: eau, ${mots}`, async () => {
    const { page, voir, fin } = await commencer('carte-dechetterie', adresse + INTERCOMMUNALITE)
    await remplir(page, { objet: 'carte', qui: 'habitant' })
    await continuer(page)
    assert.match(await erreurs(page), /Précisez|Choisissez/i)
    assert.ok(await page.getByRole('radio', { name: 'Une carte de déchetterie' }).isChecked())
    await voir('choix à préciser')
    await page.getByRole('radio', { name: 'Remplacer une carte perdue' }).check()
    await continuer(page)
    assert.match(await texte(page), /Montant à payer : 10,00 €/)
    await remplir(page, { remise: 'retrait' })
    await continuer(page)
    await page.goto(page.url().replace(/etapes\/.*/, 'verification'))
    assert.match(await texte(page), /Une carte de déchetterie : Remplacer une carte perdue/)

    const titres = async (demande: string) => {
      await page.goto(`${vire}/demarches/abonnement-eau/commencer`)
      const { jour, mois, annee } = jours(12)
      await remplir(page, {
        demande,
        occupant: 'locataire',
        contrat: '000-000',
        'effet-jour': jour,
        'effet-mois': mois,
        'effet-annee': annee,
      })
      await continuer(page)
      return page.locator('main h2').allInnerTexts()
    }
    assert.equal((await titres('ouverture')).length, 1)
    assert.equal((await titres('transfert')).length, 2)
    await voir('sections')
    await fin()
  })
}

test('documents on the first page are kept whatever is wrong with it, and do not stop who has them', async () => {
  const { page, context } = await unePersonne({ avecScript: false, largeur: 320 })
  await page.goto(`${vire}/demarches/carte-senior/commencer`)
  const buffer = await photo()
  await remplir(page, {
    habite: 'non',
    'naissance-jour': '2',
    'naissance-mois': '5',
    'naissance-annee': '1950',
    demande: 'premiere',
    remise: 'mairie',
  })
  for (const name of ['photo', 'identite'])
    await page.locator(`input[name=${name}]`).setInputFiles({ name: `${name}.jpg`, mimeType: 'image/jpeg', buffer })
  await continuer(page)
  assert.match(await texte(page), /la demande n’est pas possible[\s\S]*réservée aux habitants[\s\S]*photo\.jpg[\s\S]*identite\.jpg/)
  await remplir(page, { habite: 'oui' })
  await continuer(page)
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Canicule et grand froid')

  await page.goto(`${vire}/demarches/carte-senior/commencer`)
  await remplir(page, {
    habite: 'oui',
    'naissance-jour': '2',
    'naissance-mois': '5',
    'naissance-annee': '1950',
    demande: 'renouvellement',
    remise: 'mairie',
  })
  await page
    .locator('input[name=photo]')
    .setInputFiles({ name: 'photo.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 no more') })
  await continuer(page)
  assert.match(await erreurs(page), /« photo.pdf » n’est pas accepté ici : envoyez une photo/)
  await page.locator('input[name=photo]').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer })
  await continuer(page)
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Canicule et grand froid')

  // The answer lost on the way, the page sent again: one draft, one photograph.
  await page.goto(`${vire}/demarches/carte-senior/commencer`)
  const caches = await page
    .locator('main form input[type=hidden]')
    .evaluateAll(all => all.map(one => [one.getAttribute('name'), one.getAttribute('value')]))
  const multipart = {
    ...(Object.fromEntries(caches) as Record<string, string>),
    ...{
      habite: 'oui',
      'naissance-jour': '2',
      'naissance-mois': '5',
      'naissance-annee': '1950',
      demande: 'renouvellement',
      remise: 'mairie',
    },
    photo: { name: 'photo.jpg', mimeType: 'image/jpeg', buffer },
  }
  const places: (string | undefined)[] = []
  for (let sent = 0; sent < 2; sent++) {
    const answer = await page.request.post(page.url(), { multipart, maxRedirects: 0 })
    assert.equal(answer.status(), 303, await answer.text())
    places.push(answer.headers().location)
  }
  assert.equal(places[0], places[1])
  await page.goto(new URL(places[0]!.replace(/etapes\/.*/, 'etapes/vous'), adresse).href)
  assert.equal((await texte(page)).match(/photo\.jpg/g)?.length, 1, await texte(page))
  await context.close()
})

/** A photograph of twelve million points taken with the telephone held upright, some 9 MB. */
async function lourde(): Promise<Buffer> {
  const noise = await sharp(randomBytes(1000 * 750 * 3), { raw: { width: 1000, height: 750, channels: 3 } })
    .resize(4000, 3000, { kernel: 'nearest' })
    .withExif({ IFD0: { Make: 'Essai' } })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 92 })
    .toBuffer()
  assert.ok(noise.length > 5_000_000, `${noise.length}`)
  return noise
}

/** A photograph joined is stood upright, and says no more where it was taken. */
async function tourne(page: Page, name: RegExp): Promise<void> {
  await documentsVerifies(page)
  const href = await page.getByRole('link', { name }).getAttribute('href')
  const answer = await page.context().request.get(new URL(href!, adresse).href)
  const { width, height, exif } = await sharp(await answer.body()).metadata()
  assert.ok(height > width && exif === undefined, `${width} × ${height}`)
}
