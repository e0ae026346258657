import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { envDe, type Modele } from '../../demarches/index.ts'
import type { Env } from '../../formulaires/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'

/** The facts in which a dossier's form is read today, in the time zone of its collectivité. */
export function envDuDossier(app: App, collectivite: Collectivite, modele: Modele): Env {
  const { nom, code, epciCode, departement, region, population } = collectivite
  const aujourdhui = civilDay(app.clock.now(), fuseau(collectivite))
  const commune = {
    nom,
    insee: code,
    epci: epciCode ?? '',
    departement: departement ?? '',
    region: region ?? '',
    population: population ?? 0,
  }
  return envDe(modele, aujourdhui, commune)
}
