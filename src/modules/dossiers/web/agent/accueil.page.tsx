import type { VNode } from 'preact'
import { Actions, ButtonLink, EmptyState, KeyFigures, type Lien, ListKeys, Table, Tag } from '../../../../ui/index.ts'
import type { DossierListe } from './liste.page.tsx'

export interface AccueilProps {
  readonly quis: readonly (Lien & { readonly estChoisi: boolean })[]
  /** The reasons to act that some dossier has, the most urgent first. */
  readonly groupes: readonly { readonly libelle: string; readonly nombre: string; readonly href: string }[]
  readonly premiers: readonly (DossierListe & { readonly pourquoi: string })[]
  /** How many dossiers wait for a decision in all. */
  readonly enCours: number
  /** Nothing was ever filed. */
  readonly isEmpty: boolean
  readonly dossiersHref: string
  readonly echeancesHref: string
}

/** The agent's day: what to do first, and why. */
export function Accueil(props: AccueilProps): VNode {
  const { quis, groupes, premiers, dossiersHref, echeancesHref } = props
  return (
    <>
      <nav class="inline-links" aria-label="Pour qui">
        {quis.map(({ texte, href, estChoisi }) => (
          <a key={href} href={href} aria-current={estChoisi ? 'page' : undefined}>
            {texte}
          </a>
        ))}
      </nav>
      {groupes.length > 0 && (
        <KeyFigures
          figures={groupes.map(({ libelle, nombre, href }) => ({
            libelle,
            valeur: (
              <a href={href} aria-label={`${libelle} : ${nombre}`}>
                {nombre}
              </a>
            ),
          }))}
        />
      )}
      {premiers.length === 0 ? <Rien {...props} /> : <Premiers premiers={premiers} />}
      <Actions>
        <ButtonLink href={dossiersHref} tone="secondary">
          Tous les dossiers à traiter
        </ButtonLink>
        <ButtonLink href={echeancesHref} tone="secondary">
          Échéances du silence
        </ButtonLink>
      </Actions>
    </>
  )
}

function Rien({ isEmpty, enCours }: AccueilProps): VNode {
  if (isEmpty)
    return <EmptyState titre="Aucun dossier pour l’instant">Les demandes déposées par les habitants apparaîtront ici.</EmptyState>
  return (
    <EmptyState titre="Tout est à jour, bravo">
      {enCours === 0
        ? 'Toutes les demandes reçues ont leur réponse.'
        : 'Rien ne presse : aucune réponse, aucun message et aucune échéance proche ne vous attend.'}
    </EmptyState>
  )
}

function Premiers({ premiers }: Pick<AccueilProps, 'premiers'>): VNode {
  return (
    <ListKeys>
      <Table
        caption="Par où commencer"
        rows={premiers}
        rowKey={({ id }) => id}
        columns={[
          {
            titre: 'Demande',
            cellule: ({ href, nom, reference }) => (
              <a href={href}>
                {nom} <span class="insecable">{reference}</span>
              </a>
            ),
          },
          { titre: 'Pourquoi', cellule: ({ pourquoi }) => pourquoi },
          { titre: 'Démarche', cellule: ({ demarche }) => demarche },
          { titre: 'État', cellule: ({ etat, ton }) => <Tag tone={ton}>{etat}</Tag> },
          { titre: 'En charge', cellule: ({ agent }) => agent },
        ]}
      />
    </ListKeys>
  )
}
