import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { leadsInside } from '../../../../platform/http-out/call.ts'
import { isUuid, newSecret } from '../../../../platform/ids.ts'
import { ok, type Refusal, type Result } from '../../../../platform/refusal.ts'
import type { Option, SummaryRow } from '../../../../ui/index.ts'
import { pageAgent } from '../../../agents/index.ts'
import { programmes } from '../../../dossiers/index.ts'
import { ERREURS, type Erreur, ouvrir } from '../../abonnement.ts'
import {
  creerAbonnement,
  essayerAbonnement,
  mettreEnPause,
  modifierAbonnement,
  portee,
  rejouer,
  renouvelerSecret,
  reprendreAbonnement,
  type Sur,
  supprimerAbonnement,
} from '../../commands/abonnements.ts'
import { MONTRE_MS } from '../../jeton.ts'
import { abonnementParId, abonnementsDe, dernieresLivraisons } from '../../queries/abonnements.ts'
import { refusals } from '../../refusals.ts'
import type { AbonnementRow, LivraisonRow } from '../../tables.ts'
import { adresseDesJetons, adresseDesWebhooks, agir, choisis, choixDeDemarches, enErreurs, instantEnMots, trouver } from './acces.ts'
import { type Etat, ReglagesDAbonnement, type SaisieDAbonnement, UnAbonnement, Webhooks } from './webhooks.page.tsx'

const FAITS: Readonly<Record<string, string>> = {
  cree: 'L’abonnement est fait. Envoyez un essai pour vérifier que le logiciel répond.',
  reglages: 'Les réglages sont enregistrés.',
  secret: 'Le nouveau secret est fait.',
  pause: 'L’abonnement est en pause.',
  reprise: 'L’abonnement reprend là où il s’était arrêté.',
  rejeu: 'Les changements sont remis de nouveau. Rechargez la page dans un instant pour voir le résultat.',
  essai: 'L’essai part. Rechargez la page dans un instant pour voir le résultat.',
  suppression: 'L’abonnement est supprimé.',
}

const chemin = (ctx: Context, row?: AbonnementRow) => [
  { texte: 'Jetons de l’API', href: adresseDesJetons(ctx) },
  { texte: 'Webhooks', href: adresseDesWebhooks(ctx) },
  ...(row ? [{ texte: row.nom, href: adresseDe(ctx, row) }] : []),
]
const adresseDe = (ctx: Context, { id }: { readonly id: string }) => `${adresseDesWebhooks(ctx)}/${id}`

// A draft begun is the person's own: nobody is told.
const NATURES: readonly Option[] = Object.entries(programmes.titreDuChangement)
  .filter(([nature]) => nature !== 'ouvrir')
  .map(([value, label]) => ({ value, label }))

function etatDe({ en_pause_le, echoue_depuis }: AbonnementRow): Etat {
  if (en_pause_le) return { mots: 'En pause', tone: 'danger' }
  return echoue_depuis ? { mots: 'La cible ne répond pas', tone: 'attention' } : { mots: 'En service', tone: 'succes' }
}

/** GET /agent/webhooks. */
export async function montrerWebhooks(ctx: Context): Promise<Answer> {
  const rows = await inTenant(ctx.app.db, ctx.tenant.id, tx => abonnementsDe(tx, ctx.tenant.id))
  const children = (
    <Webhooks
      adresse={adresseDesWebhooks(ctx)}
      documentation={`${ctx.tenant.base}/api#webhooks`}
      fait={FAITS[ctx.query.line('fait', 20)]}
      abonnements={rows.map(row => ({ id: row.id, nom: row.nom, url: row.url, etat: etatDe(row) }))}
    />
  )
  return pageAgent(ctx, { title: 'Webhooks', wide: true, chemin: chemin(ctx).slice(0, 1), children }, ctx.agent)
}

/** GET /agent/webhooks/nouveau. */
export const montrerNouveauWebhook = (ctx: Context): Promise<Answer> =>
  inTenant(ctx.app.db, ctx.tenant.id, tx =>
    pageReglages(ctx, tx, { nom: '', url: '', demarches: null, natures: null, voitReserves: false }, undefined),
  )

/** GET /agent/webhooks/:id/reglages. */
export const montrerReglages = (ctx: Context): Promise<Answer> =>
  lire(ctx, (tx, row) => pageReglages(ctx, tx, { ...row, voitReserves: row.voit_reserves }, row))

