import { sql } from 'kysely'
import { filesOf } from '../../../../platform/files/index.ts'
import type { Answer, Context, Route } from '../../../../platform/http/route.ts'
import { notFound, page, redirect, refused } from '../../../../platform/http/route.ts'
import { type Demarche, lireDemarche } from '../../../demarches/index.ts'
import {
  acceptEtape,
  addRow,
  aucuneReponse,
  type Erreur,
  type Etape,
  ineligibility,
  parcours,
  type Reponses,
  removeRow,
  setPieces,
} from '../../../formulaires/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { codeDuDossier } from '../../code.ts'
import { enregistrerReponses } from '../../commands/brouillon.ts'
import { envDuDossier } from '../../commands/deposer.ts'
import { noterChangementsLus } from '../../commands/reporter-brouillon.ts'
import { piecesDe } from '../../pieces.ts'
import { refusals } from '../../refusals.ts'
import type { DossierRow } from '../../tables.ts'
import { avecDossier, montrerDossier, type Ouvert } from './acces.ts'
import { pageEtape, pageLignes, type VueEtape } from './etape.page.tsx'
import { ouvrirUneFois, suivante } from './ouverture.ts'
import { attendreVerification, chercherReponses, type Envoi, envAvec, joindre, lireEnvoi, reunir } from './pieces-recues.ts'
import { repriseDe } from './reprendre.tsx'

const ROW_ID = /^[A-Za-z0-9-]{1,64}$/

/** GET: the first page of a démarche, for anybody. Nothing is kept until it is sent. */
async function voirPremiere(ctx: Context): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  const demarche = await lireDemarche(ctx.app, collectivite.id, ctx.params.demarche ?? '')
  if (!demarche) return refused(notFound)
  if (!demarche.estOuverte) return refused(refusals.demarche_fermee)
  return page(await pageEtape(ctx, { ...premiere(ctx, demarche), reprise: await repriseDe(ctx, demarche) }))
}

function premiere(ctx: Context, demarche: Demarche): VueEtape {
  const collectivite = collectiviteDe(ctx)
  const { modele } = demarche
  return {
    collectivite,
    modele,
    env: envDuDossier(ctx.app, collectivite, modele),
    reponses: aucuneReponse,
    etape: modele.formulaire.etapes[0]!,
    action: `${ctx.tenant.base}/demarches/${demarche.id}/commencer`,
  }
}

/**
 * POST of the first page: opens the draft. Sent again with the same key (double click, answer lost on the way), it finds the same draft and
 * the same session again, and the answers of the last sending count.
 */
async function commencer(ctx: Context): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  const demarche = await lireDemarche(ctx.app, collectivite.id, ctx.params.demarche ?? '')
  if (!demarche) return refused(notFound)
  if (!demarche.estOuverte) return refused(refusals.demarche_fermee, await ceQuiEtaitEcrit(ctx))
  const vue = premiere(ctx, demarche)
  const envoi = await chercherReponses(ctx, vue, vue.etape, undefined, await lireEnvoi(ctx, vue.etape))
  const { modele } = demarche
  const lire = (given: Reponses) => acceptEtape(modele.formulaire, vue.etape.id, envoi.form.fields, given, envAvec(vue.env, envoi))
  const isRefused = (given: Reponses) => ineligibility(modele.formulaire, given, vue.env).length > 0
  const accepted = lire(aucuneReponse)
  const reponses = accepted.ok ? accepted.reponses : aucuneReponse
  // With a document, the draft opens whatever is wrong: it is kept there.
  if (envoi.files.length === 0) {
    const erreurs = reunir(envoi.erreurs, accepted.ok ? [] : accepted.erreurs)
    if (erreurs.length > 0) return page(await pageEtape(ctx, { ...vue, erreurs, saisie: envoi.form.fields }), 422)
    if (isRefused(reponses)) return page(await pageEtape(ctx, { ...vue, reponses }), 422)
  }
  const key = envoi.form.secret('_cle', 80)
  if (!/^[\w-]{16,64}$/.test(key))
    return page(
      await pageEtape(ctx, {
        ...vue,
        saisie: envoi.form.fields,
        erreurs: [{ champ: '', message: 'Cette page était incomplète. Envoyez-la de nouveau.' }],
      }),
      400,
    )
  const montrer = (dossier: DossierRow, kept: Reponses, wrong: readonly Erreur[]) => {
    const base = `${ctx.tenant.base}/brouillons/${dossier.id}`
    const brouillon = { base, reference: dossier.reference, code: codeDuDossier(ctx.app.secrets, dossier) }
    const action = `${base}/etapes/${vue.etape.id}`
    return pageEtape(ctx, { ...vue, reponses: kept, erreurs: wrong, saisie: envoi.form.fields, action, brouillon })
  }
  return ouvrirUneFois(
    ctx,
    {
      demarche,
      reponses,
      page: { etape: vue.etape, envoi, lire, montrer },
      suite: kept => (isRefused(kept) ? `etapes/${vue.etape.id}` : suivante(modele, kept, vue.env, vue.etape.id)),
    },
    key,
  )
}

