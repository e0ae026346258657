import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { civilDay } from '../../../../platform/clock.ts'
import { inTenant } from '../../../../platform/db/open.ts'
import { csv as enCsv } from '../../../../platform/export/index.ts'
import { type Answer, type Context, notFound, type Portee, redirect, refused } from '../../../../platform/http/route.ts'
import { enqueue } from '../../../../platform/jobs/jobs.ts'
import { pageAgent } from '../../../agents/index.ts'
import { toutesLesDemarches } from '../../../demarches/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { collectiviteDe, fuseau } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { type Compte, resumer } from '../../chiffres.ts'
import { chiffrer } from '../../commands/chiffrer.ts'
import { calculeLe, comptesDe } from '../../queries/chiffres.ts'
import { Chiffres, ChiffresAttendus, ChiffresDeLaDemarche } from './chiffres.page.tsx'

const MOIS = 12

/** First day of the month, so many months ago. */
function debut(ctx: Context): string {
  const today = civilDay(ctx.app.clock.now(), fuseau(collectiviteDe(ctx)))
  return dates.addMonths(`${today.slice(0, 7)}-01`, 1 - MOIS) ?? today
}

/** Whether the figures of a démarche may be shown: to who is here for some démarches only, those. */
const estVisible = ({ seulement }: Portee, demarcheId: string): boolean =>
  seulement === null || seulement.some(part => part.service === null && (part.demarcheId === null || part.demarcheId === demarcheId))

/** Beyond, the first count is a job's: it took six seconds on 200,000 dossiers. */
const SUR_LE_CHAMP = 5000

interface Lus {
  readonly comptes: Compte[]
  readonly titres: ReadonlyMap<string, string>
  readonly calcule: string
}

/** The figures; undefined as long as the first ones of a large collectivité are being counted. */
async function lues(ctx: Context): Promise<Lus | undefined> {
  const { id } = ctx.tenant
  // The first time, before any night.
  const isNow = await inTenant(ctx.app.db, id, async tx => {
    if (await calculeLe(tx, id)) return 'lus'
    const { rows } = await sql`select 1 from dossier where collectivite_id = ${id} offset ${SUR_LE_CHAMP} limit 1`.execute(tx)
    if (rows.length === 0) return 'a_compter'
    // Asked again at each look, done once.
    await enqueue(tx, 'chiffrer-demarches', { collectiviteId: id }, { jobKey: `chiffres|${id}` })
    return 'attendus'
  })
  if (isNow === 'attendus') return undefined
  if (isNow === 'a_compter') await chiffrer(ctx.app, collectiviteDe(ctx))
  return inTenant(ctx.app.db, id, async tx => {
    const comptes = (await comptesDe(tx, id, { du: debut(ctx) })).filter(({ demarcheId }) => estVisible(ctx.agent.portee, demarcheId))
    const le = (await calculeLe(tx, id))!
    return {
      comptes,
      titres: new Map((await toutesLesDemarches(tx, id)).map(found => [found.id, found.modele.titre])),
      calcule: `Refaits chaque nuit ; la dernière fois le ${instantEnMots(le, collectiviteDe(ctx))}.`,
    }
  })
}

const enAttente = (ctx: Context, recharger: string): Promise<Answer> =>
  pageAgent(ctx, { title: 'Chiffres', wide: true, children: <ChiffresAttendus recharger={recharger} /> }, ctx.agent)

const base = (ctx: Context) => `${ctx.tenant.base}/agent/chiffres`

/** GET /agent/chiffres: all the démarches over twelve months. */
export async function montrerChiffres(ctx: Context): Promise<Answer> {
  const lus = await lues(ctx)
  if (!lus) return enAttente(ctx, base(ctx))
  const { comptes, titres, calcule } = lus
  const lignes = [...new Set(comptes.map(({ demarcheId }) => demarcheId))]
    .map(id => ({
      id,
      titre: titres.get(id) ?? id,
      href: `${base(ctx)}/${id}`,
      resume: resumer(comptes.filter(({ demarcheId }) => demarcheId === id)),
    }))
    .sort((a, b) => b.resume.depots - a.resume.depots)
  const children = <Chiffres lignes={lignes} csv={`${base(ctx)}.csv`} calcule={calcule} />
  return pageAgent(ctx, { title: 'Chiffres', wide: true, children }, ctx.agent)
}

/** GET /agent/chiffres/:demarche: one of them, month by month. */
export async function montrerChiffresDeLaDemarche(ctx: Context): Promise<Answer> {
  const demarcheId = ctx.params.demarche ?? ''
  const found = (await inTenant(ctx.app.db, ctx.tenant.id, tx => toutesLesDemarches(tx, ctx.tenant.id))).find(({ id }) => id === demarcheId)
  if (!found || !estVisible(ctx.agent.portee, demarcheId)) return refused(notFound)
  const lus = await lues(ctx)
  if (!lus) return enAttente(ctx, `${base(ctx)}/${demarcheId}`)
  const { comptes, calcule } = lus
  const own = comptes.filter(compte => compte.demarcheId === demarcheId)
  const first = debut(ctx)
  const mois = Array.from({ length: MOIS }, (_, rank) => dates.addMonths(first, rank) ?? first)
  const children = (
    <ChiffresDeLaDemarche
      resume={resumer(own)}
      mois={mois.map(month => ({ mois: month, resume: resumer(own.filter(compte => compte.mois === month)) }))}
      etapes={found.modele.formulaire.etapes.filter(({ reservee }) => !reservee).map(({ id, titre }) => ({ id, titre }))}
      calcule={calcule}
    />
  )
  return pageAgent(ctx, { title: found.modele.titre, wide: true, chemin: [{ texte: 'Chiffres', href: base(ctx) }], children }, ctx.agent)
}

/** GET /agent/chiffres.csv: every count of the twelve months. */
export async function enregistrerChiffres(ctx: Context): Promise<Answer> {
  const lus = await lues(ctx)
  if (!lus) return redirect(base(ctx))
  const { comptes, titres } = lus
  async function* rows() {
    yield comptes.map(({ demarcheId, mois, mesure, cle, nombre }) => [titres.get(demarcheId) ?? demarcheId, mois, mesure, cle, nombre])
  }
  const columns = ['Démarche', 'Mois', 'Mesure', 'Détail', 'Nombre'].map(title => ({
    title,
    kind: title === 'Nombre' ? ('number' as const) : ('text' as const),
  }))
  return {
    file: {
      stream: Readable.from(enCsv({ name: 'Chiffres', columns, rows: rows() })),
      name: 'chiffres.csv',
      type: 'text/csv; charset=utf-8',
    },
  }
}
