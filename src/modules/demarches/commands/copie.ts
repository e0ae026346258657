import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { ecrireDefinition } from '../definition.ts'
import type { Modele } from '../demarche.ts'
import { type Conflit, fusionner, resoudre } from '../edition/index.ts'
import { type Copie, copieDe, type Edition, editionsDe, etatAuRang } from '../queries/copie.ts'
import { demarche } from '../queries/demarches.ts'
import { refusals } from '../refusals.ts'

/** The démarche being changed, and who changes it. */
export interface Atelier {
  readonly collectiviteId: string
  readonly demarcheId: string
  readonly agentId: string
}

/** A change to make: what it makes of a definition, and the sentence that tells it; or why it cannot be made. */
export type Change = (
  modele: Modele,
) =>
  | { readonly ok: true; readonly modele: Modele; readonly phrase: string }
  | { readonly ok: false; readonly message: string; readonly champ?: string | undefined }

/** What became of a change. `autres`: what others did since the page was read. */
export type Suite =
  | { readonly etat: 'fait'; readonly rang: number; readonly phrase: string; readonly autres: readonly Edition[] }
  | { readonly etat: 'impossible'; readonly message: string; readonly champ?: string | undefined }
  | { readonly etat: 'conflit'; readonly conflits: readonly Conflit[]; readonly autres: readonly Edition[]; readonly rang: number }

/** How a conflict was settled, by its key. */
export type Choix = Readonly<Record<string, 'leurs' | 'miennes'>>

// Older states are forgotten: who left a page open through two hundred changes starts again from the present one.
const KEPT = 200

/** The working copy of a démarche, opened from what is published if nobody is changing it. Undefined when the démarche is unknown. */
export async function ouvrirCopie(app: App, tx: Tx, lieu: Omit<Atelier, 'agentId'>): Promise<Copie | undefined> {
  const { collectiviteId, demarcheId } = lieu
  const open = await copieDe(tx, collectiviteId, demarcheId, true)
  if (open) return open
  const published = await demarche(tx, collectiviteId, demarcheId)
  if (!published) return undefined
  const now = app.clock.now()
  const { texte } = ecrireDefinition(published.modele)
  const { rows } =
    await sql`insert into brouillon_demarche (collectivite_id, demarche_id, definition, rang, modele_id, modele_version, ouvert_le, modifie_le)
    values (${collectiviteId}, ${demarcheId}, ${texte}::jsonb, 0, ${published.origine?.id ?? null}, ${published.origine?.version ?? null}, ${now}, ${now})
    on conflict do nothing returning 1`.execute(tx)
  if (rows.length > 0)
    await sql`insert into edition_demarche (collectivite_id, demarche_id, rang, definition, phrase, le)
      values (${collectiviteId}, ${demarcheId}, 0, ${texte}::jsonb, 'Ouverture', ${now})`.execute(tx)
  return copieDe(tx, collectiviteId, demarcheId, true)
}

/**
 * Makes a change on the working copy as the agent read it (`rangLu`). What others changed meanwhile is kept: their changes and this one
 * are merged, and where both touch the same thing nothing is written until `choix` says, for each conflict, whose is kept.
 */
export async function changer(
  app: App,
  tx: Tx,
  atelier: Atelier,
  rangLu: number,
  change: Change,
  choix: Choix = {},
): Promise<Result<Suite>> {
  const copie = await ouvrirCopie(app, tx, atelier)
  if (!copie) return refuse(refusals.copie_absente)
  const lu = rangLu === copie.rang ? copie.modele : await etatAuRang(tx, atelier.collectiviteId, atelier.demarcheId, rangLu)
  if (!lu || rangLu > copie.rang) return refuse(refusals.copie_absente)
  const fait = change(lu)
  if (!fait.ok) return ok({ etat: 'impossible', message: fait.message, champ: fait.champ })
  const autres = (await editionsDe(tx, atelier.collectiviteId, atelier.demarcheId, rangLu)).filter(
    ({ auteurId }) => auteurId !== atelier.agentId,
  )
  const fusion = fusionner(lu, copie.modele, fait.modele)
  const open = fusion.conflits.filter(({ cle }) => !Object.hasOwn(choix, cle))
  if (open.length > 0) return ok({ etat: 'conflit', conflits: fusion.conflits, autres, rang: copie.rang })
  const resultat = fusion.conflits.length > 0 ? resoudre(fusion, choix) : fusion.resultat
  const rang = await ecrire(app, tx, atelier, copie.rang, resultat, fait.phrase)
  return ok({ etat: 'fait', rang, phrase: fait.phrase, autres })
}

