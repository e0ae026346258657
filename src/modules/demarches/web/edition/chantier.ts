import type { Tx } from '../../../../platform/db/open.ts'
import { type Answer, type Context, notFound } from '../../../../platform/http/route.ts'
import { ok, type Refusal, refuse } from '../../../../platform/refusal.ts'
import { type Choix, changer } from '../../commands/copie.ts'
import type { Modele } from '../../demarche.ts'
import { type Conflit, differences, type Fusion, fusionner, identifiants } from '../../edition/index.ts'
import { copieDe, type Edition } from '../../queries/copie.ts'
import { type Demarche, demarche } from '../../queries/demarches.ts'
import { revisionDe, revisionsDe } from '../../queries/revisions.ts'
import { refusals } from '../../refusals.ts'
import { adresseDeLaDemarche, agir, atelierDe, lireLaDemarche } from '../acces.ts'
import { montrerConflit } from './conflit.tsx'

/** The démarche as it is being changed: the working copy, or what is published when nobody is changing it. */
export interface Chantier {
  readonly offre: Demarche
  readonly modele: Modele
  /** The rank of the last change, which every form sends back. */
  readonly rang: number
}

/** Whether the page sent was read before the last publication: its rank would then be another change's. */
export const estALaPage = (ctx: Context, { revision }: Demarche): boolean =>
  ctx.form.number('revision', revision, 0, 1_000_000) === revision

export const adresseDeLEdition = (ctx: Context): string => `${adresseDeLaDemarche(ctx)}/edition`

/** Reads the démarche of the route as it is being changed; the same 404 when there is none. */
export const lireLeChantier = (ctx: Context, show: (tx: Tx, chantier: Chantier) => Promise<Answer>): Promise<Answer> =>
  lireLaDemarche(ctx, async (tx, offre) => show(tx, await chantierDe(tx, ctx.tenant.id, offre)))

async function chantierDe(tx: Tx, collectiviteId: string, offre: Demarche): Promise<Chantier> {
  const copie = await copieDe(tx, collectiviteId, offre.id)
  return { offre, modele: copie?.modele ?? offre.modele, rang: copie?.rang ?? 0 }
}

/** What a form does to a définition; `message` says why it cannot, `champ` in which box. */
export type Geste = (
  modele: Modele,
  reserves: readonly string[],
) =>
  | { readonly ok: true; readonly modele: Modele; readonly phrase: string; readonly element?: string | undefined }
  | { readonly ok: false; readonly message: string; readonly champ?: string | undefined }

/** What both sides changed, and where the agent stood: the page of the choice. */
export interface Desaccord {
  readonly conflits: readonly Conflit[]
  readonly fusion: Fusion
  readonly autres: readonly Edition[]
}

/**
 * Does a gesture on the working copy as it was read (`rang` of the form), then goes to `vers`. What cannot be done comes back to `encore` with
 * its sentence; what others changed too is shown to be settled, with everything that was typed.
 */
export function enregistrer(
  ctx: Context,
  geste: Geste,
  vers: (element: string | undefined) => string,
  encore: (refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  let desaccord: Desaccord | undefined
  return agir(
    ctx,
    async tx => {
      const atelier = atelierDe(ctx)
      const offre = await demarche(tx, atelier.collectiviteId, atelier.demarcheId)
      if (!offre) return refuse(notFound)
      if (!estALaPage(ctx, offre)) return refuse(refusals.copie_absente)
      const reserves = await reservesDe(tx, atelier.collectiviteId, atelier.demarcheId)
      const rangLu = ctx.form.number('rang', 0, 0, 1_000_000)
      let element: string | undefined
      let inchange = false
      let [lu, mien]: (Modele | undefined)[] = []
      const done = await changer(
        ctx.app,
        tx,
        atelier,
        rangLu,
        modele => {
          const fait = geste(modele, reserves)
          if (!fait.ok) return fait
          ;[lu, mien, element] = [modele, fait.modele, fait.element]
          inchange = differences(modele, fait.modele).length === 0
          return inchange ? { ok: false, message: 'Rien n’a changé.' } : fait
        },
        choixDe(ctx),
      )
      if (!done.ok) return done
      const suite = done.value
      if (inchange) return ok(avecFait(vers(element), 'fait=rien'))
      if (suite.etat === 'impossible')
        return refuse({
          ...refusals.changement_impossible,
          sentence: suite.message,
          ...(suite.champ === undefined ? {} : { field: suite.champ }),
        })
      if (suite.etat === 'fait') return ok(avecFait(vers(element), `fait=${suite.rang}&depuis=${rangLu}`))
      const copie = await copieDe(tx, atelier.collectiviteId, atelier.demarcheId)
      if (!copie || !lu || !mien) return refuse(refusals.copie_absente)
      desaccord = { conflits: suite.conflits, autres: suite.autres, fusion: fusionner(lu, copie.modele, mien) }
      return refuse(refusals.conflit)
    },
    async refusal => (desaccord ? montrerConflit(ctx, desaccord) : refusal === notFound ? { refusal } : encore(refusal)),
  )
}

/** What the names of the boxes of conflicts begin with. */
export const CONFLIT = 'K-'

/** The box of a conflict: its key has signs that an id of HTML cannot. */
export const boiteDuConflit = (cle: string): string => CONFLIT + Buffer.from(cle).toString('base64url')

/** How conflicts were settled: boxes named by `boiteDuConflit`. */
export const choixDe = (ctx: Context): Choix =>
  Object.fromEntries(
    Object.keys(ctx.form.fields)
      .filter(name => name.startsWith(CONFLIT))
      .slice(0, 100)
      .flatMap(name => {
        const chosen = ctx.form.line(name, 10)
        return chosen === 'leurs' || chosen === 'miennes'
          ? [[Buffer.from(name.slice(CONFLIT.length), 'base64url').toString(), chosen] as const]
          : []
      }),
  )

/** Adds words to the query of an address, before its anchor. */
export function avecFait(url: string, words: string): string {
  const [path = '', anchor] = url.split('#')
  return `${path}${path.includes('?') ? '&' : '?'}${words}${anchor === undefined ? '' : `#${anchor}`}`
}

/** The ids of every published revision: no new thing takes one, so that an old answer never becomes another's. */
async function reservesDe(tx: Tx, collectiviteId: string, demarcheId: string): Promise<string[]> {
  const taken = new Set<string>()
  for (const { numero } of await revisionsDe(tx, collectiviteId, demarcheId)) {
    const revision = await revisionDe(tx, collectiviteId, demarcheId, numero)
    for (const id of revision ? identifiants(revision.modele) : []) taken.add(id)
  }
  return [...taken]
}
