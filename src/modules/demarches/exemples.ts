import {
  acceptEtape,
  addRow,
  aucuneReponse,
  dates,
  type Env,
  type Erreur,
  type Reponses,
  type Saisie,
  setPieces,
} from '../formulaires/index.ts'
import type { Modele } from './demarche.ts'
import abattageArbre from './modeles/samples/abattage-arbre.json' with { type: 'json' }
import abonnementEau from './modeles/samples/abonnement-eau.json' with { type: 'json' }
import accueilDeLoisirs from './modeles/samples/accueil-de-loisirs.json' with { type: 'json' }
import accueilPeriscolaire from './modeles/samples/accueil-periscolaire.json' with { type: 'json' }
import acteEtatCivil from './modeles/samples/acte-etat-civil.json' with { type: 'json' }
import aideFacultativeCcas from './modeles/samples/aide-facultative-ccas.json' with { type: 'json' }
import attestationAccueil from './modeles/samples/attestation-accueil.json' with { type: 'json' }
import carteDechetterie from './modeles/samples/carte-dechetterie.json' with { type: 'json' }
import carteSenior from './modeles/samples/carte-senior.json' with { type: 'json' }
import celebrationMariage from './modeles/samples/celebration-mariage.json' with { type: 'json' }
import certificatNumerotage from './modeles/samples/certificat-numerotage.json' with { type: 'json' }
import certificatVie from './modeles/samples/certificat-vie.json' with { type: 'json' }
import chambreHotes from './modeles/samples/chambre-hotes.json' with { type: 'json' }
import changementAdresse from './modeles/samples/changement-adresse.json' with { type: 'json' }
import concessionCimetiere from './modeles/samples/concession-cimetiere.json' with { type: 'json' }
import debitDeBoissonsTemporaire from './modeles/samples/debit-de-boissons-temporaire.json' with { type: 'json' }
import declarationSinistre from './modeles/samples/declaration-sinistre.json' with { type: 'json' }
import demandeUrbanismeRendezVous from './modeles/samples/demande-urbanisme-rendez-vous.json' with { type: 'json' }
import encombrants from './modeles/samples/encombrants.json' with { type: 'json' }
import inscriptionListesElectorales from './modeles/samples/inscription-listes-electorales.json' with { type: 'json' }
import inscriptionScolaire from './modeles/samples/inscription-scolaire.json' with { type: 'json' }
import legalisationSignature from './modeles/samples/legalisation-signature.json' with { type: 'json' }
import locationSalle from './modeles/samples/location-salle.json' with { type: 'json' }
import meubleTourisme from './modeles/samples/meuble-tourisme.json' with { type: 'json' }
import occupationDomainePublic from './modeles/samples/occupation-domaine-public.json' with { type: 'json' }
import operationTranquilliteVacances from './modeles/samples/operation-tranquillite-vacances.json' with { type: 'json' }
import permisDetentionChien from './modeles/samples/permis-detention-chien.json' with { type: 'json' }
import permissionDeVoirie from './modeles/samples/permission-de-voirie.json' with { type: 'json' }
import portageRepas from './modeles/samples/portage-repas.json' with { type: 'json' }
import preInscriptionCreche from './modeles/samples/pre-inscription-creche.json' with { type: 'json' }
import pretMateriel from './modeles/samples/pret-materiel.json' with { type: 'json' }
import recensementCitoyen from './modeles/samples/recensement-citoyen.json' with { type: 'json' }
import rendezVousMairie from './modeles/samples/rendez-vous-mairie.json' with { type: 'json' }
import rendezVousPacs from './modeles/samples/rendez-vous-pacs.json' with { type: 'json' }
import restaurationScolaire from './modeles/samples/restauration-scolaire.json' with { type: 'json' }
import signalementVoirie from './modeles/samples/signalement-voirie.json' with { type: 'json' }
import subventionAssociation from './modeles/samples/subvention-association.json' with { type: 'json' }
import travauxSepulture from './modeles/samples/travaux-sepulture.json' with { type: 'json' }
import videGrenier from './modeles/samples/vide-grenier.json' with { type: 'json' }

/** What a plainly fictional person posts, page after page. */
export interface Exemple {
  readonly nom: string
  readonly envois: readonly {
    readonly etape: string
    readonly rowId?: string
    readonly saisie: Saisie
    /** Days counted from today, put in the three boxes of a date. */
    readonly dansJours?: Readonly<Record<string, number>>
    /** Names of the files joined, by field. */
    readonly pieces?: Readonly<Record<string, readonly string[]>>
  }[]
}

