import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { type Demarche, garderDefinition, type Modele, modelePublie } from '../../demarches/index.ts'
import { aucuneReponse } from '../../formulaires/index.ts'
import { piecesDe } from '../pieces.ts'
import type { DossierRow } from '../tables.ts'
import { ouvrirBrouillon } from './brouillon.ts'

/** Opens a draft in which an agent tries a definition, published or not, as a resident would; it is never filed. Gives its id. */
export async function ouvrirEssai(app: App, tx: Tx, collectiviteId: string, offre: Demarche, modele: Modele): Promise<string> {
  const definition = await garderDefinition(tx, modele)
  const tried = { ...offre, modele, definition, revision: 0 }
  const { id } = await ouvrirBrouillon(
    app,
    tx,
    collectiviteId,
    tried,
    aucuneReponse,
    { nature: 'usager', id: null, canal: 'web' },
    { essai: true },
  )
  return id
}

/** Leaves nothing of a draft: its row, its documents. */
export async function effacerBrouillon(tx: Tx, collectiviteId: string, dossier: DossierRow): Promise<void> {
  const { formulaire } = await modelePublie(tx, dossier.definition)
  const apart = (dossier.report?.ecartees ?? []).flatMap(({ type, brute }) =>
    type === 'piece' ? (brute as readonly { id: string }[]) : [],
  )
  const files = [...piecesDe(formulaire, dossier.reponses).map(({ piece }) => piece.id), ...apart.map(({ id }) => id)]
  await sql`delete from dossier where collectivite_id = ${collectiviteId} and id = ${dossier.id} and etat = 'brouillon'`.execute(tx)
  if (files.length > 0) await sql`delete from fichier where collectivite_id = ${collectiviteId} and id = any(${files}::uuid[])`.execute(tx)
}
