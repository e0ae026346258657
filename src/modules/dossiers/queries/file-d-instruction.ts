import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Portee } from '../../../platform/http/route.ts'
import type { Reponses } from '../../formulaires/index.ts'
import type { Etat } from '../dossier.ts'
import { ETATS_A_TRAITER, ETATS_VISIBLES, type Tri } from '../recherche/choix.ts'
import type { Filtre } from '../recherche/filtre.ts'
import { avecLeursTermes, type Condition, cadreDe, conditionsDe, liste, sonde, verifier } from './conditions.ts'
import { filtreDePortee } from './portee.ts'
import { souvenirs } from './souvenirs.ts'

/** Counts and pages stop here, so that a list costs the same whatever the number of dossiers. */
export const PLAFOND = 1000
export const PAR_PAGE = 25

/** A line of the list. */
export interface LigneDeFile {
  readonly id: string
  readonly reference: string
  readonly demandeurNom: string | null
  readonly definition: string
  readonly version: number
  readonly etat: Etat
  readonly deposeLe: Date
  readonly modifieLe: Date
  /** The day on which silence decides; null once decided, and while the person corrects. */
  readonly silenceLe: string | null
  /** The day before which the person must correct, while they have to. */
  readonly correctionLe: string | null
  readonly reponseLe: Date | null
  readonly agentId: string | null
  readonly nonLus: number
  /** Only when columns are asked. */
  readonly reponses?: Reponses
  readonly annotations?: Reponses
}

const ORDRES: Readonly<Record<Tri, { readonly cle: string; readonly croit: boolean }>> = {
  echeance: { cle: 'silence_le', croit: true },
  anciens: { cle: 'depose_le', croit: true },
  recents: { cle: 'depose_le', croit: false },
  activite: { cle: 'modifie_le', croit: false },
  nom: { cle: 'cle_nom', croit: true },
}

const asc = sql.raw('asc')
const desc = sql.raw('desc')

/** The order of a list as SQL: the column, and « order by » what. */
function ordreDe(tri: Tri, aRebours = false) {
  const { cle, croit } = ORDRES[tri]
  const sens = croit === !aRebours ? asc : desc
  return { cle: sql.raw(`dossier.${cle}`), ordre: sql`cle ${sens}, id ${sens}`, sens }
}

/** A place in a list: the key of its order and the dossier there; a null key comes last in the order of deadlines. */
export interface Place {
  readonly cle: Date | string | null
  readonly id: string
}

/** Which part of a list: from its beginning, or from a place on, in its order or the other way; `limite` dossiers at most. */
interface Part {
  /** `sansCle`, `avecCle`: only those whose key is null, or is not. */
  readonly apres?: Place | 'sansCle' | 'avecCle' | undefined
  readonly aRebours?: boolean | undefined
  readonly limite: number
}

/** Which way a list is read. */
interface Plan {
  readonly collectiviteId: string
  readonly filtre: Filtre
  readonly conditions: readonly Condition[]
  /** The rarest of them, if one is rare enough to come in by, and those that narrow it: the dossiers are among those that all of these give. */
  readonly rares: readonly Condition[]
  /** They give few: no need of an order. */
  readonly areFew: boolean
  /** Those looked for in the index of terms before any dossier is read. */
  readonly sondes: readonly Condition[]
}

/**
 * How to read the dossiers of a filter. Never « all that match, then sort »: one of three ways, chosen by counts that stop early.
 *
 *   few        One condition gives few dossiers (`peu`): they are all taken, the other conditions checked on each. 2,000 probes: 5 ms.
 *   in order   The list is in the order of filing, as are the rows of a term: those of the rarest are read in that order until there is enough.
 *              Either way, the other terms are first joined with it, in the index they share: a row costs a twentieth of reading a dossier. What is too
 *              common to be joined is looked for there, a row at a time. So are words that are all common: each may be, and hardly ever together.
 *   walk       Everything asked is common: the index of the order asked is walked and each dossier checked. Enough is soon found, since it is common.
 *
 * The slow case is what is rare in sum though each thing is common: it costs the walk of the rarest, or the index of the first word.
 */
