import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { equipe } from '../../agents/index.ts'
import { traitement } from '../../demarches/index.ts'
import { envoyer } from '../../envois/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import { type CauseDEffacement, purger } from '../commands/purger.ts'
import { CORBEILLE_JOURS, estTrop, suiteDe } from '../conservation.ts'
import { caches, conserve, nombreDeDossiers, type Place, retenueConfirmee, retenueOuverte } from '../queries/conservation.ts'
import { enCas, LOT, parLots } from './un-par-un.ts'

const DAY_MS = 86_400_000
/** A person's word on a large erasure holds for that long. */
const CONFIRMATION_JOURS = 7

/**
 * Erases what has been hidden long enough, each dossier computed again at that moment. More than a tenth of the dossiers of the collectivité,
 * and at least twenty, is not ordinary: nothing is erased, and its administrators are asked. Their word covers what they were asked about.
 */
export async function purgerLesCaches(app: App, collectivite: Collectivite, avant: Date): Promise<unknown[]> {
  const { id } = collectivite
  const now = app.clock.now()
  const due: Place[] = []
  await parLots(
    last => inTenant(app.db, id, tx => caches(tx, id, avant, LOT, last)),
    async place => {
      if ((await causeDe(app, collectivite, place.id)) !== undefined) due.push(place)
    },
  )
  const confirmee = await inTenant(app.db, id, tx => retenueConfirmee(tx, id, new Date(now.getTime() - CONFIRMATION_JOURS * DAY_MS)))
  const covers = (place: Place) =>
    confirmee !== undefined && place.le.getTime() <= confirmee.constateeLe.getTime() - (CORBEILLE_JOURS - 1) * DAY_MS
  const rest = due.filter(place => !covers(place))
  const isHeld = rest.length > 0 && (await retenir(app, collectivite, rest.length))
  const failures: unknown[] = []
  for (const place of isHeld ? due.filter(covers) : due) await effacer(app, collectivite, place.id).catch(error => failures.push(error))
  return failures
}

/** Why a dossier may be erased now; undefined when it may not. */
async function causeDe(app: App, collectivite: Collectivite, dossierId: string): Promise<CauseDEffacement | undefined> {
  let cause: CauseDEffacement | undefined
  await enCas(app, collectivite, dossierId, async cas => {
    cause = await causeDuCas(cas)
  })
  return cause
}

async function causeDuCas({ app, tx, collectivite, dossier, modele }: Parameters<typeof purger>[0]): Promise<CauseDEffacement | undefined> {
  const found = await conserve(tx, collectivite.id, dossier.id)
  if (!found?.cacheLe) return undefined
  if (suiteDe(found, traitement.traitementDe(modele), app.clock.now(), fuseau(collectivite)) !== 'effacer') return undefined
  if (found.cachePar === 'personne') return 'demande'
  return dossier.etat === 'brouillon' ? 'abandon' : 'conservation'
}

async function effacer(app: App, collectivite: Collectivite, dossierId: string): Promise<void> {
  let remove = async () => {}
  await enCas(app, collectivite, dossierId, async cas => {
    const cause = await causeDuCas(cas)
    if (cause) remove = await purger(cas, cause)
  })
  await remove()
}

/** Whether so many erasures must wait; the first time, writes it down and tells the administrators. */
async function retenir(app: App, collectivite: Collectivite, nombre: number): Promise<boolean> {
  const { id } = collectivite
  const now = app.clock.now()
  return inTenant(app.db, id, async tx => {
    const total = await nombreDeDossiers(tx, id)
    if (!estTrop(nombre, total)) return false
    const known = await retenueOuverte(tx, id)
    if (known) {
      await sql`update retenue set nombre = ${nombre}, total = ${total}, constatee_le = ${now} where collectivite_id = ${id} and id = ${known.id}`.execute(
        tx,
      )
      return true
    }
    const retenueId = newId()
    await sql`insert into retenue (collectivite_id, id, constatee_le, nombre, total) values (${id}, ${retenueId}, ${now}, ${nombre}, ${total})
      on conflict do nothing`.execute(tx)
    for (const membre of await equipe(tx, id, now)) {
      if (!membre.roles.includes('administrateur')) continue
      await envoyer(tx, app, {
        collectiviteId: id,
        cle: `retenue|${retenueId}|${membre.id}`,
        destinataire: membre.courriel,
        sujet: 'Un effacement de dossiers attend votre accord',
        titre: 'Un effacement attend votre accord',
        paragraphes: [
          `${nombre} dossiers sur ${total} sont arrivés à la fin de leur durée. C’est beaucoup d’un coup\u00a0: rien n’est effacé avant votre accord.`,
          { lien: { texte: 'Voir et décider', href: `${collectivite.address}/agent/effacements` } },
        ],
      })
    }
    return true
  })
}
