import type { Tx } from '../../../platform/db/open.ts'
import { equipesDe } from '../../agents/index.ts'
import { demarchesOuvertes } from '../../demarches/index.ts'

/** The services that may be in charge of a dossier: those that the démarches name, and those that have a team. By name. */
export async function servicesDe(tx: Tx, collectiviteId: string): Promise<string[]> {
  const ouvertes = await demarchesOuvertes(tx, collectiviteId)
  const named = ouvertes.flatMap(({ modele }) => [modele.service, ...(modele.aiguillage ?? []).map(rule => rule.service)])
  const teams = await equipesDe(tx, collectiviteId)
  return [...new Set([...named, ...teams.map(({ service }) => service)])].sort((a, b) => a.localeCompare(b, 'fr'))
}