const baseDe = (ouvert: Ouvert) => `${ouvert.collectivite.base}/brouillons/${ouvert.dossier.id}`
// Never the path asked for: with a host name of its own, a collectivité's addresses do not begin with its segment.
const adresseDe = (ouvert: Ouvert, etape: Etape, rowId: string | undefined) =>
  `${baseDe(ouvert)}/etapes/${etape.id}${rowId ? `/lignes/${rowId}` : ''}`

/** The étape of the route, when it shows with the answers given; undefined otherwise. */
function etapeDe(ctx: Context, ouvert: Ouvert) {
  return parcours(ouvert.modele.formulaire, ouvert.dossier.reponses, ouvert.env).find(e => e.etape.id === ctx.params.etape)
}

function vueDe(
  ctx: Context,
  ouvert: Ouvert,
  etape: Etape,
  rowId: string | undefined,
): VueEtape & { brouillon: NonNullable<VueEtape['brouillon']> } {
  const base = baseDe(ouvert)
  const etapes = parcours(ouvert.modele.formulaire, ouvert.dossier.reponses, ouvert.env)
  const before = etapes[etapes.findIndex(e => e.etape.id === etape.id) - 1]
  const retour = ctx.query.line('retour', 20) === 'verification' ? '?retour=verification' : ''
  return {
    collectivite: ouvert.collectivite,
    modele: ouvert.modele,
    env: ouvert.env,
    reponses: ouvert.dossier.reponses,
    etape,
    rowId,
    action: `${adresseDe(ouvert, etape, rowId)}${retour}`,
    report: ouvert.dossier.report,
    provenances: ouvert.dossier.provenances,
    essai: ouvert.dossier.essai ? ouvert.dossier.demarche_id : undefined,
    brouillon: { base, reference: ouvert.dossier.reference, code: codeDuDossier(ctx.app.secrets, ouvert.dossier) },
    precedent:
      rowId && (ouvert.dossier.reponses.lignes[etape.id] ?? []).length > 0
        ? `${base}/etapes/${etape.id}`
        : before
          ? `${base}/etapes/${before.etape.id}`
          : undefined,
  }
}

/** Refused documents are told on the page that holds them, whenever their verification ended. */
async function erreursDePieces(ouvert: Ouvert, etape: Etape, rowId: string | undefined): Promise<Erreur[]> {
  const here = piecesDe(ouvert.modele.formulaire, ouvert.dossier.reponses).filter(p => p.etape === etape.id && p.rowId === rowId)
  const files = await filesOf(
    ouvert.tx,
    ouvert.collectivite.id,
    here.map(p => p.piece.id),
  )
  return files.flatMap(file => {
    const place = here.find(p => p.piece.id === file.fichierId)
    return file.state === 'refuse' && place
      ? [
          {
            champ: place.champ,
            message: `« ${file.name} » n’a pas pu être gardé. ${file.motif ?? ''} Retirez-le, puis joignez-en un autre.`,
          },
        ]
      : []
  })
}

/** GET of an étape of a draft. */
async function voirEtape(ctx: Context): Promise<Answer> {
  const answer = await montrerDossier(ctx, async ouvert => {
    if (ouvert.dossier.etat !== 'brouillon') return redirect(`${ouvert.collectivite.base}/dossiers/${ouvert.dossier.id}`)
    const seen = etapeDe(ctx, ouvert)
    if (!seen) return redirect(`${baseDe(ouvert)}/verification`)
    const rowId = ctx.params.ligne
    if (rowId !== undefined && (!seen.etape.repetition || !ROW_ID.test(rowId))) return refused(notFound)
    if (seen.etape.repetition && rowId === undefined)
      return page(await pageLignes(ctx, { ...vueDe(ctx, ouvert, seen.etape, undefined), lignes: seen.lignes }))
    const vue = vueDe(ctx, ouvert, seen.etape, rowId)
    const reponses = rowId ? (addRow(ouvert.modele.formulaire, vue.reponses, seen.etape.id, rowId) ?? vue.reponses) : vue.reponses
    return page(await pageEtape(ctx, { ...vue, reponses, erreurs: await erreursDePieces(ouvert, seen.etape, rowId) }))
  })
  return answer ?? refused(notFound)
}

