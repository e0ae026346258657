import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { newId, newSpokenCode } from '../../../platform/ids.ts'
import type { Demarche } from '../../demarches/index.ts'
import type { Reponses } from '../../formulaires/index.ts'
import { type Provenances, provenancesRestantes } from '../provenances.ts'
import type { DossierRow, Report } from '../tables.ts'
import { type Auteur, acteurDe } from './advance.ts'

/** Opens a draft with the first answers; `essai`: for an agent trying their form, without a trace in the journal. Its reference is unique in the collectivité (36 bits, drawn again if taken). */
export async function ouvrirBrouillon(
  app: App,
  tx: Tx,
  collectiviteId: string,
  demarche: Demarche,
  reponses: Reponses,
  auteur: Auteur,
  options: { usagerId?: string | null; estExemple?: boolean; essai?: boolean; provenances?: Provenances; report?: Report | null } = {},
): Promise<{ id: string; reference: string }> {
  const id = newId()
  const now = app.clock.now()
  for (;;) {
    const reference = newSpokenCode(8)
    const { rows } = await sql<{ id: string }>`
      insert into dossier (collectivite_id, id, reference, demarche_id, revision, definition, etat, canal, usager_id, reponses, cree_le, modifie_le, est_exemple, essai, provenances, report)
      values (${collectiviteId}, ${id}, ${reference}, ${demarche.id}, ${demarche.revision}, ${demarche.definition}, 'brouillon',
        ${auteur.canal}, ${options.usagerId ?? null}, ${JSON.stringify(reponses)}, ${now}, ${now}, ${options.estExemple ?? false}, ${options.essai ?? false},
        ${JSON.stringify(options.provenances ?? {})}, ${options.report ? JSON.stringify(options.report) : null})
      on conflict (collectivite_id, reference) do nothing returning id`.execute(tx)
    if (rows.length === 0) continue
    if (options.essai) return { id, reference }
    await sql`insert into evenement (collectivite_id, dossier_id, rang, nature, auteur_nature, auteur_id, canal, le)
      values (${collectiviteId}, ${id}, 1, 'ouvrir', ${auteur.nature}, ${auteur.id}, ${auteur.canal}, ${now})`.execute(tx)
    await record(tx, collectiviteId, now, {
      acteur: acteurDe(auteur),
      action: 'dossier.ouvrir',
      objet: `dossier:${id}`,
      empreinte: payloadHash({ demarche: demarche.id }),
    })
    return { id, reference }
  }
}

/** Saves the answers of a draft, given on an étape, and forgets where those that changed came from; false when it is no longer one. */
export async function enregistrerReponses(
  app: App,
  tx: Tx,
  collectiviteId: string,
  dossier: DossierRow,
  reponses: Reponses,
  etape?: string,
): Promise<boolean> {
  const provenances = provenancesRestantes(dossier.provenances, dossier.reponses, reponses)
  const { numAffectedRows } =
    await sql`update dossier set reponses = ${JSON.stringify(reponses)}, provenances = ${JSON.stringify(provenances)}, modifie_le = ${app.clock.now()}, etape_atteinte = coalesce(${etape ?? null}::text, etape_atteinte)
    where collectivite_id = ${collectiviteId} and id = ${dossier.id} and etat = 'brouillon' and version = ${dossier.version}`.execute(tx)
  return Number(numAffectedRows ?? 0) > 0
}
