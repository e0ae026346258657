import type { ComponentChildren } from 'preact'
import { renderDocument } from '../../../platform/html/render.ts'
import { type Answer, type Context, notFound, page, refused } from '../../../platform/http/route.ts'
import { ComposantsPage } from '../../../ui/composants.page.tsx'
import { LinkList } from '../../../ui/index.ts'
import { ExemplesDeTypes, exemplesDeTypes } from '../../formulaires/index.ts'
import { assetsDe, type Collectivite, collectiviteDuTerritoire, leTerritoire, lieuDe, pageDe } from '../../territoire/index.ts'
import { demarchesDe } from '../queries/demarches-de.ts'
import { Accessibilite } from './accessibilite.page.tsx'
import { Aide } from './aide.page.tsx'
import { DonneesPersonnelles } from './donnees-personnelles.page.tsx'
import { MentionsLegales } from './mentions-legales.page.tsx'

type DeQui = Collectivite | undefined

async function information(ctx: Context, collectivite: DeQui, title: string, children: ComponentChildren): Promise<Answer> {
  const territoire = (await leTerritoire(ctx.app))?.nom ?? 'Accueil'
  const chemin = [collectivite ? { texte: collectivite.nom, href: collectivite.base || '/' } : { texte: territoire, href: '/' }]
  return page(await pageDe(ctx.app, collectivite, { title, chemin, children }))
}

/** GET /aide. */
export const aide = (ctx: Context, collectivite: DeQui): Promise<Answer> =>
  information(
    ctx,
    collectivite,
    'Aide',
    <Aide collectivite={collectivite} pieceMaxMo={Math.floor(ctx.app.config.maxFileBytes / 1024 ** 2)} />,
  )

/** GET /accessibilite. */
export async function accessibilite(ctx: Context, collectivite: DeQui): Promise<Answer> {
  const nom = collectivite?.nom ?? (await leTerritoire(ctx.app))?.nom ?? 'ce territoire'
  const adresse = collectivite?.address ?? ctx.app.origin
  return information(
    ctx,
    collectivite,
    'Déclaration d’accessibilité',
    <Accessibilite nom={nom} adresse={adresse} collectivite={collectivite} />,
  )
}

/** GET /mentions-legales. */
export async function mentionsLegales(ctx: Context, collectivite: DeQui): Promise<Answer> {
  const [territoire, editeur] = await Promise.all([leTerritoire(ctx.app), collectivite ?? collectiviteDuTerritoire(ctx.app)])
  return information(
    ctx,
    collectivite,
    'Mentions légales',
    <MentionsLegales
      territoire={territoire?.nom ?? 'ce territoire'}
      editeur={editeur}
      isDemonstration={ctx.app.config.demonstration}
      codeSource={ctx.app.config.sourceCode}
    />,
  )
}

/** GET /donnees-personnelles. */
export async function donneesPersonnelles(ctx: Context, collectivite: DeQui): Promise<Answer> {
  const demarches = collectivite ? await demarchesDe(ctx.app, collectivite.id) : []
  return information(ctx, collectivite, 'Données personnelles', <DonneesPersonnelles collectivite={collectivite} demarches={demarches} />)
}

/** GET /composants: the design system. */
export async function composants({ app }: Context): Promise<Answer> {
  const territoire = (await leTerritoire(app))?.nom ?? 'Parvis'
  return page(renderDocument(<ComposantsPage lieu={lieuDe(app, territoire)} assets={assetsDe(app)} />))
}

/** GET /composants/questions: every type of question that a form may ask. */
export const typesDeQuestions = (ctx: Context): Promise<Answer> =>
  information(
    ctx,
    undefined,
    'Types de questions',
    <LinkList items={exemplesDeTypes.map(({ type, nom }) => ({ texte: nom, href: `/composants/questions/${type}` }))} />,
  )

/** GET /composants/questions/:type: one of them, in each of its states. */
export function typeDeQuestion(ctx: Context): Promise<Answer> {
  const found = exemplesDeTypes.find(({ type }) => type === ctx.params.type)
  if (!found) return Promise.resolve(refused(notFound))
  return information(ctx, undefined, `Question : ${found.nom}`, <ExemplesDeTypes type={found.type} />)
}

/** GET /robots.txt: a demonstration must not be found in place of the real service; nor are personal pages of use to anybody. */
export async function robots({ app }: Context): Promise<Answer> {
  const closed = app.config.demonstration ? ['/'] : ['/*/agent', '/*/suivi', '/*/mes-dossiers', '/*/commencer', '/*?q=']
  const lines = ['User-agent: *', ...closed.map(path => `Disallow: ${path}`)]
  return { bytes: `${lines.join('\n')}\n`, type: 'text/plain; charset=utf-8', headers: { 'cache-control': 'public, max-age=86400' } }
}
