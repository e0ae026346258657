import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Trouvaille } from '../../formulaires/index.ts'
import { cleDeNom } from '../../territoire/index.ts'

/** More are not read: people are asked to type more. */
const AT_MOST = 10
/** Below this likeness (pg_trgm), two names have nothing to do with each other. */
const LIKENESS = 0.3

interface Ligne {
  code: string
  nom: string
  codes_postaux: string[]
  departement: string | null
  region: string | null
  epci_code: string | null
  /** The name by which it was found. */
  par: string
  nature: 'actuel' | 'ancien' | 'postal' | 'code'
  rang: number
}

/**
 * Communes of France by name (former and delegated ones lead to the present commune), postcode, INSEE code, or name and postcode together; accents,
 * hyphens, « St » do not matter, and small mistakes are forgiven when nothing is written so. At most 10, the best first.
 */
export async function trouverCommunes(app: App, typed: string): Promise<Trouvaille[]> {
  const code = typed.trim().toLowerCase()
  const digits = code.replace(/\s/g, '')
  if (/^(\d{2,5}|2[ab]\d{3})$/.test(digits)) {
    const byCode = await parPrefixe(app, digits, '')
    if (byCode.length > 0) return byCode.map(ligne => enTrouvaille(ligne, digits, digits))
    const present = await parCode(app, digits)
    return present.map(ligne => ({ ...enTrouvaille(ligne, '', digits), exacte: true }))
  }
  const postal = typed.match(/\b\d{5}\b/)?.[0] ?? ''
  const key = cleDeNom(typed.replace(postal, ' '))
  if (key.length < 2) return []
  const named = await parPrefixe(app, key, postal)
  const found = named.length > 0 ? named : await parRessemblance(app, key, postal)
  return found.map(ligne => enTrouvaille(ligne, postal, key))
}

const COLUMNS = sql.raw('c.code, c.nom, c.codes_postaux, c.departement, c.region, c.epci_code, c.population, n.nom as par, n.nature')

// Postcodes and INSEE codes are figures, names begin with a letter: one index serves both. A typed name also finds the words inside (« Reims » … « la-… »).
async function parPrefixe(app: App, key: string, postal: string): Promise<Ligne[]> {
  const { rows } = await sql<Ligne>`select * from (
      select distinct on (c.code) ${COLUMNS}, case when n.cle = ${key} then 0 when n.cle like ${`${key}%`} then 1 else 2 end as rang
      from nom_officiel n join commune_officielle c on c.code = n.code
      where ((n.cle like ${`${key}%`} and (n.nature <> 'code' or n.cle = ${key})) or (n.nature in ('actuel', 'ancien') and n.cle like ${`% ${key}%`})) and (${postal} = '' or ${postal} = any (c.codes_postaux))
      order by c.code, rang, n.nature, n.cle
    ) found order by rang, population desc nulls last, nom limit ${AT_MOST}`.execute(app.db.kysely)
  return rows
}

async function parCode(app: App, code: string): Promise<Ligne[]> {
  const { rows } =
    await sql<Ligne>`select c.code, c.nom, c.codes_postaux, c.departement, c.region, c.epci_code, c.nom as par, 'actuel' as nature, 0 as rang
    from commune_officielle c where c.code = ${code.toUpperCase()}`.execute(app.db.kysely)
  return rows
}

async function parRessemblance(app: App, key: string, postal: string): Promise<Ligne[]> {
  const { rows } = await sql<Ligne>`select * from (
      select distinct on (c.code) ${COLUMNS}, 3 as rang, similarity(n.cle, ${key}) as likeness
      from nom_officiel n join commune_officielle c on c.code = n.code
      where n.nature in ('actuel', 'ancien') and n.cle % ${key} and similarity(n.cle, ${key}) > ${LIKENESS} and (${postal} = '' or ${postal} = any (c.codes_postaux))
      order by c.code, likeness desc
    ) found order by likeness desc, population desc nulls last, nom limit ${AT_MOST}`.execute(app.db.kysely)
  return rows
}

function enTrouvaille(ligne: Ligne, postal: string, key: string): Trouvaille {
  const { code, nom, codes_postaux, departement, region, epci_code, par, nature, rang } = ligne
  const codePostal = codes_postaux.includes(postal) ? postal : (codes_postaux.find(known => known.startsWith(postal)) ?? codes_postaux[0])
  const isFormer = nature === 'ancien' && cleDeNom(par) !== cleDeNom(nom)
  const words = isFormer ? `${nom} (${codePostal ?? code}), dont ${par}` : `${nom} (${codePostal ?? code})`
  return {
    cle: code,
    libelle: words,
    valeurs: {
      nom,
      ...(codePostal ? { codePostal } : {}),
      departement: departement ?? '',
      region: region ?? '',
      ...(epci_code ? { epci: epci_code } : {}),
    },
    ...(rang === 0 && (isFormer || nature === 'code') && key !== '' ? { exacte: true } : {}),
  }
}

/** Intercommunalités by name, by SIREN, or by the name or postcode of a commune: accents and kind (« CC ») do not matter. At most 10, the best first. */
export async function trouverEpci(app: App, typed: string): Promise<Trouvaille[]> {
  const words = cleDeNom(typed)
    .split(' ')
    .filter(word => !/^(cc|ca|cu|de|du|des|la|le|les|l|d|et|en)$/.test(word))
  const digits = typed.replace(/\s/g, '')
  if (words.length === 0) return []
  const { rows } = await sql<{ code: string; nom: string; par: string | null; exacte: boolean }>`
    select e.code, e.nom, null as par, e.code = ${digits} as exacte from epci_officiel e
    where e.code = ${digits} or e.cle like all (${words.map(word => `%${word}%`)}::text[])
    order by e.population desc nulls last limit ${AT_MOST}`.execute(app.db.kysely)
  if (rows.length > 0)
    return rows.map(row => ({ cle: row.code, libelle: row.nom, valeurs: { nom: row.nom }, ...(row.exacte ? { exacte: true } : {}) }))
  return parCommune(app, typed)
}

async function parCommune(app: App, typed: string): Promise<Trouvaille[]> {
  const communes = (await trouverCommunes(app, typed)).filter(({ valeurs }) => valeurs.epci)
  const { rows } = await sql<{
    code: string
    nom: string
  }>`select code, nom from epci_officiel where code = any (${communes.map(c => c.valeurs.epci!)}::text[])`.execute(app.db.kysely)
  const noms = new Map(rows.map(({ code, nom }) => [code, nom]))
  const seen = new Set<string>()
  return communes.flatMap(({ valeurs }) => {
    const cle = valeurs.epci!
    const nom = noms.get(cle)
    if (!nom || seen.has(cle)) return []
    seen.add(cle)
    return [
      {
        cle,
        libelle: `${nom}, dont ${valeurs.nom}`,
        valeurs: { nom },
        ...(cleDeNom(valeurs.nom!) === cleDeNom(typed) ? { exacte: true } : {}),
      },
    ]
  })
}
