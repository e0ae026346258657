import { sql } from 'kysely'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import { type Result, refuse } from '../../../platform/refusal.ts'
import { refusals } from '../refusals.ts'
import { acteurDe, advance } from './advance.ts'
import type { Cas } from './instruire.ts'

/** Puts a dossier out of the lists, to be erased two weeks later. Refuses one in instruction, and an empty reason. */
export const cacher = (cas: Cas, motif: string): Promise<Result<{ rang: number }>> =>
  advance(cas.app, cas.tx, cas.collectivite.id, cas.dossier, cas.modele.regime, cas.auteur, {
    nature: 'cacher',
    motif,
    donnees: { activite: cas.dossier.modifie_le.toISOString() },
  })

/** Brings it back. The person is told again, in their time, before it is hidden once more. Refuses what is not hidden. */
export async function restaurer(cas: Cas): Promise<Result<{ rang: number }>> {
  const done = await advance(cas.app, cas.tx, cas.collectivite.id, cas.dossier, cas.modele.regime, cas.auteur, { nature: 'restaurer' })
  if (!done.ok) return done
  await sql`update dossier set prevenu_le = null where collectivite_id = ${cas.collectivite.id} and id = ${cas.dossier.id}`.execute(cas.tx)
  return done
}

/**
 * Suspends the erasure of a dossier (a trial, an inquiry), or lets it go on with an empty reason. Not an event of the dossier: nothing of it
 * changes; the journal says who and when. Refuses to suspend without a reason.
 */
export async function geler(cas: Cas, motif: string | null): Promise<Result<null>> {
  const { app, tx, collectivite, dossier, auteur } = cas
  if (motif !== null && !motif.trim()) return refuse({ ...refusals.motif_absent, field: 'motif' })
  const now = app.clock.now()
  await sql`update dossier set gel_motif = ${motif}, gel_le = ${motif ? now : null}, gel_par = ${motif ? auteur.id : null}
    where collectivite_id = ${collectivite.id} and id = ${dossier.id}`.execute(tx)
  await note(cas, motif ? 'dossier.geler' : 'dossier.degeler', now, { motif })
  return { ok: true, value: null }
}

/** Says that the archives have a dossier: from now on it may be erased here. */
export async function noterRemise(cas: Cas): Promise<Result<null>> {
  const { app, tx, collectivite, dossier, auteur } = cas
  const now = app.clock.now()
  await sql`update dossier set remis_le = ${now}, remis_par = ${auteur.id} where collectivite_id = ${collectivite.id} and id = ${dossier.id}`.execute(
    tx,
  )
  await note(cas, 'dossier.remettre', now, {})
  return { ok: true, value: null }
}

const note = ({ tx, collectivite, dossier, auteur }: Cas, action: string, now: Date, payload: unknown) =>
  record(tx, collectivite.id, now, { acteur: acteurDe(auteur), action, objet: `dossier:${dossier.id}`, empreinte: payloadHash(payload) })