async function planDe(tx: Tx, collectiviteId: string, filtre: Filtre, seuils: Seuils): Promise<Plan> {
  const conditions = conditionsDe(collectiviteId, filtre)
  const entrees = await entreesDe(tx, conditions, filtre.tri, seuils)
  const plan = await avecSondes(tx, { collectiviteId, filtre, conditions, sondes: [], ...entrees }, entrees.nombre, seuils)
  // Which one is read first depends on what is asked for, and not on what was asked for the first times.
  if (plan.rares.length + plan.sondes.length > 1) await sql`set local plan_cache_mode = force_custom_plan`.execute(tx)
  return plan
}

const dansLOrdre = (tri: Tri) => tri === 'anciens' || tri === 'recents'

// A range of terms is read whole, once: worth it when it has no more than that for each row to look for.
const DANS_UN_INTERVALLE = 10
const TOUTE_PORTEE: Portee = { sauf: [], seulement: null }

/** The plan, and what it looks for in the index of terms; `nombre` rows come from the rarest. */
async function avecSondes(tx: Tx, plan: Plan, nombre: number, { peu, commun }: Seuils): Promise<Plan> {
  const { collectiviteId, filtre, conditions, rares } = plan
  const words = conditions.filter(one => one.entre && !rares.includes(one))
  // Few are read as soon; those without their day of filing cannot be looked for.
  const isWorthIt = rares.length > 0 ? nombre > peu / 20 && !rares[0]!.estSansOrdre : dansLOrdre(filtre.tri) && conditions.length > 1
  if (words.length === 0 || !isWorthIt) return plan
  const found = await avecLeursTermes(tx, collectiviteId, filtre, words)
  const known = conditions.map(one => found[words.indexOf(one)] ?? one)
  if (rares.length > 0) {
    const ranges = nombre > peu ? found.filter(({ termes }) => !termes) : []
    const counts = ranges.length > 0 ? await compter(tx, ranges, DANS_UN_INTERVALLE * nombre) : []
    const isShort = (one: Condition) => ranges.includes(one) && counts[ranges.indexOf(one)]! <= DANS_UN_INTERVALLE * nombre
    return { ...plan, conditions: known, sondes: found.filter(one => one.termes || isShort(one)) }
  }
  // The rows of a term alone are in order: they are read so, and the others looked for; what is in the dossier itself, when it has one term to look for.
  const first = known.find(one => one.termes?.length === 1)
  const others = known.filter(one => one.termes && one !== first && (!one.verifie || one.termes.length === 1))
  if (!first || others.length === 0) return plan
  // The walk is short when few dossiers are in these states and these days.
  const cadre = sql`select id as dossier_id, depose_le from dossier where ${cadreDe(collectiviteId, { ...filtre, portee: TOUTE_PORTEE })}`
  const [inFrame] = await compter(tx, [{ source: cadre }], commun)
  return inFrame! > commun ? { ...plan, conditions: known, rares: [first], sondes: others } : plan
}

