import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Checkbox,
  Checkboxes,
  DateInput,
  type DateParts,
  ErrorSummary,
  type FieldError,
  Form,
  type Option,
  Radios,
  Select,
  type SelectOption,
  Textarea,
  TextInput,
} from '../../../../ui/index.ts'

export interface DemandeDAvisProps {
  readonly action: string
  readonly retour: string
  readonly jeton: string
  readonly cle: string
  readonly version: number
  readonly erreurs: readonly FieldError[]
  readonly etapes: readonly Option[]
  readonly pieces: readonly Option[]
  readonly saisie: {
    readonly nom: string
    readonly courriel: string
    readonly question: string
    readonly nature: string
    readonly etapes: readonly string[]
    readonly pieces: readonly string[]
    readonly estConfidentielle: boolean
    readonly echeance: DateParts | string
    /** Days before the deadline; empty for no reminder. */
    readonly rappel: string
  }
}

const NATURES: readonly Option[] = [
  { value: 'oui_non', label: 'Oui ou non', hint: 'Avec une explication, si la personne le souhaite.' },
  { value: 'libre', label: 'Une réponse écrite' },
]

/** When a reminder leaves by itself, in days before the deadline. */
export const RAPPELS: readonly SelectOption[] = [
  { value: '1', label: 'La veille' },
  { value: '3', label: 'Trois jours avant' },
  { value: '7', label: 'Une semaine avant' },
]

/** Asks someone who has only a link: the question, and what they may see. */
export function DemandeDAvis({ action, retour, jeton, cle, version, erreurs, etapes, pieces, saisie }: DemandeDAvisProps): VNode {
  const erreur = (champ: string) => erreurs.find(one => one.champ === champ)?.message
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <p>La personne reçoit un lien par courriel. Elle ne voit que ce que vous cochez ici, jamais les messages ni les annotations.</p>
      <Form action={action} jeton={jeton} cle={cle} obligatoires>
        <input type="hidden" name="version" value={version} />
        <TextInput
          name="expert_nom"
          label="La personne ou le service consulté"
          value={saisie.nom}
          autocomplete="off"
          width={40}
          error={erreur('expert_nom')}
        />
        <TextInput
          name="expert_courriel"
          type="email"
          label="Son adresse électronique"
          value={saisie.courriel}
          autocomplete="off"
          spellcheck={false}
          width={40}
          error={erreur('expert_courriel')}
        />
        <Textarea name="question" label="Votre question" value={saisie.question} rows={4} maximum={2000} error={erreur('question')} />
        <Radios name="nature" label="Réponse attendue" options={NATURES} value={saisie.nature} />
        <Checkboxes
          name="etapes"
          label="Les réponses à lui montrer"
          hint="Ne montrez que ce qui l’aide à répondre."
          options={etapes}
          values={saisie.etapes}
          optional
        />
        {pieces.length > 0 && (
          <Checkboxes name="pieces" label="Les documents à lui montrer" options={pieces} values={saisie.pieces} optional />
        )}
        <DateInput name="echeance" label="Réponse attendue avant le" value={saisie.echeance} error={erreur('echeance')} />
        <Select
          name="rappel"
          label="Rappel automatique"
          hint="Un seul courriel, si l’avis n’est pas rendu."
          options={RAPPELS}
          value={saisie.rappel}
          vide="Aucun"
        />
        <Checkbox
          name="confidentielle"
          label="Garder cet avis pour les agents"
          hint="Sinon, la personne qui a fait la demande le lit dans son suivi dès qu’il est rendu."
          checked={saisie.estConfidentielle}
        />
        <Actions>
          <Button>Envoyer la demande d’avis</Button>
          <ButtonLink href={retour} tone="secondary">
            Annuler
          </ButtonLink>
        </Actions>
      </Form>
    </>
  )
}
