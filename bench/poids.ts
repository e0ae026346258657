/** What a first visit of each public page weighs, in a browser: rows of docs/performance.md. */
import { ecoindex, noteEcoindex } from '../test/browser/ecoindex.ts'
import { pagesPubliques, peserPage } from '../test/builders/mesures.ts'
import { fermerLeNavigateur } from '../test/builders/navigateur.ts'
import { fermerLaDemonstration, laDemonstration } from '../test/builders/parvis.ts'

const { adresse, demonstration } = await laDemonstration()
console.log('| page | octets | requêtes | éléments | EcoIndex |')
console.log('|---|---|---|---|---|')
for (const [nom, path] of pagesPubliques(demonstration.communes[0]!.chemin)) {
  const { bytes, requests, elements } = await peserPage(adresse + path)
  const score = ecoindex(elements, bytes / 1000, requests)
  console.log(`| ${nom} | ${bytes.toLocaleString('fr-FR')} | ${requests} | ${elements} | ${score} ${noteEcoindex(score)} |`)
}
await fermerLeNavigateur()
await fermerLaDemonstration()
