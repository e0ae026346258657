import type { VNode } from 'preact'
import {
  Actions,
  Button,
  Checkboxes,
  Details,
  EmptyState,
  ErrorSummary,
  Form,
  Notice,
  Pagination,
  type PaginationProps,
} from '../../../ui/index.ts'

export interface PartageProps {
  readonly action: string
  /** How many communes are open. */
  readonly communes: number
  readonly modeles: readonly {
    readonly id: string
    readonly titre: string
    /** Who offers it: two templates may bear the same title. */
    readonly origine: string
    readonly version: number
    readonly aJour: readonly string[]
    readonly enRetard: readonly { readonly nom: string; readonly version: number }[]
  }[]
  readonly pagination: PaginationProps
  readonly jeton: string
  readonly cle: string
  readonly fait: boolean
  readonly erreur: string | undefined
}

/** The catalogue as the collectivité that carries it sees it: who uses what, and giving it to those who do not. */
export function PageDuPartage({ action, communes, modeles, pagination, jeton, cle, fait, erreur }: PartageProps): VNode {
  const used = modeles.filter(({ aJour, enRetard }) => aJour.length + enRetard.length > 0)
  return (
    <>
      {erreur && <ErrorSummary errors={[{ champ: 'modeles', message: erreur }]} />}
      {fait && (
        <Notice tone="succes" live>
          La diffusion est lancée. Rechargez cette page dans quelques secondes pour voir qui utilise quoi.
        </Notice>
      )}
      <Form action={action} jeton={jeton} cle={cle}>
        <Checkboxes
          name="modeles"
          label="Ajouter à toutes les communes"
          hint="Une commune qui a déjà la démarche garde la sienne. Les autres l’ont aussitôt, ouverte aux habitants."
          error={erreur}
          options={modeles.map(({ id, titre, origine, version, aJour, enRetard }) => ({
            value: id,
            label: titre,
            hint: `Proposé par ${origine}, version ${version}. ${usage(aJour.length + enRetard.length, communes)}${enRetard.length > 0 ? `, dont ${enRetard.length} avec une version plus ancienne` : ''}.`,
          }))}
        />
        <Actions>
          <Button>Diffuser</Button>
        </Actions>
      </Form>
      <Pagination {...pagination} />
      <h2>Qui utilise quelle version</h2>
      {used.length === 0 ? (
        <EmptyState titre="Aucun modèle n’est utilisé">Diffusez-en un, ou laissez chaque commune choisir dans son catalogue.</EmptyState>
      ) : (
        used.map(({ id, titre, version, aJour, enRetard }) => (
          <Details key={id} titre={titre}>
            {aJour.length > 0 && <p>{`Version ${version} : ${liste(aJour)}.`}</p>}
            {[...new Set(enRetard.map(user => user.version))].map(older => (
              <p key={older}>{`Version ${older} : ${liste(enRetard.filter(user => user.version === older).map(({ nom }) => nom))}.`}</p>
            ))}
          </Details>
        ))
      )}
    </>
  )
}

const usage = (n: number, total: number): string =>
  n === 0 ? 'Personne ne l’utilise' : `${n} utilisation${n > 1 ? 's' : ''} pour ${total} communes`

// The page stays light for three hundred communes: the others are counted.
function liste(noms: readonly string[]): string {
  const shown = noms.slice(0, 40)
  return noms.length > shown.length ? `${shown.join(', ')} et ${noms.length - shown.length} autres` : shown.join(', ')
}
