import type { App } from '../../../platform/app.ts'
import { collectiviteParId } from '../../territoire/index.ts'
import type { ModeleOffert } from '../queries/catalogue.ts'

/** Who offers each template, by its id; those shipped with Parvis have no line. */
export async function nomsDesOrigines(app: App, modeles: readonly ModeleOffert[]): Promise<ReadonlyMap<string, string>> {
  const noms = new Map<string, string>()
  for (const { id, origineId } of modeles) if (origineId) noms.set(id, (await collectiviteParId(app, origineId)).nom)
  return noms
}
