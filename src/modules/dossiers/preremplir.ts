import type { Modele } from '../demarches/index.ts'
import {
  aucuneReponse,
  definitions,
  type Env,
  type Erreur,
  type Formulaire,
  ineligibility,
  parcours,
  problems,
  type Reponses,
  recapitulatif,
  type Saisie,
  type SectionRecapitulatif,
} from '../formulaires/index.ts'

type Champ = definitions.Champ
type Valeur = definitions.Valeur

/** An answer proposed and not taken, and why, in a sentence. */
export interface Refuse {
  readonly champ: string
  readonly libelle: string
  readonly message: string
}

/** Answers proposed to someone who will check them, and those left out. */
export interface Proposition {
  readonly reponses: Reponses
  readonly refuses: readonly Refuse[]
}

/**
 * What nobody answers for somebody else, nor once for all: a document belongs to its dossier; a box ticked beforehand is no consent (RGPD article
 * 4, 11; CJUE, 1 October 2019, C-673/17) and a certificate signed beforehand certifies nothing. The rest is read, not answered.
 */
const JAMAIS: ReadonlySet<string> = new Set(['piece', 'case', 'attestation', 'calcul', 'explication', 'section'])

/** Whether the answer of a field may be proposed. */
export const seProposeAvance = (champ: Champ): boolean => !JAMAIS.has(champ.type)

/**
 * Reads values given by another program, by field: as a person would type them (`"27/03/1985"`, `"12,50"`, `{"voie": …}`) or as they are stored
 * (`"1985-03-27"`, 1250, true). Each is read by the rules of its type, as if it were typed, then kept by `retenir`.
 */
export function lireValeurs(modele: Modele, env: Env, valeurs: ReadonlyMap<string, unknown>): Proposition {
  const { champs: places } = definitions.indexDe(modele.formulaire)
  const refuses: Refuse[] = []
  const champs: Record<string, Valeur> = {}
  for (const [id, brute] of valeurs) {
    const place = places.get(id)
    const libelle = place?.champ.libelle ?? id.slice(0, 60)
    const refus = place ? refusDePlace(place) : 'Cette question n’existe pas dans ce formulaire.'
    const lecture = place && !refus ? lireValeur(place.champ, brute, env) : undefined
    if (place && lecture && 'valeur' in lecture) champs[id] = lecture.valeur
    else
      refuses.push({
        champ: place ? id : id.slice(0, 60),
        libelle,
        message: refus ?? (lecture && 'message' in lecture ? lecture.message : ''),
      })
  }
  const kept = retenir(modele, env, { ...aucuneReponse, champs })
  return { reponses: kept.reponses, refuses: [...refuses, ...kept.refuses] }
}

/**
 * Reads what an agent typed on the page that prepares a link: nothing is required, what is empty is left to the person. Gives the errors to show
 * beside the fields, those of `retenir` included: an answer prepared is one that the form would accept.
 */
export function lirePreparation(modele: Modele, env: Env, saisie: Saisie): { reponses: Reponses; erreurs: Erreur[] } {
  const champs: Record<string, Valeur> = {}
  const erreurs: Erreur[] = []
  for (const { champ } of champsProposables(modele.formulaire)) {
    const lecture = definitions.typeDe(champ).lire(champ, saisie, { ...env, champ: () => null, lignes: () => [] })
    if (!lecture.ok) erreurs.push({ champ: lecture.partie ? `${champ.id}-${lecture.partie}` : champ.id, message: lecture.message })
    else if (lecture.valeur !== null) champs[champ.id] = lecture.valeur
  }
  const { reponses, refuses } = retenir(modele, env, { ...aucuneReponse, champs })
  return {
    reponses,
    erreurs: [...erreurs, ...refuses.map(({ champ, libelle, message }) => ({ champ, message: `${libelle} : ${message}` }))],
  }
}

/** The questions whose answer may be prepared for someone, in the order of the form. */
const champsProposables = (formulaire: Formulaire) =>
  [...definitions.indexDe(formulaire).champs.values()].filter(place => refusDePlace(place) === undefined)

/**
 * The form as an agent fills it in for someone: every question that may be prepared, none required, whatever its condition, which is said in words.
 * Étapes without any such question are left out. The browser proposes nothing: what it knows is the agent’s own name and address.
 */
