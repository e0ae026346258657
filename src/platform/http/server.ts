import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { App } from '../app.ts'
import { isOwnCookie, type Session, sessionCookieName, sessionOf } from '../auth/sessions.ts'
import { DatabaseUnavailable } from '../db/open.ts'
import { hashOf, newSecret } from '../ids.ts'
import type { Refusal } from '../refusal.ts'
import { Admission } from './admission.ts'
import { answerClientError } from './client-error.ts'
import { errorRefusals, requestRefusal } from './errors.ts'
import { Form } from './form.ts'
import { IpLimiter } from './ip-limiter.ts'
import { type CachedPage, toCachedPage } from './public-cache.ts'
import { type ActingAgent, type Answer, type Context, notFound, type Route, type Tenant } from './route.ts'
import { formToken, isFormToken, isOwnForm, securityHeaders } from './security.ts'
import { encodingOf, keptHeaders, sendAnswer, sendCached } from './send.ts'

/** What the modules bring to the server: who the tenants are, who an agent is, what an error looks like. */
export interface Hooks {
  /** The open collectivité of a path segment, from memory or the database. */
  tenant(app: App, segment: string): Promise<Tenant | undefined>
  /** The path segment of a collectivité that has this host name. */
  segmentOfHost(host: string): string | undefined
  /** The agent of this session in this collectivité, or the answer that refuses them. */
  agent(ctx: Context, permission: string): Promise<ActingAgent | Answer>
  /** The page of a refusal. */
  errorPage(
    app: App,
    tenant: Tenant | undefined,
    refusal: Refusal,
    extra: { reference?: string; kept?: Record<string, string | string[]> },
  ): string
}

const BODY_LIMIT_BYTES = 512 * 1024
const JSON_LIMIT_BYTES = 100 * 1024
const RETRY_SECONDS = '5'

