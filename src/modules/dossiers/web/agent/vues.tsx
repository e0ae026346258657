import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, refused } from '../../../../platform/http/route.ts'
import { isUuid, newSecret } from '../../../../platform/ids.ts'
import { ok, type Refusal, type Result, refuse } from '../../../../platform/refusal.ts'
import { pageAgent } from '../../../agents/index.ts'
import { choisirVueParDefaut, garderVue, type Proprietaire, renommerVue, retablirVue, supprimerVue } from '../../commands/vues.ts'
import { vueParId, vuesDe } from '../../queries/vues.ts'
import { adresseDuChoix, type Choix, lireChoix } from '../../recherche/choix.ts'
import { refusals } from '../../refusals.ts'
import { adresseDesDossiers, enErreur } from './acces.ts'
import { choixDeLAdresse } from './choix.ts'
import { Vues } from './vues.page.tsx'

const NOM_MAX = 60

const FAITS: Readonly<Record<string, string>> = {
  nom: 'La vue a changé de nom.',
  defaut: 'Votre liste s’ouvrira ainsi.',
  retablie: 'La vue est rétablie.',
}

/** GET /agent/vues: the list that one looks at, to keep it; and the views kept. */
export const montrerVues = (ctx: Context): Promise<Answer> =>
  inTenant(ctx.app.db, ctx.tenant.id, tx => pageDesVues(ctx, tx, choixDeLAdresse(ctx.query)))

/** POST /agent/vues: keeps a list. */
export const garder = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    async qui => {
      const vue = {
        nom: ctx.form.line('nom', NOM_MAX),
        choix: choixDuFormulaire(ctx),
        estPartagee: ctx.form.has('partagee'),
        estParDefaut: ctx.form.has('defaut'),
      }
      const kept = await garderVue(qui, vue)
      return kept.ok ? ok(`${adresseDesDossiers(ctx)}?vue=${kept.value}&fait=vue-gardee`) : kept
    },
    true,
  )

// Each view of the page has its own box.
const nouveauNom = (ctx: Context) => ctx.form.line(`nom-${ctx.params.id}`, NOM_MAX)

/** POST /agent/vues/:id/nom. */
export const renommer = (ctx: Context): Promise<Answer> =>
  agir(ctx, async qui => (await connue(ctx, qui)) ?? apres(ctx, 'nom', await renommerVue(qui, ctx.params.id!, nouveauNom(ctx))))

/** POST /agent/vues/:id/suppression; the page then offers to take it back. */
export const supprimer = (ctx: Context): Promise<Answer> =>
  agir(ctx, async qui => (await connue(ctx, qui)) ?? apres(ctx, `supprimee&vue=${ctx.params.id}`, await supprimerVue(qui, ctx.params.id!)))

/** POST /agent/vues/:id/retablissement. */
export const retablir = (ctx: Context): Promise<Answer> =>
  agir(ctx, async qui => (await connue(ctx, qui)) ?? apres(ctx, 'retablie', await retablirVue(qui, ctx.params.id!)))

/** POST /agent/vues/par-defaut: on which view one's list opens; none: what waits. */
export const choisirParDefaut = (ctx: Context): Promise<Answer> =>
  agir(ctx, async qui => apres(ctx, 'defaut', await choisirVueParDefaut(qui, ctx.form.line('vue', 40))))

async function connue(ctx: Context, { tx, collectiviteId, agentId }: Proprietaire): Promise<Result<never> | undefined> {
  const id = ctx.params.id
  const found = isUuid(id) && (await vueParId(tx, collectiviteId, agentId, id, true))
  return found ? undefined : refuse(refusals.vue_inconnue)
}

const apres = (ctx: Context, fait: string, done: Result<string>): Result<string> =>
  done.ok ? ok(`${ctx.tenant.base}/agent/vues?fait=${fait}`) : done

/** The list to keep, as its address was written in the form. */
function choixDuFormulaire(ctx: Context): Choix {
  const given = new URLSearchParams(ctx.form.line('choix', 2000))
  return lireChoix({ get: name => given.getAll(name).at(-1) ?? '', names: () => [...given.keys()], all: name => given.getAll(name) })
}

function agir(ctx: Context, work: (qui: Proprietaire) => Promise<Result<string>>, estEnregistrement = false): Promise<Answer> {
  const { _jeton, ...body } = ctx.form.fields
  return once(
    ctx,
    ctx.form.secret('_cle', 64),
    body,
    async tx => {
      const done = await work({ app: ctx.app, tx, collectiviteId: ctx.tenant.id, agentId: ctx.agent.id })
      return done.ok ? ok({ to: done.value }) : done
    },
    {
      onRefusal: refusal => {
        if (refusal.status === 404) return refused(refusal)
        return inTenant(ctx.app.db, ctx.tenant.id, tx => pageDesVues(ctx, tx, choixDuFormulaire(ctx), refusal, estEnregistrement))
      },
    },
  )
}

async function pageDesVues(ctx: Context, tx: Tx, choix: Choix, refusal?: Refusal, estEnregistrement = false): Promise<Answer> {
  const action = `${ctx.tenant.base}/agent/vues`
  const id = ctx.query.line('vue', 40)
  const deleted = ctx.query.line('fait', 12) === 'supprimee' ? await vueParId(tx, ctx.tenant.id, ctx.agent.id, id, true) : undefined
  const typed = !refusal ? '' : estEnregistrement ? ctx.form.line('nom', NOM_MAX) : nouveauNom(ctx)
  const erreur = refusal && enErreur(refusal)
  const champ = erreur?.champ === 'nom' && !estEnregistrement ? `nom-${ctx.params.id}` : erreur?.champ
  const children = (
    <Vues
      action={action}
      jeton={ctx.token}
      cle={newSecret}
      choix={adresseDuChoix(choix)}
      nom={estEnregistrement ? typed : ''}
      renommee={refusal && !estEnregistrement ? { id: ctx.params.id ?? '', nom: typed } : undefined}
      estPartagee={ctx.form.has('partagee')}
      estParDefaut={ctx.form.has('defaut')}
      erreurs={erreur ? [{ ...erreur, champ: champ ?? '' }] : []}
      fait={refusal ? undefined : FAITS[ctx.query.line('fait', 12)]}
      supprimee={deleted?.supprimeeLe && deleted.agentId === ctx.agent.id ? { id: deleted.id, nom: deleted.nom } : undefined}
      vues={(await vuesDe(tx, ctx.tenant.id, ctx.agent.id)).map(vue => ({
        id: vue.id,
        nom: vue.nom,
        href: `${adresseDesDossiers(ctx)}?vue=${vue.id}`,
        estPartagee: vue.estPartagee,
        estAMoi: vue.agentId === ctx.agent.id,
        estParDefaut: vue.estParDefaut,
      }))}
    />
  )
  const chemin = [{ texte: 'Dossiers', href: `${adresseDesDossiers(ctx)}?${adresseDuChoix(choix) || 'etat='}` }]
  return pageAgent(ctx, { title: 'Vues', hasErrors: refusal !== undefined, chemin, children }, ctx.agent, refusal?.status ?? 200)
}
