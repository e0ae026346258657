import { civilDay } from '../../../platform/clock.ts'
import type { Courrier } from '../../../platform/pdf/courrier.ts'
import { dates } from '../../formulaires/index.ts'
import { fuseau } from '../../territoire/index.ts'
import type { Cas } from '../commands/instruire.ts'
import { reponseDuDemandeur } from '../queries/cas.ts'

/** What every letter about a dossier has around its words; `le` is the instant that dates it. */
export function lettre(cas: Cas, le: Date): Omit<Courrier, 'titre' | 'blocs'> {
  const { app, collectivite, dossier } = cas
  const { nom, reglage } = collectivite
  const lieu = [reglage.codePostal, reglage.ville].filter(Boolean).join(' ')
  return {
    emetteur: {
      nom,
      lignes: reglage.adresse ? [...reglage.adresse.split('\n'), ...(lieu ? [lieu] : [])] : [],
      telephone: reglage.telephone ?? undefined,
      courriel: reglage.courriel ?? undefined,
      couleur: reglage.couleur ?? undefined,
    },
    destinataire: { nom: dossier.demandeur_nom || 'Demandeur', lignes: reponseDuDemandeur(cas, 'adresse')?.split('\n') ?? [] },
    lieuEtDate: `${reglage.ville ?? nom}, le ${dates.longDate(civilDay(le, fuseau(collectivite)))}`,
    reference: dossier.reference,
    piedDePage: `${nom} – dossier ${dossier.reference}`,
    demonstration: app.config.demonstration,
  }
}