/** Builds the server over the registry of routes. It does not listen yet. */
export async function createServer(app: App, routes: readonly Route[], hooks: Hooks): Promise<FastifyInstance> {
  const isHttps = app.origin.startsWith('https:')
  const headers = securityHeaders(isHttps, app.config.tuiles?.origine)
  const server = fastify({
    logger: false,
    serverFactory: handler => httpServer(app, hooks, headers, handler),
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: (_address: string, hop: number) => hop < app.config.trustedProxies,
    forceCloseConnections: 'idle',
    // No route has a schema of the framework's: its compilers would be loaded for nothing (4 MB).
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
    exposeHeadRoutes: true,
    routerOptions: {
      maxParamLength: 120,
      ignoreTrailingSlash: true,
    },
    // Before any route: an address that cannot be decoded, or with a segment longer than any of ours.
    frameworkErrors: (error, request, reply) =>
      refuseRequest(request, reply, error.code === 'FST_ERR_BAD_URL' ? errorRefusals.adresse : notFound),
    clientErrorHandler: (error, socket) =>
      answerClientError(error, socket, headers, refusal => hooks.errorPage(app, undefined, refusal, {})),
    rewriteUrl: req => hostPath(hooks, req.headers.host, req.url ?? '/'),
    genReqId: () => newSecret().slice(0, 10),
  })
  const refuseRequest = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal, reference?: string, tenant?: Tenant) => {
    reply.headers(headers)
    const kept = refusal.status >= 500 || refusal.status === 403 || refusal.status === 429 ? keptFields(request) : undefined
    const html = hooks.errorPage(app, refusal.status === 404 ? undefined : tenant, refusal, {
      ...(reference ? { reference } : {}),
      ...(kept ? { kept } : {}),
    })
    if (refusal.status === 503) reply.header('retry-after', RETRY_SECONDS)
    if (isForPrograms(request)) return sendAnswer(app, request, reply, inJson(refusal, reference))
    return sendAnswer(app, request, reply, { html, status: refusal.status })
  }
  await server.register(cookie)
  await server.register(formbody, { bodyLimit: BODY_LIMIT_BYTES })
  await server.register(multipart, {
    limits: {
      fileSize: app.config.maxFileBytes + 65_536,
      files: 12,
      fields: 400,
      fieldSize: 65_536,
      parts: 420,
      fieldNameSize: 120,
      headerPairs: 50,
    },
    throwFileSizeLimit: false,
  })
  server.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers)
  })
  // Made once: refusing must cost less than serving.
  const satureePage = toCachedPage(503, 'text/html; charset=utf-8', hooks.errorPage(app, undefined, errorRefusals.saturee, {}))
  const admission = new Admission()
  server.addHook('onRequest', async (request, reply) => {
    if (isAlwaysServed(request.url)) return
    const isAdmitted = admission.enter(admission.isFull && hasSomethingToLose(app, request) ? 'dedans' : 'arrivant', leave =>
      reply.raw.once('close', leave),
    )
    if (isAdmitted === true || (await isAdmitted)) return
    reply.header('retry-after', RETRY_SECONDS)
    if (isForPrograms(request)) return sendAnswer(app, request, reply, inJson(errorRefusals.saturee))
    return sendCached(request, reply, satureePage, 'no-store')
  })
  server.setNotFoundHandler((request, reply) => refuseRequest(request, reply, notFound))
  server.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof DatabaseUnavailable) {
      app.log.warn({ err: error, path: request.routeOptions.url }, 'base injoignable')
      return refuseRequest(request, reply, errorRefusals.indisponible, undefined, tenantOf(request))
    }
    const expected = requestRefusal(error)
    if (expected && isForPrograms(request)) return refuseRequest(request, reply, ofPrograms(expected))
    if (expected) return refuseRequest(request, reply, expected, undefined, tenantOf(request))
    app.log.error({ err: error, reference: request.id, route: request.routeOptions.url }, 'erreur inattendue')
    return refuseRequest(request, reply, errorRefusals.inattendue, request.id, tenantOf(request))
  })
  const limiter = new IpLimiter(app.clock)
  for (const route of routes) {
    const url = route.scope === 'territoire' ? route.path : `/:commune${route.path === '/' ? '' : route.path}`
    server.route({
      method: route.method,
      url,
      ...(route.body === 'json' ? { bodyLimit: JSON_LIMIT_BYTES } : {}),
      ...(route.format ? { config: { format: route.format } } : {}),
      handler: (request, reply) => run(app, hooks, limiter, route, request, reply, refuseRequest),
    })
  }
  return server
}

function noSchema(): never {
  throw new Error('routes check what they receive with their own rules')
}

/**
 * The HTTP server under the routes. A page kept in memory is answered here, before anything is parsed for it: the same bytes and headers,
 * three times as many a second.
 */
function httpServer(app: App, hooks: Hooks, security: Readonly<Record<string, string>>, handler: RequestListener): Server {
  const server = createHttpServer({ requestTimeout: 300_000, keepAliveTimeout: 10_000 }, (request, response) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    const url = request.url ?? '/'
    const page = isReading ? app.cache.get(keptKey(url, hostPath(hooks, request.headers.host, url))) : undefined
    if (!page) return handler(request, response)
    const encoding = encodingOf(request.headers['accept-encoding'])
    const body = page[encoding]
    response.writeHead(page.status, { ...security, ...keptHeaders(page, encoding, body.length) })
    response.end(request.method === 'HEAD' ? undefined : body)
  })
  server.setTimeout(60_000)
  return server
}

// What whoever watches the program, and the page of a refusal itself, need.
const isAlwaysServed = (url: string) => /^\/(sante(\?|$)|actifs\/)/.test(url)

/** Somebody with a session of ours (a draft in progress, an agent at work), or who sends what they wrote. */
const hasSomethingToLose = (app: App, request: FastifyRequest): boolean =>
  request.method === 'POST' ||
  (['usager', 'agent'] as const).some(nature => isOwnCookie(app.secrets, request.cookies[sessionCookieName(app, nature)] ?? ''))

// The same path reached by the host of its collectivité is another page: its links have no segment.
const keptKey = (asked: string, path: string) => (asked === path ? path : `hote ${path}`)

