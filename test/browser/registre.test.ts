import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { loadAssets, routes } from '../../src/main.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { assertValid } from '../../src/ui/html.testing.ts'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { isComplet, noterPreuve } from '../builders/preuves.ts'
import { IDENTITES, type Identite, ouvrirMonde } from '../security/monde.ts'
import { attendus, ciblesDe, cle, urlDe } from '../security/routes.ts'
import { controler, ecouter, type Releve } from './controles.ts'

const monde = await ouvrirMonde({ assets: await loadAssets() })
const { siens } = ciblesDe(monde)
after(fermerLeNavigateur)

/** A page of the registry, as one identity sees it. */
interface Vue {
  readonly nom: string
  readonly url: string
  readonly identite: Identite
  readonly html: string
  /** A file to keep, not a page to look at. */
  readonly isFile: boolean
}

// GET routes that neither show a page nor give a file in this world, and why.
const SANS_PAGE: Readonly<Record<string, string>> = {
  'GET /actifs/:fichier': 'a file, by the print of its content',
  'GET /:commune/recherche/adresse-proche': 'JSON, refused without a place',
  'GET /:commune/agent/invitation/:jeton/code':
    'after a password was chosen: the pages of an invitation are in test/browser/equipes.test.ts',
  'GET /:commune/agent/lots/:id/fichier': 'the file of an export',
  'GET /:commune/agent/dossiers/:id/avis/:avis/fichier': 'a file',
  'GET /:commune/avis/:jeton/pieces/:fichier': 'a file',
  'GET /:commune/agent/catalogue': 'of the collectivité that carries what is shared, controlled below',
  'GET /:commune/agent/demarches/:demarche/edition/suppression': 'of an element named in its query, controlled below',
  'GET /:commune/agent/demarches/:demarche/mise-a-jour': 'of a model with a new version: test/browser/evoluer.test.ts',
}

/** Everything of a page that does not change from one reading to the next. */
const stable = (html: string): string => html.replace(/value="[\w.-]{20,}"|[\w-]{40,}/g, '')

/** Asks each page of the registry for each identity; two who see the same page make one line of the table. */
async function toutesLesVues(): Promise<{ vues: Vue[]; autres: string[]; sansReponse: string[] }> {
  const vues: Vue[] = []
  const autres: string[] = []
  const sansReponse: string[] = []
  for (const route of routes.filter(({ method }) => method === 'GET')) {
    const url = urlDe(route, monde.a.base, siens)
    const seen = new Set<string>()
    let isOther = false
    if (route.access.kind === 'jeton') continue
    for (const identite of IDENTITES) {
      const response = await monde.demander({ url, cookie: monde.identites[identite] })
      const isHtml = String(response.headers['content-type']).startsWith('text/html')
      isOther ||= response.statusCode === 200 && !isHtml
      if (!isHtml || !isShown(route, response.statusCode) || seen.has(stable(response.body))) continue
      seen.add(stable(response.body))
      vues.push({
        nom: `${cle(route)} (${identite})`,
        url,
        identite,
        html: response.body,
        isFile: /^attachment/.test(String(response.headers['content-disposition'])),
      })
    }
    if (isOther) autres.push(cle(route))
    else if (seen.size === 0) sansReponse.push(cle(route))
  }
  return { vues, autres, sansReponse }
}

// A page that refuses what it names (409, 422) is a page of its own; « introuvable » and « pas le droit » are one page for all.
const isShown = (route: Route, status: number): boolean =>
  status === 200 || (attendus[cle(route)]!.passe.includes(status) && status >= 400 && status !== 404)

const { vues, autres, sansReponse } = await toutesLesVues()
const pages = () => vues.filter(({ isFile }) => !isFile)
// What this world shows of the routes above under another address or another identity.
const enPlus = [
  ['le catalogue du porteur', `${monde.b.base}/agent/catalogue`, 'agent d’ailleurs'],
  [
    'une question à supprimer',
    `${monde.a.base}/agent/demarches/occupation-domaine-public/edition/suppression?element=champs/nature`,
    'administrateur',
  ],
] as const
for (const [nom, url, identite] of enPlus) {
  const { body, statusCode } = await monde.demander({ url, cookie: monde.identites[identite] })
  assert.equal(statusCode, 200, nom)
  vues.push({ nom, url, identite, html: body, isFile: false })
}

