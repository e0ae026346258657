import { civilDay } from '../../../platform/clock.ts'
import { isForeignKeyViolation } from '../../../platform/db/open.ts'
import type { Answer, Context } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import { ok, type Refusal, refuse } from '../../../platform/refusal.ts'
import { nomsDesAgents, pageAgent } from '../../agents/index.ts'
import { dates } from '../../formulaires/index.ts'
import { collectiviteDe, collectiviteParId, fuseau, leTerritoire } from '../../territoire/index.ts'
import { abandonner } from '../commands/copie.ts'
import { proposerAuxAutres, retirerDuCatalogue } from '../commands/partager.ts'
import { ouvrirOuFermer } from '../commands/publier-demarche.ts'
import { supprimerDemarche } from '../commands/supprimer-demarche.ts'
import { differences, phraseDeDifference } from '../edition/index.ts'
import { idDuModele } from '../partage.ts'
import { avisDe, moyennes } from '../queries/avis.ts'
import { misesAJour, modelesDe, utilisateurs, versionDuModele } from '../queries/catalogue.ts'
import { copieDe } from '../queries/copie.ts'
import { demarche } from '../queries/demarches.ts'
import { revisionsDe } from '../queries/revisions.ts'
import { refusals } from '../refusals.ts'
import { adresseDeLaDemarche, adresseDesDemarches, agir, atelierDe, cheminDe, lireLaDemarche } from './acces.ts'
import { PageDeLaDemarche } from './demarche.page.tsx'

const FAITS: Readonly<Record<string, string>> = {
  adoption: 'La démarche est ajoutée et ouverte aux habitants. Vous pouvez la changer quand vous voulez.',
  publication: 'La nouvelle version est publiée. Les demandes déjà déposées gardent la leur.',
  ouverture: 'La démarche est ouverte aux habitants.',
  fermeture: 'La démarche est fermée : plus personne ne peut en commencer une. Les demandes commencées et déposées restent.',
  proposition: 'La démarche est dans le catalogue : les autres collectivités peuvent l’ajouter.',
  retrait: 'La démarche n’est plus dans le catalogue. Ceux qui l’utilisent gardent la leur.',
  abandon: 'Les changements qui n’étaient pas publiés sont abandonnés.',
}

/** GET: one démarche, as those who manage it see it. */
export const montrerDemarche = (ctx: Context): Promise<Answer> => pageDe(ctx)

async function pageDe(ctx: Context, refusal?: Refusal): Promise<Answer> {
  const porteurId = (await leTerritoire(ctx.app))?.porteurId ?? null
  return lireLaDemarche(ctx, async (tx, offre) => {
    const { id: collectiviteId } = ctx.tenant
    const collectivite = collectiviteDe(ctx)
    const copie = await copieDe(tx, collectiviteId, offre.id)
    const modele = offre.origine && (await versionDuModele(tx, offre.origine.id, offre.origine.version))
    const cible = (await misesAJour(tx, collectiviteId, porteurId)).find(({ demarcheId }) => demarcheId === offre.id)
    const propose = (await modelesDe(tx, collectiviteId)).find(({ id }) => id === idDuModele(collectiviteId, offre.id))
    const revisions = await revisionsDe(tx, collectiviteId, offre.id)
    const noms = await nomsDesAgents(
      tx,
      revisions.flatMap(({ par }) => par ?? []),
    )
    const adresse = adresseDeLaDemarche(ctx, offre.id)
    return pageAgent(
      ctx,
      {
        title: offre.modele.titre,
        hasErrors: refusal !== undefined,
        chemin: cheminDe(ctx),
        children: (
          <PageDeLaDemarche
            adresse={adresse}
            publique={`${ctx.tenant.base}/demarches/${offre.id}`}
            textes={`${ctx.tenant.base}/agent/modeles?demarche=${offre.id}`}
            estOuverte={offre.estOuverte}
            revision={offre.revision}
            changements={
              copie && copie.rang > 0
                ? differences(offre.modele, copie.modele).map(d => phraseDeDifference(d, offre.modele, copie.modele))
                : []
            }
            estEnCours={copie !== undefined && copie.rang > 0}
            origine={
              modele && offre.origine
                ? {
                    nom: modele.origineId ? (await collectiviteParId(ctx.app, modele.origineId, undefined)).nom : 'Parvis',
                    version: offre.origine.version,
                    differences: differences(modele.modele, offre.modele).map(d => phraseDeDifference(d, modele.modele, offre.modele)),
                  }
                : undefined
            }
            aUneMiseAJour={cible !== undefined}
            partage={
              propose && !propose.estRetire
                ? {
                    version: propose.version,
                    utilisateurs: (await utilisateurs(tx, propose.id)).map(({ nom, version }) => ({ nom, version })),
                  }
                : undefined
            }
            revisions={revisions.map(({ numero, le, par }) => ({
              numero,
              href: `${adresse}/revisions/${numero}`,
              le: dates.longDate(civilDay(le, fuseau(collectivite))),
              par: (par && noms.get(par)) || 'à l’ouverture du territoire',
            }))}
            avis={{ moyenne: (await moyennes(tx, collectiviteId)).get(offre.id), ...(await avisDe(tx, collectiviteId, offre.id)) }}
            jeton={ctx.token}
            cle={newSecret}
            fait={FAITS[ctx.query.line('fait', 20)]}
            erreur={refusal?.sentence}
          />
        ),
      },
      ctx.agent,
      refusal?.status ?? 200,
    )
  })
}

const suite = (ctx: Context, fait: string) => ok(`${adresseDeLaDemarche(ctx)}?fait=${fait}`)

/** POST …/ouverture and …/fermeture. */
export const ouvrir = (estOuverte: boolean) => (ctx: Context) =>
  agir(
    ctx,
    async tx => {
      const done = await ouvrirOuFermer(ctx.app, tx, atelierDe(ctx), estOuverte)
      return done.ok ? suite(ctx, estOuverte ? 'ouverture' : 'fermeture') : done
    },
    refusal => pageDe(ctx, refusal),
  )

/** POST …/proposition: into the catalogue, for the others. */
export const proposer = (ctx: Context) =>
  agir(
    ctx,
    async tx => {
      const done = await proposerAuxAutres(ctx.app, tx, atelierDe(ctx))
      return done.ok ? suite(ctx, 'proposition') : done
    },
    refusal => pageDe(ctx, refusal),
  )

/** POST …/retrait: out of the catalogue. */
export const retirer = (ctx: Context) =>
  agir(
    ctx,
    async tx => {
      const { collectiviteId, demarcheId, agentId } = atelierDe(ctx)
      const done = await retirerDuCatalogue(ctx.app, tx, { collectiviteId, agentId }, idDuModele(collectiviteId, demarcheId))
      return done.ok ? suite(ctx, 'retrait') : done
    },
    refusal => pageDe(ctx, refusal),
  )

/** POST …/abandon: gives up what is not published; a démarche never published goes with it. */
export const abandonnerLesChangements = (ctx: Context) =>
  agir(
    ctx,
    async tx => {
      const atelier = atelierDe(ctx)
      if (!(await demarche(tx, atelier.collectiviteId, atelier.demarcheId))) return refuse(refusals.copie_absente)
      await abandonner(tx, atelier)
      try {
        const removed = await supprimerDemarche(ctx.app, tx, atelier)
        return removed ? ok(`${adresseDesDemarches(ctx)}?fait=abandon`) : suite(ctx, 'abandon')
      } catch (error) {
        if (isForeignKeyViolation(error)) return refuse(refusals.essai_en_cours)
        throw error
      }
    },
    refusal => pageDe(ctx, refusal),
  )
