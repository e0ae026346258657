import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { signataire, signataires } from '../queries/signataires.ts'
import { refusals } from '../refusals.ts'
import type { Redacteur } from './gabarits.ts'

/** Who signs, as it was typed. `image`: PNG; undefined leaves the one there is, null takes it away. */
export interface SaisieDeSignataire {
  readonly nom: string
  readonly qualite: string
  readonly image: Buffer | null | undefined
}

const AU_PLUS = 30

/** Adds someone who signs. Refuses an empty name or quality, and more than thirty. */
export async function ajouterSignataire(app: App, tx: Tx, par: Redacteur, saisie: SaisieDeSignataire): Promise<Result<string>> {
  if (!saisie.nom || !saisie.qualite) return refuse({ ...refusals.signataire_incomplet, field: saisie.nom ? 'qualite' : 'nom' })
  const known = await signataires(tx, par.collectiviteId)
  if (known.filter(({ retire_le }) => retire_le === null).length >= AU_PLUS) return refuse(refusals.trop_de_signataires)
  const id = newId()
  await sql`insert into signataire (collectivite_id, id, nom, qualite, image, modifie_le)
    values (${par.collectiviteId}, ${id}, ${saisie.nom}, ${saisie.qualite}, ${saisie.image ?? null}, ${app.clock.now()})`.execute(tx)
  await noter(app, tx, par, id, 'ajouter', saisie)
  return ok(id)
}

/** Changes who signs; documents already issued stay as they are. Refuses an empty name or quality, and a row that changed since `lue`. */
export async function modifierSignataire(
  app: App,
  tx: Tx,
  par: Redacteur,
  id: string,
  lue: number,
  saisie: SaisieDeSignataire,
): Promise<Result<void>> {
  if (!saisie.nom || !saisie.qualite) return refuse({ ...refusals.signataire_incomplet, field: saisie.nom ? 'qualite' : 'nom' })
  const row = await signataire(tx, par.collectiviteId, id, true)
  if (!row || row.version !== lue) return refuse(refusals.signataire_perime)
  const image = saisie.image === undefined ? row.image : saisie.image
  await sql`update signataire set nom = ${saisie.nom}, qualite = ${saisie.qualite}, image = ${image}, version = version + 1, modifie_le = ${app.clock.now()}
    where collectivite_id = ${par.collectiviteId} and id = ${id}`.execute(tx)
  await noter(app, tx, par, id, 'modifier', saisie)
  return ok(undefined)
}

/** Nobody signs with it any more: the agent who decides does, until it is put back. */
export async function retirerSignataire(app: App, tx: Tx, par: Redacteur, id: string, sens: 'retirer' | 'remettre'): Promise<Result<void>> {
  await sql`update signataire set retire_le = ${sens === 'retirer' ? app.clock.now() : null}, version = version + 1
    where collectivite_id = ${par.collectiviteId} and id = ${id}`.execute(tx)
  await noter(app, tx, par, id, sens, {})
  return ok(undefined)
}

const noter = (app: App, tx: Tx, par: Redacteur, id: string, action: string, what: object): Promise<void> =>
  record(tx, par.collectiviteId, app.clock.now(), {
    acteur: `agent:${par.agentId}`,
    action: `signataire.${action}`,
    objet: `signataire:${id}`,
    empreinte: payloadHash(what),
  })
