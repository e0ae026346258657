import { sql } from 'kysely'
import type { Clock } from '../../../platform/clock.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import { type Database, inScope, type Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { ok, type Result } from '../../../platform/refusal.ts'
import { cheminsPour, cleDeNom } from '../nom.ts'
import { type CollectiviteConnue, comparer, type Differences } from '../registre/differences.ts'
import { type CollectivitePrevue, type PlanDeTerritoire, planifier } from '../registre/plan.ts'
import type { Registre } from '../registre/sources.ts'

const BATCH = 2000

/** What the opening did. */
export interface Ouverture {
  readonly plan: PlanDeTerritoire
  readonly differences: Differences
  readonly collectivites: number
}

/**
 * Opens the territory of a code, or brings it to the register's present edition, in one transaction under the owner's role.
 * Doing it again with the same register changes nothing. Nothing is ever deleted. `onProgress` is told how many rows are written.
 * Refuses an unknown code.
 */
export async function ouvrirTerritoire(
  owner: Database,
  clock: Clock,
  registre: Registre,
  code: string,
  options: { demonstration: boolean; onProgress?: (done: number, total: number) => void },
): Promise<Result<Ouverture>> {
  const planned = planifier(registre, code)
  if (!planned.ok) return planned
  const plan = planned.value
  return inScope(owner, {}, async tx => {
    await sql`select pg_advisory_xact_lock(7271472)`.execute(tx)
    await sql`set local statement_timeout = '120s'`.execute(tx)
    const connues = await lireConnues(tx)
    const differences = comparer(plan, connues)
    await ajouter(tx, clock, differences.nouvelles, connues, options.onProgress)
    await appliquer(tx, clock, differences)
    await relierEpci(tx)
    await sql`insert into territoire (nom, code, registre_version, demonstration, ouvert_le)
      values (${plan.nom}, ${plan.code}, ${registre.version}, ${options.demonstration}, ${clock.now()})
      on conflict (id) do update set nom = excluded.nom, code = excluded.code, registre_version = excluded.registre_version`.execute(tx)
    // An intercommunalité that opens its own territory carries what is shared; otherwise somebody is named by command.
    await sql`update territoire set porteur_id = c.id from collectivite c
      where territoire.porteur_id is null and c.nature = 'epci' and c.code = territoire.code`.execute(tx)
    await announceChange(tx, '*')
    return ok({ plan, differences, collectivites: plan.collectivites.length })
  })
}

async function lireConnues(tx: Tx): Promise<CollectiviteConnue[]> {
  const { rows } = await sql<CollectiviteConnue>`
    select c.id, c.nature, c.code, c.nom, c.chemin, c.siren, c.population, c.codes_postaux as "codesPostaux", c.epci_code as "epciCode", c.departement,
      c.fermee_le is not null as "estFermee",
      coalesce((select array_agg(n.nom) from nom_recherche n where n.collectivite_id = c.id and n.nature in ('deleguee', 'associee')), '{}') as "autresNoms"
    from collectivite c`.execute(tx)
  return rows
}

async function ajouter(
  tx: Tx,
  clock: Clock,
  nouvelles: readonly CollectivitePrevue[],
  connues: readonly CollectiviteConnue[],
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  const key = (c: { nature: string; code: string }) => `${c.nature}:${c.code}`
  const taken = new Map(connues.map(c => [key(c), c.chemin]))
  const places = [...connues, ...nouvelles].map(c => ({ key: key(c), nom: c.nom, departement: c.departement ?? undefined, code: c.code }))
  const chemins = cheminsPour(places, taken)
  for (let start = 0; start < nouvelles.length; start += BATCH) {
    const rows = nouvelles.slice(start, start + BATCH).map(c => ({ ...c, id: newId(), chemin: chemins.get(key(c))! }))
    await insererCollectivites(tx, clock, rows)
    await insererNoms(tx, rows)
    onProgress?.(Math.min(start + BATCH, nouvelles.length), nouvelles.length)
  }
}