test('every page of the registry is in the table, for each identity that sees it', () => {
  assert.deepEqual(sansReponse.sort(), Object.keys(SANS_PAGE).sort())
  assert.ok(vues.length > 120 && autres.length > 20, `${vues.length} pages, ${autres.length} other answers`)
  for (const identite of ['anonyme', 'titulaire', 'administrateur', 'instructeur', 'decideur', 'lecteur'])
    assert.ok(vues.filter(one => one.identite === identite).length > 3, `pages of ${identite}`)
})

test('every page of the registry is valid HTML', async () => {
  for (const { html, nom } of vues) await assertValid(html, nom)
})

const SUJET = {
  machine: 'pages',
  titre: 'Ouvrir chaque page du registre sous chaque identité qui la voit, à 1280 et 320 px, de jour et de nuit, avec et sans script',
}
if (!isComplet) noterPreuve({ ...SUJET, mesures: [], nonJoue: ['joué en mode complet.'] })

// In npm test the pages are controlled in a browser by the journeys of this folder; here all of them, each as each identity sees it.
test('every page of the registry is right in a browser, with and without script', { skip: !isComplet }, async () => {
  const lignes: (Releve & { script: boolean })[] = []
  const defauts: string[] = []
  for (const avecScript of [true, false]) await controlerToutes(avecScript, lignes, defauts)
  noter(lignes, defauts.length)
  assert.deepEqual(defauts, [])
})

async function controlerToutes(avecScript: boolean, lignes: (Releve & { script: boolean })[], defauts: string[]): Promise<void> {
  const { page, context } = await unePersonne({ avecScript })
  const ecoute = ecouter(page)
  let cookie = ''
  // The server answers in this process: each page under its identity, and from an address of its own.
  await context.route('**/*', async asked => {
    const { pathname, search } = new URL(asked.request().url())
    const { statusCode, headers, rawPayload } = await monde.demander({ url: pathname + search, cookie })
    const kept = Object.entries(headers).filter(([name]) => !/^(content-length|transfer-encoding|set-cookie)$/.test(name))
    await asked.fulfill({
      status: statusCode,
      headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
      body: rawPayload,
    })
  })
  for (const { nom, url, identite } of pages()) {
    cookie = monde.identites[identite]
    await page.goto(`http://localhost${url}`)
    try {
      lignes.push({ ...(await controler(page, `${nom}${avecScript ? '' : ', sans script'}`, ecoute)), script: avecScript })
    } catch (error) {
      defauts.push(error instanceof Error ? error.message.slice(0, 1500) : String(error))
      ecoute.plaintes.length = 0
    }
  }
  await context.close()
}

/** Leaves the table for docs/preuves.md: each line passed every control. */
function noter(lignes: readonly (Releve & { script: boolean })[], defauts: number): void {
  const tenue = defauts === 0
  // One page holds every component, for who writes pages.
  const least = Math.min(...lignes.filter(one => !one.nom.startsWith('GET /composants ')).map(one => one.ecoindex))
  noterPreuve({
    ...SUJET,
    mesures: [
      { nom: 'pages du registre sous les identités qui les voient', valeur: `${pages().length}`, cible: 'toutes', tenue },
      {
        nom: 'pages contrôlées dans un navigateur',
        valeur: `${lignes.length}`,
        cible: `${pages().length * 2}`,
        tenue: lignes.length === pages().length * 2,
      },
      {
        nom: 'défauts : axe, HTML, débordement, agrandissement, foyer, ordre de lecture, titre, cibles',
        valeur: `${defauts}`,
        cible: '0',
        tenue,
      },
      {
        nom: 'EcoIndex le plus bas, hors la page de tous les composants',
        valeur: `${Math.round(least)}`,
        cible: 'A : plus de 80',
        tenue: least > 80,
      },
    ],
    nonJoue: ['la lecture par des personnes, avec leurs lecteurs d’écran'],
    tableau: {
      colonnes: ['page', 'script', 'éléments', 'EcoIndex'],
      lignes: lignes.map(one => [one.nom, one.script ? 'avec' : 'sans', `${one.elements}`, `${Math.round(one.ecoindex)}`]),
    },
  })
}
