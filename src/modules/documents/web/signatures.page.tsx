import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Checkbox,
  EmptyState,
  ErrorSummary,
  type FieldError,
  FileInput,
  Form,
  Notice,
  Table,
  Tag,
  TextInput,
} from '../../../ui/index.ts'

/** Someone who signs, in the list. */
export interface LigneDeSignature {
  readonly id: string
  readonly nom: string
  readonly qualite: string
  readonly href: string
  readonly aUneImage: boolean
  readonly estRetiree: boolean
}

/** Who signs the documents of the collectivité. */
export function ListeDesSignatures({
  lignes,
  ajout,
  sceau,
  fait,
}: {
  lignes: readonly LigneDeSignature[]
  ajout: string
  sceau: string
  fait: string | undefined
}): VNode {
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <p>
        Sans signature choisie dans le modèle, le document porte le nom, la qualité et le service de l’agent qui décide. La loi n’en demande
        pas plus.
      </p>
      <p>{sceau}</p>
      {lignes.length === 0 ? (
        <EmptyState titre="Aucune signature pour l’instant">
          Ajoutez la personne qui signe, puis choisissez-la dans un modèle de document.
        </EmptyState>
      ) : (
        <Table
          caption="Personnes qui signent"
          rows={lignes}
          rowKey={({ id }) => id}
          columns={[
            { titre: 'Nom', cellule: ({ nom, href }) => <a href={href}>{nom}</a> },
            { titre: 'Qualité', cellule: ({ qualite }) => qualite },
            { titre: 'Image', cellule: ({ aUneImage }) => (aUneImage ? 'Oui' : 'Non') },
            {
              titre: 'État',
              cellule: ({ estRetiree }) => <Tag tone={estRetiree ? 'neutre' : 'succes'}>{estRetiree ? 'Retirée' : 'Utilisable'}</Tag>,
            },
          ]}
        />
      )}
      <Actions>
        <ButtonLink href={ajout}>Ajouter une signature</ButtonLink>
      </Actions>
    </>
  )
}

export interface PageDeSignatureProps {
  readonly action: string
  readonly retour: string
  readonly jeton: string
  readonly cle: () => string
  readonly saisie: { readonly nom: string; readonly qualite: string }
  readonly erreurs: readonly FieldError[]
  /** The signature that is changed; undefined when one is added. */
  readonly connue: { readonly version: number; readonly image: string | undefined; readonly estRetiree: boolean } | undefined
}

/** One signature: name, quality, image. */
export function PageDeSignature({ action, retour, jeton, cle, saisie, erreurs, connue }: PageDeSignatureProps): VNode {
  const errorOf = (name: string) => erreurs.find(({ champ }) => champ === name)?.message
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <Form action={action} jeton={jeton} cle={cle()} multipart>
        {connue && <input type="hidden" name="version" value={connue.version} />}
        <TextInput name="nom" label="Prénom et nom" value={saisie.nom} autocomplete="off" error={errorOf('nom')} />
        <TextInput
          name="qualite"
          label="Qualité"
          hint="Par exemple « Le maire », ou « Pour le maire, l’adjointe aux écoles »"
          value={saisie.qualite}
          error={errorOf('qualite')}
        />
        {connue?.image && (
          <>
            <p>
              <img src={`data:image/png;base64,${connue.image}`} alt={`Signature de ${saisie.nom}`} width={240} />
            </p>
            <Checkbox name="retirerImage" label="Retirer l’image" />
          </>
        )}
        <FileInput
          name="image"
          label={connue?.image ? 'Remplacer l’image' : 'Image de la signature'}
          hint="Facultatif. Une signature à l’encre noire ou bleue sur fond blanc, sans marge."
          formats="PNG ou JPEG"
          maximum="1 Mo"
          accept="image/png,image/jpeg"
          error={errorOf('image')}
        />
        <Actions>
          <Button>Enregistrer</Button>
          <a href={retour}>Annuler</a>
        </Actions>
      </Form>
      {connue && (
        <Form
          action={`${action}/${connue.estRetiree ? 'retablissement' : 'retrait'}`}
          jeton={jeton}
          cle={cle()}
          label="Usage de la signature"
        >
          <Actions>
            <Button tone="secondary">{connue.estRetiree ? 'Remettre cette signature en usage' : 'Ne plus utiliser cette signature'}</Button>
          </Actions>
        </Form>
      )}
    </>
  )
}
