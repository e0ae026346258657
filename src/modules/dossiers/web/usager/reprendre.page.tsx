import type { VNode } from 'preact'
import { Actions, Button, Form, Notice, SummaryList, type SummaryRow } from '../../../../ui/index.ts'

export interface RepriseProps {
  readonly action: string
  readonly jeton: string
  readonly cle: string
  /** « 3 mars 2026 ». */
  readonly le: string
  readonly reponses: readonly SummaryRow[]
}

/** Asks before anything is taken from an earlier dossier, and shows what would be. */
export function Reprise({ action, jeton, cle, le, reponses }: RepriseProps): VNode {
  return (
    <Notice title={`Reprendre vos coordonnées de votre demande du ${le} ?`}>
      <SummaryList rows={reponses} />
      <Form action={action} jeton={jeton} cle={cle} label="Reprendre mes coordonnées">
        <p>Vous pourrez les changer. Sinon, remplissez la page ci-dessous.</p>
        <Actions>
          <Button tone="secondary">Reprendre ces réponses</Button>
        </Actions>
      </Form>
    </Notice>
  )
}

/** Begins another dossier with the answers of this one. */
export function Refaire({ action, jeton, cle }: { readonly action: string; readonly jeton: string; readonly cle: string }): VNode {
  return (
    <>
      <h2>Refaire une demande semblable</h2>
      <p>
        Vos réponses sont reprises dans une nouvelle demande, que vous vérifiez avant de l’envoyer. Les documents sont à joindre de nouveau.
      </p>
      <Form action={action} jeton={jeton} cle={cle} label="Refaire une demande semblable">
        <Button tone="secondary">Refaire une demande semblable</Button>
      </Form>
    </>
  )
}
