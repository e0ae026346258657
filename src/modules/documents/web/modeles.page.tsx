import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  EmptyState,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  Select,
  type SelectOption,
  Table,
  Tag,
} from '../../../ui/index.ts'

/** A text of the list. */
export interface LigneDeModele {
  readonly id: string
  readonly nom: string
  readonly href: string
  readonly genre: string
  readonly pour: string
  readonly version: string
  readonly etat: 'en_service' | 'a_revoir' | 'retire'
}

export interface ListeDesModelesProps {
  readonly action: string
  readonly signatures: string
  readonly jeton: string
  readonly cle: string
  readonly lignes: readonly LigneDeModele[]
  readonly erreurs: readonly FieldError[]
  readonly documents: readonly SelectOption[]
  readonly messages: readonly SelectOption[]
  /** The démarches, fifty a list at most: the collectivité that has more finds the others from their own page. */
  readonly demarches: readonly SelectOption[]
  readonly saisie: { readonly usage: string; readonly demarche: string }
}

const ETATS = {
  en_service: { mots: 'En service', ton: 'succes' },
  a_revoir: { mots: 'À revoir', ton: 'danger' },
  retire: { mots: 'Texte d’origine', ton: 'neutre' },
} as const

/** The texts that the collectivité wrote, and where to begin another. */
export function ListeDesModeles(props: ListeDesModelesProps): VNode {
  const { action, signatures, jeton, cle, lignes, erreurs, documents, messages, demarches, saisie } = props
  const usages = [...documents, ...messages]
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <p>
        Les décisions et les courriels ont déjà un texte. Écrivez le vôtre pour le remplacer, pour une démarche ou pour toutes. Écrivez
        aussi les courriers que vos agents envoient souvent.
      </p>
      {lignes.some(({ etat }) => etat === 'a_revoir') && (
        <Notice tone="attention" title="Un modèle ne peut plus servir">
          La démarche a changé depuis. Le texte d’origine le remplace ; ouvrez le modèle pour voir quoi corriger.
        </Notice>
      )}
      {lignes.length === 0 ? (
        <EmptyState titre="Aucun modèle pour l’instant">Tous les documents et les courriels partent avec leur texte d’origine.</EmptyState>
      ) : (
        <Table
          caption="Modèles de la collectivité"
          rows={lignes}
          rowKey={({ id }) => id}
          columns={[
            { titre: 'Usage', cellule: ({ nom, href }) => <a href={href}>{nom}</a> },
            { titre: 'Genre', cellule: ({ genre }) => genre },
            { titre: 'Démarche', cellule: ({ pour }) => pour },
            { titre: 'Dernière version', cellule: ({ version }) => version },
            { titre: 'État', cellule: ({ etat }) => <Tag tone={ETATS[etat].ton}>{ETATS[etat].mots}</Tag> },
          ]}
        />
      )}
      <Actions>
        <ButtonLink href={signatures} tone="secondary">
          Signatures
        </ButtonLink>
      </Actions>
      <h2>Écrire un modèle</h2>
      <Form action={action} jeton={jeton} cle={cle} label="Écrire un modèle">
        <Select
          name="usage"
          label="Pour quel document ou quel courriel"
          options={usages}
          value={saisie.usage}
          error={erreurs.find(({ champ }) => champ === 'usage')?.message}
        />
        <Select
          name="demarche"
          label="Pour quelle démarche"
          hint="Un modèle écrit pour une démarche passe avant celui de toutes les démarches, et peut insérer ses réponses."
          options={demarches}
          value={saisie.demarche}
          vide="Toutes les démarches"
          error={erreurs.find(({ champ }) => champ === 'demarche')?.message}
        />
        <Actions>
          <Button>Commencer avec le texte actuel</Button>
        </Actions>
      </Form>
    </>
  )
}
