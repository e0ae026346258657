import type { EventListener } from '../../../platform/events/events.ts'
import { indexDossierWhenItIsFiled } from './index-dossier-when-it-is-filed.ts'
import { sendAccuseWhenDossierIsFiled } from './send-accuse-when-dossier-is-filed.ts'
import { sendCourrierWhenAgentWritesOne } from './send-courrier-when-agent-writes-one.ts'
import { sendDecisionWhenDossierIsDecided } from './send-decision-when-dossier-is-decided.ts'
import { writeToAgentWhenOpinionIsGiven } from './write-to-agent-when-opinion-is-given.ts'
import { writeToDemandeurWhenAgentWrites } from './write-to-demandeur-when-agent-writes.ts'
import { writeToDemandeurWhenCorrectionIsAsked } from './write-to-demandeur-when-correction-is-asked.ts'
import { writeToDemandeurWhenDossierIsReopened } from './write-to-demandeur-when-dossier-is-reopened.ts'

/** What happens by itself after something happened to a dossier. */
export const listeners: readonly EventListener[] = [
  sendAccuseWhenDossierIsFiled,
  indexDossierWhenItIsFiled,
  sendDecisionWhenDossierIsDecided,
  sendCourrierWhenAgentWritesOne,
  writeToDemandeurWhenCorrectionIsAsked,
  writeToDemandeurWhenDossierIsReopened,
  writeToDemandeurWhenAgentWrites,
  writeToAgentWhenOpinionIsGiven,
]
