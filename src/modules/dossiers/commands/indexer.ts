import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { beforeCommit, inTenant, type Tx } from '../../../platform/db/open.ts'
import type { JobHandler } from '../../../platform/jobs/jobs.ts'
import { formulaireDesAgents, modelePublie } from '../../demarches/index.ts'
import { type Reponses, reserve } from '../../formulaires/index.ts'
import { collectiviteParId, fuseau } from '../../territoire/index.ts'
import { aSaLigne, termesDe } from '../recherche/termes.ts'
import { cleDeNom } from '../recherche/valeurs.ts'
import type { DossierRow } from '../tables.ts'
import { envDuDossier } from './env.ts'

/** What a dossier says of itself, as its row has it. */
type Fiche = Pick<
  DossierRow,
  | 'reference'
  | 'etat'
  | 'demarche_id'
  | 'definition'
  | 'service'
  | 'agent_id'
  | 'canal'
  | 'demandeur_nom'
  | 'demandeur_courriel'
  | 'reponses'
  | 'annotations'
> & { readonly depose_le: Date | null }

/**
 * Has the terms of a dossier written again at the end of the transaction: its row, its messages, its labels and its opinions are then all there.
 * Once a transaction, whatever happened to it. For what changes beside `advance`, which calls it itself.
 */
export const indexerALaFin = (app: App, tx: Tx, collectiviteId: string, dossierId: string): void =>
  beforeCommit(tx, `indexer|${dossierId}`, () => indexer(app, tx, collectiviteId, dossierId))

type Lu = Fiche & { readonly textes: string[]; readonly etiquettes: { id: string; nom: string }[]; readonly connus: string | null }

async function indexer(app: App, tx: Tx, collectiviteId: string, id: string): Promise<void> {
  const of = sql`collectivite_id = ${collectiviteId} and dossier_id = ${id}`
  const { rows } = await sql<Lu>`
    select reference, etat, demarche_id, definition, service, agent_id, canal, demandeur_nom, demandeur_courriel, reponses, annotations, depose_le,
      (select termes from indexation where ${of}) as connus,
      array(select texte from message where ${of} union all select p ->> 'nom' from message, jsonb_array_elements(pieces) p where ${of}
        union all select concat_ws(' ', expert_nom, question, texte, piece ->> 'nom') from demande_avis where ${of}) as textes,
      coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'nom', e.nom)) from dossier_etiquette l
        join etiquette e on e.collectivite_id = ${collectiviteId} and e.id = l.etiquette_id where l.collectivite_id = ${collectiviteId} and l.dossier_id = ${id}), '[]') as etiquettes
    from dossier where collectivite_id = ${collectiviteId} and id = ${id}`.execute(tx)
  if (rows[0]) await ranger(app, tx, collectiviteId, id, rows[0])
}

// A draft is still the person's own: it is in no index.
async function ranger(app: App, tx: Tx, collectiviteId: string, id: string, dossier: Lu): Promise<void> {
  const { depose_le, definition } = dossier
  if (dossier.etat === 'brouillon' || !depose_le) return
  const modele = await modelePublie(tx, definition)
  const collectivite = await collectiviteParId(app, collectiviteId, tx)
  const termes = termesDe({
    ...dossier,
    titre: modele.titre,
    formulaire: (await formulaireDesAgents(tx, definition)) ?? modele.formulaire,
    reponses: ensemble(dossier),
    // As the answers were given: read later, the same questions show.
    env: () => ({ ...envDuDossier(app, collectivite, modele), aujourdhui: civilDay(depose_le, fuseau(collectivite)) }),
  })
  await ecrire(tx, collectiviteId, id, depose_le, enLignes(termes), dossier.connus)
}

// Empty annotations are `{}` in their row.
function ensemble(dossier: Pick<Fiche, 'reponses' | 'annotations'>): Reponses {
  const { champs = {}, lignes = {} } = dossier.annotations
  return Object.keys(champs).length === 0 ? dossier.reponses : reserve.avecAnnotations(dossier.reponses, { champs, lignes })
}

const enLignes = (termes: readonly string[]): string => `\n${termes.map(terme => terme.replaceAll('\n', ' ')).join('\n')}\n`
const enListe = (lignes: string): string[] => lignes.split('\n').filter(Boolean)

