/** The door of the module: what a démarche is, and the templates shipped. */
/** What people think of a démarche: `avis.donnerAvis`, `avis.moyennePublique` … */
export * as avis from './avis.ts'
/** Démarches in a list to choose from: `choixDeDemarches.options`. */
export * as choixDeDemarches from './choix.ts'
export { garderDefinition } from './commands/garder-definition.ts'
export { publierCatalogue } from './commands/publier-catalogue.ts'
/** The boxes of a page in which an agent builds a condition: `conditions.lireCondition` … */
export * as conditions from './conditions.ts'
export { checkModele, envDe, type Modele, serviceDe, silenceDate } from './demarche.ts'
export { illustrerPartage } from './demonstration.ts'
/** Versions of a démarche: `edition.reporter` … */
export * as edition from './edition/index.ts'
export { type EvenementDeVie, evenementsDeVie } from './evenements-de-vie.ts'
export type { Exemple } from './exemples.ts'
/** The templates and the sample answers shipped, on demand: a megabyte that who serves does not need. */
export const livre = () => import('./livre.ts')
export { versFichier } from './fichier.ts'
export { copieDe } from './queries/copie.ts'
export { demarchesDe as toutesLesDemarches } from './queries/demarches.ts'
export {
  type Demarche,
  demarche,
  demarcheConnue,
  demarchesOuvertes,
  formulaireDesAgents,
  lireDemarche,
  modelePublie,
  revisionDe,
} from './queries/publiques.ts'
export { chercher } from './recherche.ts'
/** Texts with marks in place of answers: `textes.remplir` … */
export * as textes from './texte-decision.ts'
/** What a démarche declares of personal data: `traitement.traitementDe`, `traitement.dureeEnMots` … */
export * as traitement from './traitement.ts'
