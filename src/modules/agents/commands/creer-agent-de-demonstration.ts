import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { hashPassword } from '../../../platform/auth/password.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { courrielDeCompte, type Role } from '../agent.ts'
import { accorder } from './preparer-invitation.ts'
import { SCEAU_TOTP } from './verifier-code.ts'

/**
 * Makes a fictional agent whose account is open, with a password and a secret (20 bytes) that everybody may read. Again with the same address: the same agent.
 * Gives their id. Throws outside demonstration mode.
 */
export async function creerAgentDeDemonstration(
  tx: Tx,
  app: App,
  agent: { courriel: string; nom: string; roles: readonly Role[]; collectiviteId: string; motDePasse: string; totpSecret: Buffer },
): Promise<string> {
  if (!app.config.demonstration) throw new Error('agents de démonstration hors démonstration')
  const hash = await hashPassword(agent.motDePasse)
  const { rows } = await sql<{ id: string }>`
    insert into agent (id, courriel, nom, mot_de_passe, totp_secret, cree_le)
    values (${newId()}, ${courrielDeCompte(agent.courriel)}, ${agent.nom}, ${hash}, ${app.secrets.seal(SCEAU_TOTP, agent.totpSecret)}, ${app.clock.now()})
    on conflict (courriel) do update set nom = excluded.nom, mot_de_passe = excluded.mot_de_passe, totp_secret = excluded.totp_secret
    returning id`.execute(tx)
  const { id } = rows[0]!
  await accorder(tx, app, agent.collectiviteId, id, agent.roles, null)
  return id
}
