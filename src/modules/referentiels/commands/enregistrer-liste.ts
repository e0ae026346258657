import { sql } from 'kysely'
import { payloadHash, record } from '../../../platform/audit/journal.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { cleDeVoie } from '../adresse.ts'
import type { Api } from '../api.ts'
import type { Entree, Liste } from '../liste.ts'
import { refusals } from '../refusals.ts'
import type { LigneRow } from '../tables.ts'

/** In which collectivité, by whom, when. */
export interface Auteur {
  readonly collectiviteId: string
  readonly agentId: string
  readonly le: Date
}

const MAX_LISTES = 100
const MAX_NOM = 100

// Pages of the lists: they are not names of lists.
const RESERVES = ['fichier', 'api']

/** Adds a list read from a file; gives its id, which questions name and which never changes. Refuses a list without a name, and the 101st. */
export async function ajouterListe(tx: Tx, auteur: Auteur, nom: string, liste: Liste): Promise<Result<string>> {
  const made = await ouvrir(tx, auteur, nom)
  if (!made.ok) return made
  await sql`insert into referentiel (collectivite_id, id, nom, nature, colonnes, modifie_le, modifie_par)
    values (${auteur.collectiviteId}, ${made.value}, ${nom}, 'fichier', '{}', ${auteur.le}, ${auteur.agentId})`.execute(tx)
  await remplir(tx, auteur, made.value, liste)
  return made
}

/** Puts the lines of a new file in place of those of a list. What was already answered keeps what it was given. */
export async function remplacerListe(tx: Tx, auteur: Auteur, id: string, liste: Liste): Promise<Result<string>> {
  const { rows } =
    await sql`select 1 from referentiel where collectivite_id = ${auteur.collectiviteId} and id = ${id} and nature = 'fichier' for update`.execute(
      tx,
    )
  if (rows.length === 0) return refuse(refusals.liste_disparue)
  await remplir(tx, auteur, id, liste)
  return ok(id)
}

/** Chooses other columns for the key and the words of a list, among its own. Refuses a column that does not tell the lines apart, or that has holes. */
export async function choisirColonnes(tx: Tx, auteur: Auteur, id: string, cle: string, libelle: string): Promise<Result<string>> {
  const { collectiviteId } = auteur
  const found = await sql<{
    colonnes: string[]
    notes: string[]
  }>`select colonnes, notes from referentiel where collectivite_id = ${collectiviteId} and id = ${id} and nature = 'fichier' for update`.execute(
    tx,
  )
  const known = found.rows[0]
  if (!known) return refuse(refusals.liste_disparue)
  for (const [field, colonne] of [
    ['colonneCle', cle],
    ['colonneLibelle', libelle],
  ] as const)
    if (!known.colonnes.includes(colonne)) return refuse({ ...refusals.colonne_inconnue, field })
  const { rows } =
    await sql<LigneRow>`select cle, libelle, valeurs from ligne_referentiel where collectivite_id = ${collectiviteId} and referentiel_id = ${id} order by rang`.execute(
      tx,
    )
  const entrees = rows.map(({ valeurs }): Entree => ({ cle: valeurs[cle] ?? '', libelle: valeurs[libelle] ?? '', valeurs }))
  const keys = new Set(entrees.map(entree => entree.cle))
  if (keys.size < entrees.length || keys.has('') || keys.has('aucune') || entrees.some(entree => entree.cle.length > 100))
    return refuse({ ...refusals.cle_en_double, field: 'colonneCle' })
  if (entrees.some(entree => entree.libelle === '')) return refuse({ ...refusals.libelle_vide, field: 'colonneLibelle' })
  await remplir(tx, auteur, id, { ...known, colonneCle: cle, colonneLibelle: libelle, entrees })
  return ok(id)
}

