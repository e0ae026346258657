import type { VNode } from 'preact'
import { Actions, Button, ButtonLink, Form, Notice } from '../../../../ui/index.ts'
import { Recapitulatif, type RecapitulatifProps } from '../../../formulaires/index.ts'
import type { Refuse } from '../../preremplir.ts'

export interface PreRempliProps {
  readonly action: string
  readonly jeton: string
  readonly cle: string
  readonly source: string
  /** « 3 avril 2026 ». */
  readonly jusquAu: string
  readonly sections: RecapitulatifProps['sections']
  readonly refuses: readonly Refuse[]
  /** The form, without these answers. */
  readonly sans: string
}

/** What someone prepared for the person who opens the link: all of it, and from whom, before anything begins. */
export function PreRempli({ action, jeton, cle, source, jusquAu, sections, refuses, sans }: PreRempliProps): VNode {
  const isEmpty = sections.length === 0
  return (
    <>
      {!isEmpty && (
        <p>{`Des réponses sont préparées pour vous, indiquées par ${source}. Vérifiez-les : vous pourrez toutes les changer.`}</p>
      )}
      <Refuses refuses={refuses} />
      <Recapitulatif sections={sections} />
      {isEmpty ? (
        <Actions>
          <ButtonLink href={sans}>Commencer sans ces réponses</ButtonLink>
        </Actions>
      ) : (
        <Form action={action} jeton={jeton} cle={cle}>
          <p>{`Rien n’est enregistré ni envoyé pour l’instant. Ce lien s’ouvre jusqu’au ${jusquAu}.`}</p>
          <Actions>
            <Button>Commencer avec ces réponses</Button>
            <ButtonLink href={sans} tone="secondary">
              Commencer sans ces réponses
            </ButtonLink>
          </Actions>
        </Form>
      )}
    </>
  )
}

function Refuses({ refuses }: { readonly refuses: readonly Refuse[] }): VNode | null {
  if (refuses.length === 0) return null
  return (
    <Notice tone="attention" title="Le formulaire n’accepte plus ces réponses">
      <ul>
        {refuses.map(({ champ, libelle, message }) => (
          <li key={champ}>{`${libelle} : ${message}`}</li>
        ))}
      </ul>
    </Notice>
  )
}

/** A link that opens nothing any more: why, and the form without it. */
export function LienPerime({ phrase, sans }: { readonly phrase: string; readonly sans: string }): VNode {
  return (
    <>
      <p>{phrase}</p>
      <Actions>
        <ButtonLink href={sans}>Commencer la demande</ButtonLink>
      </Actions>
    </>
  )
}
