import { sql } from 'kysely'
import { takeAttempt } from '../../../../platform/auth/attempts.ts'
import { closeSession, openSession, sessionCookieName } from '../../../../platform/auth/sessions.ts'
import { inScope, inTenant } from '../../../../platform/db/open.ts'
import { type Answer, type Context, page, type Route, redirect, refused } from '../../../../platform/http/route.ts'
import { hashOf, newId, newSecret } from '../../../../platform/ids.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { Button, EmptyState, ErrorSummary, Form, Notice, Table, Tag, TextInput } from '../../../../ui/index.ts'
import { modelePublie } from '../../../demarches/index.ts'
import { envoyer } from '../../../envois/index.ts'
import { collectiviteDe, collectiviteParId, pageDe } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { LIBELLES_ETATS } from '../../dossier.ts'
import { dossierParId } from '../../queries/dossier.ts'
import { refusals } from '../../refusals.ts'
import { TONS } from './dossier.page.tsx'

const LIEN_MINUTES = 30
const QUARTER_MS = 15 * 60_000
const COURRIEL = /^[^\s@<>(),;:"\\]{1,64}@[^\s@<>(),;:"\\]+\.[^\s@<>(),;:"\\.]{2,}$/

interface LigneDossier {
  readonly titre: string
  readonly href: string
  readonly commune: string
  readonly etat: keyof typeof LIBELLES_ETATS
  readonly reference: string
  readonly depuis: string
}

/** GET: the person's dossiers in all the collectivités of the territory, or how to sign in. */
async function voir(ctx: Context): Promise<Answer> {
  const visitor = await ctx.visitor('usager')
  if (!visitor?.personneId) return page(await pageConnexion(ctx, ''))
  const lignes = await dossiersDe(ctx, visitor.personneId)
  const collectivite = collectiviteDe(ctx)
  return page(
    await pageDe(ctx.app, collectivite, {
      title: 'Mes dossiers',
      noindex: true,
      chemin: [{ texte: collectivite.nom, href: collectivite.base || '/' }],
      children: (
        <>
          {lignes.length === 0 ? (
            <EmptyState titre="Aucun dossier pour l’instant">
              <p>Les demandes envoyées pendant que vous êtes connecté arrivent ici.</p>
              <p>
                Pour y ajouter une demande déjà envoyée, <a href={`${collectivite.base}/suivi`}>ouvrez-la avec sa référence et son code</a>.
              </p>
            </EmptyState>
          ) : (
            <Table<LigneDossier>
              caption="Vos demandes, dans toutes les communes du territoire"
              columns={[
                { titre: 'Demande', cellule: l => <a href={l.href}>{l.titre}</a> },
                { titre: 'Lieu', cellule: l => l.commune },
                { titre: 'État', cellule: l => <Tag tone={TONS[l.etat]}>{LIBELLES_ETATS[l.etat]}</Tag> },
                { titre: 'Référence', cellule: l => l.reference },
                { titre: 'Depuis le', cellule: l => l.depuis },
              ]}
              rows={lignes}
              rowKey={l => l.href}
            />
          )}
          <p>
            <a href={`${collectivite.base}/mes-dossiers/donnees`}>Vos données et votre accès</a>
          </p>
          <Form action={`${collectivite.base}/mes-dossiers/deconnexion`} jeton={ctx.token} natif>
            <Button tone="quiet">Se déconnecter</Button>
          </Form>
        </>
      ),
    }),
  )
}

async function dossiersDe(ctx: Context, personneId: string): Promise<LigneDossier[]> {
  const { app } = ctx
  const places = await inScope(app.db, { personneId }, async tx => {
    const { rows } = await sql<{ collectivite_id: string; dossier_id: string }>`select collectivite_id, dossier_id from dossier_usager
      where usager_id = ${personneId} order by ajoute_le desc limit 100`.execute(tx)
    return rows
  })
  const lignes: (LigneDossier & { le: Date })[] = []
  for (const id of new Set(places.map(p => p.collectivite_id))) {
    const collectivite = await collectiviteParId(app, id)
    await inTenant(app.db, id, async tx => {
      for (const { dossier_id } of places.filter(p => p.collectivite_id === id)) {
        const dossier = await dossierParId(tx, id, dossier_id)
        if (!dossier) continue
        const { titre } = await modelePublie(tx, dossier.definition)
        const le = dossier.depose_le ?? dossier.cree_le
        lignes.push({
          titre,
          href: `${collectivite.address}/dossiers/${dossier.id}`,
          commune: collectivite.nom,
          etat: dossier.etat,
          reference: dossier.reference,
          depuis: instantEnMots(le, collectivite),
          le,
        })
      }
    })
  }
  return lignes.sort((a, b) => b.le.getTime() - a.le.getTime())
}

function pageConnexion(ctx: Context, courriel: string, refusal?: Refusal, sent = false): Promise<string> {
  const collectivite = collectiviteDe(ctx)
  return pageDe(ctx.app, collectivite, {
    title: sent ? 'Regardez vos courriels' : 'Mes dossiers',
    hasErrors: refusal !== undefined,
    enhanced: true,
    noindex: true,
    chemin: [{ texte: collectivite.nom, href: collectivite.base || '/' }],
    children: sent ? (
      <Notice tone="succes" title="Un lien vient de partir">
        <p>{`Ouvrez le message envoyé à ${courriel}, puis suivez le lien. Il sert une fois et pendant ${LIEN_MINUTES} minutes.`}</p>
        <p>Rien ne vient ? Regardez les courriers indésirables, puis demandez un nouveau lien.</p>
        {ctx.app.config.demonstration && !ctx.app.config.smtpUrl && (
          <p>
            Dans cette démonstration, le message est dans la <a href={`${collectivite.base}/boite-d-envoi`}>boîte d’envoi</a>.
          </p>
        )}
      </Notice>
    ) : (
      <>
        {refusal && <ErrorSummary errors={[{ champ: 'courriel', message: refusal.sentence }]} />}
        <p>Retrouvez vos demandes dans toutes les communes du territoire. Il n’y a pas de mot de passe : un lien arrive par courriel.</p>
        <Form action={`${collectivite.base}/mes-dossiers/lien`} jeton={ctx.token} natif obligatoires>
          <TextInput
            name="courriel"
            label="Votre adresse électronique"
            hint="Par exemple nom@exemple.fr"
            type="email"
            autocomplete="email"
            spellcheck={false}
            value={courriel}
            error={refusal?.sentence}
          />
          <Button>Recevoir un lien</Button>
        </Form>
        <p>
          Vous n’avez pas besoin de compte pour une seule demande :{' '}
          <a href={`${collectivite.base}/suivi`}>suivez-la avec sa référence et son code</a>.
        </p>
      </>
    ),
  })
}

/** POST: sends a one-time link. The answer is the same whether the address is known or not. */
async function demanderLien(ctx: Context): Promise<Answer> {
  const { app, tenant } = ctx
  const typed = ctx.form.line('courriel', 254)
  const courriel = typed.toLowerCase()
  if (!COURRIEL.test(courriel)) return page(await pageConnexion(ctx, typed, refusals.courriel_invalide), 422)
  const now = app.clock.now()
  if (!(await takeAttempt(app.db, `lien|${courriel}`, 10, QUARTER_MS, now)))
    return page(await pageConnexion(ctx, typed, refusals.trop_liens), 429)
  const secret = newSecret()
  await inTenant(app.db, tenant.id, async tx => {
    await sql`insert into lien_connexion (empreinte, courriel, cree_le, expire_le)
      values (${hashOf(secret)}, ${courriel}, ${now}, ${new Date(now.getTime() + LIEN_MINUTES * 60_000)})`.execute(tx)
    await envoyer(tx, app, {
      collectiviteId: tenant.id,
      destinataire: courriel,
      sujet: 'Votre lien pour ouvrir vos dossiers',
      titre: 'Ouvrir vos dossiers',
      paragraphes: [
        'Vous avez demandé à voir vos dossiers. Suivez ce lien :',
        { lien: { texte: 'Ouvrir mes dossiers', href: `${tenant.address}/mes-dossiers/connexion/${secret}` } },
        `Le lien sert une fois, pendant ${LIEN_MINUTES} minutes. Si vous n’avez rien demandé, ne faites rien : personne n’a vu vos dossiers.`,
      ],
    })
  })
  return page(await pageConnexion(ctx, courriel, undefined, true))
}

/** GET: a page with one button. Mail scanners follow links: opening it must not use the link up. */
async function voirLien(ctx: Context): Promise<Answer> {
  // Anything else in the address would make the button lead elsewhere: « ..%2f..%2fagent%2fdeconnexion ».
  if (!/^[\w-]{20,100}$/.test(ctx.params.jeton ?? '')) return refused(refusals.lien_perime)
  const collectivite = collectiviteDe(ctx)
  return page(
    await pageDe(ctx.app, collectivite, {
      title: 'Ouvrir mes dossiers',
      noindex: true,
      children: (
        <Form action={`${collectivite.base}/mes-dossiers/connexion/${ctx.params.jeton}`} jeton={ctx.token} natif>
          <p>Ce lien ouvre vos dossiers sur cet appareil. Déconnectez-vous ensuite si l’appareil est partagé.</p>
          <Button>Ouvrir mes dossiers</Button>
        </Form>
      ),
    }),
  )
}

/** POST: uses the link and opens the session of the person who holds this address. */
async function suivreLien(ctx: Context): Promise<Answer> {
  const { app } = ctx
  const now = app.clock.now()
  const visitor = await ctx.visitor('usager')
  const opened = await inScope(app.db, {}, async tx => {
    const used = await sql<{ courriel: string }>`update lien_connexion set utilise_le = ${now}
      where empreinte = ${hashOf((ctx.params.jeton ?? '').slice(0, 100))} and utilise_le is null and expire_le > ${now} returning courriel`.execute(
      tx,
    )
    const courriel = used.rows[0]?.courriel
    if (!courriel) return undefined
    const person = await sql<{
      id: string
    }>`insert into usager (id, courriel, cree_le, vu_le) values (${newId()}, ${courriel}, ${now}, ${now})
      on conflict (courriel) do update set vu_le = excluded.vu_le returning id`.execute(tx)
    if (visitor) await closeSession(tx, visitor.sessionHash)
    return openSession(app, tx, { nature: 'usager', personneId: person.rows[0]!.id, host: ctx.host })
  })
  if (!opened) return refused(refusals.lien_perime)
  return redirect(`${ctx.tenant.base}/mes-dossiers`, [opened.cookie])
}

/** POST: closes the session. */
async function deconnecter(ctx: Context): Promise<Answer> {
  const visitor = await ctx.visitor('usager')
  if (visitor) await inScope(ctx.app.db, {}, tx => closeSession(tx, visitor.sessionHash))
  return {
    ...redirect(ctx.tenant.base || '/', [{ name: sessionCookieName(ctx.app, 'usager'), value: '' }]),
    headers: { 'clear-site-data': '"cache", "storage"' },
  }
}

const scope = 'collectivite' as const
const ouvert = { kind: 'public' } as const

/** « Mes dossiers »: the residents' account, which nobody needs. */
export const routesMesDossiers: readonly Route[] = [
  { method: 'GET', path: '/mes-dossiers', scope, access: ouvert, handle: voir },
  { method: 'POST', path: '/mes-dossiers/lien', scope, access: ouvert, perIp: 60, handle: demanderLien },
  { method: 'GET', path: '/mes-dossiers/connexion/:jeton', scope, access: ouvert, handle: voirLien },
  { method: 'POST', path: '/mes-dossiers/connexion/:jeton', scope, access: ouvert, perIp: 60, handle: suivreLien },
  { method: 'POST', path: '/mes-dossiers/deconnexion', scope, access: ouvert, handle: deconnecter },
]
