import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { traitement } from '../../demarches/index.ts'
import { dates } from '../../formulaires/index.ts'
import { collectiviteParId, fuseau } from '../../territoire/index.ts'
import { finDeConservation } from '../conservation.ts'
import { estTermine } from '../dossier.ts'
import { casEntier } from '../queries/cas.ts'
import { conserve } from '../queries/conservation.ts'
import { toutesLesPlaces } from '../queries/personne.ts'
import { compteDe, type PlaceDeDossier } from '../queries/places.ts'
import { PAR_LA_LOI } from './advance.ts'
import { cacher } from './cacher.ts'
import { effacerCompte } from './effacer-compte.ts'
import type { Cas } from './instruire.ts'
import { purger } from './purger.ts'

/** What was done about one dossier, in one sentence. */
export interface SuiteDeLaDemande {
  readonly reference: string
  readonly collectivite: string
  readonly phrase: string
}

/**
 * Answers a request of erasure (RGPD, article 17) for an address: drafts and the account go at once; a request that nobody has taken up is hidden
 * and goes two weeks later; what is examined or decided stays for its time (17.3.b, 17.3.e), and the answer says until when.
 */
export async function effacerPersonne(app: App, courriel: string): Promise<{ dossiers: SuiteDeLaDemande[]; compte: boolean }> {
  const compte = await compteDe(app, courriel)
  const dossiers: SuiteDeLaDemande[] = []
  for (const place of await toutesLesPlaces(app, courriel, compte)) {
    const done = await traiter(app, place)
    if (done) dossiers.push(done)
  }
  return { dossiers, compte: compte !== undefined && (await effacerCompte(app, compte.id, 'systeme')) }
}

async function traiter(app: App, { collectiviteId, dossierId }: PlaceDeDossier): Promise<SuiteDeLaDemande | undefined> {
  const collectivite = await collectiviteParId(app, collectiviteId)
  let remove = async () => {}
  const done = await inTenant(app.db, collectiviteId, async tx => {
    const cas = await casEntier(app, tx, collectivite, dossierId, PAR_LA_LOI, true)
    if (!cas) return undefined
    const say = (phrase: string) => ({ reference: cas.dossier.reference, collectivite: collectivite.nom, phrase })
    const found = (await conserve(tx, collectiviteId, dossierId))!
    if (found.estGele) return say('gardé : son effacement est suspendu par la collectivité')
    if (cas.dossier.etat === 'brouillon') {
      remove = await purger(cas, 'demande')
      return say('brouillon effacé')
    }
    if (cas.dossier.cache_le) return say('déjà retiré, bientôt effacé')
    if (cas.dossier.etat === 'en_construction') return say(await retirer(cas))
    if (!estTermine(cas.dossier.etat)) return say('gardé : la demande est examinée, la collectivité doit y répondre (RGPD, article 17.3.b)')
    const fin = finDeConservation(found, traitement.traitementDe(cas.modele).conservationMois, fuseau(collectivite))
    return say(`gardé${fin ? ` jusqu’au ${dates.longDate(fin)}` : ''} : il prouve la décision (RGPD, articles 17.3.b et 17.3.e)`)
  })
  await remove()
  return done
}

async function retirer(cas: Cas): Promise<string> {
  const done = await cacher(cas, 'Effacement demandé par la personne')
  return done.ok ? 'retiré, effacé dans deux semaines' : `gardé : ${done.refusal.sentence}`
}
