import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ineligibility, parcours, problems, recapitulatif } from '../../formulaires/index.ts'
import { jouerExemple, modeles } from '../livre.ts'
import { change, env, exemple, modele, today } from './testing.ts'

/** What changes in the first sample (or the one of `exemple`) of a template, in one étape. */
interface Changement {
  readonly exemple?: number
  readonly saisie?: Record<string, string | string[]>
  readonly dansJours?: Record<string, number>
  readonly reglages?: Record<string, unknown>
}

function jouer(id: string, etape: string, { exemple: rank = 0, saisie = {}, dansJours = {}, reglages = {} }: Changement) {
  const found = modele(id)
  const facts = env(found, today, reglages)
  return { found, env: facts, ...jouerExemple(found, change(exemple(id, rank), etape, saisie, dansJours), facts) }
}

const born = (champ: string, year: number) => ({ [`${champ}-jour`]: '1', [`${champ}-mois`]: '1', [`${champ}-annee`]: String(year) })

// One line for each refusal of the catalogue: template, rank of the refusal, étape, what is answered.
const refus: [string, number, string, Changement][] = [
  ['abattage-arbre', 0, 'besoin', { saisie: { demande: 'voisin' } }],
  ['accueil-periscolaire', 0, 'enfants', { saisie: { soirs: [] } }],
  ['acte-etat-civil', 0, 'acte', { saisie: born('dateActe', 2020) }],
  ['aide-facultative-ccas', 0, 'situation', { saisie: { habite: 'non' } }],
  ['attestation-accueil', 0, 'sejour', { saisie: { europeens: 'oui' } }],
  ['carte-senior', 0, 'vous', { saisie: { habite: 'non' } }],
  ['carte-senior', 1, 'vous', { saisie: born('naissance', 1990) }],
  ['celebration-mariage', 0, 'projet', { saisie: { lien: 'aucun' } }],
  ['celebration-mariage', 1, 'epoux', { saisie: born('eNaissance', 2010) }],
  ['celebration-mariage', 2, 'epoux', { saisie: { eSituation: 'marie' } }],
  ['certificat-vie', 0, 'pension', { saisie: { habite: 'non' } }],
  ['certificat-vie', 1, 'pension', { saisie: { caisse: 'francaise' } }],
  ['chambre-hotes', 0, 'maison', { saisie: { chezSoi: 'non' } }],
  ['chambre-hotes', 2, 'chambres', { saisie: { chambrePersonnes: '8' } }],
  ['concession-cimetiere', 0, 'besoin', { saisie: { droit: 'aucun' } }],
  ['concession-cimetiere', 1, 'besoin', { exemple: 1, dansJours: { echeance: -900 } }],
  ['concession-cimetiere', 2, 'choixEmplacement', { saisie: { duree: 'cinquante' }, reglages: { cinquante: false } }],
  ['concession-cimetiere', 3, 'choixEmplacement', { exemple: 1, saisie: { duree: 'cinquante' } }],
  ['debit-de-boissons-temporaire', 0, 'cadre', { saisie: { boissons: ['fermentees', 'forts'] } }],
  ['debit-de-boissons-temporaire', 1, 'cadre', { exemple: 1, saisie: { typeSport: 'autre' } }],
  ['debit-de-boissons-temporaire', 2, 'cadre', { saisie: { 'fermeture-heure': '10 h' } }],
  ['debit-de-boissons-temporaire', 3, 'cadre', { saisie: { 'fermeture-heure': '3 h' }, dansJours: { fermeture: 41 } }],
  ['declaration-sinistre', 0, 'faits', { saisie: { cause: 'prive' } }],
  ['encombrants', 0, 'avant', { saisie: { dangereux: 'oui' } }],
  ['encombrants', 1, 'avant', { saisie: { professionnel: 'oui' } }],
  ['encombrants', 2, 'objets', { saisie: { quantite: '9' } }],
  ['inscription-listes-electorales', 0, 'droit', { saisie: { nationalite: 'autre' } }],
  ['inscription-listes-electorales', 1, 'droit', { saisie: born('naissance', 2012) }],
  ['inscription-scolaire', 0, 'residence', { exemple: 1, saisie: { raisonAutre: 'aucune' } }],
  ['legalisation-signature', 0, 'aSigner', { saisie: { besoin: 'copie' } }],
  ['legalisation-signature', 1, 'aSigner', { saisie: { signe: 'oui' } }],
  ['legalisation-signature', 2, 'aSigner', { saisie: { habitant: 'non' } }],
  ['location-salle', 0, 'reservation', { saisie: { personnes: '201' } }],
  ['location-salle', 1, 'quiLoue', { saisie: born('organisateurNaissance', 2012) }],
  ['meuble-tourisme', 0, 'logement', { saisie: { chambre: 'oui' } }],
  ['meuble-tourisme', 1, 'logement', { reglages: { teleserviceNational: true } }],
  ['meuble-tourisme', 2, 'logement', { exemple: 1, saisie: { joursParAn: '121' } }],
  ['permis-detention-chien', 0, 'maitre', { saisie: born('maitreNaissance', 2010) }],
  ['permis-detention-chien', 1, 'maitre', { saisie: { interdit: 'oui' } }],
  ['permis-detention-chien', 2, 'maitre', { saisie: { habite: 'non' } }],
  ['permission-de-voirie', 0, 'rue', { saisie: { voie: 'departementale' } }],
  ['permission-de-voirie', 1, 'rue', { saisie: { voie: 'nationale' } }],
  ['permission-de-voirie', 2, 'rue', { saisie: { voie: 'privee' } }],
  ['portage-repas', 0, 'personne', { saisie: { habite: 'non' } }],
  ['portage-repas', 1, 'personne', { exemple: 1, saisie: { accord: 'non' } }],
  ['pre-inscription-creche', 0, 'foyer', { saisie: { lien: 'aucun' } }],
  ['pret-materiel', 0, 'cadre', { saisie: { lucratif: 'oui' } }],
  ['recensement-citoyen', 0, 'situation', { saisie: { francais: 'non' } }],
  ['recensement-citoyen', 1, 'situation', { dansJours: { naissance: -5800 } }],
  ['recensement-citoyen', 2, 'situation', { dansJours: { naissance: -9200 } }],
  ['rendez-vous-mairie', 0, 'objet', { saisie: { motif: 'titre', nombreTitres: '1' } }],
  ['rendez-vous-pacs', 0, 'conditions', { saisie: { residence: 'non' } }],
  ['rendez-vous-pacs', 1, 'conditions', { saisie: { engages: 'oui' } }],
  ['rendez-vous-pacs', 2, 'conditions', { saisie: { parents: 'oui' } }],
  ['rendez-vous-pacs', 3, 'conditions', { saisie: { formeConvention: 'notaire' } }],
  ['rendez-vous-pacs', 4, 'partenaires', { saisie: born('pNaissance', 2010) }],
  ['subvention-association', 0, 'association', { saisie: { objetCultuel: 'oui' } }],
  ['subvention-association', 1, 'budget', { saisie: { montantDemande: '401' } }],
  ['subvention-association', 2, 'budget', { saisie: { montantDemande: '700' } }],
  ['travaux-sepulture', 0, 'travaux', { saisie: { nature: ['gravure', 'exhumation'] } }],
]

