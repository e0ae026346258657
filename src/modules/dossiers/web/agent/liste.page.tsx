import type { VNode } from 'preact'
import {
  EmptyState,
  Filters,
  KeyFigures,
  Pagination,
  Select,
  type SelectOption,
  Table,
  Tag,
  TextInput,
  type Tone,
} from '../../../../ui/index.ts'

/** A dossier of the list, in words. */
export interface DossierListe {
  readonly id: string
  readonly href: string
  readonly nom: string
  readonly reference: string
  readonly demarche: string
  readonly etat: string
  readonly ton: Tone
  readonly agent: string
  /** Since when it waits, and what comes when. */
  readonly delais: string
  readonly nonLus: number
}

export interface ListeProps {
  readonly action: string
  readonly comptes: readonly { readonly libelle: string; readonly nombre: string; readonly href: string }[]
  readonly choisi: { readonly q: string; readonly etat: string; readonly demarche: string; readonly service: string; readonly tri: string }
  readonly demarches: readonly SelectOption[]
  /** Services in charge, when there is more than one and few enough to choose from. */
  readonly services: readonly SelectOption[]
  readonly tris: readonly SelectOption[]
  readonly legende: string
  readonly dossiers: readonly DossierListe[]
  readonly page: number
  readonly pages: number
  readonly total: string
  readonly hrefDePage: (page: number) => string
  /** Why nothing is shown, and what to do. */
  readonly vide: { readonly titre: string; readonly texte: string }
  readonly isFiltered: boolean
}

/** The list of dossiers: counts by state, filters, one line a dossier. */
export function ListeDesDossiers(props: ListeProps): VNode {
  const { action, comptes, choisi, demarches, services, tris, dossiers, vide, isFiltered } = props
  return (
    <>
      <KeyFigures
        figures={comptes.map(({ libelle, nombre, href }) => ({
          libelle,
          valeur: (
            <a href={href} aria-label={`${libelle} : ${nombre}`}>
              {nombre}
            </a>
          ),
        }))}
      />
      <Filters action={action} effacer={isFiltered ? action : undefined}>
        {choisi.etat && <input type="hidden" name="etat" value={choisi.etat} />}
        <TextInput name="q" label="Nom, référence ou démarche" value={choisi.q} type="search" autocomplete="off" spellcheck={false} />
        <Select name="demarche" label="Démarche" options={demarches} value={choisi.demarche} vide="Toutes" />
        {services.length > 1 && services.length <= 15 && (
          <Select name="service" label="Service" options={services} value={choisi.service} vide="Tous" />
        )}
        <Select name="tri" label="Trier par" options={tris} value={choisi.tri} vide={false} />
      </Filters>
      {dossiers.length === 0 ? <EmptyState titre={vide.titre}>{vide.texte}</EmptyState> : <Dossiers {...props} />}
    </>
  )
}

function Dossiers({ legende, dossiers, page, pages, total, hrefDePage }: ListeProps): VNode {
  return (
    <>
      <Table
        caption={legende}
        rows={dossiers}
        rowKey={dossier => dossier.id}
        columns={[
          { titre: 'Demande', cellule: demande },
          { titre: 'Démarche', cellule: ({ demarche }) => demarche },
          { titre: 'État', cellule: ({ etat, ton }) => <Tag tone={ton}>{etat}</Tag> },
          { titre: 'En charge', cellule: ({ agent }) => agent },
          { titre: 'Délais', cellule: ({ delais }) => delais },
        ]}
      />
      <Pagination page={page} pages={pages} href={hrefDePage} total={total} />
    </>
  )
}

const demande = ({ href, nom, reference, nonLus }: DossierListe): VNode => (
  <>
    <a href={href}>
      {nom} {reference}
    </a>
    {nonLus > 0 && ` · ${nonLus === 1 ? '1 message non lu' : `${nonLus} messages non lus`}`}
  </>
)