/** POST of an étape: keeps it and goes on. Saving is idempotent by itself: the last answers sent count. */
async function enregistrerEtape(ctx: Context): Promise<Answer> {
  const before = await avecDossier(ctx, 'lire', async ouvert => ({ etape: etapeDe(ctx, ouvert)?.etape, ouvert }))
  if (!before) return refused(notFound)
  if (before.ouvert.dossier.etat !== 'brouillon') return redirect(`${before.ouvert.collectivite.base}/dossiers/${before.ouvert.dossier.id}`)
  if (!before.etape) {
    // The page was of a revision, or of answers, that another tab has since left: what was typed is shown, nothing is lost.
    return refused(refusals.etape_disparue, await ceQuiEtaitEcrit(ctx))
  }
  const rowId = ctx.params.ligne
  if (rowId !== undefined && (!before.etape.repetition || !ROW_ID.test(rowId))) return refused(notFound)
  const { modele, env, dossier } = before.ouvert
  const vue = { modele, env, reponses: dossier.reponses }
  const envoi = await chercherReponses(ctx, vue, before.etape, rowId, await lireEnvoi(ctx, before.etape))
  const saved = await avecDossier(ctx, 'changer', ouvert => garderEtape(ctx, ouvert, before.etape!, rowId, envoi))
  if (!saved) return refused(notFound)
  if (saved.added.length > 0 && 'redirect' in saved.answer && (await attendreVerification(ctx.app, ctx.tenant.id, saved.added))) {
    return redirect(adresseDe(before.ouvert, before.etape, rowId))
  }
  return saved.answer
}

/** What was typed on a page that is no longer read, to be shown. */
async function ceQuiEtaitEcrit(ctx: Context) {
  const { form } = await lireEnvoi(ctx, { champs: [] })
  return Object.fromEntries(Object.entries(form.fields).filter(([name, value]) => !name.startsWith('_') && value.length > 0))
}

async function garderEtape(
  ctx: Context,
  ouvert: Ouvert,
  etape: Etape,
  rowId: string | undefined,
  envoi: Envoi,
): Promise<{ answer: Answer; added: string[] }> {
  const { app } = ctx
  const { modele, dossier, env, tx, collectivite } = ouvert
  const withRow = rowId ? addRow(modele.formulaire, dossier.reponses, etape.id, rowId) : dossier.reponses
  const joined = await joindre(app, tx, collectivite.id, modele, withRow ?? dossier.reponses, etape, rowId, envoi)
  const accepted = acceptEtape(modele.formulaire, etape.id, envoi.form.fields, joined.reponses, envAvec(env, envoi), rowId)
  const erreurs = reunir(joined.erreurs, accepted.ok ? [] : accepted.erreurs)
  if (!accepted.ok || erreurs.length > 0) {
    // The files that came with a wrong page are kept: a photograph over a bad network is not to be sent twice.
    if (joined.added.length > 0) await enregistrerReponses(app, tx, collectivite.id, dossier, joined.reponses, etape.id)
    const current = { ...ouvert, dossier: { ...dossier, reponses: joined.reponses } }
    const vue = vueDe(ctx, current, etape, rowId)
    if (etape.repetition && !rowId) {
      const seen = parcours(modele.formulaire, joined.reponses, env).find(e => e.etape.id === etape.id)
      return { answer: page(await pageLignes(ctx, { ...vue, erreurs, lignes: seen?.lignes ?? [] }), 422), added: joined.added }
    }
    return { answer: page(await pageEtape(ctx, { ...vue, erreurs, saisie: envoi.form.fields }), 422), added: joined.added }
  }
  if (!(await enregistrerReponses(app, tx, collectivite.id, dossier, accepted.reponses, etape.id)))
    return { answer: refused(refusals.etat_change), added: [] }
  const base = baseDe(ouvert)
  if (ineligibility(modele.formulaire, accepted.reponses, env).length > 0)
    return { answer: redirect(adresseDe(ouvert, etape, rowId)), added: joined.added }
  const after = rowId ? `${base}/etapes/${etape.id}` : `${base}/${suivante(modele, accepted.reponses, env, etape.id)}`
  const next = ctx.query.line('retour', 20) === 'verification' ? `${base}/verification` : after
  return { answer: redirect(next), added: joined.added }
}

/** POST: takes a row away. */
async function retirerLigne(ctx: Context): Promise<Answer> {
  const answer = await avecDossier(ctx, 'changer', async ouvert => {
    const etape = etapeDe(ctx, ouvert)?.etape
    if (!etape?.repetition) return refused(notFound)
    await enregistrerReponses(
      ctx.app,
      ouvert.tx,
      ouvert.collectivite.id,
      ouvert.dossier,
      removeRow(ouvert.dossier.reponses, etape.id, ctx.params.ligne ?? ''),
    )
    return redirect(adresseDe(ouvert, etape, undefined))
  })
  return answer ?? refused(notFound)
}

