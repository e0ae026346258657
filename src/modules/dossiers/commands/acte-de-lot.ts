import { civilDay } from '../../../platform/clock.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { agentsPossibles, nomsDesAgents } from '../../agents/index.ts'
import { fuseau } from '../../territoire/index.ts'
import type { ActeDeLot, Avant, Parametres } from '../lots/actes.ts'
import { servicesDe } from '../queries/services.ts'
import { refusals } from '../refusals.ts'
import { cacher, restaurer } from './cacher.ts'
import { desetiqueter, etiqueter } from './etiqueter.ts'
import { attribuer, type Cas, changerService, decider, prendreEnInstruction, remettre } from './instruire.ts'

type Fait = Result<{ readonly rang: number; readonly avant?: Avant }>

/** One act of a batch on one dossier, by the very command of its page: documents, messages and refusals are the same. */
export async function faireActe(cas: Cas, acte: Exclude<ActeDeLot, 'archiver'>, parametres: Parametres): Promise<Fait> {
  const { dossier } = cas
  const { motif = '' } = parametres
  if (acte === 'prendre') return prendreEnInstruction(cas)
  if (acte === 'attribuer') return avec(await attribuerA(cas, parametres.agent ?? ''), { agent: await enCharge(cas) })
  if (acte === 'changer_service') return avec(await passerA(cas, parametres.service ?? '', motif), { service: dossier.service })
  if (acte === 'etiqueter') return etiqueter(cas, parametres.etiquette ?? '')
  if (acte === 'desetiqueter') return desetiqueter(cas, parametres.etiquette ?? '')
  if (acte === 'cacher') return cacher(cas, motif)
  return decider(cas, acte, motif)
}

const ANNULATION = 'Annulation d’un travail fait en lot'

/** The reverse of an act. Refuses a decision, which is not undone but reopened. */
export async function defaireActe(cas: Cas, acte: ActeDeLot, parametres: Parametres, avant: Avant): Promise<Fait> {
  if (acte === 'prendre') return remettre(cas, ANNULATION)
  if (acte === 'attribuer') return attribuerA(cas, avant.agent?.id ?? '')
  if (acte === 'changer_service') return passerA(cas, avant.service ?? '', ANNULATION)
  if (acte === 'etiqueter') return desetiqueter(cas, parametres.etiquette ?? '')
  if (acte === 'desetiqueter') return etiqueter(cas, parametres.etiquette ?? '')
  if (acte === 'cacher') return restaurer(cas)
  return refuse(refusals.lot_definitif)
}

const avec = (done: Result<{ rang: number }>, avant: Avant): Fait => (done.ok ? ok({ rang: done.value.rang, avant }) : done)

async function enCharge({ tx, dossier }: Cas): Promise<Avant['agent']> {
  if (!dossier.agent_id) return null
  return { id: dossier.agent_id, nom: (await nomsDesAgents(tx, [dossier.agent_id])).get(dossier.agent_id) ?? '' }
}

async function attribuerA(cas: Cas, agentId: string): Promise<Result<{ rang: number }>> {
  const { app, tx, collectivite, dossier } = cas
  if (agentId === '') return attribuer(cas, null)
  const today = civilDay(app.clock.now(), fuseau(collectivite))
  const possible = await agentsPossibles(tx, collectivite.id, { demarcheId: dossier.demarche_id, service: dossier.service }, today)
  const found = possible.find(({ id }) => id === agentId)
  return found ? attribuer(cas, found) : refuse({ ...refusals.agent_impossible, field: 'agent' })
}

async function passerA(cas: Cas, service: string, motif: string): Promise<Result<{ rang: number }>> {
  const { tx, collectivite, dossier } = cas
  if (service === dossier.service || !(await servicesDe(tx, collectivite.id)).includes(service))
    return refuse({ ...refusals.service_inconnu, field: 'service' })
  return changerService(cas, service, motif)
}
