import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

export interface TimelineEvent {
  /** As it is read: « 3 mars 2026 à 14 h 05 ». */
  date: string
  /** For machines: an ISO 8601 date or instant. */
  dateIso: string
  titre: string
  texte?: Contenu
  auteur?: string | undefined
}

/** What happened, in the order given. */
export function Timeline({ events }: { events: readonly TimelineEvent[] }): VNode {
  return (
    <ol class="timeline">
      {events.map(({ date, dateIso, titre, texte, auteur }) => (
        <li key={dateIso + titre}>
          <strong>{titre}</strong>
          <p class="meta">
            <time dateTime={dateIso}>{date}</time>
            {auteur && ` · ${auteur}`}
          </p>
          {texte && <p>{texte}</p>}
        </li>
      ))}
    </ol>
  )
}
