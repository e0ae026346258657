import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { type CallResult, call } from '../../../platform/http-out/call.ts'
import { newId } from '../../../platform/ids.ts'
import { type Annonce, DELAI_MS, type Erreur, ouvrir, REPONSE_MAX, signature } from '../abonnement.ts'
import { portee } from '../commands/abonnements.ts'
import type { AbonnementRow } from '../tables.ts'

/** What an attempt gave. */
export interface Essai {
  readonly le: Date
  readonly dureeMs: number
  readonly statut: number | null
  readonly erreur: Erreur | null
  readonly estRemise: boolean
}

/** Sends one announcement, signed; never throws. Undefined when the program stops meanwhile: the attempt does not count. */
export async function envoyerAnnonce(
  app: App,
  collectiviteId: string,
  row: AbonnementRow,
  annonce: Annonce,
  stopping?: AbortSignal,
): Promise<Essai | undefined> {
  const le = app.clock.now()
  const body = JSON.stringify(annonce)
  const sealed = [
    row.secret,
    ...(row.secret_precedent && row.precedent_jusqu_a && row.precedent_jusqu_a > le ? [row.secret_precedent] : []),
  ]
  const secrets = sealed.map(secret => ouvrir(app.secrets, collectiviteId, secret))
  const started = performance.now()
  const answer = await call({
    url: new URL(row.url),
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'parvis-evenement': annonce.evenement,
      'parvis-livraison': annonce.livraison,
      'parvis-signature': signature(secrets, Math.floor(le.getTime() / 1000), body),
    },
    body,
    timeoutMs: DELAI_MS,
    maxBytes: REPONSE_MAX,
    reach: portee(app),
    signal: stopping,
  })
  if (!answer.ok && answer.reason === 'interrupted') return undefined
  return { le, dureeMs: Math.round(performance.now() - started), ...verdict(answer) }
}

const RAISONS = { internal: 'interne', timeout: 'delai', interrupted: 'injoignable', unreachable: 'injoignable' } as const

// RFC 9110, §15: 2xx alone says that it was received.
function verdict(answer: CallResult): Pick<Essai, 'statut' | 'erreur' | 'estRemise'> {
  if (!answer.ok) return { statut: null, erreur: RAISONS[answer.reason], estRemise: false }
  const { status: statut, isCut } = answer
  if (statut >= 200 && statut < 300) return { statut, erreur: isCut ? 'lourd' : null, estRemise: true }
  return { statut, erreur: statut >= 300 && statut < 400 ? 'redirection' : 'statut', estRemise: false }
}

/** Writes an attempt in the log. */
export async function noterEssai(tx: Tx, collectiviteId: string, abonnementId: string, annonce: Annonce, essai: Essai): Promise<void> {
  await sql`insert into livraison (collectivite_id, abonnement_id, id, cle, sequence, nature, dossier_id, le, duree_ms, statut, erreur, est_remise)
    values (${collectiviteId}, ${abonnementId}, ${newId()}, ${annonce.livraison}, ${annonce.sequence}, ${annonce.evenement}, ${annonce.dossier?.id ?? null},
      ${essai.le}, ${essai.dureeMs}, ${essai.statut}, ${essai.erreur}, ${essai.estRemise})`.execute(tx)
}
