import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Modele } from '../demarche.ts'
import { modelePublie } from './demarches.ts'

/** A template of the shared catalogue, in its last version. */
export interface ModeleOffert {
  readonly id: string
  readonly version: number
  readonly empreinte: string
  /** What the catalogue shows and searches of it; the whole is read by its fingerprint. */
  readonly modele: Pick<Modele, 'titre' | 'resume' | 'motsCles' | 'evenementDeVie'>
  /** The collectivité that offers it; null: shipped with Parvis. */
  readonly origineId: string | null
  readonly lignee: string
  readonly publieLe: Date
  /** How many démarches follow it, in whatever version. */
  readonly adoptions: number
}

/**
 * Every template that may be adopted, in its last version, by title. Definitions stay in the database: read whole, thirteen hundred templates
 * (four for each of three hundred communes) held the process for a second at every page.
 */
export async function catalogue(tx: Tx): Promise<ModeleOffert[]> {
  const { rows } = await sql<ModeleOffert>`
    select m.id, m.version, m.empreinte, m.origine_id as "origineId", m.lignee, m.publie_le as "publieLe",
      (select count(*)::int from adoption a where a.modele_id = m.id) as adoptions,
      jsonb_build_object('titre', d.definition->'titre', 'resume', d.definition->'resume', 'motsCles', d.definition->'motsCles',
        'evenementDeVie', d.definition->'evenementDeVie') as modele
    from (select distinct on (id) * from modele_demarche where retire_le is null order by id, version desc) m
    join definition_demarche d on d.empreinte = m.empreinte`.execute(tx)
  return rows.sort((a, b) => parTitre.compare(a.modele.titre, b.modele.titre) || (a.id < b.id ? -1 : 1))
}

// Twenty times faster than localeCompare, which makes one for each comparison.
const parTitre = new Intl.Collator('fr')

/** A version of a template, withdrawn or not, with the collectivité that offers it; undefined when there is none. */
export async function versionDuModele(
  tx: Tx,
  id: string,
  version: number,
): Promise<{ readonly empreinte: string; readonly modele: Modele; readonly origineId: string | null } | undefined> {
  const { rows } = await sql<{ empreinte: string; origine_id: string | null }>`select empreinte, origine_id from modele_demarche
    where id = ${id} and version = ${version}`.execute(tx)
  const row = rows[0]
  return row && { empreinte: row.empreinte, modele: await modelePublie(tx, row.empreinte), origineId: row.origine_id }
}

/** A version that a démarche could move to. */
export interface MiseAJour {
  readonly demarcheId: string
  readonly id: string
  readonly version: number
  readonly empreinte: string
  /** From the collectivité that carries what is shared, instead of the template of the same line followed until now. */
  readonly estAutreModele: boolean
}

/**
 * The newer versions offered to the démarches of a collectivité: the last of the template that each follows, else the last that the
 * carrier of the territory (`porteurId`) offers in the same line. Nothing was written for them when they were published: an offer to
 * three hundred communes costs one row.
 */
export async function misesAJour(tx: Tx, collectiviteId: string, porteurId: string | null): Promise<MiseAJour[]> {
  const { rows } = await sql<MiseAJour>`
    select d.id as "demarcheId", cible.id, cible.version, cible.empreinte, cible.id <> d.modele_id as "estAutreModele"
    from demarche d
    join modele_demarche courant on courant.id = d.modele_id and courant.version = d.modele_version
    cross join lateral (
      select m.id, m.version, m.empreinte from modele_demarche m
      where m.lignee = courant.lignee and m.retire_le is null
        and ((m.id = d.modele_id and m.version > d.modele_version)
          or (m.id <> d.modele_id and m.origine_id = ${porteurId} and courant.origine_id is distinct from ${porteurId} and ${porteurId}::uuid <> ${collectiviteId}))
      order by (m.origine_id is not distinct from ${porteurId}) desc, m.version desc limit 1
    ) cible
    where d.collectivite_id = ${collectiviteId} and cible.empreinte <> courant.empreinte`.execute(tx)
  return rows
}

/** Who follows a template, and in which version. */
export async function utilisateurs(
  tx: Tx,
  modeleId: string,
): Promise<{ readonly collectiviteId: string; readonly nom: string; readonly version: number; readonly le: Date }[]> {
  const { rows } = await sql<{ collectiviteId: string; nom: string; version: number; le: Date }>`
    select a.adoptant_id as "collectiviteId", c.nom, a.version, a.le from adoption a join collectivite c on c.id = a.adoptant_id
    where a.modele_id = ${modeleId} order by a.version desc, c.nom limit 1000`.execute(tx)
  return rows
}

/** The templates that a collectivité offers to the others, with their last version: template id → version. */
export async function modelesDe(
  tx: Tx,
  collectiviteId: string,
): Promise<{ id: string; version: number; empreinte: string; estRetire: boolean }[]> {
  const { rows } = await sql<{ id: string; version: number; empreinte: string; estRetire: boolean }>`
    select distinct on (id) id, version, empreinte, retire_le is not null as "estRetire" from modele_demarche
    where origine_id = ${collectiviteId} order by id, version desc`.execute(tx)
  return rows
}
