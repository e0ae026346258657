import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, redirect, refused } from '../../../../platform/http/route.ts'
import { isUuid } from '../../../../platform/ids.ts'
import { ok, type Refusal, type Result, refuse } from '../../../../platform/refusal.ts'
import { pageAgent } from '../../../agents/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { arreterLot, type Choisi, type Demandeur, defaireLot, lancerLot, preparerLot } from '../../commands/lot.ts'
import { type ActeDeLot, auPlus, estActe, REGLES } from '../../lots/actes.ts'
import { dossiersDeLaVue } from '../../queries/file-d-instruction.ts'
import { lotParId, lotsDeLAgent } from '../../queries/lots.ts'
import { refusals } from '../../refusals.ts'
import type { LotRow } from '../../tables.ts'
import { adresseDesDossiers, enErreur } from './acces.ts'
import { champsDuChoix, choixDuTexte, filtreDuChoix } from './choix.ts'
import { Lot, type LotListe, Lots, Preparation } from './lot.page.tsx'
import { lotProps, preparationProps } from './lot-vue.ts'
import { nombreDeDossiers } from './mots.ts'

/** Who asks, for the commands on batches and exports. */
export const qui = (ctx: Context, tx: Tx): Demandeur => ({ app: ctx.app, tx, collectiviteId: ctx.tenant.id, agent: ctx.agent })

const adresse = (ctx: Context): string => `${ctx.tenant.base}/agent/lots`

/** GET /agent/lots: what one asked for lately. */
export const montrerLots = (ctx: Context): Promise<Answer> =>
  inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const lots = await lotsDeLAgent(tx, ctx.tenant.id, ctx.agent.id)
    const chemin = [{ texte: 'Dossiers', href: adresseDesDossiers(ctx) }]
    return pageAgent(ctx, { title: 'Vos travaux en lot', chemin, children: <Lots lots={lots.map(lot => lotListe(ctx, lot))} /> }, ctx.agent)
  })

function lotListe(ctx: Context, lot: LotRow & { readonly dossiers: number }): LotListe {
  const total = lot.total ?? lot.dossiers
  const what = lot.acte === 'exporter' ? 'Exporter' : REGLES[lot.acte].libelle.replace('…', '')
  return {
    href: `${adresse(ctx)}/${lot.id}`,
    quoi: `${lot.defait_id ? 'Annulation : ' : ''}${what}${total > 0 ? `, ${nombreDeDossiers(total, 1_000_000)}` : ''}`,
    quand: instantEnMots(lot.cree_le, collectiviteDe(ctx)),
    ou: lot.arrete_le ? 'Arrêté' : lot.fini_le ? 'Terminé' : 'En cours',
  }
}

/**
 * POST /agent/lots: the dossiers ticked in a list (`d`: id and version), or those of the whole search (`tous`), and what to do with them. Nothing happens to
 * them yet: the page of the batch says what will, and asks.
 */
export function preparer(ctx: Context): Promise<Answer> {
  const { _jeton, ...body } = ctx.form.fields
  const liste = new URLSearchParams(ctx.form.line('liste', 2000)).toString()
  const retour = `${adresseDesDossiers(ctx)}?${liste || 'etat='}`
  const acte = ctx.form.line('acte', 20)
  return once(
    ctx,
    ctx.form.secret('_cle', 64),
    body,
    async tx => {
      if (!estActe(acte)) return refuse(refusals.lot_sans_acte)
      const made = await preparerLot(qui(ctx, tx), acte, ctx.form.has('tous') ? await tous(ctx, tx, acte) : coches(ctx))
      return made.ok ? ok({ to: `${adresse(ctx)}/${made.value}?liste=${encodeURIComponent(liste)}` }) : made
    },
    // Back to the list, which says why; who may not is told so.
    { onRefusal: refusal => (refusal.status === 422 ? redirect(`${retour}&refus=${refusal.code}`) : refused(refusal)) },
  )
}

const coches = ({ form }: Context): Choisi[] =>
  form.all('d', 60).flatMap(text => {
    const [id, version] = text.split('.')
    return isUuid(id) && /^\d{1,6}$/.test(version ?? '') ? [{ id, version: Number(version) }] : []
  })

