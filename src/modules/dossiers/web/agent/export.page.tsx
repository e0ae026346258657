import type { VNode } from 'preact'
import {
  Actions,
  Button,
  Checkbox,
  Checkboxes,
  Details,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  Radios,
  type SelectOption,
  TextInput,
} from '../../../../ui/index.ts'

export interface ExportProps {
  readonly action: string
  readonly jeton: string
  /** A key for each form. */
  readonly cle: () => string
  readonly erreurs: readonly FieldError[]
  readonly fait: string | undefined
  /** « 120 dossiers », and what of: the conditions of the list. */
  readonly nombre: string
  readonly conditions: readonly string[]
  /** Whether it will be made by a job. */
  readonly estLong: boolean
  /** The list, as an address. */
  readonly choix: string
  readonly aUneDemarche: boolean
  readonly formats: readonly { readonly value: string; readonly label: string; readonly hint: string }[]
  readonly format: string
  readonly groupes: readonly { readonly titre: string; readonly hint: string | undefined; readonly options: readonly SelectOption[] }[]
  readonly colonnes: readonly string[]
  readonly aDesRepetitions: boolean
  readonly repetitions: string
  readonly nom: string
  readonly estPartage: boolean
  readonly modeles: readonly {
    readonly id: string
    readonly nom: string
    readonly href: string
    readonly estAMoi: boolean
    readonly estPartage: boolean
  }[]
}

/** What to take out of a list: the columns, the format; and the exports that one keeps. */
export function Export(props: ExportProps): VNode {
  const { action, jeton, cle, erreurs, fait, nombre, conditions, choix, modeles } = props
  const erreur = (champ: string) => erreurs.find(one => one.champ === champ)?.message
  return (
    <>
      <ErrorSummary errors={erreurs} />
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <p>
        {nombre}
        {conditions.length > 0 && ` : ${conditions.join(' ; ')}`}.
      </p>
      <Modeles modeles={modeles} action={action} jeton={jeton} cle={cle} />
      <Form action={action} jeton={jeton} cle={cle()} label="Exporter">
        <input type="hidden" name="choix" value={choix} />
        <Radios name="format" label="Format" options={props.formats} value={props.format} error={erreur('format')} />
        <Colonnes {...props} erreur={erreur('col')} />
        {props.estLong && <p>Cet export est long : il est préparé à part, et un courriel vous prévient quand il est prêt.</p>}
        <p class="hint">L’export est inscrit au journal, et dans les lectures que chaque personne voit de son dossier.</p>
        <Actions>
          <Button>Exporter</Button>
        </Actions>
        <Details titre="Garder ces choix pour une autre fois" open={erreur('nom') !== undefined || props.nom !== ''}>
          <TextInput
            name="nom"
            label="Nom du modèle"
            hint="La liste, les colonnes et le format sont gardés. Le nom d’un de vos modèles le remplace."
            value={props.nom}
            autocomplete="off"
            width={40}
            optional
            error={erreur('nom')}
          />
          <Checkbox name="partage" label="Le proposer aussi à mes collègues" checked={props.estPartage} />
          <Actions>
            <Button tone="secondary" name="faire" value="garder">
              Enregistrer le modèle
            </Button>
          </Actions>
        </Details>
      </Form>
    </>
  )
}

function Colonnes({
  groupes,
  colonnes,
  aDesRepetitions,
  repetitions,
  aUneDemarche,
  erreur,
}: ExportProps & { erreur: string | undefined }): VNode {
  return (
    <>
      {groupes.map(({ titre, hint, options }, rang) => (
        <Checkboxes
          key={titre}
          name={rang === 0 ? 'col' : `col-${rang}`}
          label={titre}
          hint={hint}
          options={[...options]}
          values={colonnes}
          error={rang === 0 ? erreur : undefined}
        />
      ))}
      {!aUneDemarche && <p>Pour exporter aussi les réponses, choisissez d’abord une démarche dans les filtres de la liste.</p>}
      {aDesRepetitions && (
        <Radios
          name="repetitions"
          label="Les questions posées plusieurs fois"
          hint="Par exemple pour chaque enfant."
          options={[
            { value: 'jointes', label: 'Toutes les réponses dans la même case' },
            { value: 'feuilles', label: 'Une ligne par réponse, dans une feuille à part', hint: 'Pour un classeur XLSX ou ODS seulement.' },
          ]}
          value={repetitions}
        />
      )}
    </>
  )
}

function Modeles({ modeles, action, jeton, cle }: Pick<ExportProps, 'modeles' | 'action' | 'jeton' | 'cle'>): VNode | null {
  if (modeles.length === 0) return null
  return (
    <section>
      <h2>Modèles</h2>
      <ul class="links">
        {modeles.map(({ id, nom, href, estAMoi, estPartage }) => (
          <li key={id}>
            <a href={href}>{nom}</a>
            {estPartage && (estAMoi ? ' (partagé)' : ' (partagé par un collègue)')}
            {estAMoi && (
              <Form action={`${action}/modeles/${id}/suppression`} jeton={jeton} cle={cle()} label={`Supprimer le modèle ${nom}`}>
                <Button tone="quiet" label={`Supprimer le modèle « ${nom} »`}>
                  Supprimer
                </Button>
              </Form>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
