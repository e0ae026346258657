import { payloadHash, record } from '../../../../platform/audit/journal.ts'
import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import { zip } from '../../../../platform/export/index.ts'
import { openFile } from '../../../../platform/files/index.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { noterLectures } from '../../commands/noter-lectures.ts'
import { ecrireExport } from '../../exports/ecrire.ts'
import { LIBELLES_DES_FORMATS, LIGNES_AU_PLUS } from '../../exports/format.ts'
import { archiveDuDossier } from '../../queries/archive.ts'
import { lectureDExport } from '../../queries/export.ts'
import { exportDemande, nomDeFichier } from '../../queries/export-demande.ts'
import { dossiersDeLaVue } from '../../queries/file-d-instruction.ts'
import { lotParId } from '../../queries/lots.ts'
import { refusals } from '../../refusals.ts'
import type { LotRow } from '../../tables.ts'
import { lire } from './acces.ts'
import { champsDuChoix, filtreDuChoix } from './choix.ts'

/** GET /agent/lots/:id/fichier: the file that a job made, or a short export read as it is sent. Each download is in the journal. */
export async function servirFichier(ctx: Context): Promise<Answer> {
  const found = await inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const lot = await lotParId(tx, ctx.tenant.id, ctx.params.id ?? '')
    if (lot?.agent_id !== ctx.agent.id || !lot.fini_le) return refused(notFound)
    if (!lot.expire_le || lot.expire_le <= ctx.app.clock.now()) return refused(lot.expire_le ? refusals.export_perime : notFound)
    if (lot.fichier_id) return servirGarde(ctx, tx, lot, lot.fichier_id)
    return lot.acte === 'exporter' ? preparerCourt(ctx, tx, lot) : refused(notFound)
  })
  return 'ids' in found ? servirCourt(ctx, found) : found
}

async function servirGarde(ctx: Context, tx: Tx, lot: LotRow, fichierId: string): Promise<Answer> {
  const acteur = `agent:${ctx.agent.id}`
  await record(tx, ctx.tenant.id, ctx.app.clock.now(), {
    acteur,
    action: 'export.telecharger',
    objet: `lot:${lot.id}`,
    empreinte: payloadHash({}),
  })
  const opened = await openFile(ctx.app.files, tx, { collectiviteId: ctx.tenant.id, fichierId })
  return opened.ok ? { file: opened.value } : refused(opened.refusal)
}

type Court = Awaited<ReturnType<typeof exportDemande>> & { readonly ids: readonly string[] }

// Who reads what is written before the first byte leaves: the ids are those that will be read.
async function preparerCourt(ctx: Context, tx: Tx, lot: LotRow): Promise<Court> {
  const asked = await exportDemande(tx, ctx.tenant.id, lot)
  const filtre = await filtreDuChoix(ctx, tx, asked.choix, await champsDuChoix(tx, ctx.tenant.id, asked.choix))
  const ids = await dossiersDeLaVue(tx, ctx.tenant.id, filtre, LIGNES_AU_PLUS)
  const lecture = { acteur: `agent:${ctx.agent.id}`, action: 'export.lire', objet: `lot:${lot.id}` } as const
  await noterLectures(tx, ctx.tenant.id, ctx.app.clock.now(), lecture, ids)
  return { ...asked, ids }
}

async function servirCourt(ctx: Context, { ids, format, colonnes }: Court): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  const lecture = lectureDExport(ctx.app, collectivite, ids, colonnes)
  const { suffixe, type } = LIBELLES_DES_FORMATS[format.format]
  return { file: { stream: ecrireExport(lecture, format), name: nomDeFichier({ app: ctx.app, collectivite }, 'dossiers', suffixe), type } }
}

/** GET /agent/dossiers/:id/archive: the dossier and its files in a ZIP, read as it is sent; agents' annotations only with `annotations=oui`. */
export const servirArchive = (ctx: Context): Promise<Answer> =>
  lire(ctx, async cas => {
    const entries = await archiveDuDossier(cas, ctx.query.line('annotations', 3) === 'oui')
    const lecture = {
      acteur: `agent:${ctx.agent.id}`,
      action: 'export.lire',
      objet: `dossier:${cas.dossier.id}`,
      empreinte: payloadHash(entries.map(({ path }) => path)),
    }
    await record(cas.tx, ctx.tenant.id, ctx.app.clock.now(), lecture)
    return { file: { stream: zip(entries), name: `${cas.dossier.reference}.zip`, type: 'application/zip' } }
  })
