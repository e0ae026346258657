import { inTenant } from '../../../platform/db/open.ts'
import { type Answer, type Context, notFound, page, type Route, refused } from '../../../platform/http/route.ts'
import { isUuid } from '../../../platform/ids.ts'
import { type Collectivite, collectiviteDe, fuseau, pageDe } from '../../territoire/index.ts'
import { boiteDEnvoi, type EnvoiResume, envoiParId } from '../queries/envois.ts'
import { BoiteDEnvoi, type EnvoiAffiche, MessageEnvoye } from './boite.page.tsx'

const PAR_PAGE = 25

export const routes: readonly Route[] = [
  { method: 'GET', path: '/boite-d-envoi', scope: 'collectivite', access: { kind: 'demonstration' }, handle: showBoite },
  { method: 'GET', path: '/boite-d-envoi/:id', scope: 'collectivite', access: { kind: 'demonstration' }, handle: showMessage },
]

async function showBoite(ctx: Context): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  const numero = ctx.query.number('page', 1, 1, 10_000)
  const { envois, total } = await inTenant(ctx.app.db, collectivite.id, tx => boiteDEnvoi(tx, collectivite.id, numero, PAR_PAGE))
  const html = await pageDe(ctx.app, collectivite, {
    title: 'Boîte d’envoi',
    noindex: true,
    chemin: [{ texte: collectivite.nom, href: collectivite.base || '/' }],
    children: (
      <BoiteDEnvoi
        base={collectivite.base}
        envois={envois.map(envoi => affiche(collectivite, envoi))}
        page={numero}
        pages={Math.ceil(total / PAR_PAGE)}
        total={total}
        hasSmtp={ctx.app.config.smtpUrl !== undefined}
      />
    ),
  })
  return page(html)
}

async function showMessage(ctx: Context): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  const id = ctx.params.id
  const envoi = isUuid(id) ? await inTenant(ctx.app.db, collectivite.id, tx => envoiParId(tx, collectivite.id, id)) : undefined
  if (!envoi) return refused(notFound)
  const html = await pageDe(ctx.app, collectivite, {
    title: envoi.sujet,
    noindex: true,
    chemin: [
      { texte: collectivite.nom, href: collectivite.base || '/' },
      { texte: 'Boîte d’envoi', href: `${collectivite.base}/boite-d-envoi` },
    ],
    children: <MessageEnvoye envoi={{ ...affiche(collectivite, envoi), texte: envoi.texte }} />,
  })
  return page(html)
}

function affiche(collectivite: Collectivite, { id, destinataire, sujet, etat, erreur, creeLe }: EnvoiResume): EnvoiAffiche {
  const format = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'short', timeZone: fuseau(collectivite) })
  return { id, destinataire, sujet, etat, erreur, creeLe: format.format(creeLe) }
}
