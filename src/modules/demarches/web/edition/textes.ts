import type { Form } from '../../../../platform/http/form.ts'
import type { Modele } from '../../demarche.ts'
import { evenementsDeVie } from '../../evenements-de-vie.ts'
import { basesRgpd } from '../../traitement.ts'
import type { Geste } from './chantier.ts'
import { enchainer } from './enchainer.ts'
import { ligneDe, lignesDe } from './saisie.ts'

/** A text, or a figure, of the démarche itself. */
export interface Texte {
  /** Its path, as differences name it: `silence.mois`. */
  readonly nom: string
  readonly libelle: string
  readonly aide?: string
  readonly saisie: 'ligne' | 'texte' | 'nombre' | 'lignes' | 'choix'
  readonly maximum?: number
  readonly unite?: string
  readonly choix?: readonly { readonly value: string; readonly label: string; readonly hint?: string }[]
  readonly facultatif?: boolean
}

const bases = [
  { value: '', label: 'Une mission d’intérêt public', hint: 'Le cas courant d’une collectivité.' },
  ...(['obligation', 'contrat', 'consentement'] as const).map(value => ({
    value,
    label: majuscule(basesRgpd[value].mots),
    hint: `RGPD, article ${basesRgpd[value].article}.`,
  })),
]
const sorts = [
  { value: '', label: 'Effacé' },
  { value: 'archiver', label: 'Remis aux archives publiques, puis effacé ici', hint: 'Il attend qu’un agent confirme qu’il les a reçues.' },
  { value: 'anonymiser', label: 'Effacé, en ne gardant que des comptes' },
]
const evenements = Object.entries(evenementsDeVie).map(([value, label]) => ({ value, label }))

/** Everything that a démarche says, in the order of its pages. */
export const sections: readonly (readonly [titre: string, textes: readonly Texte[]])[] = [
  [
    'La présenter',
    [
      { nom: 'titre', libelle: 'Titre', saisie: 'ligne', maximum: 120 },
      { nom: 'resume', libelle: 'En une phrase', saisie: 'texte', maximum: 240 },
      { nom: 'evenementDeVie', libelle: 'Où la ranger', saisie: 'choix', choix: evenements },
      { nom: 'motsCles', libelle: 'Les mots que tapent les habitants', aide: 'Un par ligne.', saisie: 'lignes' },
      { nom: 'pour', libelle: 'Pour qui', saisie: 'texte', maximum: 400 },
      { nom: 'dureeMinutes', libelle: 'Temps pour la remplir', saisie: 'nombre', unite: 'minutes' },
      { nom: 'cout', libelle: 'Coût', saisie: 'texte', maximum: 300 },
      { nom: 'delaiJours', libelle: 'Délai de réponse habituel', saisie: 'nombre', unite: 'jours' },
      {
        nom: 'pieces',
        libelle: 'Documents à préparer',
        aide: 'Un par ligne, avec sa condition s’il y en a une.',
        saisie: 'lignes',
        facultatif: true,
      },
    ],
  ],
  [
    'Ce que dit la loi',
    [
      {
        nom: 'baseLegale',
        libelle: 'Textes de loi',
        aide: 'Un par ligne : ce qu’il dit, une barre |, puis sa référence. Par exemple : Délai de réponse | Code des relations entre le public et l’administration, L231-1.',
        saisie: 'lignes',
      },
      {
        nom: 'silence.effet',
        libelle: 'Sans réponse de la mairie, la demande est',
        saisie: 'choix',
        choix: [
          { value: 'acceptation', label: 'acceptée' },
          { value: 'rejet', label: 'refusée' },
        ],
      },
      { nom: 'silence.mois', libelle: 'Au bout de', saisie: 'nombre', unite: 'mois' },
      {
        nom: 'silence.jours',
        libelle: 'Ou, si la loi compte en jours, au bout de',
        aide: 'Rempli, ce nombre compte à la place des mois.',
        saisie: 'nombre',
        unite: 'jours',
        facultatif: true,
      },
      {
        nom: 'silence.reprise',
        libelle: 'Quand la personne a complété sa demande, ce délai',
        saisie: 'choix',
        choix: [
          {
            value: '',
            label: 'suit la loi',
            hint: 'Article L114-5 : une pièce manquait, le délai qui accepte repart de zéro, celui qui refuse reprend où il s’était arrêté.',
          },
          { value: 'repart', label: 'repart de zéro' },
          { value: 'continue', label: 'reprend où il s’était arrêté' },
        ],
        facultatif: true,
      },
      { nom: 'silence.texte', libelle: 'Ce que l’on en dit aux habitants', saisie: 'texte', maximum: 600 },
      {
        nom: 'regime',
        libelle: 'Qui décide',
        saisie: 'choix',
        choix: [
          { value: 'ordinaire', label: 'Un agent', hint: 'Le cas courant.' },
          { value: 'declaratif', label: 'Personne', hint: 'Une déclaration : acceptée dès l’envoi.' },
          { value: 'sva', label: 'Un agent, ou le silence qui accepte', hint: 'À la date, la demande est acceptée d’elle-même.' },
          { value: 'svr', label: 'Un agent, ou le silence qui refuse', hint: 'À la date, la demande est refusée d’elle-même.' },
        ],
      },
      { nom: 'recours', libelle: 'Pour contester', saisie: 'texte', maximum: 1500 },
    ],
  ],
  [
    'Répondre',
    [
      { nom: 'service', libelle: 'Service chargé des demandes', saisie: 'ligne', maximum: 120 },
      { nom: 'decision.objet', libelle: 'Objet de la décision', saisie: 'ligne', maximum: 200 },
      { nom: 'decision.texteAcceptation', libelle: 'Le texte qui accepte', aide: 'Un paragraphe par ligne.', saisie: 'lignes' },
      {
        nom: 'decision.texteRefus',
        libelle: 'Le texte qui refuse',
        aide: 'Un paragraphe par ligne. Le motif de l’agent vient après.',
        saisie: 'lignes',
      },
      {
        nom: 'avisUrl',
        libelle: 'Lien « Je donne mon avis »',
        aide: 'L’adresse donnée par le site national, si vous en avez une.',
        saisie: 'ligne',
        maximum: 300,
        facultatif: true,
      },
    ],
  ],
  [
    'Données personnelles',
    [
      {
        nom: 'finalites',
        libelle: 'À quoi servent les réponses',
        aide: 'Un usage par ligne. Vide : « Traiter cette demande et y répondre. »',
        saisie: 'lignes',
        facultatif: true,
      },
      { nom: 'baseRgpd', libelle: 'Ce qui permet de les demander', saisie: 'choix', choix: bases, facultatif: true },
      {
        nom: 'conservationMois',
        libelle: 'Garder les demandes, après la décision',
        aide: 'Douze mois suffisent d’ordinaire, soixante au plus.',
        saisie: 'nombre',
        unite: 'mois',
      },
      { nom: 'sortFinal', libelle: 'À la fin, un dossier est', saisie: 'choix', choix: sorts, facultatif: true },
    ],
  ],
]

