import type { VNode } from 'preact'
import { Actions, ButtonLink, EmptyState, Notice, Table } from '../../../ui/index.ts'

/** A list among the others. */
export interface LigneDeListe {
  readonly nom: string
  readonly href: string
  readonly nature: string
  readonly contenu: string
  readonly date: string
}

export interface ListesProps {
  readonly adresse: string
  readonly lignes: readonly LigneDeListe[]
  readonly fait: string | undefined
  /** What is known of the commune's addresses, in a sentence. */
  readonly adresses: string
}

/** The lists of the collectivité, and the two ways to add one. */
export function PageDesListes({ adresse, lignes, fait, adresses }: ListesProps): VNode {
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <p>Une question peut faire choisir dans une liste de la collectivité : écoles, salles, arrêts de car, voies…</p>
      <Actions>
        <ButtonLink href={`${adresse}/fichier`}>Ajouter un fichier CSV</ButtonLink>
        <ButtonLink href={`${adresse}/api`} tone="secondary">
          Déclarer une API
        </ButtonLink>
      </Actions>
      {lignes.length === 0 ? (
        <EmptyState titre="Aucune liste pour l’instant">Un tableau d’un tableur suffit : enregistrez-le au format CSV.</EmptyState>
      ) : (
        <Table
          caption="Les listes de la collectivité"
          captionHidden
          rows={lignes}
          rowKey={ligne => ligne.href}
          columns={[
            { titre: 'Liste', cellule: ({ nom, href }) => <a href={href}>{nom}</a> },
            { titre: 'Origine', cellule: ({ nature }) => nature },
            { titre: 'Contenu', cellule: ({ contenu }) => contenu },
            { titre: 'Modifiée le', cellule: ({ date }) => date },
          ]}
        />
      )}
      <h2>Adresses</h2>
      <p>{adresses}</p>
    </>
  )
}
