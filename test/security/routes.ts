import { operations } from '../../src/modules/interfaces/web/api/openapi.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Dossiers, Monde } from './monde.ts'
import { OBJETS_INCONNUS, type Objets } from './objets.ts'

/** What a route answers when its access lets through, and what when its target is unknown or foreign. */
export interface Attendu {
  /** With an empty form for a POST. */
  readonly passe: readonly number[]
  readonly inconnu?: readonly number[]
  /** Public, but what it names must be of this commune. */
  readonly sansPorteur?: true
  /** Only who made it knows it, even among colleagues (here: the instructeur). */
  readonly aSoi?: true
  /** Tables that reading it, or being refused, may change, and why. */
  readonly ecrit?: readonly string[]
}

const lu: Attendu = { passe: [200] }
const form: Attendu = { passe: [422, 400] }
// Acts once by the key of its form: without it, before anything is looked for.
const sansCle: Attendu = { passe: [400], inconnu: [404, 400] }
const trace = ['journal', 'journal_tete']

/** How the registry is named in the tests. */
export const cle = (route: Route): string => `${route.method} ${route.scope === 'collectivite' ? '/:commune' : ''}${route.path}`

/** Every route of the program. A route that is not here fails the matrix: say what it must answer, to whom is computed from its access. */
export const attendus: Readonly<Record<string, Attendu>> = {
  'GET /sante': lu,
  'GET /': lu,
  'GET /recherche': lu,
  'GET /aide': lu,
  'GET /accessibilite': lu,
  'GET /mentions-legales': lu,
  'GET /donnees-personnelles': lu,
  'GET /composants': lu,
  'GET /composants/questions': lu,
  'GET /composants/questions/:type': lu,
  'GET /robots.txt': lu,
  'GET /agents': lu,
  'GET /actifs/:fichier': { passe: [404] },
  'GET /:commune/': lu,
  'GET /:commune/demarches': lu,
  'GET /:commune/demarches/:demarche': { ...lu, sansPorteur: true },
  'GET /:commune/aide': lu,
  'GET /:commune/accessibilite': lu,
  'GET /:commune/mentions-legales': lu,
  'GET /:commune/donnees-personnelles': lu,
  'GET /:commune/robots.txt': lu,
  'GET /:commune/agent/reglages': lu,
  'POST /:commune/agent/reglages': { passe: [400] },
  'GET /:commune/boite-d-envoi': lu,
  'GET /:commune/boite-d-envoi/:id': { ...lu, sansPorteur: true },
  'GET /:commune/agent': { passe: [303, 403] },
  'GET /:commune/agent/connexion': { passe: [200, 303] },
  'POST /:commune/agent/connexion': { passe: [422, 429], ecrit: ['tentative', ...trace] },
  'GET /:commune/agent/connexion/code': { passe: [200, 303] },
  'POST /:commune/agent/connexion/code': { passe: [303, 422], ecrit: ['tentative', ...trace] },
  'POST /:commune/agent/deconnexion': { passe: [303] },
  'GET /:commune/agent/collectivites': { passe: [200, 303] },
  'GET /:commune/agent/compte': { passe: [200, 303, 403] },
  'GET /:commune/agent/invitation/:jeton': { ...lu, inconnu: [410], sansPorteur: true },
  'POST /:commune/agent/invitation/:jeton': { passe: [422], inconnu: [410], sansPorteur: true },
  'GET /:commune/agent/invitation/:jeton/code': { passe: [303], inconnu: [410], sansPorteur: true },
  'POST /:commune/agent/invitation/:jeton/code': { passe: [410, 400, 429], sansPorteur: true, inconnu: [410, 400], ecrit: ['tentative'] },
  'GET /:commune/agent/equipe': lu,
  'POST /:commune/agent/equipe': form,
  'GET /:commune/agent/equipe/:id': lu,
  'POST /:commune/agent/equipe/:id/roles': { passe: [400, 422] },
  'POST /:commune/agent/equipe/:id/retrait': { passe: [400] },
  'POST /:commune/agent/equipe/:id/retablissement': { passe: [400] },
  'POST /:commune/agent/equipe/:id/invitation': { passe: [400] },
  'GET /:commune/demarches/:demarche/commencer': { ...lu, sansPorteur: true },
  'POST /:commune/demarches/:demarche/commencer': { ...form, sansPorteur: true },
  'GET /:commune/brouillons/:id/etapes/:etape': lu,
  'POST /:commune/brouillons/:id/etapes/:etape': form,
  'GET /:commune/brouillons/:id/etapes/:etape/lignes/:ligne': lu,
  'POST /:commune/brouillons/:id/etapes/:etape/lignes/:ligne': form,
  'POST /:commune/brouillons/:id/etapes/:etape/lignes/:ligne/suppression': { passe: [303] },
  'POST /:commune/brouillons/:id/etapes/:etape/pieces': { passe: [303] },
  'POST /:commune/brouillons/:id/etapes/:etape/lignes/:ligne/pieces': { passe: [303] },
  'GET /:commune/brouillons/:id/verification': lu,
  'POST /:commune/brouillons/:id/depot': { passe: [400], inconnu: [404, 400] },
  'POST /:commune/brouillons/:id/suppression': { passe: [303] },
  'GET /:commune/dossiers/:id/accuse': lu,
  'GET /:commune/suivi': lu,
  'POST /:commune/suivi': { passe: [422, 429], ecrit: ['tentative'] },
  'GET /:commune/dossiers/:id': { ...lu, ecrit: ['message'] },
  'POST /:commune/dossiers/:id/messages': { passe: [400], inconnu: [404, 400] },
  'POST /:commune/dossiers/:id/code': { passe: [303] },
  'POST /:commune/dossiers/:id/garder': { passe: [303] },
  'GET /:commune/dossiers/:id/pieces/:fichier': lu,
  'GET /:commune/dossiers/:id/documents/:document': lu,
  'GET /:commune/dossiers/:id/correction': lu,
  'POST /:commune/dossiers/:id/correction': { passe: [400], inconnu: [404, 400] },
  'GET /:commune/dossiers/:id/correction/:etape': lu,
  'POST /:commune/dossiers/:id/correction/:etape': form,
  'GET /:commune/dossiers/:id/correction/:etape/:ligne': lu,
  'POST /:commune/dossiers/:id/correction/:etape/:ligne': form,
  'GET /:commune/verifier': lu,
  'POST /:commune/verifier': form,
  'GET /:commune/verifier/:code': { ...lu, inconnu: [200], sansPorteur: true },
  'GET /:commune/mes-dossiers': lu,
  'POST /:commune/mes-dossiers/lien': { passe: [422] },
  'GET /:commune/mes-dossiers/connexion/:jeton': lu,
  'POST /:commune/mes-dossiers/connexion/:jeton': { passe: [410] },
  'POST /:commune/mes-dossiers/deconnexion': { passe: [303] },
  'GET /:commune/agent/accueil': lu,
  'GET /:commune/agent/dossiers': lu,
  'GET /:commune/agent/dossiers/filtres': lu,
  'GET /:commune/agent/vues': lu,
  'POST /:commune/agent/vues': { passe: [400] },
  'POST /:commune/agent/vues/par-defaut': { passe: [400] },
  'POST /:commune/agent/vues/:id/nom': sansCle,
  'POST /:commune/agent/vues/:id/suppression': sansCle,
  'POST /:commune/agent/vues/:id/retablissement': sansCle,
  'GET /:commune/agent/exports': lu,
  'POST /:commune/agent/exports': { passe: [400] },
  'POST /:commune/agent/exports/modeles/:id/suppression': sansCle,
  'GET /:commune/agent/lots': lu,
  'POST /:commune/agent/lots': { passe: [400] },
  'GET /:commune/agent/lots/:id': { ...lu, aSoi: true },
  // A batch that exports nothing has no file.
  'GET /:commune/agent/lots/:id/fichier': { passe: [404] },
  'POST /:commune/agent/lots/:id/lancement': sansCle,
  'POST /:commune/agent/lots/:id/arret': sansCle,
  'POST /:commune/agent/lots/:id/annulation': sansCle,
  'GET /:commune/agent/dossiers/:id/archive': { ...lu, ecrit: trace },
  'GET /:commune/agent/echeances': lu,
  'GET /:commune/agent/dossiers/:id': { ...lu, ecrit: ['message', ...trace] },
  'GET /:commune/agent/dossiers/:id/pieces/:fichier': { ...lu, ecrit: trace },
  'GET /:commune/agent/dossiers/:id/documents/:document': { ...lu, ecrit: trace },
  'POST /:commune/agent/dossiers/:id/instruction': { passe: [400], inconnu: [404, 400] },
  'POST /:commune/agent/dossiers/:id/messages': { passe: [400], inconnu: [404, 400] },
  'GET /:commune/agent/dossiers/:id/courriers': lu,
  'POST /:commune/agent/dossiers/:id/courriers': sansCle,
  'POST /:commune/agent/dossiers/:id/courriers/essai': { passe: [422] },
  'GET /:commune/agent/dossiers/:id/code': lu,
  'POST /:commune/agent/dossiers/:id/code': sansCle,
  // Nobody has given one.
  'GET /:commune/agent/dossiers/:id/code/fiche': { passe: [410] },
  'GET /:commune/agent/dossiers/:id/courriel': { passe: [409] },
  'POST /:commune/agent/dossiers/:id/courriel': sansCle,
  'GET /:commune/agent/dossiers/:id/corrections': lu,
  'POST /:commune/agent/dossiers/:id/corrections': { passe: [400], inconnu: [404, 400] },
  'GET /:commune/agent/dossiers/:id/acceptation': lu,
  'POST /:commune/agent/dossiers/:id/acceptation': { passe: [400], inconnu: [404, 400] },
  'GET /:commune/agent/dossiers/:id/attribution': lu,
  'POST /:commune/agent/dossiers/:id/attribution': sansCle,
  'POST /:commune/agent/dossiers/:id/service': sansCle,
  'POST /:commune/agent/dossiers/:id/suivi': sansCle,
  // This démarche reserves nothing to agents.
  'POST /:commune/agent/dossiers/:id/annotations/:etape': { passe: [404] },
  'GET /:commune/agent/dossiers/:id/avis': lu,
  'POST /:commune/agent/dossiers/:id/avis': sansCle,
  'POST /:commune/agent/dossiers/:id/avis/:avis/rappel': sansCle,
  'POST /:commune/agent/dossiers/:id/avis/:avis/retrait': sansCle,
  // Nobody was asked for this one.
  'GET /:commune/agent/dossiers/:id/avis/:avis/fichier': { passe: [404] },
  'GET /:commune/avis/:jeton': { ...lu, sansPorteur: true, ecrit: trace },
  'POST /:commune/avis/:jeton': { passe: [400], inconnu: [404], sansPorteur: true },
  'GET /:commune/avis/:jeton/pieces/:fichier': { passe: [404] },
  'GET /:commune/agent/dossiers/:id/retour': lu,
  'POST /:commune/agent/dossiers/:id/retour': { passe: [400], inconnu: [404, 400] },
  'GET /:commune/agent/dossiers/:id/refus': lu,
  'POST /:commune/agent/dossiers/:id/refus': { passe: [400], inconnu: [404, 400] },
  'GET /:commune/agent/dossiers/:id/classement': lu,
  'POST /:commune/agent/dossiers/:id/classement': { passe: [400], inconnu: [404, 400] },
  'GET /:commune/agent/dossiers/:id/acceptation/document': { ...lu, ecrit: trace },
  'GET /:commune/agent/dossiers/:id/refus/document': { ...lu, ecrit: trace },
  'GET /:commune/agent/dossiers/:id/classement/document': { ...lu, ecrit: trace },
  'GET /:commune/agent/dossiers/:id/reouverture': { passe: [409] },
  'POST /:commune/agent/dossiers/:id/reouverture': { passe: [400], inconnu: [404, 400] },
  'GET /recherche/communes': lu,
  'GET /:commune/recherche/communes': lu,
  'GET /:commune/recherche/adresses': lu,
  'GET /:commune/recherche/adresse-proche': { passe: [422] },
  'GET /:commune/recherche/carte': lu,
  'GET /:commune/recherche/plan': lu,
  'GET /:commune/recherche/plan.svg': { passe: [422] },
  'GET /:commune/agent/referentiels': lu,
  'POST /:commune/agent/referentiels': { passe: [422, 400, 415] },
  'GET /:commune/agent/referentiels/fichier': lu,
  'GET /:commune/agent/referentiels/api': lu,
  'POST /:commune/agent/referentiels/api': form,
  'GET /:commune/agent/referentiels/:liste': lu,
  'POST /:commune/agent/referentiels/:liste/fichier': form,
  'POST /:commune/agent/referentiels/:liste/colonnes': sansCle,
  'POST /:commune/agent/referentiels/:liste/api': { passe: [404] },
  'GET /:commune/agent/referentiels/:liste/lignes.csv': lu,
  'GET /:commune/agent/referentiels/:liste/suppression': lu,
  'POST /:commune/agent/referentiels/:liste/suppression': sansCle,
  'GET /:commune/agent/modeles': lu,
  'POST /:commune/agent/modeles': { passe: [400] },
  'GET /:commune/agent/modeles/:id': lu,
  'POST /:commune/agent/modeles/:id': sansCle,
  'POST /:commune/agent/modeles/:id/essai': lu,
  'GET /:commune/agent/modeles/:id/specimen': lu,
  'GET /:commune/agent/modeles/:id/versions': lu,
  'GET /:commune/agent/modeles/:id/versions/:numero': lu,
  'POST /:commune/agent/modeles/:id/reprise': sansCle,
  'POST /:commune/agent/modeles/:id/retrait': sansCle,
  'POST /:commune/agent/modeles/:id/retablissement': sansCle,
  'GET /:commune/agent/signatures': lu,
  'POST /:commune/agent/signatures': { passe: [400, 415] },
  'GET /:commune/agent/signatures/ajout': lu,
  'GET /:commune/agent/signatures/:id': lu,
  'POST /:commune/agent/signatures/:id': sansCle,
  'POST /:commune/agent/signatures/:id/retrait': sansCle,
  'POST /:commune/agent/signatures/:id/retablissement': sansCle,
  'GET /:commune/agent/journal': lu,
  'GET /:commune/dossiers/:id/donnees': lu,
  'GET /:commune/dossiers/:id/donnees.json': lu,
  'GET /:commune/dossiers/:id/donnees.html': lu,
  'POST /:commune/dossiers/:id/rectification': sansCle,
  'POST /:commune/dossiers/:id/demandes': sansCle,
  'POST /:commune/dossiers/:id/retrait': sansCle,
  'POST /:commune/dossiers/:id/restauration': sansCle,
  // Without an account, to where one signs in.
  'GET /:commune/mes-dossiers/donnees': { passe: [200, 303] },
  'GET /:commune/mes-dossiers/donnees.json': { passe: [200, 303] },
  'GET /:commune/mes-dossiers/donnees.html': { passe: [200, 303] },
  'POST /:commune/mes-dossiers/suppression': { passe: [303, 422] },
  'GET /:commune/agent/dossiers/:id/conservation': lu,
  'POST /:commune/agent/dossiers/:id/suspension': sansCle,
  'POST /:commune/agent/dossiers/:id/remise': sansCle,
  'GET /:commune/agent/dossiers/:id/archives.zip': { ...lu, ecrit: trace },
  'GET /:commune/agent/effacements': lu,
  'POST /:commune/agent/effacements/:id/confirmation': sansCle,
  'GET /:commune/demarches/:demarche/chiffres': { ...lu, sansPorteur: true },
  'GET /:commune/demarches/:demarche/chiffres.json': { ...lu, sansPorteur: true },
  // The first reading counts.
  'GET /:commune/agent/chiffres': { ...lu, ecrit: ['calcul_chiffres', 'chiffre_demarche'] },
  'GET /:commune/agent/chiffres.csv': { ...lu, ecrit: ['calcul_chiffres', 'chiffre_demarche'] },
  'GET /:commune/agent/chiffres/:demarche': { ...lu, ecrit: ['calcul_chiffres', 'chiffre_demarche'] },
  'GET /:commune/agent/registre': lu,
  'GET /:commune/agent/registre.html': lu,
  'GET /:commune/agent/registre.md': lu,
  'GET /:commune/agent/registre.json': lu,
  'GET /:commune/agent/corbeille': lu,
  // Being handled: it cannot go.
  'GET /:commune/agent/dossiers/:id/corbeille': { passe: [409] },
  'POST /:commune/agent/dossiers/:id/corbeille': sansCle,
  'POST /:commune/agent/dossiers/:id/restauration': sansCle,
  'GET /:commune/agent/etiquettes': lu,
  'POST /:commune/agent/etiquettes': sansCle,
  'POST /:commune/agent/etiquettes/:id/retrait': sansCle,
  'POST /:commune/agent/etiquettes/:id/retablissement': sansCle,
  'POST /:commune/agent/dossiers/:id/etiquettes': sansCle,
  'POST /:commune/agent/dossiers/:id/etiquettes/:etiquette/retrait': sansCle,
  'GET /:commune/agent/equipes': lu,
  'POST /:commune/agent/equipes': sansCle,
  'GET /:commune/agent/delegations': lu,
  'POST /:commune/agent/delegations': sansCle,
  'POST /:commune/agent/delegations/:id/retrait': sansCle,
  'POST /:commune/dossiers/:id/avis': { passe: [422], inconnu: [404] },
  'POST /:commune/brouillons/:id/changements': { passe: [303] },
  'GET /schemas/demarche.json': lu,
  'GET /:commune/agent/demarches': lu,
  'POST /:commune/agent/demarches': { passe: [400] },
  'GET /:commune/agent/demarches/catalogue': lu,
  'GET /:commune/agent/demarches/catalogue/:modele': lu,
  'POST /:commune/agent/demarches/adoptions': { passe: [400] },
  'GET /:commune/agent/demarches/import': lu,
  'POST /:commune/agent/demarches/import': form,
  'GET /:commune/agent/demarches/:demarche': lu,
  'GET /:commune/agent/demarches/:demarche/definition.json': lu,
  'POST /:commune/agent/demarches/:demarche/ouverture': sansCle,
  'POST /:commune/agent/demarches/:demarche/fermeture': sansCle,
  'POST /:commune/agent/demarches/:demarche/abandon': sansCle,
  'POST /:commune/agent/demarches/:demarche/proposition': sansCle,
  'POST /:commune/agent/demarches/:demarche/retrait': sansCle,
  'POST /:commune/agent/demarches/:demarche/essai': { passe: [303] },
  'GET /:commune/agent/demarches/:demarche/edition': lu,
  'POST /:commune/agent/demarches/:demarche/edition/gestes': sansCle,
  // No element is named: back to the plan.
  'GET /:commune/agent/demarches/:demarche/edition/suppression': { passe: [303] },
  'GET /:commune/agent/demarches/:demarche/edition/ajout': lu,
  'POST /:commune/agent/demarches/:demarche/edition/ajout': sansCle,
  'GET /:commune/agent/demarches/:demarche/edition/champs/:champ': lu,
  'POST /:commune/agent/demarches/:demarche/edition/champs/:champ': sansCle,
  'GET /:commune/agent/demarches/:demarche/edition/etapes/:etape': lu,
  'POST /:commune/agent/demarches/:demarche/edition/etapes/:etape': sansCle,
  // Only a preview: nothing is written.
  'POST /:commune/agent/demarches/:demarche/edition/champs/:champ/apercu': lu,
  'GET /:commune/agent/demarches/:demarche/edition/textes': lu,
  'POST /:commune/agent/demarches/:demarche/edition/textes': sansCle,
  'GET /:commune/agent/demarches/:demarche/edition/reglages': lu,
  'POST /:commune/agent/demarches/:demarche/edition/reglages': sansCle,
  'GET /:commune/agent/demarches/:demarche/edition/regles': lu,
  'POST /:commune/agent/demarches/:demarche/edition/regles': sansCle,
  'GET /:commune/agent/demarches/:demarche/edition/regles/:regle': lu,
  'POST /:commune/agent/demarches/:demarche/edition/regles/:regle': sansCle,
  'GET /:commune/agent/demarches/:demarche/edition/apercu': lu,
  'GET /:commune/agent/demarches/:demarche/edition/papier': lu,
  'GET /:commune/agent/demarches/:demarche/edition/historique': lu,
  'POST /:commune/agent/demarches/:demarche/edition/annulation': sansCle,
  'GET /:commune/agent/demarches/:demarche/publication': lu,
  'POST /:commune/agent/demarches/:demarche/publication': sansCle,
  'GET /:commune/demarches/:demarche/papier': { ...lu, sansPorteur: true },
  'GET /:commune/agent/demarches/:demarche/mise-a-jour': { passe: [303] },
  'POST /:commune/agent/demarches/:demarche/mise-a-jour': sansCle,
  'GET /:commune/agent/demarches/:demarche/revisions/:numero': lu,
  'GET /:commune/agent/demarches/:demarche/pre-remplissage': lu,
  'POST /:commune/agent/demarches/:demarche/pre-remplissage': form,
  'GET /:commune/agent/demarches/:demarche/pre-remplissage/:id': lu,
  'GET /:commune/demarches/:demarche/pre-rempli/:lien': { ...lu, sansPorteur: true },
  'POST /:commune/demarches/:demarche/pre-rempli/:lien': { passe: [400], sansPorteur: true },
  // To the first page for who has filed nothing, else without the key of the form.
  'POST /:commune/demarches/:demarche/reprise': { passe: [303, 400], sansPorteur: true },
  'POST /:commune/dossiers/:id/copie': { passe: [400] },
  'GET /:commune/api': lu,
  'GET /:commune/api/v1/openapi.json': lu,
  // Nobody calls these without a token, nor with anything but JSON: test/security/jetons.test.ts goes through them with both.
  ...Object.fromEntries(
    operations.filter(({ droit }) => droit !== 'public').map(({ route }) => [cle(route), { passe: route.body === 'json' ? [415] : [401] }]),
  ),
  'GET /:commune/agent/jetons': lu,
  'POST /:commune/agent/jetons': sansCle,
  'GET /:commune/agent/jetons/nouveau': lu,
  'GET /:commune/agent/jetons/:id': lu,
  'POST /:commune/agent/jetons/:id/revocation': sansCle,
  'POST /:commune/agent/jetons/:id/copie': sansCle,
  'GET /:commune/agent/webhooks': lu,
  'POST /:commune/agent/webhooks': sansCle,
  'GET /:commune/agent/webhooks/nouveau': lu,
  'GET /:commune/agent/webhooks/:id': lu,
  'GET /:commune/agent/webhooks/:id/reglages': lu,
  ...Object.fromEntries(
    ['reglages', 'secret', 'pause', 'reprise', 'rejeu', 'essai', 'suppression'].map(act => [
      `POST /:commune/agent/webhooks/:id/${act}`,
      sansCle,
    ]),
  ),
  'GET /:commune/api/v1/demarches': lu,
  'GET /:commune/api/v1/demarches/:demarche': { ...lu, sansPorteur: true },
  // Not JSON, before anything is looked for.
  'POST /:commune/api/v1/demarches/:demarche/pre-remplissages': { passe: [415], inconnu: [415], sansPorteur: true },
  // Another collectivité carries what is shared in this world: nobody of this one may.
  'GET /:commune/agent/catalogue': lu,
  'POST /:commune/agent/catalogue/diffusion': { passe: [400] },
}

