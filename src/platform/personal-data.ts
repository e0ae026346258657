/**
 * What every column of the database is, said in code beside the module that owns the table (`donnees.ts`), in French since the register of
 * processing shows it (RGPD, article 30). test/donnees.test.ts compares it with the database: a column that nobody classified fails.
 */

/** Kinds of columns, from what says nothing of anybody to what must never be shown. */
export const classes = {
  technique: 'fonctionnement du service : dates, états, compteurs',
  publique: 'information publique',
  pseudonyme: 'numéro qui désigne une personne sans la nommer',
  identite: 'identité : noms, qualité',
  contact: 'moyens de joindre la personne',
  contenu: 'ce que la personne ou un agent a écrit, réponses et documents',
  sensible: 'réponses où peuvent se trouver des données sensibles (santé, situation sociale, enfants)',
  secret: 'mots de passe, clés, empreintes de secrets : jamais montrés',
} as const
export type Classe = keyof typeof classes

/** Why a table is kept: the processing it belongs to. */
export const traitements = {
  demandes: 'Recevoir et traiter les demandes des habitants, et y répondre',
  comptes: 'Reconnaître les habitants et les agents, et protéger les accès',
  envois: 'Écrire aux personnes au sujet de leurs demandes',
  preuve: 'Prouver ce qui a été fait, par qui et quand',
  pilotage: 'Connaître l’activité, sans suivre les personnes',
  organisation: 'Décrire la collectivité, ses services et ses démarches',
  fonctionnement: 'Faire fonctionner le programme',
} as const
export type Traitement = keyof typeof traitements

export type Personnes = 'habitants' | 'agents' | 'personnes consultées'

/** A table, as the register tells it. */
export interface TableClassee {
  /** What a row is. */
  readonly quoi: string
  readonly traitement: Traitement
  /** Whom it is about; empty: nobody. */
  readonly personnes: readonly Personnes[]
  /** How long a row is kept, in words. */
  readonly duree: string
  /** Who sees it, in words. */
  readonly acces: string
  /** Class → names of columns, separated by spaces. */
  readonly colonnes: Readonly<Partial<Record<Classe, string>>>
}

/** The tables of a module, by name; those of another schema are named with it. */
export type Donnees = Readonly<Record<string, TableClassee>>

/** Classes that make a table personal data; the others alone do not. */
const PERSONNELLES: readonly Classe[] = ['pseudonyme', 'identite', 'contact', 'contenu', 'sensible']

/** Whether a table says something of somebody. */
export const estPersonnelle = ({ personnes, colonnes }: TableClassee): boolean =>
  personnes.length > 0 && PERSONNELLES.some(classe => colonnes[classe] !== undefined)

/** The columns of a table with their class. Throws when a column is in two classes. */
export function colonnesClassees(table: TableClassee): ReadonlyMap<string, Classe> {
  const found = new Map<string, Classe>()
  for (const [classe, names] of Object.entries(table.colonnes)) {
    for (const name of names.split(' ')) {
      if (found.has(name)) throw new Error(`${name}: two classes`)
      found.set(name, classe as Classe)
    }
  }
  return found
}

const personne = { personnes: [], acces: 'personne : le programme seul' } as const
const NUIT = 'jusqu’à ce que le travail soit fait'

