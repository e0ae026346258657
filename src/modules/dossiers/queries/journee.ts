import type { Tx } from '../../../platform/db/open.ts'
import type { AFaire } from '../recherche/choix.ts'
import type { Filtre } from '../recherche/filtre.ts'
import { fileDInstruction, type LigneDeFile } from './file-d-instruction.ts'

/** One reason to act: how many dossiers have it (PLAFOND + 1 meaning « more »), and the first of them. */
export interface Groupe {
  readonly nature: AFaire
  readonly total: number
  readonly lignes: readonly LigneDeFile[]
}

/** A dossier to treat, and every reason why, the most urgent first. */
export interface ATraiter {
  readonly ligne: LigneDeFile
  readonly raisons: readonly AFaire[]
}

/** What is read of each group: enough for the page, whatever overlaps. */
const PREMIERS = 8

/** The day of an agent: for each filter (each has its reason to act), how many dossiers and the first ones. A count is that of the list that it leads to. */
export async function journee(tx: Tx, collectiviteId: string, filtres: readonly Filtre[]): Promise<Groupe[]> {
  // Asked all together: their statements travel side by side, and the server reads them in order.
  return Promise.all(
    filtres.map(async filtre => {
      const { lignes, total } = await fileDInstruction(tx, collectiviteId, filtre, 1, { parPage: PREMIERS })
      return { nature: filtre.faire!.nature, total, lignes }
    }),
  )
}

/** The dossiers to begin with, each once, in the order of the groups: what is late, what silence decides soon, who answered, who wrote, what is new. Pure. */
export function parOuCommencer(groups: readonly Groupe[], nombre: number): ATraiter[] {
  const found = new Map<string, { ligne: LigneDeFile; raisons: AFaire[] }>()
  for (const { nature, lignes } of groups) {
    for (const ligne of lignes) {
      const known = found.get(ligne.id)
      if (known) known.raisons.push(nature)
      else found.set(ligne.id, { ligne, raisons: [nature] })
    }
  }
  return [...found.values()].slice(0, nombre)
}
