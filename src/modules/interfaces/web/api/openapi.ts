import * as z from 'zod'
import type { Context } from '../../../../platform/http/route.ts'
import { refusals } from '../../refusals.ts'
import { actes } from './actes.ts'
import { demarches } from './demarches.ts'
import { lectures } from './dossiers.ts'
import { exports } from './exports.ts'
import type { Operation } from './operation.ts'
import { refus } from './schemas.ts'

/** Every operation of the API, in the order in which it is explained. */
export const operations: readonly Operation[] = [...demarches, ...lectures, ...exports, ...actes]

type Json = Record<string, unknown>

/** The schema of what is sent (`input`) or answered (`output`), in the dialect of OpenAPI 3.1: JSON Schema 2020-12. */
export function schemaDe(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, '~standard': __, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return rest
}

/** OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), made from the operations that serve: it cannot say anything else than what they do. */
export function documentOpenApi({ app, tenant }: Context): Json {
  const paths: Record<string, Json> = {}
  for (const op of operations) {
    const path = op.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [op.method.toLowerCase()]: operationDe(op) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: `API de ${tenant.nom}`,
      version: app.version,
      description: `Les démarches et les dossiers de ${tenant.nom}, pour un autre programme. Expliquée en français à ${tenant.address}/api.`,
    },
    servers: [{ url: tenant.address }],
    paths,
    components: {
      securitySchemes: { jeton: { type: 'http', scheme: 'bearer', description: 'Un jeton fait par un agent de la collectivité' } },
      schemas: { Refus: schemaDe(refus, 'output') },
    },
  }
}

function operationDe(op: Operation): Json {
  return {
    operationId: op.id,
    summary: op.titre,
    ...(op.detail ? { description: op.detail } : {}),
    security: op.droit !== 'public' ? [{ jeton: op.droit === null ? [] : [op.droit] }] : op.method === 'POST' ? [{}, { jeton: [] }] : [],
    parameters: [...parametresDuChemin(op), ...parametresDeLaRequete(op), ...(op.agit ? ENTETES_D_ACTE : [])],
    ...(op.corps ? { requestBody: { required: true, content: { 'application/json': { schema: schemaDe(op.corps, 'input') } } } } : {}),
    responses: reponsesDe(op),
  }
}

const parametresDuChemin = (op: Operation): Json[] =>
  [...op.path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

function parametresDeLaRequete(op: Operation): Json[] {
  if (!op.requete) return []
  const { properties = {} } = schemaDe(op.requete, 'input') as { properties?: Record<string, Json> }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: 'query', required: false, schema },
    ...(description ? { description } : {}),
  }))
}

const ENTETES_D_ACTE: readonly Json[] = [
  {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'La même si vous renvoyez la même demande : elle n’a alors qu’un effet, et la même réponse',
    schema: { type: 'string', pattern: '^[\\w-]{16,64}$' },
  },
  {
    name: 'If-Match',
    in: 'header',
    required: true,
    description: 'La version du dossier que vous avez lu, ou l’« ETag » de sa lecture',
    schema: { type: 'string' },
  },
]

/** The statuses that an operation may answer with a refusal: those of its own making, and what its commands refuse. */
export function statutsDeRefus(op: Operation): number[] {
  return [
    ...new Set([
      ...(op.droit === 'public' ? [] : [401, 403, 429]),
      ...(/:/.test(op.path) ? [404] : []),
      ...(op.requete ? [400, refusals.curseur_futur.status] : []),
      ...(op.corps ? [400, 403, 413, 415, 422] : []),
      ...(op.agit ? [409, refusals.version_perimee.status, refusals.version_absente.status] : []),
      ...(op.reponse === 'fichier' ? [409, 410] : []),
      ...(op.droit === 'public' && op.path.includes(':') ? [410] : []),
      ...(op.droit === 'public' && op.corps ? [401, 429] : []),
      500,
      503,
    ]),
  ].sort((a, b) => a - b)
}

function reponsesDe(op: Operation): Json {
  const content =
    op.reponse === 'fichier'
      ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
      : { 'application/json': { schema: schemaDe(op.reponse, 'output') } }
  const refusal = { description: 'Refus', content: { 'application/json': { schema: { $ref: '#/components/schemas/Refus' } } } }
  return {
    [op.statut]: { description: op.titre, content },
    ...(op.id === 'lireDossier' ? { 304: { description: 'Rien n’a changé depuis l’« ETag » donné' } } : {}),
    ...Object.fromEntries(statutsDeRefus(op).map(status => [status, refusal])),
  }
}
