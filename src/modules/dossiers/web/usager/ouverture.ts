import { sql } from 'kysely'
import { sealedSecret, sessionCookieName } from '../../../../platform/auth/sessions.ts'
import { inScope, isUniqueViolation, type Tx } from '../../../../platform/db/open.ts'
import { onceRefusals } from '../../../../platform/http/once.ts'
import { type Answer, type Context, type CookieChange, notFound, redirect, refused, type Visitor } from '../../../../platform/http/route.ts'
import type { Demarche } from '../../../demarches/index.ts'
import {
  type Acceptation,
  aucuneReponse,
  type Env,
  type Erreur,
  type Etape,
  parcours,
  type Reponses,
  setPieces,
} from '../../../formulaires/index.ts'
import { enregistrerReponses, ouvrirBrouillon } from '../../commands/brouillon.ts'
import { piecesDe } from '../../pieces.ts'
import type { Provenances } from '../../provenances.ts'
import { dossierDeLaSession, dossierParId } from '../../queries/dossier.ts'
import type { DossierRow, Report } from '../../tables.ts'
import { donnerAcces, garder } from './acces.ts'
import { attendreVerification, type Envoi, joindre, reunir } from './pieces-recues.ts'

/** What a draft begins with: the first page as it was sent, or answers that come from elsewhere. */
export interface Debut {
  readonly demarche: Demarche
  readonly reponses: Reponses
  /** The first page, when it was sent. */
  readonly page?: PremierePage
  readonly provenances?: Provenances
  readonly report?: Report | null
  /** Where to go on, behind the address of the draft. */
  readonly suite: (reponses: Reponses) => string
}

/** The first page as it was sent. With documents, it opens a draft even when it is wrong: a photograph is not to be sent twice. */
export interface PremierePage {
  readonly etape: Etape
  readonly envoi: Envoi
  /** Reads what was typed, over these answers: the documents that came with it. */
  readonly lire: (reponses: Reponses) => Acceptation
  /** The page again, in its draft, with what is wrong. */
  readonly montrer: (dossier: DossierRow, reponses: Reponses, erreurs: readonly Erreur[]) => Promise<string>
}

/**
 * Opens a draft once for the key of its page: sent again (double click, answer lost on the way), it finds the same draft and the same session,
 * and the answers of the last first page sent count. Refuses a key that is not one, or that served for something else.
 */
export async function ouvrirUneFois(ctx: Context, debut: Debut, key: string): Promise<Answer> {
  if (!/^[\w-]{16,64}$/.test(key)) return refused(onceRefusals.cle_absente)
  for (let attempt = 0; ; attempt++) {
    try {
      const { answer, added, adresse } = await ouvrirOuRetrouver(ctx, debut, key)
      const isRefused = 'redirect' in answer && added.length > 0 && (await attendreVerification(ctx.app, ctx.tenant.id, added))
      return isRefused && debut.page ? redirect(`${adresse}/etapes/${debut.page.etape.id}`, answer.cookies) : answer
    } catch (error) {
      // The twin of a double click was first, with its key or with its session.
      const isTwin = isUniqueViolation(error, 'cle_idempotence_pkey') || isUniqueViolation(error, 'session_pkey')
      if (attempt > 0 || !isTwin) throw error
    }
  }
}

interface Fait {
  readonly answer: Answer
  /** The documents received, to be verified. */
  readonly added: readonly string[]
  /** Of the draft. */
  readonly adresse: string
}

async function ouvrirOuRetrouver(ctx: Context, debut: Debut, key: string): Promise<Fait> {
  const { app, tenant } = ctx
  const visitor = await ctx.visitor('usager')
  // The session of this draft can be made again from the key, which only this browser knows. Sessions are the territory's, keys a collectivité's.
  const secret = sealedSecret(app.secrets, app.secrets.macs('session-brouillon', `${tenant.id}|${key}`)[0]!.toString('base64url'))
  return inScope(app.db, { collectiviteId: tenant.id, personneId: visitor?.personneId ?? undefined }, async tx => {
    const known = await sql<{ emplacement: string; empreinte: string }>`select emplacement, empreinte from cle_idempotence
      where collectivite_id = ${tenant.id} and cle = ${key}`.execute(tx)
    if (known.rows[0]) return retrouver(ctx, tx, debut, known.rows[0], visitor, secret)
    const id = await ouvrir(ctx, tx, debut, visitor)
    const { cookies } = await donnerAcces(ctx, tx, visitor, id, secret)
    if (visitor?.personneId) await garder(ctx, tx, visitor.personneId, id)
    await sql`insert into cle_idempotence (collectivite_id, cle, empreinte, emplacement, creee_le) values (${tenant.id}, ${key}, 'brouillon', ${id}, ${app.clock.now()})`.execute(
      tx,
    )
    const { page, reponses, suite } = debut
    if (page && page.envoi.files.length > 0) return garderLaPage(ctx, tx, debut, (await dossierParId(tx, tenant.id, id))!, cookies)
    const adresse = `${tenant.base}/brouillons/${id}`
    return { answer: redirect(`${adresse}/${suite(reponses)}`, cookies), added: [], adresse }
  })
}

