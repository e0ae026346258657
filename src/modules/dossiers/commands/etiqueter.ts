import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import { civilDay } from '../../../platform/clock.ts'
import { isUniqueViolation, type Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs/jobs.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import type { Tone } from '../../../ui/index.ts'
import { dates } from '../../formulaires/index.ts'
import { fuseau } from '../../territoire/index.ts'
import { estOuvrable } from '../horloges/jours-feries.ts'
import { etiquetteDe } from '../queries/etiquettes.ts'
import { refusals } from '../refusals.ts'
import { advance } from './advance.ts'
import type { Cas } from './instruire.ts'

/** A label as it is written: its delay in days, of work or of the calendar, null without one. */
export interface EtiquetteSaisie {
  readonly nom: string
  readonly ton: Tone
  readonly delaiJours: number | null
  readonly enJoursOuvres: boolean
}

/** The day on which a label put today is due (`YYYY-MM-DD`): so many days after, of the calendar or of work in the place. */
export function echeanceDe(today: string, delaiJours: number, enJoursOuvres: boolean, departement: string | null): string {
  if (!enJoursOuvres) return dates.addDays(today, delaiJours) ?? today
  let day = today
  for (let left = delaiJours; left > 0; ) {
    day = dates.addDays(day, 1) ?? day
    if (estOuvrable(day, departement)) left--
  }
  return day
}

/** Puts a label on a dossier, with its due day. Refuses one that is unknown, no longer proposed, or there already. */
export async function etiqueter(cas: Cas, etiquetteId: string): Promise<Result<{ rang: number }>> {
  const { app, tx, collectivite, dossier, modele, auteur } = cas
  const etiquette = await etiquetteDe(tx, collectivite.id, etiquetteId)
  if (!etiquette?.estProposee) return refuse({ ...refusals.etiquette_inconnue, field: 'etiquette' })
  const { delaiJours, enJoursOuvres, nom } = etiquette
  const today = civilDay(app.clock.now(), fuseau(collectivite))
  const echeance = delaiJours === null ? null : echeanceDe(today, delaiJours, enJoursOuvres, collectivite.departement ?? null)
  const donnees = { etiquette: etiquetteId, nom, ...(echeance ? { echeance } : {}) }
  const done = await advance(app, tx, collectivite.id, dossier, modele.regime, auteur, { nature: 'etiqueter', donnees })
  if (!done.ok) return done
  const { rows } = await sql`insert into dossier_etiquette (collectivite_id, dossier_id, etiquette_id, posee_le, posee_par, echeance)
    values (${collectivite.id}, ${dossier.id}, ${etiquetteId}, ${app.clock.now()}, ${auteur.id}, ${echeance}) on conflict do nothing returning 1`.execute(
    tx,
  )
  return rows.length > 0 ? done : refuse({ ...refusals.etiquette_posee, field: 'etiquette' })
}

/** Takes a label off a dossier. Refuses one that is not on it. */
export async function desetiqueter(cas: Cas, etiquetteId: string): Promise<Result<{ rang: number }>> {
  const { app, tx, collectivite, dossier, modele, auteur } = cas
  const { rows } = await sql<{ nom: string }>`delete from dossier_etiquette l using etiquette e where l.collectivite_id = ${collectivite.id}
    and l.dossier_id = ${dossier.id} and l.etiquette_id = ${etiquetteId} and e.collectivite_id = ${collectivite.id} and e.id = l.etiquette_id returning e.nom`.execute(
    tx,
  )
  if (!rows[0]) return refuse({ ...refusals.etiquette_inconnue, field: 'etiquette' })
  const donnees = { etiquette: etiquetteId, nom: rows[0].nom }
  return advance(app, tx, collectivite.id, dossier, modele.regime, auteur, { nature: 'desetiqueter', donnees })
}

/** Where labels are kept, and by whom. */
export interface Lieu {
  readonly collectiviteId: string
  readonly par: string
}

/** Writes a label, a new one without `id`. Refuses no name, a delay that is not 1 to 365 days, and a name that is taken. */
export async function enregistrerEtiquette(
  app: App,
  tx: Tx,
  { collectiviteId, par }: Lieu,
  saisie: EtiquetteSaisie,
  id?: string,
): Promise<Result<{ id: string }>> {
  const { nom, ton, delaiJours, enJoursOuvres } = saisie
  if (!nom) return refuse({ ...refusals.etiquette_nom, field: 'nom' })
  if (delaiJours !== null && !(Number.isInteger(delaiJours) && delaiJours >= 1 && delaiJours <= 365))
    return refuse({ ...refusals.etiquette_delai, field: 'delai' })
  const taken =
    await sql`select 1 from etiquette where collectivite_id = ${collectiviteId} and nom = ${nom} and est_proposee and id is distinct from ${id ?? null}::uuid`.execute(
      tx,
    )
  if (taken.rows.length > 0) return refuse({ ...refusals.etiquette_nom_pris, field: 'nom' })
  const found = id ?? newId()
  try {
    const { rows } = id
      ? await sql`update etiquette set nom = ${nom}, ton = ${ton}, delai_jours = ${delaiJours}, en_jours_ouvres = ${enJoursOuvres}
          where collectivite_id = ${collectiviteId} and id = ${id} returning 1`.execute(tx)
      : await sql`insert into etiquette (collectivite_id, id, nom, ton, delai_jours, en_jours_ouvres)
          values (${collectiviteId}, ${found}, ${nom}, ${ton}, ${delaiJours}, ${enJoursOuvres}) returning 1`.execute(tx)
    if (rows.length === 0) return refuse(refusals.etiquette_inconnue)
  } catch (error) {
    if (isUniqueViolation(error, 'etiquette_nom')) return refuse({ ...refusals.etiquette_nom_pris, field: 'nom' })
    throw error
  }
  // Its words are among those by which its dossiers are found: they are written again by the job of the index.
  if (id) {
    await sql`update dossier set a_indexer = true where collectivite_id = ${collectiviteId}
      and id in (select dossier_id from dossier_etiquette where collectivite_id = ${collectiviteId} and etiquette_id = ${id})`.execute(tx)
    await enqueue(tx, 'indexer-dossiers', { collectiviteId }, { jobKey: `indexer|${collectiviteId}` })
  }
  await noter(app, tx, { collectiviteId, par }, id ? 'etiquette.modifier' : 'etiquette.ajouter', found, saisie)
  return ok({ id: found })
}

/** Proposes a label no more, or again; it stays on the dossiers that have it. */
export async function proposerEtiquette(app: App, tx: Tx, lieu: Lieu, id: string, estProposee: boolean): Promise<Result<null>> {
  const etiquette = await etiquetteDe(tx, lieu.collectiviteId, id)
  if (!etiquette) return refuse(refusals.etiquette_inconnue)
  const twin =
    await sql`select 1 from etiquette where collectivite_id = ${lieu.collectiviteId} and nom = ${etiquette.nom} and est_proposee and id <> ${id}`.execute(
      tx,
    )
  if (estProposee && twin.rows.length > 0) return refuse({ ...refusals.etiquette_nom_pris, field: 'nom' })
  await sql`update etiquette set est_proposee = ${estProposee} where collectivite_id = ${lieu.collectiviteId} and id = ${id}`.execute(tx)
  await noter(app, tx, lieu, estProposee ? 'etiquette.proposer' : 'etiquette.retirer', id, {})
  return ok(null)
}

const noter = (app: App, tx: Tx, { collectiviteId, par }: Lieu, action: string, id: string, contenu: object) =>
  record(tx, collectiviteId, app.clock.now(), { acteur: `agent:${par}`, action, objet: `etiquette:${id}`, empreinte: payloadHash(contenu) })
