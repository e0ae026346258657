import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Etat } from '../dossier.ts'
import { ETATS_A_TRAITER } from '../recherche/choix.ts'
import type { Filtre, Intervalle } from '../recherche/filtre.ts'
import { type Axe, finDe, termeDAxe } from '../recherche/termes.ts'
import { filtreDePortee } from './portee.ts'

/** One thing asked of a dossier. Both ways of knowing: the dossiers that it gives, and whether a dossier at hand (columns of `dossier`) has it. */
export interface Condition {
  /** Rows (dossier_id, depose_le), a dossier possibly twice. */
  readonly source: RawBuilder<unknown>
  /** « and … » on the columns of `dossier`. */
  readonly verifie?: RawBuilder<unknown>
  /** Or a condition on its row `x` of `indexation`. */
  readonly index?: RawBuilder<unknown>
  /** The source gives a dossier once, in its key: another source is joined with it, by index or by merging, whichever costs less. */
  readonly estUnique?: boolean
  /** The terms of its source; or those between two bounds, the second left out. */
  readonly termes?: readonly string[]
  readonly entre?: readonly [de: string, avant: string]
  /** The source gives more than what has it: each is checked even when it comes from there. */
  readonly estLarge?: boolean
  /** Its rows are in no order of filing, and `depose_le` is null. */
  readonly estSansOrdre?: boolean
  /** Its source is in `dossier` itself: reading it there gives the rest of the row too. */
  readonly estPropre?: boolean
  /** Alone, how it is read needs no count: all that it gives (what waits for an answer is few), or by walking the order of deadlines, where it is a range. */
  readonly seule?: 'source' | 'parcours'
  /** The same as `verifie` in parts that exclude each other, each of which an index can read. */
  readonly parts?: readonly RawBuilder<unknown>[]
}

/** What every list asks, to put after `where`: the tenant, the states, not hidden, within what the agent may see, filed between two days. */
export function cadreDe(collectiviteId: string, { etats, portee, deposeDe, deposeAvant }: Filtre): RawBuilder<unknown> {
  return sql`dossier.collectivite_id = ${collectiviteId} and dossier.etat in (${liste(etats)}) and dossier.cache_le is null${filtreDePortee(portee)}${entre(deposeDe, deposeAvant, sql`dossier.depose_le`)}`
}

/** The conditions of a filter, each a possible way in. */
export function conditionsDe(collectiviteId: string, filtre: Filtre): Condition[] {
  const { etats, demarcheId, services, agentId, etiquetteId, canal, termes, faire } = filtre
  // A dossier has one state, and one value of an axis.
  const axe = (nom: Axe, valeurs: readonly string[], check: Pick<Condition, 'verifie' | 'index'>): Condition => {
    const termes = valeurs.flatMap(valeur => etats.map(etat => termeDAxe(nom, valeur, etat)))
    return { source: parTermes(collectiviteId, filtre, sql`terme in (${sql.join(termes)})`), termes, estUnique: true, ...check }
  }
  return [
    ...(demarcheId === undefined ? [] : [axe('demarche', [demarcheId], { verifie: sql` and dossier.demarche_id = ${demarcheId}` })]),
    ...(services === undefined
      ? []
      : [services.length === 0 ? AUCUN : axe('service', services, { verifie: sql` and dossier.service in (${sql.join(services)})` })]),
    ...(agentId === undefined
      ? []
      : [
          axe('agent', [agentId ?? ''], {
            verifie: agentId === null ? sql` and dossier.agent_id is null` : sql` and dossier.agent_id = ${agentId}`,
          }),
        ]),
    ...(canal === undefined ? [] : [axe('canal', [canal], { verifie: sql` and dossier.canal = ${canal}` })]),
    ...(etiquetteId === undefined ? [] : [axe('etiquette', [etiquetteId], { index: contient(`=:etiquette=${etiquetteId}/`, false) })]),
    ...termes.map(terme => ({
      source: parTermes(collectiviteId, filtre, dansLIntervalle(terme, sql`terme`)),
      index: aLeTerme(terme),
      ...('egal' in terme ? { termes: [terme.egal], estUnique: true } : { entre: bornesDe(terme) }),
      estLarge: 'mot' in terme && terme.debut !== terme.mot,
    })),
    ...(faire ? [aFaire(collectiviteId, etats, faire)] : []),
  ]
}