export function formulaireAPreparer({ formulaire }: Modele): Formulaire {
  const proposables = new Set(champsProposables(formulaire).map(({ champ }) => champ))
  const etapes = formulaire.etapes.flatMap(({ visibleSi: _, ...etape }) => {
    const champs = etape.champs
      .filter(champ => proposables.has(champ))
      .map(({ visibleSi, autocomplete: _, ...champ }) => {
        const condition = visibleSi && `Seulement si ${definitions.phrase(visibleSi, formulaire)}.`
        return { ...champ, obligatoire: false, aide: [condition, champ.aide].filter(Boolean).join(' ') || undefined } as Champ
      })
    return champs.length > 0 ? [{ ...etape, champs }] : []
  })
  return { etapes }
}

function refusDePlace({ champ, etape }: { champ: Champ; etape: { repetition?: unknown } }): string | undefined {
  if (!seProposeAvance(champ)) return 'La personne répond elle-même à cette question.'
  return etape.repetition ? 'Cette question est posée plusieurs fois : la personne y répond elle-même.' : undefined
}

/** Reads one value as if it were typed: what is stored is typed again first, so that nothing is believed for its shape. */
export function lireValeur(champ: Champ, brute: unknown, env: Env): { valeur: Valeur } | { message: string } {
  const type = definitions.typeDe(champ)
  const saisie = type.est(brute) ? type.saisir(champ, brute) : enSaisie(champ, brute)
  const lecture = type.lire(champ, saisie, { ...env, champ: () => null, lignes: () => [] })
  if (!lecture.ok) return { message: lecture.message }
  return lecture.valeur === null ? { message: type.manque(champ) } : { valeur: lecture.valeur }
}

/** A value as the boxes of its field: a text, a list of texts, or a text by box (`{"jour": "27", "mois": "3", "annee": "1985"}`). */
function enSaisie(champ: Champ, brute: unknown): Record<string, string | readonly string[]> {
  const text = (value: unknown) => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')
  if (Array.isArray(brute)) return { [champ.id]: brute.slice(0, 500).map(text) }
  if (typeof brute === 'object' && brute !== null)
    return Object.fromEntries(
      Object.entries(brute)
        .slice(0, 20)
        .map(([part, value]) => [part === 'valeur' ? champ.id : `${champ.id}-${part.slice(0, 40)}`, text(value)]),
    )
  // A date typed whole goes in its first box.
  return { [champ.id]: text(brute), ...(champ.type === 'date' ? { [`${champ.id}-jour`]: text(brute) } : {}) }
}

/**
 * The answers that this form would accept today: without those out of bounds or withdrawn from the choices, those that nobody proposes, and
 * those whose question does not show with the others. What is left out is said.
 */
export function retenir(modele: Modele, env: Env, proposees: Reponses): Proposition {
  const { formulaire } = modele
  const refuses: Refuse[] = []
  let reponses: Reponses = { ...aucuneReponse, champs: seulement(formulaire, proposees.champs) }
  // Leaving one out may change the bounds of another; each turn leaves out one at least.
  for (;;) {
    const about = new Set(ineligibility(formulaire, reponses, env))
    const wrong = new Map(
      problems(formulaire, reponses, env)
        .filter(({ champ, rowId, message }) => rowId === undefined && Object.hasOwn(reponses.champs, champ) && !about.has(message))
        .map(({ champ, message }) => [champ, message] as const),
    )
    if (wrong.size === 0) break
    for (const [champ, message] of wrong) refuses.push({ champ, libelle: libelleDe(formulaire, champ), message })
    reponses = { ...reponses, champs: Object.fromEntries(Object.entries(reponses.champs).filter(([id]) => !wrong.has(id))) }
  }
  const shown = visibles(formulaire, reponses, env)
  for (const id of Object.keys(proposees.champs)) {
    if (Object.hasOwn(shown.champs, id) || refuses.some(({ champ }) => champ === id)) continue
    refuses.push({ champ: id, libelle: libelleDe(formulaire, id), message: 'Cette question ne se pose pas ici, ou pas de cette façon.' })
  }
  return { reponses: shown, refuses }
}

