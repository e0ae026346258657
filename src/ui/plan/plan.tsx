import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import { Choice, choiceId } from '../field/choice.tsx'
import { GroupField } from '../field/field.tsx'
import type { Contenu, FieldProps } from '../types.ts'

/** An ordered list of things to arrange: pages, or (`etape`) the questions of one, which the script lets drag. Inside a form. */
export function Plan({ pages, etape, children }: { pages?: boolean; etape?: string | undefined; children: Contenu }): VNode {
  return (
    <ol class={pages ? 'plan plan-pages' : 'plan'} data-module={etape ? 'plan' : undefined} data-etape={etape}>
      {children}
    </ol>
  )
}

export interface PlanRowProps {
  id: string
  href: string
  texte: string
  description: string
  /** Id of what is dragged; none for what stays. */
  element?: string | undefined
  /** The page that is unfolded: its name is a heading. */
  ouverte?: boolean | undefined
  /** Its buttons, and what it holds. */
  children?: Contenu
}

/** One line: a link, what it is in a sentence, its buttons. */
export function PlanRow({ id, href, texte, description, element, ouverte, children }: PlanRowProps): VNode {
  const link = <a href={safeUrl(href)}>{texte}</a>
  return (
    <li id={id} data-element={element} class={ouverte ? 'open' : undefined}>
      {ouverte ? <h3>{link}</h3> : link}
      <span class="hint">{description}</span>
      {children}
    </li>
  )
}

export interface TypeChoicesProps extends FieldProps {
  value?: string | undefined
  groups: readonly { titre: string; types: readonly { nom: string; libelle: string; exemple: string }[] }[]
}

/** One choice among many, in groups, each with an example: three columns on a wide screen. */
export function TypeChoices({ value, groups, ...field }: TypeChoicesProps): VNode {
  let rank = 0
  return (
    <GroupField {...field}>
      <div class="type-choices">
        {groups.map(({ titre, types }) => (
          <div key={titre}>
            <strong>{titre}</strong>
            {types.map(({ nom, libelle, exemple }) => (
              <Choice
                key={nom}
                type="radio"
                id={choiceId(field.name, rank++)}
                name={field.name}
                value={nom}
                checked={nom === value}
                label={libelle}
                hint={exemple}
              />
            ))}
          </div>
        ))}
      </div>
    </GroupField>
  )
}