/** What stands behind the parameters of a route. */
export interface CibleDeRoute {
  readonly dossiers: Dossiers
  readonly objets: Objets
  readonly agent: string
  readonly envoi: string
  readonly isKnown: boolean
}

const personne = { id: newId(), piece: newId(), document: newId() }

/** A target that nobody has. */
export const INCONNUS: CibleDeRoute = {
  dossiers: { brouillon: personne, depose: personne, correction: personne },
  objets: OBJETS_INCONNUS,
  agent: personne.id,
  envoi: personne.id,
  isKnown: false,
}

/** The four targets of every route, seen from A: of the titulaire, of somebody else there, of another commune, of nobody. */
export const CIBLES = ['siens', 'des autres', 'ailleurs', 'inconnus'] as const
export type NomDeCible = (typeof CIBLES)[number]

/** What the routes name for each target. */
export function ciblesDe(monde: Monde): Readonly<Record<NomDeCible, CibleDeRoute>> {
  const deA = { objets: monde.objets.a, envoi: monde.envois.a, isKnown: true }
  return {
    siens: { ...deA, dossiers: monde.siens, agent: monde.agents.lecteur.id },
    'des autres': { ...deA, dossiers: monde.desAutres, agent: monde.agents.decideur.id },
    ailleurs: { objets: monde.objets.b, dossiers: monde.ailleurs, agent: monde.agentAilleurs.id, envoi: monde.envois.b, isKnown: false },
    inconnus: INCONNUS,
  }
}

