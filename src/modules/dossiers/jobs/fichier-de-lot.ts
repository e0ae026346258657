import { sql } from 'kysely'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import { type Entry, isTooManyRows, zip } from '../../../platform/export/index.ts'
import { destroyFile, recordGenerated, type WrittenBytes, writeGenerated } from '../../../platform/files/index.ts'
import { enqueue, type JobHandler } from '../../../platform/jobs/jobs.ts'
import { envoyer } from '../../envois/index.ts'
import { noterLectures } from '../commands/noter-lectures.ts'
import { ecrireExport } from '../exports/ecrire.ts'
import { LIBELLES_DES_FORMATS, LIGNES_AU_PLUS, VALIDITE_HEURES } from '../exports/format.ts'
import { archiveDuDossier } from '../queries/archive.ts'
import { casDuDossier } from '../queries/cas.ts'
import { lectureDExport } from '../queries/export.ts'
import { exportDemande, nomDeFichier } from '../queries/export-demande.ts'
import { dossiersDeLaVue } from '../queries/file-d-instruction.ts'
import { champsDuChoix, filtreDuLecteur } from '../queries/filtre-du-choix.ts'
import { lotParId } from '../queries/lots.ts'
import { estDansLaPortee } from '../queries/portee.ts'
import type { Travail } from './traiter-lot.ts'

class Arrete extends Error {}
class Impossible extends Error {}

const PAS_LE_DROIT = 'Vos rôles ne permettent plus de lire ces dossiers.'

/** Writes the export of a whole list into an encrypted file. Nothing of it is in memory but the ids and a thousand dossiers. */
export const exporterLot = (travail: Travail): Promise<void> =>
  faireFichier(travail, async () => {
    const { app, collectivite, lot, agent } = travail
    if (!agent?.permissions.has('dossiers.lire')) throw new Impossible(PAS_LE_DROIT)
    const { ids, demande } = await inTenant(app.db, collectivite.id, async tx => {
      const asked = await exportDemande(tx, collectivite.id, lot)
      const filtre = await filtreDuLecteur(
        travail as Travail & { agent: typeof agent },
        tx,
        asked.choix,
        await champsDuChoix(tx, collectivite.id, asked.choix),
      )
      const found = await dossiersDeLaVue(tx, collectivite.id, filtre, LIGNES_AU_PLUS + 1)
      await sql`update lot set total = ${found.length} where collectivite_id = ${collectivite.id} and id = ${lot.id}`.execute(tx)
      return { ids: found, demande: asked }
    })
    if (ids.length > LIGNES_AU_PLUS)
      throw new Impossible(
        `La liste a plus de ${LIGNES_AU_PLUS.toLocaleString('fr-FR')} dossiers. Ajoutez un filtre, par exemple une année.`,
      )
    const lecture = lectureDExport(app, collectivite, ids, demande.colonnes, lus => noterAvancement(travail, lus))
    const { suffixe, type } = LIBELLES_DES_FORMATS[demande.format.format]
    return { ids, octets: ecrireExport(lecture, demande.format), nom: nomDeFichier(travail, 'dossiers', suffixe), type }
  })

/** Writes the archive of the dossiers chosen, one folder each. */
export const archiverLot = (travail: Travail): Promise<void> =>
  faireFichier(travail, async () => {
    const { app, collectivite, lot, agent } = travail
    if (!agent?.permissions.has('dossiers.lire')) throw new Impossible(PAS_LE_DROIT)
    const { rows } = await inTenant(app.db, collectivite.id, tx =>
      sql<{
        id: string
      }>`select dossier_id as id from lot_dossier where collectivite_id = ${collectivite.id} and lot_id = ${lot.id} order by rang`.execute(
        tx,
      ),
    )
    const entries: Entry[] = []
    const ids: string[] = []
    for (const { id } of rows) {
      await noterAvancement(travail, ids.length)
      await inTenant(app.db, collectivite.id, async tx => {
        const cas = await casDuDossier(app, tx, collectivite, id, { nature: 'agent', id: agent.id, canal: 'web' })
        const mayRead = cas !== undefined && cas.dossier.cache_le === null && estDansLaPortee(agent.portee, cas.dossier)
        if (mayRead) {
          entries.push(...(await archiveDuDossier(cas, lot.parametres['annotations'] === true, [cas.dossier.reference])))
          ids.push(id)
        }
        await sql`update lot_dossier set etat = ${mayRead ? 'fait' : 'refuse'}, motif = ${mayRead ? null : 'Ce dossier n’est plus là, ou vos droits ont changé.'}
          where collectivite_id = ${collectivite.id} and lot_id = ${lot.id} and dossier_id = ${id}`.execute(tx)
      })
    }
    if (ids.length === 0) throw new Impossible('Aucun de ces dossiers ne peut être lu.')
    return { ids, octets: zip(entries), nom: nomDeFichier(travail, 'archive', 'zip'), type: 'application/zip' }
  })

