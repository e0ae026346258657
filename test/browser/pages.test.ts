import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { agentFictif, unAgent } from '../builders/agent.ts'
import { pagesPubliques, unePesee } from '../builders/mesures.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../builders/parvis.ts'
import { controler, ecouter } from './controles.ts'
import { ecoindex, noteEcoindex } from './ecoindex.ts'
import { deposerDemarche, envoyer, pageSuivante, remplirDemarche } from './remplir.ts'

const { adresse, demonstration } = await laDemonstration()
const { chemin } = demonstration.communes[0]!
const vire = adresse + chemin

after(async () => {
  await fermerLeNavigateur()
  await fermerLaDemonstration()
})

const lien = (page: Page, name: string | RegExp) => pageSuivante(page, () => page.getByRole('link', { name }).first().click())

/** Opens each page of the draft again by its own link, empties it, sends it and comes back to the check: empty pages and their errors. */
async function pagesRefusees(page: Page, demarche: string, ecoute: ReturnType<typeof ecouter>): Promise<void> {
  const verification = page.url()
  const hrefs = await page
    .locator('main a[href*="/etapes/"]')
    .evaluateAll(links => links.map(link => (link as HTMLAnchorElement).href.replace(/[?#].*/, '')))
  for (const href of new Set(hrefs)) {
    await page.goto(href)
    await page
      .locator('main form')
      .first()
      .evaluate(form => {
        for (const one of form.querySelectorAll<HTMLInputElement>('input:not([type=hidden]), textarea, select')) {
          if (one.type === 'radio' || one.type === 'checkbox') one.checked = false
          else one.value = ''
        }
      })
    await envoyer(page, 'Enregistrer et continuer')
    const path = href.match(/etapes\/([a-zA-Z]+)/)![1]!
    if (/^Erreur/.test(await page.title())) await controler(page, `${demarche} ${path} refusée`, ecoute)
  }
  await page.goto(verification)
}

// Two at once: each waits for its browser half of the time.
describe('the table of pages', { concurrency: 2 }, () => {
  it('the public pages are light at a first visit, and right', async () => {
    const { page, peser, fermer } = await unePesee()
    const ecoute = ecouter(page)
    for (const [nom, path] of pagesPubliques(chemin)) {
      const { bytes, requests, elements } = await peser(adresse + path)
      assert.ok(bytes > 1000 && bytes <= 14_000, `${nom}: ${bytes} bytes`)
      assert.ok(requests >= 1 && requests <= 3, `${nom}: ${requests} requests`)
      assert.equal(noteEcoindex(ecoindex(elements, bytes / 1000, requests)), 'A', nom)
      await controler(page, nom, ecoute)
    }
    await fermer()
  })

  it('the other public pages are right', async () => {
    const { page, context } = await unePersonne({ avecScript: true })
    const ecoute = ecouter(page)
    const epci = demonstration.communes.at(-1)!.chemin
    const more = [
      ['Dernier lieu de la démonstration', epci],
      ['Recherche sans résultat', '/recherche?q=zzzzzzzz'],
      ['Recherche vide', '/recherche?q='],
      ['Démarche introuvable', `${chemin}/demarches?q=zzzzzz`],
      ['404', '/nulle-part/rien'],
      ['404 de la commune', `${chemin}/demarches/rien`],
      ['Boîte d’envoi', `${chemin}/boite-d-envoi`],
      ['Boîte d’envoi vide', `${demonstration.communes[5]!.chemin}/boite-d-envoi`],
      ['Code à usage unique sans session', `${chemin}/agent/connexion?retour=/agent/dossiers`],
    ] as const
    for (const [nom, path] of more) {
      await page.goto(adresse + path)
      await controler(page, nom, ecoute)
    }
    await page.goto(`${vire}/boite-d-envoi`)
    await pageSuivante(page, () => page.locator('tbody a').first().click())
    await controler(page, 'Message envoyé', ecoute)
    await context.close()
  })

  it('the pages of refused forms are right', async () => {
    const { page, context } = await unePersonne({ avecScript: true })
    const ecoute = ecouter(page)
    const forms = [
      ['Suivi refusé', `${vire}/suivi`, 'Ouvrir'],
      ['Mes dossiers refusé', `${vire}/mes-dossiers`, 'Recevoir un lien'],
      ['Connexion refusée', `${vire}/agent/connexion`, 'Continuer'],
    ] as const
    for (const [nom, url, button] of forms) {
      await page.goto(url)
      await envoyer(page, button)
      assert.match(await page.title(), /^Erreur/)
      await controler(page, nom, ecoute)
    }
    await page.goto(`${vire}/mes-dossiers`)
    await page.getByLabel('Votre adresse électronique').fill('pages@courriel.example')
    await envoyer(page, 'Recevoir un lien')
    await controler(page, 'Lien envoyé', ecoute)
    await context.close()
  })

  for (const demarche of ['acte-etat-civil', 'restauration-scolaire', 'occupation-domaine-public'])
    it(`every page of ${demarche} is right: empty, refused, filled, checked, sent, followed`, async () => {
      const { page, context } = await unePersonne({ avecScript: true })
      const ecoute = ecouter(page)
      let rows = 0
      await deposerDemarche(page, vire, demarche, {
        rang: demarche === 'acte-etat-civil' ? 0 : 1,
        envoi: async (form, name) => {
          if (form.url().includes('/etapes/')) {
            const nom = `${demarche} ${form.url().match(/etapes\/([a-zA-Z]+)/)![1]} ${form.url().includes('/lignes/') ? `ligne ${++rows}` : ''}`
            await controler(form, `${nom} remplie`, ecoute)
          }
          if (name === 'Envoyer ma demande') {
            await controler(form, `${demarche} vérification`, ecoute)
            await pagesRefusees(form, demarche, ecoute)
          }
          await envoyer(form, name)
        },
      })
      await controler(page, `${demarche} accusé`, ecoute)
      await lien(page, 'Suivre ma demande')
      await page.locator('details').evaluateAll(all => {
        for (const one of all) one.setAttribute('open', '')
      })
      await controler(page, `${demarche} suivi`, ecoute)
      await envoyer(page, 'Envoyer le message')
      assert.match(await page.title(), /^Erreur/)
      await controler(page, `${demarche} suivi refusé`, ecoute)
      await context.close()
    })

  it('the pages of agents are right', async () => {
    const { page, context } = await unAgent('administrateur')
    const ecoute = ecouter(page)
    const pages = [
      ['Agent liste', '/agent/dossiers'],
      ['Agent liste vide', '/agent/dossiers?q=zzzzzz'],
      ['Agent liste filtrée', '/agent/dossiers?q=e&tri=anciens'],
      ['Agent réglages', '/agent/reglages'],
      ['Agent équipe', '/agent/equipe'],
      ['Agent journal', '/agent/journal?verifier=1'],
      ['Agent compte', '/agent/compte'],
      ['Agent collectivités', '/agent/collectivites'],
      ['Agent sans droit', '/agent/dossiers/00000000-0000-7000-8000-000000000000'],
    ] as const
    for (const [nom, path] of pages) {
      await page.goto(vire + path)
      await controler(page, nom, ecoute)
    }
    await page.goto(`${vire}/agent/equipe`)
    await lien(page, /Camille/)
    await controler(page, 'Agent membre', ecoute)
    await page.goto(`${vire}/agent/equipe`)
    await envoyer(page, /[Ii]nvit/)
    await controler(page, 'Agent invitation refusée', ecoute)
    await context.close()
  })

  it('the pages of an unfinished draft are right', async () => {
    const { page, context } = await unePersonne({ avecScript: true })
    const ecoute = ecouter(page)
    await remplirDemarche(page, vire, 'restauration-scolaire', { jusqua: 'enfants' })
    await controler(page, 'Brouillon sans enfant', ecoute)
    await page.goto(page.url().replace(/etapes.*/, 'verification'))
    await controler(page, 'Vérification incomplète', ecoute)
    await context.close()
  })

  it('the pages of the second factor are right', async () => {
    const { page, context } = await unePersonne({ avecScript: true })
    const ecoute = ecouter(page)
    const { courriel, motDePasse } = await agentFictif('decideur')
    await page.goto(`${vire}/agent/connexion`)
    await page.getByLabel('Adresse électronique').fill(courriel)
    await page.getByLabel('Mot de passe').fill(motDePasse)
    await envoyer(page, 'Continuer')
    await controler(page, 'Code', ecoute)
    await envoyer(page, 'Se connecter')
    assert.match(await page.title(), /^Erreur/)
    await controler(page, 'Code refusé', ecoute)
    await context.close()
  })

  it('a dossier is right in every state, with its acts', async () => {
    const { page, context } = await unAgent('administrateur')
    const ecoute = ecouter(page)
    for (const etat of ['en_construction', 'en_instruction', 'accepte', 'refuse', 'sans_suite']) {
      await page.goto(`${vire}/agent/dossiers?etat=${etat}&tri=anciens`)
      await pageSuivante(page, () => page.locator('tbody a').first().click())
      await controler(page, `Agent dossier ${etat}`, ecoute)
      const dossier = page.url().replace(/\?.*/, '')
      if (etat !== 'en_instruction' && etat !== 'accepte') continue
      for (const act of etat === 'accepte' ? ['reouverture'] : ['acceptation', 'refus', 'classement', 'corrections']) {
        await page.goto(`${dossier}/${act}`)
        await controler(page, `Agent ${act}`, ecoute)
        if (act === 'acceptation') continue
        await page.locator('main form button[type=submit]').first().click()
        await page.locator('.error-summary').waitFor()
        await controler(page, `Agent ${act} refusé`, ecoute)
      }
    }
    await context.close()
  })
})
