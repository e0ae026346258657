import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { exemples } from '../../src/modules/demarches/livre.ts'
import { unAgent } from '../builders/agent.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { deposerDemarche, envoyer, ouvrirMesDossiers, remplirPage } from './remplir.ts'

const { adresse, demonstration } = await laDemonstration()
const [vire, autre] = demonstration.communes.slice(0, 2).map(({ chemin }) => adresse + chemin) as [string, string]
const DEMARCHE = 'restauration-scolaire'
const [premiere] = exemples[DEMARCHE]![0]!.envois
const saisie = premiere!.saisie as Record<string, string>

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

for (const avecScript of [true, false]) {
  const mots = avecScript ? 'with' : 'without'

  test(`an agent prepares a link, the person reads it, changes an answer and goes on, ${mots} script`, async () => {
    const agent = await unAgent('administrateur', { avecScript })
    const ecoute = avecScript ? ecouter(agent.page) : undefined
    await agent.page.goto(`${vire}/agent/demarches/${DEMARCHE}`)
    await agent.page.getByRole('link', { name: 'Préparer un lien pré-rempli' }).click()
    if (ecoute) await controler(agent.page, 'Préparer un lien pré-rempli', ecoute)
    await agent.page.locator('[name=courriel]').fill('pas une adresse')
    await envoyer(agent.page, 'Préparer le lien')
    assert.match(await agent.page.title(), /^Erreur/)
    for (const name of ['responsablePrenom', 'responsableNom']) await agent.page.locator(`[name=${name}]`).fill(saisie[name]!)
    await agent.page.locator('[name=courriel]').fill('ancienne@courriel.example')
    await envoyer(agent.page, 'Préparer le lien')
    if (ecoute) await controler(agent.page, 'Lien pré-rempli', ecoute)
    const lien = await agent.page.locator('code.copyable').innerText()
    await agent.context.close()

    const { page, context } = await unePersonne({ avecScript, largeur: 320 })
    const entendu = avecScript ? ecouter(page) : undefined
    await page.goto(lien)
    assert.match(await page.locator('main').innerText(), /ancienne@courriel\.example/)
    if (entendu) await controler(page, 'Ouvrir un lien pré-rempli', entendu)
    await envoyer(page, 'Commencer avec ces réponses')
    const notes = page.getByText(/Pré-rempli\s: indiqué par/)
    assert.equal(await notes.count(), 3)
    if (entendu) await controler(page, 'Page pré-remplie', entendu)
    await remplirPage(page, premiere!, { courriel: 'nouvelle@courriel.example' })
    await envoyer(page, 'Enregistrer et continuer')
    await page.goto(page.url().replace(/etapes\/.*/, 'verification'))
    assert.equal(await notes.count(), 2, 'the answer that changed is the person’s own')
    if (entendu) await controler(page, 'Vérifier un brouillon pré-rempli', entendu)

    await page.goto(`${lien.slice(0, -2)}zz`)
    assert.match(await page.locator('main').innerText(), /Demandez-en un autre/)
    if (entendu) await controler(page, 'Lien pré-rempli périmé', entendu)
    await page.getByRole('link', { name: 'Commencer la demande' }).click()
    assert.equal(await page.locator('[name=courriel]').inputValue(), '')
    await context.close()
  })

  test(`a person takes their coordinates again in another commune, and makes a like request, ${mots} script`, async () => {
    const courriel = `reprise.${avecScript ? 'avec' : 'sans'}@courriel.example`
    const { page, context } = await unePersonne({ avecScript, largeur: 320 })
    const ecoute = avecScript ? ecouter(page) : undefined
    await ouvrirMesDossiers(page, vire, courriel)
    const depose = await deposerDemarche(page, vire, DEMARCHE, { saisie: { courriel } })

    await page.goto(`${autre}/demarches/${DEMARCHE}/commencer`)
    await page.getByText(/^Reprendre vos coordonnées de votre demande du/).waitFor()
    assert.equal(await page.locator('input[name=courriel]').inputValue(), '', 'nothing is taken before it is asked')
    if (ecoute) await controler(page, 'Reprendre ses coordonnées', ecoute)
    await envoyer(page, 'Reprendre ces réponses')
    assert.equal(await page.locator('input[name=courriel]').inputValue(), courriel)
    await page
      .getByText(new RegExp(`Pré-rempli\\s: votre demande ${depose.reference} du`))
      .first()
      .waitFor()

    await page.goto(`${vire}/dossiers/${depose.id}`)
    if (ecoute) await controler(page, 'Dossier à refaire', ecoute)
    await envoyer(page, 'Refaire une demande semblable')
    await page.getByRole('heading', { name: 'Vérifiez vos réponses' }).waitFor()
    assert.match(await page.locator('main').innerText(), new RegExp(`Pré-rempli\\s: votre demande ${depose.reference}`))
    assert.notEqual(page.url().match(/brouillons\/([^/]+)/)![1], depose.id)
    if (ecoute) await controler(page, 'Demande semblable', ecoute)
    await context.close()

    const anyone = await unePersonne({ avecScript })
    await anyone.page.goto(`${autre}/demarches/${DEMARCHE}/commencer`)
    assert.equal(await anyone.page.getByText('Reprendre vos coordonnées').count(), 0)
    await anyone.context.close()
  })
}
