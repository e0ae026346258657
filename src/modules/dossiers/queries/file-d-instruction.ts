import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Portee } from '../../../platform/http/route.ts'
import type { Etat } from '../dossier.ts'
import { filtreDePortee } from './portee.ts'

/** The states in which a dossier waits for the collectivité. */
export const ETATS_A_TRAITER: readonly Etat[] = ['en_construction', 'en_instruction']
/** The states that the list shows: a draft is still the person's own. */
export const ETATS_VISIBLES: readonly Etat[] = ['en_construction', 'en_instruction', 'accepte', 'refuse', 'sans_suite']

/** Counts and pages stop here, so that the list costs the same whatever the number of dossiers. */
export const PLAFOND = 1000
export const PAR_PAGE = 25

export type Tri = 'echeance' | 'anciens' | 'recents'

/** What to list. `mots`: each must be in the name, address, reference or title, written as `cleDeRecherche` does. */
export interface Filtre {
  readonly etats: readonly Etat[]
  readonly demarcheId?: string | undefined
  /** The service in charge. */
  readonly service?: string | undefined
  readonly mots: readonly string[]
  /** What the agent may see. */
  readonly portee: Portee
  /** `echeance` is the day on which silence decides; decided dossiers have none, so it is for ETATS_A_TRAITER. */
  readonly tri: Tri
}

/** A line of the list. */
export interface LigneDeFile {
  readonly id: string
  readonly reference: string
  readonly demandeurNom: string | null
  readonly definition: string
  readonly etat: Etat
  readonly deposeLe: Date
  /** The day on which silence decides; null once decided, and while the person corrects. */
  readonly silenceLe: string | null
  /** The day before which the person must correct, while they have to. */
  readonly correctionLe: string | null
  readonly agentId: string | null
  readonly nonLus: number
}

const ORDRES: Readonly<Record<Tri, string>> = {
  echeance: 'silence_le asc, id asc',
  anciens: 'depose_le asc, id asc',
  recents: 'depose_le desc, id desc',
}

/**
 * One page (from 1) of the dossiers of a collectivité and how many there are, PLAFOND + 1 meaning « more ».
 * Each state is read by its own index in the order asked, and given up beyond PLAFOND: 200,000 dossiers cost what 2,000 do.
 * A search by words that are nowhere is the exception: it goes through the index of the tenant, since `like` is not leakproof.
 */
export async function fileDInstruction(
  tx: Tx,
  collectiviteId: string,
  filtre: Filtre,
  page: number,
): Promise<{ lignes: LigneDeFile[]; total: number }> {
  const ordre = sql.raw(ORDRES[filtre.tri])
  const cle = sql.raw(filtre.tri === 'echeance' ? 'silence_le' : 'depose_le')
  const demarche = filtre.demarcheId ? sql` and demarche_id = ${filtre.demarcheId}` : sql``
  const service = filtre.service ? sql` and service = ${filtre.service}` : sql``
  const portee = filtreDePortee(filtre.portee)
  const mots = sql.join(
    filtre.mots.map(mot => sql` and recherche like ${`%${mot.replace(/[\\%_]/g, '\\$&')}%`}`),
    sql``,
  )
  const parEtat = filtre.etats.map(
    etat => sql`(select id, ${cle} from dossier where collectivite_id = ${collectiviteId} and etat = ${sql.lit(etat)} and cache_le is null${demarche}${service}${portee}${mots}
      order by ${ordre} limit ${PLAFOND + 1})`,
  )
  const { rows } = await sql<LigneDeFile & { total: number }>`
    with candidats as materialized (${sql.join(parEtat, sql` union all `)}),
    choisis as materialized (
      select id, row_number() over (order by ${ordre}) as place, (count(*) over ())::int as total from candidats
      order by ${ordre} limit ${PAR_PAGE} offset ${(page - 1) * PAR_PAGE}
    )
    select d.id, d.reference, d.demandeur_nom as "demandeurNom", d.definition, d.etat,
      d.depose_le as "deposeLe", d.silence_le as "silenceLe", d.agent_id as "agentId", choisis.total,
      (select c.echeance from correction c where c.collectivite_id = ${collectiviteId} and c.dossier_id = d.id and c.repondue_le is null) as "correctionLe",
      (select count(*)::int from message m where m.collectivite_id = ${collectiviteId} and m.dossier_id = d.id
        and m.auteur_nature = 'usager' and m.lu_le is null) as "nonLus"
    from choisis join dossier d on d.collectivite_id = ${collectiviteId} and d.id = choisis.id order by choisis.place`.execute(tx)
  return { lignes: rows.map(({ total: _, ...ligne }) => ligne), total: Math.min(rows[0]?.total ?? 0, PLAFOND + 1) }
}

/** How many dossiers are in each state, PLAFOND + 1 meaning « more ». */
export async function comptesParEtat(tx: Tx, collectiviteId: string, portee: Portee): Promise<Readonly<Record<string, number>>> {
  const counts = ETATS_VISIBLES.map(
    etat =>
      sql`(select count(*)::int from (select from dossier where collectivite_id = ${collectiviteId} and etat = ${sql.lit(etat)} and cache_le is null${filtreDePortee(portee)} limit ${PLAFOND + 1}) s) as ${sql.ref(etat)}`,
  )
  const { rows } = await sql<Record<string, number>>`select ${sql.join(counts)}`.execute(tx)
  return rows[0] ?? {}
}