/** Whether the route says that programs read its refusals. */
const isForPrograms = (request: FastifyRequest): boolean => Reflect.get(request.routeOptions.config ?? {}, 'format') === 'json'

const inJson = ({ code, sentence, status, field }: Refusal, reference?: string): Answer => ({
  json: { code, message: sentence, ...(field ? { champ: field } : {}), ...(reference ? { reference } : {}) },
  status,
})

/** What a person would do about a refusal is not what a program would. */
const ofPrograms = (refusal: Refusal): Refusal =>
  refusal === errorRefusals.demande ? errorRefusals.json : refusal === errorRefusals.type ? errorRefusals.type_json : refusal

const tenants = new WeakMap<FastifyRequest, Tenant>()
const tenantOf = (request: FastifyRequest) => tenants.get(request)

function hostPath(hooks: Hooks, host: string | undefined, url: string): string {
  const segment = host && hooks.segmentOfHost(host.toLowerCase())
  if (!segment || /^\/(actifs\/|sante$)/.test(url)) return url
  return `/${segment}${url === '/' ? '' : url}`
}

type RefuseRequest = (
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  reference?: string,
  tenant?: Tenant,
) => Promise<unknown>

async function run(
  app: App,
  hooks: Hooks,
  limiter: IpLimiter,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  refuseRequest: RefuseRequest,
) {
  if (route.access.kind === 'demonstration' && !app.config.demonstration) return refuseRequest(request, reply, notFound)
  if (route.perIp !== undefined && !limiter.take(`${route.path}|${request.ip}`, route.perIp)) {
    return refuseRequest(request, reply, errorRefusals.trop, undefined)
  }
  // An address with a query has no end of variants: it would push the others out.
  const isKept = route.cache === 'public' && (request.method === 'GET' || request.method === 'HEAD') && !request.url.includes('?')
  const key = isKept ? keptKey(request.originalUrl, request.url) : ''
  const generation = app.cache.generation

  const params = request.params as Record<string, string>
  const tenant = route.scope === 'collectivite' ? await hooks.tenant(app, params.commune ?? '') : undefined
  if (route.scope === 'collectivite' && !tenant) return refuseRequest(request, reply, notFound)
  if (tenant) tenants.set(request, tenant)
  // A collectivité with a host name of its own is reached there: its links have no segment, and would lead nowhere from here.
  if (tenant?.base === '' && request.originalUrl === request.url && request.method !== 'POST') {
    return reply
      .code(308)
      .header('location', `${tenant.address}${request.url.slice((params.commune ?? '').length + 1)}`)
      .send()
  }

  const ctx = contextOf(app, route, request, tenant)
  if (route.body === 'json') {
    if (saysOrigin(request) && !isSameOrigin(app, request, ctx.form)) return refuseRequest(request, reply, errorRefusals.autre_site)
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return refuseRequest(request, reply, errorRefusals.type_json)
  }
  // A body with files is read later, and its token with it, when the browser does not say where the form comes from.
  else if (route.method === 'POST' && (route.body !== 'files' || saysOrigin(request)) && !isSameOrigin(app, request, ctx.form))
    return refuseRequest(request, reply, errorRefusals.formulaire, undefined, tenant)
  let acting: Context = ctx
  if (route.access.kind === 'agent') {
    const agent = await hooks.agent(ctx, route.access.permission)
    if (!('permissions' in agent)) return answer(agent)
    // Defined rather than assigned: ctx has a getter of this name, which has no setter.
    acting = Object.create(ctx, { agent: { value: agent } })
  }
  return answer(await route.handle(acting))

  async function answer(given: Answer) {
    if ('refusal' in given) {
      if (given.refusal.status === 404) return refuseRequest(request, reply, notFound)
      if (route.format === 'json')
        return sendAnswer(app, request, reply, { ...inJson(given.refusal), ...(given.headers ? { headers: given.headers } : {}) })
      const html = hooks.errorPage(app, tenant, given.refusal, given.kept ? { kept: given.kept } : {})
      return sendAnswer(app, request, reply, { html, status: given.refusal.status, ...(given.cookies ? { cookies: given.cookies } : {}) })
    }
    if (isKept && ('html' in given || ('bytes' in given && !given.headers)) && (given.status ?? 200) === 200) {
      const cached: CachedPage =
        'html' in given ? toCachedPage(200, 'text/html; charset=utf-8', given.html) : toCachedPage(200, given.type, given.bytes)
      app.cache.keep(key, tenant?.id ?? '*', cached, generation)
      return sendCached(request, reply, cached)
    }
    return sendAnswer(app, request, reply, given)
  }
}

