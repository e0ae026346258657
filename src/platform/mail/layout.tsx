import type { VNode } from 'preact'
import { renderDocument } from '../html/render.ts'
import { safeUrl } from '../html/safe-url.ts'

/** A paragraph: plain text, an address to follow alone on its line, or something to note down. */
export type Paragraphe =
  | string
  | { readonly lien: { readonly texte: string; readonly href: string } }
  | { readonly reference: { readonly intitule: string; readonly valeur: string } }

export interface MessageContent {
  readonly titre: string
  readonly paragraphes: readonly Paragraphe[]
  readonly emetteur: { readonly nom: string; readonly telephone?: string | undefined; readonly adresse?: string | undefined }
  readonly demonstration: boolean
}

const warning = 'DÉMONSTRATION – message fictif sans valeur'
const nbsp = '\u00a0'

/** The two forms of a message, saying the same: plain text, and light HTML (no image, no table, nothing loaded, 2 to 3 kB). */
export function layoutMessage(content: MessageContent): { text: string; html: string } {
  return { text: asText(content), html: renderDocument(<Message {...content} />) }
}

function asText({ titre, paragraphes, emetteur, demonstration }: MessageContent): string {
  const parts = [
    ...(demonstration ? [warning] : []),
    `${titre}\n${'='.repeat(Math.min(72, [...titre].length))}`,
    ...paragraphes.map(part => {
      if (typeof part === 'string') return part
      if ('lien' in part) return `${part.lien.texte}${nbsp}:\n${safeUrl(part.lien.href).replace(/\s/g, '')}`
      return `${part.reference.intitule}${nbsp}: ${part.reference.valeur}`
    }),
    // RFC 3676 §4.3: « -- » and a space open the signature.
    ['-- ', emetteur.nom, ...contactOf(emetteur)].join('\n'),
  ]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what no mail reader should be given
  return `${parts.join('\n\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')}\n`
}

function contactOf({ telephone, adresse }: MessageContent['emetteur']): string[] {
  return [...(adresse ? [adresse] : []), ...(telephone ? [`Téléphone${nbsp}: ${telephone}`] : [])]
}

const styles = `:root{color-scheme:light dark}
body{margin:0;padding:24px 16px;font:17px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
.m{max-width:36em;margin:0 auto}
h1{font-size:1.35em;line-height:1.25;margin:0 0 1em}
p{margin:0 0 1.1em;white-space:pre-line;overflow-wrap:anywhere}
.l a{display:inline-block;padding:.6em 1.1em;border:2px solid;border-radius:4px;font-weight:600}
.r{border-left:4px solid;padding:.1em 0 .1em .9em}
.r strong{font-size:1.15em;letter-spacing:.03em}
.d{font-weight:600;border:1px solid;border-radius:4px;padding:.35em .7em}
footer{margin-top:2em;padding-top:1em;border-top:1px solid;font-size:.9em}`

function Message({ titre, paragraphes, emetteur, demonstration }: MessageContent): VNode {
  return (
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>{titre}</title>
        <style>{styles}</style>
      </head>
      <body>
        <div class="m">
          <main>
            {demonstration && <p class="d">{warning}</p>}
            <h1>{titre}</h1>
            {paragraphes.map(part => (
              <Part part={part} />
            ))}
          </main>
          <footer>
            <p>{[emetteur.nom, ...contactOf(emetteur)].join('\n')}</p>
          </footer>
        </div>
      </body>
    </html>
  )
}

function Part({ part }: { part: Paragraphe }): VNode {
  if (typeof part === 'string') return <p>{part}</p>
  if ('lien' in part) {
    return (
      <p class="l">
        <a href={safeUrl(part.lien.href)}>{part.lien.texte}</a>
      </p>
    )
  }
  return (
    <p class="r">
      {part.reference.intitule}
      {nbsp}:<br />
      <strong>{part.reference.valeur}</strong>
    </p>
  )
}
