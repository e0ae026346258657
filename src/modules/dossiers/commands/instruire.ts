import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { newId } from '../../../platform/ids.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { agentsPossibles } from '../../agents/index.ts'
import type { Modele } from '../../demarches/index.ts'
import type { Usage } from '../../documents/index.ts'
import { dates, type Reponses } from '../../formulaires/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import { provenancesRestantes } from '../provenances.ts'
import { redigerPour } from '../queries/redaction.ts'
import { refusals } from '../refusals.ts'
import type { DossierRow, Piece } from '../tables.ts'
import { type Auteur, advance } from './advance.ts'
import { refusDAnnotations } from './annoter.ts'
import { envDuDossier, fiche, obstacles } from './deposer.ts'
import { silenceApres } from './silence.ts'

/** What every command on a filed dossier needs. */
export interface Cas {
  readonly app: App
  readonly tx: Tx
  readonly collectivite: Collectivite
  readonly dossier: DossierRow
  readonly modele: Modele
  readonly auteur: Auteur
}

const act = (cas: Cas, acte: Parameters<typeof advance>[6]) =>
  advance(cas.app, cas.tx, cas.collectivite.id, cas.dossier, cas.modele.regime, cas.auteur, acte)

/** Who is in charge after an act: the agent who acts, or in whose name another program does; nobody else by a program's own doing. */
const enCharge = ({ auteur, dossier }: Cas): string | null => (auteur.nature === 'agent' ? auteur.id : (auteur.pour ?? dossier.agent_id))

/** The agent takes the dossier: the person sees that someone is looking at it. */
export const prendreEnInstruction = (cas: Cas) => act(cas, { nature: 'prendre_en_instruction', changes: { agent_id: enCharge(cas) } })

/** Back to what waits to be taken, by nobody. Refused under a regime of silence. */
export const remettre = (cas: Cas, motif: string) =>
  act(cas, { nature: 'repasser_en_construction', motif: motif || undefined, changes: { agent_id: null } })

/** Entrusts the dossier to an agent, or to nobody. `nom` is kept in the history, as it was that day. */
export const attribuer = (cas: Cas, agent: { readonly id: string; readonly nom: string } | null) =>
  act(cas, {
    nature: 'attribuer',
    donnees: { agent: agent?.id ?? null, nom: agent?.nom ?? null },
    changes: { agent_id: agent?.id ?? null },
  })

/** Passes the dossier to another service, which from now on is in charge; who may not see its dossiers is in charge no more. Refuses an empty reason. */
export async function changerService(cas: Cas, service: string, motif: string): Promise<Result<{ rang: number }>> {
  if (!motif.trim()) return refuse({ ...refusals.motif_absent, field: 'motif' })
  const { agent_id: agentId, demarche_id: demarcheId, service: de } = cas.dossier
  const today = civilDay(cas.app.clock.now(), fuseau(cas.collectivite))
  const stays =
    agentId === null ||
    (await agentsPossibles(cas.tx, cas.collectivite.id, { demarcheId, service }, today)).some(({ id }) => id === agentId)
  const changes = stays ? { service } : { service, agent_id: null }
  return act(cas, { nature: 'changer_service', motif, donnees: { de, vers: service }, changes })
}

/**
 * Asks the person to correct or complete some answers before a date. The clock of silence stops until they have (CRPA L114-5).
 * Refuses an empty message, no field, a date past or more than a year away, a correction already pending.
 */
export async function demanderCorrection(
  cas: Cas,
  demande: { motif: 'incorrect' | 'incomplet' | 'perime'; message: string; champs: readonly string[]; echeance: string | null },
): Promise<Result<{ rang: number }>> {
  const today = civilDay(cas.app.clock.now(), fuseau(cas.collectivite))
  if (demande.champs.length === 0) return refuse({ ...refusals.champs_absents, field: 'champs' })
  if (!demande.message) return refuse({ ...refusals.motif_absent, field: 'message' })
  if (!demande.echeance || demande.echeance <= today || demande.echeance > (dates.addDays(today, 365) ?? today))
    return refuse({ ...refusals.echeance_passee, field: 'echeance-jour' })
  const granted = refusDuSilence(cas)
  if (granted) return granted
  const done = await act(cas, {
    nature: 'demander_correction',
    motif: demande.message,
    donnees: { motif: demande.motif, champs: demande.champs, echeance: demande.echeance },
    changes: { silence_le: null, agent_id: enCharge(cas) },
  })
  if (!done.ok) return done
  await sql`insert into correction (collectivite_id, dossier_id, id, motif, message, champs, echeance, demandee_le, demandee_par)
    values (${cas.collectivite.id}, ${cas.dossier.id}, ${newId()}, ${demande.motif}, ${demande.message}, ${[...demande.champs]}, ${demande.echeance}, ${cas.app.clock.now()}, ${cas.auteur.id})`.execute(
    cas.tx,
  )
  return done
}

