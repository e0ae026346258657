import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Portee } from '../../../platform/http/route.ts'
import type { AuteurNature, Canal, Etat, NatureEvenement } from '../dossier.ts'
import { estDansLaPortee, filtreDePortee } from './portee.ts'

/** What another program asks to list. `apres`: the cursor of the last one received. */
export interface FiltreDeListe {
  readonly etats: readonly Etat[]
  readonly demarcheId?: string | undefined
  readonly modifieDepuis?: Date | undefined
  readonly apres?: { readonly le: string; readonly id: string } | undefined
  readonly limite: number
  readonly portee: Portee
}

/** A line of the list; `curseur` is its place, to the microsecond. */
export interface ResumeDeDossier {
  readonly id: string
  readonly reference: string
  readonly demarche: string
  readonly revision: number
  readonly etat: Etat
  readonly version: number
  readonly service: string | null
  readonly demandeur: string | null
  readonly deposeLe: Date | null
  readonly modifieLe: Date
  readonly decideLe: Date | null
  readonly silenceLe: string | null
  readonly curseur: string
}

/** The dossiers filed and not hidden, in the order of their last change, from a cursor: the index dossier_activite gives them so. */
export async function listeDesDossiers(tx: Tx, collectiviteId: string, filtre: FiltreDeListe): Promise<ResumeDeDossier[]> {
  const { etats, demarcheId, modifieDepuis, apres, portee, limite } = filtre
  const { rows } = await sql<ResumeDeDossier>`
    select id, reference, demarche_id as demarche, revision, etat, version, service, demandeur_nom as demandeur, depose_le as "deposeLe",
      modifie_le as "modifieLe", decide_le as "decideLe", silence_le as "silenceLe",
      to_char(modifie_le at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as curseur
    from dossier where collectivite_id = ${collectiviteId} and etat <> 'brouillon' and cache_le is null and not essai and etat = any(${etats}::text[])
      ${demarcheId ? sql`and demarche_id = ${demarcheId}` : sql``} ${modifieDepuis ? sql`and modifie_le >= ${modifieDepuis}` : sql``}
      ${apres ? sql`and (modifie_le, id) > (${apres.le}::timestamptz, ${apres.id}::uuid)` : sql``}${filtreDePortee(portee)}
    order by modifie_le, id limit ${limite}`.execute(tx)
  return rows
}

/** Something that happened to a dossier, without anything personal. */
export interface Changement {
  readonly sequence: number
  /** `effacer`: erased for good, of which nothing else is known any more. */
  readonly nature: NatureEvenement | 'effacer'
  readonly dossier: { readonly id: string; readonly reference: string | null }
  readonly demarche: string
  /** The version of the dossier that it made; null once erased. */
  readonly version: number | null
  readonly auteur: AuteurNature
  readonly canal: Canal
  readonly le: Date
}

interface ChangementRow {
  sequence: number
  nature: Changement['nature']
  id: string
  reference: string | null
  demarche_id: string
  service: string | null
  rang: number | null
  auteur_nature: AuteurNature
  canal: Canal
  le: Date
  visible: boolean
}

/**
 * What happened after a place of the journal, in its order; what the portée or the natures leave out is read and passed, so that a page costs the same
 * whatever is asked. `curseur`: the last place read; `fin`: nothing more was there.
 * No gap: `journaliser` gives places under a lock of the collectivité's row of journal_tete, held until the commit; whoever sees a place sees all before it.
 */
export async function changementsDepuis(
  tx: Tx,
  collectiviteId: string,
  demande: { readonly apres: number; readonly limite: number; readonly portee: Portee; readonly natures?: readonly string[] | null },
): Promise<{ changements: Changement[]; curseur: number; fin: boolean }> {
  const { rows } = await sql<ChangementRow>`
    select e.sequence, e.nature, d.id, d.reference, d.demarche_id, d.service, e.rang, e.auteur_nature, e.canal, e.le, (d.etat <> 'brouillon' and not d.essai) as visible
    from (select * from evenement where collectivite_id = ${collectiviteId} and sequence > ${demande.apres} order by sequence limit ${demande.limite}) e
    join dossier d on d.collectivite_id = ${collectiviteId} and d.id = e.dossier_id
    union all
    select * from (select sequence, 'effacer', dossier_id, null, demarche_id, service, null::int, 'systeme', 'web', efface_le, true from tombe
      where collectivite_id = ${collectiviteId} and sequence > ${demande.apres} order by sequence limit ${demande.limite}) t
    order by sequence limit ${demande.limite}`.execute(tx)
  const kept = rows.filter(
    row => row.visible && estDansLaPortee(demande.portee, row) && (!demande.natures || demande.natures.includes(row.nature)),
  )
  return {
    changements: kept.map(({ sequence, nature, id, reference, demarche_id, rang, auteur_nature, canal, le }) => ({
      ...{ sequence, nature, dossier: { id, reference }, demarche: demarche_id, version: rang, auteur: auteur_nature, canal, le },
    })),
    curseur: rows.at(-1)?.sequence ?? demande.apres,
    fin: rows.length < demande.limite,
  }
}

/** The last place of the collectivité's journal; 0 before anything. */
export async function tetePour(tx: Tx, collectiviteId: string): Promise<number> {
  const { rows } = await sql<{ rang: number }>`select rang from journal_tete where collectivite_id = ${collectiviteId}`.execute(tx)
  return rows[0]?.rang ?? 0
}

/** When the first thing after a place happened, erasures left out; undefined when nothing did. */
export async function instantApres(tx: Tx, collectiviteId: string, sequence: number): Promise<Date | undefined> {
  const { rows } = await sql<{
    le: Date
  }>`select le from evenement where collectivite_id = ${collectiviteId} and sequence > ${sequence} order by sequence limit 1`.execute(tx)
  return rows[0]?.le
}
