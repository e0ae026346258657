import { inTenant } from '../../../../platform/db/open.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { demarchesOuvertes, lireDemarche, versFichier } from '../../../demarches/index.ts'
import { refusals } from '../../refusals.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** GET: the démarches that a collectivité offers now. */
export async function listerDemarches(ctx: Context): Promise<Answer> {
  const { id: collectiviteId, address, nom } = ctx.tenant
  const offres = await inTenant(ctx.app.db, collectiviteId, tx => demarchesOuvertes(tx, collectiviteId))
  const demarches = offres.map(({ id, revision, modele: { titre, resume } }) => ({
    ...{ id, titre, resume, revision },
    adresse: `${address}/demarches/${id}`,
    definition: `${address}/api/v1/demarches/${id}`,
    preRemplissages: `${address}/api/v1/demarches/${id}/pre-remplissages`,
  }))
  return { bytes: JSON.stringify({ collectivite: nom, demarches }), type: JSON_TYPE }
}

/** GET: the definition of a démarche, in the published JSON Schema: its questions, their ids and types. */
export async function servirDefinition(ctx: Context): Promise<Answer> {
  const offre = await lireDemarche(ctx.app, ctx.tenant.id, ctx.params.demarche ?? '')
  if (!offre || offre.revision === 0) return refused(notFound)
  if (!offre.estOuverte) return refused(refusals.demarche_fermee)
  return { bytes: versFichier(offre.modele, ctx.app.origin), type: JSON_TYPE }
}
