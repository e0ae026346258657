import * as z from 'zod'
import { isUuid } from '../../../platform/ids.ts'
import { dates } from '../../formulaires/index.ts'
import type { Etat } from '../dossier.ts'

/** The states in which a dossier waits for the collectivité. */
export const ETATS_A_TRAITER: readonly Etat[] = ['en_construction', 'en_instruction']
/** The states that lists show: a draft is still the person's own. */
export const ETATS_VISIBLES: readonly Etat[] = ['en_construction', 'en_instruction', 'accepte', 'refuse', 'sans_suite']

/** Why a dossier asks for an agent, the most urgent first. */
export const A_FAIRE = ['retard', 'silence', 'reponse', 'message', 'avis', 'envoi', 'nouveau'] as const
export type AFaire = (typeof A_FAIRE)[number]

/** How a list is sorted: by the day on which silence decides, by filing, by last change, by name. */
export const TRIS = ['echeance', 'anciens', 'recents', 'activite', 'nom'] as const
export type Tri = (typeof TRIS)[number]

export const CANAUX = ['web', 'guichet', 'papier', 'sms', 'api', 'hubee'] as const

const identifiant = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,59}$/)
const jour = z.union([z.literal(''), z.string().refine(dates.isDay)])
const texte = (max: number) =>
  z
    .string()
    .max(max)
    .refine(text => !/\p{Cc}/u.test(text))

/** A condition on a field or an annotation: among its options, between two bounds, by words. Bounds are as typed: a day, or a number in its unit. */
const schemaDeChamp = z.strictObject({ champ: identifiant, valeur: texte(60), de: texte(20), a: texte(20), mots: texte(100) }).partial({
  valeur: true,
  de: true,
  a: true,
  mots: true,
})
export type ChoixDeChamp = z.infer<typeof schemaDeChamp>

export const CHAMPS_AU_PLUS = 6
export const COLONNES_AU_PLUS = 5

/** What an agent asks of a list: what its address says, and what a view keeps. '' is « any ». */
export const schemaChoix = z.strictObject({
  q: texte(100),
  /** '' : what waits for the collectivité, or all states when something is looked for. */
  etat: z.enum(['', 'tous', 'termines', ...ETATS_VISIBLES] as const),
  faire: z.enum(['', ...A_FAIRE] as const),
  demarche: z.union([z.literal(''), z.string().regex(/^[a-z0-9-]{1,60}$/)]),
  service: texte(120),
  /** `equipe`: the services of one's teams; `personne`: nobody is in charge; else an agent. */
  qui: z.union([z.enum(['', 'moi', 'equipe', 'personne']), z.string().refine(isUuid)]),
  etiquette: z.union([z.literal(''), z.string().refine(isUuid)]),
  canal: z.enum(['', ...CANAUX] as const),
  /** Days of filing, both included. */
  du: jour,
  au: jour,
  champs: z.array(schemaDeChamp).max(CHAMPS_AU_PLUS),
  tri: z.enum(['', ...TRIS] as const),
  colonnes: z.array(identifiant).max(COLONNES_AU_PLUS),
})
export type Choix = z.infer<typeof schemaChoix>

/** Nothing asked: what waits, the nearest deadline first. */
export const TOUT: Choix = {
  q: '',
  etat: '',
  faire: '',
  demarche: '',
  service: '',
  qui: '',
  etiquette: '',
  canal: '',
  du: '',
  au: '',
  champs: [],
  tri: '',
  colonnes: [],
}

/** Whether something else than the order and the columns is asked. */
export const estFiltre = (choix: Choix): boolean => JSON.stringify({ ...choix, tri: '', colonnes: [] }) !== JSON.stringify(TOUT)

/** Reasons that only what waits for the collectivité can have. */
const AVANT_DECISION: readonly string[] = ['retard', 'silence', 'nouveau', 'avis']

/** The states that a choice shows. Under a reason to act, or when looking for something, all those that may have it. */
export function etatsDe({ etat, faire, q }: Choix): readonly Etat[] {
  if (etat === '' && AVANT_DECISION.includes(faire)) return ETATS_A_TRAITER
  if (etat === 'tous') return ETATS_VISIBLES
  if (etat === 'termines') return ETATS_VISIBLES.filter(one => !ETATS_A_TRAITER.includes(one))
  if (etat !== '') return [etat]
  return faire !== '' || q !== '' ? ETATS_VISIBLES : ETATS_A_TRAITER
}

/** The order of a choice: the one asked when it has a sense there; a decided dossier has no deadline. */
export function triDe(choix: Choix): Tri {
  const waits = etatsDe(choix).every(etat => ETATS_A_TRAITER.includes(etat)) || AVANT_DECISION.includes(choix.faire)
  if (choix.tri !== '' && (choix.tri !== 'echeance' || waits)) return choix.tri
  return waits ? 'echeance' : 'recents'
}

/** The choice as the parameters of an address; what is not asked is left out. */
export function adresseDuChoix(choix: Choix, more: Readonly<Record<string, string | number>> = {}): string {
  const { champs, colonnes, ...plain } = choix
  const pairs = [
    ...Object.entries(plain),
    ...champs.flatMap(({ champ, ...how }) => Object.entries(how).map(([part, value]) => [`c-${champ}-${part}`, value] as const)),
    ...colonnes.map(champ => ['col', champ] as const),
    ...Object.entries(more).map(([name, value]) => [name, String(value)] as const),
  ].filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
  return new URLSearchParams(pairs).toString()
}

/**
 * Reads a choice from the parameters of an address: what is not understood is as if it were not there, so that an old favourite still opens.
 * `get` gives the last value of a name, `names` every name, `all` the values of a repeated one.
 */
export function lireChoix(given: { get(name: string): string; names(): string[]; all(name: string): string[] }): Choix {
  const read = <K extends keyof Choix>(key: K): Choix[K] => {
    const parsed = schemaChoix.shape[key].safeParse(given.get(key))
    return (parsed.success ? parsed.data : TOUT[key]) as Choix[K]
  }
  const [q, etat, faire, demarche, service, qui] = [read('q'), read('etat'), read('faire'), read('demarche'), read('service'), read('qui')]
  const [etiquette, canal, du, au, tri] = [read('etiquette'), read('canal'), read('du'), read('au'), read('tri')]
  // Fields are those of one démarche: without it they say nothing.
  const champs = demarche === '' ? [] : lireChamps(given)
  const colonnes = demarche === '' ? [] : given.all('col').filter(one => identifiant.safeParse(one).success)
  return {
    ...{ q, etat, faire, demarche, service, qui, etiquette, canal, du, au, tri, champs },
    colonnes: [...new Set(colonnes)].slice(0, COLONNES_AU_PLUS),
  }
}

function lireChamps(given: { get(name: string): string; names(): string[] }): ChoixDeChamp[] {
  const found = new Map<string, Record<string, string>>()
  for (const name of given.names()) {
    const [, champ = '', part = ''] = /^c-([a-zA-Z][a-zA-Z0-9_]{0,59})-(valeur|de|a|mots)$/.exec(name) ?? []
    const value = given.get(name)
    if (champ !== '' && value !== '') found.set(champ, { ...found.get(champ), [part]: value })
  }
  return [...found]
    .flatMap(([champ, how]) => {
      const parsed = schemaDeChamp.safeParse({ champ, ...how })
      return parsed.success ? [parsed.data] : []
    })
    .slice(0, CHAMPS_AU_PLUS)
}