/** The dossiers of a plan as a subquery (id, cle), each once, at least the first `limite` of the part. */
function candidats(plan: Plan, part: Part): RawBuilder<unknown> {
  const { collectiviteId, filtre, conditions, rares, areFew, sondes } = plan
  if (rares.length === 0) return parcourir(plan, part)
  if (areFew && rares.every(({ estPropre }) => estPropre)) {
    const { cle } = ordreDe(filtre.tri)
    return sql`select dossier.id, ${cle} as cle from dossier
      where ${cadreDe(collectiviteId, filtre)}${verifier(collectiviteId, conditions)}${depuis(filtre.tri, part)}`
  }
  const others = verifier(
    collectiviteId,
    conditions.filter(one => one.estLarge || !(rares.includes(one) || sondes.includes(one))),
  )
  const { cle, ordre, sens } = ordreDe(filtre.tri, part.aRebours)
  const join = sql`join dossier on dossier.collectivite_id = ${collectiviteId} and dossier.id = s.dossier_id
    where ${cadreDe(collectiviteId, filtre)}${others}${depuis(filtre.tri, part)}`
  const { apres } = part
  // From the place on: without it, the index would be read from its end to there.
  const from =
    !areFew && typeof apres === 'object' && apres.cle !== null ? [sql`s.depose_le ${sql.raw(sens === asc ? '>=' : '<=')} ${apres.cle}`] : []
  const probes = [...from, ...sondes.map(one => sonde(collectiviteId, one))]
  const all = sql`select s.* from (select * from ${ensemble(rares)}) s ${probes.length > 0 ? sql`where ${sql.join(probes, sql` and `)}` : sql``}`
  if (areFew) return sql`select dossier.id, ${cle} as cle from (${all} offset 0) s ${join}`
  return sql`select dossier.id, s.depose_le as cle from (${all} order by depose_le ${sens}, dossier_id ${sens} offset 0) s ${join}
    order by ${ordre} limit ${part.limite}`
}

/** The rows that all these conditions give. What may give a dossier twice is made a set; the others are joined, in the order and the way that the planner finds the cheapest. */
function ensemble(conditions: readonly Condition[]): RawBuilder<unknown> {
  const several = conditions.filter(({ estUnique }) => !estUnique)
  const sets = several.map(
    ({ source }) => sql`select ${sql.raw(several.length === 1 ? 'distinct' : '')} depose_le, dossier_id from (${source}) t`,
  )
  const sources = [
    ...(sets.length > 0 ? [sql.join(sets, sql` intersect `)] : []),
    ...conditions.filter(({ estUnique }) => estUnique).map(({ source }) => source),
  ]
  const [first, ...joined] = sources.map((source, rang) => sql`(${source}) ${sql.id(`s${rang}`)}`)
  return sql`${first}${sql.join(
    joined.map(one => sql` join ${one} using (depose_le, dossier_id)`),
    sql``,
  )}`
}

function depuis(tri: Tri, { apres, aRebours }: Part): RawBuilder<unknown> {
  if (!apres) return sql``
  const { cle, sens } = ordreDe(tri, aRebours)
  if (apres === 'sansCle') return sql` and ${cle} is null`
  if (apres === 'avecCle') return sql` and ${cle} is not null`
  const beyond = sql.raw(sens === asc ? '>' : '<')
  return apres.cle === null
    ? sql` and ${cle} is null and dossier.id ${beyond} ${apres.id}`
    : sql` and (${cle}, dossier.id) ${beyond} (${apres.cle}, ${apres.id})`
}

// In the order of filing each state is read by its own index, and they are merged; other orders have one index for all.
function parcourir({ collectiviteId, filtre, conditions }: Plan, part: Part): RawBuilder<unknown> {
  const { etats, tri } = filtre
  const { cle, ordre } = ordreDe(tri, part.aRebours)
  const cadre = cadreDe(collectiviteId, filtre)
  const divided = conditions.find(({ parts }) => parts)
  const always = verifier(
    collectiviteId,
    conditions.filter(one => one !== divided),
  )
  const byState = tri === 'anciens' || tri === 'recents' ? etats.map(etat => sql` and dossier.etat = ${sql.lit(etat)}`) : [waiting(filtre)]
  const branches = byState.flatMap(state => (divided?.parts ?? [sql``]).map(more => sql`${state}${more}`))
  const read = branches.map(
    more =>
      sql`(select dossier.id, ${cle} as cle from dossier where ${cadre}${more}${always}${depuis(tri, part)} order by ${ordre} limit ${part.limite})`,
  )
  return sql`select id, cle from (${sql.join(read, sql` union all `)}) u order by ${ordre} limit ${part.limite}`
}

// Only what waits has a deadline, and an index in its order; `triDe` asks for it nowhere else.
const waiting = ({ tri, etats }: Filtre) =>
  tri === 'echeance' && !etats.every(etat => ETATS_A_TRAITER.includes(etat)) ? sql` and dossier.etat in (${liste(ETATS_A_TRAITER)})` : sql``

