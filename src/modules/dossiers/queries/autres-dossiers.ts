import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Portee } from '../../../platform/http/route.ts'
import { modelePublie } from '../../demarches/index.ts'
import type { Reponses } from '../../formulaires/index.ts'
import type { Etat } from '../dossier.ts'
import { estLaMemePersonne, estUnDoublon, type Identite, reperesDe } from '../personne.ts'
import { cleDeNom } from '../recherche/valeurs.ts'
import type { DossierRow } from '../tables.ts'
import { filtreDePortee } from './portee.ts'

/** Another dossier of the person who asks. */
export interface AutreDossier {
  readonly id: string
  readonly reference: string
  readonly etat: Etat
  readonly definition: string
  readonly deposeLe: Date
  /** The same démarche, filed within twelve months: perhaps sent twice. */
  readonly estPeutEtreDoublon: boolean
}

// Beyond, homonyms of a common name are not looked at: the e-mail address or the account still tell.
const CANDIDATS = 60
const MONTRES = 20

/**
 * The other dossiers here of the person who asks, the latest first, twenty at most: same account, same e-mail address, or same name with a day of birth or an
 * address in common. Only what the agent may see. Found by three keys, never by reading the dossiers.
 */
export async function autresDossiers(tx: Tx, collectiviteId: string, dossier: DossierRow, portee: Portee): Promise<AutreDossier[]> {
  const nom = cleDeNom(dossier.demandeur_nom ?? '')
  const courriel = (dossier.demandeur_courriel ?? '').toLowerCase().slice(0, 40)
  const { rows } = await sql<
    Pick<DossierRow, 'id' | 'reference' | 'etat' | 'demarche_id' | 'definition' | 'demandeur_nom' | 'demandeur_courriel' | 'usager_id'> & {
      depose_le: Date
      reponses: Reponses
    }
  >`
    select id, reference, etat, demarche_id, definition, demandeur_nom, demandeur_courriel, usager_id, depose_le, reponses from dossier
    where collectivite_id = ${collectiviteId} and etat <> 'brouillon' and cache_le is null and id <> ${dossier.id}${filtreDePortee(portee)} and id in (
      (select id from dossier where collectivite_id = ${collectiviteId} and cle_nom = ${nom} and ${nom} <> '' and etat <> 'brouillon' and cache_le is null order by cle_nom, id desc limit ${CANDIDATS})
      union (select dossier_id from terme where collectivite_id = ${collectiviteId} and terme = ${courriel} and ${courriel} <> '' order by depose_le desc limit ${CANDIDATS})
      union (select dossier_id from dossier_usager where collectivite_id = ${collectiviteId} and usager_id = ${dossier.usager_id} limit ${CANDIDATS})
    ) order by depose_le desc, id desc`.execute(tx)
  const me = await identiteDe(tx, dossier)
  const found: AutreDossier[] = []
  for (const row of rows) {
    const other = await identiteDe(tx, row)
    if (!estLaMemePersonne(me, other)) continue
    found.push({
      id: row.id,
      reference: row.reference,
      etat: row.etat,
      definition: row.definition,
      deposeLe: row.depose_le,
      estPeutEtreDoublon: estUnDoublon(me, other),
    })
    if (found.length === MONTRES) break
  }
  return found
}

/** Those of the person's dossiers that may be the same request. */
export const doublonsDe = async (tx: Tx, collectiviteId: string, dossier: DossierRow, portee: Portee): Promise<AutreDossier[]> =>
  (await autresDossiers(tx, collectiviteId, dossier, portee)).filter(({ estPeutEtreDoublon }) => estPeutEtreDoublon)

async function identiteDe(
  tx: Tx,
  dossier: Pick<DossierRow, 'demarche_id' | 'definition' | 'demandeur_nom' | 'demandeur_courriel' | 'usager_id' | 'depose_le' | 'reponses'>,
): Promise<Identite> {
  const { formulaire } = await modelePublie(tx, dossier.definition)
  return {
    demarcheId: dossier.demarche_id,
    deposeLe: dossier.depose_le ?? new Date(0),
    usagerId: dossier.usager_id,
    courriel: dossier.demandeur_courriel,
    nom: cleDeNom(dossier.demandeur_nom ?? ''),
    ...reperesDe(formulaire, dossier.reponses),
  }
}
