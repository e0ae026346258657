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
  /** Whether the other side read it, in words: « Lu le 3 mars 2026 à 14:05 ». */
  lu?: string | undefined
}

/** What the usager and the mairie wrote to each other, oldest first. */
export function MessageThread({ messages }: { messages: readonly Message[] }): VNode {
  return (
    <ol class="thread">
      {messages.map(({ auteur, date, dateIso, texte, deMoi, pieces = [], lu }) => (
        <li key={dateIso + auteur} class={deMoi ? 'mine' : undefined}>
          <p class="meta">
            <strong>{deMoi ? `${auteur} (vous)` : auteur}</strong> · <time dateTime={dateIso}>{date}</time>
            {lu && ` · ${lu}`}
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
