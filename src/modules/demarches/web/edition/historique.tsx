import type { VNode } from 'preact'
import { type Answer, type Context, notFound } from '../../../../platform/http/route.ts'
import { ok, type Refusal, refuse } from '../../../../platform/refusal.ts'
import { Button, EmptyState, LinkList } from '../../../../ui/index.ts'
import { nomsDesAgents } from '../../../agents/index.ts'
import { collectiviteDe, fuseau } from '../../../territoire/index.ts'
import { annuler } from '../../commands/copie.ts'
import { fusionner } from '../../edition/index.ts'
import { copieDe, editionsDe, etatAuRang } from '../../queries/copie.ts'
import { demarche } from '../../queries/demarches.ts'
import { refusals } from '../../refusals.ts'
import { agir, atelierDe } from '../acces.ts'
import { type Envoi, envoiDe, Formulaire, pageDEdition } from './cadre.tsx'
import { adresseDeLEdition, choixDe, type Desaccord, estALaPage, lireLeChantier } from './chantier.ts'
import { montrerConflit } from './conflit.tsx'
import { direEdition, enVigueur } from './histoire.ts'
import { pageDuPlan } from './plan.tsx'

interface Ligne {
  readonly rang: number
  readonly phrase: string
  readonly qui: string
  readonly quand: string
  readonly peutEtreAnnule: boolean
}

// As many as a page may hold and stay light; older ones are in the journal of the working copy.
const MONTRES = 40

/** GET …/edition/historique: who changed what and when, since the last publication. */
export const montrerHistorique = (ctx: Context): Promise<Answer> =>
  lireLeChantier(ctx, async (tx, chantier) => {
    const editions = await editionsDe(tx, ctx.tenant.id, chantier.offre.id)
    const force = enVigueur(editions)
    const shown = editions.filter(({ rang }) => rang > 0).slice(0, MONTRES)
    const noms = await nomsDesAgents(tx, [...new Set(shown.flatMap(({ auteurId }) => auteurId ?? []))])
    const hour = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'short', timeZone: fuseau(collectiviteDe(ctx)) })
    return pageDEdition(ctx, tx, chantier, {
      title: 'Historique',
      children: (
        <Historique
          adresse={adresseDeLEdition(ctx)}
          envoi={envoiDe(ctx, chantier)}
          lignes={shown.map(edition => ({
            rang: edition.rang,
            phrase: direEdition(edition, editions),
            qui: (edition.auteurId && noms.get(edition.auteurId)) || 'Parvis',
            quand: hour.format(edition.le),
            peutEtreAnnule: force.has(edition.rang),
          }))}
        />
      ),
    })
  })

function Historique({ adresse, envoi, lignes }: { adresse: string; envoi: Envoi; lignes: readonly Ligne[] }): VNode {
  if (lignes.length === 0)
    return (
      <EmptyState titre="Aucun changement depuis la dernière publication">
        <LinkList items={[{ texte: 'Revenir au plan', href: adresse }]} />
      </EmptyState>
    )
  return (
    <>
      <p>Depuis la dernière publication, du plus récent au plus ancien. Annuler un changement garde ceux qui l’ont suivi.</p>
      <Formulaire action={`${adresse}/annulation`} envoi={envoi}>
        <ul>
          {lignes.map(({ rang, phrase, qui, quand, peutEtreAnnule }) => (
            <li key={rang}>
              {phrase}
              <small>{` ${qui}, ${quand}. `}</small>
              {peutEtreAnnule && (
                <Button tone="quiet" name="cible" value={String(rang)} label={`Annuler ce changement : ${phrase.slice(0, 100)}`}>
                  Annuler ce changement
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Formulaire>
    </>
  )
}

/** POST …/edition/annulation: undoes a change (`cible`), or does it again when it was an undoing. */
export function annulerUnChangement(ctx: Context): Promise<Answer> {
  let desaccord: Desaccord | undefined
  const again = (refusal: Refusal) => pageDuPlan(ctx, refusal)
  return agir(
    ctx,
    async tx => {
      const atelier = atelierDe(ctx)
      const offre = await demarche(tx, atelier.collectiviteId, atelier.demarcheId)
      if (!offre) return refuse(notFound)
      if (!estALaPage(ctx, offre)) return refuse(refusals.copie_absente)
      if (ctx.form.has('cible') && !/^\d{1,7}$/.test(ctx.form.line('cible', 10))) return refuse(refusals.rien_a_annuler)
      const cible = ctx.form.number('cible', 0, 0, 10_000_000)
      const done = await annuler(ctx.app, tx, atelier, cible || undefined, choixDe(ctx))
      if (!done.ok) return done
      const suite = done.value
      if (suite.etat === 'fait') return ok(`${adresseDeLEdition(ctx)}?fait=${suite.rang}`)
      const { collectiviteId, demarcheId } = atelier
      const copie = await copieDe(tx, collectiviteId, demarcheId)
      const [after, before] = [
        await etatAuRang(tx, collectiviteId, demarcheId, cible),
        await etatAuRang(tx, collectiviteId, demarcheId, cible - 1),
      ]
      if (suite.etat !== 'conflit' || !copie || !after || !before) return refuse(refusals.rien_a_annuler)
      desaccord = { conflits: suite.conflits, autres: suite.autres, fusion: fusionner(after, copie.modele, before) }
      return refuse(refusals.conflit)
    },
    refusal => (desaccord ? montrerConflit(ctx, desaccord) : again(refusal)),
  )
}
