import type { VNode } from 'preact'
import {
  Actions,
  Button,
  type ButtonTone,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  Select,
  type SelectOption,
  Textarea,
} from '../../../../ui/index.ts'

export interface DecisionProps {
  readonly action: string
  readonly retour: string
  readonly jeton: string
  readonly cle: string
  readonly version: number
  readonly erreurs: readonly FieldError[]
  readonly explication: string
  /** The words of the document that will be issued, and where it is seen whole; undefined when none will. */
  readonly document:
    | {
        readonly titre: string
        readonly paragraphes: readonly string[]
        readonly href: string
        /** Why the collectivité's own text cannot serve. */
        readonly ecarte: readonly string[]
        /** Who may sign, who does by default first. */
        readonly signataires: readonly SelectOption[]
      }
    | undefined
  /** Who was chosen to sign; empty for who does by default. */
  readonly signataire?: string | undefined
  readonly motif: { readonly label: string; readonly hint: string; readonly optional: boolean; readonly value: string }
  readonly bouton: { readonly texte: string; readonly tone: ButtonTone }
}

/** The last look before an act that the person will be told: what the document says, the reason, one button. */
export function Confirmation({
  action,
  retour,
  jeton,
  cle,
  version,
  erreurs,
  explication,
  document,
  signataire,
  motif,
  bouton,
}: DecisionProps): VNode {
  const { value, ...field } = motif
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <p>{explication}</p>
      {document && (
        <Notice tone="neutre" title={`Le document dira : ${document.titre}`}>
          {document.paragraphes.map(paragraphe => (
            <p key={paragraphe}>{paragraphe}</p>
          ))}
          <SignatureEtApercu {...document} />
        </Notice>
      )}
      {document && document.ecarte.length > 0 && (
        <Notice tone="attention" title="Le modèle de votre collectivité ne peut pas servir ici">
          <p>Le texte d’origine le remplace. Dites-le à la personne qui s’occupe des modèles de documents.</p>
          <ul>
            {document.ecarte.map(raison => (
              <li key={raison}>{raison}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Form action={action} jeton={jeton} cle={cle}>
        <input type="hidden" name="version" value={version} />
        {document && document.signataires.length > 1 && (
          <Select
            name="signataire"
            label="Qui signe"
            options={document.signataires}
            value={signataire || document.signataires[0]!.value}
            vide={false}
            error={erreurs.find(({ champ }) => champ === 'signataire')?.message}
          />
        )}
        <Textarea name="motif" {...field} value={value} maximum={4000} error={erreurs.find(({ champ }) => champ === 'motif')?.message} />
        <Actions>
          <Button tone={bouton.tone}>{bouton.texte}</Button>
          <a href={retour}>Annuler</a>
        </Actions>
      </Form>
    </>
  )
}

/** Who signs, and the whole document to see: with each of those who may, without losing what is typed. */
function SignatureEtApercu({ signataires, href }: { signataires: readonly SelectOption[]; href: string }): VNode {
  if (signataires.length < 2)
    return (
      <p>
        {`Signé : ${signataires[0]!.label}. `}
        <a href={href}>Voir le document (PDF)</a>
      </p>
    )
  return (
    <>
      <p>Voir le document (PDF) avec la signature de :</p>
      <ul>
        {signataires.map(({ value, label }) => (
          <li key={value}>
            <a href={`${href}?signataire=${value}`}>{label}</a>
          </li>
        ))}
      </ul>
    </>
  )
}