const saysOrigin = ({ headers }: FastifyRequest) => headers['sec-fetch-site'] !== undefined || headers.origin !== undefined

function isSameOrigin(app: App, request: FastifyRequest, form: Form): boolean {
  const own = [app.origin, `${request.protocol}://${request.host}`]
  return isOwnForm(request.headers, own, () =>
    isFormToken(app.secrets, form.secret('_jeton', 100), sessionText(app, request), app.clock.now().getTime()),
  )
}

const sessionText = (app: App, request: FastifyRequest) =>
  (['usager', 'agent'] as const).map(nature => request.cookies[sessionCookieName(app, nature)] ?? '').join('|')

/** A context as the handler sees it; what costs a read is read when asked for. */
function contextOf(app: App, route: Route, request: FastifyRequest, tenant: Tenant | undefined): Context {
  const visitors = new Map<string, Promise<Session | undefined>>()
  let token: string | undefined
  return {
    app,
    method: route.method,
    path: request.url,
    params: request.params as Record<string, string>,
    query: new Form(request.query),
    form: new Form(route.body === 'files' || route.body === 'json' ? {} : request.body),
    json: route.body === 'json' ? request.body : undefined,
    get tenant(): Tenant {
      if (!tenant) throw new Error(`route ${route.path} has no collectivité`)
      return tenant
    },
    get agent(): ActingAgent {
      throw new Error(`route ${route.path} has no agent`)
    },
    header(name) {
      const value = request.headers[name]
      return typeof value === 'string' ? value : undefined
    },
    visitor(nature) {
      let visitor = visitors.get(nature)
      if (!visitor) {
        const secret = request.cookies[sessionCookieName(app, nature)]
        visitor = secret ? sessionOf(app, nature, hashOf(secret), request.host) : Promise.resolve(undefined)
        visitors.set(nature, visitor)
      }
      return visitor
    },
    get token() {
      token ??= formToken(app.secrets, sessionText(app, request), app.clock.now().getTime())
      return token
    },
    ip: request.ip,
    host: request.host,
    readFiles: onFile => readParts(app, request, onFile),
  }
}

async function readParts(app: App, request: FastifyRequest, onFile: Parameters<Context['readFiles']>[0]): Promise<Form> {
  const refuse = () => Object.assign(new Error('form token'), { code: 'PARVIS_FORMULAIRE' })
  if (!request.isMultipart()) {
    const form = new Form(request.body)
    if (!isSameOrigin(app, request, form)) throw refuse()
    return form
  }
  const fields: Record<string, string[]> = Object.create(null)
  let isChecked = saysOrigin(request)
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (typeof part.value !== 'string') continue
      fields[part.fieldname] = [...(fields[part.fieldname] ?? []), part.value]
      continue
    }
    if (!isChecked && !isSameOrigin(app, request, new Form(fields))) throw refuse()
    isChecked = true
    if (part.filename) await onFile(part.fieldname, part.filename, part.file)
    part.file.resume()
  }
  const form = new Form(fields)
  if (!isChecked && !isSameOrigin(app, request, form)) throw refuse()
  return form
}

// What was typed, given back on an error page; never a password, a code or our own technical fields.
function keptFields(request: FastifyRequest): Record<string, string | string[]> | undefined {
  if (request.method !== 'POST' || !request.body || request.isMultipart()) return undefined
  const fields = new Form(request.body).fields
  const kept = Object.entries(fields).filter(([name]) => !/^_|passe|code|secret/i.test(name))
  return kept.length > 0 ? Object.fromEntries(kept) : undefined
}
