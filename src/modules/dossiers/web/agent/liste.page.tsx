import type { VNode } from 'preact'
import {
  Details,
  EmptyState,
  Filters,
  KeyFigures,
  type Lien,
  ListKeys,
  Notice,
  Pagination,
  Select,
  type SelectOption,
  Table,
  Tag,
  TextInput,
  type Tone,
} from '../../../../ui/index.ts'
import { Case, ChoisirPlusieurs, type ChoixDeLot } from './lot-choix.tsx'

/** A dossier of the list, in words. */
export interface DossierListe {
  readonly id: string
  readonly href: string
  readonly nom: string
  readonly reference: string
  readonly version: number
  readonly demarche: string
  readonly etat: string
  readonly ton: Tone
  readonly agent: string
  /** Since when it waits, and what comes when. */
  readonly delais: string
  readonly nonLus: number
  /** Of the columns chosen, in their order. */
  readonly valeurs: readonly string[]
}

export interface ListeProps {
  readonly action: string
  /** The list without any filter. */
  readonly tout: string
  readonly comptes: readonly { readonly libelle: string; readonly nombre: string; readonly href: string }[]
  readonly choisi: { readonly q: string; readonly demarche: string; readonly qui: string; readonly tri: string }
  /** What else is asked, kept when the form is sent. */
  readonly caches: readonly (readonly [name: string, value: string])[]
  readonly demarches: readonly SelectOption[]
  readonly quis: readonly SelectOption[]
  readonly tris: readonly SelectOption[]
  readonly vues: readonly (Lien & { readonly estChoisie: boolean })[]
  readonly filtresHref: string
  readonly exportHref: string
  /** What may be done to several at once. */
  readonly lot: ChoixDeLot
  /** Why the choice made could not be followed. */
  readonly refus: string | undefined
  readonly vuesHref: string
  /** What is asked, each with the address of the list without it. */
  readonly conditions: readonly { readonly texte: string; readonly sans: string }[]
  /** Fields that the view names and that the démarche no longer has. */
  readonly perdus: readonly string[]
  readonly fait: string | undefined
  readonly colonnes: readonly string[]
  readonly legende: string
  readonly dossiers: readonly DossierListe[]
  readonly page: number
  readonly pages: number
  readonly total: string
  readonly hrefDePage: (page: number) => string
  /** Where what is out of the lists waits, for who may bring it back. */
  readonly corbeille: string | undefined
  /** Why nothing is shown, and what to do. */
  readonly vide: { readonly titre: string; readonly texte: string }
  readonly isFiltered: boolean
}

/** The list of dossiers: counts by state, views, filters, one line a dossier. */
export function ListeDesDossiers(props: ListeProps): VNode {
  const { comptes, dossiers, vide, fait, refus, perdus } = props
  return (
    <>
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      {refus && (
        <Notice tone="danger" live>
          {refus}
        </Notice>
      )}
      <KeyFigures
        figures={comptes.map(({ libelle, nombre, href }) => ({
          libelle,
          valeur: (
            <a href={href} aria-label={`${libelle} : ${nombre}`}>
              {nombre}
            </a>
          ),
        }))}
      />
      <Vues {...props} />
      <Recherche {...props} />
      {perdus.length > 0 && (
        <Notice tone="attention">
          La démarche n’a plus {perdus.length > 1 ? 'ces questions' : 'cette question'} : {perdus.join(', ')}. La liste est montrée sans.
        </Notice>
      )}
      <Conditions {...props} />
      {dossiers.length === 0 ? <EmptyState titre={vide.titre}>{vide.texte}</EmptyState> : <Dossiers {...props} />}
    </>
  )
}

function Vues({ vues, vuesHref, filtresHref, exportHref }: ListeProps): VNode {
  return (
    <nav class="inline-links" aria-label="Vues et filtres">
      {vues.map(({ texte, href, estChoisie }) => (
        <a key={href} href={href} aria-current={estChoisie ? 'page' : undefined}>
          {texte}
        </a>
      ))}
      <a href={vuesHref}>Enregistrer ou gérer les vues</a>
      <a href={filtresHref}>Plus de filtres, colonnes</a>
      <a href={exportHref}>Exporter</a>
    </nav>
  )
}

function Recherche({ action, tout, choisi, caches, demarches, quis, tris, isFiltered }: ListeProps): VNode {
  return (
    <Filters action={action} effacer={isFiltered ? tout : undefined}>
      {caches.map(([name, value]) => (
        <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
      ))}
      <TextInput name="q" label="Nom, référence ou mot du dossier" value={choisi.q} type="search" autocomplete="off" spellcheck={false} />
      <Select name="demarche" label="Démarche" options={demarches} value={choisi.demarche} vide="Toutes" />
      <Select name="qui" label="En charge" options={quis} value={choisi.qui} vide="Tous" />
      <Select name="tri" label="Trier par" options={tris} value={choisi.tri} vide={false} />
    </Filters>
  )
}

function Conditions({ conditions }: ListeProps): VNode | null {
  if (conditions.length === 0) return null
  return (
    <ul class="inline-links">
      {conditions.map(({ texte, sans }) => (
        <li key={texte}>
          {texte}{' '}
          <a href={sans} aria-label={`Retirer : ${texte}`}>
            Retirer
          </a>
        </li>
      ))}
    </ul>
  )
}

function Dossiers({ choisi, lot, legende, dossiers, colonnes, page, pages, total, hrefDePage, corbeille }: ListeProps): VNode {
  return (
    <>
      <ListKeys>
        <ChoisirPlusieurs lot={lot}>
          <Table
            caption={legende}
            rows={dossiers}
            rowKey={dossier => dossier.id}
            columns={[
              { titre: 'Demande', cellule: demande(lot.coches) },
              // Of one démarche only, its name says nothing.
              ...(choisi.demarche ? [] : [{ titre: 'Démarche', cellule: ({ demarche }: DossierListe) => demarche }]),
              { titre: 'État', cellule: ({ etat, ton }) => <Tag tone={ton}>{etat}</Tag> },
              { titre: 'En charge', cellule: ({ agent }) => agent },
              { titre: 'Délais', cellule: ({ delais }) => delais },
              ...colonnes.map((titre, rang) => ({ titre, cellule: ({ valeurs }: DossierListe) => valeurs[rang] || '–' })),
            ]}
          />
        </ChoisirPlusieurs>
      </ListKeys>
      <Pagination page={page} pages={pages} href={hrefDePage} total={total} />
      {corbeille && (
        <p>
          <a href={corbeille}>Corbeille</a>
        </p>
      )}
      <Details titre="Au clavier">
        <p>
          <kbd>j</kbd> et <kbd>k</kbd> vont au dossier suivant et au précédent, <kbd>Entrée</kbd> l’ouvre, <kbd>/</kbd> va à la recherche.
        </p>
      </Details>
    </>
  )
}

const demande =
  (coche: boolean) =>
  ({ id, version, href, nom, reference, nonLus }: DossierListe): VNode => (
    <>
      <Case id={id} version={version} nom={`${nom} ${reference}`} coche={coche} />
      <a href={href}>
        {nom} {reference}
      </a>
      {nonLus > 0 && ` · ${nonLus === 1 ? '1 message non lu' : `${nonLus} messages non lus`}`}
    </>
  )