async function pageReglages(
  ctx: Context,
  tx: Tx,
  saisie: SaisieDAbonnement,
  row: AbonnementRow | undefined,
  refusal?: Refusal,
): Promise<Answer> {
  const children = (
    <ReglagesDAbonnement
      action={row ? `${adresseDe(ctx, row)}/reglages` : adresseDesWebhooks(ctx)}
      jeton={ctx.token}
      cle={newSecret()}
      erreurs={enErreurs(refusal)}
      demarches={await choixDeDemarches(ctx, tx)}
      natures={NATURES}
      saisie={saisie}
      bouton={row ? 'Enregistrer' : 'S’abonner'}
    />
  )
  const title = row ? 'Réglages de l’abonnement' : 'Prévenir un logiciel'
  return pageAgent(ctx, { title, hasErrors: refusal !== undefined, chemin: chemin(ctx, row), children }, ctx.agent, refusal?.status ?? 200)
}

async function lireSaisie(ctx: Context): Promise<{ saisie: SaisieDAbonnement; interne: Refusal | undefined }> {
  const offerts = await inTenant(ctx.app.db, ctx.tenant.id, tx => choixDeDemarches(ctx, tx))
  const saisie = {
    nom: ctx.form.line('nom', 80),
    url: ctx.form.line('url', 500),
    demarches: choisis(ctx, 'demarches', offerts),
    natures: choisis(ctx, 'natures', NATURES),
    voitReserves: ctx.form.has('reserves'),
  }
  // Outside any transaction: a name may take seconds to be found.
  const url = URL.parse(saisie.url)
  const isInside = url !== null && /^https?:$/.test(url.protocol) && (await leadsInside(url, portee(ctx.app)))
  return { saisie, interne: isInside ? { ...refusals.url_interne, field: 'url' } : undefined }
}

/** POST /agent/webhooks. */
export async function faireWebhook(ctx: Context): Promise<Answer> {
  const { saisie, interne } = await lireSaisie(ctx)
  const retry = (refusal: Refusal) => inTenant(ctx.app.db, ctx.tenant.id, tx => pageReglages(ctx, tx, saisie, undefined, refusal))
  if (interne) return retry(interne)
  return agir(
    ctx,
    saisie,
    async tx => {
      const made = await creerAbonnement(tx, ctx.app, { collectiviteId: ctx.tenant.id, par: ctx.agent.id }, saisie)
      return made.ok ? ok(`${adresseDe(ctx, { id: made.value })}?fait=cree`) : made
    },
    retry,
  )
}

/** POST /agent/webhooks/:id/reglages. */
export async function changerReglages(ctx: Context): Promise<Answer> {
  const { saisie, interne } = await lireSaisie(ctx)
  const retry = (refusal: Refusal) => lire(ctx, (tx, row) => pageReglages(ctx, tx, saisie, row, refusal))
  if (interne) return retry(interne)
  return sur(ctx, 'reglages', (tx, on) => modifierAbonnement(tx, ctx.app, on, saisie), { body: saisie, onRefusal: retry })
}

const lire = (ctx: Context, show: (tx: Tx, row: AbonnementRow) => Promise<Answer>): Promise<Answer> =>
  inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const { id } = ctx.params
    const row = isUuid(id) ? await abonnementParId(tx, ctx.tenant.id, id) : undefined
    return row ? show(tx, row) : refused(notFound)
  })

/** An act on the subscription of the route, then back to its page with a word of what was done. */
function sur(
  ctx: Context,
  fait: string,
  work: (tx: Tx, on: Sur) => Promise<Result<void>>,
  options: { body?: unknown; onRefusal?: (refusal: Refusal) => Promise<Answer>; vers?: string } = {},
): Promise<Answer> {
  return agir(
    ctx,
    [fait, options.body],
    tx =>
      trouver(
        ctx,
        id => abonnementParId(tx, ctx.tenant.id, id),
        async row => {
          const done = await work(tx, { collectiviteId: ctx.tenant.id, id: row.id, par: ctx.agent.id })
          return done.ok ? ok(`${options.vers ?? adresseDe(ctx, row)}?fait=${fait}`) : done
        },
      ),
    options.onRefusal,
  )
}

const simple =
  (fait: string, work: (tx: Tx, ctx: Context, on: Sur) => Promise<void>) =>
  (ctx: Context): Promise<Answer> =>
    sur(ctx, fait, async (tx, on) => {
      await work(tx, ctx, on)
      return ok(undefined)
    })

/** POST …/secret, …/pause, …/reprise, …/essai. */
export const changerSecret = simple('secret', (tx, { app }, on) => renouvelerSecret(tx, app, on))
export const mettreWebhookEnPause = simple('pause', (tx, { app }, on) => mettreEnPause(tx, app, on))
export const reprendreWebhook = simple('reprise', (tx, { app }, on) => reprendreAbonnement(tx, app, on))
export const essayerWebhook = simple('essai', (tx, _ctx, on) => essayerAbonnement(tx, on))

/** POST …/suppression. */
export const supprimerWebhook = (ctx: Context): Promise<Answer> =>
  sur(
    ctx,
    'suppression',
    async (tx, on) => {
      await supprimerAbonnement(tx, ctx.app, on)
      return ok(undefined)
    },
    { vers: adresseDesWebhooks(ctx) },
  )