/** « and … » of several conditions on the columns of `dossier`; those on its terms in one reading. */
export function verifier(collectiviteId: string, conditions: readonly Condition[]): RawBuilder<unknown> {
  const index = conditions.flatMap(one => one.index ?? [])
  // A scalar subquery: never turned into a join that would read all the rows of a common word first.
  const terms = sql` and (select ${sql.join(index, sql` and `)} from indexation x where x.collectivite_id = ${collectiviteId} and x.dossier_id = dossier.id)`
  return sql.join([...conditions.flatMap(({ verifie }) => verifie ?? []), ...(index.length > 0 ? [terms] : [])], sql``)
}

const AUCUN: Condition = {
  source: sql`select null::uuid as dossier_id, null::timestamptz as depose_le where false`,
  verifie: sql` and false`,
}

/** The states as texts of the statement: partial indexes are chosen when it is planned. */
export const liste = (etats: readonly Etat[]): RawBuilder<unknown> => sql.join(etats.map(etat => sql.lit(etat)))

const entre = (de: Date | undefined, avant: Date | undefined, colonne: RawBuilder<unknown>) =>
  sql`${de ? sql` and ${colonne} >= ${de}` : sql``}${avant ? sql` and ${colonne} < ${avant}` : sql``}`

// The day of filing is in the key: a term within a month is read within a month.
const parTermes = (collectiviteId: string, { deposeDe, deposeAvant }: Filtre, quels: RawBuilder<unknown>) =>
  sql`select dossier_id, depose_le from terme where collectivite_id = ${collectiviteId} and ${quels}${entre(deposeDe, deposeAvant, sql`depose_le`)}`

function dansLIntervalle(one: Intervalle, colonne: RawBuilder<unknown>): RawBuilder<unknown> {
  if ('egal' in one) return sql`${colonne} = ${one.egal}`
  const [de, avant] = bornesDe(one)
  return sql`${colonne} >= ${de} and ${colonne} < ${avant}`
}

const bornesDe = (one: Exclude<Intervalle, { egal: string }>): readonly [de: string, avant: string] =>
  'mot' in one ? [one.mot, finDe(one.mot)] : [one.de, one.avant]

/**
 * Whether the row `s` (depose_le, dossier_id) of a dossier also has one of these terms, or one between two bounds: looked for in their index, where it costs
 * a third of reading the dossier and its terms, and whose pages follow each other. Those between bounds are read once for all the rows.
 */
export const sonde = (collectiviteId: string, { termes, entre }: Pick<Condition, 'termes' | 'entre'>): RawBuilder<unknown> =>
  sql`exists (select from terme t where t.collectivite_id = ${collectiviteId}
    and ${termes ? sql`t.terme in (${sql.join(termes)})` : sql`t.terme >= ${entre![0]} and t.terme < ${entre![1]}`}
    and t.depose_le = s.depose_le and t.dossier_id = s.dossier_id)`

// Beyond, a dossier is read sooner than each of its terms is looked for.
const TERMES_AU_PLUS = 12

/** The same conditions, each with its terms, found one after the other in their index; as they were when they have more than that. One term alone is in the order of filing. */
export async function avecLeursTermes(
  tx: Tx,
  collectiviteId: string,
  filtre: Filtre,
  conditions: readonly Condition[],
): Promise<Condition[]> {
  const after = (operator: '>' | '>=', from: RawBuilder<unknown>, avant: string) =>
    sql`(select min(terme) from terme where collectivite_id = ${collectiviteId} and terme ${sql.raw(operator)} ${from} and terme < ${avant})`
  const lists = conditions.flatMap(({ entre }) =>
    entre
      ? sql`array(with recursive suite (un, rang) as (
          select ${after('>=', sql`${entre[0]}`, entre[1])}, 1
          union all select ${after('>', sql`un`, entre[1])}, rang + 1 from suite where un is not null and rang <= ${TERMES_AU_PLUS}
        ) select un from suite where un is not null)`
      : [],
  )
  if (lists.length === 0) return [...conditions]
  const { rows } = await sql<
    Record<string, string[]>
  >`select ${sql.join(lists.map((list, rang) => sql`${list} as ${sql.id(`l${rang}`)}`))}`.execute(tx)
  let rang = 0
  return conditions.map(one => {
    const termes = one.entre && rows[0]![`l${rang++}`]!
    if (!termes || termes.length === 0 || termes.length > TERMES_AU_PLUS) return one
    return termes.length > 1
      ? { ...one, termes }
      : { ...one, termes, source: parTermes(collectiviteId, filtre, sql`terme = ${termes[0]}`), estUnique: true }
  })
}

