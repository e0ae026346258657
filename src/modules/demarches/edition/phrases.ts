import { definitions } from '../../formulaires/index.ts'
import type { Modele } from '../demarche.ts'
import { type Difference, differences, lieuDe } from './differences.ts'
import type { Fusion } from './fusion.ts'
import type { Conflit } from './fusion-chantier.ts'
import { idDe, objetDe, toNormal } from './normal-form.ts'
import { cite, direEvenement, direListe, direValeur } from './valeurs.ts'

type Objet = Readonly<Record<string, unknown>>

/** Properties of the démarche, with their article; in the plural the verb follows. */
const proprietesDeDemarche: Readonly<Record<string, string>> = {
  titre: 'Le titre',
  resume: 'Le résumé',
  evenementDeVie: 'L’événement de vie',
  motsCles: 'Les mots pour la trouver',
  pour: 'Le texte « Pour qui »',
  dureeMinutes: 'La durée pour remplir',
  cout: 'Le texte sur le coût',
  delaiJours: 'Le délai de réponse habituel',
  pieces: 'Les documents à préparer',
  baseLegale: 'Les textes de loi',
  'silence.effet': 'L’effet du silence de la mairie',
  'silence.mois': 'Le délai du silence',
  'silence.jours': 'Le délai du silence, en jours',
  'silence.reprise': 'La reprise du délai après une correction',
  'silence.texte': 'Le texte sur le silence',
  regime: 'Le régime de décision',
  recours: 'Le texte sur les recours',
  service: 'Le service chargé des demandes',
  aiguillage: 'Les services chargés selon les réponses',
  avisUrl: 'Le lien « Je donne mon avis »',
  'decision.objet': 'L’objet de la décision',
  'decision.texteAcceptation': 'Le texte de la décision favorable',
  'decision.texteRefus': 'Le texte du refus',
  conservationMois: 'La durée de conservation',
  finalites: 'Ce à quoi servent les données',
  baseRgpd: 'Ce qui permet de demander les données',
  sortFinal: 'Ce que deviennent les dossiers à la fin',
  'formulaire.refusSi': 'Les cas où la demande n’est pas possible',
  'formulaire.parametres': 'Les réglages',
}

const proprietesDElement: Readonly<Record<string, string>> = {
  aide: 'Le texte d’aide',
  intro: 'L’introduction',
  enPhrase: 'Le nom dans les phrases',
  visibleSi: 'La condition d’affichage',
  min: 'Le minimum',
  max: 'Le maximum',
  minimum: 'Le nombre minimal de réponses',
  maximum: 'Le nombre maximal de réponses',
  longueurMax: 'Le nombre maximal de caractères',
  nombreMax: 'Le nombre maximal de fichiers',
  identite: 'L’effacement de la pièce d’identité',
  sortes: 'Les sortes de fichiers',
  decimales: 'Le nombre de décimales',
  unite: 'L’unité',
  expression: 'Le calcul',
  explication: 'L’explication',
  texte: 'Le texte',
  referentiel: 'La liste de référence',
  colonnes: 'Les colonnes gardées',
  autocomplete: 'Le remplissage automatique',
  largeur: 'La largeur',
  defaut: 'La valeur',
}

/** A property by its name, without its article; empty when it has none. */
export const nomDePropriete = (propriete: string, isOfDemarche: boolean): string =>
  ((isOfDemarche ? proprietesDeDemarche : proprietesDElement)[propriete] ?? '').replace(/^(?:Les? |La |L’)/, '').toLowerCase()

const unites: Readonly<Record<string, string>> = {
  dureeMinutes: 'minutes',
  delaiJours: 'jours',
  'silence.mois': 'mois',
  'silence.jours': 'jours',
  conservationMois: 'mois',
}

/** A difference from `a` to `b` as one French sentence, for the person who keeps the démarche. */
export function phraseDeDifference(difference: Difference, a: Modele, b: Modele): string {
  const { nature, element } = difference
  if (nature === 'ajoute') return phraseDAjout(difference, b)
  if (nature === 'retire') return `${Nom(element, a)} est ${accord(element, 'retiré')}.`
  if (nature === 'deplace') return phraseDePlace(difference, a, b)
  if (element === '') return phraseDeDemarche(difference, a, b)
  return phraseDePropriete(difference, a, b)
}