/** The tables that no module owns. */
export const donneesPlateforme: Donnees = {
  session: {
    quoi: 'Une connexion ouverte',
    traitement: 'comptes',
    personnes: ['habitants', 'agents'],
    duree: 'effacée quand elle expire, ou à la déconnexion',
    acces: 'personne : le programme seul',
    colonnes: { technique: 'nature etape hote creee_le vue_le', pseudonyme: 'personne_id', secret: 'empreinte' },
  },
  tentative: {
    quoi: 'Un compteur qui freine les essais répétés',
    traitement: 'comptes',
    personnes: ['habitants', 'agents'],
    duree: 'un jour',
    acces: 'personne : le programme seul',
    colonnes: { technique: 'depuis nombre', contact: 'cle' },
  },
  cle_idempotence: {
    quoi: 'La réponse donnée à un formulaire, pour qu’un double clic n’ait qu’un effet',
    traitement: 'fonctionnement',
    duree: 'sept jours',
    ...personne,
    colonnes: { technique: 'collectivite_id cle empreinte emplacement creee_le' },
  },
  sortie: {
    quoi: 'Un événement à remettre aux travaux : des identifiants',
    traitement: 'fonctionnement',
    duree: NUIT,
    ...personne,
    colonnes: { technique: 'id cree_le', pseudonyme: 'charge' },
  },
  fichier: {
    quoi: 'Un fichier reçu ou produit, chiffré sur le disque ; ici son nom et sa clé scellée',
    traitement: 'demandes',
    personnes: ['habitants'],
    duree: 'celle du dossier ; une pièce d’identité est effacée après la décision',
    acces: 'la personne, et les agents qui lisent son dossier',
    colonnes: {
      technique: 'collectivite_id id etat type taille_octets objet_id antivirus motif recu_le verifie_le',
      contenu: 'nom',
      secret: 'cle empreinte',
    },
  },
  cle_fichiers: {
    quoi: 'La clé des fichiers d’une collectivité, scellée',
    traitement: 'fonctionnement',
    duree: 'celle de la collectivité',
    ...personne,
    colonnes: { technique: 'collectivite_id cle_maitresse creee_le', secret: 'cle' },
  },
  journal: {
    quoi: 'Qui a fait quoi et quand, lectures comprises, sans le contenu',
    traitement: 'preuve',
    personnes: ['habitants', 'agents'],
    duree: 'sans limite : il sert de preuve ; les personnes y sont désignées par un numéro',
    acces: 'les administrateurs de la collectivité ; la personne, pour les lectures de son dossier',
    colonnes: { technique: 'collectivite_id rang le action empreinte chaine', pseudonyme: 'acteur objet' },
  },
  journal_tete: {
    quoi: 'La dernière entrée du journal',
    traitement: 'preuve',
    duree: 'celle du journal',
    ...personne,
    colonnes: { technique: 'collectivite_id rang chaine' },
  },
  effacement: {
    quoi: 'Le numéro de ce qui a été effacé, pour qu’une sauvegarde restaurée ne le ramène pas',
    traitement: 'preuve',
    personnes: ['habitants'],
    duree: 'treize mois : plus longtemps qu’aucune sauvegarde ne doit être gardée',
    acces: 'personne : le programme seul',
    colonnes: { technique: 'collectivite_id nature le', pseudonyme: 'objet_id' },
  },
  compte_efface: {
    quoi: 'Le numéro d’un compte effacé, pour qu’une sauvegarde restaurée ne le ramène pas',
    traitement: 'preuve',
    personnes: ['habitants'],
    duree: 'treize mois : plus longtemps qu’aucune sauvegarde ne doit être gardée',
    acces: 'personne : le programme seul',
    colonnes: { technique: 'le', pseudonyme: 'usager_id' },
  },
  migration: {
    quoi: 'Une mise à jour du schéma',
    traitement: 'fonctionnement',
    duree: 'sans limite',
    ...personne,
    colonnes: { technique: 'nom empreinte le' },
  },
  'graphile_worker._private_jobs': {
    quoi: 'Un travail à faire : des identifiants',
    traitement: 'fonctionnement',
    duree: NUIT,
    ...personne,
    colonnes: {
      technique:
        'id job_queue_id task_id priority run_at attempts max_attempts last_error created_at updated_at key locked_at locked_by revision flags is_available',
      pseudonyme: 'payload',
    },
  },
  'graphile_worker._private_job_queues': {
    quoi: 'Une file de travaux',
    traitement: 'fonctionnement',
    duree: NUIT,
    ...personne,
    colonnes: { technique: 'id queue_name locked_at locked_by is_available' },
  },
  'graphile_worker._private_known_crontabs': {
    quoi: 'Un travail régulier',
    traitement: 'fonctionnement',
    duree: 'sans limite',
    ...personne,
    colonnes: { technique: 'identifier known_since last_execution' },
  },
  'graphile_worker._private_tasks': {
    quoi: 'Le nom d’un travail',
    traitement: 'fonctionnement',
    duree: 'sans limite',
    ...personne,
    colonnes: { technique: 'id identifier' },
  },
  'graphile_worker.migrations': {
    quoi: 'Une mise à jour des tables des travaux',
    traitement: 'fonctionnement',
    duree: 'sans limite',
    ...personne,
    colonnes: { technique: 'id ts breaking' },
  },
}
