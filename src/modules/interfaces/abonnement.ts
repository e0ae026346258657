import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import type { Secrets } from '../../platform/secrets.ts'

/** Wait before the next attempt after this many failures in a row, in seconds: soon at first, then every two hours, for a day. */
const ATTENTES_S = [30, 60, 120, 300, 600, 1200, 1800, 3600] as const
const ATTENTE_MAX_S = 7200
/** A target that has not answered for a day is no longer called: its subscription is paused, and the agents are told. */
export const PATIENCE_MS = 24 * 3_600_000
/** How long the log of deliveries is kept, and how far back a replay may begin. */
export const REJEU_JOURS = 7
/** The former secret of signatures still signs during a day. */
export const ROTATION_MS = 24 * 3_600_000
/** Of one exchange, in all. */
export const DELAI_MS = 10_000
/** Read at most of an answer, in bytes. */
export const REPONSE_MAX = 64 * 1024

/** When to try again after a failure, or `pause` once a day has passed since the first one. */
export function apresEchec(echecs: number, echoueDepuis: Date, now: Date): Date | 'pause' {
  if (now.getTime() - echoueDepuis.getTime() >= PATIENCE_MS) return 'pause'
  return new Date(now.getTime() + (ATTENTES_S[echecs - 1] ?? ATTENTE_MAX_S) * 1000)
}

/** Why a delivery failed, as the page of the subscription says it. */
export const ERREURS = {
  interne: 'L’adresse mène à cette machine ou à un réseau interne : Parvis refuse de l’appeler.',
  delai: 'La cible n’a pas répondu en dix secondes.',
  injoignable: 'Aucune réponse à cette adresse : le nom, le port ou le certificat ne convient pas.',
  redirection: 'La cible renvoie vers une autre adresse : Parvis ne suit pas. Indiquez l’adresse finale.',
  statut: 'La cible a répondu par une erreur.',
  lourd: 'Remis. La réponse dépassait 64 ko : la suite n’a pas été lue.',
} as const
export type Erreur = keyof typeof ERREURS

/** What is sent: what happened, to which dossier; nothing about the person. */
export interface Annonce {
  /** The same at each retry: whoever has already treated it recognises it. */
  readonly livraison: string
  readonly evenement: string
  readonly collectivite: string
  readonly demarche: string | null
  readonly dossier: { readonly id: string; readonly reference: string | null } | null
  readonly sequence: number | null
  readonly le: string
}

/** `t=…,v1=…`: HMAC-SHA256 of « instant.body », one v1 for each secret that stands; the instant in seconds keeps old sendings from being replayed. */
export function signature(secrets: readonly string[], seconds: number, body: string): string {
  const macs = secrets.map(secret => `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`)
  return [`t=${seconds}`, ...macs].join(',')
}

/** Whether a header of signature is right, as the one who receives checks it: any v1 with their secret, and less than five minutes old. */
export function estSigne(header: string, secret: string, body: string, nowSeconds: number): boolean {
  const seconds = Number(header.match(/^t=(\d+),/)?.[1])
  if (!Number.isFinite(seconds) || Math.abs(nowSeconds - seconds) > 300) return false
  const expected = Buffer.from(signature([secret], seconds, body).split('v1=')[1] ?? '')
  return [...header.matchAll(/v1=([0-9a-f]{64})/g)].some(([, mac]) => timingSafeEqual(Buffer.from(mac ?? ''), expected))
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A new secret of signatures: 238 bits, under a prefix that scanners recognise. */
export const nouveauSecret = (): string => `parviswh_${Array.from({ length: 40 }, () => ALPHABET[randomInt(62)]).join('')}`

// Bound to the collectivité: copied into another's row, it does not open.
const purpose = (collectiviteId: string): string => `interfaces:${collectiviteId}`

/** Seals a secret for the database. */
export const sceller = (secrets: Secrets, collectiviteId: string, clear: string): Buffer =>
  secrets.seal(purpose(collectiviteId), Buffer.from(clear, 'utf8'))

/** Opens what `sceller` sealed for the same collectivité; throws when it was altered. */
export const ouvrir = (secrets: Secrets, collectiviteId: string, sealed: Buffer): string =>
  secrets.unseal(purpose(collectiviteId), sealed).toString('utf8')
