const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, char => `&#${char.charCodeAt(0)};`)

/**
 * Plain data as one HTML file that stands alone, readable by anybody and without script: names of the data in bold, lists as lists, dates as they
 * are stored (ISO 8601). Everything is escaped.
 */
export function versionHtml(titre: string, data: readonly unknown[]): string {
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(titre)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}dt{font-weight:600}dd{margin:0 0 .5rem 1rem}</style></head><body><h1>${escapeHtml(titre)}</h1>
${data.map(part => value(part)).join('\n<hr>\n')}
</body></html>
`
}

function value(data: unknown): string {
  if (data === null || data === undefined || data === '') return '–'
  if (data instanceof Date) return escapeHtml(data.toISOString())
  if (Array.isArray(data)) return data.length === 0 ? 'aucun' : `<ul>${data.map(item => `<li>${value(item)}</li>`).join('')}</ul>`
  if (typeof data !== 'object') return escapeHtml(String(data)).replace(/\n/g, '<br>')
  const entries = Object.entries(data)
  return entries.length === 0
    ? 'aucun'
    : `<dl>${entries.map(([name, inner]) => `<dt>${escapeHtml(name)}</dt><dd>${value(inner)}</dd>`).join('')}</dl>`
}
