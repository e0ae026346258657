import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { Collectivite } from '../../territoire/index.ts'
import { PAR_LA_LOI } from '../commands/advance.ts'
import type { Cas } from '../commands/instruire.ts'
import { casEntier } from '../queries/cas.ts'
import type { Place } from '../queries/conservation.ts'

/** How many dossiers are listed at once. */
export const LOT = 200

/** Reads a list piece by piece and works on each. */
export async function parLots(
  read: (last: Place | undefined) => Promise<Place[]>,
  work: (place: Place) => Promise<unknown>,
): Promise<void> {
  let last: Place | undefined
  for (;;) {
    const places = await read(last)
    for (const place of places) await work(place)
    last = places.at(-1)
    if (places.length < LOT) return
  }
}

/** Works on one dossier, drafts included, in the program's name, held until the end of the transaction. Nothing when it is gone. */
export const enCas = (app: App, collectivite: Collectivite, dossierId: string, work: (cas: Cas) => Promise<void>): Promise<void> =>
  inTenant(app.db, collectivite.id, async tx => {
    const cas = await casEntier(app, tx, collectivite, dossierId, PAR_LA_LOI, true)
    if (cas) await work(cas)
  })
