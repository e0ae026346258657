import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import { isInNetworks } from '../../../platform/http-out/addresses.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { equipesDe } from '../../agents/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import { APPELS_PAR_MINUTE, empreinteDuJeton, estUnJeton, type Jeton, jetonDeLEntete, porteeDuProgramme } from '../jeton.ts'
import { refusals } from '../refusals.ts'
import type { JetonRow } from '../tables.ts'

const MINUTE_MS = 60_000
const COLUMNS = sql.raw(
  'id, nom, debut, droits, demarches, voit_reserves, reseaux, fin, cree_le, cree_par, revoque_le, revoque_par, a_montrer, vu_le',
)

/** The tokens of a collectivité, those that serve first, then the latest; 200 at most. */
export async function jetonsDe(tx: Tx, collectiviteId: string, aujourdhui: string): Promise<JetonRow[]> {
  const { rows } = await sql<JetonRow>`select ${COLUMNS} from jeton_api where collectivite_id = ${collectiviteId}
    order by (revoque_le is null and fin >= ${aujourdhui}) desc, cree_le desc limit 200`.execute(tx)
  return rows
}

/** One token; undefined when there is none of that id. */
export async function jetonParId(tx: Tx, collectiviteId: string, id: string): Promise<JetonRow | undefined> {
  const { rows } = await sql<JetonRow>`select ${COLUMNS} from jeton_api where collectivite_id = ${collectiviteId} and id = ${id}`.execute(
    tx,
  )
  return rows[0]
}

/** The services whose dossiers are for their team alone. */
export const servicesReserves = async (tx: Tx, collectiviteId: string): Promise<string[]> =>
  (await equipesDe(tx, collectiviteId)).filter(({ reservee }) => reservee).map(({ service }) => service)

/**
 * Who calls, by the `Authorization` header. One statement finds the token, counts the call in its share of the minute and notes its use. What a token is
 * refused for is told only to who has the right secret: any other gets the same answer.
 */
export async function authentifier(
  app: App,
  collectivite: Collectivite,
  appel: { readonly entete: string | undefined; readonly ip: string; readonly droit: string | null },
): Promise<Result<Jeton>> {
  const token = jetonDeLEntete(appel.entete)
  if (token === undefined) return refuse(refusals.jeton_absent)
  if (!estUnJeton(token)) return refuse(refusals.jeton_inconnu)
  const now = app.clock.now()
  const aujourdhui = civilDay(now, fuseau(collectivite))
  return inTenant(app.db, collectivite.id, async tx => {
    const row = await compter(tx, collectivite.id, empreinteDuJeton(token), now, aujourdhui)
    if (!row) return refuse(refusals.jeton_inconnu)
    if (row.revoque_le) return refuse(refusals.jeton_revoque)
    if (row.fin < aujourdhui) return refuse(refusals.jeton_expire)
    if (row.reseaux.length > 0 && !isInNetworks(appel.ip, row.reseaux)) return refuse(refusals.reseau_interdit)
    if (row.minute_appels > APPELS_PAR_MINUTE) return refuse(refusals.trop_appels)
    if (appel.droit !== null && !row.droits.includes(appel.droit)) return refuse(refusals.droit_absent)
    const { id, nom, demarches, voit_reserves: voitReserves } = row
    const reserves = voitReserves ? [] : await servicesReserves(tx, collectivite.id)
    return ok({ id, nom, demarches, droits: new Set(row.droits), portee: porteeDuProgramme({ demarches, voitReserves }, reserves) })
  })
}

async function compter(tx: Tx, collectiviteId: string, empreinte: Buffer, now: Date, aujourdhui: string) {
  const start = new Date(now.getTime() - MINUTE_MS)
  const { rows } = await sql<JetonRow & { minute_appels: number }>`update jeton_api set
      vu_le = case when revoque_le is null and fin >= ${aujourdhui} then ${now} else vu_le end, a_montrer = null,
      minute_depuis = case when minute_depuis > ${start} then minute_depuis else ${now} end,
      minute_appels = case when minute_depuis > ${start} then minute_appels + 1 else 1 end
    where collectivite_id = ${collectiviteId} and empreinte = ${empreinte} returning ${COLUMNS}, minute_appels`.execute(tx)
  return rows[0]
}
