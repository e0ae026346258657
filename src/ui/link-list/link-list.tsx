import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import type { Contenu, Lien } from '../types.ts'

export interface LinkItem extends Lien {
  description?: Contenu
}

/** Links one under another, each with a sentence if it needs one. */
export function LinkList({ items }: { items: readonly LinkItem[] }): VNode {
  return <ul class="links">{items.map(linkItem)}</ul>
}

/** The same as cards, two or three a row: a choice between a few subjects. The whole card is the link. */
export function CardList({ items }: { items: readonly LinkItem[] }): VNode {
  return <ul class="cards">{items.map(linkItem)}</ul>
}

export interface LinkGroup {
  titre: string
  items: readonly LinkItem[]
}

/** Lists of links under their headings, several a row on a wide screen: the démarches by life event. */
export function LinkGroups({ groups, niveau = 3 }: { groups: readonly LinkGroup[]; niveau?: 2 | 3 | undefined }): VNode {
  const Heading = `h${niveau}` as const
  return (
    <div class="groups">
      {groups.map(({ titre, items }) => (
        <section key={titre}>
          <Heading>{titre}</Heading>
          <LinkList items={items} />
        </section>
      ))}
    </div>
  )
}

const linkItem = ({ texte, href, description }: LinkItem): VNode => (
  <li key={href}>
    <a href={safeUrl(href)}>{texte}</a>
    {description && <p>{description}</p>}
  </li>
)
