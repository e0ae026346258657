import type { VNode } from 'preact'
import { Actions, Button, Checkbox, Details, ErrorSummary, type FieldError, Form, Notice, Radios, TextInput } from '../../../../ui/index.ts'

export interface VueListee {
  readonly id: string
  readonly nom: string
  readonly href: string
  readonly estPartagee: boolean
  readonly estAMoi: boolean
  readonly estParDefaut: boolean
}

export interface VuesProps {
  readonly action: string
  readonly jeton: string
  /** A key for each form. */
  readonly cle: () => string
  /** The list to keep, as an address. */
  readonly choix: string
  readonly nom: string
  /** A new name that was refused. */
  readonly renommee: { readonly id: string; readonly nom: string } | undefined
  readonly estPartagee: boolean
  readonly estParDefaut: boolean
  readonly erreurs: readonly FieldError[]
  readonly fait: string | undefined
  /** Just deleted: it can be taken back. */
  readonly supprimee: { readonly id: string; readonly nom: string } | undefined
  readonly vues: readonly VueListee[]
}

/** Keeping the list that one looks at, and the views kept. */
export function Vues(props: VuesProps): VNode {
  const { action, jeton, cle, choix, nom, estPartagee, estParDefaut, erreurs, fait, supprimee, renommee } = props
  return (
    <>
      <ErrorSummary errors={erreurs} />
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      {supprimee && (
        <Form action={`${action}/${supprimee.id}/retablissement`} jeton={jeton} cle={cle()} label="Annuler la suppression">
          <Notice live>La vue « {supprimee.nom} » est supprimée.</Notice>
          <Actions>
            <Button tone="secondary">Annuler la suppression</Button>
          </Actions>
        </Form>
      )}
      <h2>Enregistrer la liste</h2>
      <Form action={action} jeton={jeton} cle={cle()} label="Enregistrer la liste">
        <input type="hidden" name="choix" value={choix} />
        <TextInput
          name="nom"
          label="Nom de la vue"
          hint="Ses filtres, son ordre et ses colonnes sont gardés. Le nom d’une de vos vues la remplace."
          value={nom}
          autocomplete="off"
          width={40}
          error={renommee ? undefined : erreurs.find(({ champ }) => champ === 'nom')?.message}
        />
        <Checkbox name="partagee" label="La partager avec les agents de la collectivité" checked={estPartagee} />
        <Checkbox name="defaut" label="Ouvrir ma liste sur cette vue" checked={estParDefaut} />
        <Actions>
          <Button>Enregistrer la vue</Button>
        </Actions>
      </Form>
      <Gardees {...props} />
    </>
  )
}

function Gardees({ action, jeton, cle, vues, renommee, erreurs }: VuesProps): VNode | null {
  if (vues.length === 0) return null
  const options = [{ value: '', label: 'Ce qui est à traiter' }, ...vues.map(({ id, nom }) => ({ value: id, label: nom }))]
  return (
    <>
      <h2>Les vues gardées</h2>
      <ul>
        {vues.map(({ id, nom, href, estPartagee, estAMoi }) => (
          <li key={id}>
            <a href={href}>{nom}</a>
            {estPartagee && (estAMoi ? ', partagée' : ', partagée par un autre agent')}
            {estAMoi && (
              <Details titre="Renommer ou supprimer" open={renommee?.id === id}>
                <Form action={`${action}/${id}/nom`} jeton={jeton} cle={cle()} label={`Renommer ${nom}`}>
                  <TextInput
                    name={`nom-${id}`}
                    label="Nouveau nom"
                    value={renommee?.id === id ? renommee.nom : nom}
                    autocomplete="off"
                    width={40}
                    error={renommee?.id === id ? erreurs[0]?.message : undefined}
                  />
                  <Actions>
                    <Button tone="secondary" label={`Renommer la vue ${nom}`}>
                      Renommer
                    </Button>
                    <Button tone="quiet" formaction={`${action}/${id}/suppression`} label={`Supprimer la vue ${nom}`}>
                      Supprimer
                    </Button>
                  </Actions>
                </Form>
              </Details>
            )}
          </li>
        ))}
      </ul>
      <Form action={`${action}/par-defaut`} jeton={jeton} cle={cle()} label="Sur quoi s’ouvre ma liste">
        <Radios name="vue" label="Ma liste s’ouvre sur" options={options} value={vues.find(({ estParDefaut }) => estParDefaut)?.id ?? ''} />
        <Actions>
          <Button tone="secondary">Ouvrir ainsi</Button>
        </Actions>
      </Form>
    </>
  )
}
