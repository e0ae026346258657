import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  SummaryList,
  type SummaryRow,
  Textarea,
} from '../../../../ui/index.ts'

export interface ConservationProps {
  readonly href: string
  readonly jeton: string
  readonly cle: string
  readonly version: number
  readonly faits: readonly SummaryRow[]
  readonly erreurs: readonly FieldError[]
  readonly fait: string | undefined
  readonly peutAgir: boolean
  readonly estGele: boolean
  readonly motif: string
  /** Asked of an agent when the démarche hands its dossiers to the archives. */
  readonly archives: 'a-remettre' | 'remis' | undefined
}

/** What becomes of a dossier, until when, and what an agent can do about it. */
export function Conservation(props: ConservationProps): VNode {
  const { href, jeton, cle, version, faits, erreurs, fait, peutAgir, estGele } = props
  const cache = <input type="hidden" name="version" value={version} />
  return (
    <>
      <ErrorSummary errors={erreurs} />
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <SummaryList rows={faits} />
      {props.archives && (
        <>
          <h2>Archives</h2>
          <p>
            Cette démarche remet ses dossiers aux archives publiques. Enregistrez le dossier, remettez-le, puis confirmez : il ne sera pas
            effacé avant.
          </p>
          <p>
            <a href={`${href}/archives.zip`}>Enregistrer le dossier et ses fichiers (ZIP)</a>
          </p>
          {peutAgir && props.archives === 'a-remettre' && (
            <Form action={`${href}/remise`} jeton={jeton} cle={`${cle}-remise`} label="Archives">
              {cache}
              <Actions>
                <Button tone="secondary">Confirmer la remise aux archives</Button>
              </Actions>
            </Form>
          )}
        </>
      )}
      {peutAgir && (
        <>
          <h2>{estGele ? 'Laisser l’effacement reprendre' : 'Suspendre l’effacement'}</h2>
          <Form action={`${href}/suspension`} jeton={jeton} cle={cle} label="Suspendre l’effacement">
            {cache}
            {estGele ? (
              <input type="hidden" name="reprendre" value="oui" />
            ) : (
              <Textarea
                name="motif"
                label="Pourquoi"
                hint="Par exemple : recours au tribunal, enquête en cours. Le motif reste dans le dossier."
                value={props.motif}
                rows={2}
                maximum={500}
                error={erreurs.find(({ champ }) => champ === 'motif')?.message}
              />
            )}
            <Actions>
              <Button tone="secondary">{estGele ? 'Reprendre' : 'Suspendre'}</Button>
            </Actions>
          </Form>
        </>
      )}
    </>
  )
}
