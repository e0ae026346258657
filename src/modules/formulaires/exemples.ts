import type { Reponse } from './recherche.ts'
import type { Saisie } from './saisie.ts'
import { type Champ, type NomDeType, types, type Valeur } from './types/index.ts'

/** What a type of field makes of what people type: shown on the page of examples, and checked by the tests. */
export interface ExempleDeType {
  readonly type: NomDeType
  /** French name of the type. */
  readonly nom: string
  readonly champ: Champ
  /** What the register holds, for the types that are looked up. */
  readonly trouvailles?: Reponse
  readonly bons: readonly { readonly saisie: Saisie; readonly valeur: Valeur; readonly affiche: string }[]
  /** The sentence that each gets; with propositions when `propositions` counts them. */
  readonly mauvais: readonly { readonly saisie: Saisie; readonly message: string; readonly propositions?: number }[]
}

interface Donnees {
  readonly champ: Record<string, unknown>
  readonly trouvailles?: Reponse
  readonly bons: readonly (readonly [saisie: string | Saisie, valeur: Valeur, affiche: string])[]
  readonly mauvais: readonly (readonly [saisie: string | Saisie, message: string, propositions?: number])[]
}

const jour = (value: string) => {
  const [j = '', m = '', a = ''] = value.split(' ')
  return { 'x-jour': j, 'x-mois': m, 'x-annee': a }
}
const options = [
  { id: 'oui', libelle: 'Toute la semaine' },
  { id: 'mercredi', libelle: 'Le mercredi seulement' },
]
const vire = {
  cle: '14762',
  libelle: 'Vire Normandie (14500)',
  valeurs: { nom: 'Vire Normandie', codePostal: '14500', departement: '14', region: '28', epci: '200068799' },
}
const ruelle = {
  cle: '14762_0001_00001',
  libelle: '1 Rue des Tilleuls 14500 Vire Normandie',
  valeurs: { voie: '1 Rue des Tilleuls', codePostal: '14500', commune: 'Vire Normandie', code: '14762', lat: '48.84', lon: '-0.89' },
}
const allee = { ...ruelle, cle: '14762_0002_00001', libelle: '1 Allée des Tilleuls 14500 Vire Normandie' }
const ecole = { cle: 'E12', libelle: 'École des Tilleuls', valeurs: { quartier: 'Centre' } }

