import type { VNode } from 'preact'
import { Button, ButtonLink, ErrorSummary, Form, Notice, SummaryList, type SummaryRow, TextInput } from '../../../ui/index.ts'

export interface SaisieDuCodeProps {
  readonly action: string
  readonly jeton: string
  readonly code: string
  readonly erreur: string | undefined
}

/** Where the code of a paper is typed. */
export function SaisieDuCode({ action, jeton, code, erreur }: SaisieDuCodeProps): VNode {
  return (
    <>
      {erreur && <ErrorSummary errors={[{ champ: 'code', message: erreur }]} />}
      <p>Vous tenez un document émis par cette collectivité, et vous voulez savoir s’il est toujours valable.</p>
      <p>Son code est en bas du document, à côté du QR code. La réponse ne dit jamais de qui il s’agit.</p>
      <Form action={action} jeton={jeton} natif obligatoires>
        <TextInput
          name="code"
          label="Code du document"
          hint="24 lettres ou chiffres, par groupes de quatre. Majuscules, espaces et tirets ne comptent pas."
          value={code}
          width={30}
          spellcheck={false}
          autocomplete="off"
          error={erreur}
        />
        <Button>Vérifier</Button>
      </Form>
    </>
  )
}

export interface VerdictProps {
  readonly isValid: boolean
  /** The sentence of a document that no longer holds. */
  readonly phrase: string
  readonly faits: readonly SummaryRow[]
  readonly autre: string
}

/** Whether a document holds, and what it is; nothing of whom it is for. */
export function Verdict({ isValid, phrase, faits, autre }: VerdictProps): VNode {
  return (
    <>
      <Notice tone={isValid ? 'succes' : 'danger'} title={isValid ? 'Ce document est valable' : 'Ce document ne vaut plus'}>
        {phrase}
      </Notice>
      <SummaryList rows={faits} />
      <p>Comparez ces faits avec votre document : s’ils ne sont pas les mêmes, le papier a été modifié.</p>
      <ButtonLink href={autre} tone="secondary">
        Vérifier un autre document
      </ButtonLink>
    </>
  )
}

/** The one answer for what is unknown, ill-written or another collectivité's. */
export function DocumentInconnu({ autre }: { autre: string }): VNode {
  return (
    <>
      <p>
        Aucun document de cette collectivité ne porte ce code. Vérifiez chaque lettre sur le papier, ou appelez la collectivité qui l’a
        émis.
      </p>
      <ButtonLink href={autre} tone="secondary">
        Taper un autre code
      </ButtonLink>
    </>
  )
}
