import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import { avis, toutesLesDemarches } from '../../demarches/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import { periodeAPublier, publier, resumer } from '../chiffres.ts'
import { comptesDe, dernieresPeriodes } from '../queries/chiffres.ts'

const WEEK_MS = 7 * 86_400_000

/**
 * Counts again, for one collectivité, everything that its figures say, in one statement over its dossiers and its tombstones; then publishes the
 * periods that are closed. Read by pages as a few hundred rows, whatever the number of dossiers.
 */
export function chiffrer(app: App, collectivite: Collectivite): Promise<void> {
  const { id } = collectivite
  return inTenant(app.db, id, async tx => {
    await sql`set local statement_timeout = '120s'`.execute(tx)
    // Two at once would write the same rows.
    await sql`insert into calcul_chiffres (collectivite_id, le) values (${id}, ${app.clock.now()})
      on conflict (collectivite_id) do update set le = excluded.le`.execute(tx)
    await sql`delete from chiffre_demarche where collectivite_id = ${id}`.execute(tx)
    await compter(app, tx, collectivite)
    for (const { demarcheId, mois, note, nombre } of await avis.avisParMois(tx, id))
      await sql`insert into chiffre_demarche (collectivite_id, demarche_id, mois, mesure, cle, nombre)
        values (${id}, ${demarcheId}, ${mois}, 'avis', ${String(note)}, ${nombre})`.execute(tx)
    await publierLesPeriodes(app, tx, collectivite)
  })
}

// A tombstone without its counts still says when: the channel and the outcome are then « non gardé ».
const compter = (app: App, tx: Tx, collectivite: Collectivite) => {
  const { id } = collectivite
  const zone = fuseau(collectivite)
  const month = (column: string) => sql`date_trunc('month', ${sql.ref(column)} at time zone ${zone})::date`
  const day = (column: string) => sql`(${sql.ref(column)} at time zone ${zone})::date`
  return sql`
    with automatiques as (select distinct dossier_id from evenement where collectivite_id = ${id} and nature in ('accepter_auto', 'refuser_auto')),
    corriges as (select distinct dossier_id from correction where collectivite_id = ${id}),
    tous as (
      select d.demarche_id, d.depose_le, d.decide_le, d.canal, d.etat as issue, c.dossier_id is not null as corrige,
        a.dossier_id is not null and d.decide_le > d.depose_le + interval '1 day' as silence
      from dossier d left join corriges c on c.dossier_id = d.id left join automatiques a on a.dossier_id = d.id
      where d.collectivite_id = ${id} and d.depose_le is not null and not d.essai
      union all
      select demarche_id, depose_le, decide_le, coalesce(chiffres ->> 'canal', 'non_garde'), coalesce(chiffres ->> 'issue', 'non_garde'),
        (chiffres ->> 'corrections')::int > 0, coalesce((chiffres ->> 'silence')::boolean, false)
      from tombe where collectivite_id = ${id} and depose_le is not null
    ),
    comptes as (
      select demarche_id, ${month('depose_le')} as mois, 'depot' as mesure, canal as cle from tous
      union all select demarche_id, ${month('depose_le')}, 'correction', case when corrige then 'avec' else 'sans' end from tous where corrige is not null
      union all select demarche_id, ${month('decide_le')}, 'decision', case when silence then 'silence' else issue end from tous where decide_le is not null
      union all select demarche_id, ${month('decide_le')}, 'delai', (${day('decide_le')} - ${day('depose_le')})::text from tous where decide_le is not null
      union all select demarche_id, ${month('efface_le')}, 'abandon', coalesce(nullif(chiffres ->> 'etape', ''), 'debut') from tombe
        where collectivite_id = ${id} and cause = 'abandon'
      union all select demarche_id, ${month('modifie_le')}, 'brouillon', coalesce(nullif(etape_atteinte, ''), 'debut') from dossier
        where collectivite_id = ${id} and etat = 'brouillon' and not essai and modifie_le < ${new Date(app.clock.now().getTime() - WEEK_MS)}
    )
    insert into chiffre_demarche (collectivite_id, demarche_id, mois, mesure, cle, nombre)
    select ${id}::uuid, demarche_id, mois, mesure, cle, count(*)::int from comptes group by demarche_id, mois, mesure, cle`.execute(tx)
}

async function publierLesPeriodes(app: App, tx: Tx, collectivite: Collectivite): Promise<void> {
  const { id } = collectivite
  const now = app.clock.now()
  const present = `${civilDay(now, fuseau(collectivite)).slice(0, 7)}-01`
  const published = await dernieresPeriodes(tx, id)
  let isAny = false
  for (const { id: demarcheId, modele } of await toutesLesDemarches(tx, id)) {
    const comptes = await comptesDe(tx, id, { demarcheId })
    const periode = periodeAPublier(comptes, published.get(demarcheId), present)
    if (!periode) continue
    const within = comptes.filter(({ mois }) => mois >= periode.du && mois < periode.au)
    const chiffres = publier(
      resumer(within),
      modele.formulaire.etapes.filter(({ reservee }) => !reservee).map(etape => etape.id),
    )
    await sql`insert into chiffre_public (collectivite_id, demarche_id, du, au, chiffres, publie_le)
      values (${id}, ${demarcheId}, ${periode.du}, ${periode.au}, ${JSON.stringify(chiffres)}, ${now}) on conflict do nothing`.execute(tx)
    isAny = true
  }
  if (isAny) await announceChange(tx, id)
}
