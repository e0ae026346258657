import { sql } from 'kysely'
import type { Clock } from '../../../platform/clock.ts'
import { type Database, inScope, type Tx } from '../../../platform/db/open.ts'
import { cleDeNom, nomEpci, registre } from '../../territoire/index.ts'

/**
 * Puts the official registers of communes and intercommunalités in the tables that look-ups read, under the owner's role: 37,590 places in 0.4 s.
 * Does nothing, in a millisecond, when the edition shipped is already there. Gives whether it loaded.
 */
export async function chargerRegistres(owner: Database, clock: Clock, edition?: registre.Registre): Promise<boolean> {
  const version = edition?.version ?? registre.versionDuRegistre()
  const { rows } = await sql<{ version: string }>`select version from edition_officielle where registre = 'decoupage'`.execute(owner.kysely)
  if (rows[0]?.version === version) return false
  await inScope(owner, {}, async tx => {
    await sql`select pg_advisory_xact_lock(7271473)`.execute(tx)
    await sql`truncate commune_officielle, epci_officiel, nom_officiel`.execute(tx)
    await charger(tx, edition ?? registre.lireRegistre())
    await sql`insert into edition_officielle (registre, version, chargee_le) values ('decoupage', ${version}, ${clock.now()})
      on conflict (registre) do update set version = excluded.version, chargee_le = excluded.chargee_le`.execute(tx)
  })
  return true
}

interface Nom {
  readonly cle: string
  readonly code: string
  readonly nom: string
  readonly nature: 'actuel' | 'ancien' | 'postal' | 'code'
}

async function charger(tx: Tx, edition: registre.Registre): Promise<void> {
  const epciDe = new Map(edition.epci.flatMap(epci => epci.membres.map(({ code }) => [code, epci.code] as const)))
  const actuelles = edition.communes.filter(({ type }) => type === 'commune-actuelle')
  await sql`insert into commune_officielle (code, nom, codes_postaux, departement, region, epci_code, population)
    select code, nom, string_to_array(postaux, ','), departement, region, epci, population
    from unnest(${actuelles.map(c => c.code)}::text[], ${actuelles.map(c => c.nom)}::text[], ${actuelles.map(c => (c.codesPostaux ?? []).join(','))}::text[],
      ${actuelles.map(c => c.departement ?? null)}::text[], ${actuelles.map(c => c.region ?? null)}::text[],
      ${actuelles.map(c => epciDe.get(c.code) ?? null)}::text[], ${actuelles.map(c => c.population ?? null)}::int[])
      as r (code, nom, postaux, departement, region, epci, population)`.execute(tx)
  const epci = edition.epci.map(e => ({ ...e, nom: nomEpci(e) }))
  await sql`insert into epci_officiel (code, nom, cle, population)
    select * from unnest(${epci.map(e => e.code)}::text[], ${epci.map(e => e.nom)}::text[], ${epci.map(e => cleDeNom(e.nom))}::text[],
      ${epci.map(e => e.populationMunicipale ?? null)}::int[])`.execute(tx)
  const noms = nomsDe(edition)
  // An index built once over all the names costs a third of the same index kept up at each of them.
  await sql`drop index nom_officiel_cle, nom_officiel_ressemblance`.execute(tx)
  await sql`insert into nom_officiel (cle, code, nom, nature)
    select * from unnest(${noms.map(n => n.cle)}::text[], ${noms.map(n => n.code)}::text[], ${noms.map(n => n.nom)}::text[], ${noms.map(n => n.nature)}::text[])`.execute(
    tx,
  )
  await sql`create index nom_officiel_cle on nom_officiel (cle)`.execute(tx)
  await sql`create index nom_officiel_ressemblance on nom_officiel using gin (cle gin_trgm_ops) where nature in ('actuel', 'ancien')`.execute(
    tx,
  )
}

function nomsDe(edition: registre.Registre): Nom[] {
  return edition.communes.flatMap((c): Nom[] => {
    if (c.type !== 'commune-actuelle') {
      const code = c.chefLieu ?? c.commune
      if (!code) return []
      const name: Nom = { cle: cleDeNom(c.nom), code, nom: c.nom, nature: 'ancien' }
      return c.code === code ? [name] : [name, { cle: c.code.toLowerCase(), code, nom: c.nom, nature: 'code' }]
    }
    return [
      { cle: cleDeNom(c.nom), code: c.code, nom: c.nom, nature: 'actuel' },
      ...[...new Set(c.codesPostaux ?? [])].map(postal => ({ cle: postal, code: c.code, nom: postal, nature: 'postal' as const })),
      ...(c.anciensCodes ?? []).map(ancien => ({ cle: ancien.toLowerCase(), code: c.code, nom: c.nom, nature: 'code' as const })),
    ]
  })
}
