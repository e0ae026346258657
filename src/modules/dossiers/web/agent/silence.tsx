import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import type { Answer, Context } from '../../../../platform/http/route.ts'
import { nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { modelePublie } from '../../../demarches/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { decidesParSilence, type LigneDeSilence, PAR_PAGE, type PageDeSilence, PLAFOND, silenceEntre } from '../../queries/silence.ts'
import { adresseDesDossiers, aujourdhui } from './acces.ts'
import { distance, joursEntre, nombreDeDossiers } from './mots.ts'
import { type DossierSilencieux, EcheancesDuSilence, type EcheancesProps, type VueDuSilence } from './silence.page.tsx'

const HORIZON_JOURS = 15
const DAY_MS = 86_400_000
const VUES: readonly VueDuSilence[] = ['a-venir', 'passees', 'decidees']

/** GET /agent/echeances: what silence will decide within 15 days, what the law has decided without us, what it has decided by itself. */
export async function montrerSilence(ctx: Context): Promise<Answer> {
  const vue = VUES.find(known => known === ctx.query.line('vue', 20)) ?? 'a-venir'
  const page = ctx.query.number('page', 1, 1, PLAFOND / PAR_PAGE)
  const props = await inTenant(ctx.app.db, ctx.tenant.id, tx => echeances(ctx, tx, vue, page))
  return pageAgent(
    ctx,
    {
      title: 'Échéances du silence',
      wide: true,
      chemin: [{ texte: 'Dossiers', href: adresseDesDossiers(ctx) }],
      children: <EcheancesDuSilence {...props} />,
    },
    ctx.agent,
  )
}

async function echeances(ctx: Context, tx: Tx, vue: VueDuSilence, asked: number): Promise<EcheancesProps> {
  const today = aujourdhui(ctx)
  const { portee } = ctx.agent
  const at = (days: number) => dates.addDays(today, days) ?? today
  const depuis = new Date(ctx.app.clock.now().getTime() - HORIZON_JOURS * DAY_MS)
  // On its day the law has already decided, at midnight: what is to come begins tomorrow.
  const lire: Readonly<Record<VueDuSilence, (page: number) => Promise<PageDeSilence>>> = {
    'a-venir': page => silenceEntre(tx, ctx.tenant.id, { du: at(1), au: at(HORIZON_JOURS), portee }, page),
    passees: page => silenceEntre(tx, ctx.tenant.id, { du: at(-HORIZON_JOURS), au: today, portee }, page),
    decidees: page => decidesParSilence(tx, ctx.tenant.id, { depuis, portee }, page),
  }
  const totaux = { 'a-venir': 0, passees: 0, decidees: 0 }
  let lignes: readonly LigneDeSilence[] = []
  let page = asked
  for (const one of VUES) {
    let found = await lire[one](one === vue ? page : 1)
    if (one === vue && found.lignes.length === 0 && page > 1) {
      page = 1
      found = await lire[one](page)
    }
    totaux[one] = found.total
    if (one === vue) lignes = found.lignes
  }
  const action = `${ctx.tenant.base}/agent/echeances`
  return {
    vue,
    chiffres: VUES.map(one => ({ vue: one, nombre: nombre(totaux[one]), href: one === 'a-venir' ? action : `${action}?vue=${one}` })),
    total: nombreDeDossiers(totaux[vue], PLAFOND),
    dossiers: await enMots(ctx, tx, lignes, today),
    page,
    pages: Math.ceil(Math.min(totaux[vue], PLAFOND) / PAR_PAGE),
    hrefDePage: to => `${action}?vue=${vue}&page=${to}`,
  }
}

const nombre = (total: number): string => (total > PLAFOND ? `${PLAFOND.toLocaleString('fr-FR')} +` : String(total))

async function enMots(ctx: Context, tx: Tx, lignes: readonly LigneDeSilence[], today: string): Promise<DossierSilencieux[]> {
  const noms = await nomsDesAgents(
    tx,
    lignes.flatMap(({ agentId }) => agentId ?? []),
  )
  const dossiers: DossierSilencieux[] = []
  for (const { id, reference, demandeurNom, definition, service, agentId, jour } of lignes) {
    const { titre, regime, silence } = await modelePublie(tx, definition)
    dossiers.push({
      href: `${adresseDesDossiers(ctx)}/${id}`,
      nom: `${demandeurNom || 'Sans nom'} ${reference}`,
      demarche: titre,
      jour: `${dates.longDate(jour)} (${distance(joursEntre(today, jour))})`,
      effet: silence.effet,
      isAutomatic: regime === 'sva' || regime === 'svr',
      enCharge: [agentId ? noms.get(agentId) : 'Personne', service].filter(Boolean).join(', '),
    })
  }
  return dossiers
}
