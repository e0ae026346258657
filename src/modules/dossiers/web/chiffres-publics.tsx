import { inTenant } from '../../../platform/db/open.ts'
import { type Answer, type Context, notFound, page, type Route, refused } from '../../../platform/http/route.ts'
import { type Demarche, lireDemarche } from '../../demarches/index.ts'
import { collectiviteDe, pageDe } from '../../territoire/index.ts'
import { type PeriodePubliee, periodesPubliees } from '../queries/chiffres.ts'
import { ChiffresDuPublic } from './chiffres-publics.page.tsx'

async function lues(ctx: Context): Promise<{ demarche: Demarche; periodes: PeriodePubliee[] } | undefined> {
  const { app, tenant, params } = ctx
  const demarche = await lireDemarche(app, tenant.id, params.demarche ?? '')
  return demarche && { demarche, periodes: await inTenant(app.db, tenant.id, tx => periodesPubliees(tx, tenant.id, demarche.id)) }
}

/** GET /demarches/:demarche/chiffres: what everybody may know of a démarche. */
async function montrer(ctx: Context): Promise<Answer> {
  const found = await lues(ctx)
  if (!found) return refused(notFound)
  const collectivite = collectiviteDe(ctx)
  const { id, modele } = found.demarche
  const base = `${collectivite.base}/demarches/${id}`
  return page(
    await pageDe(ctx.app, collectivite, {
      title: 'Chiffres de cette démarche',
      chemin: [
        { texte: collectivite.nom, href: collectivite.base || '/' },
        { texte: modele.titre, href: base },
      ],
      children: (
        <ChiffresDuPublic
          periodes={found.periodes}
          etapes={Object.fromEntries(modele.formulaire.etapes.map(etape => [etape.id, `à « ${etape.titre} »`]))}
          json={`${base}/chiffres.json`}
        />
      ),
    }),
  )
}

/** GET /demarches/:demarche/chiffres.json: the same as open data; a part that is hidden has its name, never its number. */
async function donner(ctx: Context): Promise<Answer> {
  const found = await lues(ctx)
  if (!found) return refused(notFound)
  const { nom } = collectiviteDe(ctx)
  return {
    json: {
      collectivite: nom,
      demarche: { id: found.demarche.id, titre: found.demarche.modele.titre },
      licence: 'Licence Ouverte 2.0 (Etalab)',
      regle: 'Aucun nombre inférieur à 11 ; « masques » nomme les parts qui ne sont pas montrées ; « au » est exclu.',
      periodes: found.periodes,
    },
  }
}

const commun = { method: 'GET', scope: 'collectivite', access: { kind: 'public' } } as const

/** The figures open to all. */
export const routesChiffresPublics: readonly Route[] = [
  { ...commun, path: '/demarches/:demarche/chiffres', cache: 'public', handle: montrer },
  { ...commun, path: '/demarches/:demarche/chiffres.json', handle: donner },
]
