import type { VNode } from 'preact'
import {
  Actions,
  Button,
  Checkboxes,
  ErrorSummary,
  type FieldError,
  Fieldset,
  Form,
  Notice,
  Select,
  type SelectOption,
  Textarea,
  TextInput,
} from '../../../ui/index.ts'
import { conditions } from '../../demarches/index.ts'
import type { Compose } from '../composer.ts'
import { AGENT, type Bloc, bornes, typesDeBloc } from '../gabarit.ts'
import { Apercu, Geste, Insertion } from './modele-parts.page.tsx'
import type { Saisie } from './saisie.ts'

export interface PageDuModeleProps {
  readonly adresse: string
  readonly jeton: string
  readonly cle: () => string
  readonly version: number
  readonly saisie: Saisie
  readonly erreurs: readonly FieldError[]
  readonly fait: string | undefined
  readonly etat: { readonly phrase: string; readonly estRetire: boolean }
  readonly estMessage: boolean
  readonly estCourrier?: boolean | undefined
  /** The sentences of the conditions, block by block. */
  readonly phrases: readonly (string | undefined)[]
  /** What can be inserted, fifty a list. */
  readonly donnees: readonly (readonly SelectOption[])[]
  readonly cibles: readonly SelectOption[]
  readonly signataires: readonly SelectOption[]
  /** What the builder of conditions needs; undefined for a text of every démarche. */
  readonly condition: Pick<Parameters<typeof conditions.Condition>[0], 'sujets' | 'formulaire' | 'etat'> | undefined
  readonly apercu: Compose | undefined
}

/** A text, written: its blocks, what can be inserted, and how it will look. */
export function PageDuModele(props: PageDuModeleProps): VNode {
  const { adresse, jeton, cle, version, saisie, erreurs, fait, etat, estMessage, estCourrier, signataires, apercu } = props
  const errorOf = (name: string) => erreurs.find(({ champ }) => champ === name)?.message
  return (
    <>
      <ErrorSummary errors={erreurs} />
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <p>
        {etat.phrase} <a href={`${adresse}/versions`}>Versions enregistrées</a>
        {!estMessage && (
          <>
            {', '}
            <a href={`${adresse}/specimen`}>spécimen en PDF de la dernière</a>
          </>
        )}
        .
      </p>
      {apercu && <Apercu apercu={apercu} estMessage={estMessage} />}
      <Form action={adresse} jeton={jeton} cle={cle()}>
        <input type="hidden" name="version" value={version} />
        <input type="hidden" name="blocs" value={saisie.blocs.length} />
        {estMessage && (
          <TextInput
            name="sujet"
            label="Objet du courriel"
            hint="La référence du dossier est ajoutée."
            value={saisie.sujet}
            error={errorOf('sujet')}
          />
        )}
        <TextInput
          name="titre"
          label={estMessage ? 'Titre du message' : 'Titre du document'}
          value={saisie.titre}
          error={errorOf('titre')}
        />
        {/* Enter in a field presses the first button of the form: it must not be one that moves a block or takes it away. */}
        <Actions>
          <Button>Enregistrer</Button>
          <Button tone="secondary" formaction={`${adresse}/essai`} name="geste" value="voir">
            Voir le résultat
          </Button>
        </Actions>
        {saisie.blocs.map((bloc, rank) => (
          <BlocEcrit key={`${rank}`} {...props} bloc={bloc} rank={rank} error={errorOf(`b${rank}-texte`)} />
        ))}
        <Actions>
          {saisie.blocs.length < bornes.blocsOfferts && (
            <Geste adresse={adresse} geste="ajouter" tone="secondary">
              Ajouter un bloc
            </Geste>
          )}
        </Actions>
        {/* One thing at a time: the lists of data and those of a condition together would make the page too heavy. */}
        {saisie.ouvert === undefined && <Insertion {...props} />}
        {!estMessage && (
          <Select
            name="signataire"
            label="Qui signe"
            hint="Les signatures se préparent sur la page « Signatures »."
            options={signataires}
            value={saisie.signataire}
            vide={estCourrier ? 'L’agent qui écrit' : 'L’agent qui décide'}
            error={errorOf('signataire')}
          />
        )}
        {!estMessage && signataires.length > 0 && (
          <Checkboxes
            name="signataires"
            label="Qui d’autre peut signer"
            hint="L’agent choisit alors parmi ces personnes."
            options={[{ value: AGENT, label: estCourrier ? 'L’agent qui écrit' : 'L’agent qui décide' }, ...signataires]}
            values={saisie.signataires}
            optional
          />
        )}
        <Actions>
          <Button>Enregistrer cette version</Button>
        </Actions>
      </Form>
      <Retrait {...props} />
    </>
  )
}

type BlocProps = PageDuModeleProps & { readonly bloc: Bloc; readonly rank: number; readonly error: string | undefined }

function BlocEcrit({ adresse, estMessage, saisie, phrases, condition, bloc, rank, error }: BlocProps): VNode {
  const name = `bloc ${rank + 1}`
  const phrase = phrases[rank]
  return (
    <Fieldset legend={`Bloc ${rank + 1}`}>
      {!estMessage && (
        <Select
          name={`b${rank}-type`}
          label="Sorte"
          vide={false}
          value={bloc.type}
          options={Object.entries(typesDeBloc).map(([value, label]) => ({ value, label }))}
        />
      )}
      <Textarea name={`b${rank}-texte`} label="Texte" value={bloc.texte} rows={3} error={error} />
      {bloc.si && <input type="hidden" name={`b${rank}-si`} value={JSON.stringify(bloc.si)} />}
      {phrase && <p class="hint">{phrase}</p>}
      {condition && saisie.ouvert === rank && (
        <>
          <input type="hidden" name="ouvert" value={rank} />
          <conditions.Condition
            prefixe="c"
            label="Ce bloc est écrit"
            toujours="Toujours"
            si="Seulement si"
            {...condition}
            erreur={saisie.boites?.erreur}
          />
        </>
      )}
      <Actions>
        {condition && saisie.ouvert !== rank && (
          <Geste adresse={adresse} geste={`condition-${rank}`} label={`Condition du ${name}`}>
            Condition
          </Geste>
        )}
        {rank > 0 && (
          <Geste adresse={adresse} geste={`monter-${rank}`} label={`Monter le ${name}`}>
            Monter
          </Geste>
        )}
        {rank < saisie.blocs.length - 1 && (
          <Geste adresse={adresse} geste={`descendre-${rank}`} label={`Descendre le ${name}`}>
            Descendre
          </Geste>
        )}
        {saisie.blocs.length > 1 && (
          <Geste adresse={adresse} geste={`retirer-${rank}`} label={`Retirer le ${name}`}>
            Retirer
          </Geste>
        )}
      </Actions>
    </Fieldset>
  )
}

function Retrait({ adresse, jeton, cle, etat, estCourrier }: PageDuModeleProps): VNode {
  const retirer = estCourrier ? 'Ne plus proposer ce courrier' : 'Revenir au texte d’origine'
  return (
    <Form action={`${adresse}/${etat.estRetire ? 'retablissement' : 'retrait'}`} jeton={jeton} cle={cle()} label="Mise en service">
      <Actions>
        <Button tone="secondary">{etat.estRetire ? 'Remettre ce modèle en service' : retirer}</Button>
      </Actions>
    </Form>
  )
}
