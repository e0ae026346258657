/** The door of the module: what a démarche is, and the templates shipped. */
export { modeles } from './catalogue.ts'
export { publierCatalogue } from './commands/publier-catalogue.ts'
export { checkModele, envDe, type Modele, schemaModele, silenceDate } from './demarche.ts'
export { type EvenementDeVie, evenementsDeVie } from './evenements-de-vie.ts'
export { type Exemple, exemples, jouerExemple } from './exemples.ts'
export { type Demarche, demarche, demarchesOuvertes, lireDemarche, modelePublie } from './queries/demarches.ts'
export { texteDecision } from './texte-decision.ts'
