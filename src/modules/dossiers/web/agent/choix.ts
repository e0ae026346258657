import type { Tx } from '../../../../platform/db/open.ts'
import type { Form } from '../../../../platform/http/form.ts'
import type { Context } from '../../../../platform/http/route.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { type Champs, champsDuChoix, demandeurDe, filtreDuLecteur, type Lecteur } from '../../queries/filtre-du-choix.ts'
import { vueParId } from '../../queries/vues.ts'
import { type Choix, lireChoix } from '../../recherche/choix.ts'
import type { Demandeur, Filtre } from '../../recherche/filtre.ts'

export { type Champs, champsDuChoix }

/** A choice from the parameters of an address, or from the same text elsewhere (`liste`). */
export const choixDeLAdresse = (query: Form): Choix =>
  lireChoix({ get: name => query.line(name, 120), names: () => Object.keys(query.fields).slice(0, 200), all: name => query.all(name, 60) })

/** The same from the text of an address. */
export function choixDuTexte(text: string): Choix {
  const given = new URLSearchParams(text)
  return lireChoix({ get: name => given.getAll(name).at(-1) ?? '', names: () => [...given.keys()], all: name => given.getAll(name) })
}

/** What a list shows: the choice of the address, or that of the view that it names. `vueId` is null without one, and when it is unknown here. */
export async function choixDemande(
  ctx: Context,
  tx: Tx,
  query: Form = ctx.query,
): Promise<{ choix: Choix; vueId: string | null; nom: string | null }> {
  const vue = await vueParId(tx, ctx.tenant.id, ctx.agent.id, query.line('vue', 40))
  if (!vue) return { choix: choixDeLAdresse(query), vueId: null, nom: null }
  return { choix: vue.choix, vueId: vue.id, nom: vue.nom }
}

/** The agent of the page. */
export const lecteur = (ctx: Context): Lecteur => ({ app: ctx.app, collectivite: collectiviteDe(ctx), agent: ctx.agent })

/** Who looks at a list. Their teams are read only when they are needed. */
export const demandeur = (ctx: Context, tx: Tx, avecEquipes: boolean): Promise<Demandeur> => demandeurDe(lecteur(ctx), tx, avecEquipes)

/** The filter of a choice for who asks, with what other modules know. */
export const filtreDuChoix = (ctx: Context, tx: Tx, choix: Choix, champs: Champs): Promise<Filtre> =>
  filtreDuLecteur(lecteur(ctx), tx, choix, champs)
