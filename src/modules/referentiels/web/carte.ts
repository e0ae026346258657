import { type Answer, type Context, refused } from '../../../platform/http/route.ts'
import { dessinerPlan, type Point } from '../plan.ts'
import { adresseProche, centreDe, planDeCommune, reperesAutour } from '../queries/plan.ts'
import { refusals } from '../refusals.ts'
import { lireDans } from './acces.ts'

/**
 * GET: what a script needs to offer a map: its own address and that of its style, the tiles configured, the centre of the commune. Empty when there
 * is neither tile nor address to show: then no map is offered.
 */
export async function decrireCarte(ctx: Context): Promise<Answer> {
  const { tuiles } = ctx.app.config
  const centre = await centreDe(lireDans(ctx), ctx.tenant.id)
  const { print } = ctx.app.assets
  const carte = {
    script: `/actifs/${print}-carte.js`,
    style: `/actifs/${print}-carte.css`,
    tuiles: tuiles ? { modele: tuiles.modele, mention: tuiles.mention } : null,
    centre: centre ? [centre.lat, centre.lon] : null,
  }
  return enOctets(tuiles || centre ? carte : {})
}

/** GET: the plan of the commune for the script to draw, kept in memory until an address file is imported. */
export async function donnerPlan(ctx: Context): Promise<Answer> {
  return enOctets((await planDeCommune(lireDans(ctx), ctx.tenant.id)) ?? {})
}

/** GET: the plan around a point as an image. */
export async function montrerPlan(ctx: Context): Promise<Answer> {
  const point = pointDemande(ctx)
  if (!point) return refused(refusals.coordonnees)
  const { reperes, rayonM } = await reperesAutour(lireDans(ctx), ctx.tenant.id, point)
  return {
    bytes: dessinerPlan(point, reperes, rayonM),
    type: 'image/svg+xml; charset=utf-8',
    headers: { 'cache-control': 'private, max-age=3600' },
  }
}

/** GET: the address within 50 m of a point, as JSON: its words, or none. */
export async function proposerAdresseProche(ctx: Context): Promise<Answer> {
  const point = pointDemande(ctx)
  if (!point) return refused(refusals.coordonnees)
  const found = await adresseProche(lireDans(ctx), ctx.tenant.id, point)
  return { json: { resultats: found ? [found.libelle] : [] } }
}

// As bytes, so that the server keeps it in memory, already compressed.
const enOctets = (value: unknown): Answer => ({ bytes: JSON.stringify(value), type: 'application/json; charset=utf-8' })

function pointDemande({ query }: Context): Point | undefined {
  const [lat, lon] = ['lat', 'lon'].map(name => {
    const typed = query.line(name, 20)
    return /^-?\d{1,3}(\.\d{1,15})?$/.test(typed) ? Number(typed) : Number.NaN
  })
  return Math.abs(lat!) <= 90 && Math.abs(lon!) <= 180 ? { lat: lat!, lon: lon! } : undefined
}
