import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { payloadHash } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { tellOnCommit } from '../../../platform/events/events.ts'
import { newId } from '../../../platform/ids.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { type Acte, type AuteurNature, type Canal, type NatureEvenement, type Regime, type Situation, transition } from '../dossier.ts'
import { refusals } from '../refusals.ts'
import type { DossierRow } from '../tables.ts'
import { indexerALaFin } from './indexer.ts'

/** Who acts on a dossier, and through which channel. */
export interface Auteur {
  readonly nature: AuteurNature
  readonly id: string | null
  readonly canal: Canal
  /** The agent in whose name another program acts: in charge, and who signs a decision (CRPA L212-1). */
  readonly pour?: string | undefined
}

/** Who decides when nobody does: the law, through the program. */
export const PAR_LA_LOI: Auteur = { nature: 'systeme', id: null, canal: 'web' }

/** The columns of `dossier` that an act may change beside its state. */
export type Changes = Partial<
  Pick<
    DossierRow,
    | 'reponses'
    | 'provenances'
    | 'depose_le'
    | 'silence_le'
    | 'agent_id'
    | 'decide_le'
    | 'demandeur_nom'
    | 'demandeur_courriel'
    | 'service'
    | 'annotations'
    | 'code_version'
  > & {
    cle_nom: string
  }
>

/** What each act tells the rest of the program once committed: its own name when somebody reacts to it alone, DOSSIER_CHANGE otherwise. */
const EVENEMENTS: Partial<Record<NatureEvenement, string>> = {
  deposer: 'dossier-depose',
  demander_correction: 'correction-demandee',
  accepter: 'dossier-decide',
  refuser: 'dossier-decide',
  classer_sans_suite: 'dossier-decide',
  accepter_auto: 'dossier-decide',
  refuser_auto: 'dossier-decide',
  rouvrir: 'dossier-rouvert',
  ecrire: 'message-ecrit',
  rendre_avis: 'avis-rendu',
  envoyer_courrier: 'courrier-ecrit',
}

const DOSSIER_CHANGE = 'dossier-change'

/** What a person or an expert sends that an agent must look at; it waits until an agent acts. */
const REPONSES: readonly NatureEvenement[] = ['repondre_correction', 'rendre_avis']

const EN_JSON = new Set(['reponses', 'provenances', 'annotations'])

/** What the columns of a dossier say of its history: their fold, kept. */
export const situationDe = (dossier: Pick<DossierRow, 'etat' | 'correction_en_attente' | 'cache_le'>): Situation => ({
  etat: dossier.etat,
  correctionEnAttente: dossier.correction_en_attente,
  cache: dossier.cache_le !== null,
})

/**
 * Every change of a dossier goes through here: the rule decides, then one statement writes the new state, the event, the journal's
 * entry and the outbox, or nothing; its terms follow at the end of the transaction. Gives the event's rank. Refuses what the rule refuses, and a dossier that changed meanwhile.
 */
export async function advance(
  app: App,
  tx: Tx,
  collectiviteId: string,
  dossier: DossierRow,
  regime: Regime,
  auteur: Auteur,
  acte: { nature: NatureEvenement; motif?: string | undefined; donnees?: Record<string, unknown>; changes?: Changes },
): Promise<Result<{ rang: number }>> {
  const asked: Acte = { nature: acte.nature, auteur: auteur.nature, motif: acte.motif }
  const next = transition(situationDe(dossier), asked, regime)
  if (!next.ok) return next
  const now = app.clock.now()
  const rang = dossier.version + 1
  const donnees = { ...acte.donnees, ...(auteur.pour ? { pour: auteur.pour } : {}) }
  const sets = Object.entries(acte.changes ?? {}).map(
    ([column, value]) => sql`, ${sql.ref(column)} = ${EN_JSON.has(column) ? JSON.stringify(value) : value}`,
  )
  // What is filed is indexed just after: by the next list of an agent, or by the job that the event starts.
  const isFiled = acte.nature === 'deposer'
  const told = EVENEMENTS[acte.nature] ?? DOSSIER_CHANGE
  if (REPONSES.includes(acte.nature)) sets.push(sql`, reponse_le = ${now}`)
  // What the program does by itself has read nothing: an answer still waits for an agent.
  else if (auteur.nature !== 'usager' && !(auteur.nature === 'systeme' && acte.nature === 'relancer_avis'))
    sets.push(sql`, reponse_le = null`)
  const print = payloadHash({
    motif: acte.motif ?? null,
    donnees,
    reponses: acte.changes?.reponses ?? null,
    ...(acte.changes?.annotations ? { annotations: acte.changes.annotations } : {}),
  })
  const { rows } = await sql<{ rang: number }>`
    with maj as (
      update dossier set etat = ${next.value.etat}, correction_en_attente = ${next.value.correctionEnAttente}, cache_le = ${next.value.cache ? now : null}, version = ${rang}, modifie_le = ${now}, a_indexer = ${isFiled}${sql.join(sets, sql``)}
      where collectivite_id = ${collectiviteId} and id = ${dossier.id} and version = ${dossier.version} returning id
    ), place as (
      select journaliser(${collectiviteId}, ${now}, ${acteurDe(auteur)}, ${`dossier.${acte.nature}`}, ${`dossier:${dossier.id}`}, ${print}) as sequence from maj
    ), ajout as (
      insert into evenement (collectivite_id, dossier_id, rang, nature, auteur_nature, auteur_id, canal, le, motif, donnees, sequence)
      select ${collectiviteId}::uuid, maj.id, ${rang}::int, ${acte.nature}::text, ${auteur.nature}::text, ${auteur.id}::uuid, ${auteur.canal}::text, ${now}::timestamptz, ${acte.motif ?? null}::text, ${JSON.stringify(donnees)}::jsonb, place.sequence from maj, place
    ), annonce as (
      insert into sortie (id, charge, cree_le)
      select ${newId()}::uuid, ${JSON.stringify({ nature: told, collectiviteId, sujetId: dossier.id, rang })}::jsonb, ${now}::timestamptz from maj
    )
    select ${rang}::int as rang from maj`.execute(tx)
  tellOnCommit(tx)
  if (!rows[0]) return refuse(refusals.page_perimee)
  if (next.value.etat !== 'brouillon' && !isFiled) indexerALaFin(app, tx, collectiviteId, dossier.id)
  return ok({ rang })
}

/** The pseudonymous name of an author in the journal. */
export const acteurDe = (auteur: Auteur): string => (auteur.id ? `${auteur.nature}:${auteur.id}` : auteur.nature)
