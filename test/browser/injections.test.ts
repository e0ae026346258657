import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { BrowserContext, Route as Demande } from 'playwright-core'
import { routes } from '../../src/main.ts'
import { permissionsDe, ROLES } from '../../src/modules/agents/index.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { fermerLeNavigateur, leNavigateur } from '../builders/navigateur.ts'
import { combien, isComplet, noterPreuve } from '../builders/preuves.ts'
import { marquer } from '../security/marquer.ts'
import { type Identite, ouvrirMonde } from '../security/monde.ts'
import { ciblesDe, urlDe } from '../security/routes.ts'

const monde = await ouvrirMonde()
after(fermerLeNavigateur)

// Each calls zqx(), which only this test defines, or asks for something elsewhere.
const ATTAQUES = [
  '<script>zqx()</script>',
  '<img src=x onerror=zqx()>',
  '<svg onload=zqx()>',
  '<svg><script>zqx()</script></svg>',
  '<body onload=zqx()>',
  '<iframe srcdoc="<script>parent.zqx()</script>"></iframe>',
  '<iframe src="javascript:parent.zqx()"></iframe>',
  '<a id=zqx href="javascript:zqx()">zqx</a>',
  '<input autofocus onfocus=zqx()>',
  '<details open ontoggle=zqx()>',
  '<video><source onerror=zqx()></video>',
  '<object data="javascript:zqx()"></object>',
  '<embed src="//ailleurs.example/zqx">',
  '<math><mtext><table><mglyph><style><img src=x onerror=zqx()>',
  '<link rel=stylesheet href=//ailleurs.example/zqx.css>',
  '<style>@import "//ailleurs.example/zqx.css"</style>',
  '<style>*{background:url(//ailleurs.example/zqx)}</style>',
  '<meta http-equiv=refresh content="0;url=//ailleurs.example/zqx">',
  '<base href=//ailleurs.example/>',
  '<marquee onstart=zqx()>zqx</marquee>',
  '<noscript><p title="</noscript><img src=x onerror=zqx()>">',
  '<!--><img src=x onerror=zqx()>-->',
  '<template><script>zqx()</script></template><img src=x onerror=zqx()>',
  ' onfocus=zqx() autofocus x=',
  ' style="background:url(//ailleurs.example/zqx)" x=',
  'javascript:zqx()',
  'data:text/html,<script>parent.zqx()</script>',
  "{{constructor.constructor('zqx()')()}}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what is stored is the dollar sign itself
  '${zqx()}',
  "';zqx();//",
]
// What would close the place where a text is written.
const SORTIES = [
  '',
  '"',
  "'",
  '>',
  '">',
  "'>",
  '</textarea>',
  '</title>',
  '</script>',
  '</style>',
  '</select>',
  '--></a>',
  ']]>',
  '\\"',
  '`',
  '\u2028',
]
const CHARGES = SORTIES.flatMap(sortie => ATTAQUES.map(attaque => sortie + attaque)).concat(ATTAQUES.slice(0, 20).map(one => `&lt;${one}`))
const PAR_TEXTE = 42

const qui = (route: Route): Identite =>
  route.access.kind === 'usager'
    ? 'titulaire'
    : route.access.kind === 'agent'
      ? (ROLES.find(role => permissionsDe([role]).has((route.access as { permission: string }).permission)) ?? 'administrateur')
      : 'anonyme'

/** A browser that asks our server without a network, and notes all that it should not do. */
async function navigateur(
  sansPolitique: boolean,
): Promise<{ context: BrowserContext; fautes: string[]; visiter(url: string, identite: Identite): Promise<void> }> {
  const fautes: string[] = []
  let identite: Identite = 'anonyme'
  let url = ''
  const context = await (await leNavigateur()).newContext({ bypassCSP: sansPolitique })
  const dire = (what: string) => fautes.push(`${url} (${identite}): ${what}`)
  await context.exposeFunction('zqx', () => dire('executed'))
  context.on('console', message => {
    if (/Content Security Policy|Refused to/i.test(message.text())) dire(message.text().slice(0, 300))
  })
  context.on('dialog', dialog => void dialog.dismiss().then(() => dire('dialog')))
  await context.route('**/*', (asked: Demande) => {
    const request = asked.request()
    const at = new URL(request.url())
    if (at.hostname !== 'localhost') {
      dire(`asked for ${request.url().slice(0, 200)}`)
      return asked.abort()
    }
    return repondre(asked, at, identite)
  })
  const page = await context.newPage()
  return {
    context,
    fautes,
    async visiter(to, as) {
      ;[url, identite] = [to, as]
      await page.goto(`http://localhost${to}`, { waitUntil: 'load', timeout: 30_000 }).catch(error => {
        if (/interrupted by another navigation/.test(String(error))) dire('the page left for elsewhere by itself')
        else if (!/ERR_ABORTED|Download is starting/.test(String(error))) throw error
      })
      const found = await page.locator('[href^="javascript:" i], [src^="javascript:" i], [action^="javascript:" i], #zqx, base').count()
      if (found > 0) dire(`${found} elements of an attack in the page`)
    },
  }
}

