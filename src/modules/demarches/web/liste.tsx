import { inTenant } from '../../../platform/db/open.ts'
import type { Answer, Context } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import type { Refusal } from '../../../platform/refusal.ts'
import { pageAgent } from '../../agents/index.ts'
import { leTerritoire } from '../../territoire/index.ts'
import { creerDemarche } from '../commands/creer-demarche.ts'
import { schemaModele } from '../demarche.ts'
import { demarcheVierge } from '../demarche-vierge.ts'
import { moyennes } from '../queries/avis.ts'
import { misesAJour } from '../queries/catalogue.ts'
import { copiesOuvertes } from '../queries/copie.ts'
import { demarchesDe } from '../queries/demarches.ts'
import { chercher } from '../recherche.ts'
import { refusals } from '../refusals.ts'
import { adresseDeLaDemarche, adresseDesDemarches, agir } from './acces.ts'
import { ListeDesDemarches } from './liste.page.tsx'

const PAR_PAGE = 25

const FAITS: Readonly<Record<string, string>> = {
  abandon: 'Les changements qui n’étaient pas publiés sont abandonnés.',
  adoption: 'La démarche est ajoutée et ouverte aux habitants.',
}

/** GET: every démarche of the collectivité. */
export const montrerListe = (ctx: Context): Promise<Answer> => pageDeLaListe(ctx)

async function pageDeLaListe(ctx: Context, refusal?: Refusal, titre = ''): Promise<Answer> {
  const porteurId = (await leTerritoire(ctx.app))?.porteurId ?? null
  const { id } = ctx.tenant
  const vue = await inTenant(ctx.app.db, id, async tx => ({
    demarches: await demarchesDe(tx, id),
    enCours: await copiesOuvertes(tx, id),
    nouveautes: new Set((await misesAJour(tx, id, porteurId)).map(({ demarcheId }) => demarcheId)),
    avis: await moyennes(tx, id),
  }))
  const q = ctx.query.line('q', 80)
  const found = chercher(vue.demarches, q, ({ modele }) => modele)
  const pages = Math.max(1, Math.ceil(found.length / PAR_PAGE))
  const page = ctx.query.number('page', 1, 1, pages)
  const adresse = adresseDesDemarches(ctx)
  const lignes = found.slice((page - 1) * PAR_PAGE, page * PAR_PAGE).map(({ id: demarcheId, modele, estOuverte, revision }) => ({
    id: demarcheId,
    titre: modele.titre,
    href: adresseDeLaDemarche(ctx, demarcheId),
    etat: revision === 0 ? ('brouillon' as const) : estOuverte ? ('ouverte' as const) : ('fermee' as const),
    service: modele.service,
    aDesChangements: vue.enCours.has(demarcheId),
    aUneNouveaute: vue.nouveautes.has(demarcheId),
    avis: vue.avis.get(demarcheId),
  }))
  return pageAgent(
    ctx,
    {
      title: 'Démarches',
      hasErrors: refusal !== undefined,
      children: (
        <ListeDesDemarches
          adresse={adresse}
          listes={`${ctx.tenant.base}/agent/referentiels`}
          textes={`${ctx.tenant.base}/agent/modeles`}
          etiquettes={`${ctx.tenant.base}/agent/etiquettes`}
          partage={ctx.agent.permissions.has('catalogue.partager') ? `${ctx.tenant.base}/agent/catalogue` : undefined}
          lignes={lignes}
          q={q}
          nouveautes={vue.nouveautes.size}
          pagination={{
            page,
            pages,
            href: n => `${adresse}?${new URLSearchParams({ ...(q && { q }), page: String(n) })}`,
            total: `${found.length} ${found.length > 1 ? 'démarches' : 'démarche'}`,
          }}
          jeton={ctx.token}
          cle={newSecret()}
          fait={FAITS[ctx.query.line('fait', 20)]}
          erreurs={refusal ? [{ champ: 'titre', message: refusal.sentence }] : []}
          titre={titre}
        />
      ),
    },
    ctx.agent,
    refusal?.status ?? 200,
  )
}

/** POST: begins a démarche of one's own, blank but for what every one has, and goes to its editor. */
export function creer(ctx: Context): Promise<Answer> {
  const titre = ctx.form.line('titre', 120)
  return agir(
    ctx,
    async tx => {
      if (titre.length < 3) return { ok: false, refusal: { ...refusals.titre_absent, field: 'titre' } }
      if (!schemaModele.shape.titre.safeParse(titre).success) return { ok: false, refusal: { ...refusals.titre_code, field: 'titre' } }
      const made = await creerDemarche(ctx.app, tx, { collectiviteId: ctx.tenant.id, agentId: ctx.agent.id }, demarcheVierge(titre))
      return made.ok ? { ok: true, value: `${adresseDeLaDemarche(ctx, made.value.id)}/edition` } : made
    },
    refusal => pageDeLaListe(ctx, refusal, titre),
  )
}
