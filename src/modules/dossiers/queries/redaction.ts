import { civilDay } from '../../../platform/clock.ts'
import { type Faits, type Redaction, rediger, type Usage } from '../../documents/index.ts'
import { dates, reserve } from '../../formulaires/index.ts'
import { appellation, fuseau } from '../../territoire/index.ts'
import type { Cas } from '../commands/instruire.ts'
import { envAuDepot, reponsesLues } from './cas.ts'

/** The text of a document or a message about a dossier, with what its answers do not say in `faits`, signed by who was chosen, if anybody was. */
export function redigerPour(cas: Cas, usage: Usage, faits: Faits = {}, signataire?: string, gabaritId?: string | null): Promise<Redaction> {
  const { tx, collectivite, dossier, modele } = cas
  return rediger(tx, collectivite.id, {
    usage,
    demarcheId: dossier.demarche_id,
    modele,
    // What agents noted may be said too: it is an agent who writes the text.
    reponses: reserve.avecAnnotations(dossier.reponses, dossier.annotations),
    env: envAuDepot(cas),
    faits: { ...faitsDuDossier(cas), ...faits },
    signataire,
    gabaritId,
  })
}

/** A day as texts say it, where the collectivité is. */
export const jourEnMots = (instant: Date, { collectivite }: Pick<Cas, 'collectivite'>): string =>
  dates.longDate(civilDay(instant, fuseau(collectivite)))

/** The questions to answer again, one a line; nothing when none of them is asked any more. */
export function aRevoir(cas: Cas, champs: readonly string[]): Faits {
  const asked = new Map(reponsesLues(cas).flatMap(({ lignes }) => lignes.map(({ champ, libelle }) => [champ, libelle] as const)))
  const list = champs.flatMap(champ => asked.get(champ) ?? [])
  return list.length > 0 ? { a_revoir: list.map(libelle => `– ${libelle}`).join('\n') } : {}
}

function faitsDuDossier(cas: Cas): Faits {
  const { collectivite, dossier, modele } = cas
  const { telephone, courriel } = collectivite.reglage
  return {
    reference: dossier.reference,
    demarche: modele.titre,
    service: dossier.service ?? modele.service,
    commune: collectivite.nom,
    mairie: appellation(collectivite),
    ...(dossier.demandeur_nom ? { demandeur: dossier.demandeur_nom } : {}),
    ...(dossier.depose_le ? { date_depot: jourEnMots(dossier.depose_le, cas) } : {}),
    ...(telephone ? { telephone } : {}),
    ...(courriel ? { courriel } : {}),
  }
}
