import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Checkbox,
  Details,
  EmptyState,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  type Option,
  SummaryList,
  type SummaryRow,
  Table,
  Tag,
  TextInput,
  type Tone,
} from '../../../../ui/index.ts'
import { Choix, SecretACopier } from './jetons.page.tsx'

const erreurDe = (erreurs: readonly FieldError[], champ: string) => erreurs.find(erreur => erreur.champ === champ)?.message

export interface Etat {
  readonly mots: string
  readonly tone: Tone
}

export interface WebhooksProps {
  readonly adresse: string
  readonly documentation: string
  readonly fait: string | undefined
  readonly abonnements: readonly { readonly id: string; readonly nom: string; readonly url: string; readonly etat: Etat }[]
}

/** The subscriptions of the collectivité. */
export function Webhooks({ adresse, documentation, fait, abonnements }: WebhooksProps): VNode {
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <p>
        Un webhook prévient un autre logiciel dès que quelque chose arrive à un dossier, sans rien dire de la personne.{' '}
        <a href={documentation}>Ce que reçoit le logiciel</a>
      </p>
      <Actions>
        <ButtonLink href={`${adresse}/nouveau`}>Prévenir un logiciel</ButtonLink>
      </Actions>
      {abonnements.length === 0 ? (
        <EmptyState titre="Aucun abonnement">Le logiciel qui doit être prévenu vous donnera son adresse.</EmptyState>
      ) : (
        <Table
          caption="Les abonnements"
          captionHidden
          rows={abonnements}
          rowKey={({ id }) => id}
          columns={[
            { titre: 'Logiciel', cellule: ({ id, nom }) => <a href={`${adresse}/${id}`}>{nom}</a> },
            { titre: 'Adresse', cellule: ({ url }) => <code>{url}</code> },
            { titre: 'État', cellule: ({ etat }) => <Tag tone={etat.tone}>{etat.mots}</Tag> },
          ]}
        />
      )}
    </>
  )
}

export interface SaisieDAbonnement {
  readonly nom: string
  readonly url: string
  readonly demarches: readonly string[] | null
  readonly natures: readonly string[] | null
  readonly voitReserves: boolean
}

export interface ReglagesDAbonnementProps {
  readonly action: string
  readonly jeton: string
  readonly cle: string
  readonly erreurs: readonly FieldError[]
  readonly demarches: readonly Option[]
  readonly natures: readonly Option[]
  readonly saisie: SaisieDAbonnement
  readonly bouton: string
}

/** The form of a subscription. */
export function ReglagesDAbonnement({ action, jeton, cle, erreurs, demarches, natures, saisie, bouton }: ReglagesDAbonnementProps): VNode {
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <Form action={action} jeton={jeton} cle={cle} obligatoires>
        <TextInput
          name="nom"
          label="Quel logiciel prévenir"
          hint="Par exemple : logiciel de la cantine."
          value={saisie.nom}
          autocomplete="off"
          width={40}
          error={erreurDe(erreurs, 'nom')}
        />
        <TextInput
          name="url"
          type="url"
          label="Son adresse"
          hint="Celle que donne son éditeur. Elle commence par https://"
          value={saisie.url}
          autocomplete="off"
          spellcheck={false}
          error={erreurDe(erreurs, 'url')}
        />
        <Choix
          name="natures"
          label="De quoi le prévenir"
          toutes="De tout ce qui arrive"
          choisies="De certains événements"
          options={natures}
          values={saisie.natures}
          error={erreurDe(erreurs, 'natures')}
        />
        <Choix
          name="demarches"
          label="Pour quelles démarches"
          toutes="Toutes, même celles à venir"
          choisies="Des démarches choisies"
          options={demarches}
          values={saisie.demarches}
          error={erreurDe(erreurs, 'demarches')}
        />
        <Checkbox
          name="reserves"
          label="Prévenir aussi pour les dossiers des services réservés à leur équipe"
          checked={saisie.voitReserves}
        />
        <Actions>
          <Button>{bouton}</Button>
        </Actions>
      </Form>
    </>
  )
}