/** When dossiers are few, and when they are so many that they are met while walking (one in six of 200,000). Given by tests alone. */
export interface Seuils {
  readonly peu: number
  readonly commun: number
}
const SEUILS: Seuils = { peu: 2000, commun: 30_000 }

/** By which conditions to come in; none when all give many. Counts stop at `peu`; where the order allows to come in by many, at five times more, then at `commun`. */
async function entreesDe(tx: Tx, conditions: readonly Condition[], tri: Tri, { peu, commun }: Seuils): Promise<Entrees> {
  const [first, second] = conditions
  if (first?.seule === 'source' && !second) return { rares: [first], areFew: true, nombre: 0 }
  if (first?.seule === 'parcours' && !second && tri === 'echeance') return { rares: [], areFew: false, nombre: 0 }
  const few = await rares(tx, conditions, [peu], commun)
  if (few) return { ...few, areFew: true }
  const ordered = dansLOrdre(tri) ? conditions.filter(({ estSansOrdre }) => !estSansOrdre) : []
  return { ...((await rares(tx, ordered, [5 * peu, commun], commun)) ?? { rares: [], nombre: 0 }), areFew: false }
}

/** `nombre`: how many rows the rarest gives. */
type Entrees = Pick<Plan, 'rares' | 'areFew'> & { readonly nombre: number }

/** By how many times a condition may give more than the rarest, to be intersected with it: a row read in order costs a twentieth of a dossier looked at. */
const GUERE_PLUS = 20

/**
 * The rarest condition, those that give hardly more, and those whose rows are found by its own; undefined when all give more than the last limit. Dossiers
 * without their day of filing, which comes before them in the key of a term, are read one by one.
 */
async function rares(
  tx: Tx,
  conditions: readonly Condition[],
  plafonds: readonly number[],
  commun: number,
): Promise<Pick<Entrees, 'rares' | 'nombre'> | undefined> {
  for (const plafond of conditions.length > 0 ? plafonds : []) {
    const counts = await compter(tx, conditions, plafond)
    const least = Math.min(...counts)
    if (least > plafond) continue
    const rarest = conditions[counts.indexOf(least)]!
    if (rarest.estSansOrdre) return { rares: [rarest], nombre: least }
    const most = Math.max(Math.min(GUERE_PLUS * least, commun), plafond)
    const unsure = conditions.filter((one, rang) => !one.estSansOrdre && !one.estUnique && counts[rang]! > plafond && most > plafond)
    const sure = unsure.length > 0 ? await compter(tx, unsure, most) : []
    const countOf = (one: Condition, rang: number) => sure[unsure.indexOf(one)] ?? counts[rang]!
    const joined = (one: Condition, rang: number) => !one.estSansOrdre && (one.estUnique || countOf(one, rang) <= most)
    return { rares: conditions.filter((one, rang) => one === rarest || joined(one, rang)), nombre: least }
  }
  return undefined
}

// They choose how to read, never what is read: what agents open again and again is not counted each time. `plafond`: where the count stopped.
const comptes = souvenirs<{ readonly nombre: number; readonly plafond: number }>(600_000)

/** How many rows each condition gives, plafond + 1 meaning « more ». */
async function compter(tx: Tx, conditions: readonly Condition[], plafond: number): Promise<readonly number[]> {
  const asked = conditions.map(({ source }) => {
    const { sql: text, parameters } = sql`${source}`.compile(tx)
    const key = `${text} ${JSON.stringify(parameters)}`
    const known = comptes.lire(key)
    const isKnown = known !== undefined && (known.nombre <= known.plafond || known.plafond >= plafond)
    return { source, key, nombre: isKnown ? Math.min(known.nombre, plafond + 1) : undefined }
  })
  const unknown = asked.filter(({ nombre }) => nombre === undefined)
  if (unknown.length === 0) return asked.map(({ nombre }) => nombre!)
  const counts = unknown.map(({ source }) => sql`(select count(*)::int from (${source} limit ${plafond + 1}) s)`)
  const { rows } = await sql<{ n: number[] }>`select array[${sql.join(counts)}] as n`.execute(tx)
  const found = new Map(unknown.map(({ key }, rang) => [key, rows[0]!.n[rang]!]))
  for (const [key, nombre] of found) comptes.garder(key, { nombre, plafond })
  return asked.map(({ key, nombre }) => nombre ?? found.get(key)!)
}