// What `:id` is, by the beginning of the path; otherwise a dossier.
const IDS: readonly (readonly [RegExp, keyof Objets])[] = [
  [/^\/agent\/lots\//, 'lot'],
  [/^\/agent\/vues\//, 'vue'],
  [/^\/agent\/exports\/modeles\//, 'modeleExport'],
  [/^\/agent\/jetons\//, 'jetonApi'],
  [/^\/agent\/webhooks\//, 'webhook'],
  [/^\/agent\/delegations\//, 'delegation'],
  [/^\/agent\/etiquettes\//, 'etiquette'],
  [/^\/agent\/effacements\//, 'retenue'],
  [/\/pre-remplissage\/:id/, 'preRemplissage'],
  [/^\/agent\/modeles\//, 'gabarit'],
  [/^\/agent\/signatures\//, 'signataire'],
]

function dossierDe({ path, access }: Route, dossiers: Dossiers) {
  if (path.startsWith('/brouillons/')) return dossiers.brouillon
  return access.kind === 'usager' && path.includes('/correction') ? dossiers.correction : dossiers.depose
}

/** The address of a route for one target. */
export function urlDe(route: Route, base: string, { dossiers, objets, agent, envoi, isKnown }: CibleDeRoute): string {
  const { path } = route
  const dossier = dossierDe(route, dossiers)
  const avis = objets.avis[dossiers.depose.id] ?? { id: dossier.piece, jeton: 'A'.repeat(32) }
  const named = IDS.find(([start]) => start.test(path))
  const id = named
    ? (objets[named[1]] as string)
    : path.startsWith('/agent/equipe')
      ? agent
      : path.startsWith('/boite')
        ? envoi
        : dossier.id
  const values: Record<string, string> = {
    id,
    etape: path.includes('/edition/') ? 'projet' : path.includes(':ligne') || path.endsWith('/pieces') ? 'enfants' : 'responsable',
    ligne: 'enfant-1',
    demarche: isKnown ? 'occupation-domaine-public' : objets.demarche,
    fichier: dossier.piece,
    avis: avis.id,
    etiquette: objets.etiquette,
    document: dossier.document,
    jeton: path.startsWith('/avis/') ? avis.jeton : path.includes('/invitation/') ? objets.invitation : 'A'.repeat(43),
    liste: objets.liste,
    lien: objets.lien,
    modele: isKnown ? 'location-salle' : 'inconnu',
    numero: '1',
    champ: 'nature',
    regle: 'refus-neuf',
    type: 'iban',
    code: objets.code,
  }
  const filled = path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? name)
  return route.scope === 'territoire' ? filled : base + (filled === '/' ? '' : filled)
}
