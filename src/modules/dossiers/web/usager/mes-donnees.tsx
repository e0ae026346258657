import { sessionCookieName } from '../../../../platform/auth/sessions.ts'
import { type Answer, type Context, page, type Route, redirect } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { Actions, Button, Checkbox, ErrorSummary, Form, LinkList, SummaryList } from '../../../../ui/index.ts'
import { collectiviteDe, pageDe } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { effacerCompte } from '../../commands/effacer-compte.ts'
import { COMPTE_ANNEES } from '../../conservation.ts'
import { donneesDuCompte } from '../../queries/personne.ts'
import { type Compte, compteParId, placesDe } from '../../queries/places.ts'
import { refusals } from '../../refusals.ts'
import { fichier } from './donnees.tsx'
import { versionHtml } from './donnees-html.ts'

/** The account of the session; undefined when nobody is signed in. */
async function compteDeLaSession(ctx: Context): Promise<Compte | undefined> {
  const visitor = await ctx.visitor('usager')
  return visitor?.personneId ? compteParId(ctx.app, visitor.personneId) : undefined
}

const seConnecter = (ctx: Context): Answer => redirect(`${ctx.tenant.base}/mes-dossiers`)

/** GET /mes-dossiers/donnees: what is held on the person in the whole territory, to keep; and how to leave. */
const voir = (ctx: Context): Promise<Answer> => montrer(ctx)

async function montrer(ctx: Context, refusal?: Refusal): Promise<Answer> {
  const compte = await compteDeLaSession(ctx)
  if (!compte) return seConnecter(ctx)
  const collectivite = collectiviteDe(ctx)
  const base = `${collectivite.base}/mes-dossiers`
  const places = await placesDe(ctx.app, compte.id)
  const communes = new Set(places.map(place => place.collectiviteId)).size
  return page(
    await pageDe(ctx.app, collectivite, {
      title: 'Vos données et votre accès',
      hasErrors: refusal !== undefined,
      noindex: true,
      chemin: [
        { texte: collectivite.nom, href: collectivite.base || '/' },
        { texte: 'Mes dossiers', href: base },
      ],
      children: (
        <>
          {refusal && <ErrorSummary errors={[{ champ: 'confirmation', message: refusal.sentence }]} />}
          <SummaryList
            rows={[
              { cle: 'Votre adresse', valeur: compte.courriel },
              { cle: 'Accès ouvert le', valeur: instantEnMots(compte.creeLe, collectivite) },
              { cle: 'Dernière connexion', valeur: instantEnMots(compte.vuLe, collectivite) },
              { cle: 'Vos demandes', valeur: `${places.length}, dans ${communes} collectivité${communes > 1 ? 's' : ''}` },
            ]}
          />
          <h2>Tout enregistrer</h2>
          <LinkList
            items={[
              { texte: 'Toutes vos données, à lire', href: `${base}/donnees.html`, description: 'Une page à garder sur votre appareil.' },
              { texte: 'La même chose pour un logiciel', href: `${base}/donnees.json`, description: 'Au format JSON.' },
            ]}
          />
          <p>
            Ces fichiers contiennent vos demandes, vos réponses, les messages, et qui les a consultées. Une demande absente de « mes
            dossiers » n’y est pas : ajoutez-la avec sa référence et son code.
          </p>
          <h2>Corriger ou effacer une demande</h2>
          <p>
            Ouvrez la demande, puis « Vos données dans ce dossier ». Un brouillon s’efface depuis sa page de vérification. Les agents
            peuvent aussi avoir écrit des notes de travail : demandez-les à la collectivité.
          </p>
          <h2>Effacer votre accès</h2>
          <p>
            {`Vos demandes restent dans les mairies, avec leur référence et leur code. Seul l’accès par votre adresse disparaît. Sans visite pendant ${COMPTE_ANNEES} ans, il est effacé de lui-même.`}
          </p>
          <Form action={`${base}/suppression`} jeton={ctx.token} cle={newSecret()} natif>
            <Checkbox
              name="confirmation"
              value="oui"
              label="J’ai noté la référence et le code des demandes que je veux suivre"
              error={refusal?.sentence}
            />
            <Actions>
              <Button tone="danger">Effacer mon accès</Button>
            </Actions>
          </Form>
        </>
      ),
    }),
    refusal?.status,
  )
}

/** GET /mes-dossiers/donnees.json and .html. */
const telecharger =
  (format: 'json' | 'html') =>
  async (ctx: Context): Promise<Answer> => {
    const compte = await compteDeLaSession(ctx)
    if (!compte) return seConnecter(ctx)
    const data = await donneesDuCompte(ctx.app, compte)
    return format === 'json'
      ? fichier(`${JSON.stringify(data, null, 2)}\n`, 'application/json; charset=utf-8', 'mes-donnees.json')
      : fichier(versionHtml('Mes données', [data]), 'text/html; charset=utf-8', 'mes-donnees.html')
  }

/** POST /mes-dossiers/suppression: erases the account and signs out. Again: nothing more to do. */
async function supprimer(ctx: Context): Promise<Answer> {
  const compte = await compteDeLaSession(ctx)
  if (compte && ctx.form.line('confirmation', 3) !== 'oui') return montrer(ctx, { ...refusals.confirmation_absente, field: 'confirmation' })
  if (compte) await effacerCompte(ctx.app, compte.id, 'usager')
  return {
    ...redirect(`${ctx.tenant.base}/mes-dossiers`, [{ name: sessionCookieName(ctx.app, 'usager'), value: '' }]),
    headers: { 'clear-site-data': '"cache", "storage"' },
  }
}

const ouvert = { kind: 'public' } as const
const scope = 'collectivite' as const

/** The data of the person who has an account. */
export const routesMesDonnees: readonly Route[] = [
  { method: 'GET', path: '/mes-dossiers/donnees', scope, access: ouvert, handle: voir },
  { method: 'GET', path: '/mes-dossiers/donnees.json', scope, access: ouvert, handle: telecharger('json') },
  { method: 'GET', path: '/mes-dossiers/donnees.html', scope, access: ouvert, handle: telecharger('html') },
  { method: 'POST', path: '/mes-dossiers/suppression', scope, access: ouvert, handle: supprimer },
]