interface AFaire {
  readonly ids: readonly string[]
  readonly octets: AsyncIterable<Uint8Array>
  readonly nom: string
  readonly type: string
}

/** Makes a file, then in one transaction: its row, who read what, when it will be erased, the message to the agent. Stopped or impossible, it ends without one. */
async function faireFichier(travail: Travail, prepare: () => Promise<AFaire>): Promise<void> {
  const { app, collectivite, lot } = travail
  try {
    const made = await prepare()
    const written = await writeGenerated(app.files, collectivite.id, made.octets)
    await inTenant(app.db, collectivite.id, tx => ranger(travail, tx, made, written))
  } catch (error) {
    if (!(error instanceof Arrete) && !(error instanceof Impossible) && !isTooManyRows(error)) throw error
    const sentence =
      error instanceof Impossible
        ? error.message
        : isTooManyRows(error)
          ? 'Un classeur ne peut pas avoir tant de lignes : choisissez le format CSV.'
          : null
    await inTenant(app.db, collectivite.id, tx =>
      sql`update lot set fini_le = ${app.clock.now()}, erreur = ${sentence} where collectivite_id = ${collectivite.id} and id = ${lot.id}`.execute(
        tx,
      ),
    )
  }
}

async function ranger({ app, collectivite, lot, agent }: Travail, tx: Tx, made: AFaire, written: WrittenBytes): Promise<void> {
  const now = app.clock.now()
  const expire = new Date(now.getTime() + VALIDITE_HEURES * 3_600_000)
  const fichierId = await recordGenerated(app.files, tx, { collectiviteId: collectivite.id, name: made.nom, type: made.type, written })
  await sql`update lot set fichier_id = ${fichierId}, fini_le = ${now}, expire_le = ${expire}, faits = ${made.ids.length}, total = ${made.ids.length}
    where collectivite_id = ${collectivite.id} and id = ${lot.id}`.execute(tx)
  await noterLectures(
    tx,
    collectivite.id,
    now,
    { acteur: `agent:${lot.agent_id}`, action: 'export.lire', objet: `lot:${lot.id}` },
    made.ids,
  )
  await enqueue(
    tx,
    'effacer-fichier-de-lot',
    { collectiviteId: collectivite.id, lotId: lot.id },
    { jobKey: `lot-fichier|${lot.id}`, runAt: expire },
  )
  if (!agent) return
  await envoyer(tx, app, {
    collectiviteId: collectivite.id,
    cle: `lot|${lot.id}`,
    destinataire: agent.courriel,
    sujet: 'Votre fichier est prêt',
    titre: 'Votre fichier est prêt',
    paragraphes: [
      `Le fichier que vous avez demandé est prêt : ${made.ids.length.toLocaleString('fr-FR')} dossier${made.ids.length > 1 ? 's' : ''}.`,
      { lien: { texte: 'Télécharger le fichier', href: `${collectivite.address}/agent/lots/${lot.id}` } },
      `Il est gardé ${VALIDITE_HEURES} heures, puis effacé.`,
    ],
  })
}

/** Says how far it is, and gives up when the agent stopped it; when the program closes, the job will begin again. */
async function noterAvancement({ app, collectivite, lot, stopping }: Travail, faits: number): Promise<void> {
  if (stopping?.aborted) throw new Error('the program is closing: this file will be made again')
  const now = await inTenant(app.db, collectivite.id, async tx => {
    await sql`update lot set faits = ${faits} where collectivite_id = ${collectivite.id} and id = ${lot.id}`.execute(tx)
    return lotParId(tx, collectivite.id, lot.id)
  })
  if (now?.arrete_le) throw new Arrete()
}

/** Erases the file of a batch once its time is over. */
export const effacerFichierDeLot: JobHandler = async (app, payload) => {
  const collectiviteId = String(payload.collectiviteId)
  const remove = await inTenant(app.db, collectiviteId, async tx => {
    const lot = await lotParId(tx, collectiviteId, String(payload.lotId))
    if (!lot?.fichier_id) return undefined
    await sql`update lot set fichier_id = null where collectivite_id = ${collectiviteId} and id = ${lot.id}`.execute(tx)
    return destroyFile(app.files, tx, { collectiviteId, fichierId: lot.fichier_id })
  })
  await remove?.()
}
