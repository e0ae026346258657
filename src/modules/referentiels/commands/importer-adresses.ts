import { sql } from 'kysely'
import type { Clock } from '../../../platform/clock.ts'
import { announceChange } from '../../../platform/db/notices.ts'
import { type Database, inScope, type Tx } from '../../../platform/db/open.ts'
import { bornesDeBal, lireBal, type NumeroLu, type VoieLue } from '../bal.ts'
import { lireTable, type ProblemeDeFichier } from '../csv.ts'

/** What an import did, collectivité by collectivité, or every reason why nothing was imported. */
export type ImportAdresses =
  | {
      readonly ok: true
      readonly imports: readonly { readonly nom: string; readonly voies: number; readonly adresses: number }[]
      /** Communes of the file that are not open here, left out. */
      readonly ailleurs: readonly string[]
      readonly notes: readonly string[]
    }
  | { readonly ok: false; readonly problemes: readonly ProblemeDeFichier[] }

const BATCH = 20_000

/**
 * Imports a Base Adresse Locale (CSV of the AITF, 1.1 to 1.4) in place of the former one: into the collectivité at `chemin`, whose file must then be of
 * its commune (or of its communes, for an intercommunalité), else into each open commune that the file names. All of it or nothing. Under the
 * owner's role.
 */
export async function importerAdresses(owner: Database, clock: Clock, bytes: Uint8Array, chemin?: string): Promise<ImportAdresses> {
  const actuels = await codesActuels(owner)
  const lue = lireBal(lireTable(bytes, bornesDeBal), code => actuels.get(code.toLowerCase()) ?? code)
  if (!lue.ok) return lue
  const targets = await destinations(owner, chemin)
  const whole = (message: string): ImportAdresses => ({ ok: false, problemes: [{ ligne: null, message }] })
  if (targets.length === 0) return whole(`« ${chemin} » n’est pas le chemin d’une collectivité ouverte, par exemple « vire-normandie ».`)
  const shares = targets
    .map(target => ({ ...target, voies: lue.voies.filter(({ code }) => target.codes.includes(code)) }))
    .filter(({ voies }) => voies.length > 0)
  const served = new Set(shares.flatMap(({ codes }) => codes))
  const foreign = new Map(lue.voies.filter(({ code }) => !served.has(code)).map(({ code, commune }) => [code, `${commune} (${code})`]))
  if (shares.length === 0 || (chemin && foreign.size > 0))
    return whole(
      `Ce fichier porte des adresses de ${[...foreign.values()].slice(0, 5).join(', ')}${chemin ? '' : ' : aucune de ces communes n’est ouverte ici'}.`,
    )
  const imports = shares.map(({ nom, voies }) => ({
    nom,
    voies: voies.length,
    adresses: voies.reduce((sum, { numeros }) => sum + numeros.size, 0),
  }))
  await inScope(owner, {}, async tx => {
    for (const [index, { id, voies }] of shares.entries()) {
      await sql.raw(`set local parvis.collectivite = '${id}'`).execute(tx)
      await remplacer(tx, id, voies)
      await sql`insert into fichier_adresses (collectivite_id, adresses, voies, importe_le) values (${id}, ${imports[index]!.adresses}, ${voies.length}, ${clock.now()})
        on conflict (collectivite_id) do update set adresses = excluded.adresses, voies = excluded.voies, importe_le = excluded.importe_le`.execute(
        tx,
      )
      // The plan of the commune is kept in memory by the processes that serve.
      await announceChange(tx, id)
    }
  })
  return { ok: true, imports, ailleurs: [...foreign.values()], notes: lue.notes }
}

async function codesActuels(owner: Database): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ cle: string; code: string }>`select cle, code from nom_officiel where nature = 'code'`.execute(owner.kysely)
  return new Map(rows.map(({ cle, code }) => [cle, code]))
}

async function destinations(owner: Database, chemin: string | undefined): Promise<{ id: string; nom: string; codes: string[] }[]> {
  const { rows } = await sql<{ id: string; nom: string; codes: string[] }>`
    select c.id, c.nom, case when c.nature = 'commune' then array[c.code]
      else array(select m.code from collectivite m where m.epci_id = c.id) end as codes
    from collectivite c where c.fermee_le is null and ${chemin === undefined ? sql`c.nature = 'commune'` : sql`c.chemin = ${chemin}`}`.execute(
    owner.kysely,
  )
  return rows
}

async function remplacer(tx: Tx, id: string, voies: readonly VoieLue[]): Promise<void> {
  await sql`delete from numero_local where collectivite_id = ${id}`.execute(tx)
  await sql`delete from voie_locale where collectivite_id = ${id}`.execute(tx)
  const column = <K extends keyof VoieLue>(name: K) => voies.map(voie => voie[name])
  await sql`insert into voie_locale (collectivite_id, id, interop, nom, cle, commune, code, lat, lon)
    select ${id}::uuid, * from unnest(${voies.map((_, index) => index)}::int[], ${column('interop')}::text[], ${column('nom')}::text[], ${column('cle')}::text[],
      ${column('commune')}::text[], ${column('code')}::text[], ${column('lat')}::float8[], ${column('lon')}::float8[])`.execute(tx)
  const numeros = voies.flatMap(({ numeros: own }, index) =>
    [...own.values()].map((numero): readonly [number, NumeroLu] => [index, numero]),
  )
  for (let start = 0; start < numeros.length; start += BATCH) {
    const part = numeros.slice(start, start + BATCH)
    const of = <V>(pick: (numero: NumeroLu) => V): V[] => part.map(([, numero]) => pick(numero))
    await sql`insert into numero_local (collectivite_id, voie_id, numero, suffixe, interop, lat, lon)
      select ${id}::uuid, * from unnest(${part.map(([voie]) => voie)}::int[], ${of(n => n.numero)}::int[], ${of(n => n.suffixe)}::text[], ${of(n => n.interop)}::text[],
        ${of(n => n.lat)}::float8[], ${of(n => n.lon)}::float8[])`.execute(tx)
  }
}
