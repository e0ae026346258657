import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

/** The folder that holds package.json, migrations/ and dist/, from the sources as from the bundle. */
export const projectFolder: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder)
  return folder
})()

const isLoopback = (host: string) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|::1|.+\.localhost)$/.test(host)

// Asked by browsers for each place looked at: in clear only towards this machine.
const isTileTemplate = (template: string): boolean => {
  const url = URL.parse(template.replace(/\{[xyz]\}/g, '0'))
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  return isSafe && url.username === '' && ['{x}', '{y}', '{z}'].every(part => template.split(part).length === 2)
}

const yesNo = z.enum(['oui', 'non']).transform(v => v === 'oui')

const fields = {
  PORT: z.coerce.number({ error: 'un nombre entre 1 et 65535' }).int().min(0).max(65535).default(4000),
  PARVIS_ECOUTE: z.string().default('127.0.0.1'),
  PARVIS_DONNEES: z.string().min(1).default(join(projectFolder, '.parvis')),
  PARVIS_TERRITOIRE: z.string().min(1).optional(),
  PARVIS_ORIGINE: z.url({ protocol: /^https?$/, error: 'une adresse complète, par exemple https://guichet.territoire.example' }).optional(),
  PARVIS_DEMONSTRATION: yesNo.optional(),
  PARVIS_VIDE: yesNo.default(false),
  PARVIS_MANDATAIRES: z.coerce.number({ error: 'un nombre de mandataires (reverse proxies) de confiance' }).int().min(0).max(5).default(0),
  PARVIS_PROCESSUS_WEB: z.coerce.number({ error: 'un nombre de processus, de 1 à 16' }).int().min(1).max(16).default(1),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'une adresse postgres://…')
    .optional(),
  DATABASE_URL_PROPRIETAIRE: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'une adresse postgres://…')
    .optional(),
  PARVIS_SMTP: z
    .string()
    .regex(/^smtps?:\/\//, 'une adresse smtp://serveur:port ou smtps://…')
    .optional(),
  PARVIS_EXPEDITEUR: z.email({ error: 'une adresse électronique' }).optional(),
  PARVIS_CLAMD: z
    .string()
    .regex(/^[^:\s]+:\d+$/, 'serveur:port, par exemple 127.0.0.1:3310')
    .optional(),
  PARVIS_PIECE_MAX_MO: z.coerce.number({ error: 'un nombre de mégaoctets' }).int().min(1).max(200).default(20),
  // Its answers are what people are: never in clear on the network.
  PARVIS_GEOCODEUR: z.url({ protocol: /^https$/, error: 'une adresse https complète, par exemple https://geocodeur.example' }).optional(),
  PARVIS_TUILES: z
    .string()
    .refine(isTileTemplate, 'une adresse https avec {z}, {x} et {y}, par exemple https://tuiles.example/{z}/{x}/{y}.png')
    .optional(),
  PARVIS_TUILES_MENTION: z.string().max(200, '200 caractères au plus').optional(),
  PARVIS_CACHET: z.string().min(1).optional(),
  PARVIS_CACHET_MOT_DE_PASSE: z.string().min(1).optional(),
  PARVIS_CODE_SOURCE: z
    .url({ protocol: /^https?$/, error: 'une adresse complète, par exemple https://depot.territoire.example/parvis' })
    // It is shown to everyone.
    .refine(address => URL.parse(address)?.username === '', 'une adresse sans identifiant ni mot de passe')
    .optional(),
  PARVIS_JOURNAL: z.enum(['silencieux', 'normal', 'bavard']).default('normal'),
} as const

/** What the program is told from outside. docs/exploiter/configuration.md explains each variable; a test keeps the two in step. */
export interface Config {
  readonly port: number
  readonly listenHost: string
  readonly dataFolder: string
  /** What to open at the first start, when it is said. */
  readonly territoire: string | undefined
  /** The public address, without a final slash; when absent, the address really listened to. */
  readonly origin: string | undefined
  readonly demonstration: boolean
  readonly empty: boolean
  readonly trustedProxies: number
  /** How many web processes share the port. */
  readonly webProcesses: number
  readonly databaseUrl: string | undefined
  readonly ownerDatabaseUrl: string | undefined
  readonly smtpUrl: string | undefined
  readonly sender: string
  readonly clamd: { host: string; port: number } | undefined
  readonly maxFileBytes: number
  /** The address of a geocoder that speaks the search API of addok; none is asked when it is absent. */
  readonly geocodeur: string | undefined
  /** The tiles of maps: the template of their addresses, the mention that their licence asks for, and the origin that the browser may ask. */
  readonly tuiles: { readonly modele: string; readonly mention: string; readonly origine: string } | undefined
  /** The PKCS#12 file of the electronic seal, and the file that holds its password. */
  readonly seal: { readonly path: string; readonly passwordPath: string } | undefined
  /** Where anyone finds the source of what runs here (EUPL-1.2, article 5). */
  readonly sourceCode: string | undefined
  readonly logLevel: 'silencieux' | 'normal' | 'bavard'
}

/** A configuration that cannot work: each line names the variable, what it holds and what it should hold. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** The names of all variables that the program reads. */
export const configVariables: readonly string[] = Object.keys(fields)

