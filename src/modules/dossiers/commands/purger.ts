import { sql } from 'kysely'
import { payloadHash, recordPlaced } from '../../../platform/audit/journal.ts'
import { announce } from '../../../platform/events/events.ts'
import { destroyFile } from '../../../platform/files/index.ts'
import { traitement } from '../../demarches/index.ts'
import { effacerEnvoisDuDossier } from '../../envois/index.ts'
import { fichiersDans } from '../pieces.ts'
import { contenuDuDossier } from '../queries/contenu.ts'
import { evenementsDuDossier } from '../queries/dossier.ts'
import { acteurDe, advance, PAR_LA_LOI } from './advance.ts'
import type { Cas } from './instruire.ts'

export type CauseDEffacement = 'abandon' | 'conservation' | 'demande'

/**
 * Erases a dossier for good, in the caller's transaction: its row and all that hangs from it (events, messages, corrections, documents,
 * opinions, terms), the messages sent about it, and the keys of its files, without which their bytes are noise. What stays is a tombstone:
 * démarche, dates, and an imprint under the installation's secret, by which a copy can be recognised and nothing guessed.
 * Gives what removes the bytes, to be called after the commit.
 */
export async function purger(cas: Cas, cause: CauseDEffacement): Promise<() => Promise<void>> {
  const { app, tx, collectivite, dossier, modele } = cas
  const now = app.clock.now()
  const { sort } = traitement.traitementDe(modele)
  const empreinte = empreinteDe(cas, await contenuDuDossier(cas, 'mairie'))
  const chiffres = cause === 'abandon' || sort === 'anonymiser' ? await chiffresDe(cas) : null
  const files = await fichiersDuDossier(cas)
  await effacerEnvoisDuDossier(tx, collectivite.id, dossier.id)
  await sql`delete from dossier where collectivite_id = ${collectivite.id} and id = ${dossier.id}`.execute(tx)
  const removals: (() => Promise<void>)[] = []
  for (const fichierId of files) removals.push(await destroyFile(app.files, tx, { collectiviteId: collectivite.id, fichierId }))
  const place = await recordPlaced(tx, collectivite.id, now, {
    acteur: acteurDe(cas.auteur),
    action: 'dossier.effacer',
    objet: `dossier:${dossier.id}`,
    empreinte: payloadHash({ cause, empreinte }),
  })
  // Other programs were told of what was filed, never of a draft: what nobody knew is not said to be gone.
  const isKnown = dossier.depose_le !== null && !dossier.essai
  await sql`insert into tombe (collectivite_id, dossier_id, demarche_id, depose_le, decide_le, efface_le, cause, sort, empreinte, chiffres, sequence, service)
    values (${collectivite.id}, ${dossier.id}, ${dossier.demarche_id}, ${dossier.depose_le}, ${dossier.decide_le}, ${now}, ${cause}, ${sort}, ${empreinte},
      ${chiffres === null ? null : JSON.stringify(chiffres)}, ${isKnown ? place : null}, ${dossier.service})`.execute(tx)
  if (isKnown)
    await announce(tx, now, { nature: 'dossier-efface', collectiviteId: collectivite.id, sujetId: dossier.id, rang: dossier.version + 1 })
  return async () => {
    for (const remove of removals) await remove()
  }
}

/** The imprint of what a dossier contains: the same copy gives the same, and nobody without the installation's secret can try contents. */
export const empreinteDe = ({ app, dossier }: Pick<Cas, 'app' | 'dossier'>, contenu: unknown): string =>
  app.secrets.macs('tombe', `${dossier.id}\n${JSON.stringify(contenu)}`)[0]!.toString('hex')

// What counts need, and nothing that says whose it was.
async function chiffresDe({ tx, collectivite, dossier }: Cas): Promise<Record<string, string | number | boolean>> {
  if (dossier.etat === 'brouillon') {
    const { rows } = await sql<{ etape: string | null }>`select etape_atteinte as etape from dossier
      where collectivite_id = ${collectivite.id} and id = ${dossier.id}`.execute(tx)
    return { etape: rows[0]?.etape ?? '' }
  }
  const evenements = await evenementsDuDossier(tx, collectivite.id, dossier.id)
  return {
    canal: dossier.canal,
    issue: dossier.etat,
    silence: evenements.some(({ nature }) => nature === 'accepter_auto' || nature === 'refuser_auto'),
    corrections: evenements.filter(({ nature }) => nature === 'demander_correction').length,
  }
}

/** Every file that belongs to a dossier: in its answers, in what agents noted, in messages, in opinions, and the documents issued. */
async function fichiersDuDossier({ tx, collectivite, dossier }: Cas): Promise<string[]> {
  const { rows } = await sql<{ contenu: unknown }>`
    select jsonb_build_array(reponses, reponses_correction, report, annotations) as contenu from dossier where collectivite_id = ${collectivite.id} and id = ${dossier.id}
    union all select pieces from message where collectivite_id = ${collectivite.id} and dossier_id = ${dossier.id}
    union all select piece from demande_avis where collectivite_id = ${collectivite.id} and dossier_id = ${dossier.id} and piece is not null`.execute(
    tx,
  )
  const issued = await sql<{
    id: string
  }>`select fichier_id as id from document where collectivite_id = ${collectivite.id} and dossier_id = ${dossier.id}`.execute(tx)
  return [...new Set([...rows.flatMap(({ contenu }) => fichiersDans(contenu)), ...issued.rows.map(({ id }) => id)])]
}

/**
 * Clears the documents that prove who somebody is, once the request is decided: keeping them longer serves nothing (RGPD, 5.1.c and e). An
 * event tells when; the answers no longer name them. Without any, only notes that it was looked at. Gives what removes the bytes, after the commit.
 */
export async function effacerIdentite(cas: Cas, champs: readonly string[]): Promise<() => Promise<void>> {
  const { app, tx, collectivite, dossier } = cas
  const { reponses, files } = sansPieces(dossier.reponses, champs)
  const removals: (() => Promise<void>)[] = []
  if (files.length > 0) {
    const done = await advance(app, tx, collectivite.id, dossier, cas.modele.regime, PAR_LA_LOI, {
      nature: 'effacer_identite',
      donnees: { champs: [...champs], nombre: files.length },
      changes: { reponses },
    })
    if (!done.ok) return async () => {}
    for (const fichierId of files) removals.push(await destroyFile(app.files, tx, { collectiviteId: collectivite.id, fichierId }))
  }
  await sql`update dossier set identite_le = ${app.clock.now()} where collectivite_id = ${collectivite.id} and id = ${dossier.id}`.execute(
    tx,
  )
  return async () => {
    for (const remove of removals) await remove()
  }
}

function sansPieces(reponses: Cas['dossier']['reponses'], champs: readonly string[]) {
  const files: string[] = []
  const without = (values: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(values).filter(([champ, value]) => {
        if (!champs.includes(champ)) return true
        files.push(...fichiersDans(value))
        return false
      }),
    )
  return {
    reponses: {
      champs: without(reponses.champs),
      lignes: Object.fromEntries(
        Object.entries(reponses.lignes).map(([etape, rows]) => [etape, rows.map(row => ({ ...row, champs: without(row.champs) }))]),
      ),
    } as Cas['dossier']['reponses'],
    files,
  }
}