/** What a conflict is about, and what each side did, as sentences. What is kept until somebody chooses is mine. */
export function phraseDeConflit(conflit: Conflit, { base, leurs, miennes }: Fusion): { sujet: string; leurs: string; miennes: string } {
  const { element, propriete, cle } = conflit
  if (cle.endsWith('#ordre')) {
    const say = (ids: unknown, modele: Modele) =>
      `Dans cet ordre : ${(ids as readonly string[]).map(id => direMembre(element, id, modele)).join(', ')}.`
    return { sujet: 'L’ordre', leurs: say(conflit.leurs, leurs), miennes: say(conflit.miennes, miennes) }
  }
  const known = [miennes, leurs, base].find(modele => toNormal(modele).elements.has(element)) ?? base
  const sujet = element === '' ? 'La démarche' : Nom(element, known)
  return { sujet, leurs: phraseDUnCote(conflit, base, leurs, propriete), miennes: phraseDUnCote(conflit, base, miennes, propriete) }
}

function phraseDUnCote({ element, cle }: Conflit, base: Modele, side: Modele, propriete: string | undefined): string {
  const all = differences(base, side)
  const exact = all.filter(difference => difference.cle === cle)
  const within = propriete
    ? []
    : all.filter(
        difference =>
          difference.element === element ||
          difference.element.startsWith(`${element}/`) ||
          lieuDe(difference.element, base).etape === idDe(element),
      )
  const found = exact.length > 0 ? exact : within
  return found.length > 0 ? found.map(difference => phraseDeDifference(difference, base, side)).join(' ') : 'Sans changement.'
}

const direMembre = (liste: string, id: string, modele: Modele): string =>
  nomDe(liste.endsWith('/champs') ? `champs/${id}` : `${liste}/${id}`, modele).replace(/^[^«]*/, '') || id

/** An element by its label, with its article: « la question « École » ». */
export function nomDe(element: string, modele: Modele): string {
  const normale = toNormal(modele)
  const { libelle, titre } = objetDe(normale, element) as { libelle?: string; titre?: string }
  const label = cite(libelle ?? titre ?? idDe(element))
  if (element.startsWith('etapes/')) return `l’étape ${label}`
  if (element.startsWith('parametres/')) return `le réglage ${label}`
  const [, id = '', ...option] = element.split('/')
  if (option.length > 0) return `la réponse ${label} de ${cite(String(normale.elements.get(`champs/${id}`)?.get('libelle') ?? id))}`
  const champ = definitions.indexDe(modele.formulaire).champs.get(id)?.champ
  return champ && definitions.typeDe(champ).nature(champ) === null ? `le texte ${label}` : `la question ${label}`
}

/** The same at the head of a sentence. */
function Nom(element: string, modele: Modele): string {
  const name = nomDe(element, modele)
  return name.charAt(0).toUpperCase() + name.slice(1)
}

const isMasculine = (name: string): boolean => /^le /i.test(name)

/** A participle that agrees; `name` is the name with its article, when the kind of the element does not tell. */
const accord = (element: string, participle: string, name = ''): string =>
  element.startsWith('parametres/') || isMasculine(name) ? participle : `${participle}e`

function phraseDAjout({ element, place, apres }: Difference, b: Modele): string {
  const name = Nom(element, b)
  const added = `${name} est ${accord(element, 'ajouté', name)}`
  if (element.startsWith('champs/') && element.split('/').length === 2) {
    const etape = lieuDe(element, b).etape
    return `${added} à ${nomDe(`etapes/${etape}`, b)}.`
  }
  if (element.startsWith('parametres/')) return `${added} : ${direDefaut(apres as Objet, b)}.`
  return place?.apres[0] !== undefined && element.startsWith('etapes/')
    ? `${added} après ${nomDe(`etapes/${place.apres[0]}`, b)}.`
    : `${added}.`
}

function phraseDePlace({ element, avant, apres, place }: Difference, a: Modele, b: Modele): string {
  const name = Nom(element, b)
  const liste = (value: unknown) => String(value).replace(/\/champs$/, '')
  if (avant !== apres) return `${name} passe de ${nomDe(liste(avant), a)} à ${nomDe(liste(apres), b)}.`
  const before = place?.apres[0]
  const prefix = element.slice(0, element.lastIndexOf('/'))
  const where = before === undefined ? 'en premier' : `après ${nomDe(`${prefix}/${before}`, b)}`
  return `${name} est ${accord(element, 'déplacé', name)} ${where}.`
}

