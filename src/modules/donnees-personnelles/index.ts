/** The door of donnees-personnelles: the register of processing. */
export { enHtml, enMarkdown } from './ecrire.ts'
export { registreDeLaCollectivite, tablesDe } from './queries/registre.ts'
