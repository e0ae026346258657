import type { VNode } from 'preact'
import { Actions, Button, type Contenu, Form, Select, type SelectOption } from '../../../../ui/index.ts'

/** What may be done to several dossiers of a list; undefined for who may do nothing. */
export interface ChoixDeLot {
  readonly action: string
  readonly jeton: string
  readonly cle: string
  /** The list, as its address and as what it asks. */
  readonly liste: string
  readonly choix: string
  readonly actes: readonly SelectOption[]
  /** Every box of the page is ticked. */
  readonly coches: boolean
  readonly cocherHref: string
  /** All that the search gives, when it is more than the page and not too many. */
  readonly tous: string | undefined
}

/** A list whose lines have a box, and what to do with those ticked. Nothing is done before a page that says what will be. */
export function ChoisirPlusieurs({ lot, children }: { readonly lot: ChoixDeLot; readonly children: Contenu }): VNode {
  const { action, jeton, cle, liste, choix, actes, coches, cocherHref, tous } = lot
  return (
    <Form action={action} jeton={jeton} cle={cle} label="Plusieurs dossiers">
      <input type="hidden" name="liste" value={liste} />
      <input type="hidden" name="choix" value={choix} />
      {children}
      <Select
        name="acte"
        label="Pour les dossiers cochés"
        hint={
          <>
            <a href={cocherHref}>{coches ? 'Tout décocher' : 'Cocher toute la page'}</a>. Rien n’est fait avant une page qui dit ce qui le
            sera.
          </>
        }
        options={actes}
        vide="Choisir quoi faire"
      />
      <Actions>
        <Button tone="secondary">Continuer</Button>
        {tous && (
          <Button tone="secondary" name="tous" value="oui">
            {tous}
          </Button>
        )}
        <a href={action}>Vos travaux en lot</a>
      </Actions>
    </Form>
  )
}

/** The box of a line. */
export const Case = ({
  id,
  version,
  nom,
  coche,
}: {
  readonly id: string
  readonly version: number
  readonly nom: string
  readonly coche: boolean
}): VNode => <input type="checkbox" name="d" value={`${id}.${version}`} checked={coche} aria-label={`Choisir ${nom}`} />