async function retrouver(
  ctx: Context,
  tx: Tx,
  debut: Debut,
  { emplacement: id, empreinte }: { emplacement: string; empreinte: string },
  visitor: Visitor | undefined,
  secret: string,
): Promise<Fait> {
  const { app, tenant } = ctx
  const { page } = debut
  const refuser = (answer: Answer): Fait => ({ answer, added: [], adresse: '' })
  const typed = page && Object.fromEntries(Object.entries(page.envoi.form.fields).filter(([name]) => !name.startsWith('_')))
  if (empreinte !== 'brouillon') return refuser(refused(onceRefusals.cle_autre, typed))
  // A page left open on a shared device: the key of one person does not let another's session write in their draft.
  const dossier = visitor ? await dossierDeLaSession(tx, tenant.id, id, visitor, true) : await dossierParId(tx, tenant.id, id, true)
  if (!dossier) return refuser(visitor ? refused(onceRefusals.cle_autre, typed) : refused(notFound))
  const again = visitor ? [] : [{ name: sessionCookieName(app, 'usager'), value: secret }]
  return garderLaPage(ctx, tx, debut, dossier, again)
}

/** Keeps the first page in its draft, with its documents and those that came with it before, and says where to go on. */
async function garderLaPage(
  { app, tenant }: Context,
  tx: Tx,
  { demarche, page, suite }: Debut,
  dossier: DossierRow,
  cookies: readonly CookieChange[],
): Promise<Fait> {
  const adresse = `${tenant.base}/brouillons/${dossier.id}`
  if (!page) return { answer: redirect(`${adresse}/${suite(dossier.reponses)}`, cookies), added: [], adresse }
  const { modele } = demarche
  const before = piecesDe(modele.formulaire, dossier.reponses).filter(({ etape }) => etape === page.etape.id)
  const withPieces = page.etape.champs.reduce((all, { id }) => {
    const pieces = before.filter(({ champ }) => champ === id).map(({ piece }) => piece)
    return pieces.length > 0 ? setPieces(modele.formulaire, all, id, pieces) : all
  }, aucuneReponse)
  const joined = await joindre(app, tx, tenant.id, modele, withPieces, page.etape, undefined, page.envoi)
  const accepted = page.lire(joined.reponses)
  const reponses = accepted.ok ? accepted.reponses : joined.reponses
  await enregistrerReponses(app, tx, tenant.id, dossier, reponses, page.etape.id)
  const erreurs = reunir(joined.erreurs, accepted.ok ? [] : accepted.erreurs)
  const { added } = joined
  if (erreurs.length > 0) return { answer: { html: await page.montrer(dossier, reponses, erreurs), status: 422, cookies }, added, adresse }
  return { answer: redirect(`${adresse}/${suite(reponses)}`, cookies), added, adresse }
}

async function ouvrir(
  { app, tenant }: Context,
  tx: Tx,
  { demarche, reponses, provenances, report }: Debut,
  visitor: Visitor | undefined,
): Promise<string> {
  const usagerId = visitor?.personneId ?? null
  const { id } = await ouvrirBrouillon(
    app,
    tx,
    tenant.id,
    demarche,
    reponses,
    { nature: 'usager', id: usagerId, canal: 'web' },
    { usagerId, ...(provenances ? { provenances } : {}), ...(report ? { report } : {}) },
  )
  return id
}

/** The page after an étape, among those that show: the next étape, or the check of all answers. Behind the address of the draft. */
export function suivante(modele: Demarche['modele'], reponses: Reponses, env: Env, etapeId: string): string {
  const etapes = parcours(modele.formulaire, reponses, env)
  const next = etapes[etapes.findIndex(e => e.etape.id === etapeId) + 1]
  return next ? `etapes/${next.etape.id}` : 'verification'
}

/** The first page that shows. */
export const premiereEtape = (modele: Demarche['modele'], reponses: Reponses, env: Env): string =>
  `etapes/${parcours(modele.formulaire, reponses, env)[0]?.etape.id}`
