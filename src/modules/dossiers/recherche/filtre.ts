import type { Portee } from '../../../platform/http/route.ts'
import { dates, definitions } from '../../formulaires/index.ts'
import type { Etat } from '../dossier.ts'
import { type AFaire, type Choix, etatsDe, type Tri, triDe } from './choix.ts'
import { motsCherches } from './mots.ts'
import { finDe, motDeChamp, termeDeChamp } from './termes.ts'
import { enOrdre, filtrageDe } from './valeurs.ts'

/** One term; a range of terms, its end left out; the beginning of a term, with the word by which dossiers that may have it are found. */
export type Intervalle =
  | { readonly egal: string }
  | { readonly de: string; readonly avant: string }
  | { readonly debut: string; readonly mot: string }

/** What to list, as the queries take it: a choice in which every word and bound is resolved. */
export interface Filtre {
  readonly etats: readonly Etat[]
  /** Each one must be met: a word that begins so, a value of a field. */
  readonly termes: readonly Intervalle[]
  readonly demarcheId?: string | undefined
  /** One of these services. */
  readonly services?: readonly string[] | undefined
  /** In charge of this agent; null: of nobody. */
  readonly agentId?: string | null | undefined
  readonly etiquetteId?: string | undefined
  readonly canal?: string | undefined
  /** Instants of filing, the end left out. */
  readonly deposeDe?: Date | undefined
  readonly deposeAvant?: Date | undefined
  /** A reason to act, today; `dossiers`: those whose messages did not arrive, which another module knows. */
  readonly faire?: { readonly nature: AFaire; readonly aujourdhui: string; readonly dossiers?: readonly string[] | undefined } | undefined
  /** What the agent may see. */
  readonly portee: Portee
  readonly tri: Tri
}

/** Who asks, and when. `debutDuJour`: the instant at which a civil day begins where the collectivité is. */
export interface Demandeur {
  readonly agentId: string
  /** The services of their teams. */
  readonly services: readonly string[]
  readonly portee: Portee
  readonly aujourdhui: string
  readonly debutDuJour: (day: string) => Date
}

/**
 * What a choice asks for. `champs` are the fields of the démarche chosen, by id: a condition on a field that it no longer has finds nothing and hides nothing:
 * it is left out, and told by `champsPerdus`.
 */
export function filtreDe(choix: Choix, demandeur: Demandeur, champs: ReadonlyMap<string, definitions.Champ>): Filtre {
  const { portee, agentId, services, aujourdhui, debutDuJour } = demandeur
  const tomorrow = choix.au && dates.addDays(choix.au, 1)
  return {
    etats: etatsDe(choix),
    termes: [
      ...motsCherches(choix.q).map(mot => ({ debut: mot, mot })),
      ...choix.champs.flatMap(condition => {
        const champ = champs.get(condition.champ)
        return champ ? intervalles(champ, condition) : []
      }),
    ],
    demarcheId: choix.demarche || undefined,
    services: servicesDemandes(choix, services),
    agentId: choix.qui === 'personne' ? null : choix.qui === 'moi' ? agentId : choix.qui === 'equipe' ? undefined : choix.qui || undefined,
    etiquetteId: choix.etiquette || undefined,
    canal: choix.canal || undefined,
    deposeDe: choix.du ? debutDuJour(choix.du) : undefined,
    deposeAvant: tomorrow ? debutDuJour(tomorrow) : undefined,
    faire: choix.faire === '' ? undefined : { nature: choix.faire, aujourdhui },
    portee,
    tri: triDe(choix),
  }
}

/** The ids of the fields that a choice names and that the démarche does not have, or no longer. */
export const champsPerdus = (choix: Choix, champs: ReadonlyMap<string, definitions.Champ>): string[] => [
  ...new Set([...choix.champs.map(({ champ }) => champ), ...choix.colonnes].filter(id => !champs.has(id))),
]

function servicesDemandes({ qui, service }: Choix, mine: readonly string[]): readonly string[] | undefined {
  if (qui !== 'equipe') return service === '' ? undefined : [service]
  return service === '' ? mine : mine.filter(one => one === service)
}

function intervalles(champ: definitions.Champ, { valeur, de, a, mots }: Choix['champs'][number]): Intervalle[] {
  const filtrage = filtrageDe(champ)
  if (filtrage === 'choix') return valeur ? [{ egal: termeDeChamp(champ.id, valeur) }] : []
  if (filtrage === 'mots') return motsCherches(mots ?? '').map(mot => ({ debut: motDeChamp(champ.id, mot), mot }))
  const bounds = [de, a].map(typed => (typed ? borne(champ, typed) : null))
  if (bounds.every(bound => bound === null)) return []
  const [low, high] = bounds
  // Of the field alone: its first term, and just after its last one.
  return [
    { de: termeDeChamp(champ.id, low ?? ''), avant: high ? `${termeDeChamp(champ.id, high)}\u0001` : finDe(termeDeChamp(champ.id, '')) },
  ]
}

/** A bound as it was typed, in the form in which values are kept; null when it is not one. */
function borne(champ: definitions.Champ, typed: string): string | null {
  if (filtrageDe(champ) === 'dates') return dates.isDay(typed) ? typed : null
  const number = Number(typed.replace(/[\s\u00a0\u202f€]/g, '').replace(',', '.'))
  if (!Number.isFinite(number) || Math.abs(number) > 1e13) return null
  return enOrdre(definitions.typeDe(champ).nature(champ) === 'montant' ? Math.round(number * 100) : number)
}

/** Whether a bound can be read: for a form to say what is wrong. */
export const borneLisible = (champ: definitions.Champ, typed: string): boolean => typed === '' || borne(champ, typed) !== null
