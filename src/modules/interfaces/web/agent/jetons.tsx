import { inTenant } from '../../../../platform/db/open.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { networkOf } from '../../../../platform/http-out/addresses.ts'
import { isUuid, newSecret } from '../../../../platform/ids.ts'
import { ok, type Refusal } from '../../../../platform/refusal.ts'
import type { SummaryRow, Tone } from '../../../../ui/index.ts'
import { nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { ouvrir } from '../../abonnement.ts'
import { creerJeton, oublierJeton, revoquerJeton } from '../../commands/jetons.ts'
import { DROITS, droitsLus, MONTRE_MS } from '../../jeton.ts'
import { jetonParId, jetonsDe } from '../../queries/jetons.ts'
import type { JetonRow } from '../../tables.ts'
import {
  adresseDesJetons,
  adresseDesWebhooks,
  agir,
  aujourdhui,
  choisis,
  choixDeDemarches,
  enErreurs,
  instantEnMots,
  trouver,
} from './acces.ts'
import { Jetons, NouveauJeton, type SaisieDeJeton, UnJeton } from './jetons.page.tsx'

const TITRE = 'Jetons de l’API'
const FAITS: Readonly<Record<string, string>> = {
  revoque: 'Le jeton est révoqué : il ne vaut plus rien dès maintenant.',
  copie: 'Le jeton n’est plus affiché.',
}
const chemin = (ctx: Context) => [{ texte: TITRE, href: adresseDesJetons(ctx) }]

/** GET /agent/jetons. */
export async function montrerJetons(ctx: Context): Promise<Answer> {
  const jetons = await inTenant(ctx.app.db, ctx.tenant.id, tx => jetonsDe(tx, ctx.tenant.id, aujourdhui(ctx)))
  const children = (
    <Jetons
      adresse={adresseDesJetons(ctx)}
      webhooks={adresseDesWebhooks(ctx)}
      documentation={`${ctx.tenant.base}/api`}
      fait={FAITS[ctx.query.line('fait', 20)]}
      jetons={jetons.map(row => ({
        ...{ id: row.id, nom: row.nom, debut: row.debut, etat: etatDe(ctx, row), fin: dates.longDate(row.fin) },
        vu: row.vu_le ? instantEnMots(ctx, row.vu_le) : 'Jamais',
      }))}
    />
  )
  return pageAgent(ctx, { title: TITRE, wide: true, children }, ctx.agent)
}

function etatDe(ctx: Context, row: JetonRow): { mots: string; tone: Tone } {
  if (row.revoque_le) return { mots: 'Révoqué', tone: 'neutre' }
  return row.fin < aujourdhui(ctx) ? { mots: 'Fini', tone: 'neutre' } : { mots: 'Sert', tone: 'succes' }
}

/** GET /agent/jetons/nouveau. */
export const montrerNouveau = (ctx: Context): Promise<Answer> =>
  pageNouveau(ctx, {
    ...{ nom: '', droits: [], demarches: null, voitReserves: false, reseaux: '' },
    fin: dates.addMonths(aujourdhui(ctx), 12) ?? '',
  })

function pageNouveau(ctx: Context, saisie: SaisieDeJeton, refusal?: Refusal): Promise<Answer> {
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const children = (
      <NouveauJeton
        adresse={adresseDesJetons(ctx)}
        jeton={ctx.token}
        cle={newSecret()}
        erreurs={enErreurs(refusal)}
        droits={Object.entries(DROITS).map(([value, label]) => ({ value, label }))}
        demarches={await choixDeDemarches(ctx, tx)}
        saisie={saisie}
      />
    )
    return pageAgent(
      ctx,
      { title: 'Faire un jeton', hasErrors: refusal !== undefined, chemin: chemin(ctx), children },
      ctx.agent,
      refusal?.status ?? 200,
    )
  })
}

/** POST /agent/jetons. */
export async function faireJeton(ctx: Context): Promise<Answer> {
  const { form, tenant, agent } = ctx
  const offerts = await inTenant(ctx.app.db, tenant.id, tx => choixDeDemarches(ctx, tx))
  const fin = { jour: form.line('fin-jour', 2), mois: form.line('fin-mois', 2), annee: form.line('fin-annee', 4) }
  const saisie: SaisieDeJeton = {
    nom: form.line('nom', 80),
    droits: droitsLus(form.all('droits', 40)),
    demarches: choisis(ctx, 'demarches', offerts),
    voitReserves: form.has('reserves'),
    reseaux: form.text('reseaux', 1000),
    fin,
  }
  return agir(
    ctx,
    saisie,
    async tx => {
      const made = await creerJeton(tx, ctx.app, {
        ...{ collectiviteId: tenant.id, nom: saisie.nom, droits: droitsLus(saisie.droits), demarches: saisie.demarches },
        ...{ voitReserves: saisie.voitReserves, reseaux: reseauxDe(saisie.reseaux), par: agent.id, aujourdhui: aujourdhui(ctx) },
        fin: Object.values(fin).every(part => /^\d+$/.test(part))
          ? dates.dayOf(Number(fin.annee), Number(fin.mois), Number(fin.jour))
          : null,
      })
      return made.ok ? ok(`${adresseDesJetons(ctx)}/${made.value}`) : made
    },
    refusal => pageNouveau(ctx, saisie, refusal),
  )
}

