import type { VNode } from 'preact'
import { Button, Form, Notice } from '../../../../ui/index.ts'
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
