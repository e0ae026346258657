import type { VNode } from 'preact'
import { Button, Form, Notice } from '../../../../ui/index.ts'
import type { Collectivite } from '../../../territoire/index.ts'
import type { Report } from '../../tables.ts'

/** What changed in the démarche since the person began, and what became of their answers; nothing once they have read it. */
export function Changements({
  base,
  report,
  jeton,
}: {
  readonly base: string
  readonly report: Report | null | undefined
  readonly jeton: string
}): VNode | null {
  if (!report || report.changements.length === 0) return null
  return (
    <Notice tone="attention" title="Cette démarche a changé depuis votre dernière visite">
      <p>Vos réponses sont gardées. Voici ce qui change :</p>
      <ul>
        {report.changements.map(phrase => (
          <li key={phrase}>{phrase}</li>
        ))}
      </ul>
      {report.ecartees.length > 0 && (
        <>
          <p>Ces réponses n’ont plus leur place dans le formulaire :</p>
          <ul>
            {report.ecartees.map(({ id, libelle, valeur }) => (
              <li key={id}>{`${libelle} : ${valeur}`}</li>
            ))}
          </ul>
        </>
      )}
      <Form action={`${base}/changements`} jeton={jeton} label="Changements">
        <Button tone="secondary">J’ai lu</Button>
      </Form>
    </Notice>
  )
}

/** Says to an agent who tries a form that nothing will be filed, and leads back to where it is written. */
export function BandeauDEssai({
  collectivite,
  demarcheId,
}: {
  readonly collectivite: Pick<Collectivite, 'base'>
  readonly demarcheId: string
}): VNode {
  return (
    <Notice title="Essai">
      <p>
        Vous voyez ce que verra un habitant. Rien ne sera déposé.{' '}
        <a href={`${collectivite.base}/agent/demarches/${demarcheId}/edition`}>Revenir aux questions</a>
      </p>
    </Notice>
  )
}
