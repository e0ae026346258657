import { isPlainAddress } from '../../../platform/mail/message.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { type EnvoiResume, envoisDuDossier, envoyer, noterRattrapes } from '../../envois/index.ts'
import { appellation } from '../../territoire/index.ts'
import { provenancesRestantes } from '../provenances.ts'
import { evenementsDuDossier } from '../queries/dossier.ts'
import { refusals } from '../refusals.ts'
import type { EvenementRow } from '../tables.ts'
import { advance } from './advance.ts'
import { fiche } from './deposer.ts'
import { envDuDossier } from './env.ts'
import type { Cas } from './instruire.ts'
import { lireUneReponse } from './rectifier.ts'

/** An address as an agent types it, and where they have it from: the person reads that. */
export interface CourrielCorrige {
  readonly courriel: string
  readonly motif: string
}

/** Whether the last message to this address did not arrive. */
export const estSansArrivee = (adresse: string, envois: readonly Pick<EnvoiResume, 'destinataire' | 'etat'>[]): boolean =>
  envois.findLast(({ destinataire }) => destinataire === adresse)?.etat === 'refuse'

/**
 * Whether an agent may put another address in the place of a dossier's: the last message there did not arrive, or it is an agent who put it there, who
 * may have misheard. An address that works is the person's own to change.
 */
export function estCourrielACorriger(
  adresse: string | null,
  envois: readonly Pick<EnvoiResume, 'destinataire' | 'etat'>[],
  evenements: readonly Pick<EvenementRow, 'nature'>[],
): boolean {
  if (!adresse) return false
  const changed = evenements.findLast(({ nature }) => nature === 'corriger_courriel' || nature === 'rectifier')
  return estSansArrivee(adresse, envois) || changed?.nature === 'corriger_courriel'
}

/** The same, read now. */
export async function peutCorrigerLeCourriel({ tx, collectivite, dossier }: Cas): Promise<boolean> {
  const of = [tx, collectivite.id, dossier.id] as const
  const [envois, evenements] = await Promise.all([envoisDuDossier(...of), evenementsDuDossier(...of)])
  return estCourrielACorriger(dossier.demandeur_courriel, envois, evenements)
}

/**
 * Puts another address in the place of one that took no message, and writes to it. Refuses an address that works, no reason, what the form itself would
 * refuse, and nothing changed. The person reads it in their follow-up, and may put it right again.
 */
export async function corrigerCourriel(cas: Cas, { courriel, motif }: CourrielCorrige): Promise<Result<{ rang: number }>> {
  const { app, tx, collectivite, dossier, modele, auteur } = cas
  if (!(await peutCorrigerLeCourriel(cas))) return refuse(refusals.courriel_sans_echec)
  const read = adresseLue(cas, courriel)
  if (!read.ok) return read
  if (read.value === dossier.demandeur_courriel) return refuse({ ...refusals.courriel_inchange, field: 'courriel' })
  if (!motif.trim()) return refuse({ ...refusals.motif_absent, field: 'motif' })
  const champ = modele.demandeur.courriel
  const reponses = champ ? { ...dossier.reponses, champs: { ...dossier.reponses.champs, [champ]: read.value } } : dossier.reponses
  const provenances = provenancesRestantes(dossier.provenances, dossier.reponses, reponses)
  const done = await advance(app, tx, collectivite.id, dossier, modele.regime, auteur, {
    nature: 'corriger_courriel',
    motif,
    changes: {
      ...fiche(modele, reponses),
      reponses,
      provenances: champ ? { ...provenances, [champ]: `Corrigée par ${appellation(collectivite)}` } : provenances,
      demandeur_courriel: read.value,
    },
  })
  if (!done.ok) return done
  await noterRattrapes(tx, app.clock, { collectiviteId: collectivite.id, dossierId: dossier.id, adresse: dossier.demandeur_courriel! })
  await ecrireALaNouvelleAdresse(cas, read.value, done.value.rang)
  return done
}

// The form's own rules for its own question; a plain address when the démarche does not ask for one.
function adresseLue({ app, collectivite, modele }: Cas, courriel: string): Result<string> {
  const champ = modele.demandeur.courriel
  if (!isPlainAddress(courriel)) return refuse({ ...refusals.courriel_invalide, field: 'courriel' })
  if (!champ) return ok(courriel)
  const read = lireUneReponse(modele, champ, courriel, envDuDossier(app, collectivite, modele))
  if (!read.ok) return refuse({ ...refusals.coordonnee_invalide, sentence: read.message, field: 'courriel' })
  return typeof read.value === 'string' ? ok(read.value) : refuse({ ...refusals.courriel_invalide, field: 'courriel' })
}

/**
 * Nobody has proved this address: an agent heard it, and may have misheard. So the messages that were lost do not leave again as they were: the accusé
 * holds the code that opens the dossier, the others a name, a démarche, a reason. Whoever reads this one learns that somebody asked something of the
 * mairie, and nothing that opens it; what was lost waits in the dossier.
 */
async function ecrireALaNouvelleAdresse({ app, tx, collectivite, dossier }: Cas, destinataire: string, rang: number): Promise<void> {
  const mairie = appellation(collectivite)
  await envoyer(tx, app, {
    collectiviteId: collectivite.id,
    dossierId: dossier.id,
    cle: `dossier|${dossier.id}|${rang}`,
    destinataire,
    sujet: `${collectivite.nom} : des messages vous attendent`,
    titre: 'Des messages vous attendent',
    paragraphes: [
      'Bonjour,',
      `Nous n’avons pas pu vous remettre un message. Cette adresse électronique vient d’être notée par ${mairie} pour le suivi d’une demande.`,
      'Les messages et les documents sont dans votre dossier. Ouvrez-le avec votre référence et votre code personnel.',
      { lien: { texte: 'Ouvrir mon dossier', href: `${collectivite.address}/suivi` } },
      `Vous n’avez pas ces codes, ou vous n’avez rien demandé ? Dites-le à ${mairie}.`,
    ],
  })
}