/** Declares an API as a list, or changes it when `id` is one. `secret` is already sealed; undefined keeps the one stored, null takes it away. */
export async function declarerApi(
  tx: Tx,
  auteur: Auteur,
  id: string | undefined,
  { nom, api, secret }: { nom: string; api: Api; secret: Buffer | null | undefined },
): Promise<Result<string>> {
  const colonnes = api.valeurs.map(valeur => valeur.nom)
  const { collectiviteId, agentId, le } = auteur
  if (id !== undefined) {
    const { rows } =
      await sql`update referentiel set nom = ${nom}, api = ${JSON.stringify(api)}::jsonb, colonnes = ${colonnes}, modifie_le = ${le}, modifie_par = ${agentId},
        secret = ${secret === undefined ? sql`secret` : secret}
      where collectivite_id = ${collectiviteId} and id = ${id} and nature = 'api' returning id`.execute(tx)
    if (rows.length === 0) return refuse(refusals.liste_disparue)
    await noter(tx, auteur, 'liste.modifier', id, api)
    return ok(id)
  }
  const made = await ouvrir(tx, auteur, nom)
  if (!made.ok) return made
  await sql`insert into referentiel (collectivite_id, id, nom, nature, colonnes, api, secret, modifie_le, modifie_par)
    values (${collectiviteId}, ${made.value}, ${nom}, 'api', ${colonnes}, ${JSON.stringify(api)}::jsonb, ${secret ?? null}, ${le}, ${agentId})`.execute(
    tx,
  )
  await noter(tx, auteur, 'liste.ajouter', made.value, api)
  return made
}

/** Deletes a list. Questions that name it keep the answers given, and take the next ones as typed, unverified. */
export async function supprimerListe(tx: Tx, auteur: Auteur, id: string): Promise<Result<string>> {
  const { rows } = await sql`delete from referentiel where collectivite_id = ${auteur.collectiviteId} and id = ${id} returning id`.execute(
    tx,
  )
  if (rows.length === 0) return refuse(refusals.liste_disparue)
  await noter(tx, auteur, 'liste.supprimer', id, {})
  return ok(id)
}

async function ouvrir(tx: Tx, { collectiviteId }: Auteur, nom: string): Promise<Result<string>> {
  if (nom.length < 2 || nom.length > MAX_NOM) return refuse({ ...refusals.nom_absent, field: 'nom' })
  await sql`select pg_advisory_xact_lock(hashtextextended(${`listes:${collectiviteId}`}, 0))`.execute(tx)
  const { rows } = await sql<{ id: string }>`select id from referentiel where collectivite_id = ${collectiviteId}`.execute(tx)
  if (rows.length >= MAX_LISTES) return refuse(refusals.trop_de_listes)
  const taken = new Set([...RESERVES, ...rows.map(({ id }) => id)])
  const base =
    cleDeVoie(nom)
      .replaceAll(' ', '-')
      .replace(/[^a-z0-9-]/g, '')
      .replace(/^[^a-z]+/, '')
      .slice(0, 50)
      .replace(/-+$/, '') || 'liste'
  let id = base
  for (let again = 2; taken.has(id); again++) id = `${base}-${again}`
  return ok(id)
}

async function remplir(tx: Tx, auteur: Auteur, id: string, liste: Liste): Promise<void> {
  const { collectiviteId, agentId, le } = auteur
  const { entrees, colonnes, colonneCle, colonneLibelle, notes } = liste
  await sql`delete from ligne_referentiel where collectivite_id = ${collectiviteId} and referentiel_id = ${id}`.execute(tx)
  const recherche = entrees.map(({ cle, libelle }) => cleDeVoie(`${libelle} ${cle === libelle ? '' : cle}`))
  await sql`insert into ligne_referentiel (collectivite_id, referentiel_id, cle, rang, libelle, recherche, valeurs)
    select ${collectiviteId}::uuid, ${id}, cle, rang, libelle, recherche, valeurs::jsonb
    from unnest(${entrees.map(({ cle }) => cle)}::text[], ${entrees.map((_, rang) => rang)}::int[], ${entrees.map(({ libelle }) => libelle)}::text[],
      ${recherche}::text[], ${entrees.map(({ valeurs }) => JSON.stringify(valeurs))}::text[]) as r (cle, rang, libelle, recherche, valeurs)`.execute(
    tx,
  )
  await sql`update referentiel set colonnes = ${[...colonnes]}, colonne_cle = ${colonneCle}, colonne_libelle = ${colonneLibelle}, lignes = ${entrees.length},
    notes = ${[...notes]}, modifie_le = ${le}, modifie_par = ${agentId} where collectivite_id = ${collectiviteId} and id = ${id}`.execute(
    tx,
  )
  await noter(tx, auteur, 'liste.enregistrer', id, { colonnes, colonneCle, colonneLibelle, entrees })
}

const noter = (tx: Tx, { collectiviteId, agentId, le }: Auteur, action: string, id: string, content: unknown): Promise<void> =>
  record(tx, collectiviteId, le, { acteur: `agent:${agentId}`, action, objet: `liste:${id}`, empreinte: payloadHash(content) })
