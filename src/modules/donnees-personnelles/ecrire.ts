import type { Registre } from './registre.ts'

const RUBRIQUES = [
  ['Finalités', 'finalites'],
  ['Base légale', 'base'],
  ['Personnes concernées', 'personnes'],
  ['Données', 'donnees'],
  ['Destinataires', 'destinataires'],
  ['Durées et sort final', 'durees'],
] as const

/** The register's rows of a processing, in the order in which they are read. */
export const rubriques = RUBRIQUES

/** The register as Markdown, to keep beside the collectivité's other processings. */
export function enMarkdown(registre: Registre, le: string): string {
  const list = (lines: readonly string[]) => lines.map(line => `- ${line}`).join('\n')
  return [
    `# Registre des activités de traitement : ${registre.responsable}`,
    `Article 30 du règlement général sur la protection des données. Produit le ${le} d’après le programme et les démarches publiées.`,
    `## Responsable du traitement\n\n${list([registre.responsable, ...registre.contact])}`,
    ...registre.traitements.map(
      found => `## ${found.nom}\n\n${RUBRIQUES.map(([titre, key]) => `**${titre}**\n\n${list(found[key])}`).join('\n\n')}`,
    ),
    `## Mesures de sécurité\n\n${list(registre.mesures)}`,
    `## Transferts\n\n${registre.transferts}\n`,
  ].join('\n\n')
}

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, char => `&#${char.charCodeAt(0)};`)

/** The same as one HTML file that stands alone. */
export function enHtml(registre: Registre, le: string): string {
  const list = (lines: readonly string[]) => `<ul>${lines.map(line => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`
  const titre = `Registre des activités de traitement : ${escapeHtml(registre.responsable)}`
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${titre}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}h3{margin-bottom:0}</style></head><body><h1>${titre}</h1>
<p>Article 30 du règlement général sur la protection des données. Produit le ${escapeHtml(le)}.</p><h2>Responsable du traitement</h2>${list([registre.responsable, ...registre.contact])}
${registre.traitements.map(found => `<h2>${escapeHtml(found.nom)}</h2>${RUBRIQUES.map(([name, key]) => `<h3>${name}</h3>${list(found[key])}`).join('')}`).join('\n')}
<h2>Mesures de sécurité</h2>${list(registre.mesures)}<h2>Transferts</h2><p>${escapeHtml(registre.transferts)}</p></body></html>
`
}
