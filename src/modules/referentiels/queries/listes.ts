import { type RawBuilder, sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import type { Reponse, Trouvaille } from '../../formulaires/index.ts'
import { cleDeVoie } from '../adresse.ts'
import { adresseDeLApi, lireReponse } from '../api.ts'
import type { Demander, Raison } from '../exterieur/demander-json.ts'
import { ouvrirSecret } from '../secret.ts'
import type { LigneRow, ReferentielRow } from '../tables.ts'
import type { Lire } from './adresses.ts'

/** A list that a question can use. */
export interface ListeOfferte {
  readonly id: string
  readonly nom: string
  /** What an answer can keep besides its words. */
  readonly colonnes: readonly string[]
}

/** The lists of a collectivité, for who writes a question. */
export async function listesDe(tx: Tx, collectiviteId: string): Promise<ListeOfferte[]> {
  const { rows } =
    await sql<ListeOfferte>`select id, nom, colonnes from referentiel where collectivite_id = ${collectiviteId} order by nom, id`.execute(
      tx,
    )
  return rows
}

const COLUMNS = sql.raw('id, nom, nature, colonnes, colonne_cle, colonne_libelle, lignes, notes, api, secret, modifie_le')

/** The lists of a collectivité as its agents see them, in the order of their names. */
export const listes = (collectiviteId: string): RawBuilder<ReferentielRow> =>
  sql<ReferentielRow>`select ${COLUMNS} from referentiel where collectivite_id = ${collectiviteId} order by nom, id`

/** One list; undefined when the collectivité has none of that id, or when it is none. */
export async function liste(lire: Lire, collectiviteId: string, id: string): Promise<ReferentielRow | undefined> {
  // PostgreSQL refuses a NUL, which an address may hold.
  if (!/^[a-z][a-z0-9_-]{0,59}$/.test(id)) return undefined
  const rows = await lire(sql<ReferentielRow>`select ${COLUMNS} from referentiel where collectivite_id = ${collectiviteId} and id = ${id}`)
  return rows[0]
}

/** Every line of a list read from a file, in the order of the file. */
export const toutesLesLignes = (collectiviteId: string, id: string): RawBuilder<LigneRow> =>
  sql<LigneRow>`select cle, libelle, valeurs from ligne_referentiel where collectivite_id = ${collectiviteId} and referentiel_id = ${id} order by rang`

/** A page of the lines that contain all the words, in the order of the file, and how many there are. */
export async function pageDeLignes(
  lire: Lire,
  collectiviteId: string,
  id: string,
  { cherche, page, taille }: { cherche: string; page: number; taille: number },
): Promise<{ lignes: LigneRow[]; total: number }> {
  const rows = await lire(sql<
    LigneRow & { total: number }
  >`select cle, libelle, valeurs, count(*) over ()::int as total from ligne_referentiel
    where collectivite_id = ${collectiviteId} and referentiel_id = ${id} and recherche like all (${motifs(cherche)}::text[])
    order by rang limit ${taille} offset ${(page - 1) * taille}`)
  return { lignes: rows, total: rows[0]?.total ?? 0 }
}

// cleDeVoie leaves letters and figures only: no character of LIKE comes through.
const motifs = (typed: string): string[] =>
  cleDeVoie(typed)
    .split(' ')
    .filter(Boolean)
    .map(word => `%${word}%`)

/** Looks in a list of the collectivité, or asks the API that it is. At most 10, the best first; « indisponible » when the API does not answer, or there is no such list. */
export async function chercherDansLaListe(
  app: App,
  lire: Lire,
  collectiviteId: string,
  id: string,
  mots: string,
  demander: Demander,
): Promise<Reponse> {
  const found = await liste(lire, collectiviteId, id)
  if (!found) return 'indisponible'
  if (!found.api) return dansLeFichier(lire, collectiviteId, id, mots)
  const asked = await demanderALApi(app, collectiviteId, found, mots, demander)
  return asked.ok ? asked.trouvailles : 'indisponible'
}

/** What an API gave for words, read by its mapping. */
export type EssaiDApi =
  | { readonly ok: true; readonly trouvailles: readonly Trouvaille[] }
  | { readonly ok: false; readonly raison: Raison; readonly statut?: number }

/** Asks the API of a list. A service that answers 404 knows nothing of these words. */
export async function demanderALApi(
  app: App,
  collectiviteId: string,
  found: ReferentielRow,
  mots: string,
  demander: Demander,
): Promise<EssaiDApi> {
  const api = found.api
  if (!api) return { ok: false, raison: 'illisible' }
  const secret = found.secret && api.entete ? { [api.entete]: ouvrirSecret(app.secrets, collectiviteId, found.secret) } : {}
  const url = adresseDeLApi(api, mots)
  if (!url) return { ok: true, trouvailles: [] }
  const answer = await demander(url, secret)
  if (answer.ok) return { ok: true, trouvailles: lireReponse(api, answer.json) }
  return answer.raison === 'statut' && answer.statut === 404 ? { ok: true, trouvailles: [] } : answer
}

async function dansLeFichier(lire: Lire, collectiviteId: string, id: string, mots: string): Promise<Trouvaille[]> {
  const key = cleDeVoie(mots)
  const inList = sql`collectivite_id = ${collectiviteId} and referentiel_id = ${id}`
  const exact = mots.includes('\0')
    ? []
    : await lire(sql<LigneRow>`select cle, libelle, valeurs from ligne_referentiel where ${inList} and cle = ${mots}`)
  if (exact.length > 0) return exact.map(ligne => ({ ...ligne, exacte: true }))
  const patterns = motifs(mots)
  if (patterns.length === 0) return []
  const found =
    await lire(sql<LigneRow>`select cle, libelle, valeurs from ligne_referentiel where ${inList} and recherche like all (${patterns}::text[])
    order by not starts_with(recherche, ${key}), rang limit 10`)
  if (found.length > 0 || key.length < 4) return found
  return lire(sql<LigneRow>`select cle, libelle, valeurs from (
      select cle, libelle, valeurs, rang, word_similarity(${key}, recherche) as likeness from ligne_referentiel where ${inList}
    ) l where likeness > 0.5 order by likeness desc, rang limit 10`)
}
