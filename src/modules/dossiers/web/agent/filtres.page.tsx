import type { VNode } from 'preact'
import {
  Actions,
  Button,
  Checkboxes,
  DateInput,
  type DateParts,
  ErrorSummary,
  type FieldError,
  Form,
  Select,
  type SelectOption,
  TextInput,
} from '../../../../ui/index.ts'

/** A question of the démarche, filtered by. */
export interface ChampFiltre {
  readonly id: string
  readonly libelle: string
  readonly filtrage: 'choix' | 'dates' | 'nombres' | 'mots'
  readonly options: readonly SelectOption[]
  readonly valeur: string
  readonly mots: string
  readonly de: DateParts | string
  readonly a: DateParts | string
}

export interface FiltresProps {
  readonly action: string
  readonly erreurs: readonly FieldError[]
  readonly choix: Readonly<Record<'q' | 'etat' | 'faire' | 'demarche' | 'service' | 'qui' | 'etiquette' | 'canal' | 'tri', string>>
  readonly du: DateParts | string
  readonly au: DateParts | string
  readonly etats: readonly SelectOption[]
  readonly faire: readonly SelectOption[]
  readonly demarches: readonly SelectOption[]
  readonly services: readonly SelectOption[]
  readonly quis: readonly SelectOption[]
  readonly etiquettes: readonly SelectOption[]
  readonly canaux: readonly SelectOption[]
  readonly tris: readonly SelectOption[]
  readonly champs: readonly ChampFiltre[]
  /** Questions that may be added as a filter; none without a démarche. */
  readonly autres: readonly SelectOption[]
  readonly colonnes: readonly SelectOption[]
  readonly autresColonnes: readonly SelectOption[]
}

/** Everything by which the list of dossiers can be filtered, sent by GET. Questions are those of one démarche: it is chosen first, then they are added one by one. */
export function Filtres(props: FiltresProps): VNode {
  const { action, erreurs, choix, etats, faire, services, quis, etiquettes, canaux, tris } = props
  const error = (champ: string) => erreurs.find(one => one.champ === champ)?.message
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <Form action={action} method="get" label="Filtres et colonnes">
        <TextInput
          name="q"
          label="Nom, référence ou mot du dossier"
          value={choix.q}
          type="search"
          autocomplete="off"
          spellcheck={false}
          width={40}
        />
        <Select name="etat" label="État" options={etats} value={choix.etat} vide="À traiter" />
        <Select name="faire" label="À faire" options={faire} value={choix.faire} vide="Tout" />
        <Select name="service" label="Service" options={services} value={choix.service} vide="Tous" />
        <Select name="qui" label="En charge" options={quis} value={choix.qui} vide="Tous" />
        {etiquettes.length > 0 && <Select name="etiquette" label="Étiquette" options={etiquettes} value={choix.etiquette} vide="Toutes" />}
        <Select name="canal" label="Déposé" options={canaux} value={choix.canal} vide="Par tous les canaux" />
        <DateInput name="du" label="Reçu depuis le" value={props.du} error={error('du')} />
        <DateInput name="au" label="Reçu jusqu’au" value={props.au} error={error('au')} />
        <Select name="tri" label="Trier par" options={tris} value={choix.tri} vide={false} />
        <Demarche {...props} />
        <Actions>
          <Button>Afficher les dossiers</Button>
        </Actions>
      </Form>
    </>
  )
}

function Demarche({ action, erreurs, choix, demarches, champs, autres, colonnes, autresColonnes }: FiltresProps): VNode {
  return (
    <>
      <h2>Une démarche et ses questions</h2>
      <Select
        name="demarche"
        label="Démarche"
        hint="Ses questions se choisissent ensuite, comme filtres et comme colonnes."
        options={demarches}
        value={choix.demarche}
        vide="Toutes"
      />
      {champs.map(champ => (
        <Question key={champ.id} {...champ} erreurs={erreurs} />
      ))}
      {autres.length > 0 && <Select name="ajouter" label="Filtrer par une réponse" options={autres} vide="Choisir une question" />}
      {colonnes.length > 0 && (
        <Checkboxes name="col" label="Colonnes montrées" options={[...colonnes]} values={colonnes.map(({ value }) => value)} />
      )}
      {autresColonnes.length > 0 && (
        <Select name="ajouter-col" label="Montrer une réponse en colonne" options={autresColonnes} vide="Choisir une question" />
      )}
      <Actions>
        <Button tone="secondary" formaction={`${action}/filtres`}>
          Ajouter ce choix
        </Button>
      </Actions>
    </>
  )
}

function Question({ id, libelle, filtrage, options, valeur, mots, de, a, erreurs }: ChampFiltre & Pick<FiltresProps, 'erreurs'>): VNode {
  const name = (part: string) => `c-${id}-${part}`
  const error = (part: string) => erreurs.find(({ champ }) => champ === name(part))?.message
  if (filtrage === 'choix')
    return <Select name={name('valeur')} label={libelle} options={options} value={valeur} vide="Toutes les réponses" />
  if (filtrage === 'mots')
    return <TextInput name={name('mots')} label={libelle} hint="Des mots, ou leur début." value={mots} autocomplete="off" width={30} />
  if (filtrage === 'dates')
    return (
      <>
        <DateInput name={name('de')} label={`${libelle} : à partir du`} value={de} error={error('de')} />
        <DateInput name={name('a')} label={`${libelle} : jusqu’au`} value={a} error={error('a')} />
      </>
    )
  return (
    <>
      <TextInput
        name={name('de')}
        label={`${libelle} : à partir de`}
        value={String(de)}
        inputmode="decimal"
        autocomplete="off"
        width={12}
        error={error('de')}
      />
      <TextInput
        name={name('a')}
        label={`${libelle} : jusqu’à`}
        value={String(a)}
        inputmode="decimal"
        autocomplete="off"
        width={12}
        error={error('a')}
      />
    </>
  )
}
