import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import { type ParDossier, parDossier } from './dossier.ts'

/** A reading of a dossier: when, by what kind of author, of what. */
export interface Lecture {
  readonly le: Date
  /** « dossier », « piece », « document », « export », « api » … : what comes before « .lire » in the journal. */
  readonly nature: string
  readonly par: 'agent' | 'api' | 'expert'
}

/** What is shown of the readings of a dossier: the last ones. */
export const LECTURES_AU_PLUS = 50

/**
 * Who read each of some dossiers, the latest first: the journal's own entries about it, and those that read many at once (`lecture`). By the index
 * `journal_lecture`. Two of the same kind within the same minute by the same author are one: a page and its reload.
 */
export async function lecturesDesDossiers(
  tx: Tx,
  collectiviteId: string,
  ids: readonly string[],
  limite = LECTURES_AU_PLUS,
): Promise<ParDossier<Lecture>> {
  const lues = await parDossier(
    tx,
    sql<Lue>`select d.id as dossier_id, lues.le, lues.acteur, lues.action from unnest(${ids}::uuid[]) d (id), lateral (
      (select rang, le, acteur, action from journal
        where collectivite_id = ${collectiviteId} and objet = 'dossier:' || d.id and action like '%.lire' order by rang desc limit ${limite * 3})
      union all
      (select j.rang, j.le, j.acteur, j.action from lecture l join journal j on j.collectivite_id = ${collectiviteId} and j.rang = l.rang
        where l.collectivite_id = ${collectiviteId} and l.dossier_id = d.id order by l.rang desc limit ${limite})
    ) lues order by lues.rang desc`,
  )
  return new Map([...lues].map(([id, rows]) => [id, sansRedites(rows, limite)]))
}

/** Who read a dossier, the latest first. */
export async function lecturesDuDossier(tx: Tx, collectiviteId: string, dossierId: string, limite?: number): Promise<readonly Lecture[]> {
  return (await lecturesDesDossiers(tx, collectiviteId, [dossierId], limite)).get(dossierId) ?? []
}

interface Lue {
  readonly dossier_id: string
  readonly le: Date
  readonly acteur: string
  readonly action: string
}

function sansRedites(rows: readonly Lue[], limite: number): Lecture[] {
  const seen = new Set<string>()
  const found: Lecture[] = []
  for (const { le, acteur, action } of rows) {
    // The person's own readings are not told to them.
    const [par] = acteur.split(':')
    if (par !== 'agent' && par !== 'api' && par !== 'expert') continue
    const key = `${acteur}|${action}|${le.toISOString().slice(0, 16)}`
    if (seen.has(key)) continue
    seen.add(key)
    found.push({ le, nature: action.replace(/\.lire$/, ''), par })
    if (found.length === limite) break
  }
  return found
}
