import type { Readable } from 'node:stream'
import type { App } from '../../../platform/app.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { Portee } from '../../../platform/http/route.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import type { Collectivite } from '../../territoire/index.ts'
import { noterLectures } from '../commands/noter-lectures.ts'
import { ecrireExport } from '../exports/ecrire.ts'
import { LIBELLES_DES_FORMATS, LIGNES_AU_PLUS } from '../exports/format.ts'
import { refusals } from '../refusals.ts'
import { colonnesPossibles, lectureDExport } from './export.ts'
import { nomDeFichier } from './export-demande.ts'
import { dossiersDeLaVue } from './file-d-instruction.ts'
import { champsDuChoix, filtreDuLecteur } from './filtre-du-choix.ts'
import { modelesPartages } from './modeles-export.ts'

/** A program that asks for an export: its name in the journal, what it sees, whether it reads annotations. */
export interface ProgrammeLecteur {
  readonly acteur: string
  readonly portee: Portee
  readonly voitAnnotations: boolean
}

/**
 * The export that a shared model makes, for another program: written as it is sent, of the dossiers that it sees, without the annotations that it may not
 * read. « Mine » in its list is of the agent who made the model. Each dossier finds this reading again. Gives undefined when no shared model has this id;
 * refuses a list that is too long, and an export of which nothing may be read.
 */
export async function exportPourProgramme(
  app: App,
  collectivite: Collectivite,
  modeleId: string,
  { acteur, portee, voitAnnotations }: ProgrammeLecteur,
): Promise<Result<{ readonly stream: Readable; readonly name: string; readonly type: string }> | undefined> {
  const asked = await inTenant(app.db, collectivite.id, async tx => {
    const modele = (await modelesPartages(tx, collectivite.id)).find(({ id }) => id === modeleId)
    if (!modele) return undefined
    const { choix, format } = modele
    const possible = new Map((await colonnesPossibles(tx, collectivite.id, choix.demarche)).map(column => [column.cle, column]))
    const colonnes = format.colonnes
      .flatMap(cle => possible.get(cle) ?? [])
      .filter(({ groupe }) => voitAnnotations || groupe !== 'annotations')
    if (colonnes.length === 0) return refuse(refusals.export_illisible)
    const reader = { app, collectivite, agent: { id: modele.agentId, portee } }
    const filtre = await filtreDuLecteur(reader, tx, choix, await champsDuChoix(tx, collectivite.id, choix))
    const ids = await dossiersDeLaVue(tx, collectivite.id, filtre, LIGNES_AU_PLUS + 1)
    if (ids.length > LIGNES_AU_PLUS) return refuse(refusals.export_trop_grand)
    await noterLectures(tx, collectivite.id, app.clock.now(), { acteur, action: 'export.lire', objet: `export:${modele.id}` }, ids)
    return ok({ ids, format, colonnes })
  })
  if (!asked?.ok) return asked
  const { ids, format, colonnes } = asked.value
  const lecture = lectureDExport(app, collectivite, ids, colonnes)
  const { suffixe, type } = LIBELLES_DES_FORMATS[format.format]
  return ok({ stream: ecrireExport(lecture, format), name: nomDeFichier({ app, collectivite }, 'dossiers', suffixe), type })
}