// The difference, in one statement: a message adds its words, a decision changes five terms. The dossier's own row is locked by what changed it:
// no term comes twice, and `on conflict` would cost half as much again.
async function ecrire(tx: Tx, collectiviteId: string, id: string, deposeLe: Date, termes: string, connus: string | null): Promise<void> {
  if (termes === connus) return
  const before = new Set(connus === null ? [] : enListe(connus))
  const after = enListe(termes)
  const kept = new Set(after)
  const added = after.filter(terme => aSaLigne(terme) && !before.has(terme))
  const removed = [...before].filter(terme => aSaLigne(terme) && !kept.has(terme))
  const remove = sql`, retires as (delete from terme where collectivite_id = ${collectiviteId} and depose_le = ${deposeLe} and dossier_id = ${id}
    and terme = any(${removed}::text[]))`
  await sql`with garde as (
      insert into indexation (collectivite_id, dossier_id, depose_le, termes) values (${collectiviteId}, ${id}, ${deposeLe}, ${termes})
      on conflict (collectivite_id, dossier_id) do update set termes = excluded.termes
    )${removed.length > 0 ? remove : sql``}
    insert into terme (collectivite_id, terme, depose_le, dossier_id)
    select ${collectiviteId}::uuid, t, ${deposeLe}::timestamptz, ${id}::uuid from unnest(${added}::text[]) t`.execute(tx)
}

const PAR_LOT = 200

/**
 * Writes the terms of the dossiers that have none (just filed, or of an earlier version) or whose words changed elsewhere (the name of a label), of one
 * collectivité when the job names it. Two hundred a transaction: stopped at any moment, it goes on where it was.
 */
export const indexerLesDossiers: JobHandler = async (app, { collectiviteId }) => {
  if (collectiviteId !== undefined) return indexerLaCollectivite(app, String(collectiviteId))
  const { rows } = await sql<{ id: string }>`select id from collectivite`.execute(app.db.kysely)
  for (const { id } of rows) await indexerLaCollectivite(app, id)
}

/** The same for one collectivité, until none waits. */
export async function indexerLaCollectivite(app: App, collectiviteId: string): Promise<void> {
  while ((await inTenant(app.db, collectiviteId, tx => indexerCeQuiAttend(app, tx, collectiviteId))).ecrits === PAR_LOT);
}

/**
 * Writes the terms of two hundred waiting dossiers at most, in the caller's transaction. What somebody else holds is left to them. Gives how many were
 * written, and how many more wait (two hundred at most).
 */
export async function indexerCeQuiAttend(app: App, tx: Tx, collectiviteId: string): Promise<{ ecrits: number; restent: number }> {
  const enAttente = sql`from dossier where collectivite_id = ${collectiviteId} and a_indexer and etat <> 'brouillon'`
  const { rows: found } = await sql<{ prises: { id: string; nom: string | null }[]; attendent: number }>`
    with prises as (select id, demandeur_nom as nom ${enAttente} order by id limit ${PAR_LOT} for update skip locked)
    select coalesce(json_agg(prises), '[]') as prises, (select count(*)::int from (select ${enAttente} limit ${2 * PAR_LOT}) a) as attendent
    from prises`.execute(tx)
  const { prises, attendent } = found[0]!
  for (const { id } of prises) await indexer(app, tx, collectiviteId, id)
  if (prises.length > 0)
    await sql`update dossier set a_indexer = false, cle_nom = n.cle from unnest(${prises.map(({ id }) => id)}::uuid[], ${prises.map(({ nom }) => cleDeNom(nom ?? ''))}::text[]) n (id, cle)
      where collectivite_id = ${collectiviteId} and dossier.id = n.id`.execute(tx)
  return { ecrits: prises.length, restent: attendent - prises.length }
}

const REGARDS = 10
const ENTRE_DEUX_MS = 30

/**
 * What lists dossiers begins with it, so that one filed a moment ago is there: writing its terms while the person files would cost them half as much
 * again. When somebody else (the job, another list) is writing some, they are given a moment to finish, without waiting for their locks: the
 * caller may hold one that they want.
 */
export async function indexerAvantDeLister(app: App, tx: Tx, collectiviteId: string): Promise<void> {
  for (let regard = 0; regard < REGARDS; regard++) {
    const { ecrits, restent } = await indexerCeQuiAttend(app, tx, collectiviteId)
    // More than a list can write by itself: an import, which the job goes through.
    if (restent === 0 || ecrits === PAR_LOT) return
    await sleep(ENTRE_DEUX_MS)
  }
}
