import { sql } from 'kysely'
import { civilDay } from '../../../platform/clock.ts'
import { traitement } from '../../demarches/index.ts'
import { envoyer } from '../../envois/index.ts'
import { dates } from '../../formulaires/index.ts'
import { appellation, fuseau } from '../../territoire/index.ts'
import { finDeConservation, PREAVIS_JOURS } from '../conservation.ts'
import { messageDuSort } from '../phrases-conservation.ts'
import { type Conserve, courrielDuCompte } from '../queries/conservation.ts'
import type { Cas } from './instruire.ts'

/** Tells the person, two weeks before, that their draft or their dossier is about to go, and what they can do. Without an address, only notes the day. */
export async function prevenir(cas: Cas, found: Conserve): Promise<void> {
  const { app, tx, collectivite, dossier, modele } = cas
  const now = app.clock.now()
  const timeZone = fuseau(collectivite)
  const declare = traitement.traitementDe(modele)
  const fin = finDeConservation(found, declare.conservationMois, timeZone)
  if (!fin) return
  await sql`update dossier set prevenu_le = ${now} where collectivite_id = ${collectivite.id} and id = ${dossier.id}`.execute(tx)
  const destinataire = await adresse(cas)
  if (!destinataire) return
  const soonest = dates.addDays(civilDay(now, timeZone), PREAVIS_JOURS) ?? fin
  const le = dates.longDate(fin > soonest ? fin : soonest)
  const isDraft = dossier.etat === 'brouillon'
  const { sujet, titre, paragraphes } = messageDuSort({
    isDraft,
    le,
    demarche: modele.titre,
    sort: declare.sort,
    qui: appellation(collectivite),
  })
  await envoyer(tx, app, {
    collectiviteId: collectivite.id,
    dossierId: dossier.id,
    cle: `conservation|${dossier.id}|${civilDay(now, timeZone)}`,
    destinataire,
    sujet: `${sujet} (${dossier.reference})`,
    titre,
    paragraphes: [
      `Bonjour${dossier.demandeur_nom ? ` ${dossier.demandeur_nom}` : ''},`,
      ...paragraphes,
      {
        lien: {
          texte: isDraft ? 'Reprendre ma demande' : 'Ouvrir mon dossier',
          href: `${collectivite.address}/suivi?reference=${dossier.reference}`,
        },
      },
    ],
  })
}

async function adresse({ tx, collectivite, dossier, modele }: Cas): Promise<string | undefined> {
  const typed = dossier.reponses.champs[modele.demandeur.courriel]
  return (
    dossier.demandeur_courriel ?? (typeof typed === 'string' && typed ? typed : await courrielDuCompte(tx, collectivite.id, dossier.id))
  )
}
