import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ErrorSummary,
  type FieldError,
  Form,
  LinkList,
  Notice,
  Select,
  type SelectOption,
  Textarea,
  TextInput,
} from '../../../../ui/index.ts'
import { bornes, type Contenu } from '../../../documents/index.ts'

/** The texts to begin a letter from. */
export function ChoixDuTexte({ items }: { items: readonly { texte: string; href: string; description: string }[] }): VNode {
  return (
    <>
      <p>Choisissez un texte. Vous pourrez le changer avant de l’envoyer.</p>
      <LinkList items={items} />
    </>
  )
}

export interface EcrireUnCourrierProps {
  readonly action: string
  readonly retour: string
  readonly jeton: string
  readonly cle: string
  readonly version: number
  /** The text that it began from. */
  readonly texte: string
  readonly titre: string
  readonly blocs: Contenu['blocs']
  readonly signataires: readonly SelectOption[]
  readonly signataire: string | undefined
  readonly ecarte: readonly string[]
  readonly aUneAdresse: boolean
  readonly erreurs: readonly FieldError[]
}

const NOMS = { paragraphe: 'Paragraphe', titre: 'Titre', liste: 'Liste, un élément par ligne' } as const

/** A letter, paragraph by paragraph, seen as a PDF as often as wished before it leaves. */
export function EcrireUnCourrier(props: EcrireUnCourrierProps): VNode {
  const { action, retour, jeton, cle, version, texte, titre, blocs, signataires, signataire, ecarte, aUneAdresse, erreurs } = props
  const erreur = (champ: string) => erreurs.find(one => one.champ === champ)?.message
  const offered = blocs.length < bornes.blocs ? [...blocs, { type: 'paragraphe' as const, texte: '' }] : blocs
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <p>
        {aUneAdresse
          ? 'Le courrier est rangé dans le dossier. La personne est prévenue par courriel et le lit dans son suivi.'
          : 'Le courrier est rangé dans le dossier. La personne n’a pas d’adresse électronique : imprimez-le et postez-le.'}
      </p>
      {ecarte.length > 0 && (
        <Notice tone="attention" title="Ce texte ne peut pas servir ici">
          <ul>
            {ecarte.map(raison => (
              <li key={raison}>{raison}</li>
            ))}
          </ul>
        </Notice>
      )}
      {/* Sent by the browser: the preview is a file. */}
      <Form action={action} jeton={jeton} cle={cle} natif>
        <input type="hidden" name="version" value={version} />
        <input type="hidden" name="texte" value={texte} />
        <input type="hidden" name="blocs" value={offered.length} />
        <TextInput name="titre" label="Titre du courrier" value={titre} error={erreur('titre')} />
        {offered.map((bloc, rank) => (
          <div key={`${rank}`}>
            <input type="hidden" name={`b${rank}-type`} value={bloc.type} />
            <Textarea
              name={`b${rank}-texte`}
              label={`${NOMS[bloc.type]} (${rank + 1})`}
              hint={rank === 0 ? 'Une partie vidée n’est pas imprimée.' : undefined}
              value={bloc.texte}
              rows={bloc.type === 'titre' ? 1 : 4}
              maximum={bornes.texte}
              error={erreur(`b${rank}-texte`)}
            />
          </div>
        ))}
        {signataires.length > 1 && (
          <Select
            name="signataire"
            label="Qui signe"
            options={signataires}
            value={signataire ?? signataires[0]!.value}
            vide={false}
            error={erreur('signataire')}
          />
        )}
        {signataires.length === 1 && <p>{`Signé : ${signataires[0]!.label}.`}</p>}
        {/* Enter in the title presses the first button: it must not be the one that sends. */}
        <Actions>
          <Button tone="secondary" formaction={`${action}/essai`}>
            Voir le courrier (PDF)
          </Button>
          <Button>Envoyer le courrier</Button>
          <a href={retour}>Annuler</a>
        </Actions>
      </Form>
    </>
  )
}
