import { definitions } from '../../../formulaires/index.ts'

/** How a property of a question is asked for. */
export type Saisie = 'ligne' | 'liste' | 'texte' | 'nombre' | 'ouiNon' | 'lignes' | 'sortes' | 'borne' | 'options' | 'calcul'

export interface Propriete {
  readonly nom: string
  readonly libelle: string
  readonly aide?: string
  readonly saisie: Saisie
  /** Without it the question cannot be. */
  readonly obligatoire?: boolean
}

/** What is asked for each property, by its name: a type of question says which it has by its schema, nothing is said twice. */
const connues: readonly Propriete[] = [
  { nom: 'texte', libelle: 'Le texte à lire', saisie: 'texte', obligatoire: true },
  { nom: 'options', libelle: 'Les réponses proposées', saisie: 'options' },
  { nom: 'minimum', libelle: 'Nombre de réponses, au moins', saisie: 'nombre' },
  { nom: 'maximum', libelle: 'Nombre de réponses, au plus', saisie: 'nombre' },
  { nom: 'longueurMax', libelle: 'Nombre de caractères, au plus', saisie: 'nombre' },
  { nom: 'unite', libelle: 'Unité', aide: 'Par exemple : jours, m², personnes.', saisie: 'ligne' },
  { nom: 'decimales', libelle: 'Chiffres après la virgule', saisie: 'nombre' },
  { nom: 'min', libelle: 'Valeur, au moins', saisie: 'borne' },
  { nom: 'max', libelle: 'Valeur, au plus', saisie: 'borne' },
  { nom: 'sortes', libelle: 'Fichiers acceptés', saisie: 'sortes' },
  { nom: 'nombreMax', libelle: 'Nombre de fichiers, au plus', saisie: 'nombre' },
  {
    nom: 'identite',
    libelle: 'Est-ce une pièce d’identité ?',
    aide: 'Elle est effacée une fois la demande décidée.',
    saisie: 'ouiNon',
  },
  { nom: 'verifier', libelle: 'Chercher l’adresse dans les adresses de la commune', saisie: 'ouiNon' },
  {
    nom: 'referentiel',
    libelle: 'La liste où chercher',
    aide: 'Une liste importée ou déclarée par votre collectivité.',
    saisie: 'liste',
    obligatoire: true,
  },
  { nom: 'colonnes', libelle: 'Colonnes montrées à l’agent', aide: 'Une par ligne.', saisie: 'lignes' },
  { nom: 'expression', libelle: 'Le calcul', saisie: 'calcul' },
  { nom: 'explication', libelle: 'Comment cette valeur est trouvée', aide: 'Lu par l’habitant.', saisie: 'texte', obligatoire: true },
]

const nomsDe = (type: definitions.NomDeType): ReadonlySet<string> => {
  const shape: unknown = Reflect.get(definitions.types[type].schema, 'shape')
  return new Set(typeof shape === 'object' && shape !== null ? Object.keys(shape) : [])
}

/** The properties of a type that its page asks for, beyond those of every question. */
export const proprietesDuType = (type: definitions.NomDeType): Propriete[] => {
  const names = nomsDe(type)
  return connues.filter(({ nom }) => names.has(nom))
}

/** What a question loses when it takes another type, in words. */
export function pertes(champ: definitions.Champ): string[] {
  return proprietesDuType(champ.type)
    .filter(({ nom }) => Reflect.get(champ, nom) !== undefined)
    .map(({ libelle }) => libelle.toLowerCase())
}

/** What the browser may fill in by itself (HTML §4.10.18.7; WCAG 2.2, 1.3.5), by what people know of it. */
export const remplissages: readonly { value: string; label: string }[] = [
  { value: 'given-name', label: 'Prénom' },
  { value: 'family-name', label: 'Nom' },
  { value: 'name', label: 'Prénom et nom' },
  { value: 'email', label: 'Adresse électronique' },
  { value: 'tel', label: 'Téléphone' },
  { value: 'street-address', label: 'Adresse' },
  { value: 'postal-code', label: 'Code postal' },
  { value: 'address-level2', label: 'Commune' },
  { value: 'bday', label: 'Date de naissance' },
  { value: 'organization', label: 'Nom de l’organisme' },
]
