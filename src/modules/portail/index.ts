/** The door of portail: the page of a refusal, which the server shows. */
export { errorPage } from './web/erreur.page.tsx'
