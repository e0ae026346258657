import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, page, type Route, redirect, refused } from '../../../../platform/http/route.ts'
import { ok, type Refusal, refuse } from '../../../../platform/refusal.ts'
import { traitement } from '../../../demarches/index.ts'
import { appellation, fuseau, pageDe } from '../../../territoire/index.ts'
import { cacher, restaurer } from '../../commands/cacher.ts'
import { ecrire } from '../../commands/instruire.ts'
import { COORDONNEES, type Coordonnee, coordonneesDe, rectifier } from '../../commands/rectifier.ts'
import { finDeConservation } from '../../conservation.ts'
import { estTermine } from '../../dossier.ts'
import { reponseDuDemandeur } from '../../queries/cas.ts'
import { conserve } from '../../queries/conservation.ts'
import { contenuDuDossier } from '../../queries/contenu.ts'
import { refusals } from '../../refusals.ts'
import { avecDossier, type Ouvert, ouvrirPour } from './acces.ts'
import { DonneesDuDossier, type EffacementVu } from './donnees.page.tsx'
import { versionHtml } from './donnees-html.ts'

/** GET …/donnees: what this dossier keeps of the person, why and how long; what they can ask, and what not yet. */
const voir = (ctx: Context): Promise<Answer> => montrer(ctx)

async function montrer(ctx: Context, refusal?: Refusal): Promise<Answer> {
  const answer = await avecDossier(ctx, 'lire', async ouvert => {
    const { collectivite, dossier, modele, tx } = ouvert
    if (dossier.etat === 'brouillon') return redirect(`${collectivite.base}/brouillons/${dossier.id}/verification`)
    const found = (await conserve(tx, collectivite.id, dossier.id))!
    const declare = traitement.traitementDe(modele)
    const base = `${collectivite.base}/dossiers/${dossier.id}`
    const kept = (role: Coordonnee) => reponseDuDemandeur({ app: ctx.app, ...ouvert }, role) ?? ''
    const html = await pageDe(ctx.app, collectivite, {
      title: 'Vos données dans ce dossier',
      noindex: true,
      enhanced: true,
      hasErrors: refusal !== undefined,
      chemin: [
        { texte: collectivite.nom, href: collectivite.base || '/' },
        { texte: modele.titre, href: base },
      ],
      children: (
        <DonneesDuDossier
          base={base}
          jeton={ctx.token}
          qui={appellation(collectivite)}
          declare={declare}
          fin={finDeConservation(found, declare.conservationMois, fuseau(collectivite))}
          estGele={found.estGele}
          effacement={effacementDe(ouvert)}
          coordonnees={
            estTermine(dossier.etat) || dossier.cache_le
              ? []
              : coordonneesDe(modele).map(({ role }) => ({
                  role,
                  valeur: refusal && ctx.form.has(role) ? ctx.form.line(role, 254) : kept(role),
                }))
          }
          peutEcrire={!dossier.cache_le}
          texte={refusal ? ctx.form.text('texte', 4000) : ''}
          refusal={refusal}
          fait={FAITS[ctx.query.line('fait', 20)]}
        />
      ),
    })
    return page(html, refusal?.status)
  })
  return answer ?? refused(notFound)
}

const FAITS: Readonly<Record<string, string>> = {
  rectification: 'Vos coordonnées sont corrigées.',
  demande: 'Votre demande est envoyée. Vous en trouverez la réponse dans les messages de ce dossier.',
}

const effacementDe = ({ dossier }: Ouvert): EffacementVu =>
  dossier.cache_le ? 'en-cours' : estTermine(dossier.etat) ? 'decide' : dossier.etat === 'en_construction' ? 'possible' : 'examine'

/** GET …/donnees.json and .html: all of it, to keep (RGPD, articles 15 and 20). */
const telecharger =
  (format: 'json' | 'html') =>
  async (ctx: Context): Promise<Answer> => {
    const answer = await avecDossier(ctx, 'lire', async ouvert => {
      const contenu = await contenuDuDossier({ app: ctx.app, ...ouvert }, 'personne')
      const name = `dossier-${ouvert.dossier.reference}.${format}`
      return format === 'json'
        ? fichier(`${JSON.stringify(contenu, null, 2)}\n`, 'application/json; charset=utf-8', name)
        : fichier(versionHtml(`Dossier ${ouvert.dossier.reference}`, [contenu]), 'text/html; charset=utf-8', name)
    })
    return answer ?? refused(notFound)
  }