// One JSON parameter a batch: 15 columns in arrays would say the same in 40 lines, and the difference is 0.1 s for France.
async function insererCollectivites(
  tx: Tx,
  clock: Clock,
  rows: readonly (CollectivitePrevue & { id: string; chemin: string })[],
): Promise<void> {
  await sql`insert into collectivite (id, nature, nom, chemin, code, siren, codes_postaux, population, epci_code, epci_nom, departement, departement_nom, region, region_nom, ouverte_le)
    select id, nature, nom, chemin, code, siren, array(select jsonb_array_elements_text("codesPostaux")), population, "epciCode", "epciNom", departement, "departementNom", region, "regionNom", ${clock.now()}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, nature text, nom text, chemin text, code text, siren text, "codesPostaux" jsonb,
      population int, "epciCode" text, "epciNom" text, departement text, "departementNom" text, region text, "regionNom" text)`.execute(tx)
}

async function insererNoms(tx: Tx, rows: readonly (CollectivitePrevue & { id: string })[]): Promise<void> {
  const names = rows.flatMap(c => [
    { cle: cleDeNom(c.nom), id: c.id, nom: c.nom, nature: 'actuel' },
    ...c.autresNoms.map(n => ({ cle: cleDeNom(n.nom), id: c.id, nom: n.nom, nature: n.nature })),
  ])
  await sql`insert into nom_recherche (cle, collectivite_id, nom, nature)
    select cle, id, nom, nature from jsonb_to_recordset(${JSON.stringify(names)}::jsonb) as r (cle text, id uuid, nom text, nature text)
    on conflict do nothing`.execute(tx)
  const postcodes = rows.flatMap(c => [...new Set(c.codesPostaux)].map(code => ({ code, id: c.id })))
  await sql`insert into code_postal_recherche (code_postal, collectivite_id)
    select code, id from jsonb_to_recordset(${JSON.stringify(postcodes)}::jsonb) as r (code text, id uuid) on conflict do nothing`.execute(
    tx,
  )
}

async function appliquer(tx: Tx, clock: Clock, differences: Differences): Promise<void> {
  for (const { id, prevue, ancienNom } of differences.renommees) {
    await sql`update collectivite set nom = ${prevue.nom} where id = ${id}`.execute(tx)
    await sql`update nom_recherche set nature = 'ancien' where collectivite_id = ${id} and nom = ${ancienNom} and nature = 'actuel'`.execute(
      tx,
    )
    await mettreAJour(tx, id, prevue)
  }
  for (const { id, prevue } of differences.misesAJour) await mettreAJour(tx, id, prevue)
  for (const { id, nom, dans } of differences.fusionnees) {
    await sql`update collectivite set fermee_le = ${clock.now()}, epci_id = null, epci_code = null,
      remplacee_par = (select id from collectivite where nature = 'commune' and code = ${dans.code}) where id = ${id}`.execute(tx)
    await sql`delete from nom_recherche where collectivite_id = ${id}`.execute(tx)
    await sql`delete from code_postal_recherche where collectivite_id = ${id}`.execute(tx)
    await sql`insert into nom_recherche (cle, collectivite_id, nom, nature)
      select ${cleDeNom(nom)}, id, ${nom}, 'ancien' from collectivite where nature = 'commune' and code = ${dans.code} on conflict do nothing`.execute(
      tx,
    )
  }
}

async function mettreAJour(tx: Tx, id: string, prevue: CollectivitePrevue): Promise<void> {
  await sql`update collectivite set siren = ${prevue.siren}, codes_postaux = array(select jsonb_array_elements_text(${JSON.stringify(prevue.codesPostaux)}::jsonb)),
    population = ${prevue.population}, epci_code = ${prevue.epciCode}, epci_nom = ${prevue.epciNom} where id = ${id}`.execute(tx)
  await sql`delete from code_postal_recherche where collectivite_id = ${id}`.execute(tx)
  await sql`delete from nom_recherche where collectivite_id = ${id} and nature in ('deleguee', 'associee')`.execute(tx)
  await insererNoms(tx, [{ ...prevue, id }])
}

// The EPCI and its communes are written in the same batch, in any order: the link is drawn when all are there.
async function relierEpci(tx: Tx): Promise<void> {
  await sql`update collectivite c set epci_id = e.id from collectivite e
    where e.nature = 'epci' and e.code = c.epci_code and c.epci_id is distinct from e.id`.execute(tx)
  await sql`update collectivite set epci_id = null where epci_code is null and epci_id is not null`.execute(tx)
}
