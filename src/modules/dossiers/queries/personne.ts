import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import { envoisVers } from '../../envois/index.ts'
import { collectiviteParId } from '../../territoire/index.ts'
import { PAR_LA_LOI } from '../commands/advance.ts'
import { casEntiers } from './cas.ts'
import { type ContenuDuDossier, contenuAvec, type Destinataire, partsDesDossiers } from './contenu.ts'
import { type Compte, type PlaceDeDossier, placesDe } from './places.ts'

/** Everything that the territory holds on a person. */
export interface DonneesDeLaPersonne {
  readonly produitLe: Date
  readonly compte: { readonly courriel: string; readonly cree: Date; readonly vu: Date } | null
  readonly dossiers: readonly ContenuDuDossier[]
  readonly messagesEnvoyes: readonly { readonly collectivite: string; readonly sujet: string; readonly texte: string; readonly le: Date }[]
}

/**
 * What is given to the person who has an account (RGPD, article 15): the dossiers that they keep, in all the collectivités, and the messages
 * written to them there. A dossier that merely bears their address is not given: whoever mistyped it would be read by another.
 */
export const donneesDuCompte = async (app: App, compte: Compte): Promise<DonneesDeLaPersonne> =>
  reunir(app, compte.courriel, compte, await placesDe(app, compte.id), 'personne')

/** What the collectivités hold on an address, for who answers a request on paper and reads it first: dossiers that bear it included. */
export async function donneesDeLAdresse(app: App, courriel: string, compte: Compte | undefined): Promise<DonneesDeLaPersonne> {
  return reunir(app, courriel, compte, await toutesLesPlaces(app, courriel, compte), 'mairie')
}

/** The dossiers of an address in every collectivité: those of its account, and those that bear it. */
export async function toutesLesPlaces(app: App, courriel: string, compte: Compte | undefined): Promise<PlaceDeDossier[]> {
  const places = new Map((compte ? await placesDe(app, compte.id) : []).map(place => [place.dossierId, place]))
  const { rows } = await sql<{ id: string }>`select id from collectivite order by id`.execute(app.db.kysely)
  for (const { id } of rows)
    for (const dossierId of await inTenant(app.db, id, tx => portantLAdresse(tx, id, courriel)))
      places.set(dossierId, { collectiviteId: id, dossierId })
  return [...places.values()]
}

async function portantLAdresse(tx: Tx, collectiviteId: string, courriel: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from dossier where collectivite_id = ${collectiviteId}
    and demandeur_courriel in (${courriel}, ${courriel.toLowerCase()})`.execute(tx)
  return rows.map(({ id }) => id)
}

async function reunir(
  app: App,
  courriel: string,
  compte: Compte | undefined,
  places: readonly PlaceDeDossier[],
  pour: Destinataire,
): Promise<DonneesDeLaPersonne> {
  const dossiers: ContenuDuDossier[] = []
  const messagesEnvoyes: { collectivite: string; sujet: string; texte: string; le: Date }[] = []
  for (const collectiviteId of new Set(places.map(place => place.collectiviteId))) {
    const collectivite = await collectiviteParId(app, collectiviteId)
    await inTenant(app.db, collectiviteId, async tx => {
      const ids = places.filter(place => place.collectiviteId === collectiviteId).map(({ dossierId }) => dossierId)
      const parts = await partsDesDossiers(tx, collectiviteId, ids, pour)
      for (const cas of await casEntiers(app, tx, collectivite, ids, PAR_LA_LOI)) dossiers.push(contenuAvec(cas, pour, parts))
      for (const envoi of await envoisVers(tx, collectiviteId, courriel)) messagesEnvoyes.push({ collectivite: collectivite.nom, ...envoi })
    })
  }
  return {
    produitLe: app.clock.now(),
    compte: compte ? { courriel: compte.courriel, cree: compte.creeLe, vu: compte.vuLe } : null,
    dossiers,
    messagesEnvoyes,
  }
}
