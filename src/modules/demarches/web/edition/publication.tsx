import type { VNode } from 'preact'
import { type Answer, type Context, notFound } from '../../../../platform/http/route.ts'
import { ok, type Refusal, refuse } from '../../../../platform/refusal.ts'
import { Actions, Button, Checkbox, Details } from '../../../../ui/index.ts'
import { reserve } from '../../../formulaires/index.ts'
import { publierDemarche } from '../../commands/publier-demarche.ts'
import type { Modele } from '../../demarche.ts'
import { changementsPourHabitant, differences, phraseDeDifference } from '../../edition/index.ts'
import { demarche } from '../../queries/demarches.ts'
import { adresseDeLaDemarche, agir, atelierDe } from '../acces.ts'
import { type Envoi, envoiDe, Formulaire, pageDEdition } from './cadre.tsx'
import { adresseDeLEdition, lireLeChantier } from './chantier.ts'
import { type Controle, controlesDe } from './controles.ts'
import { Controles } from './plan.page.tsx'
import { resteAPublier } from './plan.tsx'

interface PublicationProps {
  readonly adresse: string
  readonly action: string
  readonly controles: readonly Controle[]
  readonly estNeuve: boolean
  readonly estOuverte: boolean
  readonly aPublier: boolean
  readonly pourHabitant: readonly string[]
  readonly changements: readonly string[]
  readonly envoi: Envoi
}

/** GET …/publication: the last look: what prevents it, or what changes for residents. */
export const montrerPublication = (ctx: Context): Promise<Answer> => pageDePublication(ctx)

const pageDePublication = (ctx: Context, refusal?: Refusal): Promise<Answer> =>
  lireLeChantier(ctx, (tx, chantier) => {
    const { offre, modele } = chantier
    const isNew = offre.revision === 0
    return pageDEdition(ctx, tx, chantier, {
      title: 'Publier',
      refusal,
      children: (
        <Publication
          adresse={adresseDeLEdition(ctx)}
          action={`${adresseDeLaDemarche(ctx)}/publication`}
          controles={controlesDe(modele)}
          estNeuve={isNew}
          estOuverte={offre.estOuverte}
          aPublier={resteAPublier(chantier)}
          pourHabitant={isNew ? [] : changementsPourHabitant(pourTous(offre.modele), pourTous(modele))}
          changements={isNew ? [] : differences(offre.modele, modele).map(one => phraseDeDifference(one, offre.modele, modele))}
          envoi={envoiDe(ctx, chantier)}
        />
      ),
    })
  })

/** What residents see of it. */
const pourTous = (modele: Modele): Modele => ({ ...modele, formulaire: reserve.partPublique(modele.formulaire) })

function Publication(props: PublicationProps): VNode {
  const { adresse, action, controles, estNeuve, estOuverte, aPublier, pourHabitant, changements, envoi } = props
  if (controles.length > 0) return <>{Controles({ controles, adresse })}</>
  if (!aPublier)
    return (
      <p>
        Rien n’a changé depuis la dernière publication. <a href={adresse}>Revenir au plan</a>
      </p>
    )
  return (
    <>
      <p>
        Les demandes déjà envoyées gardent les questions d’avant. Celles qui sont commencées passent à la nouvelle version, réponses
        gardées.
      </p>
      {!estNeuve && (
        <>
          <h2>Ce qui change pour les habitants</h2>
          {pourHabitant.length === 0 ? <p>Rien de ce qu’ils ont à faire.</p> : <Phrases phrases={pourHabitant} />}
          <Details titre={`Tous les changements (${changements.length})`}>
            <Phrases phrases={changements} />
          </Details>
        </>
      )}
      <Formulaire action={action} envoi={envoi}>
        {!estOuverte && <Checkbox name="ouvrir" label="Ouvrir aussi la démarche aux habitants" checked={estNeuve} />}
        <Actions>
          <Button>Publier</Button>
          <a href={adresse}>Revenir au plan</a>
        </Actions>
      </Formulaire>
    </>
  )
}

const Phrases = ({ phrases }: { phrases: readonly string[] }): VNode => (
  <ul>
    {phrases.slice(0, 80).map(phrase => (
      <li key={phrase}>{phrase}</li>
    ))}
  </ul>
)

/** POST …/publication: the next revision, which never changes; what prevents it comes back with its places. */
export const publier = (ctx: Context): Promise<Answer> =>
  agir(
    ctx,
    async tx => {
      const atelier = atelierDe(ctx)
      if (!(await demarche(tx, atelier.collectiviteId, atelier.demarcheId))) return refuse(notFound)
      const done = await publierDemarche(ctx.app, tx, atelier, ctx.form.line('ouvrir', 3) === 'oui')
      return done.ok ? ok(`${adresseDeLaDemarche(ctx)}?fait=publication`) : done
    },
    refusal => pageDePublication(ctx, refusal),
  )
