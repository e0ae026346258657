import { sql } from 'kysely'
import { openSession } from '../../../../platform/auth/sessions.ts'
import { inScope, readInScope, type Tx } from '../../../../platform/db/open.ts'
import type { Context, CookieChange, Visitor } from '../../../../platform/http/route.ts'
import { isUuid } from '../../../../platform/ids.ts'
import { demarche, demarcheConnue, type Modele, modelePublie } from '../../../demarches/index.ts'
import type { Env } from '../../../formulaires/index.ts'
import { type Collectivite, collectiviteDe } from '../../../territoire/index.ts'
import type { Auteur } from '../../commands/advance.ts'
import { restaurer } from '../../commands/cacher.ts'
import { envDuDossier } from '../../commands/deposer.ts'
import { reporterBrouillon } from '../../commands/reporter-brouillon.ts'
import { dossierDeLaSession } from '../../queries/dossier.ts'
import type { DossierRow } from '../../tables.ts'

/** A dossier in the hands of the resident who opened it. */
export interface Ouvert {
  readonly tx: Tx
  readonly collectivite: Collectivite
  readonly dossier: DossierRow
  readonly modele: Modele
  readonly env: Env
  readonly auteur: Auteur
  readonly visitor: Visitor
  /** Whether the draft has just been carried over to another revision of its démarche. */
  readonly estReporte: boolean
}

/**
 * `voir` and `deposer` carry a draft over to the present revision of its démarche; `lire` and `changer` take it as it is, since what is sent
 * was asked by the revision of its page. `changer` and `deposer` lock it.
 */
export type Acces = 'voir' | 'lire' | 'changer' | 'deposer'

/** Loads the dossier of the route for the resident in front of it, inside an open transaction; undefined when it is not theirs. */
export async function ouvrirPour(ctx: Context, tx: Tx, visitor: Visitor, acces: Acces): Promise<Ouvert | undefined> {
  const collectivite = collectiviteDe(ctx)
  const id = ctx.params.id
  const dossier = isUuid(id)
    ? await dossierDeLaSession(tx, collectivite.id, id, visitor, acces === 'changer' || acces === 'deposer')
    : undefined
  if (!dossier) return undefined
  const found = await aJour(ctx, tx, dossier, acces)
  const { modele } = found
  const env = envDuDossier(ctx.app, collectivite, modele)
  const ouvert: Ouvert = { tx, collectivite, ...found, env, visitor, auteur: { nature: 'usager', id: visitor.personneId, canal: 'web' } }
  return acces === 'lire' ? ouvert : sorti(ctx, ouvert)
}

const estSurLeDepart = ({ etat, cache_le }: DossierRow): boolean => etat === 'brouillon' && cache_le !== null

/** A draft that was about to be erased stays, since its person is back. */
async function sorti(ctx: Context, ouvert: Ouvert): Promise<Ouvert> {
  const { dossier } = ouvert
  if (!estSurLeDepart(dossier)) return ouvert
  const done = await restaurer({ app: ctx.app, ...ouvert })
  return done.ok ? { ...ouvert, dossier: { ...dossier, cache_le: null, version: done.value.rang } } : ouvert
}

/** The newer revision of its démarche in which a draft goes on, when there is one; a dossier filed keeps its own for ever. */
async function revisionSuivante(
  ctx: Context,
  tx: Tx,
  { demarche_id, etat, essai, revision }: DossierRow,
  lire: typeof demarcheConnue = demarcheConnue,
) {
  if (etat !== 'brouillon' || essai) return undefined
  const offre = await lire(ctx.app, tx, ctx.tenant.id, demarche_id)
  return offre && offre.revision > revision ? offre : undefined
}

// What is filed is filed in the revision of the moment, not in the one that this process remembers.
const relue: typeof demarcheConnue = (_app, tx, collectiviteId, demarcheId) => demarche(tx, collectiviteId, demarcheId)

async function aJour(ctx: Context, tx: Tx, dossier: DossierRow, acces: Acces): Promise<Pick<Ouvert, 'dossier' | 'modele' | 'estReporte'>> {
  const modele = await modelePublie(tx, dossier.definition)
  const offre =
    acces === 'lire' || acces === 'changer'
      ? undefined
      : await revisionSuivante(ctx, tx, dossier, acces === 'deposer' ? relue : demarcheConnue)
  if (!offre) return { dossier, modele, estReporte: false }
  const carried = await reporterBrouillon(ctx.app, tx, ctx.tenant.id, dossier, modele, offre)
  return { dossier: carried, modele: offre.modele, estReporte: true }
}

/** Runs `work` on the dossier of the route in one transaction; undefined when the visitor may not open it (nothing tells why). */
export async function avecDossier<T>(ctx: Context, acces: Acces, work: (ouvert: Ouvert) => Promise<T>): Promise<T | undefined> {
  const visitor = await ctx.visitor('usager')
  if (!visitor) return undefined
  return inScope(ctx.app.db, scopeDe(ctx, visitor), async tx => {
    const ouvert = await ouvrirPour(ctx, tx, visitor, acces)
    return ouvert && work(ouvert)
  })
}

const scopeDe = (ctx: Context, visitor: Visitor) => ({ collectiviteId: ctx.tenant.id, personneId: visitor.personneId ?? undefined })

/**
 * The same for a page that only shows (`voir`): read without a transaction when nothing is to be written first, which is nearly always. `work` must
 * not write.
 */
export async function montrerDossier<T>(ctx: Context, work: (ouvert: Ouvert) => Promise<T>): Promise<T | undefined> {
  const visitor = await ctx.visitor('usager')
  if (!visitor) return undefined
  const seen = await readInScope(ctx.app.db, scopeDe(ctx, visitor), async tx => {
    const ouvert = await ouvrirPour(ctx, tx, visitor, 'lire')
    if (!ouvert) return { answer: undefined }
    const isFirstWritten = estSurLeDepart(ouvert.dossier) || (await revisionSuivante(ctx, tx, ouvert.dossier))
    return isFirstWritten ? undefined : { answer: await work(ouvert) }
  })
  return seen ? seen.answer : avecDossier(ctx, 'voir', work)
}

/** Lets a session open a dossier, opening an anonymous session first when there is none. Gives the cookies to set. */
export async function donnerAcces(
  ctx: Context,
  tx: Tx,
  visitor: Visitor | undefined,
  dossierId: string,
  secret?: string,
): Promise<{ cookies: CookieChange[] }> {
  let sessionHash = visitor?.sessionHash
  const cookies: CookieChange[] = []
  if (!sessionHash) {
    const opened = await openSession(ctx.app, tx, { nature: 'usager', host: ctx.host, ...(secret ? { secret } : {}) })
    sessionHash = opened.sessionHash
    cookies.push(opened.cookie)
  }
  await sql`insert into acces_dossier (collectivite_id, session_empreinte, dossier_id, ouvert_le)
    values (${ctx.tenant.id}, ${sessionHash}, ${dossierId}, ${ctx.app.clock.now()}) on conflict do nothing`.execute(tx)
  if (visitor?.personneId) await garder(ctx, tx, visitor.personneId, dossierId)
  return { cookies }
}

/** Keeps a dossier in « mes dossiers » of a person. */
export async function garder(ctx: Context, tx: Tx, usagerId: string, dossierId: string): Promise<void> {
  await sql`insert into dossier_usager (collectivite_id, usager_id, dossier_id, ajoute_le)
    values (${ctx.tenant.id}, ${usagerId}, ${dossierId}, ${ctx.app.clock.now()}) on conflict do nothing`.execute(tx)
}
