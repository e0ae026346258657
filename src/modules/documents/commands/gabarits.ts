import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { demarche, type Modele } from '../../demarches/index.ts'
import { type Contenu, estCourrier, estUsage, schemaContenu, type Usage } from '../gabarit.ts'
import { fautesDe } from '../marques.ts'
import { contenuParDefaut } from '../par-defaut.ts'
import { gabarit, version } from '../queries/gabarits.ts'
import { refusals } from '../refusals.ts'
import type { GabaritRow } from '../tables.ts'

/** Which agent writes, for which collectivité. */
export interface Redacteur {
  readonly collectiviteId: string
  readonly agentId: string
}

/**
 * Begins a text from the words that serve today: nothing changes until they are. Gives its id. Refuses a use or a démarche that does not
 * exist, and a text that is already there for both.
 */
export async function creerGabarit(app: App, tx: Tx, par: Redacteur, usage: string, demarcheId: string | null): Promise<Result<string>> {
  if (!estUsage(usage)) return refuse({ ...refusals.usage_inconnu, field: 'usage' })
  const offered = demarcheId === null ? undefined : await demarche(tx, par.collectiviteId, demarcheId)
  if (demarcheId !== null && !offered) return refuse({ ...refusals.demarche_inconnue, field: 'demarche' })
  const id = newId()
  const now = app.clock.now()
  const taken = !estCourrier(usage) && (await enService(tx, par.collectiviteId, usage, demarcheId))
  if (taken) return refuse({ ...refusals.gabarit_existe, field: 'usage' })
  await sql`insert into gabarit (collectivite_id, id, usage, demarche_id, version, cree_le)
    values (${par.collectiviteId}, ${id}, ${usage}, ${demarcheId}, 1, ${now})`.execute(tx)
  await ajouterVersion(app, tx, par, id, 1, contenuParDefaut(usage, offered?.modele ?? null), 'creer')
  return ok(id)
}

// Two agents at once wait for one another here: the second is told in words, where the index alone would be an accident.
async function enService(tx: Tx, collectiviteId: string, usage: Usage, demarcheId: string | null): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`gabarit|${collectiviteId}`}, 0))`.execute(tx)
  const { rows } = await sql`select 1 from gabarit where collectivite_id = ${collectiviteId} and usage = ${usage}
    and coalesce(demarche_id, '') = ${demarcheId ?? ''} and retire_le is null`.execute(tx)
  return rows.length > 0
}

/**
 * Saves a text as its next version. Refuses one that changed since `lue` was read, one that says nothing new, and one whose marks or
 * conditions do not hold: the page shows each place.
 */
export async function enregistrerGabarit(
  app: App,
  tx: Tx,
  par: Redacteur,
  gabaritId: string,
  lue: number,
  contenu: Contenu,
  modele: Modele | null,
): Promise<Result<number>> {
  const row = await gabarit(tx, par.collectiviteId, gabaritId, true)
  if (!row || row.version !== lue) return refuse(refusals.gabarit_perime)
  if (!schemaContenu.safeParse(contenu).success || fautesDe(contenu, row.usage as Usage, modele).length > 0)
    return refuse(refusals.gabarit_incomplet)
  if (payloadHash(schemaContenu.parse(contenu)) === payloadHash(schemaContenu.parse(row.contenu))) return refuse(refusals.gabarit_inchange)
  return ok(await ajouterVersion(app, tx, par, gabaritId, lue + 1, contenu, 'enregistrer'))
}

/** Makes an earlier version the last one again: what came between is kept. Refuses when the text changed since `lue` was read. */
export async function reprendreVersion(
  app: App,
  tx: Tx,
  par: Redacteur,
  gabaritId: string,
  lue: number,
  numero: number,
): Promise<Result<number>> {
  const row = await gabarit(tx, par.collectiviteId, gabaritId, true)
  const earlier = row && (await version(tx, par.collectiviteId, gabaritId, numero))
  if (!row || !earlier || row.version !== lue) return refuse(refusals.gabarit_perime)
  return ok(await ajouterVersion(app, tx, par, gabaritId, lue + 1, earlier.contenu, 'reprendre', numero))
}

/** Puts the original text back in service; `remettre` undoes it. Refuses when another text took the place meanwhile. */
export async function retirerGabarit(
  app: App,
  tx: Tx,
  par: Redacteur,
  row: GabaritRow,
  sens: 'retirer' | 'remettre',
): Promise<Result<void>> {
  const now = app.clock.now()
  if (
    sens === 'remettre' &&
    row.retire_le &&
    !estCourrier(row.usage as Usage) &&
    (await enService(tx, par.collectiviteId, row.usage as Usage, row.demarche_id))
  )
    return refuse(refusals.gabarit_existe)
  await sql`update gabarit set retire_le = ${sens === 'retirer' ? now : null} where collectivite_id = ${par.collectiviteId} and id = ${row.id}`.execute(
    tx,
  )
  await noter(app, tx, par, row.id, sens, { version: row.version })
  return ok(undefined)
}

async function ajouterVersion(
  app: App,
  tx: Tx,
  par: Redacteur,
  gabaritId: string,
  numero: number,
  contenu: Contenu,
  action: string,
  repriseDe: number | null = null,
): Promise<number> {
  const now = app.clock.now()
  await sql`insert into version_gabarit (collectivite_id, gabarit_id, numero, contenu, le, par, reprise_de)
    values (${par.collectiviteId}, ${gabaritId}, ${numero}, ${JSON.stringify(contenu)}, ${now}, ${par.agentId}, ${repriseDe})`.execute(tx)
  await sql`update gabarit set version = ${numero} where collectivite_id = ${par.collectiviteId} and id = ${gabaritId}`.execute(tx)
  await noter(app, tx, par, gabaritId, action, contenu)
  return numero
}

const noter = (app: App, tx: Tx, par: Redacteur, gabaritId: string, action: string, what: unknown): Promise<void> =>
  record(tx, par.collectiviteId, app.clock.now(), {
    acteur: `agent:${par.agentId}`,
    action: `gabarit.${action}`,
    objet: `gabarit:${gabaritId}`,
    empreinte: payloadHash(what),
  })
