import * as z from 'zod'
import { inTenant } from '../../../../platform/db/open.ts'
import { Form } from '../../../../platform/http/form.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { lireDemarche } from '../../../demarches/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { envDuDossier } from '../../commands/deposer.ts'
import { partieSignee, preparerLien } from '../../commands/preparer-lien.ts'
import { lireValeurs } from '../../preremplir.ts'
import { refusals } from '../../refusals.ts'
import { adresseDuLien } from '../agent/pre-remplissage.tsx'

const SOURCE_MAX = 120
const VALEURS_MAX = 200

/** What is sent to prepare answers. */
export const schemaPreRemplissage = z.strictObject({
  valeurs: z
    .record(z.string(), z.unknown())
    .refine(value => Object.keys(value).length <= VALEURS_MAX)
    .describe('Les réponses proposées, par identifiant de question ; 200 au plus'),
  source: z.string().max(SOURCE_MAX).optional().describe('Qui donne ces réponses : la personne le lit à côté de chacune'),
})

/** Who asks: how the journal names them, and the démarches that they may prepare. `takePart` gives false once their share of the hour is used. */
export interface Preparateur {
  readonly acteur: string
  readonly voit: (demarcheId: string) => boolean
  readonly takePart: () => Promise<boolean>
}

/**
 * POST: answers prepared by another program, for a person who will check them. Gives 201 with the link to give them, its end, and what the form
 * refused. Nothing of the session of a browser is read, and no document can be joined.
 */
export async function preparerLienPourUnProgramme(ctx: Context, { acteur, voit, takePart }: Preparateur): Promise<Answer> {
  const { app, tenant } = ctx
  const offre = await lireDemarche(app, tenant.id, ctx.params.demarche ?? '')
  if (!offre || !voit(offre.id)) return refused(notFound)
  if (!offre.estOuverte) return refused(refusals.demarche_fermee)
  const lu = schemaPreRemplissage.safeParse(ctx.json)
  if (!lu.success) return refused(refusals.valeurs_absentes)
  const env = envDuDossier(app, collectiviteDe(ctx), offre.modele)
  const { reponses, refuses } = lireValeurs(offre.modele, env, new Map(Object.entries(lu.data.valeurs)))
  if (Object.keys(reponses.champs).length === 0) {
    const { code, sentence, status } = refusals.valeurs_refusees
    return { json: { code, message: sentence, refuses: refuses.map(dire) }, status }
  }
  if (!(await takePart())) return refused(refusals.trop_pre_remplissages)
  const lien = { collectiviteId: tenant.id, demarcheId: offre.id, reponses, source: sourceDe(lu.data.source), acteur }
  const { id, expireLe } = await inTenant(app.db, tenant.id, tx => preparerLien(app, tx, lien))
  const partie = partieSignee(app.secrets, { ...lien, id })
  return { json: { lien: adresseDuLien(ctx, offre.id, partie), expireLe: expireLe.toISOString(), refuses: refuses.map(dire) }, status: 201 }
}

const dire = ({ champ, message }: { champ: string; message: string }) => ({ champ, message })

/** Anybody may write a name here: it is always said that it comes from outside, so that nobody passes for the mairie. */
function sourceDe(source: string | undefined): string {
  const name = new Form({ source }).line('source', SOURCE_MAX)
  return name ? `${name} (site extérieur)` : 'un site extérieur'
}
