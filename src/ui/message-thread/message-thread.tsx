import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import type { Lien } from '../types.ts'

export interface Message {
  auteur: string
  date: string
  dateIso: string
  /** Plain text; line breaks are kept. */
  texte: string
  /** Written by the reader of the page. */
  deMoi?: boolean | undefined
  pieces?: readonly Lien[] | undefined
}

/** What the usager and the mairie wrote to each other, oldest first. */
export function MessageThread({ messages }: { messages: readonly Message[] }): VNode {
  return (
    <ol class="thread">
      {messages.map(({ auteur, date, dateIso, texte, deMoi, pieces = [] }) => (
        <li key={dateIso + auteur} class={deMoi ? 'mine' : undefined}>
          <p class="meta">
            <strong>{deMoi ? `${auteur} (vous)` : auteur}</strong> · <time dateTime={dateIso}>{date}</time>
          </p>
          <p class="plain">{texte}</p>
          {pieces.map(({ texte: nom, href }) => (
            <a key={href} href={safeUrl(href)}>
              {nom}
            </a>
          ))}
        </li>
      ))}
    </ol>
  )
}