/** Undoes a change of the history (the last one when none is named), keeping those made after it. */
export async function annuler(app: App, tx: Tx, atelier: Atelier, rangVise?: number, choix: Choix = {}): Promise<Result<Suite>> {
  const copie = await copieDe(tx, atelier.collectiviteId, atelier.demarcheId, true)
  if (!copie) return refuse(refusals.copie_absente)
  const editions = await editionsDe(tx, atelier.collectiviteId, atelier.demarcheId)
  const undone = new Set(editions.flatMap(({ annule }) => annule ?? []))
  // Undoing an undoing does the change again.
  const target = editions.find(({ rang, annule }) => (rangVise === undefined ? annule === null : rang === rangVise) && !undone.has(rang))
  const apres = target && (await etatAuRang(tx, atelier.collectiviteId, atelier.demarcheId, target.rang))
  const avant = target && (await etatAuRang(tx, atelier.collectiviteId, atelier.demarcheId, target.rang - 1))
  if (!target || !apres || !avant) return refuse(refusals.rien_a_annuler)
  const fusion = fusionner(apres, copie.modele, avant)
  const open = fusion.conflits.filter(({ cle }) => !Object.hasOwn(choix, cle))
  if (open.length > 0) return ok({ etat: 'conflit', conflits: fusion.conflits, autres: [], rang: copie.rang })
  const resultat = fusion.conflits.length > 0 ? resoudre(fusion, choix) : fusion.resultat
  const phrase = target.annule === null ? `Annulé : ${target.phrase}` : `Rétabli : ${target.phrase.replace(/^Annulé : /, '')}`
  const rang = await ecrire(app, tx, atelier, copie.rang, resultat, phrase.slice(0, 500), target.rang)
  return ok({ etat: 'fait', rang, phrase, autres: [] })
}

/** Gives up every change not published. A démarche never published goes with them. */
export async function abandonner(tx: Tx, lieu: Omit<Atelier, 'agentId'>): Promise<void> {
  await sql`delete from brouillon_demarche where collectivite_id = ${lieu.collectiviteId} and demarche_id = ${lieu.demarcheId}`.execute(tx)
}

/** Replaces the whole working copy (a template's new version accepted, a file imported). */
export async function remplacerCopie(
  app: App,
  tx: Tx,
  atelier: Atelier,
  modele: Modele,
  phrase: string,
  origine?: { readonly id: string; readonly version: number },
): Promise<Result<Suite>> {
  const copie = await ouvrirCopie(app, tx, atelier)
  if (!copie) return refuse(refusals.copie_absente)
  const rang = await ecrire(app, tx, atelier, copie.rang, modele, phrase)
  if (origine)
    await sql`update brouillon_demarche set modele_id = ${origine.id}, modele_version = ${origine.version}
      where collectivite_id = ${atelier.collectiviteId} and demarche_id = ${atelier.demarcheId}`.execute(tx)
  return ok({ etat: 'fait', rang, phrase, autres: [] })
}

async function ecrire(
  app: App,
  tx: Tx,
  atelier: Atelier,
  before: number,
  modele: Modele,
  phrase: string,
  annule?: number,
): Promise<number> {
  const { collectiviteId, demarcheId, agentId } = atelier
  const { texte } = ecrireDefinition(modele)
  const now = app.clock.now()
  const rang = before + 1
  await sql`update brouillon_demarche set definition = ${texte}::jsonb, rang = ${rang}, modifie_le = ${now}
    where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId}`.execute(tx)
  await sql`insert into edition_demarche (collectivite_id, demarche_id, rang, definition, phrase, annule, auteur_id, le)
    values (${collectiviteId}, ${demarcheId}, ${rang}, ${texte}::jsonb, ${phrase.slice(0, 500)}, ${annule ?? null}, ${agentId}, ${now})`.execute(
    tx,
  )
  await sql`delete from edition_demarche where collectivite_id = ${collectiviteId} and demarche_id = ${demarcheId} and rang < ${rang - KEPT}`.execute(
    tx,
  )
  return rang
}