// Lists and states that had more than PLAFOND: they are shown as such for a minute more, without finding a thousand dossiers again to say it.
const combles = souvenirs<true>(60_000)

/** One page (from 1) of the dossiers of a filter and how many there are, PLAFOND + 1 meaning « more ». `avecReponses`: for columns of the form. */
export async function fileDInstruction(
  tx: Tx,
  collectiviteId: string,
  filtre: Filtre,
  page: number,
  { avecReponses = false, parPage = PAR_PAGE, seuils = SEUILS } = {},
): Promise<{ lignes: LigneDeFile[]; total: number }> {
  const { ordre } = ordreDe(filtre.tri)
  const plan = await planDe(tx, collectiviteId, filtre, seuils)
  const key = `${collectiviteId} ${JSON.stringify(filtre)}`
  // Where all are read anyway, the number is exact.
  const isFull = !plan.areFew && combles.lire(key) === true
  const limite = isFull ? Math.min(page * parPage, PLAFOND) + 1 : PLAFOND + 1
  const { rows } = await sql<LigneDeFile & { total: number }>`
    with candidats as materialized (${candidats(plan, { limite })}),
    choisis as materialized (
      select id, row_number() over (order by ${ordre}) as place, (count(*) over ())::int as total from candidats
      order by ${ordre} limit ${parPage} offset ${(page - 1) * parPage}
    )
    select ${colonnes(collectiviteId, avecReponses)}, choisis.total
    from choisis join dossier d on d.collectivite_id = ${collectiviteId} and d.id = choisis.id order by choisis.place`.execute(tx)
  const lignes = rows.map(({ total: _, ...ligne }) => ligne)
  const read = rows[0]?.total ?? 0
  // Few no more: much was filed since they were counted.
  if (plan.areFew && read > 2 * seuils.peu) comptes.vider()
  if (isFull && read >= limite) return { lignes, total: PLAFOND + 1 }
  if (read > PLAFOND) combles.garder(key, true)
  else combles.oublier(key)
  return { lignes, total: Math.min(read, PLAFOND + 1) }
}

const colonnes = (
  collectiviteId: string,
  avecReponses: boolean,
) => sql`d.id, d.reference, d.demandeur_nom as "demandeurNom", d.definition, d.version, d.etat,
  d.depose_le as "deposeLe", d.modifie_le as "modifieLe", d.silence_le as "silenceLe", d.reponse_le as "reponseLe", d.agent_id as "agentId",
  (select c.echeance from correction c where c.collectivite_id = ${collectiviteId} and c.dossier_id = d.id and c.repondue_le is null) as "correctionLe",
  (select count(*)::int from message m where m.collectivite_id = ${collectiviteId} and m.dossier_id = d.id
    and m.auteur_nature = 'usager' and m.lu_le is null) as "nonLus"${avecReponses ? sql`, d.reponses, d.annotations` : sql``}`

/** The dossier before and the dossier after a place of a list, without reading the list; from outside it (null), its first one comes after. */
export async function voisins(
  tx: Tx,
  collectiviteId: string,
  filtre: Filtre,
  at: Place | null,
  seuils = SEUILS,
): Promise<{ avant: string | null; apres: string | null }> {
  const plan = await planDe(tx, collectiviteId, filtre, seuils)
  const find = async (aRebours: boolean): Promise<string | null> => {
    // Those without a deadline come last: beyond the last one that has one, and before the first that has none.
    const beyond =
      at === null || filtre.tri !== 'echeance' || aRebours === (at.cle !== null)
        ? []
        : [aRebours ? ('avecCle' as const) : ('sansCle' as const)]
    for (const apres of [at ?? undefined, ...beyond]) {
      const { rows } = await sql<{ id: string }>`select id from (${candidats(plan, { apres, aRebours, limite: 1 })}) c
        order by ${ordreDe(filtre.tri, aRebours).ordre} limit 1`.execute(tx)
      if (rows[0]) return rows[0].id
    }
    return null
  }
  return { avant: at && (await find(true)), apres: await find(false) }
}

