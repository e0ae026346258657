import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'

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
 * Who read a dossier, the latest first: the journal's own entries about it, and those that read many at once (`lecture`). By the index
 * `journal_lecture`. Two of the same kind within the same minute by the same author are one: a page and its reload.
 */
export async function lecturesDuDossier(tx: Tx, collectiviteId: string, dossierId: string, limite = LECTURES_AU_PLUS): Promise<Lecture[]> {
  const { rows } = await sql<{ le: Date; acteur: string; action: string }>`
    select le, acteur, action from (
      (select rang, le, acteur, action from journal
        where collectivite_id = ${collectiviteId} and objet = ${`dossier:${dossierId}`} and action like '%.lire' order by rang desc limit ${limite * 3})
      union all
      (select j.rang, j.le, j.acteur, j.action from lecture l join journal j on j.collectivite_id = ${collectiviteId} and j.rang = l.rang
        where l.collectivite_id = ${collectiviteId} and l.dossier_id = ${dossierId} order by l.rang desc limit ${limite})
    ) lues order by rang desc`.execute(tx)
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
