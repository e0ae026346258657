import type { VNode } from 'preact'
import { EmptyState, Notice, type NoticeProps, Pagination, Table } from '../../../../ui/index.ts'

export interface JournalProps {
  readonly href: string
  readonly entrees: readonly {
    readonly rang: number
    readonly date: string
    readonly qui: string
    readonly quoi: string
    readonly objet: string
    readonly href: string | undefined
  }[]
  readonly page: number
  readonly pages: number
  readonly total: string
  readonly verification: (Pick<NoticeProps, 'tone' | 'title'> & { readonly texte: string }) | undefined
}

/** Who did what and when, newest first. */
export function Journal({ href, entrees, page, pages, total, verification }: JournalProps): VNode {
  return (
    <>
      <p>
        Chaque action et chaque lecture d’un dossier laisse ici une trace. Aucune ne peut être modifiée sans que la vérification le voie.
      </p>
      {verification && (
        <Notice tone={verification.tone} title={verification.title} live>
          {verification.texte}
        </Notice>
      )}
      <p>
        <a href={`${href}?verifier=1`}>Vérifier tout le journal</a>
      </p>
      {entrees.length === 0 ? (
        <EmptyState titre="Aucune entrée pour l’instant">La première action d’un agent ou d’un habitant apparaîtra ici.</EmptyState>
      ) : (
        <Table
          caption="Journal, du plus récent au plus ancien"
          rows={entrees}
          rowKey={entree => String(entree.rang)}
          columns={[
            { titre: 'Date', cellule: ({ date }) => date },
            { titre: 'Qui', cellule: ({ qui }) => qui },
            { titre: 'Action', cellule: ({ quoi }) => quoi },
            { titre: 'Sur', cellule: ({ objet, href: to }) => (to ? <a href={to}>{objet}</a> : objet) },
            { titre: 'Numéro', nombre: true, cellule: ({ rang }) => rang },
          ]}
        />
      )}
      <Pagination page={page} pages={pages} href={to => `${href}?page=${to}`} total={total} />
    </>
  )
}