async function repondre(asked: Demande, at: URL, identite: Identite): Promise<void> {
  const { statusCode, headers, rawPayload } = await monde.demander({ url: at.pathname + at.search, cookie: monde.identites[identite] })
  // A page that is given to be kept is opened too, as the person would from their disk: without our policy.
  const kept = headers['content-disposition'] === undefined ? [] : ['content-security-policy']
  const shown = Object.entries(headers).filter(
    ([name]) => !['content-disposition', 'content-encoding', 'content-length', 'transfer-encoding', ...kept].includes(name),
  )
  await asked.fulfill({
    status: statusCode,
    headers: Object.fromEntries(shown.map(([name, value]) => [name, String(value)])),
    body: rawPayload,
  })
}

test('five hundred attacks kept in every text of a commune: shown everywhere, nothing runs, nothing is asked elsewhere', async () => {
  assert.ok(CHARGES.length >= 500, String(CHARGES.length))
  const { a, admin } = monde
  const pages = routes.filter(
    ({ method, format, path }) =>
      method === 'GET' &&
      !format &&
      !/\.(csv|json|svg|zip|txt|md)$|\/(archive|fichier|specimen|document|composants)\b|:fichier|:document/.test(path),
  )
  // The editor shows definitions, which are checked before they are kept: in full only.
  const visited = isComplet ? pages : pages.filter(({ path }) => !/\/edition|aide|mentions|accessibilite/.test(path))
  const contexts = [await navigateur(false), ...(isComplet ? [await navigateur(true)] : [])]
  const rounds = combien(1, Math.ceil(CHARGES.length / PAR_TEXTE))
  let shown = 0
  const attacked = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    let rank = 0
    // Each column begins elsewhere in the list: one round shows them all somewhere, a full run shows all of them in each place.
    const texte = (t: string, c: string) => {
      const from = (++rank * PAR_TEXTE + round * PAR_TEXTE) % CHARGES.length
      const some = [...CHARGES, ...CHARGES].slice(from, from + PAR_TEXTE)
      return t === 'fichier' && c === 'nom' ? some[0]!.slice(0, 110) : some.join(' ')
    }
    const { faites } = await marquer(admin, a.id, texte, (_, c) =>
      /^(modele_id|empreinte|definition|service|demarche_id|type|objet|nature|action|usage|cle_maitresse|couleur|site|choix|format|parametres|contenu|chiffres|api|donnees|avant)$/.test(
        c,
      ),
    )
    assert.ok(faites.length > 40, faites.join())
    monde.app.cache.invalidate('*')
    for (const { visiter } of contexts) {
      for (const route of visited) {
        const url = urlDe(route, a.base, ciblesDe(monde).siens)
        const { statusCode, headers, body } = await monde.demander({ url, cookie: monde.identites[qui(route)] })
        assert.ok(statusCode < 500, `${url}: ${statusCode}`)
        if (!String(headers['content-type']).startsWith('text/html')) continue
        await visiter(url, qui(route))
        shown++
        if (body.includes('zqx')) attacked.add(route.path)
      }
    }
  }
  for (const { context } of contexts) await context.close()
  assert.deepEqual(
    contexts.flatMap(({ fautes }) => fautes),
    [],
  )
  assert.ok(shown > 60, `${shown} pages`)
  for (const path of ['/agent/dossiers/:id', '/dossiers/:id', '/agent/dossiers', '/boite-d-envoi/:id', '/avis/:jeton', '/agent/equipe'])
    assert.ok(attacked.has(path), `${path} shows no attack: ${[...attacked].join(', ')}`)
  noterPreuve({
    machine: 'injections',
    titre: 'Attaques gardées dans tous les textes d’une commune, montrées dans un vrai navigateur',
    mesures: [
      { nom: 'attaques différentes', valeur: `${CHARGES.length}`, cible: '500', tenue: true },
      { nom: 'pages montrées', valeur: `${shown}`, cible: 'toutes celles du registre', tenue: true },
      { nom: 'exécutions, appels ailleurs, violations de la politique de contenu', valeur: '0', cible: '0', tenue: true },
    ],
    nonJoue: isComplet ? [] : ['en entier : chaque attaque à chaque endroit, et sans la politique de contenu'],
  })
})
