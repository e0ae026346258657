import type { VNode } from 'preact'
import { Button, EmptyState, Form, Notice, Table } from '../../../../ui/index.ts'

export interface CorbeilleProps {
  readonly jeton: string
  readonly cle: string
  readonly fait: string | undefined
  readonly explication: string
  readonly dossiers: readonly {
    readonly id: string
    readonly href: string
    readonly nom: string
    readonly demarche: string
    readonly quand: string
    readonly pourquoi: string
  }[]
}

/** The dossiers out of the lists, each with the button that brings it back. */
export function Corbeille({ jeton, cle, fait, explication, dossiers }: CorbeilleProps): VNode {
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <p>{explication}</p>
      {dossiers.length === 0 ? (
        <EmptyState titre="La corbeille est vide" />
      ) : (
        <Table
          caption="Dossiers dans la corbeille"
          captionHidden
          rows={dossiers}
          rowKey={({ id }) => id}
          columns={[
            { titre: 'Dossier', cellule: ({ href, nom }) => <a href={href}>{nom}</a> },
            { titre: 'Démarche', cellule: ({ demarche }) => demarche },
            { titre: 'Depuis', cellule: ({ quand }) => quand },
            { titre: 'Pourquoi', cellule: ({ pourquoi }) => pourquoi },
            {
              titre: 'Restaurer',
              cellule: ({ id, href, nom }) => (
                <Form action={`${href}/restauration`} jeton={jeton} cle={`${cle}-${id.slice(-8)}`} label={nom}>
                  <Button tone="quiet">Restaurer</Button>
                </Form>
              ),
            },
          ]}
        />
      )}
    </>
  )
}
