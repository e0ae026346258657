import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import type { Modele } from '../demarche.ts'
import { refusals } from '../refusals.ts'
import { ouvrirCopie } from './copie.ts'
import { garderDefinition } from './garder-definition.ts'

const MAXIMUM = 200

/**
 * Begins a démarche of a collectivité's own from a definition (a blank one, a file imported, a copy), not published yet. Gives its id, made of
 * its title and free in this collectivité. Refuses a collectivité that has two hundred already.
 */
export async function creerDemarche(
  app: App,
  tx: Tx,
  place: { readonly collectiviteId: string; readonly agentId: string },
  modele: Modele,
): Promise<Result<{ id: string }>> {
  const { collectiviteId, agentId } = place
  // Two agents may give the same title at the same instant: the second one is numbered.
  await sql`select pg_advisory_xact_lock(7271474, hashtext(${collectiviteId}))`.execute(tx)
  const { rows } = await sql<{ id: string }>`select id from demarche where collectivite_id = ${collectiviteId}`.execute(tx)
  if (rows.length >= MAXIMUM) return refuse(refusals.trop_de_demarches)
  const id = idLibre(modele.titre, new Set(rows.map(row => row.id)))
  const empreinte = await garderDefinition(tx, { ...modele, id })
  const now = app.clock.now()
  await sql`insert into demarche (collectivite_id, id, revision, empreinte, est_ouverte, modifiee_le)
    values (${collectiviteId}, ${id}, 0, ${empreinte}, false, ${now})`.execute(tx)
  await ouvrirCopie(app, tx, { collectiviteId, demarcheId: id })
  await record(tx, collectiviteId, now, {
    acteur: `agent:${agentId}`,
    action: 'demarche.creer',
    objet: `demarche:${id}`,
    empreinte: payloadHash({ empreinte }),
  })
  return ok({ id })
}

/** An address made of a title (« Prêt de matériel » → pret-de-materiel), with a number when it is taken. 50 characters at most. */
export function idLibre(titre: string, taken: ReadonlySet<string>): string {
  const plain = titre
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '')
  const base = plain.length >= 3 ? plain : `demarche-${plain || 'locale'}`
  if (!taken.has(base)) return base
  for (let n = 2; ; n++) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`
}
