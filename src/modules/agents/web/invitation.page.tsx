import type { VNode } from 'preact'
import { Actions, Button, Copyable, ErrorSummary, Form, TextInput } from '../../../ui/index.ts'
import { LONGUEUR_MIN } from '../mot-de-passe.ts'

interface EtapeProps {
  readonly action: string
  readonly jeton: string
  readonly erreur?: string | undefined
}

/** First page of an invitation: the password. */
export function ChoixDuMotDePasse({
  action,
  jeton,
  erreur,
  nom,
  courriel,
}: EtapeProps & { readonly nom: string; readonly courriel: string }): VNode {
  return (
    <>
      <ErrorSummary errors={erreur ? [{ champ: 'mot_de_passe', message: erreur }] : []} />
      <p>
        Bonjour {nom}. Vous vous connecterez avec votre adresse <strong>{courriel}</strong>, le mot de passe choisi ici, et un code donné
        par votre téléphone.
      </p>
      <Form action={action} jeton={jeton} natif>
        {/* So that a password manager files the password under the right account. */}
        <input type="hidden" name="courriel" value={courriel} autocomplete="username" />
        <TextInput
          name="mot_de_passe"
          type="password"
          label="Choisissez un mot de passe"
          hint={`Au moins ${LONGUEUR_MIN} caractères, ceux que vous voulez : quatre mots sans lien entre eux conviennent bien. Vous pouvez le coller.`}
          autocomplete="new-password"
          width={40}
          error={erreur}
        />
        <Actions>
          <Button>Continuer</Button>
        </Actions>
      </Form>
    </>
  )
}

export interface SecondFacteurProps extends EtapeProps {
  readonly cle: string
  /** `data:image/png…` */
  readonly image: string
  /** The same in base32, in groups of four. */
  readonly secret: string
}

/** Last page of an invitation: the application of codes, proved by a first code. */
export function SecondFacteur({ action, jeton, cle, erreur, image, secret }: SecondFacteurProps): VNode {
  return (
    <>
      <ErrorSummary errors={erreur ? [{ champ: 'code', message: erreur }] : []} />
      <ol>
        <li>
          Sur votre téléphone, ouvrez une application de codes. Vous n’en avez pas ? FreeOTP, Aegis ou Google Authenticator sont gratuites ;
          le trousseau d’un ordinateur convient aussi.
        </li>
        <li>Ajoutez-y un compte en photographiant ce carré :</li>
      </ol>
      <p>
        <img
          src={image}
          alt="Carré à photographier avec l’application de codes ; la clé écrite dessous dit la même chose"
          width="240"
          height="240"
        />
      </p>
      <p>
        Vous ne pouvez pas le photographier ? Tapez ou collez cette clé dans l’application : <Copyable>{secret}</Copyable>
      </p>
      <Form action={action} jeton={jeton} cle={cle} natif>
        <TextInput
          name="code"
          label="Code affiché par l’application"
          hint="Six chiffres."
          inputmode="numeric"
          autocomplete="one-time-code"
          spellcheck={false}
          width={8}
          error={erreur}
        />
        <Actions>
          <Button>Ouvrir mon compte</Button>
        </Actions>
      </Form>
    </>
  )
}
