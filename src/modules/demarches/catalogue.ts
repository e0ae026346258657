import { type Modele, schemaModele } from './demarche.ts'
import acteEtatCivil from './modeles/acte-etat-civil.json' with { type: 'json' }
import occupationDomainePublic from './modeles/occupation-domaine-public.json' with { type: 'json' }
import restaurationScolaire from './modeles/restauration-scolaire.json' with { type: 'json' }

/** The templates shipped with the program, in the order shown. Read once: a wrong one prevents starting. */
export const modeles: readonly Modele[] = [acteEtatCivil, restaurationScolaire, occupationDomainePublic].map(modele =>
  schemaModele.parse(modele),
)