/**
 * Reads the configuration, from the environment when no other source is given.
 * Refuses (ConfigError) a value of the wrong form, and demonstration mode on a public origin.
 */
export function readConfig(source: Record<string, string | undefined> = process.env): Config {
  const present = Object.fromEntries(configVariables.map(name => [name, source[name]?.trim() || undefined]))
  const parsed = z.object(fields).safeParse(present)
  if (!parsed.success) {
    const lines = parsed.error.issues.map(issue => {
      const name = String(issue.path[0])
      return `  ${name}=« ${present[name] ?? ''} » ne convient pas : attendu ${issue.message}.`
    })
    throw new ConfigError(`La configuration ne convient pas.\n${lines.join('\n')}\nVoir docs/exploiter/configuration.md.`)
  }
  return settle(parsed.data)
}

type Parsed = z.infer<z.ZodObject<typeof fields>>

function settle(v: Parsed): Config {
  const origin = v.PARVIS_ORIGINE?.replace(/\/+$/, '')
  const isPublic = origin !== undefined && !isLoopback(new URL(origin).hostname)
  const demonstration = v.PARVIS_DEMONSTRATION ?? !isPublic
  if (demonstration && isPublic) {
    throw new ConfigError(
      `Le mode démonstration ne s’ouvre pas sur une adresse publique (PARVIS_ORIGINE=${origin}) : ses mots de passe sont affichés.\n` +
        'Mettez PARVIS_DEMONSTRATION=non, ou retirez PARVIS_ORIGINE.',
    )
  }
  if (demonstration && !isLoopback(v.PARVIS_ECOUTE)) {
    throw new ConfigError(
      `Le mode démonstration n’écoute que sur cette machine ; PARVIS_ECOUTE=${v.PARVIS_ECOUTE} l’ouvrirait au réseau.\n` +
        'Retirez PARVIS_ECOUTE, ou mettez PARVIS_DEMONSTRATION=non.',
    )
  }
  if (!demonstration && v.PARVIS_SMTP && !v.PARVIS_EXPEDITEUR) {
    throw new ConfigError('PARVIS_SMTP est donné sans PARVIS_EXPEDITEUR : indiquez l’adresse qui signe les courriels.')
  }
  if (v.PARVIS_TUILES && !v.PARVIS_TUILES_MENTION) {
    throw new ConfigError(
      'PARVIS_TUILES est donné sans PARVIS_TUILES_MENTION : indiquez à qui est le fond de carte, par exemple « © IGN ».',
    )
  }
  if ((v.PARVIS_CACHET === undefined) !== (v.PARVIS_CACHET_MOT_DE_PASSE === undefined)) {
    throw new ConfigError(
      'Le cachet électronique demande deux fichiers : PARVIS_CACHET (le certificat, .p12 ou .pfx) et PARVIS_CACHET_MOT_DE_PASSE (son mot de passe).',
    )
  }
  const [clamdHost, clamdPort] = v.PARVIS_CLAMD?.split(':') ?? []
  return {
    port: v.PORT,
    listenHost: v.PARVIS_ECOUTE,
    dataFolder: resolve(v.PARVIS_DONNEES),
    territoire: v.PARVIS_TERRITOIRE,
    origin,
    demonstration,
    empty: v.PARVIS_VIDE,
    trustedProxies: v.PARVIS_MANDATAIRES,
    webProcesses: v.PARVIS_PROCESSUS_WEB,
    databaseUrl: v.DATABASE_URL,
    ownerDatabaseUrl: v.DATABASE_URL_PROPRIETAIRE,
    smtpUrl: v.PARVIS_SMTP,
    sender: v.PARVIS_EXPEDITEUR ?? 'ne-pas-repondre@parvis.example',
    clamd: clamdHost ? { host: clamdHost, port: Number(clamdPort) } : undefined,
    maxFileBytes: v.PARVIS_PIECE_MAX_MO * 1024 * 1024,
    geocodeur: v.PARVIS_GEOCODEUR,
    tuiles: v.PARVIS_TUILES
      ? {
          modele: v.PARVIS_TUILES,
          mention: v.PARVIS_TUILES_MENTION ?? '',
          origine: new URL(v.PARVIS_TUILES.replace(/\{[xyz]\}/g, '0')).origin,
        }
      : undefined,
    seal:
      v.PARVIS_CACHET && v.PARVIS_CACHET_MOT_DE_PASSE
        ? { path: resolve(v.PARVIS_CACHET), passwordPath: resolve(v.PARVIS_CACHET_MOT_DE_PASSE) }
        : undefined,
    sourceCode: v.PARVIS_CODE_SOURCE,
    logLevel: v.PARVIS_JOURNAL,
  }
}

const OPTIONS: Readonly<Record<string, string>> = {
  territoire: 'PARVIS_TERRITOIRE',
  vide: 'PARVIS_VIDE',
  port: 'PORT',
  donnees: 'PARVIS_DONNEES',
}

/** The environment of the process, with the options of the command line (`--territoire 33`) put over it: for reading, and for children. */
export function environmentWith(options: Readonly<Record<string, string>>): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) environment[name] = value
  for (const [option, name] of Object.entries(OPTIONS)) {
    const value = options[option]
    if (value !== undefined) environment[name] = value
  }
  return environment
}
