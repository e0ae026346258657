import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { envoyer } from '../../envois/index.ts'
import { dates } from '../../formulaires/index.ts'
import { collectiviteParId, fuseau } from '../../territoire/index.ts'
import { effacerCompte } from '../commands/effacer-compte.ts'
import { COMPTE_ANNEES, PREAVIS_JOURS } from '../conservation.ts'
import { placesDe } from '../queries/places.ts'

const LOT = 500
const DAY_MS = 86_400_000

/**
 * Accounts that nobody opened for two years: the person is told two weeks before, then the account goes. One without any dossier keeps nothing
 * for anybody: it goes without a word. Signing in starts the two years again.
 */
export async function entretenirComptes(app: App): Promise<void> {
  const now = app.clock.now()
  const end = new Date(now)
  end.setUTCFullYear(end.getUTCFullYear() - COMPTE_ANNEES)
  const soon = new Date(end.getTime() + PREAVIS_JOURS * DAY_MS)
  const told = new Date(now.getTime() - PREAVIS_JOURS * DAY_MS)
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await sql<{
      id: string
      courriel: string
      vu_le: Date
      prevenu_le: Date | null
    }>`select id, courriel, vu_le, prevenu_le from usager
      where vu_le < ${soon} and id > ${last} order by id limit ${LOT}`.execute(app.db.kysely)
    for (const { id, courriel, vu_le, prevenu_le } of rows) {
      const isTold = prevenu_le !== null && prevenu_le > vu_le
      const [place] = await placesDe(app, id, 1)
      if (!isTold && place)
        await prevenir(app, { id, courriel, fin: new Date(now.getTime() + PREAVIS_JOURS * DAY_MS), collectiviteId: place.collectiviteId })
      else if (vu_le < end && (!place || prevenu_le! <= told)) await effacerCompte(app, id, 'systeme')
    }
    last = rows.at(-1)?.id ?? last
    if (rows.length < LOT) return
  }
}

async function prevenir(app: App, compte: { id: string; courriel: string; fin: Date; collectiviteId: string }): Promise<void> {
  const collectivite = await collectiviteParId(app, compte.collectiviteId)
  const now = app.clock.now()
  await inTenant(app.db, collectivite.id, async tx => {
    await sql`update usager set prevenu_le = ${now} where id = ${compte.id}`.execute(tx)
    await envoyer(tx, app, {
      collectiviteId: collectivite.id,
      cle: `compte|${compte.id}|${civilDay(now)}`,
      destinataire: compte.courriel,
      sujet: 'Votre accès à « mes dossiers » va être effacé',
      titre: 'Votre accès va être effacé',
      paragraphes: [
        'Vous n’avez pas ouvert « mes dossiers » depuis bientôt deux ans.',
        `Sans visite avant le ${dates.longDate(civilDay(compte.fin, fuseau(collectivite)))}, cet accès sera effacé. Vos dossiers resteront dans les mairies, avec leur référence et leur code.`,
        { lien: { texte: 'Ouvrir mes dossiers', href: `${collectivite.address}/mes-dossiers` } },
      ],
    })
  })
}