const donnees: Record<NomDeType, Donnees> = {
  texte: {
    champ: { libelle: 'Nom de famille', enPhrase: 'votre nom de famille', longueurMax: 20 },
    bons: [['  Dupond\t', 'Dupond', 'Dupond']],
    mauvais: [['Un nom vraiment bien long', 'Votre nom de famille : 20 caractères au maximum. Vous en avez écrit 25.']],
  },
  texte_long: {
    champ: { libelle: 'Votre demande', longueurMax: 30 },
    bons: [['Bonjour,\r\nmerci.', 'Bonjour,\nmerci.', 'Bonjour,\nmerci.']],
    mauvais: [['a'.repeat(31), '« Votre demande » : 30 caractères au maximum. Vous en avez écrit 31.']],
  },
  oui_non: {
    champ: { libelle: 'Votre chien est-il vacciné ?', enPhrase: 'la vaccination' },
    bons: [['Non', false, 'Non']],
    mauvais: [['peut-être', 'Répondez par oui ou par non : la vaccination.']],
  },
  case: { champ: { libelle: 'J’accepte le règlement' }, bons: [['oui', true, 'Oui']], mauvais: [] },
  choix: {
    champ: { libelle: 'Accueil', enPhrase: 'l’accueil', options },
    bons: [['mercredi', 'mercredi', 'Le mercredi seulement']],
    mauvais: [['jeudi', 'Choisissez l’accueil parmi les réponses proposées.']],
  },
  choix_multiple: {
    champ: { libelle: 'Accueils', enPhrase: 'les accueils', options, maximum: 1 },
    bons: [['oui', ['oui'], 'Toute la semaine']],
    mauvais: [[{ x: ['oui', 'mercredi'] }, 'Cochez 1 réponse au plus pour les accueils.']],
  },
  date: {
    champ: { libelle: 'Date de naissance', enPhrase: 'la date de naissance', max: { aujourdhui: true } },
    bons: [
      [jour('27 3 1985'), '1985-03-27', '27 mars 1985'],
      [jour('1er mars 85'), '1985-03-01', '1er mars 1985'],
      [jour('270385'), '1985-03-27', '27 mars 1985'],
      [jour('1985/03/27'), '1985-03-27', '27 mars 1985'],
    ],
    mauvais: [
      [jour('31 11 1985'), 'La date de naissance : le 31 novembre n’existe pas.'],
      [jour('27 mars'), 'Indiquez la date de naissance avec le jour, le mois et l’année, par exemple 27 3 1985.'],
    ],
  },
  date_heure: {
    champ: { libelle: 'Début des travaux', enPhrase: 'le début des travaux' },
    bons: [
      [{ ...jour('27 3 2026'), 'x-heure': '9h' }, '2026-03-27T09:00', '27 mars 2026 à 9 h'],
      [{ ...jour('27 3 2026'), 'x-heure': '14.15' }, '2026-03-27T14:15', '27 mars 2026 à 14 h 15'],
      [{ ...jour('27 3 2026'), 'x-heure': '9 heures 30' }, '2026-03-27T09:30', '27 mars 2026 à 9 h 30'],
      [{ ...jour('27 3 2026'), 'x-heure': '09:30' }, '2026-03-27T09:30', '27 mars 2026 à 9 h 30'],
      [{ ...jour('27 3 2026'), 'x-heure': 'midi' }, '2026-03-27T12:00', '27 mars 2026 à 12 h'],
    ],
    mauvais: [
      [{ ...jour('27 3 2026'), 'x-heure': '25 h' }, 'Le début des travaux : écrivez l’heure de 0 h à 23 h 59, par exemple 9 h 30.'],
      [jour('27 3 2026'), 'Le début des travaux : indiquez l’heure, par exemple 9 h 30.'],
      [{ 'x-heure': '9 h' }, 'Indiquez le début des travaux avec le jour, par exemple 27 3 2026.'],
    ],
  },
  entier: {
    champ: { libelle: 'Durée', enPhrase: 'la durée', unite: 'jours' },
    bons: [['1 250 jours', 1250, '1 250 jours']],
    mauvais: [['deux', 'Écrivez la durée en chiffres, sans virgule, par exemple 12.']],
  },
  decimal: {
    champ: { libelle: 'Surface', enPhrase: 'la surface', unite: 'm²' },
    bons: [
      ['12,5', 12.5, '12,5 m²'],
      ['12.50 m2', 12.5, '12,5 m²'],
    ],
    mauvais: [['1,234', 'Écrivez la surface en chiffres, avec 2 décimales au plus, par exemple 2,5.']],
  },
  montant: {
    champ: { libelle: 'Loyer', enPhrase: 'le loyer' },
    bons: [
      ['1 234,5 €', 123_450, '1 234,50 €'],
      ['12€50', 1250, '12,50 €'],
      ['12 euros 50', 1250, '12,50 €'],
    ],
    mauvais: [['12,345', 'Écrivez le loyer en euros, par exemple 12,50.']],
  },
  courriel: {
    champ: { libelle: 'Adresse électronique', enPhrase: 'votre adresse électronique' },
    bons: [['Camille@Exemple.FR', 'Camille@exemple.fr', 'Camille@exemple.fr']],
    mauvais: [['camille@exemple', 'Vérifiez votre adresse électronique : elle s’écrit comme nom@exemple.fr.']],
  },
  telephone: {
    champ: { libelle: 'Téléphone', enPhrase: 'votre numéro de téléphone' },
    bons: [
      ['06.39.98.12.34', '+33639981234', '06 39 98 12 34'],
      ['0690 12 34 56', '+590690123456', '0690 12 34 56'],
      ['639981234', '+33639981234', '06 39 98 12 34'],
      ['Tél. : 06‑39‑98‑12‑34', '+33639981234', '06 39 98 12 34'],
      ['33 6 39 98 12 34', '+33639981234', '06 39 98 12 34'],
      ['+508 41 12 34', '+508411234', '+508 41 12 34'],
    ],
    mauvais: [
      [
        '06 39 98',
        'Votre numéro de téléphone : écrivez dix chiffres, par exemple 06 39 98 12 34, ou un numéro international commençant par +.',
      ],
    ],
  },
  code_postal: {
    champ: { libelle: 'Code postal', enPhrase: 'le code postal' },
    bons: [['14 500', '14500', '14500']],
    mauvais: [['145', 'Le code postal s’écrit avec cinq chiffres, par exemple 14500.']],
  },
  adresse: {
    champ: { libelle: 'Votre adresse', enPhrase: 'votre adresse', verifier: true },
    trouvailles: [ruelle, allee],
    bons: [
      [
        { 'x-voie': '1 rue des tilleuls', 'x-complement': 'Bât. B', 'x-codePostal': '14500', 'x-commune': 'vire normandie' },
        {
          voie: '1 Rue des Tilleuls',
          complement: 'Bât. B',
          codePostal: '14500',
          commune: 'Vire Normandie',
          cle: '14762_0001_00001',
          code: '14762',
          lat: 48.84,
          lon: -0.89,
        },
        '1 Rue des Tilleuls\nBât. B\n14500 Vire Normandie',
      ],
    ],
    mauvais: [
      [{ 'x-voie': '1 tilleuls', 'x-codePostal': '14500', 'x-commune': 'Vire' }, 'Choisissez votre adresse dans la liste.', 2],
      [
        { 'x-voie': '1 rue', 'x-codePostal': '145', 'x-commune': 'Vire' },
        'Votre adresse : le code postal a cinq chiffres, par exemple 14500.',
      ],
    ],
  },
  piece: { champ: { libelle: 'Justificatif de domicile', enPhrase: 'votre justificatif de domicile' }, bons: [], mauvais: [] },
  calcul: {
    champ: { libelle: 'Prix', nature: 'montant', expression: { montant: 350 }, explication: 'Le prix ne dépend pas de vos réponses.' },
    bons: [],
    mauvais: [],
  },
  explication: { champ: { libelle: 'À savoir', texte: 'La réponse arrive en deux semaines.' }, bons: [], mauvais: [] },
  section: { champ: { libelle: 'Votre entreprise' }, bons: [], mauvais: [] },
  civilite: {
    champ: { libelle: 'Civilité', enPhrase: 'votre civilité' },
    bons: [
      ['Mme', 'madame', 'Madame'],
      ['non_precisee', 'non_precisee', 'Non précisée'],
    ],
    mauvais: [['docteur', 'Choisissez votre civilité parmi les réponses proposées.']],
  },
  iban: {
    champ: { libelle: 'IBAN', enPhrase: 'votre IBAN' },
    bons: [
      ['fr14 2004 1010 0505 0001 3M02 606', 'FR1420041010050500013M02606', 'FR14 2004 1010 0505 0001 3M02 606'],
      ['IBAN : BE68-5390-0754-7034', 'BE68539007547034', 'BE68 5390 0754 7034'],
    ],
    mauvais: [
      ['FR14 2004 1010 0505 0001 3M02 607', 'Votre IBAN comporte une erreur de recopie : vérifiez chaque caractère.'],
      ['FR14 2004', 'Votre IBAN doit avoir 27 caractères. Vous en avez écrit 8.'],
      [
        '20041 01005 0500013M026 06',
        'Votre IBAN commence par deux lettres et deux chiffres, par exemple FR76. Recopiez-le de votre relevé d’identité bancaire.',
      ],
    ],
  },
  siret: {
    champ: { libelle: 'SIRET', enPhrase: 'le numéro SIRET' },
    bons: [
      ['123 456 782 00010', '12345678200010', '123 456 782 00010'],
      ['35600000000048', '35600000000048', '356 000 000 00048'],
      ['356 000 000 49837', '35600000049837', '356 000 000 49837'],
    ],
    mauvais: [
      ['123 456 782 00011', 'Le numéro SIRET comporte une erreur de recopie : vérifiez chaque caractère.'],
      ['123 456 782', 'Le numéro SIRET a 14 chiffres. Vous avez écrit le SIREN : ajoutez les cinq chiffres de l’établissement.'],
      ['bonjour', 'Le numéro SIRET a 14 chiffres, par exemple 123 456 782 00010.'],
    ],
  },
  rna: {
    champ: { libelle: 'Numéro RNA', enPhrase: 'le numéro RNA' },
    bons: [
      ['w142 001 234', 'W142001234', 'W142001234'],
      ['142001234', 'W142001234', 'W142001234'],
      ['W2A1001234', 'W2A1001234', 'W2A1001234'],
    ],
    mauvais: [
      [
        '14/2001234567',
        'Le numéro RNA s’écrit W suivi de 9 chiffres. Un ancien numéro de préfecture ne suffit pas : le nouveau est sur votre dernier récépissé.',
      ],
      ['W14', 'Le numéro RNA s’écrit W suivi de 9 chiffres, par exemple W142001234.'],
    ],
  },
  nir: {
    champ: { libelle: 'Numéro de sécurité sociale', enPhrase: 'votre numéro de sécurité sociale' },
    bons: [
      ['2 85 03 14 762 012 81', '285031476201281', '2 85 03 14 762 012 81'],
      ['1 80 01 2a 004 001 68', '180012A00400168', '1 80 01 2A 004 001 68'],
    ],
    mauvais: [
      ['2 85 03 14 762 012', 'Votre numéro de sécurité sociale : il manque la clé, les deux derniers chiffres de votre carte Vitale.'],
      ['2 85 03 14 762 012 99', 'Votre numéro de sécurité sociale comporte une erreur de recopie : vérifiez chaque caractère.'],
      ['12', 'Votre numéro de sécurité sociale a 15 chiffres, clé comprise, par exemple 2 85 03 14 762 012 81.'],
    ],
  },
  commune: {
    champ: { libelle: 'Commune de naissance', enPhrase: 'la commune de naissance' },
    trouvailles: [
      vire,
      {
        cle: '14061',
        libelle: 'Souleuvre en Bocage (14500)',
        valeurs: { nom: 'Souleuvre en Bocage', codePostal: '14500', departement: '14', region: '28' },
      },
    ],
    bons: [
      [
        'vire-normandie',
        { code: '14762', nom: 'Vire Normandie', codePostal: '14500', departement: '14', region: '28', epci: '200068799' },
        'Vire Normandie (14500)',
      ],
    ],
    mauvais: [['14500', 'Choisissez la commune de naissance dans la liste.', 2]],
  },
  epci: {
    champ: { libelle: 'Intercommunalité', enPhrase: 'votre intercommunalité' },
    trouvailles: [
      { cle: '200068799', libelle: 'CC Intercom de la Vire au Noireau', valeurs: { nom: 'CC Intercom de la Vire au Noireau' } },
    ],
    bons: [['200068799', { code: '200068799', nom: 'CC Intercom de la Vire au Noireau' }, 'CC Intercom de la Vire au Noireau']],
    mauvais: [['Vire', 'Choisissez votre intercommunalité dans la liste.', 1]],
  },
  departement: {
    champ: { libelle: 'Département', enPhrase: 'le département' },
    bons: [
      ['14', '14', 'Calvados (14)'],
      ['cotes d’armor', '22', 'Côtes-d’Armor (22)'],
      ['2a', '2A', 'Corse-du-Sud (2A)'],
    ],
    mauvais: [['Sarthes', 'Choisissez le département dans la liste.', 1]],
  },
  region: {
    champ: { libelle: 'Région', enPhrase: 'la région' },
    bons: [['28', '28', 'Normandie']],
    mauvais: [['Normandie bis', 'Choisissez la région dans la liste.']],
  },
  pays: {
    champ: { libelle: 'Pays de naissance', enPhrase: 'le pays de naissance' },
    bons: [
      ['portugal', 'PT', 'Portugal'],
      ['Angleterre', 'GB', 'Royaume-Uni'],
      ['Guadeloupe', 'FR', 'France'],
    ],
    mauvais: [
      ['Guinee e', 'Choisissez le pays de naissance dans la liste.'],
      ['Zzz', 'Écrivez le pays de naissance par son nom en français, par exemple Portugal.'],
    ],
  },
  choix_lies: {
    champ: {
      libelle: 'Sujet',
      enPhrase: 'le sujet',
      options: [
        {
          id: 'voirie',
          libelle: 'Voirie',
          options: [
            { id: 'trou', libelle: 'Trou dans la chaussée' },
            { id: 'neige', libelle: 'Neige' },
          ],
        },
        { id: 'autre', libelle: 'Autre sujet', options: [] },
      ],
    },
    bons: [
      [{ x: 'voirie', 'x-choix': 'trou' }, { choix: 'voirie', precision: 'trou' }, 'Voirie : Trou dans la chaussée'],
      ['autre', { choix: 'autre', precision: '' }, 'Autre sujet'],
    ],
    mauvais: [
      ['voirie', 'Précisez le sujet dans la liste « Voirie ».', 2],
      ['arbre', 'Choisissez le sujet parmi les réponses proposées.'],
    ],
  },
  attestation: {
    champ: { libelle: 'Je certifie que ces renseignements sont exacts.' },
    bons: [[{ x: 'oui', 'x-nom': 'Camille Exemple' }, { nom: 'Camille Exemple' }, 'Certifié par Camille Exemple']],
    mauvais: [
      ['oui', 'Écrivez votre prénom et votre nom sous l’attestation.'],
      [{ 'x-nom': 'Camille Exemple' }, 'Pour certifier, cochez la case « Je certifie que ces renseignements sont exacts ».'],
    ],
  },
  lieu: {
    champ: { libelle: 'Lieu des travaux', enPhrase: 'le lieu des travaux' },
    trouvailles: [ruelle, allee],
    bons: [
      [
        '1 rue des Tilleuls, 14500 Vire Normandie',
        {
          libelle: '1 Rue des Tilleuls 14500 Vire Normandie',
          cle: '14762_0001_00001',
          voie: '1 Rue des Tilleuls',
          codePostal: '14500',
          commune: 'Vire Normandie',
          code: '14762',
          lat: 48.84,
          lon: -0.89,
        },
        '1 Rue des Tilleuls 14500 Vire Normandie',
      ],
      [{ x: 'devant la mairie', 'x-choix': 'aucune' }, { libelle: 'devant la mairie', verifiee: false }, 'devant la mairie'],
      [
        'près du pont 48,8385, -0,8893',
        {
          libelle: 'près du pont',
          voie: '1 Rue des Tilleuls',
          codePostal: '14500',
          commune: 'Vire Normandie',
          code: '14762',
          lat: 48.8385,
          lon: -0.8893,
          point: true,
        },
        'près du pont\n48,83850, -0,88930',
      ],
    ],
    mauvais: [
      ['1 tilleuls', 'Choisissez le lieu des travaux dans la liste.', 2],
      [
        '148,8385, -0,8893',
        'Ces coordonnées ne sont pas sur la Terre : la latitude va de -90 à 90, la longitude de -180 à 180. Par exemple 48,8385, -0,8893.',
      ],
    ],
  },
  referentiel: {
    champ: { libelle: 'École', enPhrase: 'l’école', referentiel: 'ecoles', colonnes: ['quartier'] },
    trouvailles: [ecole],
    bons: [
      ['e12', { cle: 'E12', libelle: 'École des Tilleuls', valeurs: { quartier: 'Centre' } }, 'École des Tilleuls\nquartier : Centre'],
    ],
    mauvais: [['tilleuls', 'Choisissez l’école dans la liste.', 1]],
  },
}

/** Every type with a field, what it accepts and what it answers to the rest. */
export const exemplesDeTypes: readonly ExempleDeType[] = (Object.keys(types) as NomDeType[]).map(type => {
  const { champ, trouvailles, bons, mauvais } = donnees[type]
  const posted = (saisie: string | Saisie): Saisie => (typeof saisie === 'string' ? { x: saisie } : saisie)
  return {
    type,
    nom: types[type].nom,
    // The field of each example is checked against its own schema by the tests.
    champ: { type, id: 'x', ...champ } as Champ,
    ...(trouvailles ? { trouvailles } : {}),
    bons: bons.map(([saisie, valeur, affiche]) => ({ saisie: posted(saisie), valeur, affiche })),
    mauvais: mauvais.map(([saisie, message, propositions]) => ({
      saisie: posted(saisie),
      message,
      ...(propositions === undefined ? {} : { propositions }),
    })),
  }
})