describe('what a démarche refuses, and why', () => {
  for (const [id, rank, etape, changement] of refus)
    it(`${id}: ${modele(id).formulaire.refusSi?.[rank]?.explication}`, () => {
      const expected = modele(id).formulaire.refusSi?.[rank]?.explication ?? assert.fail(`no refusal ${rank}`)
      const { found, reponses, env } = jouer(id, etape, changement)
      assert.ok(
        ineligibility(found.formulaire, reponses, env).includes(expected),
        ineligibility(found.formulaire, reponses, env).join('\n'),
      )
    })

  it('has a line here for each refusal', () => {
    const tried = new Set(refus.map(([id, rank]) => `${id} ${rank}`))
    // Six rooms are six rows, not a change of one answer: it has its own test below.
    tried.add('chambre-hotes 1')
    const all = modeles.flatMap(({ id, formulaire }) => (formulaire.refusSi ?? []).map((_, rank) => `${id} ${rank}`))
    assert.deepEqual(
      all.filter(key => !tried.has(key)),
      [],
    )
  })

  it('chambre-hotes: counts the rooms', () => {
    const found = modele('chambre-hotes')
    const base = exemple('chambre-hotes', 0)
    const rooms = (count: number) => {
      const rows = Array.from({ length: count }, (_, rank) => ({
        etape: 'chambres',
        rowId: `r-${rank}`,
        saisie: { chambreNom: `Chambre ${rank}`, chambrePersonnes: '2' },
      }))
      const envois = base.envois.flatMap(envoi => (envoi.etape === 'chambres' ? [] : envoi.etape === 'bilan' ? [...rows, envoi] : [envoi]))
      return ineligibility(found.formulaire, jouerExemple(found, { ...base, envois }, env(found)).reponses, env(found)).length
    }
    assert.deepEqual([rooms(5), rooms(6)], [0, 1])
  })
})

