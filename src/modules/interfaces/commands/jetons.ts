import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { dates } from '../../formulaires/index.ts'
import { sceller } from '../abonnement.ts'
import { type Droit, debutDuJeton, empreinteDuJeton, nouveauJeton, VIE_MAX_JOURS } from '../jeton.ts'
import { refusals } from '../refusals.ts'

/** A token to make. `demarches` null: all of them; `reseaux` null: one of those typed is not a network; `fin` (the last day) null: no such day. */
export interface JetonDemande {
  readonly collectiviteId: string
  readonly nom: string
  readonly droits: readonly Droit[]
  readonly demarches: readonly string[] | null
  readonly voitReserves: boolean
  readonly reseaux: readonly string[] | null
  readonly fin: string | null
  readonly aujourdhui: string
  readonly par: string
}

const JETONS_MAX = 100
export const RESEAUX_MAX = 20

/**
 * Makes a token: stored by its hash, and sealed for ten minutes so that who made it can copy it. Gives its id. Refuses no name, no right, no démarche,
 * a network that is not one, an end past or more than two years away, a hundredth and first token.
 */
export async function creerJeton(tx: Tx, app: App, demande: JetonDemande): Promise<Result<string>> {
  const { collectiviteId, nom, droits, demarches, reseaux, fin, aujourdhui, par } = demande
  const now = app.clock.now()
  if (nom.length < 2) return refuse({ ...refusals.nom_absent, field: 'nom' })
  if (droits.length === 0) return refuse({ ...refusals.droits_absents, field: 'droits' })
  if (demarches?.length === 0) return refuse({ ...refusals.demarches_absentes, field: 'demarches' })
  if (!reseaux || reseaux.length > RESEAUX_MAX) return refuse({ ...refusals.reseaux_invalides, field: 'reseaux' })
  if (!fin || fin <= aujourdhui || fin > (dates.addDays(aujourdhui, VIE_MAX_JOURS) ?? ''))
    return refuse({ ...refusals.fin_invalide, field: 'fin-jour' })
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from jeton_api where collectivite_id = ${collectiviteId} and revoque_le is null and fin >= ${aujourdhui}`.execute(
    tx,
  )
  if (rows[0]!.n >= JETONS_MAX) return refuse(refusals.trop_jetons)
  const id = newId()
  const token = nouveauJeton()
  await sql`insert into jeton_api (collectivite_id, id, nom, debut, empreinte, droits, demarches, voit_reserves, reseaux, fin, cree_le, cree_par, a_montrer)
    values (${collectiviteId}, ${id}, ${nom}, ${debutDuJeton(token)}, ${empreinteDuJeton(token)}, ${[...droits]}, ${demarches && [...demarches]},
      ${demande.voitReserves}, ${[...reseaux]}, ${fin}, ${now}, ${par}, ${sceller(app.secrets, collectiviteId, token)})`.execute(tx)
  await record(tx, collectiviteId, now, {
    acteur: `agent:${par}`,
    action: 'jeton.creer',
    objet: `jeton:${id}`,
    empreinte: payloadHash({ nom, droits, demarches, reseaux, fin }),
  })
  return ok(id)
}

/** Revokes a token: its next call is refused. Twice is once. False when there is none of that id. */
export async function revoquerJeton(tx: Tx, app: App, jeton: { collectiviteId: string; id: string; par: string }): Promise<boolean> {
  const { collectiviteId, id, par } = jeton
  const now = app.clock.now()
  const { rows } = await sql<{ deja: boolean }>`
    update jeton_api j set revoque_le = coalesce(j.revoque_le, ${now}), revoque_par = coalesce(j.revoque_par, ${par}), a_montrer = null
      from (select id, revoque_le is not null as deja from jeton_api where collectivite_id = ${collectiviteId} and id = ${id} for update) avant
      where j.collectivite_id = ${collectiviteId} and j.id = avant.id returning avant.deja`.execute(tx)
  if (!rows[0]) return false
  if (!rows[0].deja)
    await record(tx, collectiviteId, now, {
      acteur: `agent:${par}`,
      action: 'jeton.revoquer',
      objet: `jeton:${id}`,
      empreinte: payloadHash({}),
    })
  return true
}

/** Forgets what was kept for the person who made a token to copy it. */
export async function oublierJeton(tx: Tx, collectiviteId: string, id: string): Promise<void> {
  await sql`update jeton_api set a_montrer = null where collectivite_id = ${collectiviteId} and id = ${id}`.execute(tx)
}