/** Sample answers of each template shipped, valid whatever the day. */
export const exemples: Readonly<Record<string, readonly Exemple[]>> = {
  'abattage-arbre': toExemples(abattageArbre),
  'abonnement-eau': toExemples(abonnementEau),
  'accueil-de-loisirs': toExemples(accueilDeLoisirs),
  'accueil-periscolaire': toExemples(accueilPeriscolaire),
  'acte-etat-civil': toExemples(acteEtatCivil),
  'aide-facultative-ccas': toExemples(aideFacultativeCcas),
  'attestation-accueil': toExemples(attestationAccueil),
  'carte-dechetterie': toExemples(carteDechetterie),
  'carte-senior': toExemples(carteSenior),
  'celebration-mariage': toExemples(celebrationMariage),
  'certificat-numerotage': toExemples(certificatNumerotage),
  'certificat-vie': toExemples(certificatVie),
  'chambre-hotes': toExemples(chambreHotes),
  'changement-adresse': toExemples(changementAdresse),
  'concession-cimetiere': toExemples(concessionCimetiere),
  'debit-de-boissons-temporaire': toExemples(debitDeBoissonsTemporaire),
  'declaration-sinistre': toExemples(declarationSinistre),
  'demande-urbanisme-rendez-vous': toExemples(demandeUrbanismeRendezVous),
  encombrants: toExemples(encombrants),
  'inscription-listes-electorales': toExemples(inscriptionListesElectorales),
  'inscription-scolaire': toExemples(inscriptionScolaire),
  'legalisation-signature': toExemples(legalisationSignature),
  'location-salle': toExemples(locationSalle),
  'meuble-tourisme': toExemples(meubleTourisme),
  'occupation-domaine-public': toExemples(occupationDomainePublic),
  'operation-tranquillite-vacances': toExemples(operationTranquilliteVacances),
  'permis-detention-chien': toExemples(permisDetentionChien),
  'permission-de-voirie': toExemples(permissionDeVoirie),
  'portage-repas': toExemples(portageRepas),
  'pre-inscription-creche': toExemples(preInscriptionCreche),
  'pret-materiel': toExemples(pretMateriel),
  'recensement-citoyen': toExemples(recensementCitoyen),
  'rendez-vous-mairie': toExemples(rendezVousMairie),
  'rendez-vous-pacs': toExemples(rendezVousPacs),
  'restauration-scolaire': toExemples(restaurationScolaire),
  'signalement-voirie': toExemples(signalementVoirie),
  'subvention-association': toExemples(subventionAssociation),
  'travaux-sepulture': toExemples(travauxSepulture),
  'vide-grenier': toExemples(videGrenier),
}

/** Posts a sample through the engine. `erreurs` is empty when every page was accepted; it stops at the first page refused. */
export function jouerExemple(modele: Modele, exemple: Exemple, env: Env): { reponses: Reponses; erreurs: readonly Erreur[] } {
  let reponses: Reponses = aucuneReponse
  for (const { etape, rowId, saisie, dansJours = {}, pieces = {} } of exemple.envois) {
    if (rowId !== undefined) reponses = addRow(modele.formulaire, reponses, etape, rowId) ?? reponses
    for (const [champ, noms] of Object.entries(pieces)) {
      const files = noms.map((nom, rank) => ({ id: `exemple-${champ}-${rank + 1}`, nom, tailleOctets: 48_000 }))
      reponses = setPieces(modele.formulaire, reponses, champ, files, rowId)
    }
    const typed = { ...saisie, ...relativeDates(dansJours, env.aujourdhui) }
    const result = acceptEtape(modele.formulaire, etape, typed, reponses, env, rowId)
    if (!result.ok) return { reponses, erreurs: result.erreurs }
    reponses = result.reponses
  }
  return { reponses, erreurs: [] }
}

function relativeDates(dansJours: Readonly<Record<string, number>>, today: string): Saisie {
  const boxes = Object.entries(dansJours).flatMap(([champ, days]) => {
    const [annee = '', mois = '', jour = ''] = (dates.addDays(today, days) ?? today).split('-')
    return [[`${champ}-jour`, jour] as const, [`${champ}-mois`, mois] as const, [`${champ}-annee`, annee] as const]
  })
  return Object.fromEntries(boxes)
}

// The compiler gives each envoi of a JSON file its own keys; the shape itself is checked by the tests that post every sample.
function toExemples(json: readonly { nom: string; envois: readonly { etape: string }[] }[]): readonly Exemple[] {
  return json as unknown as readonly Exemple[]
}
