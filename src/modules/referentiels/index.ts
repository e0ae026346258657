/** The door of referentiels: who makes the look-ups of forms, and the lists that questions can use. */
export { chargerRegistres } from './commands/charger-registres.ts'
export { type ImportAdresses, importerAdresses } from './commands/importer-adresses.ts'
export { chercheurDe } from './queries/chercheur.ts'
export { type ListeOfferte, listesDe } from './queries/listes.ts'
