import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { envoyer } from '../../envois/index.ts'
import { collectiviteParId } from '../../territoire/index.ts'
import { courrielDeCompte, enMots, INVITATION_HEURES } from '../agent.ts'
import { refusals } from '../refusals.ts'
import { noter } from './journal.ts'
import { type Invitation, type Invite, nouveauLien, preparerInvitation } from './preparer-invitation.ts'

/**
 * Invites a person into the team and writes to them, in the caller's transaction: a link valid for 72 h if their account is to be opened, otherwise
 * the news that they have access. Refuses as preparerInvitation does.
 */
export async function inviterAgent(tx: Tx, app: App, invitation: Omit<Invitation, 'reinitialiser'>): Promise<Result<Invite>> {
  const created = await preparerInvitation(tx, app, invitation)
  if (created.ok)
    await ecrire(tx, app, invitation.collectiviteId, courrielDeCompte(invitation.courriel), enMots(invitation.roles), created.value.lien)
  return created
}

/** Sends a new link to someone of the team whose account is not open; the former link dies. Refuses when there is no such person. */
export async function renvoyerInvitation(
  tx: Tx,
  app: App,
  qui: { agentId: string; collectiviteId: string; par: string },
): Promise<Result<Invite>> {
  const { agentId, collectiviteId, par } = qui
  const { rows } = await sql<{ courriel: string; roles: string[]; isOpen: boolean }>`
    select a.courriel, array_agg(h.role) as roles, a.totp_secret is not null as "isOpen" from habilitation h join agent a on a.id = h.agent_id
    where h.collectivite_id = ${collectiviteId} and h.agent_id = ${agentId} and h.retiree_le is null group by a.id`.execute(tx)
  const agent = rows[0]
  if (!agent) return refuse(refusals.sans_role)
  if (agent.isOpen) return refuse(refusals.compte_ouvert)
  const lien = await nouveauLien(tx, app, collectiviteId, agentId)
  await noter(tx, app, collectiviteId, par, 'agent.inviter', agentId, { roles: agent.roles })
  await ecrire(tx, app, collectiviteId, agent.courriel, enMots(agent.roles), lien)
  return ok({ agentId, lien })
}

async function ecrire(tx: Tx, app: App, collectiviteId: string, destinataire: string, roles: string, lien: string | null): Promise<void> {
  const { nom, address } = await collectiviteParId(app, collectiviteId, tx)
  const acces = `Vous avez maintenant accès aux outils des agents de ${nom}. Votre rôle : ${roles}.`
  await envoyer(tx, app, {
    collectiviteId,
    destinataire,
    sujet: lien ? `${nom} : ouvrez votre compte d’agent` : `${nom} : vous avez accès`,
    titre: lien ? 'Ouvrez votre compte d’agent' : 'Vous avez un nouvel accès',
    paragraphes: lien
      ? [
          acces,
          'Pour ouvrir votre compte, choisissez un mot de passe, puis ajoutez le compte à une application de codes sur votre téléphone. Cela prend cinq minutes.',
          { lien: { texte: 'Ouvrir mon compte', href: lien } },
          `Ce lien sert une fois et pendant ${INVITATION_HEURES} heures. Ne le transmettez à personne. Si vous n’attendiez pas ce message, ne faites rien et prévenez-nous.`,
        ]
      : [
          acces,
          'Votre compte est déjà ouvert : connectez-vous comme d’habitude.',
          { lien: { texte: 'Me connecter', href: `${address}/agent` } },
        ],
  })
}