async function tous(ctx: Context, tx: Tx, acte: ActeDeLot): Promise<Choisi[]> {
  const choix = choixDuTexte(ctx.form.line('choix', 2000))
  const filtre = await filtreDuChoix(ctx, tx, choix, await champsDuChoix(tx, ctx.tenant.id, choix))
  return (await dossiersDeLaVue(tx, ctx.tenant.id, filtre, auPlus(acte) + 1)).map(id => ({ id }))
}

/** The batch of the route; only who asked for it sees it. */
async function lotDeLaRoute(ctx: Context, tx: Tx): Promise<LotRow | undefined> {
  const lot = await lotParId(tx, ctx.tenant.id, ctx.params.id ?? '')
  return lot?.agent_id === ctx.agent.id ? lot : undefined
}

/** GET /agent/lots/:id: what will happen, how far it is, or how it ended. */
export const montrerLot = (ctx: Context): Promise<Answer> =>
  inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const lot = await lotDeLaRoute(ctx, tx)
    return lot ? laPage(ctx, tx, lot) : refused(notFound)
  })

async function laPage(ctx: Context, tx: Tx, lot: LotRow, refusal?: Refusal): Promise<Answer> {
  const erreurs = refusal ? [enErreur(refusal)] : []
  const { acte } = lot
  if (acte !== 'exporter' && !lot.lance_le) {
    const { titre, ...props } = await preparationProps(ctx, tx, { ...lot, acte })
    const chemin = [{ texte: 'Dossiers', href: props.retour }]
    const children = <Preparation {...props} erreurs={erreurs} />
    return pageAgent(ctx, { title: titre, hasErrors: refusal !== undefined, chemin, children }, ctx.agent, refusal?.status ?? 200)
  }
  const { titre, ...props } = await lotProps(ctx, tx, lot)
  const chemin = [
    { texte: 'Dossiers', href: adresseDesDossiers(ctx) },
    { texte: 'Vos travaux en lot', href: adresse(ctx) },
  ]
  return pageAgent(
    ctx,
    { title: titre, hasErrors: refusal !== undefined, chemin, children: <Lot {...props} erreurs={erreurs} /> },
    ctx.agent,
    refusal?.status ?? 200,
  )
}

function agir(
  ctx: Context,
  work: (qui: Demandeur, lot: LotRow) => Promise<Result<unknown>>,
  vers: (done: unknown) => string,
): Promise<Answer> {
  const { _jeton, ...body } = ctx.form.fields
  return once(
    ctx,
    ctx.form.secret('_cle', 64),
    body,
    async tx => {
      const lot = await lotDeLaRoute(ctx, tx)
      if (!lot) return refuse(notFound)
      const done = await work(qui(ctx, tx), lot)
      return done.ok ? ok({ to: vers(done.value) }) : done
    },
    {
      onRefusal: refusal =>
        refusal === notFound
          ? refused(notFound)
          : inTenant(ctx.app.db, ctx.tenant.id, async tx => {
              const lot = await lotDeLaRoute(ctx, tx)
              return lot ? laPage(ctx, tx, lot, refusal) : refused(notFound)
            }),
    },
  )
}

const ici = (ctx: Context) => () => `${adresse(ctx)}/${ctx.params.id}`

/** POST …/lancement: the agent has seen what will happen. */
export const lancer = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    async (demandeur, lot) => {
      const { acte } = lot
      if (acte === 'exporter') return refuse(refusals.lot_deja)
      const agent = ctx.form.line('agent', 36)
      return lancerLot(
        demandeur,
        { ...lot, acte },
        {
          ...(isUuid(agent) ? { agent } : {}),
          service: ctx.form.line('service', 120),
          etiquette: ctx.form.line('etiquette', 36),
          motif: ctx.form.text('motif'),
          annotations: ctx.form.has('annotations'),
        },
      )
    },
    ici(ctx),
  )

/** POST …/arret. */
export const arreter = (ctx: Context): Promise<Answer> => agir(ctx, arreterLot, ici(ctx))

/** POST …/annulation: a batch of the reverse acts, whose page follows. */
export const annuler = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    async (demandeur, lot) => {
      const { acte } = lot
      return acte === 'exporter' ? refuse(refusals.lot_definitif) : defaireLot(demandeur, { ...lot, acte })
    },
    id => `${adresse(ctx)}/${id}`,
  )
