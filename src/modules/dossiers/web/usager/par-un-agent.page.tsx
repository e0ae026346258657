import { newSecret } from '../../../../platform/ids.ts'
import { Button, Form, Notice } from '../../../../ui/index.ts'
import { appellation } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { estTermine } from '../../dossier.ts'
import type { EvenementRow } from '../../tables.ts'
import type { Ouvert } from './acces.ts'

/** An agent put another address in the place of theirs: the person sees which, as long as they have not put it right themselves. */
export function AdresseCorrigee({ ouvert, evenements, base }: { ouvert: Ouvert; evenements: readonly EvenementRow[]; base: string }) {
  const last = evenements.findLast(({ nature }) => nature === 'corriger_courriel' || nature === 'rectifier')
  if (last?.nature !== 'corriger_courriel') return null
  const { dossier, collectivite } = ouvert
  return (
    <Notice tone="attention" title="Votre adresse électronique a été corrigée">
      <p>{`Un message n’était pas arrivé. Un agent a noté cette adresse : ${dossier.demandeur_courriel}. Les messages y partent désormais.`}</p>
      <p>
        {`Ce n’est pas la vôtre ? ${estTermine(dossier.etat) ? `Dites-le tout de suite à ${appellation(collectivite)}.` : ''} `}
        {!estTermine(dossier.etat) && <a href={`${base}/donnees`}>Corrigez-la</a>}
      </p>
    </Notice>
  )
}

interface CodeDonneProps {
  readonly ouvert: Ouvert
  readonly donne: EvenementRow | undefined
  readonly action: string
  readonly jeton: string
}

/** An agent gave the present code: what to do when it was to somebody else, as long as the person has not changed it. */
export function CodeDonne({ ouvert, donne, action, jeton }: CodeDonneProps) {
  const { collectivite } = ouvert
  if (!donne) return null
  return (
    <Notice title="Un nouveau code vous a été donné">
      <p>
        {`Un agent l’a donné le ${instantEnMots(donne.le, collectivite)}, après avoir vérifié votre identité. Ce n’était pas vous ? Changez le code, et dites-le tout de suite à ${appellation(collectivite)}.`}
      </p>
      <Form action={action} jeton={jeton} cle={newSecret()}>
        <Button tone="quiet">Ce n’était pas moi : changer le code</Button>
      </Form>
    </Notice>
  )
}
