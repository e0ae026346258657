import type { VNode } from 'preact'
import type { Fields } from '../../../platform/http/form.ts'
import {
  Actions,
  Button,
  ButtonLink,
  ErrorSummary,
  Form,
  type LinkItem,
  LinkList,
  Notice,
  SummaryList,
  TextInput,
} from '../../../ui/index.ts'

interface FormulaireDeConnexion {
  readonly action: string
  readonly jeton: string
  readonly retour: string | undefined
  readonly erreur?: string | undefined
}

/** First factor. What was typed comes back, but for the password. */
export function Connexion(props: FormulaireDeConnexion & { readonly courriel: string; readonly info?: string | undefined }): VNode {
  const { action, jeton, retour, erreur, courriel, info } = props
  return (
    <>
      {info && <Notice live>{info}</Notice>}
      <ErrorSummary errors={erreur ? [{ champ: 'courriel', message: erreur }] : []} />
      <Form action={action} jeton={jeton} natif>
        {retour && <input type="hidden" name="retour" value={retour} />}
        <TextInput
          name="courriel"
          type="email"
          label="Adresse électronique"
          value={courriel}
          autocomplete="username"
          spellcheck={false}
          width={40}
          error={erreur}
        />
        <TextInput name="mot_de_passe" type="password" label="Mot de passe" autocomplete="current-password" width={40} />
        <Actions>
          <Button>Continuer</Button>
        </Actions>
      </Form>
      <p class="hint">
        Pas de compte, ou mot de passe perdu ? Demandez une invitation à la personne qui administre Parvis dans votre collectivité.
      </p>
    </>
  )
}

/** Second factor. */
export function Code({ action, jeton, retour, erreur, recommencer }: FormulaireDeConnexion & { readonly recommencer: string }): VNode {
  return (
    <>
      <ErrorSummary errors={erreur ? [{ champ: 'code', message: erreur }] : []} />
      <Form action={action} jeton={jeton} natif>
        {retour && <input type="hidden" name="retour" value={retour} />}
        <TextInput
          name="code"
          label="Code à six chiffres"
          hint="Ouvrez l’application de codes de votre téléphone. Le code change toutes les 30 secondes et sert une fois."
          inputmode="numeric"
          autocomplete="one-time-code"
          spellcheck={false}
          width={8}
          error={erreur}
        />
        <Actions>
          <Button>Se connecter</Button>
        </Actions>
      </Form>
      <p class="hint">
        Téléphone perdu ou changé ? Prévenez la personne qui administre Parvis dans votre collectivité.{' '}
        <a href={recommencer}>Recommencer avec un autre compte</a>
      </p>
    </>
  )
}

/** After a session ended while something was being written: all of it, to copy, and the way back. */
export function Reconnexion({ connexion, champs }: { connexion: string; champs: Fields }): VNode {
  const rows = Object.entries(champs).map(([nom, valeur]) => ({
    cle: nom.replaceAll(/[_-]/g, ' '),
    valeur: <span class="plain">{typeof valeur === 'string' ? valeur : valeur.join('\n')}</span>,
  }))
  return (
    <>
      <Notice tone="attention">
        {rows.length > 0
          ? 'Votre session est terminée : rien n’a été enregistré. Ce que vous aviez écrit est ci-dessous : copiez-le, connectez-vous, puis recommencez.'
          : 'Votre session est terminée : rien n’a été enregistré. Connectez-vous, puis recommencez.'}
      </Notice>
      {rows.length > 0 && <SummaryList rows={rows} />}
      <Actions>
        <ButtonLink href={connexion}>Se connecter</ButtonLink>
      </Actions>
    </>
  )
}

/** The collectivités where one works. */
export function Collectivites({ items, aides }: { items: readonly LinkItem[]; aides: readonly LinkItem[] }): VNode {
  if (items.length === 0)
    return (
      <Notice tone="attention">
        Votre compte n’a de rôle dans aucune collectivité. Demandez un rôle à la personne qui administre Parvis dans la vôtre.
      </Notice>
    )
  return (
    <>
      <LinkList items={items} />
      <Aides aides={aides} />
    </>
  )
}

function Aides({ aides }: { aides: readonly LinkItem[] }): VNode | null {
  if (aides.length === 0) return null
  return (
    <section>
      <h2>Vous aidez aussi</h2>
      <LinkList items={aides} />
    </section>
  )
}

export interface CompteProps {
  readonly base: string
  readonly jeton: string
  readonly nom: string
  readonly courriel: string
  readonly roles: string
  readonly plusieurs: boolean
  /** The collectivités that this person helps by delegation. */
  readonly aides: readonly LinkItem[]
}

/** One's own account: who one is here, and the way out. */
export function Compte({ base, jeton, nom, courriel, roles, plusieurs, aides }: CompteProps): VNode {
  return (
    <>
      <SummaryList
        rows={[
          { cle: 'Nom', valeur: nom },
          { cle: 'Adresse électronique', valeur: courriel },
          { cle: 'Rôles ici', valeur: roles },
        ]}
      />
      <Aides aides={aides} />
      {plusieurs && (
        <p>
          <a href={`${base}/agent/collectivites`}>Changer de collectivité</a>
        </p>
      )}
      <Form action={`${base}/agent/deconnexion`} jeton={jeton} natif>
        <Actions>
          <Button tone="secondary">Se déconnecter</Button>
        </Actions>
      </Form>
    </>
  )
}

/** For an agent who arrives on the territory: where to sign in. */
export function OuSeConnecter(): VNode {
  return (
    <>
      <p>
        Chaque commune, et l’intercommunalité, a son entrée pour ses agents : on s’y connecte avec son adresse électronique, un mot de passe
        et un code.
      </p>
      <ol>
        <li>Cherchez votre collectivité, comme le ferait un habitant.</li>
        <li>
          Ajoutez <strong>/agent</strong> à la fin de l’adresse de sa page, et gardez cette adresse dans vos favoris.
        </li>
      </ol>
      <Actions>
        <ButtonLink href="/">Chercher ma collectivité</ButtonLink>
      </Actions>
      <p class="hint">
        Vous n’avez pas encore de compte ? La personne qui administre Parvis dans votre collectivité vous envoie une invitation.
      </p>
    </>
  )
}
