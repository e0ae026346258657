import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Portee } from '../../platform/http/route.ts'

/** What a token may be given: code → what it allows, as agents read it. */
export const DROITS = {
  'dossiers.lire': 'Lire les dossiers : réponses, messages, documents émis, historique, et le fil des changements',
  'annotations.lire': 'Lire aussi les annotations des agents, avec les dossiers',
  'exports.lire': 'Lire les exports que les agents partagent, avec leurs colonnes ; celles d’annotations, avec leur droit',
  'pieces.lire': 'Télécharger les documents des dossiers',
  'dossiers.agir': 'Prendre en charge, demander une correction, attribuer, annoter, étiqueter, changer de service',
  'dossiers.decider': 'Enregistrer une décision au nom d’un agent qui peut décider, rouvrir un dossier',
  'messages.ecrire': 'Écrire aux personnes dans leur dossier',
  'demarches.lire': 'Lire toutes les révisions des démarches, fermées comprises',
  'pre-remplissages.creer': 'Préparer des réponses pour une personne, avec sa propre part',
} as const
export type Droit = keyof typeof DROITS

/** The rights among texts received, each once, in the order of the house. */
export const droitsLus = (texts: readonly string[]): Droit[] => (Object.keys(DROITS) as Droit[]).filter(droit => texts.includes(droit))

/** A token as its use needs it. `demarches` null: all of them. */
export interface Jeton {
  readonly id: string
  readonly nom: string
  readonly droits: ReadonlySet<string>
  readonly demarches: readonly string[] | null
  readonly portee: Portee
}

/** What is seen of the dossiers: some démarches or all, without those of reserved services unless it was asked for. */
export const porteeDuProgramme = (
  { demarches, voitReserves }: { readonly demarches: readonly string[] | null; readonly voitReserves: boolean },
  reserves: readonly string[],
): Portee => ({
  sauf: voitReserves ? [] : reserves,
  seulement: demarches?.map(demarcheId => ({ demarcheId, service: null })) ?? null,
})

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const PREFIX = 'parvis_'
/** 36 characters of 62: 214 bits. */
const SECRET_LENGTH = 36
const CHECK_LENGTH = 6

const checksum = (body: string): string => {
  let value = crc32(body)
  let text = ''
  for (let i = 0; i < CHECK_LENGTH; i++) {
    text = ALPHABET[value % 62] + text
    value = Math.floor(value / 62)
  }
  return text
}

/** A new token: a prefix that scanners of leaked secrets recognise, chance, and a checksum that tells a mistyped one without asking the database. */
export function nouveauJeton(): string {
  const secret = Array.from({ length: SECRET_LENGTH }, () => ALPHABET[randomInt(62)]).join('')
  return PREFIX + secret + checksum(PREFIX + secret)
}

/** Whether a text has the form of a token of ours, its checksum included. */
export function estUnJeton(text: string): boolean {
  if (!/^parvis_[0-9A-Za-z]{42}$/.test(text)) return false
  return checksum(text.slice(0, -CHECK_LENGTH)) === text.slice(-CHECK_LENGTH)
}

/** The token of an `Authorization: Bearer …` header (RFC 6750, §2.1): '' when it has another form, undefined without the header. */
export function jetonDeLEntete(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  return header.match(/^Bearer +(\S{1,200})$/i)?.[1] ?? ''
}

/** The only form in which the database knows a token. */
export const empreinteDuJeton = (token: string): Buffer => createHash('sha256').update(token).digest()

/** What the list shows of a token. */
export const debutDuJeton = (token: string): string => `${token.slice(0, PREFIX.length + 4)}…`

/** Calls a minute for one token. */
export const APPELS_PAR_MINUTE = 600
/** How long the person who made a token, or a signing secret, can copy it. */
export const MONTRE_MS = 10 * 60_000
/** The longest life of a token, in days: two years. */
export const VIE_MAX_JOURS = 731