export interface UnAbonnementProps {
  readonly adresse: string
  readonly jeton: string
  readonly cle: string
  readonly erreurs: readonly FieldError[]
  readonly fait: string | undefined
  readonly etat: Etat
  readonly enPause: string | undefined
  readonly secret: string | undefined
  readonly ancien: string | undefined
  readonly faits: readonly SummaryRow[]
  readonly livraisons: readonly {
    readonly id: string
    readonly le: string
    readonly quoi: string
    readonly numero: string
    readonly dossier: string | undefined
    readonly resultat: Etat
    readonly precision: string
  }[]
  readonly depuis: string
}

/** One subscription: whether it works, its last deliveries, and what can be done of it. */
export function UnAbonnement(props: UnAbonnementProps): VNode {
  const { adresse, jeton, cle, erreurs, fait, etat, enPause, secret, ancien, faits, livraisons, depuis } = props
  const bouton = (chemin: string, texte: string, tone: 'secondary' | 'danger' | 'primary' = 'secondary') => (
    <Form action={`${adresse}/${chemin}`} jeton={jeton} cle={`${cle}-${chemin.slice(0, 4)}`} label={texte}>
      <Button tone={tone}>{texte}</Button>
    </Form>
  )
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <ErrorSummary errors={erreurs} />
      {enPause && (
        <Notice tone="danger" title="Cet abonnement est en pause">
          <p>{enPause}</p>
          {bouton('reprise', 'Reprendre là où il s’est arrêté', 'primary')}
        </Notice>
      )}
      {secret && <SecretACopier titre="Le secret des signatures" secret={secret} action={undefined} jeton={jeton} cle={cle} />}
      <p>
        <Tag tone={etat.tone}>{etat.mots}</Tag>
      </p>
      <SummaryList rows={faits} />
      <Actions>
        <ButtonLink href={`${adresse}/reglages`} tone="secondary">
          Changer les réglages
        </ButtonLink>
        {bouton('essai', 'Envoyer un essai')}
        {!enPause && bouton('pause', 'Mettre en pause')}
      </Actions>
      <h2 id="remises">Dernières remises</h2>
      {livraisons.length === 0 ? (
        <p>Rien n’est encore parti. Envoyez un essai pour vérifier l’adresse et la signature.</p>
      ) : (
        <Table
          caption="Dernières remises"
          captionHidden
          rows={livraisons}
          rowKey={({ id }) => id}
          columns={[
            { titre: 'Quand', cellule: ({ le }) => le },
            { titre: 'Quoi', cellule: ({ quoi, dossier }) => (dossier ? <a href={dossier}>{quoi}</a> : quoi) },
            { titre: 'Numéro', cellule: ({ numero }) => numero, nombre: true },
            { titre: 'Résultat', cellule: ({ resultat }) => <Tag tone={resultat.tone}>{resultat.mots}</Tag> },
            { titre: 'Précision', cellule: ({ precision }) => precision },
          ]}
        />
      )}
      <Details titre="Remettre de nouveau" open={erreurs.length > 0}>
        <Form action={`${adresse}/rejeu`} jeton={jeton} cle={`${cle}-rejeu`} label="Remettre de nouveau">
          <TextInput
            name="depuis"
            label="À partir du changement numéro"
            hint="Il est dans la liste ci-dessus. Sept jours au plus. Tout ce qui a suivi est remis de nouveau, dans l’ordre."
            value={depuis}
            inputmode="numeric"
            autocomplete="off"
            width={10}
            error={erreurDe(erreurs, 'depuis')}
          />
          <Button tone="secondary">Remettre de nouveau</Button>
        </Form>
      </Details>
      <Details titre="Changer le secret">
        <p>{ancien ?? 'L’ancien secret signe encore pendant un jour à côté du nouveau : le logiciel a le temps de changer.'}</p>
        {bouton('secret', 'Faire un nouveau secret')}
      </Details>
      <Details titre="Supprimer l’abonnement">
        <p>Le logiciel ne sera plus prévenu de rien. Pour arrêter un moment, mettez plutôt en pause.</p>
        {bouton('suppression', 'Supprimer définitivement', 'danger')}
      </Details>
    </>
  )
}
