import type { Modele } from './demarche.ts'
import abattageArbre from './modeles/abattage-arbre.json' with { type: 'json' }
import abonnementEau from './modeles/abonnement-eau.json' with { type: 'json' }
import accueilDeLoisirs from './modeles/accueil-de-loisirs.json' with { type: 'json' }
import accueilPeriscolaire from './modeles/accueil-periscolaire.json' with { type: 'json' }
import acteEtatCivil from './modeles/acte-etat-civil.json' with { type: 'json' }
import aideFacultativeCcas from './modeles/aide-facultative-ccas.json' with { type: 'json' }
import attestationAccueil from './modeles/attestation-accueil.json' with { type: 'json' }
import carteDechetterie from './modeles/carte-dechetterie.json' with { type: 'json' }
import carteSenior from './modeles/carte-senior.json' with { type: 'json' }
import celebrationMariage from './modeles/celebration-mariage.json' with { type: 'json' }
import certificatNumerotage from './modeles/certificat-numerotage.json' with { type: 'json' }
import certificatVie from './modeles/certificat-vie.json' with { type: 'json' }
import chambreHotes from './modeles/chambre-hotes.json' with { type: 'json' }
import changementAdresse from './modeles/changement-adresse.json' with { type: 'json' }
import concessionCimetiere from './modeles/concession-cimetiere.json' with { type: 'json' }
import debitDeBoissonsTemporaire from './modeles/debit-de-boissons-temporaire.json' with { type: 'json' }
import declarationSinistre from './modeles/declaration-sinistre.json' with { type: 'json' }
import demandeUrbanismeRendezVous from './modeles/demande-urbanisme-rendez-vous.json' with { type: 'json' }
import encombrants from './modeles/encombrants.json' with { type: 'json' }
import inscriptionListesElectorales from './modeles/inscription-listes-electorales.json' with { type: 'json' }
import inscriptionScolaire from './modeles/inscription-scolaire.json' with { type: 'json' }
import legalisationSignature from './modeles/legalisation-signature.json' with { type: 'json' }
import locationSalle from './modeles/location-salle.json' with { type: 'json' }
import meubleTourisme from './modeles/meuble-tourisme.json' with { type: 'json' }
import occupationDomainePublic from './modeles/occupation-domaine-public.json' with { type: 'json' }
import operationTranquilliteVacances from './modeles/operation-tranquillite-vacances.json' with { type: 'json' }
import permisDetentionChien from './modeles/permis-detention-chien.json' with { type: 'json' }
import permissionDeVoirie from './modeles/permission-de-voirie.json' with { type: 'json' }
import portageRepas from './modeles/portage-repas.json' with { type: 'json' }
import preInscriptionCreche from './modeles/pre-inscription-creche.json' with { type: 'json' }
import pretMateriel from './modeles/pret-materiel.json' with { type: 'json' }
import recensementCitoyen from './modeles/recensement-citoyen.json' with { type: 'json' }
import rendezVousMairie from './modeles/rendez-vous-mairie.json' with { type: 'json' }
import rendezVousPacs from './modeles/rendez-vous-pacs.json' with { type: 'json' }
import restaurationScolaire from './modeles/restauration-scolaire.json' with { type: 'json' }
import signalementVoirie from './modeles/signalement-voirie.json' with { type: 'json' }
import subventionAssociation from './modeles/subvention-association.json' with { type: 'json' }
import travauxSepulture from './modeles/travaux-sepulture.json' with { type: 'json' }
import videGrenier from './modeles/vide-grenier.json' with { type: 'json' }

// Life event by life event, in the order of `evenementsDeVie`.
const livres: readonly unknown[] = [
  // naissance-famille
  rendezVousPacs,
  celebrationMariage,
  preInscriptionCreche,
  // enfance-ecole
  restaurationScolaire,
  inscriptionScolaire,
  accueilPeriscolaire,
  accueilDeLoisirs,
  // papiers
  acteEtatCivil,
  recensementCitoyen,
  inscriptionListesElectorales,
  rendezVousMairie,
  attestationAccueil,
  legalisationSignature,
  certificatVie,
  // logement
  changementAdresse,
  abonnementEau,
  carteDechetterie,
  encombrants,
  certificatNumerotage,
  demandeUrbanismeRendezVous,
  // cadre-de-vie
  occupationDomainePublic,
  permissionDeVoirie,
  signalementVoirie,
  abattageArbre,
  permisDetentionChien,
  operationTranquilliteVacances,
  declarationSinistre,
  // commerce-tourisme
  chambreHotes,
  meubleTourisme,
  // associations
  videGrenier,
  debitDeBoissonsTemporaire,
  subventionAssociation,
  locationSalle,
  pretMateriel,
  // solidarite
  carteSenior,
  aideFacultativeCcas,
  portageRepas,
  // deces
  concessionCimetiere,
  travauxSepulture,
]

/**
 * The templates shipped with the program, in the order shown. Not parsed here: that would cost every process 120 ms at its start for nothing,
 * since the tests check each of them and publishing parses it again.
 */
export const modeles = livres as readonly Modele[]