const libelleDe = (formulaire: Formulaire, id: string): string => definitions.indexDe(formulaire).champs.get(id)?.champ.libelle ?? id

/** The values of the questions asked once that may be proposed, and that have the shape of their type. */
function seulement(formulaire: Formulaire, values: Reponses['champs']): Reponses['champs'] {
  const { champs } = definitions.indexDe(formulaire)
  return Object.fromEntries(
    Object.entries(values).filter(([id, value]) => {
      const place = champs.get(id)
      return place !== undefined && refusDePlace(place) === undefined && definitions.typeDe(place.champ).est(value)
    }),
  )
}

/** The answers without what hidden questions hold. */
function visibles(formulaire: Formulaire, reponses: Reponses, env: Env): Reponses {
  const kept = (seen: readonly { readonly champ: Champ; readonly valeur: Valeur | null }[]) =>
    Object.fromEntries(
      seen.flatMap(({ champ, valeur }) => (valeur === null || champ.type === 'calcul' ? [] : [[champ.id, valeur] as const])),
    )
  const seen = parcours(formulaire, reponses, env)
  return {
    champs: Object.assign({}, ...seen.map(({ champs }) => kept(champs))),
    lignes: Object.fromEntries(
      seen.flatMap(({ etape, lignes }) =>
        lignes.length > 0 ? [[etape.id, lignes.map(({ id, champs }) => ({ id, champs: kept(champs) }))]] : [],
      ),
    ),
  }
}

/** Answers proposed, as they are read: those alone, without what is empty nor what is computed from them. */
export const propositionsLues = ({ formulaire }: Modele, env: Env, reponses: Reponses): SectionRecapitulatif[] =>
  recapitulatif(formulaire, reponses, env)
    .map(section => ({ ...section, lignes: section.lignes.filter(({ champ }) => Object.hasOwn(reponses.champs, champ)) }))
    .filter(({ lignes }) => lignes.length > 0)

/** The answers carried into a new dossier of the same person, rows included: without documents nor commitments, which are given each time. */
export function sansEngagements({ formulaire }: Modele, env: Env, reponses: Reponses): Reponses {
  const { champs: places } = definitions.indexDe(formulaire)
  const kept = (values: Reponses['champs']) =>
    Object.fromEntries(
      Object.entries(values).filter(([id]) => {
        const champ = places.get(id)?.champ
        return champ !== undefined && seProposeAvance(champ)
      }),
    )
  const lignes = Object.entries(reponses.lignes).map(
    ([etape, rows]) => [etape, rows.map(({ id, champs }) => ({ id, champs: kept(champs) }))] as const,
  )
  return visibles(formulaire, { champs: kept(reponses.champs), lignes: Object.fromEntries(lignes) }, env)
}

// What says who somebody is and how to reach them (HTML, autofill detail tokens): never what they asked for.
const IDENTITE: ReadonlySet<string> = new Set([
  ...['honorific-prefix', 'name', 'given-name', 'additional-name', 'family-name', 'bday', 'sex', 'email', 'tel', 'tel-national'],
  ...['street-address', 'postal-code', 'address-line1', 'address-line2', 'address-level2', 'country', 'country-name', 'organization'],
])

/** The answers of an earlier dossier that say who the person is, for the questions that ask the same: same id, type and autofill token, asked once. */
export function identiteReprise(ancien: Modele, nouveau: Modele, env: Env, reponses: Reponses): Reponses {
  const before = definitions.indexDe(ancien.formulaire).champs
  const champs = [...definitions.indexDe(nouveau.formulaire).champs].flatMap(([id, { champ, etape }]) => {
    const old = before.get(id)
    const isSame = old && !old.etape.repetition && old.champ.type === champ.type && old.champ.autocomplete === champ.autocomplete
    const value = Object.hasOwn(reponses.champs, id) ? reponses.champs[id] : undefined
    return isSame && !etape.repetition && IDENTITE.has(champ.autocomplete ?? '') && value !== undefined ? [[id, value] as const] : []
  })
  return retenir(nouveau, env, { ...aucuneReponse, champs: Object.fromEntries(champs) }).reponses
}
