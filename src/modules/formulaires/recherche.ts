import { fold, illisible, type Lecture, lu, one, type Saisie } from './saisie.ts'

/** A look-up that a field needs before what was typed can be read; the engine never does it itself. */
export interface Recherche {
  readonly source: 'commune' | 'epci' | 'adresse' | 'point' | 'referentiel'
  /** What the person typed, cleaned, 300 characters at most; « lat lon » in degrees for the source `point`. */
  readonly mots: string
  /** The list of the collectivité, for the source `referentiel`. */
  readonly referentiel?: string
}

/**
 * One thing that a look-up found. Keys of `valeurs` by source:
 * `commune`: nom, codePostal (the one searched, or the first), departement, region, epci (absent when it has none); `cle` is the INSEE code.
 * `epci`: nom; `cle` is the SIREN. `adresse`: voie, codePostal, commune, and when known code (INSEE), departement, region, epci, lat, lon (WGS 84).
 * `point`: those of the nearest address, whose label is `libelle`, '' when none is near; km to the centre of the commune when they are many.
 * `referentiel`: the columns of the list.
 */
export interface Trouvaille {
  readonly cle: string
  readonly libelle: string
  readonly valeurs: Readonly<Record<string, string>>
  /** True when the register itself says that this is what the words mean (a former name, another word). Else the engine compares names. */
  readonly exacte?: boolean
}

/** What a look-up gave: what it found, or that the register did not answer. */
export type Reponse = readonly Trouvaille[] | 'indisponible'

/** More than ten radios are not read: people are asked to type more. */
export const maxPropositions = 10

/** Value of the radio « Aucune de ces réponses ». */
export const aucune = 'aucune'

interface Regles<V> {
  valeur(trouvee: Trouvaille): V
  /** The answer kept as it was typed, marked unverified: the register is away, or (`libre`) knows better than nobody. */
  telQuel: V
  /** An answer that no register knows is fine: a place described in words. */
  libre?: boolean
  /** How the sentences name the field. */
  nom: string
  /** What to say when nothing was found. */
  rien: string
}

/**
 * What a field makes of what was found for the words `typed`: the value, or a refusal with propositions. Boxes: `id-choix` the key of the proposition
 * chosen; `id-mots` the words for which it was proposed, so that a choice does not outlive the words it was made for.
 */
export function resoudre<V>(id: string, typed: string, saisie: Saisie, reponse: Reponse | undefined, regles: Regles<V>): Lecture<V> {
  if (typed === '') return lu<V>(null)
  if (typed.length > maxMots) return illisible(`Écrivez ${regles.nom} en ${maxMots} caractères au plus.`)
  if (reponse === undefined || reponse === 'indisponible') return lu(regles.telQuel)
  const choix = choixDe(saisie, id, typed)
  const chosen = reponse.find(({ cle }) => cle === choix)
  if (chosen) return lu(regles.valeur(chosen))
  const exact = reponse.filter(found => isExact(found, typed))
  if (exact.length === 1) return lu(regles.valeur(exact[0]!))
  if (regles.libre && (reponse.length === 0 || choix === aucune)) return lu(regles.telQuel)
  if (reponse.length === 0) return illisible(regles.rien)
  const propositions = [...exact, ...reponse.filter(found => !exact.includes(found))].slice(0, maxPropositions)
  if (choix === aucune) return illisible(`Écrivez autrement ${regles.nom}, ou choisissez dans la liste.`, 'choix', propositions)
  return illisible(`Choisissez ${regles.nom} dans la liste.`, 'choix', propositions)
}

/** The look-up of what was typed; none when nothing was, or far too much. */
export const rechercher = (source: Recherche['source'], mots: string, referentiel?: string): Recherche | null =>
  mots === '' || mots.length > maxMots ? null : { source, mots, ...(referentiel === undefined ? {} : { referentiel }) }

/** Characters of what is looked up. */
const maxMots = 300

function choixDe(saisie: Saisie, id: string, typed: string): string {
  const shownFor = one(saisie, `${id}-mots`)
  return shownFor === '' || shownFor === typed ? one(saisie, `${id}-choix`) : ''
}

/** Text as people compare names: no accent, case nor punctuation; « St » is « Saint ». */
const nu = (text: string): string =>
  fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/\bst(e?)\b/g, 'saint$1')

function isExact({ cle, libelle, valeurs, exacte }: Trouvaille, typed: string): boolean {
  const words = nu(typed)
  const { nom, codePostal } = valeurs
  if (exacte || words === nu(cle) || words === nu(libelle) || typed.replace(/\s/g, '') === codePostal) return true
  return (
    nom !== undefined && (words === nu(nom) || words === nu(`${nom} ${codePostal ?? ''}`) || words === nu(`${codePostal ?? ''} ${nom}`))
  )
}

/** Finds in a short list of the program by code, name or other words: what is equal, else what begins alike, else what contains the words. */
export function chercherDans(liste: readonly Entree[], mots: string): Trouvaille[] {
  const words = nu(mots.slice(0, maxMots))
  if (words === '') return []
  const by = (test: (word: string) => boolean) => liste.filter(({ recherche }) => recherche.some(test)).map(({ trouvaille }) => trouvaille)
  const equal = by(word => word === words)
  if (equal.length > 0) return equal.map(trouvaille => ({ ...trouvaille, exacte: true }))
  const begins = by(word => word.startsWith(words) || (words.length > 4 && word.startsWith(words.slice(0, 4))))
  return begins.length > 0 ? begins : by(word => word.includes(words))
}

export interface Entree {
  readonly trouvaille: Trouvaille
  /** Words by which it is found, without accents. */
  readonly recherche: readonly string[]
}

/** An entry of a short list of the program. */
export const entree = (cle: string, nom: string, autres: readonly string[], valeurs: Readonly<Record<string, string>> = {}): Entree => ({
  trouvaille: { cle, libelle: nom, valeurs: { nom, ...valeurs } },
  recherche: [cle, nom, ...autres].map(nu),
})
