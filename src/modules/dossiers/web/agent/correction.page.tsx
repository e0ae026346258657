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
  type Option,
  Radios,
  Textarea,
} from '../../../../ui/index.ts'

export interface CorrectionProps {
  readonly action: string
  readonly retour: string
  readonly jeton: string
  readonly cle: string
  readonly version: number
  readonly erreurs: readonly FieldError[]
  readonly champs: readonly Option[]
  readonly motifs: readonly Option[]
  readonly saisie: {
    readonly champs: readonly string[]
    readonly motif: string
    readonly message: string
    readonly echeance: DateParts | string
  }
}

/** What must be corrected, why, and before when. */
export function DemandeDeCorrection({ action, retour, jeton, cle, version, erreurs, champs, motifs, saisie }: CorrectionProps): VNode {
  const erreur = (name: string) => erreurs.find(({ champ }) => champ === name)?.message
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <p>La personne reçoit un courriel et corrige en ligne. Le délai du silence s’arrête jusqu’à sa réponse.</p>
      <Form action={action} jeton={jeton} cle={cle}>
        <input type="hidden" name="version" value={version} />
        <Checkboxes name="champs" label="Réponses à corriger" options={champs} values={saisie.champs} error={erreur('champs')} />
        <Radios name="motif" label="Pourquoi" options={motifs} value={saisie.motif} />
        <Textarea
          name="message"
          label="Ce que la personne doit faire"
          hint="Dites simplement ce qui manque et où le trouver."
          value={saisie.message}
          maximum={4000}
          error={erreur('message')}
        />
        <DateInput name="echeance" label="Dernier jour pour répondre" value={saisie.echeance} error={erreur('echeance')} />
        <Actions>
          <Button>Envoyer la demande</Button>
          <a href={retour}>Annuler</a>
        </Actions>
      </Form>
    </>
  )
}
