import type { VNode } from 'preact'
import { Actions, Button, Form, KeyFigures, Notice, Table } from '../../../../ui/index.ts'

export interface EffacementsProps {
  readonly href: string
  readonly jeton: string
  readonly cle: string
  readonly fait: string | undefined
  readonly retenue: { readonly id: string; readonly nombre: number; readonly total: number; readonly depuis: string } | undefined
  readonly caches: number
  readonly geles: number
  readonly effaces: readonly { readonly mois: string; readonly cause: string; readonly nombre: number }[]
}

/** Erasures seen by an administrator: what waits for their word, and how many went. */
export function PageDesEffacements({ href, jeton, cle, fait, retenue, caches, geles, effaces }: EffacementsProps): VNode {
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      {retenue && (
        <Notice tone="attention" title="Un effacement attend votre accord">
          <p>{`${retenue.nombre} dossiers sur ${retenue.total} sont arrivés à la fin de leur durée, le ${retenue.depuis}. C’est beaucoup d’un coup : rien n’est effacé avant votre accord.`}</p>
          <p>
            Une durée a peut-être été raccourcie par erreur. Vérifiez les durées de vos démarches et la corbeille avant d’accepter : un
            effacement est définitif.
          </p>
          <Form action={`${href}/${retenue.id}/confirmation`} jeton={jeton} cle={cle}>
            <Actions>
              <Button tone="danger">{`Effacer ces ${retenue.nombre} dossiers`}</Button>
            </Actions>
          </Form>
        </Notice>
      )}
      <p>
        Chaque nuit, la personne est prévenue deux semaines avant la fin, le dossier passe à la corbeille, puis il est effacé deux semaines
        plus tard. Un dossier sans décision n’est jamais effacé.
      </p>
      <KeyFigures
        figures={[
          { libelle: 'À la corbeille', valeur: caches },
          { libelle: 'Effacements suspendus', valeur: geles },
        ]}
      />
      {effaces.length > 0 && (
        <Table
          caption="Dossiers effacés depuis un an"
          rows={effaces}
          rowKey={({ mois, cause }) => `${mois}${cause}`}
          columns={[
            { titre: 'Mois', cellule: ({ mois }) => mois },
            { titre: 'Pourquoi', cellule: ({ cause }) => cause },
            { titre: 'Nombre', cellule: ({ nombre }) => nombre, nombre: true },
          ]}
        />
      )}
    </>
  )
}
