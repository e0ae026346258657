import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { newSecret } from '../../src/platform/ids.ts'
import type { Atelier } from './clients.ts'
import type { Programme } from './programme.ts'

/** What the clients need: an agent whose session is open, a photograph. */
export async function ouvrirAtelier(programme: Programme, estFini: () => boolean): Promise<Atelier> {
  const [agent] = await programme.admin<{ id: string }>(
    "select h.agent_id as id from habilitation h join collectivite c on c.id = h.collectivite_id where c.chemin = 'vire-normandie' and h.role = 'administrateur'",
  )
  const secret = newSecret()
  await programme.admin(
    "insert into session (empreinte, nature, etape, personne_id, hote, creee_le, vue_le) values ($1, 'agent', 'ouverte', $2, $3, now(), now())",
    [createHash('sha256').update(secret).digest(), agent!.id, new URL(programme.adresse).host],
  )
  const photo = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#456' } })
    .jpeg()
    .toBuffer()
  return { adresse: programme.adresse, commune: '/vire-normandie', agent: `parvis-agent=${secret}`, photo, estFini }
}

/**
 * What is still to be done: events to hand over, jobs. Not a job whose work was given to another of the same key while it ran, which the queue
 * then leaves with its tries spent.
 */
export async function resteAFaire(programme: Programme): Promise<string[]> {
  const rows = await programme.admin<{ quoi: string }>(
    `select 'sortie ' || id as quoi from sortie
     union all select t.identifier || ' ' || attempts || ' ' || coalesce(last_error, '') || coalesce(' locked by ' || locked_by, '')
       from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
       where not (j.attempts = j.max_attempts and j.key is null and j.last_error is null and j.locked_by is null)`,
  )
  return rows.map(({ quoi }) => quoi)
}
