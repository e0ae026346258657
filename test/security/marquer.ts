import { isUtf8 } from 'node:buffer'
import { inflateSync } from 'node:zlib'
import type pg from 'pg'
import { entriesOf, readEntry } from '../../src/platform/files/zip.ts'

/** A column of a table that belongs to one collectivité. */
export interface Column {
  readonly t: string
  readonly c: string
  readonly type: string
  readonly isKey: boolean
}

/** Every column of the tables of tenants, as the catalogue of the database has them. */
export async function colonnesDesLocataires(admin: pg.Client): Promise<readonly Column[]> {
  const { rows } = await admin.query<Column>(`
    select c.relname as t, a.attname as c, format_type(a.atttypid, null) as type,
      exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f') and a.attnum = any(k.conkey)) as "isKey"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and obj_description(c.oid, 'pg_class') like 'locataire:%' order by 1, a.attnum`)
  return rows
}

/** What a marking left: the columns that hold the marks, and those that could hold some and have no row, or a fixed list of words. */
export interface Marquage {
  readonly faites: readonly string[]
  readonly sans: readonly string[]
}

/**
 * Behind the program's back, puts `valeur(table, column)` in every text of a collectivité: columns of text and lists of texts whole, answers and
 * parameters (jsonb) in each of their texts that a person wrote, or beside them. Keys and fixed lists of words stay.
 */
export async function marquer(
  admin: pg.Client,
  collectivite: string,
  valeur: (t: string, c: string) => string,
  sauf: (t: string, c: string) => boolean = () => false,
): Promise<Marquage> {
  const [faites, sans]: [string[], string[]] = [[], []]
  await admin.query("set session_replication_role = 'replica'")
  for (const { t, c, type, isKey } of await colonnesDesLocataires(admin)) {
    const set = { text: '$1', 'text[]': `array_fill($1::text, array[greatest(1, cardinality(${c}))])`, jsonb: EN_JSON(c) }[type]
    if (!set || isKey || sauf(t, c)) continue
    const given = [valeur(t, c), collectivite]
    const isRefused = (error: { code?: string }) => (error.code === '23514' ? { rowCount: 0 } : Promise.reject(error))
    const update = `update ${t} set ${c} = ${set} where collectivite_id = $2`
    // What the database checks is a list of words, or may be there in some rows only.
    const all = await admin.query(update, given).catch(isRefused)
    const { rowCount } = all.rowCount ? all : await admin.query(`${update} and ${c} is not null`, given).catch(isRefused)
    ;(rowCount ? faites : sans).push(`${t}.${c}`)
  }
  await admin.query("set session_replication_role = 'origin'")
  return { faites, sans }
}

// In a form's answers, the texts that people type; elsewhere one more entry, since the program reads the others as its own words.
const EN_JSON = (c: string) => `case
  when ${c} ? 'champs' and jsonb_typeof(${c}->'champs') = 'object' then jsonb_set(${c}, '{champs}', ${c}->'champs' || jsonb_build_object(
    'responsableNom', $1::text, 'demandeurNom', $1::text, 'enfantNom', $1::text, 'precisions', $1::text))
  when jsonb_typeof(${c}) = 'object' and ${c} ? 'titre' then jsonb_set(${c}, '{titre}', to_jsonb($1::text))
  when jsonb_typeof(${c}) = 'object' and ${c} ? 'nom' then jsonb_set(${c}, '{nom}', to_jsonb($1::text))
  when jsonb_typeof(${c}) = 'object' then ${c} || jsonb_build_object('marque', $1::text)
  else ${c} end`

/**
 * All the texts of an answer: as it is, what a zip holds, what a PDF writes (the characters of its fonts) and says of itself. Bytes that are no
 * text are given a letter each: read as UTF-8, compressed ones would now and then hold any two letters of ours.
 */
export function textesDe(bytes: Buffer): string {
  if (bytes.subarray(0, 2).toString('latin1') === 'PK')
    return (entriesOf(bytes) ?? [])
      .map(entry => `${entry.name}\n${textesDe(readEntry(bytes, entry, 50_000_000) ?? Buffer.alloc(0))}`)
      .join('\n')
  if (bytes.subarray(0, 5).toString('latin1') !== '%PDF-') return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
  const inside = [bytes.toString('latin1')]
  for (let at = bytes.indexOf('stream\n'); at >= 0; at = bytes.indexOf('stream\n', at + 7)) {
    try {
      inside.push(inflateSync(bytes.subarray(at + 7)).toString('latin1'))
    } catch {
      // not a deflated stream
    }
  }
  // Glyphs have numbers of their own: the map of each font says which characters are in the text.
  const written = [...inside.join('\n').matchAll(/<[0-9a-f]{4}> <([0-9a-f]{4,})>/gi)].map(([, hex]) =>
    Buffer.from(hex!, 'hex').swap16().toString('utf16le'),
  )
  return [...inside, written.join('')].join('\n')
}
