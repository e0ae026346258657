import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  EmptyState,
  ErrorSummary,
  type FieldError,
  Filters,
  Form,
  Notice,
  Pagination,
  type PaginationProps,
  Table,
  Tag,
  TextInput,
} from '../../../ui/index.ts'

/** A démarche of the list. */
export interface LigneDeDemarche {
  readonly id: string
  readonly titre: string
  readonly href: string
  readonly etat: 'ouverte' | 'fermee' | 'brouillon'
  readonly service: string
  readonly aDesChangements: boolean
  readonly aUneNouveaute: boolean
  /** What people think of it, once somebody said. */
  readonly avis: { readonly moyenne: number; readonly nombre: number } | undefined
}

export interface ListeDesDemarchesProps {
  readonly adresse: string
  /** Where the lists that questions choose from are kept. */
  readonly listes: string
  /** Where the texts of documents and messages are written. */
  readonly textes: string
  /** Where the labels of dossiers are kept. */
  readonly etiquettes: string
  /** Where templates are spread from, for who may. */
  readonly partage: string | undefined
  readonly lignes: readonly LigneDeDemarche[]
  readonly q: string
  /** How many démarches have a new version of their template, on whatever page. */
  readonly nouveautes: number
  readonly pagination: PaginationProps
  readonly jeton: string
  readonly cle: string
  readonly fait: string | undefined
  readonly erreurs: readonly FieldError[]
  readonly titre: string
}

const ETATS = {
  ouverte: { mots: 'Ouverte', ton: 'succes' },
  fermee: { mots: 'Fermée', ton: 'neutre' },
  brouillon: { mots: 'Jamais publiée', ton: 'attention' },
} as const

/** What the collectivité offers, and the three ways to offer more. */
export function ListeDesDemarches(props: ListeDesDemarchesProps): VNode {
  const { adresse, listes, textes, etiquettes, partage, lignes, q, nouveautes, pagination, jeton, cle, fait, erreurs, titre } = props
  return (
    <>
      <ErrorSummary errors={erreurs} />
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      {nouveautes > 0 && (
        <Notice title={nouveautes === 1 ? 'Un modèle a une nouvelle version' : `${nouveautes} modèles ont une nouvelle version`}>
          <p>Rien ne change pour les habitants tant que vous n’avez pas lu et accepté les différences.</p>
        </Notice>
      )}
      <Actions>
        <ButtonLink href={`${adresse}/catalogue`}>Ajouter depuis le catalogue</ButtonLink>
        <ButtonLink href={`${adresse}/import`} tone="secondary">
          Importer un fichier
        </ButtonLink>
        <ButtonLink href={textes} tone="secondary">
          Documents et messages
        </ButtonLink>
        <ButtonLink href={listes} tone="secondary">
          Listes de réponses
        </ButtonLink>
        <ButtonLink href={etiquettes} tone="secondary">
          Étiquettes
        </ButtonLink>
        {partage && (
          <ButtonLink href={partage} tone="secondary">
            Diffuser aux communes
          </ButtonLink>
        )}
      </Actions>
      {(q !== '' || pagination.pages > 1) && (
        <Filters action={adresse} effacer={q ? adresse : undefined}>
          <TextInput name="q" label="Chercher une démarche" value={q} type="search" autocomplete="off" />
        </Filters>
      )}
      {lignes.length === 0 ? (
        <EmptyState titre={q ? 'Aucune démarche ne correspond' : 'Aucune démarche pour l’instant'}>
          {q ? 'Cherchez avec moins de mots.' : 'Ajoutez-en une depuis le catalogue : elle est prête à servir.'}
        </EmptyState>
      ) : (
        <Table
          caption="Les démarches de la collectivité"
          captionHidden
          rows={lignes}
          rowKey={ligne => ligne.id}
          columns={[
            { titre: 'Démarche', cellule: ({ titre: nom, href }) => <a href={href}>{nom}</a> },
            { titre: 'État', cellule: ({ etat }) => <Tag tone={ETATS[etat].ton}>{ETATS[etat].mots}</Tag> },
            { titre: 'Service', cellule: ({ service }) => service },
            { titre: 'À faire', cellule: aFaire },
            { titre: 'Avis', cellule: ({ avis }) => (avis ? enNote(avis) : '–') },
          ]}
        />
      )}
      <Pagination {...pagination} />
      <h2 id="creer">Créer une démarche</h2>
      <Form action={adresse} jeton={jeton} cle={cle}>
        <TextInput
          name="titre"
          label="Titre, comme le liront les habitants"
          hint="Par exemple : « Emprunter du matériel ». Rien n’est visible avant la publication."
          value={titre}
          width={50}
          error={erreurs.find(({ champ }) => champ === 'titre')?.message}
        />
        <Actions>
          <Button tone="secondary">Créer et écrire les questions</Button>
        </Actions>
      </Form>
    </>
  )
}

function aFaire({ aDesChangements, aUneNouveaute }: LigneDeDemarche): string {
  const mots = [aUneNouveaute ? 'nouvelle version du modèle' : '', aDesChangements ? 'changements à publier' : ''].filter(Boolean)
  return mots.length > 0 ? mots.join(', ').replace(/^./, letter => letter.toUpperCase()) : '–'
}

/** « 4,2 sur 5 (12 avis) ». */
export const enNote = ({ moyenne, nombre }: { readonly moyenne: number; readonly nombre: number }): string =>
  `${moyenne.toLocaleString('fr-FR', { maximumFractionDigits: 1 })} sur 5 (${nombre} avis)`
