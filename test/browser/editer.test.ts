import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { agentFictif, unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { envoyer, pageSuivante } from './remplir.ts'

const { adresse } = await laDemonstration()
const vire = `${adresse}/vire-normandie`

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const lien = (page: Page, name: string | RegExp) => pageSuivante(page, () => page.getByRole('link', { name }).first().click())
const texte = async (page: Page) => (await page.locator('main').innerText()).replaceAll(/[\u00a0\u202f]/g, ' ')

/** Begins a démarche of its own; gives the address of its page. */
async function creer(page: Page, titre: string): Promise<string> {
  await page.goto(`${vire}/agent/demarches`)
  await page.getByLabel('Titre, comme le liront les habitants').fill(titre)
  await envoyer(page, 'Créer et écrire les questions')
  return page.url().replace(/\/edition.*$|[?#].*$/, '')
}

/** Adds a question at the end of a page. */
async function ajouter(page: Page, demarche: string, etape: string, libelle: string, type: string | RegExp): Promise<void> {
  await page.goto(`${demarche}/edition/ajout?etape=${etape}`)
  await page.getByLabel('La question, comme la liront les habitants').fill(libelle)
  await page.getByRole('radio', { name: type }).check()
  await envoyer(page, 'Ajouter')
}

for (const avecScript of [false, true])
  test(`an agent writes a démarche and publishes it, ${avecScript ? 'with' : 'without'} script`, async t => {
    const largeur = avecScript ? 1280 : 320
    const { page, context } = await unAgent('administrateur', { avecScript, largeur })
    const ecoute = ecouter(page)
    const voir = async (nom: string) => {
      if (avecScript) await controler(page, nom, ecoute)
    }
    const titre = `Emprunter une tondeuse ${avecScript ? 'à fil' : 'sans fil'}`
    const demarche = await creer(page, titre)
    const edition = `${demarche}/edition`

    await t.test('the plan of a new démarche is ready to be published', async () => {
      await page.goto(edition)
      assert.match(await texte(page), /Tout est prêt pour la publication/)
      await voir('Edition plan neuf')
    })

    await t.test('adds questions of several types', async () => {
      await page.goto(`${edition}?etape=demande`)
      await lien(page, 'Ajouter une question')
      await envoyer(page, 'Ajouter')
      assert.match(await page.locator('.error-summary').innerText(), /Écrivez la question/)
      await voir('Edition ajout refusé')
      await ajouter(page, demarche, 'demande', 'Avez-vous un jardin ?', /^Oui ou non/)
      assert.match(await texte(page), /est ajoutée à l’étape « Votre demande »/)
      await voir('Edition oui ou non')
      await ajouter(page, demarche, 'demande', 'Sa surface', /^Nombre entier/)
      await page.getByLabel('Valeur, au moins').fill('0')
      await page.getByLabel('Unité').fill('m²')
      await envoyer(page, 'Enregistrer')
      assert.equal(await page.getByLabel('Unité').inputValue(), 'm²')
      await voir('Edition nombre')
      await ajouter(page, demarche, 'demande', 'Pour quel usage', /^Choix unique/)
      await page.getByLabel('Réponse 1').fill('La pelouse')
      await page.getByLabel('Réponse 2').fill('')
      await page.getByLabel('Ajouter des réponses').fill('Le verger\nLe talus')
      await envoyer(page, 'Enregistrer')
      assert.deepEqual(await Promise.all([1, 2, 3].map(rank => page.getByLabel(`Réponse ${rank}`, { exact: true }).inputValue())), [
        'La pelouse',
        'Le verger',
        'Le talus',
      ])
      await pageSuivante(page, () => page.getByRole('button', { name: 'Monter : Le talus' }).click())
      assert.equal(await page.getByLabel('Réponse 2', { exact: true }).inputValue(), 'Le talus')
      await voir('Edition choix')
      await ajouter(page, demarche, 'demande', 'Date de l’emprunt', /^Date Trois/)
      await page.getByLabel('Pas avant').fill('dans longtemps')
      await envoyer(page, 'Enregistrer')
      assert.match(await page.title(), /^Erreur/)
      assert.equal(await page.getByLabel('Pas avant').inputValue(), 'dans longtemps')
      await page.getByLabel('Pas avant').fill('aujourd’hui + 2 jours')
      await envoyer(page, 'Enregistrer')
      assert.equal(await page.getByLabel('Pas avant').inputValue(), 'aujourd’hui + 2 jours')
      await voir('Edition date')
      await ajouter(page, demarche, 'demande', 'Photo du jardin', /^Pièce jointe/)
      await page.getByRole('radio', { name: 'C’est facultatif' }).check()
      await envoyer(page, 'Enregistrer')
      await voir('Edition pièce')
    })

    await t.test('says when a question is asked, in a sentence', async () => {
      await page.goto(`${edition}/champs/saSurface`)
      await page.getByLabel('Seulement si : la question').selectOption('avezVousUnJardin')
      await page.getByLabel('Seulement si : la comparaison').selectOption('est')
      await envoyer(page, 'Enregistrer')
      assert.equal(await page.getByLabel('Comparaison de « Avez-vous un jardin ? »').inputValue(), 'oui')
      await voir('Edition condition')
      await page.getByLabel('Une ligne de plus : la question').selectOption('objet')
      await envoyer(page, 'Enregistrer')
      assert.match(await page.locator('.error-summary').innerText(), /Donnez une valeur/)
      await voir('Edition condition refusée')
      await page.goto(`${edition}?etape=demande`)
      assert.match(await texte(page), /Nombre entier\. Seulement si « Avez-vous un jardin \? » est Oui\./)
      await voir('Edition plan')
    })

    await t.test('moves a question, and undoes it', async () => {
      const first = () => page.locator('.plan .plan li > a').first().innerText()
      await pageSuivante(page, () => page.getByRole('button', { name: 'Monter : Avez-vous un jardin ?' }).click())
      assert.equal(await first(), 'Avez-vous un jardin\u00a0?')
      await voir('Edition déplacée')
      await pageSuivante(page, () =>
        page
          .getByRole('button', { name: /^Annuler/ })
          .first()
          .click(),
      )
      await page.goto(`${edition}?etape=demande`)
      assert.equal(await first(), 'Que demandez-vous\u00a0?')
      if (!avecScript) return
      const link = page.getByRole('link', { name: 'Avez-vous un jardin ?' })
      await link.focus()
      await pageSuivante(page, () => page.keyboard.press('Alt+ArrowUp'))
      assert.equal(await first(), 'Avez-vous un jardin\u00a0?')
      assert.equal(await page.locator(':focus').innerText(), 'Avez-vous un jardin\u00a0?')
      await pageSuivante(page, () => link.press('Alt+ArrowDown'))
      // All of it in sight: a page that scrolls between press and move would drag another line.
      await page.setViewportSize({ width: 1280, height: 2000 })
      await pageSuivante(page, () =>
        page.locator('#champ-photoDuJardin').dragTo(page.locator('#champ-objet'), { targetPosition: { x: 20, y: 3 } }),
      )
      assert.equal(await first(), 'Photo du jardin')
      await pageSuivante(page, () =>
        page
          .getByRole('button', { name: /^Annuler/ })
          .first()
          .click(),
      )
    })

    await t.test('duplicates a question, gives it another type, puts it on another page', async () => {
      await page.goto(`${edition}?etape=demande`)
      await pageSuivante(page, () => page.getByRole('button', { name: 'Dupliquer : Pour quel usage' }).click())
      assert.match(await texte(page), /C’est une copie/)
      await page.goto(`${edition}/champs/pourQuelUsage2`)
      await page.getByText('Changer de type').click()
      assert.match(await texte(page), /Peuvent se perdre : les réponses proposées/)
      await page.getByLabel('Nouveau type').selectOption('choix_multiple')
      await envoyer(page, 'Changer le type')
      assert.equal(await page.getByLabel('Réponse 1', { exact: true }).inputValue(), 'La pelouse')
      await page.getByLabel('Mettre à la fin d’une autre page').selectOption('vous')
      await envoyer(page, 'Déplacer')
      assert.match(await texte(page), /passe de l’étape « Votre demande » à l’étape « Vous »/)
      assert.equal(await page.locator('.plan .plan li > a').last().innerText(), 'Pour quel usage')
      await pageSuivante(page, () => page.getByRole('button', { name: 'Supprimer : Pour quel usage' }).click())
      assert.match(await texte(page), /est retirée/)
    })

    await t.test('deletes what a condition reads only once it is confirmed, and undoes it', async () => {
      await page.goto(`${edition}?etape=demande`)
      await pageSuivante(page, () => page.getByRole('button', { name: 'Supprimer : Avez-vous un jardin ?' }).click())
      assert.match(await texte(page), /la condition d’affichage de la question « Sa surface »/)
      await voir('Edition suppression')
      await envoyer(page, 'Supprimer')
      assert.match(await texte(page), /« Avez-vous un jardin \? » est retirée/)
      await page.goto(edition)
      assert.match(await texte(page), /1 point à corriger|points à corriger|Un point à corriger/)
      await voir('Edition défaut')
      await lien(page, 'Sa surface')
      assert.match(page.url(), /champs\/saSurface/)
      await page.goto(`${demarche}/publication`)
      assert.equal(await page.getByRole('button', { name: 'Publier' }).count(), 0)
      await voir('Publication impossible')
      await page.goto(`${edition}/historique`)
      await voir('Edition historique')
      await pageSuivante(page, () =>
        page
          .getByRole('button', { name: /^Annuler ce changement/ })
          .first()
          .click(),
      )
      assert.match(await texte(page), /Rétabli|Annulé/)
      assert.match(await texte(page), /Tout est prêt/)
    })

    await t.test('changes a page, the texts, the settings, the rules', async () => {
      await lien(page, '2. Votre demande')
      await page.goto(`${edition}/etapes/demande`)
      await page.getByLabel('Texte sous le titre').fill('Dites ce dont vous avez besoin.')
      await envoyer(page, 'Enregistrer')
      await voir('Edition page')
      await page.goto(`${edition}/textes`)
      await page.getByLabel('En une phrase').fill('Emprunter la tondeuse de la commune.')
      await page.getByLabel(/^Au bout de/).fill('deux')
      await envoyer(page, 'Enregistrer')
      assert.match(await page.locator('.error-summary').innerText(), /nombre entier/)
      assert.equal(await page.getByLabel('En une phrase').inputValue(), 'Emprunter la tondeuse de la commune.')
      await page.getByLabel(/^Au bout de/).fill('2')
      await envoyer(page, 'Enregistrer')
      await voir('Edition textes')
      await page.goto(`${edition}/reglages`)
      await page.getByLabel('Son nom').fill('Prix par mètre')
      await page.getByLabel('Sa valeur').fill('0,50')
      await envoyer(page, 'Ajouter')
      assert.equal(await page.getByLabel('Prix par mètre').inputValue(), '0,5')
      await voir('Edition réglages')
      await ajouter(page, demarche, 'demande', 'Prix de l’emprunt', /^Valeur calculée/)
      await page.getByLabel('Ligne 1 : ce qui est compté').selectOption('champ:saSurface')
      await page.getByLabel('Ligne 1 : multiplié par', { exact: true }).selectOption('parametre:prixParMetre')
      await page.getByLabel(/^Ligne 1\s: multiplié par un nombre/).fill('')
      await page.getByLabel('Comment cette valeur est trouvée').fill('La surface par le prix.')
      await envoyer(page, 'Enregistrer')
      assert.match(await texte(page), /Le calcul : « Sa surface » × « Prix par mètre »\./)
      await voir('Edition calcul')
      await page.goto(`${edition}/regles/refus-neuf`)
      await page.getByLabel(/la question$/).selectOption('saSurface')
      await page.getByLabel(/la comparaison$/).selectOption('>')
      await page.getByLabel(/la valeur$/).fill('5000')
      await page.getByLabel('Ce que l’on dit alors à la personne').fill('Ce terrain est trop grand pour notre tondeuse.')
      await voir('Edition refus')
      await envoyer(page, 'Enregistrer')
      assert.match(await texte(page), /Si « Sa surface » est supérieur à 5 000/)
      await page.goto(`${edition}/regles/service-neuf`)
      await page.getByLabel(/la question$/).selectOption('pourQuelUsage')
      await page.getByLabel(/la valeur$/).fill('le verger')
      await page.getByLabel('Le service, comme le connaissent les habitants').fill('Espaces verts')
      await envoyer(page, 'Enregistrer')
      assert.match(await texte(page), /Si « Pour quel usage » est « Le verger »/)
      await voir('Edition règles')
    })

    await t.test('looks at it as a resident, and on paper', async () => {
      await page.goto(`${edition}/apercu?_etape=demande`)
      await page.getByRole('radio', { name: 'Oui' }).check()
      await page.getByLabel('Sa surface').fill('9000')
      await envoyer(page, 'Appliquer mes réponses')
      assert.match(await texte(page), /trop grand pour notre tondeuse/)
      assert.equal(await page.getByLabel('Sa surface').inputValue(), '9000')
      assert.ok((await page.locator('.frame').evaluate(frame => frame.getBoundingClientRect().width)) <= 360)
      await voir('Edition aperçu téléphone')
      await lien(page, 'Voir en largeur de bureau')
      await voir('Edition aperçu bureau')
      await page.goto(`${edition}/papier`)
      assert.match(await texte(page), /Seulement si « Avez-vous un jardin \? » est Oui/)
      assert.match(await texte(page), /annexe 1/)
      await voir('Edition papier')
    })

    await t.test('publishes it, and a resident sees it', async () => {
      await page.goto(`${demarche}/publication`)
      await voir('Publication')
      await envoyer(page, 'Publier')
      assert.match(await texte(page), /La nouvelle version est publiée/)
      const habitant = await unePersonne({ avecScript, largeur: 320 })
      await habitant.page.goto(demarche.replace('/agent/', '/'))
      assert.match(await texte(habitant.page), /Emprunter la tondeuse de la commune/)
      const listen = ecouter(habitant.page)
      await lien(habitant.page, 'Formulaire papier à imprimer')
      if (avecScript) await controler(habitant.page, 'Papier public', listen)
      await habitant.page.goBack()
      await lien(habitant.page, 'Commencer')
      await habitant.context.close()
    })

    await t.test('then changes it again, and reads what residents will see of it', async () => {
      await page.goto(`${edition}/champs/saSurface`)
      await page.getByLabel('La question', { exact: true }).fill('La surface de votre jardin')
      if (avecScript) {
        await page.locator('#apercu label', { hasText: 'La surface de votre jardin' }).waitFor()
        assert.match(await page.locator('#apercu').innerText(), /m²/)
      }
      await envoyer(page, 'Enregistrer')
      await page.goto(`${demarche}/publication`)
      assert.match(await texte(page), /La question « Sa surface » devient « La surface de votre jardin »/)
      await voir('Publication suivante')
    })
    await context.close()
  })

test('a form of sixty questions, one page of it unfolded', async () => {
  const { page, context } = await unAgent('administrateur')
  const ecoute = ecouter(page)
  for (const id of ['restauration-scolaire', 'acte-etat-civil', 'occupation-domaine-public']) {
    await page.goto(`${vire}/agent/demarches/${id}/edition`)
    await controler(page, `Edition ${id}`, ecoute)
    await page.goto(`${vire}/agent/demarches/${id}/edition/papier`)
    await controler(page, `Papier ${id}`, ecoute)
    await page.goto(`${vire}/agent/demarches/${id}/edition/reglages`)
    await controler(page, `Réglages ${id}`, ecoute)
    await page.goto(`${vire}/agent/demarches/${id}/edition/apercu`)
    await controler(page, `Aperçu ${id}`, ecoute)
  }
  await context.close()
})

/** Gives a role to another agent, or takes it back. */
async function donnerLeRole(page: Page, courriel: string, role: string, oui: boolean): Promise<void> {
  await page.goto(`${vire}/agent/equipe`)
  await pageSuivante(page, () => page.locator('tbody tr', { hasText: courriel }).getByRole('link').click())
  await page.getByRole('checkbox', { name: role }).setChecked(oui)
  await envoyer(page, 'Enregistrer les rôles')
}

test('two agents at once: what differs is merged and told, what conflicts is chosen', async () => {
  const premier = await unAgent('administrateur')
  const autre = await agentFictif('decideur')
  await donnerLeRole(premier.page, autre.courriel, 'Administrateur', true)
  const demarche = await creer(premier.page, 'Réserver un barnum')
  const champ = `${demarche}/edition/champs/objet`
  const second = await unAgent('decideur', { largeur: 320 })
  const ecoute = ecouter(second.page)
  const question = (page: Page) => page.getByLabel('La question', { exact: true })

  // Two different things: both are kept, and the second is told who did what.
  await premier.page.goto(champ)
  await second.page.goto(champ)
  await premier.page.getByLabel('Aide sous la question').fill('La date et la taille.')
  await envoyer(premier.page, 'Enregistrer')
  await question(second.page).fill('Pour quel jour ?')
  await envoyer(second.page, 'Enregistrer')
  assert.match(await texte(second.page), /quelqu’un d’autre a aussi changé[\s\S]*Exemple : .*aide/)
  assert.equal(await second.page.getByLabel('Aide sous la question').inputValue(), 'La date et la taille.')
  await controler(second.page, 'Edition fusion', ecoute)

  // The same thing: nothing is written until one chooses, and the rest of what was typed is kept.
  // Not even when the second had first to put a mistake right.
  await question(second.page).fill('')
  await envoyer(second.page, 'Enregistrer')
  assert.match(await second.page.title(), /^Erreur/)
  await premier.page.goto(champ)
  await question(premier.page).fill('Pour quelle fête ?')
  await envoyer(premier.page, 'Enregistrer')
  await question(second.page).fill('Pour quel mariage ?')
  await second.page.getByLabel('Aide sous la question').fill('Une semaine avant.')
  await envoyer(second.page, 'Enregistrer')
  assert.match(await second.page.title(), /^Changé par quelqu’un d’autre/)
  assert.match(await texte(second.page), /Exemple : [\s\S]*Pour quelle fête \?/)
  await controler(second.page, 'Edition conflit', ecoute)
  await second.page.getByRole('radio', { name: /Garder celui de l’autre personne/ }).check()
  await envoyer(second.page, 'Enregistrer ce choix')
  assert.equal(await question(second.page).inputValue(), 'Pour quelle fête ?')
  assert.equal(await second.page.getByLabel('Aide sous la question').inputValue(), 'Une semaine avant.')
  await donnerLeRole(premier.page, autre.courriel, 'Administrateur', false)
  await premier.context.close()
  await second.context.close()
})
