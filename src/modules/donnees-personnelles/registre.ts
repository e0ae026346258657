import {
  type Classe,
  classes,
  type Donnees,
  estPersonnelle,
  type TableClassee,
  type Traitement,
  traitements,
} from '../../platform/personal-data.ts'
import { type Modele, traitement } from '../demarches/index.ts'

/** A line of the register: one processing, with what article 30 of the RGPD asks to write down. */
export interface TraitementDuRegistre {
  readonly nom: string
  readonly finalites: readonly string[]
  /** « RGPD 6.1.e : une mission d’intérêt public », then the texts of law. */
  readonly base: readonly string[]
  readonly personnes: readonly string[]
  readonly donnees: readonly string[]
  readonly destinataires: readonly string[]
  readonly durees: readonly string[]
}

export interface Registre {
  readonly responsable: string
  readonly contact: readonly string[]
  readonly traitements: readonly TraitementDuRegistre[]
  readonly mesures: readonly string[]
  readonly transferts: string
}

/** What a démarche is to the register. */
export interface DemarcheDeclaree {
  readonly modele: Modele
  readonly estOuverte: boolean
}

/** Measures of security (RGPD, articles 30.1.g and 32): each is something that the program does, and that a test watches. */
export const MESURES: readonly string[] = [
  'Chaque collectivité est séparée des autres dans la base : conditions écrites et sécurité des lignes forcée.',
  'Les fichiers sont chiffrés un par un (AES-256-GCM) ; la clé maîtresse est hors de la base. Effacer un fichier détruit sa clé.',
  'Les agents se connectent avec un mot de passe (argon2id) et un second facteur. Leurs droits sont relus à chaque requête.',
  'Un agent ne voit que les dossiers de sa portée : rôle, équipe, délégation datée et motivée.',
  'Chaque acte et chaque lecture d’un dossier entre dans un journal chaîné, que l’on vérifie. La personne voit qui a consulté son dossier.',
  'Les fichiers reçus sont contrôlés : type, contenu, antivirus s’il est configuré ; les images sont refaites sans leurs métadonnées.',
  'Les essais répétés sont freinés ; les secrets sont gardés sous forme d’empreintes ou scellés.',
  'Ce qui arrive à la fin de sa durée est annoncé, caché, puis effacé chaque nuit ; un effacement anormal attend une personne.',
]

/** Where the data asked by a type of question falls; the others are answers about the request. */
const CATEGORIES: readonly (readonly [RegExp, string])[] = [
  [/^(courriel|telephone|adresse|contact)/, 'coordonnées'],
  [/^(civilite|nom|prenom)/, 'identité'],
  [/^(date|date-?heure|heure)/, 'dates, dont des dates de naissance'],
  [/^(iban|bic|rib)/, 'coordonnées bancaires'],
  [/^(nir|numero-fiscal)/, 'numéros officiels d’une personne'],
  [/^(siret|siren|rna|immatriculation)/, 'numéros d’un organisme ou d’un véhicule'],
  [/^(commune|lieu)/, 'lieux'],
  [/^piece/, 'documents joints'],
  [/^(entier|nombre|montant|decimal|calcul|bareme)/, 'montants et nombres'],
]

/** The register of a collectivité: one processing a démarche offered, then those that every démarche shares. Pure. */
export function registreDe(
  collectivite: { readonly nom: string; readonly contact: readonly string[] },
  demarches: readonly DemarcheDeclaree[],
  tables: Donnees,
): Registre {
  return {
    responsable: collectivite.nom,
    contact: collectivite.contact,
    traitements: [...demarches.map(declare), ...communs(tables)],
    mesures: MESURES,
    transferts: 'Aucun transfert hors de l’Union européenne.',
  }
}

function declare({ modele, estOuverte }: DemarcheDeclaree): TraitementDuRegistre {
  const declared = traitement.traitementDe(modele)
  const { base, piecesDIdentite } = declared
  const services = [...new Set([modele.service, ...(modele.aiguillage ?? []).map(({ service }) => service)])]
  return {
    nom: `${modele.titre}${estOuverte ? '' : ' (fermée aux habitants)'}`,
    finalites: declared.finalites,
    base: [`RGPD, article ${base.article} : ${base.mots}`, ...modele.baseLegale.map(({ texte, reference }) => `${texte} : ${reference}`)],
    personnes: ['les personnes qui demandent, et celles qu’elles nomment dans leurs réponses'],
    donnees: categories(modele),
    destinataires: [
      ...services.map(service => `les agents autorisés : ${service}`),
      'les personnes dont l’avis est demandé, pour ce qu’on leur montre',
    ],
    durees: [
      `brouillon : ${traitement.BROUILLON_MOIS} mois sans activité`,
      traitement.dureeEnMots(declared),
      ...(piecesDIdentite.length > 0 ? ['pièces d’identité : effacées une fois la demande décidée'] : []),
    ],
  }
}

function categories({ formulaire, demandeur }: Modele): string[] {
  const champs = formulaire.etapes.flatMap(etape => etape.champs)
  const names = new Set([demandeur.nom, demandeur.prenom])
  const found = champs.flatMap(({ id, type }) => {
    if (type === 'explication' || type === 'section') return []
    if (names.has(id)) return ['identité']
    return [CATEGORIES.find(([pattern]) => pattern.test(type))?.[1] ?? 'réponses sur la demande']
  })
  const pieces = champs.some(champ => champ.type === 'piece' && champ.identite) ? ['pièces d’identité'] : []
  return [...new Set([...found, ...pieces])].sort((a, b) => a.localeCompare(b, 'fr'))
}

/** What all démarches share, processing by processing, from the classification of the columns. */
function communs(tables: Donnees): TraitementDuRegistre[] {
  return (Object.keys(traitements) as Traitement[]).flatMap(key => {
    const own = Object.values(tables).filter(table => table.traitement === key && estPersonnelle(table))
    if (own.length === 0) return []
    return [
      {
        nom: NOMS[key],
        finalites: [traitements[key]],
        base: [
          key === 'preuve' || key === 'comptes'
            ? 'RGPD, article 6.1.c : une obligation que fixe la loi (article 32, sécurité)'
            : 'RGPD, article 6.1.e : une mission d’intérêt public',
        ],
        personnes: unique(own.flatMap(({ personnes }) => personnes)),
        donnees: unique(own.map(({ quoi, colonnes }) => `${quoi} (${classesDe(colonnes)})`)),
        destinataires: unique(own.map(({ acces }) => acces)),
        durees: unique(own.map(({ quoi, duree }) => `${quoi} : ${duree}`)),
      },
    ]
  })
}

const NOMS: Readonly<Record<Traitement, string>> = {
  demandes: 'Toutes les demandes : ce qui est gardé',
  comptes: 'Comptes et connexions',
  envois: 'Messages envoyés',
  preuve: 'Journal et preuves',
  pilotage: 'Avis et chiffres',
  organisation: 'Édition des démarches et des documents',
  fonctionnement: 'Fonctionnement du programme',
}

const MOTS: Readonly<Record<Classe, string>> = {
  technique: 'dates et états',
  publique: 'informations publiques',
  pseudonyme: 'numéros',
  identite: 'identité',
  contact: 'coordonnées',
  contenu: 'textes',
  sensible: 'réponses, parfois sensibles',
  secret: 'secrets',
}

const classesDe = (colonnes: TableClassee['colonnes']): string =>
  (Object.keys(classes) as Classe[])
    .filter(classe => colonnes[classe] !== undefined)
    .map(classe => MOTS[classe])
    .join(', ')

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]
