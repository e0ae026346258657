import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { readInScope, type Tx } from '../../../platform/db/open.ts'
import { nomsDesAgents } from '../../agents/index.ts'
import { demarche, formulaireDesAgents, modelePublie } from '../../demarches/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import { envDuDossier } from '../commands/env.ts'
import { type ColonneExport, colonnesDuFormulaire, FAITS } from '../exports/colonnes.ts'
import { CHAMPS_DE_LIGNE, type FormeLue, type Lecture, type LotLu } from '../exports/ecrire.ts'

/** Every column that an export of a démarche may have: the facts alone without one. */
export async function colonnesPossibles(tx: Tx, collectiviteId: string, demarcheId: string): Promise<ColonneExport[]> {
  const offre = demarcheId === '' ? undefined : await demarche(tx, collectiviteId, demarcheId)
  if (!offre) return [...FAITS]
  const formulaire = (await formulaireDesAgents(tx, offre.definition)) ?? offre.modele.formulaire
  return [...FAITS, ...colonnesDuFormulaire(formulaire)]
}

// Large enough that a reading costs nothing beside its rows; a few are on their way to what writes them.
const PAR_LECTURE = 250
// Small enough that a text is young when it is forgotten: larger ones are old for the collector of memory, which then looked at the whole heap four times a second.
const PAR_TEXTE = 50
// How often the progress is told.
const PAR_ETAPE = 2000

/**
 * The dossiers of some ids, read two hundred and fifty at a time, each batch in one reading of its own: nothing stays open while the reader is slow. A dossier
 * erased or hidden since the ids were listed is left out.
 */
export function lectureDExport(
  app: App,
  collectivite: Collectivite,
  ids: readonly string[],
  colonnes: readonly ColonneExport[],
  surLot: (lus: number) => Promise<void> = async () => {},
): Lecture {
  const known = new Set<string>()
  const isNew = (id: string) => !known.has(id) && known.add(id) !== undefined
  const lireUn = (at: number): Promise<LotLu[]> =>
    readInScope(app.db, { collectiviteId: collectivite.id }, async tx => {
      const { textes, definitions, agents } = await lignesLues(tx, collectivite.id, ids.slice(at, at + PAR_LECTURE), colonnes)
      const formes: [string, FormeLue][] = []
      for (const definition of definitions.filter(isNew)) formes.push([definition, await formeDe(app, collectivite, tx, definition)])
      const unknown = agents.filter(id => id !== null).filter(isNew)
      const noms = [...(await nomsDesAgents(tx, unknown))]
      return textes.map((lignes, rang) => (rang === 0 ? { lignes, formes, agents: noms } : { lignes, formes: [], agents: [] }))
    })
  async function* lire(): AsyncGenerator<LotLu> {
    let next = lireUn(0)
    for (let at = 0; at < ids.length; at += PAR_LECTURE) {
      const lots = await next
      const after = at + PAR_LECTURE
      // The server reads the next ones while these are written.
      if (after < ids.length) {
        next = lireUn(after)
        next.catch(() => {}) // said when its turn comes
      }
      yield* lots
      if (after % PAR_ETAPE === 0 || after >= ids.length) await surLot(Math.min(after, ids.length))
    }
  }
  return { colonnes, lire, timeZone: fuseau(collectivite), le: app.clock.now() }
}

async function formeDe(app: App, collectivite: Collectivite, tx: Tx, definition: string): Promise<FormeLue> {
  const modele = await modelePublie(tx, definition)
  return {
    titre: modele.titre,
    formulaire: (await formulaireDesAgents(tx, definition)) ?? modele.formulaire,
    env: envDuDossier(app, collectivite, modele),
  }
}

/**
 * Dossiers in the order of the ids, as `ouvertes` reads them again: one text, which costs this process a tenth of what their rows and cells would. Only what
 * the columns need is read.
 */
async function lignesLues(
  tx: Tx,
  collectiviteId: string,
  ids: readonly string[],
  colonnes: readonly ColonneExport[],
): Promise<{ textes: readonly string[]; definitions: readonly string[]; agents: readonly (string | null)[] }> {
  const asks = (cle: string) => colonnes.some(column => column.cle === cle)
  const motif = sql`(select e.motif from evenement e where e.collectivite_id = ${collectiviteId} and e.dossier_id = d.id
    and e.nature in ('accepter', 'refuser', 'classer_sans_suite') and d.decide_le is not null order by e.rang desc limit 1)`
  const avis = sql`(select jsonb_agg(jsonb_build_object('expert', a.expert_nom, 'reponse', a.reponse, 'texte', a.texte) order by a.rendue_le)
    from demande_avis a where a.collectivite_id = ${collectiviteId} and a.dossier_id = d.id and a.rendue_le is not null and a.retiree_le is null)`
  const etiquettes = sql`(select jsonb_agg(e.nom order by e.nom) from dossier_etiquette l
    join etiquette e on e.collectivite_id = ${collectiviteId} and e.id = l.etiquette_id
    where l.collectivite_id = ${collectiviteId} and l.dossier_id = d.id)`
  const faits = [
    ...CHAMPS_DE_LIGNE.map(nom => sql.ref(`d.${nom}`)),
    ...Object.entries({ motif, avis, etiquettes }).map(([cle, lu]) => (asks(cle) ? lu : sql`null`)),
  ]
  const lignes = [
    sql`json_build_array(${sql.join(faits)})`,
    ...(colonnes.some(({ groupe }) => groupe !== 'dossier') ? [sql`d.reponses`, sql`d.annotations`] : [sql`'null'`, sql`'null'`]),
  ]
  // No JSON that the database writes of its types has an end of line.
  const { rows } = await sql<{ lignes: string; definitions: string[]; agents: (string | null)[] }>`
    select string_agg(lignes, E'\n') as lignes, array_agg(distinct definition) as definitions, array_agg(distinct agent_id) as agents
    from (
      select concat_ws(E'\n', ${sql.join(lignes)}) as lignes, d.definition, d.agent_id, (u.place - 1) / ${sql.lit(PAR_TEXTE)} as texte
      from unnest(${[...ids]}::uuid[]) with ordinality as u (id, place) join dossier d on d.collectivite_id = ${collectiviteId} and d.id = u.id
      where d.cache_le is null and d.etat <> 'brouillon' order by texte, u.place
    ) l group by texte order by texte`.execute(tx)
  return {
    textes: rows.map(row => row.lignes),
    definitions: rows.flatMap(row => row.definitions),
    agents: rows.flatMap(row => row.agents),
  }
}
