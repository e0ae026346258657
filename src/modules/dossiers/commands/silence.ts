import { civilDay } from '../../../platform/clock.ts'
import { type Result, refuse } from '../../../platform/refusal.ts'
import { dates } from '../../formulaires/index.ts'
import { appellation } from '../../territoire/index.ts'
import type { NatureEvenement } from '../dossier.ts'
import { lieuDuDossier } from '../horloges/distance.ts'
import { finDuRecoursDuSilence, lieuDesDelais, silenceLe } from '../horloges/horloges.ts'
import { evenementsDuDossier } from '../queries/dossier.ts'
import { refusals } from '../refusals.ts'
import { advance } from './advance.ts'
import type { Cas } from './instruire.ts'

/** The day on which silence will decide once this happens now: computed from the whole history, of which `dossier.silence_le` is the cache. */
export async function silenceApres(cas: Omit<Cas, 'auteur'>, nature: NatureEvenement): Promise<string | null> {
  const evenements = await evenementsDuDossier(cas.tx, cas.collectivite.id, cas.dossier.id)
  return silenceLe(cas.modele, [...evenements, { nature, le: cas.app.clock.now(), donnees: {} }], lieuDesDelais(cas.collectivite))
}

/**
 * Records the decision that silence took, under a regime in which it does so by itself. The event says the day on which the law
 * decided (`jour`); its own date is that of the record, later when the machine was off. Refuses when the day, computed again from the
 * history, has not come where the collectivité is, and what the rules refuse.
 */
export async function deciderParSilence(cas: Cas): Promise<Result<{ rang: number }>> {
  const { app, tx, collectivite, dossier, modele, auteur } = cas
  const lieu = lieuDuDossier(cas)
  const now = app.clock.now()
  const today = civilDay(now, lieu.fuseau)
  const jour = silenceLe(modele, await evenementsDuDossier(tx, collectivite.id, dossier.id), lieu)
  if (!jour || jour > today) return refuse(refusals.hors_regime)
  const accepte = modele.silence.effet === 'acceptation'
  return advance(app, tx, collectivite.id, dossier, modele.regime, auteur, {
    nature: accepte ? 'accepter_auto' : 'refuser_auto',
    motif: [
      `Sans réponse de ${appellation(collectivite)} dans le délai, la loi ${accepte ? 'accepte' : 'refuse'} la demande le ${dates.longDate(jour)}.`,
      ...(accepte
        ? []
        : [`Le tribunal administratif peut être saisi jusqu’au ${dates.longDate(finDuRecoursDuSilence(jour, lieu))} inclus.`]),
      ...(today > jour ? [`Cette décision est enregistrée le ${dates.longDate(today)}.`] : []),
    ].join(' '),
    donnees: { jour },
    changes: { decide_le: now, silence_le: null },
  })
}