describe('settings of the commune', () => {
  it('open the identity cards at the town hall that makes them', () => {
    const changement = { saisie: { motif: 'titre', nombreTitres: '2' }, reglages: { dispositifTitres: true } }
    const { found, reponses, env, erreurs } = jouer('rendez-vous-mairie', 'objet', changement)
    assert.deepEqual(erreurs, [])
    assert.deepEqual(problems(found.formulaire, reponses, env), [])
    assert.equal(reponses.champs.nombreTitres, 2)
  })

  it('say that a change of use must be asked where the commune wants it', () => {
    const isSaid = (reglages: Record<string, unknown>) => {
      const { found, reponses, env } = jouer('meuble-tourisme', 'logement', { reglages })
      return parcours(found.formulaire, reponses, env).some(({ champs }) => champs.some(({ champ }) => champ.id === 'usage'))
    }
    assert.deepEqual([isSaid({ changementUsage: true }), isSaid({ changementUsage: false })], [true, false])
  })
})

describe('prices and totals', () => {
  const cases: [string, number, Record<string, string>][] = [
    ['accueil-periscolaire', 0, { seances: '2', prixSeance: '1,10 €', estimation: '8,80 €' }],
    ['accueil-periscolaire', 1, { seances: '5', prixSeance: '2,10 €', estimation: '42,00 €' }],
    ['accueil-de-loisirs', 0, { journees: '20', prixJour: '4,50 €', total: '90,00 €' }],
    ['accueil-de-loisirs', 1, { journees: '15', prixJour: '22,00 €', total: '330,00 €' }],
    ['pre-inscription-creche', 0, { heuresSemaine: '28,5' }],
    ['abonnement-eau', 1, { frais: '35,00 €' }],
    ['carte-dechetterie', 0, { volume: '160', total: '0,00 €' }],
    ['carte-dechetterie', 2, { total: '10,00 €' }],
    ['encombrants', 0, { volume: '2,5', prix: '25,00 €' }],
    ['permission-de-voirie', 0, { surface: '6,3', redevance: '50,00 €' }],
    ['vide-grenier', 0, { total: '135', droitPlace: '400,00 €' }],
    ['subvention-association', 0, { totalDepenses: '800,50 €', totalRecettes: '800,50 €', aidesPubliques: '400,00 €' }],
    ['subvention-association', 1, { totalRecettes: '210 000,00 €', aidesPubliques: '180 000,00 €' }],
    ['location-salle', 0, { prixJour: '200,00 €', prix: '400,00 €' }],
    ['location-salle', 1, { prix: '0,00 €' }],
    ['location-salle', 2, { prix: '900,00 €' }],
    ['aide-facultative-ccas', 0, { personnes: '2', ressources: '980,00 €', reste: '6,75 €' }],
    ['portage-repas', 1, { prixRepas: '8,00 €', prixSemaine: '32,00 €' }],
    ['concession-cimetiere', 0, { prix: '400,00 €' }],
    ['concession-cimetiere', 1, { prix: '400,00 €' }],
    ['permis-detention-chien', 1, { finProvisoire: '24 juin 2027' }],
  ]
  for (const [id, exemple, expected] of cases)
    it(`${id}, sample ${exemple}: ${Object.values(expected).join(', ')}`, () => {
      const { found, reponses, env } = jouer(id, '', { exemple })
      const lines = recapitulatif(found.formulaire, reponses, env).flatMap(({ lignes }) => lignes)
      const shown = Object.keys(expected).map(champ => [champ, lines.find(line => line.champ === champ)?.valeur.replace(/\s/g, ' ')])
      assert.deepEqual(Object.fromEntries(shown), expected)
    })
})
