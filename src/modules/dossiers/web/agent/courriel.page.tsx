import type { VNode } from 'preact'
import { Actions, Button, Checkbox, ErrorSummary, type FieldError, Form, Textarea, TextInput } from '../../../../ui/index.ts'

export interface CorrectionDuCourrielProps {
  readonly action: string
  readonly retour: string
  readonly jeton: string
  readonly cle: string
  readonly version: number
  /** The address that takes no message. */
  readonly actuelle: string
  readonly saisie: { readonly courriel: string; readonly motif: string }
  readonly erreurs: readonly FieldError[]
}

/** Another address for someone whose own took no message; what will leave there is said before. */
export function CorrectionDuCourriel(props: CorrectionDuCourrielProps): VNode {
  const { action, retour, jeton, cle, version, actuelle, saisie, erreurs } = props
  const erreur = (champ: string) => erreurs.find(one => one.champ === champ)?.message
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <p>{`L’adresse actuelle est ${actuelle}. Demandez la bonne à la personne : celle d’un autre recevrait ses messages.`}</p>
      <p>
        Un message part aussitôt à la nouvelle adresse. Il invite à ouvrir le dossier, sans nom, sans code et sans rien dire de la demande.
        La personne voit cette correction dans son suivi.
      </p>
      <Form action={action} jeton={jeton} cle={cle} obligatoires>
        <input type="hidden" name="version" value={version} />
        <TextInput
          name="courriel"
          type="email"
          label="Nouvelle adresse électronique"
          value={saisie.courriel}
          autocomplete="off"
          spellcheck={false}
          width={40}
          error={erreur('courriel')}
        />
        <Textarea
          name="motif"
          label="Qui vous l’a donnée, et comment"
          hint="La personne lira ces mots dans son suivi. Par exemple : donnée par téléphone."
          value={saisie.motif}
          rows={2}
          maximum={500}
          error={erreur('motif')}
        />
        <Checkbox name="relue" label="J’ai relu cette adresse avec la personne, lettre par lettre" error={erreur('relue')} />
        <Actions>
          <Button>Corriger l’adresse</Button>
          <a href={retour}>Annuler</a>
        </Actions>
      </Form>
    </>
  )
}
