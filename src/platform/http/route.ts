import type { Readable } from 'node:stream'
import type { App } from '../app.ts'
import type { Refusal } from '../refusal.ts'
import type { Fields, Form } from './form.ts'
import type { CachedPage } from './public-cache.ts'

/** The collectivité whose pages are served. Links within it begin with `base`, links in messages with `address`. */
export interface Tenant {
  readonly id: string
  readonly nom: string
  /** '/vire-normandie', or '' when it has its own host name. */
  readonly base: string
  /** The same as an absolute address. */
  readonly address: string
}

/** Who asks: the session of their cookie, if any. `personneId` is set once they proved who they are. */
export interface Visitor {
  readonly sessionHash: Buffer
  readonly nature: 'usager' | 'agent'
  readonly step: 'second-facteur' | 'ouverte'
  readonly personneId: string | null
}

/** Which dossiers of the collectivité an agent may see. */
export interface Portee {
  /** Reserved services whose team the agent is not of: an entry of `seulement` that names one opens it, for what it entrusts alone. */
  readonly sauf: readonly string[]
  /** What was entrusted to an agent who is here by delegation only (null in an entry: any); null for who has a role here. */
  readonly seulement: readonly { readonly demarcheId: string | null; readonly service: string | null }[] | null
}

/** The agent behind a guarded route: their roles are those of the tenant, at this request. */
export interface ActingAgent {
  readonly id: string
  readonly nom: string
  readonly courriel: string
  readonly roles: readonly string[]
  readonly permissions: ReadonlySet<string>
  readonly portee: Portee
}

/** What a handler receives. */
export interface Context {
  readonly app: App
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Form
  readonly form: Form
  /** The body of a route whose body is `json`, as it was parsed: nothing in it is trusted. */
  readonly json: unknown
  readonly tenant: Tenant
  readonly agent: ActingAgent
  /** A header of the request, by its name in lower case; for programs, which have no form. */
  header(name: string): string | undefined
  /** The resident's session, read from the database at the first call of this request. */
  visitor(nature: 'usager' | 'agent'): Promise<Visitor | undefined>
  /** The token that a form of this page must carry. */
  readonly token: string
  readonly ip: string
  readonly host: string
  /** Reads the body of a route whose body is `files`: fields come back, each file goes through `onFile` as a stream. */
  readFiles(onFile: (field: string, fileName: string, stream: Readable) => Promise<void>): Promise<Form>
}

/** Who may call a route; the registry is checked against a matrix by test/security. */
export type Access =
  | { readonly kind: 'public' }
  /** Needs the agent's session, a role in this collectivité, and this permission. */
  | { readonly kind: 'agent'; readonly permission: string }
  /** Any resident: the handler checks that this dossier was opened by this session. */
  | { readonly kind: 'usager' }
  /** Another program, with a token of the collectivité that gives this right (null: any token). The handler checks it: modules/interfaces. */
  | { readonly kind: 'jeton'; readonly droit: string | null }
  /** Exists in demonstration mode only. */
  | { readonly kind: 'demonstration' }

/** A route of the registry: an unregistered one does not exist. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** Within a collectivité, without its prefix; or from the root when `scope` is 'territoire'. */
  readonly path: string
  readonly scope: 'territoire' | 'collectivite'
  readonly access: Access
  /** 'public': the answer is the same for everybody and is kept in memory until something of the collectivité changes. */
  readonly cache?: 'public'
  /** `json`: another program's server calls it, never a page: no token, and refused when a browser says that it comes from elsewhere. */
  readonly body?: 'form' | 'files' | 'json'
  /** Its refusals are JSON (`{code, message}`), since programs read them. */
  readonly format?: 'json'
  /** Attempts allowed per address and 10 minutes for this class of route (loose: a mairie shares one address). */
  readonly perIp?: number
  handle(ctx: Context): Promise<Answer>
}

/** A cookie to set; an empty value removes it. */
export interface CookieChange {
  readonly name: string
  readonly value: string
}

/** What a handler gives back. */
export type Answer = {
  readonly status?: number
  readonly cookies?: readonly CookieChange[]
  readonly headers?: Readonly<Record<string, string>>
} & (
  | { readonly html: string }
  | { readonly redirect: string }
  | { readonly json: unknown }
  | { readonly bytes: Buffer | string; readonly type: string }
  /** Compressed once by the handler, for all readers. */
  | { readonly compressed: CachedPage }
  /** `sizeBytes` when it is known before the end. `vue`: shown within a page of ours when it is an image made again or a PDF; otherwise, and without it, only downloaded. */
  | {
      readonly file: { readonly stream: Readable; readonly name: string; readonly type: string; readonly sizeBytes?: number }
      readonly vue?: true
    }
  | { readonly refusal: Refusal; readonly kept?: Fields }
)

/** A page, 200 unless told otherwise. */
export const page = (html: string, status = 200): Answer => ({ html, status })

/** POST → 303 → GET. */
export const redirect = (to: string, cookies: readonly CookieChange[] = []): Answer => ({ redirect: to, cookies })

/** The page of a refusal; `kept` is shown so that nothing typed is lost. */
export const refused = (refusal: Refusal, kept?: Fields): Answer => (kept ? { refusal, kept } : { refusal })

/** The one answer for what does not exist and for what is someone else's: the same to the byte. */
export const notFound: Refusal = {
  code: 'introuvable',
  status: 404,
  sentence: 'Cette page n’existe pas, ou elle n’est pas accessible avec ce lien. Vérifiez l’adresse, ou repartez de l’accueil.',
}