/** The next dossiers of a filter in the order of filing, and where to go on from: null at the beginning, and at the end. For what reads them all. */
export async function suiteDeLaVue(
  tx: Tx,
  collectiviteId: string,
  filtre: Filtre,
  curseur: { readonly deposeLe: string; readonly id: string } | null,
  limite: number,
  seuils = SEUILS,
): Promise<{ ids: string[]; curseur: { deposeLe: string; id: string } | null }> {
  // What is behind the cursor is not read again: the day of filing is in every key.
  const from = curseur ? new Date(curseur.deposeLe) : filtre.deposeDe
  const asked: Filtre = { ...filtre, tri: 'anciens', deposeDe: from }
  const apres = curseur ? { cle: curseur.deposeLe, id: curseur.id } : undefined
  const plan = await planDe(tx, collectiviteId, asked, seuils)
  // One text: a row each took a tenth of an export.
  const { rows } = await sql<{ ids: string | null; exact: string }>`select string_agg(id::text, ',') as ids, max(cle)::text as exact
    from (select id, cle from (${candidats(plan, { apres, limite })}) c order by cle, id limit ${limite}) d`.execute(tx)
  const ids = rows[0]!.ids?.split(',') ?? []
  return { ids, curseur: ids.length === limite ? { deposeLe: rows[0]!.exact, id: ids.at(-1)! } : null }
}

// Each part is planned anew, which counts up to thirty thousand rows: a hundred thousand ids by 5,000 took three times as long.
const PAR_SUITE = 25_000

/** Every dossier of a filter in the order of filing, `plafond` at most: their ids alone, so that a hundred thousand are a few megabytes. */
export async function dossiersDeLaVue(tx: Tx, collectiviteId: string, filtre: Filtre, plafond: number): Promise<string[]> {
  const found: string[] = []
  let curseur: { deposeLe: string; id: string } | null = null
  do {
    const part: Awaited<ReturnType<typeof suiteDeLaVue>> = await suiteDeLaVue(
      tx,
      collectiviteId,
      filtre,
      curseur,
      Math.min(PAR_SUITE, plafond - found.length),
    )
    found.push(...part.ids)
    curseur = part.curseur
  } while (curseur && found.length < plafond)
  return found
}

/** How many dossiers are in each state, PLAFOND + 1 meaning « more ». The limit is said in the statement: of a parameter the server plans again each time. */
export async function comptesParEtat(tx: Tx, collectiviteId: string, portee: Portee): Promise<Readonly<Record<string, number>>> {
  const keyOf = (etat: Etat) => `${collectiviteId} ${etat} ${JSON.stringify(portee)}`
  const full = ETATS_VISIBLES.filter(etat => combles.lire(keyOf(etat)))
  const asked = ETATS_VISIBLES.filter(etat => !full.includes(etat))
  const counts = asked.map(
    etat =>
      sql`(select count(*)::int from (select from dossier where collectivite_id = ${collectiviteId} and etat in (${liste([etat])}) and cache_le is null${filtreDePortee(portee)} limit ${sql.lit(PLAFOND + 1)}) s) as ${sql.ref(etat)}`,
  )
  const found = counts.length > 0 ? ((await sql<Record<string, number>>`select ${sql.join(counts)}`.execute(tx)).rows[0] ?? {}) : {}
  for (const etat of asked) if (found[etat]! > PLAFOND) combles.garder(keyOf(etat), true)
  return { ...found, ...Object.fromEntries(full.map(etat => [etat, PLAFOND + 1])) }
}
