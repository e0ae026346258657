import { type RawBuilder, sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { readInTenant, type Tx } from '../../../platform/db/open.ts'
import type { Chercheur, Reponse } from '../../formulaires/index.ts'
import type { Collectivite } from '../../territoire/index.ts'
import { type Demander, demanderJson } from '../exterieur/demander-json.ts'
import { geocoder, type Rattachements } from '../exterieur/geocodeur.ts'
import { distanceM, type Point } from '../plan.ts'
import { aDesAdresses, type Lire, trouverAdresses } from './adresses.ts'
import { trouverCommunes, trouverEpci } from './communes.ts'
import { chercherDansLaListe } from './listes.ts'
import { adresseProche, centreDe } from './plan.ts'

/**
 * Who makes the look-ups of a form of this collectivité: official registers, its address file then the geocoder if one is configured, its own lists.
 * Best called outside any transaction: a service elsewhere may take 2 s. Within one of this collectivité, give it, so that no second connection is
 * waited for while one is held.
 */
export function chercheurDe(app: App, collectivite: Collectivite, options: { tx?: Tx; demander?: Demander } = {}): Chercheur {
  const { tx, demander = demanderJson } = options
  const lire: Lire = async <Row>(query: RawBuilder<Row>) =>
    tx ? (await query.execute(tx)).rows : readInTenant(app.db, collectivite.id, query)
  return ({ source, mots, referentiel }) => {
    if (source === 'commune') return trouverCommunes(app, mots)
    if (source === 'epci') return trouverEpci(app, mots)
    if (source === 'adresse') return chercherAdresse(app, lire, collectivite, mots, demander)
    if (source === 'point') return situer(lire, collectivite, mots)
    return chercherDansLaListe(app, lire, collectivite.id, referentiel ?? '', mots, demander)
  }
}

async function chercherAdresse(app: App, lire: Lire, collectivite: Collectivite, mots: string, demander: Demander): Promise<Reponse> {
  const found = await trouverAdresses(lire, collectivite, mots)
  if (found.length > 0) return found
  const { geocodeur } = app.config
  if (geocodeur)
    return geocoder(geocodeur, mots, collectivite.nature === 'commune' ? collectivite.code : undefined, demander, rattachementsDe(app))
  return (await aDesAdresses(lire, collectivite.id)) ? [] : 'indisponible'
}

/** Beyond, a point is likely a mistake: communes are 4 km wide, the largest of metropolitan France 28. */
const LOIN_KM = 30

/** What is near « lat lon »; « indisponible » without an address file. */
async function situer(lire: Lire, { id }: Collectivite, mots: string): Promise<Reponse> {
  const [lat = Number.NaN, lon = Number.NaN] = mots.split(' ').map(Number)
  const point: Point = { lat, lon }
  const centre = await centreDe(lire, id)
  if (!centre || Number.isNaN(lat + lon)) return 'indisponible'
  const km = Math.round(distanceM(centre, point) / 1000)
  const near = km > LOIN_KM ? undefined : await adresseProche(lire, id, point)
  return [{ cle: 'point', libelle: near?.libelle ?? '', valeurs: { ...near?.valeurs, ...(km > LOIN_KM ? { km: String(km) } : {}) } }]
}

const rattachementsDe =
  (app: App): Rattachements =>
  async codes => {
    const { rows } = await sql<{ code: string; departement: string | null; region: string | null; epci: string | null }>`
      select code, departement, region, epci_code as epci from commune_officielle where code = any (${[...codes]}::text[])`.execute(
      app.db.kysely,
    )
    return new Map(
      rows.map(({ code, ...known }) => [
        code,
        Object.fromEntries(Object.entries(known).filter((entry): entry is [string, string] => !!entry[1])),
      ]),
    )
  }
