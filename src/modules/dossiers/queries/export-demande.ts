import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import type { ColonneExport } from '../exports/colonnes.ts'
import { type FormatDExport, schemaFormat } from '../exports/format.ts'
import { type Choix, schemaChoix } from '../recherche/choix.ts'
import type { LotRow } from '../tables.ts'
import { colonnesPossibles } from './export.ts'

/** An export as it was asked for: the list, the format, and its columns in their order; those that the démarche no longer has are left out. */
export async function exportDemande(
  tx: Tx,
  collectiviteId: string,
  lot: Pick<LotRow, 'parametres'>,
): Promise<{ choix: Choix; format: FormatDExport; colonnes: ColonneExport[] }> {
  const choix = schemaChoix.parse(lot.parametres['choix'])
  const format = schemaFormat.parse(lot.parametres['format'])
  const possible = new Map((await colonnesPossibles(tx, collectiviteId, choix.demarche)).map(column => [column.cle, column]))
  return { choix, format, colonnes: format.colonnes.flatMap(cle => possible.get(cle) ?? []) }
}

/** « dossiers-vire-normandie-2026-11-21.csv ». */
export function nomDeFichier(
  { app, collectivite }: { readonly app: App; readonly collectivite: Collectivite },
  quoi: string,
  suffixe: string,
): string {
  return `${quoi}-${collectivite.chemin}-${civilDay(app.clock.now(), fuseau(collectivite))}.${suffixe}`
}
