import type { VNode } from 'preact'
import { renderFragment } from '../../../../platform/html/render.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { Notice } from '../../../../ui/index.ts'
import { aucuneReponse, ChampsDeLEtape, definitions, type Env } from '../../../formulaires/index.ts'
import { listesDe } from '../../../referentiels/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { envDe, type Modele } from '../../demarche.ts'
import { aujourdhuiDe, envoiDe, pageDEdition } from './cadre.tsx'
import { PageDuChamp } from './champ.page.tsx'
import { adresseDeLEdition, enregistrer, lireLeChantier } from './chantier.ts'
import { etatDe, etatSaisi, sujetsPour } from './condition.ts'
import { changerChamp } from './lire-champ.ts'
import { enSomme, lignesSaisies } from './somme.ts'

/** GET …/edition/champs/:champ: one question. */
export const montrerChamp = (ctx: Context): Promise<Answer> => pageDuChamp(ctx)

function pageDuChamp(ctx: Context, refusal?: Refusal): Promise<Answer> {
  return lireLeChantier(ctx, async (tx, chantier) => {
    const { modele } = chantier
    const { formulaire } = modele
    const listes = await listesDe(tx, ctx.tenant.id)
    const place = definitions.indexDe(formulaire).champs.get(ctx.params.champ ?? '')
    if (!place) return refused(notFound)
    const { champ, etape } = place
    const { form } = ctx
    const stored = etatDe(champ.visibleSi, formulaire)
    const sums = champ.type === 'calcul' ? enSomme(champ.expression) : null
    return pageDEdition(ctx, tx, chantier, {
      title: champ.libelle,
      refusal,
      wide: true,
      children: (
        <PageDuChamp
          adresse={adresseDeLEdition(ctx)}
          champ={champ}
          formulaire={formulaire}
          etapeId={etape.id}
          envoi={envoiDe(ctx, chantier, refusal)}
          saisie={refusal ? name => (form.has(name) ? form.text(name, 20_000) : undefined) : undefined}
          listes={listes.map(({ id, nom }) => ({ value: id, label: nom }))}
          listesHref={`${ctx.tenant.base}/agent/referentiels`}
          sortes={refusal ? form.all('E-sortes', 10) : ('sortes' in champ && champ.sortes) || ['pdf', 'image']}
          condition={refusal ? etatSaisi(form, 'C', stored, formulaire) : stored}
          sujets={sujetsPour(formulaire, id => seLit(id, champ.id, formulaire))}
          calcul={refusal && sums ? lignesSaisies(form, 'S') : sums}
          erreur={refusal?.field ? { champ: refusal.field, message: refusal.sentence } : undefined}
          apercu={unChamp(champ, modele, envDApercu(ctx, modele))}
        />
      ),
    })
  })
}

/** Whether the condition of a question may read another: one asked before it, and not in the rows of another page. */
function seLit(id: string, of: string, formulaire: Modele['formulaire']): boolean {
  const { champs } = definitions.indexDe(formulaire)
  const [read, own] = [champs.get(id), champs.get(of)]
  if (!read || !own || id === of || (read.etape.reservee && !own.etape.reservee) || (read.etape.repetition && read.etape !== own.etape))
    return false
  const isBefore = own.etape.reservee && !read.etape.reservee
  return isBefore || read.rang < own.rang || read.champ.type === 'calcul'
}

/** POST …/edition/champs/:champ. */
export const changerLeChamp = (ctx: Context): Promise<Answer> => {
  const id = ctx.params.champ ?? ''
  return enregistrer(
    ctx,
    (modele, reserves) => changerChamp(modele, id, ctx.form, reserves),
    () => `${adresseDeLEdition(ctx)}/champs/${id}`,
    refusal => pageDuChamp(ctx, refusal),
  )
}

/** POST …/edition/champs/:champ/apercu: the question as it is typed, to be shown beside it. Nothing is saved. */
export const montrerApercuDuChamp = (ctx: Context): Promise<Answer> =>
  lireLeChantier(ctx, async (_, { modele }) => {
    const id = ctx.params.champ ?? ''
    const stored = definitions.indexDe(modele.formulaire).champs.get(id)?.champ
    if (!stored) return refused(notFound)
    const typed = changerChamp(modele, id, ctx.form, [])
    const champ = (typed.ok && definitions.indexDe(typed.modele.formulaire).champs.get(id)?.champ) || stored
    // A piece of a page, never a page by itself: no browser shows it as one.
    return { bytes: renderFragment(unChamp(champ, modele, envDApercu(ctx, modele))), type: 'text/plain; charset=utf-8' }
  })

/** The facts of a preview: today, the commune, its settings. */
export function envDApercu(ctx: Context, modele: Modele): Env {
  const { nom, code, epciCode, departement, region, population } = collectiviteDe(ctx)
  return envDe(modele, aujourdhuiDe(ctx), {
    nom,
    insee: code,
    epci: epciCode ?? '',
    departement: departement ?? '',
    region: region ?? '',
    population: population ?? 0,
  })
}

/** A question alone, without its condition, as a resident sees it. */
function unChamp(champ: definitions.Champ, { formulaire }: Modele, env: Env): VNode {
  if (champ.type === 'calcul')
    return (
      <Notice title={`${champ.libelle} : calculé selon les réponses`}>
        <p>{champ.explication}</p>
      </Notice>
    )
  const { visibleSi: _, ...alone } = champ
  const etape = { id: 'apercu', titre: 'Aperçu', champs: [alone as definitions.Champ, ...(champ.type === 'section' ? [suite] : [])] }
  const seul = { ...(formulaire.parametres ? { parametres: formulaire.parametres } : {}), etapes: [etape] }
  return <ChampsDeLEtape formulaire={seul} etape={etape} reponses={aucuneReponse} env={env} />
}

// A heading shows only with something under it.
const suite: definitions.Champ = { id: 'suiteDeLaSection', type: 'explication', libelle: 'Suite', texte: 'Les questions qui suivent.' }