/** The box of a text: an id of HTML has no dot. */
export const boiteDe = (nom: string): string => `T-${nom.replaceAll('.', '-')}`

/** A text of the démarche as its box holds it. */
export function texteDe(modele: Modele, { nom }: Texte): string {
  const value = nom
    .split('.')
    .reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined), modele)
  if (!Array.isArray(value)) return value === undefined ? '' : String(value)
  return value.map(line => (typeof line === 'string' ? line : `${line.texte} | ${line.reference}`)).join('\n')
}

/** What the page of texts makes of a démarche. Its boxes are `T-<path>`, dots made hyphens. */
export function changerTextes(modele: Modele, form: Form, reserves: readonly string[]): ReturnType<Geste> {
  const proprietes: Record<string, unknown> = {}
  for (const texte of sections.flatMap(([, textes]) => textes)) {
    if (!form.has(boiteDe(texte.nom))) continue
    const read = lireTexte(texte, form)
    if (typeof read === 'object' && read !== null && 'erreur' in read)
      return { ok: false, message: String(read.erreur), champ: boiteDe(texte.nom) }
    proprietes[texte.nom] = read
  }
  const fait = enchainer(modele, [{ op: 'modifier', element: '', proprietes }], reserves)
  // The schema names a line of a list by its rank; the box is that of the whole list.
  return fait.ok ? fait : { ...fait, champ: fait.champ && boiteDe(fait.champ.replace(/^E-/, '').replace(/\.\d.*$/, '')) }
}

function lireTexte({ nom, libelle, saisie, facultatif }: Texte, form: Form): unknown {
  const box = boiteDe(nom)
  const empty = facultatif ? null : { erreur: `${libelle} : ce texte ne peut pas rester vide.` }
  if (saisie === 'nombre') {
    const typed = form.line(box, 20).replace(/\s/g, '')
    if (typed === '' && facultatif) return null
    return /^\d{1,6}$/.test(typed) ? Number(typed) : { erreur: `${libelle} : écrivez un nombre entier.` }
  }
  if (saisie === 'lignes') {
    const lines = lignesDe(form.text(box, 30_000))
    if (nom === 'baseLegale') return lireLois(lines)
    if (lines.length === 0 && nom === 'finalites') return null
    return lines.length === 0 ? (facultatif ? [] : empty) : lines
  }
  return (saisie === 'texte' ? form.text(box, 10_000) : ligneDe(form, box)) || empty
}

function lireLois(lines: readonly string[]): unknown {
  const lois = lines.map(line => line.split('|').map(part => part.trim()))
  const bad = lois.find(parts => parts.length !== 2 || parts.includes(''))
  if (bad)
    return { erreur: `Textes de loi : dans « ${bad.join(' | ').slice(0, 80)} », mettez ce qu’il dit, une barre |, puis sa référence.` }
  return lois.map(([texte, reference]) => ({ texte, reference }))
}

function majuscule(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
