import { type Modele, textes } from '../demarches/index.ts'
import { definitions, type Env, type Reponses } from '../formulaires/index.ts'
import { type Contenu, estMessage, type Usage } from './gabarit.ts'

/** What a text may insert whatever the démarche, with the words by which an agent chooses it. */
const communes = {
  demandeur: 'Nom de la personne',
  reference: 'Référence du dossier',
  demarche: 'Nom de la démarche',
  date_depot: 'Date du dépôt',
  service: 'Service chargé de la demande',
  commune: 'Nom de la collectivité',
  mairie: '« la mairie » ou « l’intercommunalité »',
  telephone: 'Téléphone de la collectivité',
  courriel: 'Adresse électronique de la collectivité',
  decision: '« acceptée », « refusée » ou « classée sans suite »',
  date_decision: 'Date de la décision',
  agent: 'Nom de l’agent qui décide ou qui écrit',
  motif: 'Motif écrit par l’agent',
  date_limite: 'Date limite de réponse',
  a_revoir: 'Réponses à corriger, une par ligne',
  date_effacement: 'Date d’effacement du dossier',
} as const
export type MarqueCommune = keyof typeof communes

/** The facts of a dossier that its answers do not say; what is absent reads as empty. */
export type Faits = Readonly<Partial<Record<MarqueCommune, string>>>

/** Something to insert: `{id}` in the text. */
export interface Marque {
  readonly id: string
  readonly libelle: string
}

const TOUJOURS: readonly MarqueCommune[] = [
  ...(['demandeur', 'reference', 'demarche', 'date_depot', 'service', 'commune', 'mairie', 'telephone', 'courriel'] as const),
]
const DECISION: readonly MarqueCommune[] = ['decision', 'date_decision', 'agent', 'motif']
const CORRECTION: readonly MarqueCommune[] = ['motif', 'date_limite', 'a_revoir']

const SANS_RIEN: readonly Usage[] = ['message.depot', 'message.message', 'message.courrier']

function propresA(usage: Usage): readonly MarqueCommune[] {
  if (usage === 'message.correction' || usage === 'message.relance_correction') return CORRECTION
  if (usage === 'message.rouvrir') return ['motif']
  if (usage === 'message.avis_de_purge') return ['date_effacement']
  if (usage === 'document.courrier') return ['agent']
  if (/\.(accepter|refuser)_auto$/.test(usage)) return ['decision', 'date_decision']
  return SANS_RIEN.includes(usage) ? [] : DECISION
}

/** What a text of this use may insert: what any dossier has, then the questions and settings of the démarche when it is written for one. */
export function marquesPour(usage: Usage, modele: Modele | null): Marque[] {
  const always = [...TOUJOURS, ...propresA(usage)].map(id => ({ id, libelle: communes[id] }))
  return modele ? [...always, ...marquesDeLaDemarche(modele)] : always
}

// A question that repeats has several answers: none of them is the one to insert.
function marquesDeLaDemarche({ formulaire }: Modele): Marque[] {
  const champs = formulaire.etapes
    .filter(({ repetition }) => repetition === undefined)
    .flatMap(({ champs }) => champs.filter(({ type }) => type !== 'explication' && type !== 'section'))
  return [...champs, ...(formulaire.parametres ?? [])].map(({ id, libelle }) => ({ id: idDansLeTexte(id), libelle }))
}

/** A question that has the name of a common mark is named `reponse.motif`: both can be inserted. */
export const idDansLeTexte = (id: string): string => (Object.hasOwn(communes, id) ? `reponse.${id}` : id)

/** The words of every mark for one dossier. */
export function motsDuDossier(modele: Modele, reponses: Reponses, env: Env, faits: Faits): Map<string, string> {
  const answers = [...textes.motsDesReponses(modele, reponses, env)].map(([id, words]) => [idDansLeTexte(id), words] as const)
  return new Map([...answers, ...Object.entries(faits)])
}

/** Something that cannot be printed in a text: where, under which control of the page, and a sentence. */
export interface Faute {
  readonly champ: string
  readonly message: string
}

/**
 * What prevents a text from being used: marks that this démarche does not have, with the nearest name; conditions that do not hold together.
 * Empty when it may be saved. Asked again for the revision of each dossier: a question may have gone since.
 */
export function fautesDe(contenu: Contenu, usage: Usage, modele: Modele | null): Faute[] {
  const known = marquesPour(usage, modele)
  const look = (champ: string, lieu: string, text: string): Faute[] =>
    [...text.matchAll(textes.marques)].flatMap(([, id = '']) =>
      known.some(mark => mark.id === id) ? [] : [{ champ, message: phraseDInconnue(lieu, id, known) }],
    )
  return [
    ...look('sujet', 'Objet', contenu.sujet ?? ''),
    ...look('titre', 'Titre', contenu.titre),
    ...contenu.blocs.flatMap(({ texte, si }, rank) => [
      ...look(`b${rank}-texte`, `Bloc ${rank + 1}`, texte),
      ...(si
        ? fautesDeCondition(si, modele).map(message => ({ champ: `b${rank}-texte`, message: `Bloc ${rank + 1}, condition : ${message}` }))
        : []),
    ]),
    ...(estMessage(usage) && !contenu.sujet ? [{ champ: 'sujet', message: 'Écrivez l’objet du courriel.' }] : []),
  ]
}

function fautesDeCondition(si: definitions.Expression, modele: Modele | null): string[] {
  if (!modele) return ['un texte pour toutes les démarches n’a pas de condition.']
  return definitions.checkExpression(si, { formulaire: modele.formulaire }, 'booleen')
}

function phraseDInconnue(lieu: string, id: string, known: readonly Marque[]): string {
  const near = plusProche(id, known)
  const advice = near ? ` Vouliez-vous dire {${near.id}} (${near.libelle}) ?` : ' Choisissez une donnée dans la liste.'
  return `${lieu} : la donnée {${id}} n’existe pas pour cette démarche.${advice}`
}

/** The known mark nearest to what was typed, by its name or its words; undefined when nothing is near. */
export function plusProche(typed: string, known: readonly Marque[]): Marque | undefined {
  const wanted = definitions.fold(typed)
  const ranked = known
    .map(mark => ({ mark, far: Math.min(distance(wanted, definitions.fold(mark.id)), distance(wanted, definitions.fold(mark.libelle))) }))
    .sort((a, b) => a.far - b.far)
  const first = ranked[0]
  return first && first.far <= Math.max(2, wanted.length / 2) ? first.mark : undefined
}

/** Edits from a word to another (Levenshtein); 60 characters of each are enough to tell which is near. */
function distance(from: string, to: string): number {
  const [a, b] = [from.slice(0, 60), to.slice(0, 60)]
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
