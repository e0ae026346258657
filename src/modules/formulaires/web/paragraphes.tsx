import type { VNode } from 'preact'

/** A plain text of several lines: one paragraph a line. */
export function Paragraphes({ texte }: { texte: string }): VNode {
  const lines = texte.split('\n').filter(line => line.trim() !== '')
  return (
    <>
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
    </>
  )
}

/** A plain text whose lines stay one under the other: an address. */
export function Lignes({ texte }: { texte: string }): VNode {
  return <>{texte.split('\n').flatMap((line, rank) => (rank === 0 ? [line] : [<br key={`${rank}`} />, line]))}</>
}
