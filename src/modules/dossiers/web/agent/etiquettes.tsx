import { inTenant } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { isUuid, newSecret } from '../../../../platform/ids.ts'
import { ok, type Refusal, type Result, refuse } from '../../../../platform/refusal.ts'
import type { Tone } from '../../../../ui/index.ts'
import { pageAgent } from '../../../agents/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { desetiqueter, enregistrerEtiquette, etiqueter, proposerEtiquette } from '../../commands/etiqueter.ts'
import type { Cas } from '../../commands/instruire.ts'
import { type Etiquette, etiquettesDe, etiquettesDuDossier } from '../../queries/etiquettes.ts'
import { refusals } from '../../refusals.ts'
import { agir, aujourdhui, enErreur } from './acces.ts'
import { Etiquettes, type EtiquettesProps, TONS } from './etiquettes.page.tsx'

const adresse = (ctx: Context) => `${ctx.tenant.base}/agent/etiquettes`

const enSaisie = (etiquette?: Etiquette): EtiquettesProps['saisie'] => ({
  nom: etiquette?.nom ?? '',
  ton: etiquette?.ton ?? 'neutre',
  delai: etiquette?.delaiJours ? String(etiquette.delaiJours) : '',
  enJoursOuvres: etiquette?.enJoursOuvres ?? true,
})

/** GET /agent/etiquettes: the labels, and the form; with `?etiquette=`, the one to change. */
export const montrerEtiquettes = (ctx: Context): Promise<Answer> => laPage(ctx, ctx.query.line('etiquette', 36))

function laPage(ctx: Context, enCours: string, saisie?: EtiquettesProps['saisie'], refusal?: Refusal): Promise<Answer> {
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const etiquettes = await etiquettesDe(tx, ctx.tenant.id)
    const changed = etiquettes.find(({ id }) => id === enCours)
    const children = (
      <Etiquettes
        action={adresse(ctx)}
        jeton={ctx.token}
        cle={newSecret()}
        fait={!refusal && ctx.query.has('fait') ? 'Les étiquettes sont enregistrées.' : undefined}
        erreurs={refusal ? [enErreur(refusal)] : []}
        etiquettes={etiquettes.map(({ delaiJours, enJoursOuvres, ...one }) => ({ ...one, delai: delaiEnMots(delaiJours, enJoursOuvres) }))}
        enCours={changed?.id}
        saisie={saisie ?? enSaisie(changed)}
      />
    )
    return pageAgent(ctx, { title: 'Étiquettes', wide: true, hasErrors: refusal !== undefined, children }, ctx.agent, refusal?.status)
  })
}

const delaiEnMots = (jours: number | null, ouvres: boolean): string =>
  jours === null ? 'Aucun' : `${jours} jour${jours > 1 ? 's' : ''}${ouvres ? ` ouvré${jours > 1 ? 's' : ''}` : ''}`

/** POST /agent/etiquettes: a new label, or a changed one (`etiquette`). */
export function enregistrerLEtiquette(ctx: Context): Promise<Answer> {
  const { form, tenant, agent } = ctx
  const id = form.line('etiquette', 36)
  const saisie = { nom: form.line('nom', 40), ton: form.line('ton', 10), delai: form.line('delai', 6), enJoursOuvres: form.has('ouvres') }
  const ton: Tone = Object.hasOwn(TONS, saisie.ton) ? (saisie.ton as Tone) : 'neutre'
  const delaiJours = saisie.delai === '' ? null : /^\d+$/.test(saisie.delai) ? Number(saisie.delai) : Number.NaN
  return once(
    ctx,
    form.secret('_cle', 64),
    { id, ...saisie },
    async tx => {
      const lieu = { collectiviteId: tenant.id, par: agent.id }
      const { nom, enJoursOuvres } = saisie
      const done = await enregistrerEtiquette(ctx.app, tx, lieu, { nom, ton, delaiJours, enJoursOuvres }, isUuid(id) ? id : undefined)
      return done.ok ? ok({ to: `${adresse(ctx)}?fait=1` }) : done
    },
    { onRefusal: refusal => laPage(ctx, id, saisie, refusal) },
  )
}

const proposer =
  (estProposee: boolean) =>
  (ctx: Context): Promise<Answer> =>
    once(
      ctx,
      ctx.form.secret('_cle', 64),
      {},
      async tx => {
        const { id } = ctx.params
        if (!isUuid(id)) return refuse(notFound)
        const done = await proposerEtiquette(ctx.app, tx, { collectiviteId: ctx.tenant.id, par: ctx.agent.id }, id, estProposee)
        return done.ok ? ok({ to: `${adresse(ctx)}?fait=1` }) : done
      },
      { onRefusal: refusal => (refusal === notFound ? refused(notFound) : laPage(ctx, '', undefined, refusal)) },
    )

/** POST …/:id/retrait and …/:id/retablissement: proposes it no more, or again. */
export const [nePlusProposer, proposerDeNouveau] = [proposer(false), proposer(true)]

/** POST …/etiquettes and …/etiquettes/:etiquette/retrait, on a dossier; `montrer` shows it again when it is refused. */
export const surLeDossier = (ctx: Context, quoi: 'poser' | 'retirer', montrer: (refusal: Refusal) => Promise<Answer>): Promise<Answer> => {
  const id = quoi === 'poser' ? ctx.form.line('etiquette', 36) : (ctx.params.etiquette ?? '')
  const work = (cas: Cas): Promise<Result<unknown>> => {
    if (!isUuid(id)) return Promise.resolve(refuse({ ...refusals.etiquette_inconnue, field: 'etiquette' }))
    return quoi === 'poser' ? etiqueter(cas, id) : desetiqueter(cas, id)
  }
  return agir(ctx, quoi === 'poser' ? 'etiquette' : 'etiquette-retiree', work, montrer)
}

/** The labels of a dossier ready to be shown, and those that may still be put. */
export async function etiquettesVues(ctx: Context, { tx, dossier }: Cas) {
  const posees = await etiquettesDuDossier(tx, ctx.tenant.id, dossier.id)
  const proposees = (await etiquettesDe(tx, ctx.tenant.id)).filter(
    ({ id, estProposee }) => estProposee && !posees.some(one => one.id === id),
  )
  const today = aujourdhui(ctx)
  return {
    etiquettes: posees.map(({ echeance, ...one }) => ({
      ...one,
      echeance: echeance ? `${echeance <= today ? 'échue le' : 'pour le'} ${dates.longDate(echeance)}` : undefined,
    })),
    possibles: proposees.slice(0, 49).map(({ id, nom }) => ({ value: id, label: nom })),
    peutEtiqueter: ctx.agent.permissions.has('dossiers.instruire') && !dossier.cache_le,
  }
}
