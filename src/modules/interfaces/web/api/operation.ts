import { createHash } from 'node:crypto'
import * as z from 'zod'
import { payloadHash, record } from '../../../../platform/audit/journal.ts'
import type { Tx } from '../../../../platform/db/open.ts'
import { type Answer, type Context, type Route, refused } from '../../../../platform/http/route.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import type { Droit, Jeton } from '../../jeton.ts'
import { authentifier } from '../../queries/jetons.ts'
import { refusals } from '../../refusals.ts'

/** A call that was let in: its token, its query and its body as their schemas read them. */
export interface Appel<Requete = unknown, Corps = unknown> {
  readonly ctx: Context
  readonly jeton: Jeton
  readonly requete: Requete
  readonly corps: Corps
}

/** One address of the API. The route that serves it and the page that describes it are made from the same object: neither can say anything else. */
export interface Operation {
  readonly id: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** The right that a token must give; null: any token; 'public': none is needed. */
  readonly droit: Droit | null | 'public'
  readonly titre: string
  readonly detail?: string
  readonly requete?: z.ZodObject
  readonly corps?: z.ZodType
  readonly statut: 200 | 201
  /** What it answers; 'fichier': the bytes of a document. */
  readonly reponse: z.ZodType | 'fichier'
  /** Changes a dossier: asks for `If-Match` and `Idempotency-Key`. */
  readonly agit?: true
  readonly route: Route
}

type Declaration<R extends z.ZodObject, B extends z.ZodType> = Omit<Operation, 'route' | 'requete' | 'corps'> & {
  readonly requete?: R
  readonly corps?: B
  readonly faire: (appel: Appel<z.infer<R>, z.infer<B>>) => Promise<Answer>
}

/** An operation for tokens: who calls is checked, then the query and the body, then it is done. */
export function operation<R extends z.ZodObject, B extends z.ZodType>({ faire, ...op }: Declaration<R, B>): Operation {
  const droit = op.droit === 'public' ? null : op.droit
  return {
    ...op,
    route: {
      method: op.method,
      path: op.path,
      scope: 'collectivite',
      access: { kind: 'jeton', droit },
      format: 'json',
      ...(op.corps ? { body: 'json' as const } : {}),
      handle: async ctx => {
        const entre = await authentifier(ctx.app, collectiviteDe(ctx), { entete: ctx.header('authorization'), ip: ctx.ip, droit })
        if (!entre.ok) return refuser(entre.refusal)
        const requete = op.requete?.safeParse({ ...ctx.query.fields }, EN_FRANCAIS)
        if (requete && !requete.success) return erreursDe(refusals.requete_invalide, requete.error)
        const corps = op.corps?.safeParse(ctx.json, EN_FRANCAIS)
        if (corps && !corps.success) return erreursDe(refusals.corps_invalide, corps.error)
        return faire({ ctx, jeton: entre.value, requete: requete?.data as z.infer<R>, corps: corps?.data as z.infer<B> })
      },
    },
  }
}

/** An operation that anybody may call: its route is served as it is. */
export const operationPublique = (
  op: Omit<Operation, 'droit' | 'route'> & { readonly route: Omit<Route, 'method' | 'path'> },
): Operation => ({
  ...op,
  droit: 'public',
  route: { ...op.route, method: op.method, path: op.path },
})

/** The answer to a refused call, with the headers that its status asks for (RFC 6750 §3, RFC 9110 §10.2.3). */
export function refuser(refusal: Refusal): Answer {
  const answer = refused(refusal)
  if (refusal.status === 401) return { ...answer, headers: { 'www-authenticate': 'Bearer realm="Parvis"' } }
  return refusal.code === refusals.trop_appels.code ? { ...answer, headers: { 'retry-after': '60' } } : answer
}

const EN_FRANCAIS = { error: z.locales.fr().localeError }

function erreursDe({ code, sentence, status }: Refusal, error: z.ZodError): Answer {
  const erreurs = error.issues.slice(0, 20).map(({ path, message }) => ({ chemin: path.map(String).join('.'), message }))
  return { json: { code, message: sentence, erreurs }, status }
}

/** A reading by another program, in the journal of the collectivité. */
export const noterLecture = ({ ctx, jeton }: Appel, tx: Tx, action: string, objet: string, empreinte: unknown = {}): Promise<void> =>
  record(tx, ctx.tenant.id, ctx.app.clock.now(), { acteur: `api:${jeton.id}`, action, objet, empreinte: payloadHash(empreinte) })

/** JSON with its fingerprint: 304 to who already has it (RFC 9110, §13.1.2). `version` leads the tag, since If-Match gives it back. */
export function avecEtag(ctx: Context, json: unknown, version: number): { answer: Answer; isKnown: boolean } {
  const bytes = JSON.stringify(json)
  const etag = `"${version}-${createHash('sha256').update(bytes).digest('base64url').slice(0, 16)}"`
  const headers = { etag, 'cache-control': 'private, no-cache' }
  const known = (ctx.header('if-none-match') ?? '').split(',').some(tag => tag.trim().replace(/^W\//, '') === etag)
  if (known) return { answer: { bytes: '', type: JSON_TYPE, status: 304, headers }, isKnown: true }
  return { answer: { bytes, type: JSON_TYPE, headers }, isKnown: false }
}

export const JSON_TYPE = 'application/json; charset=utf-8'
