import { inTenant } from '../../../../platform/db/open.ts'
import type { Answer, Context } from '../../../../platform/http/route.ts'
import { type Refusal, refuse } from '../../../../platform/refusal.ts'
import { acceptEtape, type Erreur, type Etape, parcours, type Reponses, setPieces } from '../../../formulaires/index.ts'
import { annotable, annotationsManquantes, annoter, envDesAnnotations } from '../../commands/annoter.ts'
import type { Cas } from '../../commands/instruire.ts'
import { refusals } from '../../refusals.ts'
import { sansCorps } from '../fichiers-joints.ts'
import { chercherReponses, envAvec, joindre, lireEnvoi, reunir } from '../usager/pieces-recues.ts'
import { agir, casDeLaRoute, lire } from './acces.ts'
import type { AnnotationsVues } from './annotations-section.tsx'

/** What agents note on a dossier, ready to be shown; undefined when nothing is reserved to them. */
export async function annotationsVues(ctx: Context, cas: Cas, refusee?: AnnotationsVues['refusee']): Promise<AnnotationsVues | undefined> {
  const found = await annotable(cas)
  if (!found) return undefined
  const env = envDesAnnotations(cas)
  const missing = await annotationsManquantes(cas)
  const visible = parcours(found.formulaire, found.reponses, env).filter(({ etape }) => etape.reservee)
  return {
    ...{ ...found, env, refusee },
    etapes: visible.map(({ etape }) => ({ etape, manque: missing.filter(one => one.etape === etape.id).length })),
    peutAnnoter: ctx.agent.permissions.has('dossiers.instruire') && !cas.dossier.cache_le,
  }
}

/** The étape of the route, when it is reserved to agents and concerns this dossier. */
async function ouvrir(ctx: Context, cas: Cas) {
  const found = await annotable(cas)
  const env = envDesAnnotations(cas)
  const seen = found && parcours(found.formulaire, found.reponses, env).find(({ etape }) => etape.reservee && etape.id === ctx.params.etape)
  return found && seen && { ...found, env, etape: seen.etape }
}

/**
 * POST …/annotations/:etape: what an agent noted, read by the engine of forms; `montrer` shows the dossier again with what was typed.
 * Nothing is kept while something is wrong.
 */
export async function enregistrerAnnotations(
  ctx: Context,
  montrer: (cas: Cas, refusal: Refusal, refusee: AnnotationsVues['refusee']) => Promise<Answer>,
): Promise<Answer> {
  const before = await inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const cas = await casDeLaRoute(ctx, tx)
    const at = cas && (await ouvrir(ctx, cas))
    return at && { ...at, modele: { ...cas.modele, formulaire: at.formulaire } }
  })
  if (!before) return sansCorps(ctx)
  const { etape } = before
  const envoi = await chercherReponses(ctx, before, etape, undefined, await lireEnvoi(ctx, etape))
  const { form } = envoi
  let erreurs: readonly Erreur[] = []
  return agir(
    ctx,
    'annotations',
    async cas => {
      const now = await ouvrir(ctx, cas)
      if (!now) return refuse(refusals.etat_change)
      const base = sansPiece(now.formulaire, etape, now.reponses, form.line('retirer', 60))
      const modele = { ...cas.modele, formulaire: now.formulaire }
      const joined = await joindre(ctx.app, cas.tx, ctx.tenant.id, modele, base, etape, undefined, envoi)
      const accepted = acceptEtape(now.formulaire, etape.id, form.fields, joined.reponses, envAvec(now.env, envoi))
      erreurs = reunir(joined.erreurs, accepted.ok ? [] : accepted.erreurs)
      if (!accepted.ok || erreurs.length > 0) return refuse({ ...refusals.annotations_refusees, field: erreurs[0]?.champ ?? '' })
      return annoter(cas, etape.id, now.formulaire, accepted.reponses)
    },
    refusal => lire(ctx, cas => montrer(cas, refusal, { etape: etape.id, saisie: form.fields, erreurs })),
    { form, fichiers: envoi.files.map(({ received }) => received.sha256.toString('hex')) },
  )
}

/** The answers without a file that the agent takes away. */
function sansPiece(formulaire: Parameters<typeof setPieces>[0], etape: Etape, reponses: Reponses, id: string): Reponses {
  return etape.champs.reduce((current, champ) => {
    const value = champ.type === 'piece' ? current.champs[champ.id] : undefined
    if (!Array.isArray(value)) return current
    const pieces = (value as { id: string; nom: string; tailleOctets: number }[]).filter(piece => piece.id !== id)
    return pieces.length < value.length ? setPieces(formulaire, current, champ.id, pieces) : current
  }, reponses)
}
