import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Checkbox,
  Checkboxes,
  DateInput,
  type DateParts,
  EmptyState,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  type Option,
  Select,
  type SelectOption,
  Table,
  Tag,
  Textarea,
  TextInput,
  type Tone,
} from '../../../../ui/index.ts'

interface Commun {
  readonly base: string
  readonly jeton: string
  readonly cle: string
  readonly fait: string | undefined
  readonly erreurs: readonly FieldError[]
}

const erreurDe = (erreurs: readonly FieldError[], champ: string) => erreurs.find(erreur => erreur.champ === champ)?.message

function Resultat({ fait, erreurs }: Pick<Commun, 'fait' | 'erreurs'>): VNode {
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <ErrorSummary errors={erreurs} />
    </>
  )
}

export interface EquipesProps extends Commun {
  readonly services: readonly { readonly nom: string; readonly href: string; readonly membres: string; readonly reservee: boolean }[]
}

/** The services, and who handles the dossiers of each. */
export function Equipes({ base, fait, erreurs, services }: EquipesProps): VNode {
  return (
    <>
      <Resultat fait={fait} erreurs={erreurs} />
      <p>
        Un service reçoit les dossiers que ses démarches lui adressent. Sans équipe réservée, tous les agents qui lisent les dossiers les
        voient.
      </p>
      {services.length === 0 ? (
        <EmptyState titre="Aucun service pour l’instant">Ouvrez une démarche : le service qu’elle nomme apparaîtra ici.</EmptyState>
      ) : (
        <Table
          caption="Les services"
          captionHidden
          rows={services}
          rowKey={({ nom }) => nom}
          columns={[
            { titre: 'Service', cellule: ({ nom, href }) => <a href={href}>{nom}</a> },
            { titre: 'Équipe', cellule: ({ membres }) => membres },
            {
              titre: 'Qui voit ses dossiers',
              cellule: ({ reservee }) => (reservee ? <Tag tone="attention">L’équipe seule</Tag> : 'Tous les agents'),
            },
          ]}
        />
      )}
      <p>
        <a href={`${base}/agent/delegations`}>Confier des dossiers à un agent d’ailleurs</a>
      </p>
    </>
  )
}

export interface EquipeDuServiceProps extends Commun {
  readonly service: string
  readonly agents: readonly Option[]
  readonly membres: readonly string[]
  readonly avant: readonly string[]
  readonly reservee: boolean
  /** Whether it was reserved when the page was made. */
  readonly etaitReservee: boolean
}

/** The team of one service. */
export function EquipeDuService({
  base,
  jeton,
  cle,
  fait,
  erreurs,
  service,
  agents,
  membres,
  avant,
  reservee,
  etaitReservee,
}: EquipeDuServiceProps): VNode {
  return (
    <>
      <Resultat fait={fait} erreurs={erreurs} />
      <Form action={`${base}/agent/equipes`} jeton={jeton} cle={cle}>
        <input type="hidden" name="service" value={service} />
        <input type="hidden" name="avant" value={avant.join(' ')} />
        {etaitReservee && <input type="hidden" name="etaitReservee" value="oui" />}
        <Checkboxes
          name="membres"
          label="Les membres de l’équipe"
          options={agents}
          values={membres}
          optional
          error={erreurDe(erreurs, 'membres')}
        />
        <Checkbox
          name="reservee"
          label="Réserver les dossiers à cette équipe"
          hint="Les autres agents ne les verront plus, ni dans les listes ni par leur adresse. Pour l’action sociale, par exemple."
          checked={reservee}
        />
        <Actions>
          <Button>Enregistrer l’équipe</Button>
          <ButtonLink href={`${base}/agent/equipes`} tone="secondary">
            Tous les services
          </ButtonLink>
        </Actions>
      </Form>
    </>
  )
}

export interface DelegationAffichee {
  readonly id: string
  readonly nom: string
  readonly roles: string
  readonly quoi: string
  readonly periode: string
  readonly motif: string
  readonly par: string
  readonly etat: { readonly mots: string; readonly tone: Tone }
  readonly peutRetirer: boolean
}