/** POST …/rejeu: delivers again from a change. */
export function rejouerWebhook(ctx: Context): Promise<Answer> {
  const depuis = ctx.form.line('depuis', 16)
  const sequence = /^[1-9]\d{0,14}$/.test(depuis) ? Number(depuis) : null
  return sur(ctx, 'rejeu', (tx, on) => rejouer(tx, ctx.app, on, sequence), {
    body: depuis,
    onRefusal: refusal => lire(ctx, (tx, row) => pageDe(ctx, tx, row, refusal)),
  })
}

/** GET /agent/webhooks/:id. */
export const montrerWebhook = (ctx: Context): Promise<Answer> => lire(ctx, (tx, row) => pageDe(ctx, tx, row))

async function pageDe(ctx: Context, tx: Tx, row: AbonnementRow, refusal?: Refusal): Promise<Answer> {
  const now = ctx.app.clock.now()
  const demarches = new Map((await choixDeDemarches(ctx, tx)).map(({ value, label }) => [value, label]))
  const isFresh = row.secret_fait_par === ctx.agent.id && row.secret_fait_le.getTime() > now.getTime() - MONTRE_MS
  const ancien = row.precedent_jusqu_a && row.precedent_jusqu_a > now ? row.precedent_jusqu_a : undefined
  const children = (
    <UnAbonnement
      adresse={adresseDe(ctx, row)}
      jeton={ctx.token}
      cle={newSecret().slice(0, 32)}
      erreurs={enErreurs(refusal)}
      fait={refusal ? undefined : FAITS[ctx.query.line('fait', 20)]}
      etat={etatDe(row)}
      enPause={row.en_pause_le ? phraseDePause(ctx, row) : undefined}
      secret={isFresh ? ouvrir(ctx.app.secrets, ctx.tenant.id, row.secret) : undefined}
      ancien={ancien && `L’ancien secret signe encore, à côté du nouveau, jusqu’au ${instantEnMots(ctx, ancien)}.`}
      faits={faitsDe(ctx, row, demarches)}
      livraisons={(await dernieresLivraisons(tx, ctx.tenant.id, row.id)).map(one => livraisonVue(ctx, one))}
      depuis={refusal ? ctx.form.line('depuis', 16) : ''}
    />
  )
  return pageAgent(
    ctx,
    { title: row.nom, wide: true, hasErrors: refusal !== undefined, chemin: chemin(ctx), children },
    ctx.agent,
    refusal?.status ?? 200,
  )
}

const phraseDePause = (ctx: Context, row: AbonnementRow): string =>
  row.echoue_depuis
    ? `La cible ne répond plus depuis le ${instantEnMots(ctx, row.echoue_depuis)}. Quand elle répondra, tout lui sera remis dans l’ordre.`
    : 'Le logiciel n’est pas prévenu. À la reprise, tout lui sera remis dans l’ordre.'

function faitsDe(ctx: Context, row: AbonnementRow, titres: ReadonlyMap<string, string>): SummaryRow[] {
  return [
    { cle: 'Adresse', valeur: row.url },
    {
      cle: 'Événements',
      valeur: row.natures
        ? NATURES.flatMap(({ value, label }) => (row.natures?.includes(value) ? [String(label)] : [])).join(', ')
        : 'Tous',
    },
    { cle: 'Démarches', valeur: row.demarches?.map(id => titres.get(id) ?? id).join(', ') ?? 'Toutes' },
    { cle: 'Services réservés', valeur: row.voit_reserves ? 'Prévenu aussi' : 'Jamais prévenu' },
    { cle: 'Remis jusqu’au changement', valeur: String(row.curseur) },
    ...(row.prochain_le ? [{ cle: 'Prochain essai', valeur: instantEnMots(ctx, row.prochain_le) }] : []),
  ]
}

const estErreur = (text: string): text is Erreur => Object.hasOwn(ERREURS, text)

function livraisonVue(ctx: Context, one: LivraisonRow) {
  const why = one.erreur && estErreur(one.erreur) ? ERREURS[one.erreur] : ''
  const told = [why, one.statut === null ? '' : `Réponse ${one.statut}.`, `${one.duree_ms}\u00a0ms.`].filter(Boolean).join(' ')
  const resultat: Etat = one.est_remise ? { mots: 'Remis', tone: 'succes' } : { mots: 'Échec', tone: 'danger' }
  const titles: Readonly<Record<string, string>> = programmes.titreDuChangement
  return {
    id: one.id,
    le: instantEnMots(ctx, one.le),
    quoi: titles[one.nature] ?? 'Essai',
    numero: one.sequence === null ? '–' : String(one.sequence),
    dossier:
      one.dossier_id && ctx.agent.permissions.has('dossiers.lire') ? `${ctx.tenant.base}/agent/dossiers/${one.dossier_id}` : undefined,
    resultat,
    precision: told,
  }
}