function reseauxDe(typed: string): string[] | null {
  const lines = typed.split(/[\n,;]/).flatMap(line => line.trim() || [])
  const networks = lines.flatMap(line => networkOf(line) ?? [])
  return networks.length === lines.length ? [...new Set(networks)] : null
}

/** GET /agent/jetons/:id: the token itself during ten minutes, to the person who made it and before its first call. */
export function montrerJeton(ctx: Context): Promise<Answer> {
  const { id } = ctx.params
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const row = isUuid(id) ? await jetonParId(tx, ctx.tenant.id, id) : undefined
    if (!row) return refused(notFound)
    const noms = await nomsDesAgents(tx, [row.cree_par, ...(row.revoque_par ? [row.revoque_par] : [])])
    const demarches = await choixDeDemarches(ctx, tx)
    const isFresh = row.cree_par === ctx.agent.id && row.cree_le.getTime() > ctx.app.clock.now().getTime() - MONTRE_MS
    const children = (
      <UnJeton
        adresse={`${adresseDesJetons(ctx)}/${row.id}`}
        jeton={ctx.token}
        cle={newSecret()}
        secret={isFresh && row.a_montrer ? ouvrir(ctx.app.secrets, ctx.tenant.id, row.a_montrer) : undefined}
        faits={faitsDe(ctx, row, noms, new Map(demarches.map(({ value, label }) => [value, label])))}
        droits={droitsLus(row.droits).map(droit => DROITS[droit])}
        peutRevoquer={row.revoque_le === null && row.fin >= aujourdhui(ctx)}
        fait={FAITS[ctx.query.line('fait', 20)]}
      />
    )
    return pageAgent(ctx, { title: row.nom, chemin: chemin(ctx), children }, ctx.agent)
  })
}

function faitsDe(ctx: Context, row: JetonRow, noms: ReadonlyMap<string, string>, titres: ReadonlyMap<string, string>): SummaryRow[] {
  const par = (id: string) => noms.get(id) ?? 'un agent'
  const seen = row.demarches?.map(id => titres.get(id) ?? id).join(', ') ?? 'Toutes'
  return [
    { cle: 'Jeton', valeur: row.debut },
    { cle: 'État', valeur: etatDe(ctx, row).mots },
    { cle: 'Démarches', valeur: seen },
    { cle: 'Services réservés', valeur: row.voit_reserves ? 'Vus aussi' : 'Jamais vus' },
    { cle: 'Réseaux', valeur: row.reseaux.length > 0 ? row.reseaux.join(', ') : 'De partout' },
    { cle: 'Sert jusqu’au', valeur: dates.longDate(row.fin) },
    { cle: 'Dernier appel', valeur: row.vu_le ? instantEnMots(ctx, row.vu_le) : 'Jamais' },
    { cle: 'Fait', valeur: `${instantEnMots(ctx, row.cree_le)}, par ${par(row.cree_par)}` },
    ...(row.revoque_le && row.revoque_par
      ? [{ cle: 'Révoqué', valeur: `${instantEnMots(ctx, row.revoque_le)}, par ${par(row.revoque_par)}` }]
      : []),
  ]
}

/** POST …/revocation. */
export const revoquer = (ctx: Context): Promise<Answer> =>
  agir(ctx, 'revocation', tx =>
    trouver(
      ctx,
      id => jetonParId(tx, ctx.tenant.id, id),
      async ({ id }) => {
        await revoquerJeton(tx, ctx.app, { collectiviteId: ctx.tenant.id, id, par: ctx.agent.id })
        return ok(`${adresseDesJetons(ctx)}/${id}?fait=revoque`)
      },
    ),
  )

/** POST …/copie: the token is shown no more. */
export const jetonCopie = (ctx: Context): Promise<Answer> =>
  agir(ctx, 'copie', tx =>
    trouver(
      ctx,
      id => jetonParId(tx, ctx.tenant.id, id),
      async ({ id }) => {
        await oublierJeton(tx, ctx.tenant.id, id)
        return ok(`${adresseDesJetons(ctx)}/${id}?fait=copie`)
      },
    ),
  )
