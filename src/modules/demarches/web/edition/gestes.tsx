import type { VNode } from 'preact'
import { type Answer, type Context, redirect } from '../../../../platform/http/route.ts'
import { Actions, Button } from '../../../../ui/index.ts'
import { definitions } from '../../../formulaires/index.ts'
import type { Modele } from '../../demarche.ts'
import { lieuDe, nomDe, type Operation, operer, referencesA } from '../../edition/index.ts'
import { type Envoi, envoiDe, Formulaire, pageDEdition } from './cadre.tsx'
import { adresseDeLEdition, enregistrer, lireLeChantier } from './chantier.ts'
import { pageDuPlan } from './plan.tsx'

/** Where an element is shown in the plan: its page unfolded, the element in front. */
export function placeDansLePlan(adresse: string, element: string, modele?: Modele): string {
  const { etape, champ } = modele ? lieuDe(element, modele) : {}
  if (!etape) return adresse
  const ancre = champ ? `champ-${champ}` : `etape-${etape}`
  // Twice: the script that sends forms is told of a redirection without its fragment (Fetch, 2.2.6), and finds it in the query.
  return `${adresse}?etape=${etape}&ancre=${ancre}#${ancre}`
}

/**
 * POST …/edition/gestes: one gesture on the plan, `haut:champs/ecole`. Moving to another page also says which (`etape`) and after which question
 * (`apres`, empty: first). Deleting what others refer to is confirmed on a page of its own first.
 */
export function faireUnGeste(ctx: Context): Promise<Answer> {
  const [nom = '', element = ''] = ctx.form.line('geste', 150).split(':')
  const operation = operationDe(ctx, nom, element)
  let after: Modele | undefined
  let etape: string | undefined
  let confirmer = false
  return enregistrer(
    ctx,
    (modele, reserves) => {
      if (!operation) return { ok: false, message: 'Ce geste n’existe pas. Rechargez la page.' }
      etape = lieuDe(element, modele).etape
      if (nom === 'supprimer' && ctx.form.line('confirme', 3) !== 'oui' && referencesA(modele, element).length > 0) {
        confirmer = true
        return { ok: false, message: 'Autre chose s’en sert. Confirmez d’abord.' }
      }
      const fait = operer(modele, operation, reserves)
      if (fait.ok) after = fait.modele
      return fait
    },
    made => {
      const shown = nom === 'dupliquer' && made ? made : element
      const adresse = adresseDeLEdition(ctx)
      if (nom === 'type') return `${adresse}/${element}`
      if (nom === 'supprimer') return /^parametres/.test(element) ? `${adresse}/reglages` : `${adresse}${etape ? `?etape=${etape}` : ''}`
      return placeDansLePlan(adresse, shown, after)
    },
    async refusal =>
      confirmer
        ? redirect(`${adresseDeLEdition(ctx)}/suppression?element=${encodeURIComponent(element)}`)
        : pageDuPlan(ctx, refusal, etape),
  )
}

function operationDe(ctx: Context, nom: string, element: string): Operation | undefined {
  if (nom === 'haut' || nom === 'bas') return { op: 'deplacer', element, sens: nom }
  if (nom === 'dupliquer' || nom === 'supprimer') return { op: nom, element }
  if (nom === 'type') return { op: 'changerType', element, type: ctx.form.line('type', 40) }
  if (nom !== 'placer') return undefined
  const etape = ctx.form.line('etape', 40)
  const apres = ctx.form.has('apres') ? ctx.form.line('apres', 40) || null : undefined
  return { op: 'changerEtape', element, etape, ...(apres === undefined ? {} : { apres }) }
}

/** GET …/edition/suppression?element=: what would break, before it does. */
export const confirmerSuppression = (ctx: Context): Promise<Answer> =>
  lireLeChantier(ctx, async (tx, chantier) => {
    const element = ctx.query.line('element', 120)
    const { modele } = chantier
    const adresse = adresseDeLEdition(ctx)
    const { champ, etape, parametre } = lieuDe(element, modele)
    const index = definitions.indexDe(modele.formulaire)
    const exists = champ
      ? index.champs.has(champ)
      : etape
        ? index.etapes.has(etape)
        : modele.formulaire.parametres?.some(({ id }) => id === parametre)
    if (!exists) return redirect(adresse)
    return pageDEdition(ctx, tx, chantier, {
      title: `Supprimer ${nomDe(element, modele)} ?`,
      children: (
        <Suppression
          action={`${adresse}/gestes`}
          retour={parametre ? `${adresse}/reglages` : placeDansLePlan(adresse, element, modele)}
          element={element}
          references={[...new Set(referencesA(modele, element).map(({ phrase }) => phrase))]}
          envoi={envoiDe(ctx, chantier)}
        />
      ),
    })
  })

function Suppression(props: { action: string; retour: string; element: string; references: readonly string[]; envoi: Envoi }): VNode {
  const { action, retour, element, references, envoi } = props
  return (
    <>
      {references.length > 0 ? (
        <>
          <p>Autre chose s’en sert. Il faudra le revoir avant de publier :</p>
          <ul>
            {references.slice(0, 40).map(phrase => (
              <li key={phrase}>{phrase}</li>
            ))}
          </ul>
        </>
      ) : (
        <p>Rien d’autre ne s’en sert. Les demandes déjà déposées ne changent pas.</p>
      )}
      <Formulaire action={action} envoi={envoi}>
        <input type="hidden" name="confirme" value="oui" />
        <Actions>
          <Button tone="danger" name="geste" value={`supprimer:${element}`}>
            Supprimer
          </Button>
          <a href={retour}>Garder</a>
        </Actions>
      </Formulaire>
    </>
  )
}
