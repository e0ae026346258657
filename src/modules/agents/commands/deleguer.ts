import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { inScope, type Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { envoyer } from '../../envois/index.ts'
import { collectiviteParId, fuseau } from '../../territoire/index.ts'
import { courrielDeCompte, enMots, type Role, rolesLus } from '../agent.ts'
import { refusals } from '../refusals.ts'
import { noter } from './journal.ts'

/** What can be entrusted to somebody from elsewhere: never managing accounts and settings. */
export const ROLES_DELEGABLES: readonly Role[] = ['instructeur', 'decideur', 'lecteur']

/** A year, the last day included. */
const DUREE_JOURS = 366

/** What is entrusted, to whom, and why. `null`: any démarche, any service. Days are civil days of the collectivité, both included. */
export interface DelegationDemandee {
  readonly collectiviteId: string
  readonly courriel: string
  readonly roles: readonly string[]
  readonly demarcheId: string | null
  readonly service: string | null
  readonly du: string | null
  readonly au: string | null
  readonly motif: string
  readonly par: string
  /** « du 3 au 14 août 2026 », for the message. */
  readonly periode: string
}

/** The account that a delegation is for: who it is, and whether they work for another collectivité now. Reads the person's own rows. */
export async function delegataire(app: App, courriel: string): Promise<{ id: string; travailleDans: readonly string[] } | undefined> {
  const { rows } = await sql<{
    id: string
  }>`select id from agent where courriel = ${courrielDeCompte(courriel)} and totp_secret is not null`.execute(app.db.kysely)
  const id = rows[0]?.id
  if (!id) return undefined
  const places = await inScope(app.db, { personneId: id }, tx =>
    sql<{ c: string }>`select distinct collectivite_id as c from habilitation where agent_id = ${id} and retiree_le is null`.execute(tx),
  )
  return { id, travailleDans: places.rows.map(({ c }) => c) }
}

/**
 * Entrusts dossiers to an agent of elsewhere between two days, and writes to them. Refuses an unknown account or one that works nowhere else,
 * someone who has a role here, no role, no reason, a period that is past, backwards or longer than a year, and days already given with other roles.
 * `agent` is what `delegataire` gave, before the transaction.
 */
export async function deleguer(
  tx: Tx,
  app: App,
  demande: DelegationDemandee,
  agent: Awaited<ReturnType<typeof delegataire>>,
): Promise<Result<{ id: string }>> {
  const { collectiviteId, demarcheId, service, par, motif } = demande
  const roles = rolesLus(demande.roles).filter(role => ROLES_DELEGABLES.includes(role))
  if (!agent || agent.travailleDans.every(place => place === collectiviteId))
    return refuse({ ...(agent?.travailleDans.length ? refusals.delegation_ici : refusals.delegation_inconnu), field: 'courriel' })
  if (agent.travailleDans.includes(collectiviteId)) return refuse({ ...refusals.delegation_ici, field: 'courriel' })
  if (roles.length === 0) return refuse({ ...refusals.delegation_sans_role, field: 'roles' })
  const collectivite = await collectiviteParId(app, collectiviteId, tx)
  const wrong = periodeRefusee(demande, civilDay(app.clock.now(), fuseau(collectivite)))
  if (wrong) return refuse({ ...refusals[wrong], field: 'au' })
  if (!motif.trim()) return refuse({ ...refusals.delegation_motif, field: 'motif' })
  // Two delegations to the same person granted at the same instant take turns.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`delegation|${collectiviteId}|${agent.id}`}, 0))`.execute(tx)
  const { rows } =
    await sql`select 1 from delegation where collectivite_id = ${collectiviteId} and agent_id = ${agent.id} and retiree_le is null
    and du <= ${demande.au} and au >= ${demande.du} and not (roles @> ${roles}::text[] and roles <@ ${roles}::text[]) limit 1`.execute(tx)
  if (rows.length > 0) return refuse({ ...refusals.delegation_chevauche, field: 'roles' })
  const id = newId()
  await sql`insert into delegation (collectivite_id, id, agent_id, roles, demarche_id, service, du, au, motif, accordee_le, accordee_par)
    values (${collectiviteId}, ${id}, ${agent.id}, ${roles}, ${demarcheId}, ${service}, ${demande.du}, ${demande.au}, ${motif}, ${app.clock.now()}, ${par})`.execute(
    tx,
  )
  await noter(tx, app, collectiviteId, par, 'delegation.accorder', agent.id, {
    id,
    roles,
    demarcheId,
    service,
    du: demande.du,
    au: demande.au,
    motif,
  })
  await envoyer(tx, app, {
    collectiviteId,
    cle: `delegation|${id}`,
    destinataire: courrielDeCompte(demande.courriel),
    sujet: `${collectivite.nom} vous confie des dossiers`,
    titre: `Vous aidez ${collectivite.nom}`,
    paragraphes: [
      `${collectivite.nom} vous confie des dossiers, ${demande.periode}. Votre rôle : ${enMots(roles)}.`,
      `Pourquoi : ${motif}`,
      'Connectez-vous avec votre compte habituel.',
      { lien: { texte: 'Ouvrir les dossiers', href: `${collectivite.address}/agent` } },
    ],
  })
  return ok({ id })
}

function periodeRefusee({ du, au }: DelegationDemandee, today: string) {
  if (!du || !au) return 'delegation_jours' as const
  if (au < du || au < today) return 'delegation_passee' as const
  return Date.parse(au) - Date.parse(du) > DUREE_JOURS * 86_400_000 ? ('delegation_longue' as const) : undefined
}

/** Ends a delegation now: it opens nothing from the person's next request on. Refuses one that is unknown or already withdrawn. */
export async function retirerDelegation(tx: Tx, app: App, qui: { collectiviteId: string; id: string; par: string }): Promise<Result<null>> {
  const { collectiviteId, id, par } = qui
  const { rows } = await sql<{ agent_id: string }>`update delegation set retiree_le = ${app.clock.now()}, retiree_par = ${par}
    where collectivite_id = ${collectiviteId} and id = ${id} and retiree_le is null returning agent_id`.execute(tx)
  if (!rows[0]) return refuse(refusals.delegation_finie)
  await noter(tx, app, collectiviteId, par, 'delegation.retirer', rows[0].agent_id, { id })
  return ok(null)
}