/** The person's answer to a correction: new answers, complete; the clock of silence runs again (horloges/). */
export async function repondreCorrection(cas: Cas, reponses: Reponses): Promise<Result<{ rang: number }>> {
  const env = envDuDossier(cas.app, cas.collectivite, cas.modele)
  if ((await obstacles(cas.tx, cas.collectivite.id, cas.modele, reponses, env)).length > 0) return refuse(refusals.incomplet)
  const done = await act(cas, {
    nature: 'repondre_correction',
    changes: {
      ...fiche(cas.modele, reponses),
      reponses,
      provenances: provenancesRestantes(cas.dossier.provenances, cas.dossier.reponses, reponses),
      silence_le: await silenceApres(cas, 'repondre_correction'),
    },
  })
  if (!done.ok) return done
  await sql`update correction set repondue_le = ${cas.app.clock.now()}
    where collectivite_id = ${cas.collectivite.id} and dossier_id = ${cas.dossier.id} and repondue_le is null`.execute(cas.tx)
  return done
}

/**
 * Accepts, refuses or closes; a refusal and a closure need their reason (CRPA L211-2). The decision document and the message follow.
 * `signataire` signs instead of who the text says. Refuses while an annotation that the démarche asks of agents is missing, and names it; someone
 * whom the text does not let sign.
 */
export const decider = async (
  cas: Cas,
  nature: 'accepter' | 'refuser' | 'classer_sans_suite',
  motif: string,
  signataire?: string,
): Promise<Result<{ rang: number }>> =>
  (nature === 'accepter' ? undefined : refusDuSilence(cas)) ??
  (await refusDAnnotations(cas)) ??
  (await refusDeSignataire(cas, `document.${nature}`, signataire)) ??
  act(cas, {
    nature,
    motif: motif || undefined,
    ...(signataire ? { donnees: { signataire } } : {}),
    changes: { decide_le: cas.app.clock.now(), silence_le: null, agent_id: enCharge(cas) },
  })

/** Refuses someone whom the text in service does not let sign; undefined when nobody was chosen, or rightly. */
export async function refusDeSignataire(
  cas: Cas,
  usage: Usage,
  signataire: string | undefined,
  gabaritId?: string | null,
): Promise<Result<never> | undefined> {
  if (signataire === undefined) return undefined
  const { possibles } = await redigerPour(cas, usage, {}, undefined, gabaritId)
  return possibles.some(({ id }) => id === signataire) ? undefined : refuse({ ...refusals.signataire_interdit, field: 'signataire' })
}

/** Silence has granted, and the job that writes it down has not passed yet: nobody undoes it by answering late (CRPA L231-1, L242-1). */
function refusDuSilence({ app, collectivite, dossier, modele }: Cas): Result<never> | undefined {
  const granted =
    modele.regime === 'sva' && dossier.silence_le !== null && dossier.silence_le <= civilDay(app.clock.now(), fuseau(collectivite))
  return granted ? refuse(refusals.silence_acquis) : undefined
}

/** Opens a decided dossier again: its decision document is revoked in the same transaction, and silence is counted anew. */
export async function rouvrir(cas: Cas, motif: string): Promise<Result<{ rang: number }>> {
  const done = await act(cas, {
    nature: 'rouvrir',
    motif,
    changes: { decide_le: null, silence_le: await silenceApres(cas, 'rouvrir'), agent_id: enCharge(cas) },
  })
  if (!done.ok) return done
  await sql`update document set revoque_le = ${cas.app.clock.now()}
    where collectivite_id = ${cas.collectivite.id} and dossier_id = ${cas.dossier.id} and nature in ('decision', 'attestation') and revoque_le is null`.execute(
    cas.tx,
  )
  return done
}

/** Writes to the other side, with files already kept. Refuses an empty message. */
export async function ecrire(cas: Cas, texte: string, pieces: readonly Piece[] = []): Promise<Result<{ rang: number }>> {
  if (!texte && pieces.length === 0) return refuse({ ...refusals.message_vide, field: 'texte' })
  const done = await act(cas, { nature: 'ecrire' })
  if (!done.ok) return done
  await sql`insert into message (collectivite_id, dossier_id, id, auteur_nature, auteur_id, texte, le, pieces)
    values (${cas.collectivite.id}, ${cas.dossier.id}, ${newId()}, ${cas.auteur.nature === 'usager' ? 'usager' : 'agent'}, ${cas.auteur.id}, ${texte}, ${cas.app.clock.now()}, ${JSON.stringify(pieces)})`.execute(
    cas.tx,
  )
  return ok(done.value)
}

/** Marks as read what the other side wrote. */
export async function marquerLus(tx: Tx, now: Date, collectiviteId: string, dossierId: string, lecteur: 'usager' | 'agent'): Promise<void> {
  await sql`update message set lu_le = ${now} where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId} and auteur_nature <> ${lecteur} and lu_le is null`.execute(
    tx,
  )
}
