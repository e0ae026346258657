import type { VNode } from 'preact'
import {
  Actions,
  Button,
  Checkboxes,
  type Contenu,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  SummaryList,
  Table,
  Tag,
  TextInput,
  type Tone,
} from '../../../ui/index.ts'
import { enMots, libelleDuRole, ROLES } from '../agent.ts'

/** Someone of the team, ready to be shown. */
export interface MembreAffiche {
  readonly id: string
  readonly nom: string
  readonly courriel: string
  readonly roles: readonly string[]
  readonly etat: { readonly mots: string; readonly tone: Tone }
  readonly isWithdrawn: boolean
  readonly hasAccount: boolean
  readonly isSelf: boolean
}

interface FormulairesProps {
  readonly base: string
  readonly jeton: string
  readonly cle: string
  readonly fait?: string | undefined
  readonly erreurs: readonly FieldError[]
}

const erreurDe = (erreurs: readonly FieldError[], champ: string) => erreurs.find(erreur => erreur.champ === champ)?.message
const options = ROLES.map(role => ({ value: role, label: libelleDuRole[role].nom, hint: libelleDuRole[role].permet }))

export interface EquipeProps extends FormulairesProps {
  readonly membres: readonly MembreAffiche[]
  readonly saisie: { readonly courriel: string; readonly nom: string; readonly roles: readonly string[] }
}

/** The agents of the collectivité, and the form that invites another. */
export function Equipe({ base, jeton, cle, fait, erreurs, membres, saisie }: EquipeProps): VNode {
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <ErrorSummary errors={erreurs} />
      <Table
        caption="Les agents de la collectivité"
        captionHidden
        rows={membres}
        rowKey={membre => membre.id}
        columns={[
          { titre: 'Nom', cellule: membre => <a href={`${base}/agent/equipe/${membre.id}`}>{membre.nom}</a> },
          { titre: 'Adresse électronique', cellule: membre => membre.courriel },
          { titre: 'Rôles', cellule: membre => enMots(membre.roles) || '–' },
          { titre: 'Compte', cellule: membre => <Tag tone={membre.etat.tone}>{membre.etat.mots}</Tag> },
        ]}
      />
      <p>
        <a href={`${base}/agent/equipes`}>Équipes des services</a>
        {' – '}
        <a href={`${base}/agent/delegations`}>Dossiers confiés à un agent d’ailleurs</a>
      </p>
      <h2 id="inviter">Inviter quelqu’un</h2>
      <Form action={`${base}/agent/equipe`} jeton={jeton} cle={cle}>
        <TextInput name="nom" label="Prénom et nom" value={saisie.nom} autocomplete="off" width={40} error={erreurDe(erreurs, 'nom')} />
        <TextInput
          name="courriel"
          type="email"
          label="Adresse électronique professionnelle"
          hint="La personne y reçoit un lien valable 72 heures pour ouvrir son compte."
          value={saisie.courriel}
          autocomplete="off"
          spellcheck={false}
          width={40}
          error={erreurDe(erreurs, 'courriel')}
        />
        <Checkboxes
          name="roles"
          label="Ses rôles"
          hint="Une même personne peut en avoir plusieurs."
          options={options}
          values={saisie.roles}
          error={erreurDe(erreurs, 'roles')}
        />
        <Actions>
          <Button>Envoyer l’invitation</Button>
        </Actions>
      </Form>
    </>
  )
}

export interface MembreProps extends FormulairesProps {
  readonly membre: MembreAffiche
  readonly roles: readonly string[]
}

/** One agent: roles, and access withdrawn or given back. */
export function Membre({ base, jeton, cle, fait, erreurs, membre, roles }: MembreProps): VNode {
  const adresse = `${base}/agent/equipe/${membre.id}`
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <ErrorSummary errors={erreurs} />
      <SummaryList
        rows={[
          { cle: 'Adresse électronique', valeur: membre.courriel },
          { cle: 'Compte', valeur: <Tag tone={membre.etat.tone}>{membre.etat.mots}</Tag> },
        ]}
      />
      {membre.isWithdrawn ? (
        <Acte action={`${adresse}/retablissement`} jeton={jeton} cle={cle} bouton="Rendre l’accès">
          Les rôles retirés en dernier sont rendus tels quels.
        </Acte>
      ) : (
        <>
          <h2>Rôles</h2>
          <Form action={`${adresse}/roles`} jeton={jeton} cle={cle}>
            <Checkboxes
              name="roles"
              label="Ce que cette personne peut faire"
              options={options}
              values={roles}
              error={erreurDe(erreurs, 'roles')}
            />
            <Actions>
              <Button>Enregistrer les rôles</Button>
            </Actions>
          </Form>
          {!membre.hasAccount && (
            <>
              <h2>Invitation</h2>
              <Acte action={`${adresse}/invitation`} jeton={jeton} cle={`${cle}-invitation`} bouton="Envoyer un nouveau lien">
                Le lien précédent ne marchera plus.
              </Acte>
            </>
          )}
          <h2>Accès</h2>
          <Acte action={`${adresse}/retrait`} jeton={jeton} cle={`${cle}-retrait`} bouton="Retirer l’accès" danger>
            {membre.isSelf
              ? 'C’est votre propre accès : vous serez déconnecté aussitôt.'
              : 'La personne est déconnectée aussitôt. Vous pourrez lui rendre l’accès pendant 30 jours.'}
          </Acte>
        </>
      )}
    </>
  )
}

function Acte(props: { action: string; jeton: string; cle: string; bouton: string; danger?: boolean; children: Contenu }): VNode {
  return (
    <Form action={props.action} jeton={props.jeton} cle={props.cle}>
      <p>{props.children}</p>
      <Actions>
        <Button tone={props.danger ? 'danger' : 'secondary'}>{props.bouton}</Button>
      </Actions>
    </Form>
  )
}
