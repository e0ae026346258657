import type { VNode } from 'preact'
import { Actions, Button, type ButtonTone, ErrorSummary, type FieldError, Form, Notice, Textarea } from '../../../../ui/index.ts'

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
      }
    | undefined
  readonly motif: { readonly label: string; readonly hint: string; readonly optional: boolean; readonly value: string }
  readonly bouton: { readonly texte: string; readonly tone: ButtonTone }
}

/** The last look before an act that the person will be told: what the document says, the reason, one button. */
export function Confirmation({ action, retour, jeton, cle, version, erreurs, explication, document, motif, bouton }: DecisionProps): VNode {
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
          <p>
            <a href={document.href}>Voir le document (PDF)</a>
          </p>
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
        <Textarea name="motif" {...field} value={value} maximum={4000} error={erreurs.find(({ champ }) => champ === 'motif')?.message} />
        <Actions>
          <Button tone={bouton.tone}>{bouton.texte}</Button>
          <a href={retour}>Annuler</a>
        </Actions>
      </Form>
    </>
  )
}
