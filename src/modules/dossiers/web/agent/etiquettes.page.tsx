import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Checkbox,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  Radios,
  Select,
  type SelectOption,
  Table,
  Tag,
  TextInput,
  type Tone,
} from '../../../../ui/index.ts'

export const TONS: Readonly<Record<Tone, string>> = {
  neutre: 'Gris',
  info: 'Bleu',
  succes: 'Vert',
  attention: 'Orange',
  danger: 'Rouge',
}

export interface EtiquettesProps {
  readonly action: string
  readonly jeton: string
  readonly cle: string
  readonly fait: string | undefined
  readonly erreurs: readonly FieldError[]
  readonly etiquettes: readonly {
    readonly id: string
    readonly nom: string
    readonly ton: Tone
    readonly delai: string
    readonly estProposee: boolean
  }[]
  /** The one being changed; undefined: a new one. */
  readonly enCours: string | undefined
  readonly saisie: { readonly nom: string; readonly ton: string; readonly delai: string; readonly enJoursOuvres: boolean }
}

/** The labels of the collectivité, and the form that adds one or changes one. */
export function Etiquettes({ action, jeton, cle, fait, erreurs, etiquettes, enCours, saisie }: EtiquettesProps): VNode {
  const erreur = (champ: string) => erreurs.find(one => one.champ === champ)?.message
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <ErrorSummary errors={erreurs} />
      <p>Une étiquette se pose sur un dossier et se retire. Avec un délai, elle rappelle un jour ; elle ne change jamais la décision.</p>
      {etiquettes.length > 0 && (
        <Table
          caption="Les étiquettes"
          captionHidden
          rows={etiquettes}
          rowKey={({ id }) => id}
          columns={[
            { titre: 'Étiquette', cellule: ({ nom, ton }) => <Tag tone={ton}>{nom}</Tag> },
            { titre: 'Délai', cellule: ({ delai }) => delai },
            {
              titre: 'Changer',
              cellule: ({ id, nom, estProposee }) => (
                <Form
                  action={`${action}/${id}/${estProposee ? 'retrait' : 'retablissement'}`}
                  jeton={jeton}
                  cle={`${cle}-${id.slice(-8)}`}
                  label={nom}
                >
                  <a href={`${action}?etiquette=${id}#etiquette`} aria-label={`Modifier : ${nom}`}>
                    Modifier
                  </a>{' '}
                  <Button tone="quiet">{estProposee ? 'Ne plus proposer' : 'Proposer de nouveau'}</Button>
                </Form>
              ),
            },
          ]}
        />
      )}
      <h2 id="etiquette">{enCours ? 'Modifier l’étiquette' : 'Ajouter une étiquette'}</h2>
      <Form action={action} jeton={jeton} cle={cle}>
        {enCours && <input type="hidden" name="etiquette" value={enCours} />}
        <TextInput
          name="nom"
          label="Nom"
          hint="Par exemple : visite à faire."
          value={saisie.nom}
          width={30}
          autocomplete="off"
          error={erreur('nom')}
        />
        <Radios
          name="ton"
          label="Couleur"
          options={Object.entries(TONS).map(([value, label]) => ({ value, label }))}
          value={saisie.ton}
          inline
        />
        <TextInput
          name="delai"
          label="Délai"
          hint="En jours, à compter du jour où elle est posée."
          suffix="jours"
          inputmode="numeric"
          width={4}
          value={saisie.delai}
          optional
          error={erreur('delai')}
        />
        <Checkbox
          name="ouvres"
          label="En jours ouvrés"
          hint="Sans les samedis, les dimanches ni les jours fériés du département."
          checked={saisie.enJoursOuvres}
        />
        <Actions>
          <Button>{enCours ? 'Enregistrer' : 'Ajouter l’étiquette'}</Button>
          {enCours && (
            <ButtonLink href={action} tone="secondary">
              Annuler
            </ButtonLink>
          )}
        </Actions>
      </Form>
    </>
  )
}

export interface EtiquetteVue {
  readonly id: string
  readonly nom: string
  readonly ton: Tone
  readonly echeance: string | undefined
}

/** The labels of one dossier: each with its due day and the button that takes it off, and those that may be put. */
export function EtiquettesDuDossier(props: {
  etiquettes: readonly EtiquetteVue[]
  possibles: readonly SelectOption[]
  peutEtiqueter: boolean
  href: string
  jeton: string
  cle: string
  version: number
}): VNode | null {
  const { etiquettes, possibles, peutEtiqueter, href, jeton, cle, version } = props
  if (etiquettes.length === 0 && (possibles.length === 0 || !peutEtiqueter)) return null
  return (
    <section>
      <h2 id="etiquettes">Étiquettes</h2>
      {etiquettes.map(({ id, nom, ton, echeance }, rang) =>
        peutEtiqueter ? (
          <Form key={id} action={`${href}/etiquettes/${id}/retrait`} jeton={jeton} cle={`${cle}-e${rang}`} label={nom}>
            <Tag tone={ton}>{nom}</Tag> {echeance}
            <input type="hidden" name="version" value={version} /> <Button tone="quiet">Retirer</Button>
          </Form>
        ) : (
          <p key={id}>
            <Tag tone={ton}>{nom}</Tag> {echeance}
          </p>
        ),
      )}
      {peutEtiqueter && possibles.length > 0 && (
        <Form action={`${href}/etiquettes`} jeton={jeton} cle={`${cle}-e`}>
          <input type="hidden" name="version" value={version} />
          <Select name="etiquette" label="Poser une étiquette" options={possibles} />
          <Actions>
            <Button tone="secondary">Poser</Button>
          </Actions>
        </Form>
      )}
    </section>
  )
}
