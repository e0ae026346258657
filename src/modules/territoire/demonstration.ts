import { sql } from 'kysely'
import type { App } from '../../platform/app.ts'
import { announceChange } from '../../platform/db/notices.ts'
import { inTenant } from '../../platform/db/open.ts'

const COULEURS = ['1f5c57', '7a2e3b', '2f4b8f', '8a5a14', '4d6b1f', '5b3a75']

/**
 * Fills how to reach each mairie of a demonstration, once: numbers that ARCEP reserves for fiction (02 61 91 xx xx), addresses that say that
 * they are fictional, e-mail under `.example`. The smallest commune is left without, to show what a commune that gave nothing looks like.
 */
export async function remplirContacts(app: App): Promise<void> {
  const { rows } = await sql<{ id: string; nom: string; chemin: string; codePostal: string | null }>`
    select id, nom, chemin, codes_postaux[1] as "codePostal" from collectivite where fermee_le is null
    order by nature = 'epci' desc, population desc nulls last limit 60`.execute(app.db.kysely)
  const shown = rows.length > 2 ? rows.slice(0, -1) : rows
  for (const [index, { id, nom, chemin, codePostal }] of shown.entries()) {
    const telephone = `02 61 91 ${String(Math.floor(index / 100)).padStart(2, '0')} ${String(index % 100).padStart(2, '0')}`
    await inTenant(app.db, id, async tx => {
      const written =
        await sql`insert into reglage (collectivite_id, adresse, code_postal, ville, telephone, courriel, horaires, couleur, source, modifie_le)
        values (${id}, 'Place de l’Exemple (adresse fictive)', ${codePostal}, ${codePostal ? nom : null}, ${telephone}, ${`mairie@${chemin}.example`},
          ${'Lundi au jeudi : 9 h – 12 h, 14 h – 17 h\nVendredi : 9 h – 12 h'}, ${COULEURS[index % COULEURS.length]}, 'demonstration', ${app.clock.now()})
        on conflict (collectivite_id) do nothing`.execute(tx)
      if (Number(written.numAffectedRows ?? 0) > 0) await announceChange(tx, id)
    })
  }
}