/** POST: the person has read what changed in the démarche. */
async function lireChangements(ctx: Context): Promise<Answer> {
  const answer = await avecDossier(ctx, 'changer', async ouvert => {
    await noterChangementsLus(ouvert.tx, ouvert.collectivite.id, ouvert.dossier)
    return redirect(`${baseDe(ouvert)}/verification`)
  })
  return answer ?? refused(notFound)
}

/** POST: takes a document away. Its bytes go with the next sweep, its key with the row. */
async function retirerPiece(ctx: Context): Promise<Answer> {
  const before = await avecDossier(ctx, 'lire', async ouvert => ({ ouvert, etape: etapeDe(ctx, ouvert)?.etape }))
  if (!before?.etape) return refused(notFound)
  const vue = { modele: before.ouvert.modele, env: before.ouvert.env, reponses: before.ouvert.dossier.reponses }
  const envoi = await chercherReponses(ctx, vue, before.etape, ctx.params.ligne, await lireEnvoi(ctx, before.etape))
  const { form } = envoi
  const id = form.line('retirer', 60)
  const answer = await avecDossier(ctx, 'changer', async ouvert => {
    const { modele, dossier, tx, collectivite } = ouvert
    const place = piecesDe(modele.formulaire, dossier.reponses).find(p => p.piece.id === id && p.etape === ctx.params.etape)
    const rowId = ctx.params.ligne
    const etape = etapeDe(ctx, ouvert)?.etape
    if (!etape || (rowId !== undefined && !ROW_ID.test(rowId))) return refused(notFound)
    const backTo = adresseDe(ouvert, etape, rowId)
    const back = redirect(backTo)
    if (!place || place.rowId !== rowId || dossier.etat !== 'brouillon') return back
    const rest = piecesDe(modele.formulaire, dossier.reponses).filter(
      p => p.champ === place.champ && p.rowId === rowId && p.piece.id !== id,
    )
    const without = setPieces(
      modele.formulaire,
      dossier.reponses,
      place.champ,
      rest.map(p => p.piece),
      rowId,
    )
    // What was typed on the page came with the button: it is kept, or shown again when it cannot be yet.
    const accepted = acceptEtape(modele.formulaire, etape.id, form.fields, without, envAvec(ouvert.env, envoi), rowId)
    const reponses = accepted.ok ? accepted.reponses : without
    if (await enregistrerReponses(ctx.app, tx, collectivite.id, dossier, reponses)) {
      await sql`delete from fichier where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx)
    }
    if (accepted.ok) return back
    const current = { ...ouvert, dossier: { ...dossier, reponses } }
    return page(await pageEtape(ctx, { ...vueDe(ctx, current, etape, rowId), action: backTo, saisie: form.fields }))
  })
  return answer ?? refused(notFound)
}

const usager = { kind: 'usager' } as const
const route = (method: 'GET' | 'POST', path: string, handle: Route['handle'], body?: 'files'): Route => ({
  method,
  path,
  scope: 'collectivite',
  access: usager,
  handle,
  ...(body ? { body } : {}),
})

/** The pages of a form, from the first question to the last. */
export const routesFormulaire: readonly Route[] = [
  { method: 'GET', path: '/demarches/:demarche/commencer', scope: 'collectivite', access: { kind: 'public' }, handle: voirPremiere },
  {
    method: 'POST',
    path: '/demarches/:demarche/commencer',
    scope: 'collectivite',
    access: { kind: 'public' },
    body: 'files',
    perIp: 120,
    handle: commencer,
  },
  route('GET', '/brouillons/:id/etapes/:etape', voirEtape),
  route('POST', '/brouillons/:id/etapes/:etape', enregistrerEtape, 'files'),
  route('GET', '/brouillons/:id/etapes/:etape/lignes/:ligne', voirEtape),
  route('POST', '/brouillons/:id/etapes/:etape/lignes/:ligne', enregistrerEtape, 'files'),
  route('POST', '/brouillons/:id/etapes/:etape/lignes/:ligne/suppression', retirerLigne),
  route('POST', '/brouillons/:id/changements', lireChangements),
  route('POST', '/brouillons/:id/etapes/:etape/pieces', retirerPiece, 'files'),
  route('POST', '/brouillons/:id/etapes/:etape/lignes/:ligne/pieces', retirerPiece, 'files'),
]
