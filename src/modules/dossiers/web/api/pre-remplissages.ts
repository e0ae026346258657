import { z } from 'zod'
import { takeAttempt } from '../../../../platform/auth/attempts.ts'
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

const corps = z.strictObject({
  valeurs: z
    .custom<Record<string, unknown>>(value => typeof value === 'object' && value !== null && !Array.isArray(value))
    .refine(value => Object.keys(value).length <= VALEURS_MAX),
  source: z.string().max(SOURCE_MAX).optional(),
})

// Anybody may call: a collectivité does not fill up with links that nobody asked for.
const LIENS_PAR_HEURE = 1000
const HOUR_MS = 3_600_000

/**
 * POST: answers prepared by another program, for a person who will check them. Gives 201 with the link to give them, its end, and what the form
 * refused. Nothing of the session of a browser is read, and no document can be joined.
 */
export async function preparerLienPourUnProgramme(ctx: Context): Promise<Answer> {
  const { app, tenant } = ctx
  const offre = await lireDemarche(app, tenant.id, ctx.params.demarche ?? '')
  if (!offre) return refused(notFound)
  if (!offre.estOuverte) return refused(refusals.demarche_fermee)
  const lu = corps.safeParse(ctx.json)
  if (!lu.success) return refused(refusals.valeurs_absentes)
  const env = envDuDossier(app, collectiviteDe(ctx), offre.modele)
  const { reponses, refuses } = lireValeurs(offre.modele, env, new Map(Object.entries(lu.data.valeurs)))
  if (Object.keys(reponses.champs).length === 0) {
    const { code, sentence, status } = refusals.valeurs_refusees
    return { json: { code, message: sentence, refuses: refuses.map(dire) }, status }
  }
  if (!(await takeAttempt(app.db, `pre-remplissage|${tenant.id}`, LIENS_PAR_HEURE, HOUR_MS, app.clock.now())))
    return refused(refusals.trop_pre_remplissages)
  const lien = { collectiviteId: tenant.id, demarcheId: offre.id, reponses, source: sourceDe(lu.data.source), acteur: 'api' }
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