export interface DelegationsProps extends Commun {
  readonly delegations: readonly DelegationAffichee[]
  readonly roles: readonly Option[]
  readonly demarches: readonly SelectOption[]
  /** More démarches than the list holds: the others are named. */
  readonly aPlusDeDemarches: boolean
  readonly services: readonly SelectOption[]
  readonly saisie: {
    readonly courriel: string
    readonly roles: readonly string[]
    readonly demarche: string
    readonly autre: string
    readonly service: string
    readonly du: DateParts | string
    readonly au: DateParts | string
    readonly motif: string
  }
}

/** What is entrusted to agents of elsewhere, and the form that entrusts. */
export function Delegations(props: DelegationsProps): VNode {
  const { base, jeton, cle, fait, erreurs, delegations, saisie } = props
  const action = `${base}/agent/delegations`
  return (
    <>
      <Resultat fait={fait} erreurs={erreurs} />
      <p>
        Un agent d’une commune voisine ou du syndicat traite vos dossiers avec son propre compte, entre deux jours. Tout ce qu’il fait est
        dans l’historique de chaque dossier.
      </p>
      {delegations.length > 0 && (
        <Table
          caption="Les délégations"
          captionHidden
          rows={delegations}
          rowKey={({ id }) => id}
          columns={[
            { titre: 'Agent', cellule: ({ nom }) => nom },
            { titre: 'Rôles', cellule: ({ roles }) => roles },
            { titre: 'Dossiers', cellule: ({ quoi }) => quoi },
            { titre: 'Période', cellule: ({ periode }) => periode },
            { titre: 'Pourquoi', cellule: ({ motif, par }) => `${motif} (${par})` },
            {
              titre: 'État',
              cellule: ({ id, nom, etat, peutRetirer }) => (
                <>
                  <Tag tone={etat.tone}>{etat.mots}</Tag>
                  {peutRetirer && (
                    <Form action={`${action}/${id}/retrait`} jeton={jeton} cle={`${cle}-${id.slice(-8)}`} label={`Délégation de ${nom}`}>
                      <Button tone="quiet">Retirer</Button>
                    </Form>
                  )}
                </>
              ),
            },
          ]}
        />
      )}
      <h2 id="deleguer">Confier des dossiers</h2>
      <Form action={action} jeton={jeton} cle={cle}>
        <TextInput
          name="courriel"
          type="email"
          label="Adresse électronique de l’agent"
          hint="Celle de son compte d’agent, dans sa collectivité."
          value={saisie.courriel}
          autocomplete="off"
          spellcheck={false}
          width={40}
          error={erreurDe(erreurs, 'courriel')}
        />
        <Checkboxes name="roles" label="Ses rôles ici" options={props.roles} values={saisie.roles} error={erreurDe(erreurs, 'roles')} />
        <Select
          name="demarche"
          label="Démarche"
          vide="Toutes les démarches"
          options={props.demarches}
          value={saisie.demarche}
          optional
          error={erreurDe(erreurs, 'demarche')}
        />
        {props.aPlusDeDemarches && (
          <TextInput
            name="autre"
            label="Ou une démarche qui n’est pas dans la liste, par son nom"
            value={saisie.autre}
            autocomplete="off"
            optional
            width={40}
            error={erreurDe(erreurs, 'autre')}
          />
        )}
        <Select
          name="service"
          label="Service"
          hint="Les dossiers d’un service réservé ne se confient qu’en le choisissant ici."
          vide="Tous les services"
          options={props.services}
          value={saisie.service}
          optional
        />
        <DateInput name="du" label="Premier jour" value={saisie.du} error={erreurDe(erreurs, 'du')} />
        <DateInput name="au" label="Dernier jour" hint="Un an au plus." value={saisie.au} error={erreurDe(erreurs, 'au')} />
        <Textarea
          name="motif"
          label="Pourquoi"
          hint="Par exemple : congé de la secrétaire de mairie."
          value={saisie.motif}
          rows={2}
          maximum={500}
          error={erreurDe(erreurs, 'motif')}
        />
        <Actions>
          <Button>Confier ces dossiers</Button>
        </Actions>
      </Form>
    </>
  )
}
