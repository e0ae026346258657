import { type RawBuilder, sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import { hashOf, newId } from '../../../platform/ids.ts'
import { isPlainAddress } from '../../../platform/mail/message.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { envoyer, noterRattrapes } from '../../envois/index.ts'
import { dates } from '../../formulaires/index.ts'
import { fuseau } from '../../territoire/index.ts'
import { estTermine } from '../dossier.ts'
import { refusals } from '../refusals.ts'
import type { DemandeAvisRow, Piece } from '../tables.ts'
import { advance } from './advance.ts'
import type { Cas } from './instruire.ts'

/** What an agent asks, of whom, and what they let this person see. */
export interface AvisDemande {
  readonly question: string
  readonly nature: 'oui_non' | 'libre'
  readonly expertNom: string
  readonly expertCourriel: string
  /** Étapes whose answers are shown; the caller keeps only those of the public form. */
  readonly etapes: readonly string[]
  /** Files shown; the caller keeps only those of the answers. */
  readonly pieces: readonly string[]
  readonly estConfidentielle: boolean
  /** `YYYY-MM-DD`, in the commune's zone. */
  readonly echeance: string | null
  /** Days before the deadline at which a reminder leaves by itself, from 1 to 30; null for none. */
  readonly rappelJours: number | null
}

const EN_ATTENTE_AU_PLUS = 10
/** The link answers for a month after the deadline: a late opinion is better than none. */
const APRES_ECHEANCE_JOURS = 30
const DAY_MS = 86_400_000

/**
 * The secret of a link (192 bits), computed from the installation's: a reminder gives the same link again, so none kills another, and the
 * database holds only its hash.
 */
const jetonDe = (app: App, demandeId: string): string => app.secrets.sign('avis-externe', demandeId)

const act = (cas: Cas, acte: Parameters<typeof advance>[6]) =>
  advance(cas.app, cas.tx, cas.collectivite.id, cas.dossier, cas.modele.regime, cas.auteur, acte)

/**
 * Asks someone who has only a link for an opinion, and writes to them. Refuses an empty question or name, an ill-written address, a day that is past
 * or more than a year away, and more than ten pending.
 */
export async function demanderAvis(cas: Cas, demande: AvisDemande): Promise<Result<{ id: string }>> {
  const { app, tx, collectivite, dossier, auteur } = cas
  const now = app.clock.now()
  const today = civilDay(now, fuseau(collectivite))
  const { question, nature, expertNom, expertCourriel, echeance } = demande
  if (!question) return refuse({ ...refusals.avis_question, field: 'question' })
  if (!expertNom) return refuse({ ...refusals.avis_expert, field: 'expert_nom' })
  if (!isPlainAddress(expertCourriel)) return refuse({ ...refusals.courriel_invalide, field: 'expert_courriel' })
  if (!echeance || echeance <= today || echeance > (dates.addDays(today, 365) ?? today))
    return refuse({ ...refusals.echeance_passee, field: 'echeance' })
  const pending = await sql<{ n: number }>`select count(*)::int as n from demande_avis where collectivite_id = ${collectivite.id}
    and dossier_id = ${dossier.id} and rendue_le is null and retiree_le is null`.execute(tx)
  if (pending.rows[0]!.n >= EN_ATTENTE_AU_PLUS) return refuse(refusals.avis_trop)
  const id = newId()
  const done = await act(cas, { nature: 'demander_avis', donnees: { avis: id, echeance } })
  if (!done.ok) return done
  const expireLe = new Date(Date.parse(echeance) + (APRES_ECHEANCE_JOURS + 1) * DAY_MS)
  await sql`insert into demande_avis (collectivite_id, dossier_id, id, question, nature, expert_nom, expert_courriel, etapes, pieces, est_confidentielle,
      echeance, rappel_jours, jeton_empreinte, expire_le, demandee_le, demandee_par)
    values (${collectivite.id}, ${dossier.id}, ${id}, ${question}, ${nature}, ${expertNom}, ${expertCourriel}, ${[...demande.etapes]}::text[],
      ${[...demande.pieces]}::uuid[], ${demande.estConfidentielle}, ${echeance}, ${demande.rappelJours}, ${hashOf(jetonDe(app, id))}, ${expireLe}, ${now}, ${auteur.id})`.execute(
    tx,
  )
  await ecrireALExpert(cas, { id, echeance, expert_courriel: expertCourriel }, 'demande')
  return ok({ id })
}

// Nothing of the dossier is in the message: what is asked is read behind the link.
async function ecrireALExpert(
  { app, tx, collectivite, dossier, modele }: Cas,
  avis: Pick<DemandeAvisRow, 'id' | 'echeance' | 'expert_courriel'>,
  quoi: 'demande' | 'rappel',
): Promise<void> {
  const isReminder = quoi === 'rappel'
  const isLate = avis.echeance <= civilDay(app.clock.now(), fuseau(collectivite))
  await envoyer(tx, app, {
    collectiviteId: collectivite.id,
    dossierId: dossier.id,
    ...(isReminder ? {} : { cle: `avis|${avis.id}` }),
    destinataire: avis.expert_courriel,
    sujet: `${collectivite.nom} : ${isReminder ? 'rappel, votre avis est attendu' : 'votre avis est demandé'}`,
    titre: 'Votre avis est demandé',
    paragraphes: [
      `${collectivite.nom} vous demande un avis sur un dossier : ${modele.titre}.`,
      isLate
        ? `La réponse était attendue avant le ${dates.longDate(avis.echeance)} : elle reste utile. Il n’y a pas de compte à créer.`
        : `Répondez si possible avant le ${dates.longDate(avis.echeance)}. Il n’y a pas de compte à créer.`,
      { lien: { texte: 'Lire la question et répondre', href: `${collectivite.address}/avis/${jetonDe(app, avis.id)}` } },
      'Ce lien est personnel et ouvre des informations sur une personne : ne le transmettez pas.',
    ],
  })
}

/** Whether somebody may still answer, hence be reminded: asked, neither given nor withdrawn, on a dossier that still waits for its decision. */
export const estRelancable = (dossier: Cas['dossier'], avis: DemandeAvisRow): boolean =>
  !avis.rendue_le && !avis.retiree_le && !dossier.cache_le && !estTermine(dossier.etat)

/** Writes again to who has not answered, with the same link, which opens for another month. Refuses an opinion given, withdrawn or of no more use. */
export const relancerAvis = (cas: Cas, avis: DemandeAvisRow): Promise<Result<{ rang: number }>> => relancer(cas, avis, sql``)

/** The same by itself, once: the reminder that the agent chose when they asked. */
export const rappelerAvis = (cas: Cas, avis: DemandeAvisRow): Promise<Result<{ rang: number }>> =>
  relancer(cas, avis, sql`, rappelee_le = ${cas.app.clock.now()}`)

async function relancer(cas: Cas, avis: DemandeAvisRow, plus: RawBuilder<unknown>): Promise<Result<{ rang: number }>> {
  if (avis.rendue_le || avis.retiree_le) return refuse(refusals.avis_fini)
  if (!estRelancable(cas.dossier, avis)) return refuse(refusals.avis_clos)
  const { app, tx, collectivite } = cas
  const done = await act(cas, { nature: 'relancer_avis', donnees: { avis: avis.id } })
  if (!done.ok) return done
  const now = app.clock.now()
  const jusque = new Date(now.getTime() + APRES_ECHEANCE_JOURS * DAY_MS)
  // The hash again: the installation's key may have changed since.
  const { rows } =
    await sql`update demande_avis set relancee_le = ${now}, jeton_empreinte = ${hashOf(jetonDe(app, avis.id))}, expire_le = greatest(expire_le, ${jusque})${plus}
    where collectivite_id = ${collectivite.id} and dossier_id = ${cas.dossier.id} and id = ${avis.id} and rendue_le is null and retiree_le is null
    returning id`.execute(tx)
  if (rows.length === 0) return refuse(refusals.avis_fini)
  await ecrireALExpert(cas, avis, 'rappel')
  return done
}

/** Withdraws a question: its link opens nothing any more. Refuses an opinion given or already withdrawn. */
export async function retirerAvis(cas: Cas, avis: DemandeAvisRow): Promise<Result<{ rang: number }>> {
  if (avis.rendue_le || avis.retiree_le) return refuse(refusals.avis_fini)
  const done = await act(cas, { nature: 'retirer_avis', donnees: { avis: avis.id } })
  if (!done.ok) return done
  const { rows } = await sql`update demande_avis set retiree_le = ${cas.app.clock.now()}, retiree_par = ${cas.auteur.id}
    where collectivite_id = ${cas.collectivite.id} and dossier_id = ${cas.dossier.id} and id = ${avis.id} and rendue_le is null and retiree_le is null
    returning id`.execute(cas.tx)
  if (rows.length === 0) return refuse(refusals.avis_fini)
  await noterRattrapes(cas.tx, cas.app.clock, {
    collectiviteId: cas.collectivite.id,
    dossierId: cas.dossier.id,
    adresse: avis.expert_courriel,
  })
  return done
}

/** What the expert answers. `piece`: a file that replaces the former one; null keeps it. */
export interface AvisRendu {
  readonly reponse: 'oui' | 'non' | null
  readonly texte: string
  readonly piece: Piece | null
}

/**
 * Gives the opinion, or gives it again: it may be corrected until the dossier is decided. `cas.auteur` is the expert.
 * Refuses an empty one, and a dossier decided meanwhile.
 */
export async function rendreAvis(cas: Cas, avis: DemandeAvisRow, rendu: AvisRendu): Promise<Result<{ rang: number }>> {
  if (avis.retiree_le) return refuse(refusals.avis_fini)
  const reponse = avis.nature === 'oui_non' ? rendu.reponse : null
  if (avis.nature === 'oui_non' && !reponse) return refuse({ ...refusals.avis_reponse, field: 'reponse' })
  const piece = rendu.piece ?? avis.piece
  if (avis.nature === 'libre' && !rendu.texte && !piece) return refuse({ ...refusals.avis_texte, field: 'texte' })
  const done = await act(cas, { nature: 'rendre_avis', donnees: { avis: avis.id } })
  if (!done.ok) return done.refusal.code === refusals.etat_change.code ? refuse(refusals.avis_clos) : done
  // Withdrawn while the answer waited for the dossier: it was read before, it is asked again here.
  const { rows } =
    await sql`update demande_avis set rendue_le = ${cas.app.clock.now()}, reponse = ${reponse}, texte = ${rendu.texte}, piece = ${piece && JSON.stringify(piece)}
    where collectivite_id = ${cas.collectivite.id} and dossier_id = ${cas.dossier.id} and id = ${avis.id} and retiree_le is null returning id`.execute(
      cas.tx,
    )
  return rows.length > 0 ? done : refuse(refusals.avis_fini)
}
