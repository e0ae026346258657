import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import type { Secrets } from '../../../platform/secrets.ts'
import type { Reponses } from '../../formulaires/index.ts'

/** Days during which a prefilled link opens. */
export const JOURS_DU_LIEN = 30

const DAY_MS = 86_400_000

/** What a prefilled link is for. */
export interface LienAPreparer {
  readonly collectiviteId: string
  readonly demarcheId: string
  readonly reponses: Reponses
  /** Who says so, as it will be read after « indiqué par ». */
  readonly source: string
  /** Who prepared it, for the journal: `agent:…`, `api`. */
  readonly acteur: string
}

/** Keeps answers prepared for someone, for 30 days. Gives the id of the link and its end. The journal says who, never what. */
export async function preparerLien(app: App, tx: Tx, lien: LienAPreparer): Promise<{ id: string; expireLe: Date }> {
  const id = newId()
  const now = app.clock.now()
  const expireLe = new Date(now.getTime() + JOURS_DU_LIEN * DAY_MS)
  await sql`insert into pre_remplissage (collectivite_id, id, demarche_id, reponses, source, cree_le, expire_le)
    values (${lien.collectiviteId}, ${id}, ${lien.demarcheId}, ${JSON.stringify(lien.reponses)}, ${lien.source}, ${now}, ${expireLe})`.execute(
    tx,
  )
  await record(tx, lien.collectiviteId, now, {
    acteur: lien.acteur,
    action: 'demarche.pre-remplir',
    objet: `demarche:${lien.demarcheId}`,
    empreinte: payloadHash({ id, reponses: lien.reponses }),
  })
  return { id, expireLe }
}

interface Cle {
  readonly collectiviteId: string
  readonly demarcheId: string
  readonly id: string
}

const texteSigne = ({ collectiviteId, demarcheId, id }: Cle): string => `${collectiviteId}|${demarcheId}|${id}`

/** The last part of the address of a link: its id, and 192 bits that only this installation can make. */
export const partieSignee = (secrets: Secrets, cle: Cle): string => `${cle.id}.${secrets.sign('pre-remplissage', texteSigne(cle))}`

/** The id of a link whose signature is ours for this démarche of this collectivité; undefined otherwise. */
export function idSigne(secrets: Secrets, cle: Omit<Cle, 'id'>, partie: string): string | undefined {
  const [id = '', mac = ''] = partie.split('.')
  return secrets.isSigned('pre-remplissage', texteSigne({ ...cle, id }), mac) ? id : undefined
}