function aLeTerme(one: Intervalle): RawBuilder<unknown> {
  if ('egal' in one) return contient(one.egal, true)
  if ('mot' in one) return contient(one.debut, false)
  return sql`exists (select from unnest(string_to_array(x.termes, ${'\n'})) u where ${dansLIntervalle(one, sql`u collate "C"`)})`
}

const contient = (terme: string, entier: boolean) => sql`x.termes like ${`%\n${terme.replace(/[\\%_]/g, '\\$&')}${entier ? '\n' : ''}%`}`

/** A reason to act, read by an index that holds only what waits. */
function aFaire(collectiviteId: string, etats: readonly Etat[], faire: NonNullable<Filtre['faire']>): Condition {
  const { nature, aujourdhui, dossiers = [] } = faire
  const today = sql`${aujourdhui}::date`
  const waits = sql` and dossier.etat in (${liste(ETATS_A_TRAITER)}) and dossier.cache_le is null`
  // Said once: the planner takes each saying for a further condition, and believes that nothing is left.
  const saysIt = etats.every(etat => ETATS_A_TRAITER.includes(etat)) ? sql`` : waits
  const own = (where: RawBuilder<unknown>, seule: 'source' | 'parcours' = 'parcours') => ({
    seule,
    source: sql`select id as dossier_id, null::timestamptz as depose_le from dossier
      where collectivite_id = ${collectiviteId}${seule === 'parcours' ? waits : sql``} and ${where}`,
    verifie: sql`${seule === 'parcours' ? saysIt : sql``} and ${where}`,
    estSansOrdre: true,
    estPropre: true,
  })
  const beside = (table: string, where: RawBuilder<unknown>, also = sql``) => {
    const rows = sql`${sql.table(table)} b where b.collectivite_id = ${collectiviteId} and ${where}`
    return {
      seule: 'source' as const,
      source: sql`select b.dossier_id, null::timestamptz as depose_le from ${rows}`,
      verifie: sql`${also} and dossier.id in (select b.dossier_id from ${rows})`,
      estSansOrdre: true,
      estLarge: true,
    }
  }
  if (nature === 'silence') return own(sql`dossier.silence_le > ${today} and dossier.silence_le <= ${today} + ${sql.lit(URGENT_JOURS)}`)
  if (nature === 'nouveau') return own(sql`dossier.agent_id is null and not dossier.correction_en_attente`)
  if (nature === 'reponse') return own(sql`dossier.reponse_le is not null`, 'source')
  if (nature === 'envoi') return own(sql`dossier.id = any(${dossiers}::uuid[])`, 'source')
  if (nature === 'message') return { ...beside('message', sql`b.auteur_nature = 'usager' and b.lu_le is null`), estLarge: false }
  if (nature === 'avis') return beside('demande_avis', sql`b.rendue_le is null and b.retiree_le is null and b.echeance < ${today}`, saysIt)
  const silence = own(sql`dossier.silence_le <= ${today}`)
  // While a correction is awaited, the clock of silence is stopped.
  const correction = beside(
    'correction',
    sql`b.repondue_le is null and b.echeance < ${today}`,
    sql`${saysIt} and dossier.silence_le is null`,
  )
  return {
    seule: 'parcours',
    source: sql`${silence.source} union all ${correction.source}`,
    verifie: sql` and ((true${silence.verifie}) or (true${correction.verifie}))`,
    // Those late by a correction are few: they are looked for, not met.
    parts: [
      silence.verifie,
      sql`${saysIt} and dossier.silence_le is null and dossier.id = any(array(select dossier_id from (${correction.source}) c))`,
    ],
    estSansOrdre: true,
    estLarge: true,
  }
}

/** What silence decides within so many days is urgent: the agent sees each day what it will grant or refuse. */
export const URGENT_JOURS = 15
