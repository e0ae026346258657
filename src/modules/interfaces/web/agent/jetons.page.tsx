import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Checkbox,
  Checkboxes,
  Copyable,
  DateInput,
  type DateParts,
  Details,
  EmptyState,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  type Option,
  Radios,
  SummaryList,
  type SummaryRow,
  Table,
  Tag,
  Textarea,
  TextInput,
  type Tone,
} from '../../../../ui/index.ts'

const erreurDe = (erreurs: readonly FieldError[], champ: string) => erreurs.find(erreur => erreur.champ === champ)?.message

export interface JetonsProps {
  readonly adresse: string
  readonly webhooks: string
  readonly documentation: string
  readonly fait: string | undefined
  readonly jetons: readonly {
    readonly id: string
    readonly nom: string
    readonly debut: string
    readonly etat: { readonly mots: string; readonly tone: Tone }
    readonly fin: string
    readonly vu: string
  }[]
}

/** The tokens of the collectivité. */
export function Jetons({ adresse, webhooks, documentation, fait, jetons }: JetonsProps): VNode {
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <p>
        Un jeton laisse un autre logiciel lire ou traiter vos dossiers, dans les limites que vous choisissez.{' '}
        <a href={documentation}>Ce que l’API permet</a>
      </p>
      <Actions>
        <ButtonLink href={`${adresse}/nouveau`}>Faire un jeton</ButtonLink>
        <ButtonLink href={webhooks} tone="secondary">
          Webhooks
        </ButtonLink>
      </Actions>
      {jetons.length === 0 ? (
        <EmptyState titre="Aucun jeton">
          Faites-en un par logiciel : vous pourrez retirer l’accès de l’un sans toucher aux autres.
        </EmptyState>
      ) : (
        <Table
          caption="Les jetons"
          captionHidden
          rows={jetons}
          rowKey={({ id }) => id}
          columns={[
            { titre: 'Logiciel', cellule: ({ id, nom }) => <a href={`${adresse}/${id}`}>{nom}</a> },
            { titre: 'Jeton', cellule: ({ debut }) => <code>{debut}</code> },
            { titre: 'État', cellule: ({ etat }) => <Tag tone={etat.tone}>{etat.mots}</Tag> },
            { titre: 'Sert jusqu’au', cellule: ({ fin }) => fin },
            { titre: 'Dernier appel', cellule: ({ vu }) => vu },
          ]}
        />
      )}
    </>
  )
}

export interface SaisieDeJeton {
  readonly nom: string
  readonly droits: readonly string[]
  /** Null: all of them. */
  readonly demarches: readonly string[] | null
  readonly voitReserves: boolean
  readonly reseaux: string
  readonly fin: DateParts | string
}

export interface NouveauJetonProps {
  readonly adresse: string
  readonly jeton: string
  readonly cle: string
  readonly erreurs: readonly FieldError[]
  readonly droits: readonly Option[]
  readonly demarches: readonly Option[]
  readonly saisie: SaisieDeJeton
}

/** « Toutes », or some of a list that opens when it is needed. */
export function Choix(props: {
  readonly name: string
  readonly label: string
  readonly toutes: string
  readonly choisies: string
  readonly options: readonly Option[]
  readonly values: readonly string[] | null
  readonly error: string | undefined
}): VNode {
  const { name, label, toutes, choisies, options, values, error } = props
  return (
    <>
      <Radios
        name={`${name}-toutes`}
        label={label}
        options={[
          { value: 'toutes', label: toutes },
          { value: 'choisies', label: choisies },
        ]}
        value={values === null ? 'toutes' : 'choisies'}
      />
      <Details titre={`${choisies} : lesquelles`} open={values !== null}>
        <Checkboxes name={name} label={choisies} options={options} values={values ?? []} optional error={error} />
      </Details>
    </>
  )
}

/** The form of a new token. */
export function NouveauJeton({ adresse, jeton, cle, erreurs, droits, demarches, saisie }: NouveauJetonProps): VNode {
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <Form action={adresse} jeton={jeton} cle={cle} obligatoires>
        <TextInput
          name="nom"
          label="À quel logiciel il sert"
          hint="Par exemple : logiciel de la cantine."
          value={saisie.nom}
          autocomplete="off"
          width={40}
          error={erreurDe(erreurs, 'nom')}
        />
        <Checkboxes name="droits" label="Ce qu’il permet" options={droits} values={saisie.droits} error={erreurDe(erreurs, 'droits')} />
        <Choix
          name="demarches"
          label="Sur quelles démarches"
          toutes="Toutes, même celles à venir"
          choisies="Des démarches choisies"
          options={demarches}
          values={saisie.demarches}
          error={erreurDe(erreurs, 'demarches')}
        />
        <Checkbox
          name="reserves"
          label="Voir aussi les dossiers des services réservés à leur équipe"
          hint="Pour l’action sociale, par exemple : seulement si ce logiciel est le sien."
          checked={saisie.voitReserves}
        />
        <Textarea
          name="reseaux"
          label="D’où il peut être utilisé"
          hint="Une adresse ou un réseau par ligne, par exemple 198.51.100.7 ou 2001:db8::/48. Vide : de partout."
          value={saisie.reseaux}
          rows={3}
          maximum={1000}
          optional
          error={erreurDe(erreurs, 'reseaux')}
        />
        <DateInput
          name="fin"
          label="Dernier jour où il sert"
          hint="Deux ans au plus."
          value={saisie.fin}
          error={erreurDe(erreurs, 'fin-jour')}
        />
        <Actions>
          <Button>Faire le jeton</Button>
        </Actions>
      </Form>
    </>
  )
}

/** A secret to copy now: it will not be shown again. */
export function SecretACopier({
  titre,
  secret,
  action,
  jeton,
  cle,
}: {
  readonly titre: string
  readonly secret: string
  readonly action: string | undefined
  readonly jeton: string
  readonly cle: string
}): VNode {
  return (
    <Notice tone="attention" title={titre}>
      <p>Copiez-le maintenant dans le logiciel : il reste affiché dix minutes, pour vous seul, et ne le sera plus jamais.</p>
      <p>
        <Copyable>{secret}</Copyable>
      </p>
      {action && (
        <Form action={action} jeton={jeton} cle={cle} label="Jeton copié">
          <Button tone="secondary">Je l’ai copié</Button>
        </Form>
      )}
    </Notice>
  )
}

export interface UnJetonProps {
  readonly adresse: string
  readonly jeton: string
  readonly cle: string
  readonly secret: string | undefined
  readonly faits: readonly SummaryRow[]
  readonly droits: readonly string[]
  readonly peutRevoquer: boolean
  readonly fait: string | undefined
}

/** One token: what it may do, and the button that ends it. */
export function UnJeton({ adresse, jeton, cle, secret, faits, droits, peutRevoquer, fait }: UnJetonProps): VNode {
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      {secret && <SecretACopier titre="Le jeton" secret={secret} action={`${adresse}/copie`} jeton={jeton} cle={cle} />}
      <SummaryList rows={faits} />
      <h2>Ce qu’il permet</h2>
      <ul>
        {droits.map(droit => (
          <li key={droit}>{droit}</li>
        ))}
      </ul>
      {peutRevoquer && (
        <>
          <h2>Révoquer</h2>
          <p>Le logiciel n’aura plus accès, dès son prochain appel. Un jeton révoqué ne revient pas : il faudra en faire un autre.</p>
          <Form action={`${adresse}/revocation`} jeton={jeton} cle={`${cle}-r`} label="Révoquer le jeton">
            <Button tone="danger">Révoquer ce jeton</Button>
          </Form>
        </>
      )}
    </>
  )
}
