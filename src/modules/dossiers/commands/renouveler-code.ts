import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import { type Result, refuse } from '../../../platform/refusal.ts'
import { envoisDuDossier, envoyer } from '../../envois/index.ts'
import { appellation } from '../../territoire/index.ts'
import { dossierParId } from '../queries/dossier.ts'
import { refusals } from '../refusals.ts'
import { advance } from './advance.ts'
import { estSansArrivee } from './corriger-courriel.ts'
import type { Cas } from './instruire.ts'

/**
 * Gives another code to a person whom an agent has identified; the former opens nothing any more, nor do the sessions that opened the dossier with it:
 * whoever found it may be among them. Who keeps the dossier in « mes dossiers » keeps it: they have proved an address. `verification` says how the person was
 * identified; they read it. Refuses its absence, a draft, a hidden dossier, one that changed meanwhile.
 */
export async function renouvelerLeCode(cas: Cas, verification: string): Promise<Result<{ rang: number }>> {
  const { app, tx, collectivite, dossier, modele, auteur } = cas
  if (!verification.trim()) return refuse({ ...refusals.identite_non_verifiee, field: 'verification' })
  // The person may be changing it too, which does not make another version of the dossier: the number that follows is read under the lock.
  const locked = await dossierParId(tx, collectivite.id, dossier.id, true)
  if (!locked) return refuse(refusals.page_perimee)
  const code_version = locked.code_version + 1
  const done = await advance(app, tx, collectivite.id, dossier, modele.regime, auteur, {
    nature: 'renouveler_code',
    motif: verification,
    donnees: { code_version },
    changes: { code_version },
  })
  if (!done.ok) return done
  await fermerLesAcces(tx, collectivite.id, dossier.id)
  await prevenir(cas, done.value.rang)
  return done
}

/** Ends what sessions had opened with the code of a dossier, but the one given. */
export async function fermerLesAcces(tx: Tx, collectiviteId: string, dossierId: string, sauf?: Buffer): Promise<void> {
  await sql`delete from acces_dossier where collectivite_id = ${collectiviteId} and dossier_id = ${dossierId}
    ${sauf ? sql`and session_empreinte <> ${sauf}` : sql``}`.execute(tx)
}

/** The address at which the person will be told; undefined when they gave none, or when the last message there did not arrive. */
export async function adresseAPrevenir({ tx, collectivite, dossier }: Cas): Promise<string | undefined> {
  const adresse = dossier.demandeur_courriel
  if (!adresse) return undefined
  return estSansArrivee(adresse, await envoisDuDossier(tx, collectivite.id, dossier.id)) ? undefined : adresse
}

/** An agent may have noted this address and misheard it (docs/adr/0027): neither the code, nor who, nor what. */
async function prevenir(cas: Cas, rang: number): Promise<void> {
  const { app, tx, collectivite, dossier } = cas
  const destinataire = await adresseAPrevenir(cas)
  if (!destinataire) return
  const mairie = appellation(collectivite)
  await envoyer(tx, app, {
    collectiviteId: collectivite.id,
    dossierId: dossier.id,
    cle: `dossier|${dossier.id}|${rang}`,
    destinataire,
    sujet: `${collectivite.nom} : un nouveau code vient d’être donné`,
    titre: 'Un nouveau code vient d’être donné',
    paragraphes: [
      'Bonjour,',
      `Un agent a donné un nouveau code personnel pour le suivi d’une demande, après avoir vérifié l’identité de la personne. L’ancien code n’ouvre plus rien.`,
      'Ouvrez votre dossier avec votre référence et ce nouveau code. Il n’est pas dans ce message.',
      { lien: { texte: 'Ouvrir mon dossier', href: `${collectivite.address}/suivi` } },
      `Vous n’avez pas demandé de code ? Dites-le tout de suite à ${mairie}.`,
    ],
  })
}