function phraseDeDemarche({ propriete = '', avant, apres }: Difference, a: Modele, b: Modele): string {
  const role = /^demandeur\.(.+)$/.exec(propriete)?.[1]
  if (role) return `La réponse qui donne « ${role} » du demandeur change : ${direQuestion(apres, b)} au lieu de ${direQuestion(avant, a)}.`
  const name = proprietesDeDemarche[propriete] ?? `Le réglage « ${propriete} »`
  const change = name.startsWith('Les ') ? 'changent' : 'change'
  if (Array.isArray(avant) && Array.isArray(apres)) return `${name} ${change} : ${direListe(avant, apres, a, b)}.`
  const say = (value: unknown, modele: Modele) =>
    propriete === 'evenementDeVie' ? direEvenement(value) : direValeur(value, modele, unites[propriete])
  return `${name} ${change} : ${say(apres, b)} au lieu de ${say(avant, a)}.`
}

const direQuestion = (id: unknown, modele: Modele): string => (typeof id === 'string' ? nomDe(`champs/${id}`, modele) : 'rien')

function phraseDePropriete({ element, propriete = '', avant, apres }: Difference, a: Modele, b: Modele): string {
  const name = Nom(element, b)
  if (propriete === 'libelle' || propriete === 'titre') return `${Nom(element, a)} devient ${cite(String(apres))}.`
  if (propriete === 'obligatoire')
    return `${name} devient ${apres === false ? accord(element, 'facultatif', name).replace('ife', 'ive') : 'obligatoire'}.`
  if (propriete === 'visibleSi' && avant === undefined)
    return `${name} n’est plus ${accord(element, 'montré', name)} que si ${direValeur(apres, b)}.`
  if (propriete === 'visibleSi' && apres === undefined)
    return `${name} est toujours ${accord(element, 'montré', name)}, sans condition (avant : si ${direValeur(avant, a)}).`
  if (propriete === 'reservee') return apres ? `${name} est réservée aux agents.` : `${name} est demandée à l’habitant.`
  if (propriete === 'repetition') return `${name} ${direRepetition(avant, apres)}.`
  if (propriete === 'type') return `${name} change de type : ${direType(apres)} au lieu de ${direType(avant)}.`
  if (propriete === 'defaut') return `${name} change : ${direDefaut(objet(element, b), b)} au lieu de ${direDefaut(objet(element, a), a)}.`
  const label = proprietesDElement[propriete] ?? `Le réglage « ${propriete} »`
  const change = label.startsWith('Les ') ? 'changent' : 'change'
  const said =
    Array.isArray(avant) && Array.isArray(apres)
      ? direListe(avant, apres, a, b)
      : `${direValeur(apres, b)} au lieu de ${direValeur(avant, a)}`
  return `${label} de ${nomDe(element, b)
    .replace(/^le /, 'du ')
    .replace(/^(?:la question|l’étape) /, '')} ${change} : ${said}.`.replace(' de du ', ' du ')
}

const objet = (element: string, modele: Modele): Objet => objetDe(toNormal(modele), element)

/** The value of a setting: euros, a scale, a number with its unit. */
export const direDefaut = ({ type, defaut, unite }: Objet, modele: Modele): string =>
  direValeur(defaut, modele, type === 'montant' ? 'euros' : typeof unite === 'string' ? unite : '')

function direType(value: unknown): string {
  const type = typeof value === 'object' && value !== null ? Reflect.get(value, 'type') : value
  const known =
    typeof type === 'string' && Object.hasOwn(definitions.types, type) ? definitions.types[type as definitions.NomDeType].nom : String(type)
  return cite(known)
}

function direRepetition(avant: unknown, apres: unknown): string {
  if (apres === undefined) return 'ne se répète plus'
  const say = (value: unknown) => {
    const { min, max, nom } = value as { min: number; max: number; nom: { pluriel: string } }
    return `${nom.pluriel}, de ${min} à ${max}`
  }
  return avant === undefined ? `se répète maintenant : ${say(apres)}` : `change sa répétition : ${say(apres)} au lieu de ${say(avant)}`
}