/** A text to save: nothing in it runs, even opened in the browser. */
export const fichier = (bytes: string, type: string, name: string): Answer => ({
  bytes,
  type,
  headers: { 'content-disposition': `attachment; filename="${name}"`, 'cache-control': 'no-store' },
})

/** One act of the person on their dossier, once for the form's key. */
async function agir(
  ctx: Context,
  to: (ouvert: Ouvert) => string,
  work: (ouvert: Ouvert) => ReturnType<typeof restaurer>,
  onRefusal: (refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  const visitor = await ctx.visitor('usager')
  if (!visitor) return refused(notFound)
  const { _jeton, ...body } = ctx.form.fields
  return once(
    ctx,
    ctx.form.secret('_cle', 80),
    body,
    async tx => {
      const ouvert = await ouvrirPour(ctx, tx, visitor, 'changer')
      if (!ouvert || ouvert.dossier.etat === 'brouillon') return refuse(notFound)
      const done = await work(ouvert)
      return done.ok ? ok({ to: to(ouvert) }) : done
    },
    {
      personneId: visitor.personneId ?? undefined,
      onRefusal: refusal => (refusal === notFound ? Promise.resolve(refused(notFound)) : onRefusal(refusal)),
    },
  )
}

const adresse = ({ collectivite, dossier }: Ouvert) => `${collectivite.base}/dossiers/${dossier.id}`

/** POST …/rectification: how to reach the person, put right. */
function corriger(ctx: Context): Promise<Answer> {
  const typed = Object.fromEntries(COORDONNEES.filter(role => ctx.form.has(role)).map(role => [role, ctx.form.line(role, 254)]))
  return agir(
    ctx,
    ouvert => `${adresse(ouvert)}/donnees?fait=rectification`,
    ouvert => rectifier({ app: ctx.app, ...ouvert }, typed),
    refusal => montrer(ctx, refusal),
  )
}

/** POST …/demandes: what only the mairie can put right, as a message in the dossier. */
const demander = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    ouvert => `${adresse(ouvert)}/donnees?fait=demande`,
    ouvert => {
      const texte = ctx.form.text('texte', 4000)
      return ecrire({ app: ctx.app, ...ouvert }, texte && `Demande sur mes données personnelles :\n${texte}`)
    },
    refusal => montrer(ctx, refusal),
  )

/** POST …/retrait: takes back a request that nobody has taken up yet; it can come back for two weeks. */
const retirer = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    adresse,
    async ouvert =>
      ouvert.dossier.etat === 'en_construction'
        ? cacher({ app: ctx.app, ...ouvert }, 'Demande retirée par la personne')
        : refuse(refusals.retrait_impossible),
    refusal => Promise.resolve(refused(refusal)),
  )

/** POST …/restauration: keeps a dossier that was to be erased. */
const garder = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    adresse,
    ouvert => restaurer({ app: ctx.app, ...ouvert }),
    refusal => Promise.resolve(refused(refusal)),
  )

const usager = { kind: 'usager' } as const
const scope = 'collectivite' as const

/** What a person may do with their data in one dossier, with its code or their account. */
export const routesDonnees: readonly Route[] = [
  { method: 'GET', path: '/dossiers/:id/donnees', scope, access: usager, handle: voir },
  { method: 'GET', path: '/dossiers/:id/donnees.json', scope, access: usager, handle: telecharger('json') },
  { method: 'GET', path: '/dossiers/:id/donnees.html', scope, access: usager, handle: telecharger('html') },
  { method: 'POST', path: '/dossiers/:id/rectification', scope, access: usager, handle: corriger },
  { method: 'POST', path: '/dossiers/:id/demandes', scope, access: usager, handle: demander },
  { method: 'POST', path: '/dossiers/:id/retrait', scope, access: usager, handle: retirer },
  { method: 'POST', path: '/dossiers/:id/restauration', scope, access: usager, handle: garder },
]
