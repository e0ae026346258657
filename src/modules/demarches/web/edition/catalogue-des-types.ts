import { definitions } from '../../../formulaires/index.ts'

type Nom = definitions.NomDeType

/** The types of questions as an agent looks for them, each with what it looks like. A type that is in no group comes last. */
const groupes: readonly (readonly [titre: string, types: Partial<Record<Nom, string>>])[] = [
  [
    'Écrire',
    {
      texte: 'Une ligne : un nom, un objet.',
      texte_long: 'Plusieurs lignes : une explication.',
      courriel: 'Une ligne, vérifiée : nom@exemple.fr.',
      telephone: 'Dix chiffres, outre-mer compris.',
    },
  ],
  [
    'Choisir',
    {
      oui_non: 'Deux boutons : Oui, Non.',
      choix: 'Une réponse parmi une liste à vous.',
      choix_multiple: 'Des cases : plusieurs réponses possibles.',
      choix_lies: 'Deux listes : la seconde dépend de la première.',
      civilite: 'Madame, Monsieur, ou ne pas répondre.',
    },
  ],
  [
    'Compter et dater',
    {
      entier: 'Un nombre sans virgule : 12.',
      decimal: 'Un nombre à virgule : 12,5.',
      montant: 'Des euros : 12,50 €.',
      date: 'Trois cases : jour, mois, année.',
      date_heure: 'Une date, puis une heure.',
    },
  ],
  [
    'Situer',
    {
      adresse: 'Quatre lignes : rue, complément, code postal, commune.',
      lieu: 'Une adresse, une description (devant la mairie), ou un point choisi sur une carte.',
      commune: 'Un nom ou un code postal, puis une liste officielle.',
      code_postal: 'Cinq chiffres.',
      departement: 'Un département, de la liste officielle.',
      region: 'Une région, de la liste officielle.',
      epci: 'Une intercommunalité, de la liste officielle.',
      pays: 'Un pays, de la liste officielle.',
    },
  ],
  [
    'Identifier',
    {
      iban: 'Un compte bancaire ; la clé est vérifiée.',
      siret: 'Une entreprise : quatorze chiffres vérifiés.',
      rna: 'Une association : W et neuf chiffres.',
      nir: 'Le numéro de sécurité sociale. À demander seulement si la loi le permet.',
    },
  ],
  [
    'Joindre et s’engager',
    {
      piece: 'Un fichier : PDF ou photo.',
      case: 'Une case à cocher : J’accepte le règlement.',
      attestation: 'Une phrase à certifier, et un nom.',
    },
  ],
  [
    'Sans réponse',
    {
      section: 'Un titre qui regroupe les questions qui le suivent.',
      explication: 'Un texte à lire.',
      calcul: 'Une valeur calculée : un prix, un total.',
    },
  ],
]

/** The groups of the page where a type is chosen. */
export function groupesDeTypes(): { titre: string; types: { nom: Nom; libelle: string; exemple: string }[] }[] {
  const named = (nom: Nom, exemple: string) => ({ nom, libelle: definitions.types[nom].nom, exemple })
  const known = groupes.map(([titre, types]) => ({
    titre,
    types: Object.entries(types).map(([nom, exemple]) => named(nom as Nom, exemple)),
  }))
  const seen = new Set(known.flatMap(({ types }) => types.map(({ nom }) => nom)))
  const others = (Object.keys(definitions.types) as Nom[]).filter(nom => !seen.has(nom))
  return others.length === 0
    ? known
    : [...known, { titre: 'Vos listes', types: others.map(nom => named(nom, 'Une liste de la collectivité.')) }]
}

export const estUnType = (nom: string): nom is Nom => Object.hasOwn(definitions.types, nom)
