import { type Entete, enTete } from '../../documents/index.ts'
import type { Cas } from '../commands/instruire.ts'
import { reponseDuDemandeur } from '../queries/cas.ts'

/** What every letter about a dossier has around its words; `le` is the instant that dates it. */
export const lettre = (cas: Cas, le: Date): Entete =>
  enTete(cas.collectivite, le, {
    destinataire: { nom: cas.dossier.demandeur_nom || 'Demandeur', lignes: reponseDuDemandeur(cas, 'adresse')?.split('\n') ?? [] },
    reference: cas.dossier.reference,
    demonstration: cas.app.config.demonstration,
  })
