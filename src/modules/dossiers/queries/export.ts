import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { App } from '../../../platform/app.ts'
import { civilDay, civilMinute } from '../../../platform/clock.ts'
import { readInScope, type Tx } from '../../../platform/db/open.ts'
import { nomsDesAgents } from '../../agents/index.ts'
import { demarche, formulaireDesAgents, modelePublie } from '../../demarches/index.ts'
import type { Env } from '../../formulaires/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import { envDuDossier } from '../commands/env.ts'
import { type Autour, type ColonneExport, colonnesDuFormulaire, FAITS, type Forme, type LigneLue } from '../exports/colonnes.ts'
import type { Source } from '../exports/ecrire.ts'

/** Every column that an export of a démarche may have: the facts alone without one. */
export async function colonnesPossibles(tx: Tx, collectiviteId: string, demarcheId: string): Promise<ColonneExport[]> {
  const offre = demarcheId === '' ? undefined : await demarche(tx, collectiviteId, demarcheId)
  if (!offre) return [...FAITS]
  const formulaire = (await formulaireDesAgents(tx, offre.definition)) ?? offre.modele.formulaire
  return [...FAITS, ...colonnesDuFormulaire(formulaire)]
}

// Two batches are in memory: the one that is written, and the one that comes.
const PAR_LECTURE = 250
// How many are written in one turn of the loop.
const PAR_TOUR = 50
// How often the progress is told.
const PAR_ETAPE = 2000

/**
 * The dossiers of some ids, read two hundred and fifty at a time, each batch in one reading of its own: nothing stays open while the reader is slow. A dossier
 * erased or hidden since the ids were listed is left out.
 */
export async function sourceDExport(
  app: App,
  collectivite: Collectivite,
  ids: readonly string[],
  colonnes: readonly ColonneExport[],
  surLot: (lus: number) => Promise<void> = async () => {},
): Promise<Source> {
  const formes = new Map<string, Forme>()
  const noms = new Map<string, string>()
  const lireUn = (at: number): Promise<LigneEnBase[]> =>
    readInScope(app.db, { collectiviteId: collectivite.id }, async tx => {
      const rows = await lignesLues(tx, collectivite.id, ids.slice(at, at + PAR_LECTURE), colonnes)
      for (const { definition } of rows)
        if (!formes.has(definition)) formes.set(definition, await formeDe(app, collectivite, tx, definition))
      const unknown = new Set(rows.flatMap(({ agent_id }) => (agent_id && !noms.has(agent_id) ? [agent_id] : [])))
      for (const [id, nom] of await nomsDesAgents(tx, [...unknown])) noms.set(id, nom)
      return rows
    })
  async function* lire(): AsyncGenerator<Iterable<LigneLue>> {
    let next = lireUn(0)
    for (let at = 0; at < ids.length; at += PAR_LECTURE) {
      const lignes = await next
      const after = at + PAR_LECTURE
      // The server reads the next ones while these are written.
      if (after < ids.length) {
        next = lireUn(after)
        next.catch(() => {}) // said when its turn comes
      }
      for (let from = 0; from < lignes.length; from += PAR_TOUR) {
        // What is asked leaves, and what comes is taken, between two turns only: without them the server waited for the writing, then the writing for it.
        await turn()
        yield ouvertes(lignes.slice(from, from + PAR_TOUR))
      }
      if (after % PAR_ETAPE === 0 || after >= ids.length) await surLot(Math.min(after, ids.length))
    }
  }
  const timeZone = fuseau(collectivite)
  const autour: Autour = {
    agent: id => noms.get(id) ?? '',
    forme: definition => formes.get(definition)!,
    instant: date => civilMinute(date, timeZone),
  }
  return { colonnes, lire, autour, le: app.clock.now() }
}

async function formeDe(app: App, collectivite: Collectivite, tx: Tx, definition: string): Promise<Forme> {
  const modele = await modelePublie(tx, definition)
  const today = envDuDossier(app, collectivite, modele)
  // One a day: what depends on the day of filing is the only difference.
  const envs = new Map<string, Env>()
  return {
    titre: modele.titre,
    formulaire: (await formulaireDesAgents(tx, definition)) ?? modele.formulaire,
    env({ depose_le }) {
      const aujourdhui = civilDay(depose_le, fuseau(collectivite))
      const found = envs.get(aujourdhui) ?? { ...today, aujourdhui }
      if (envs.size < 5000) envs.set(aujourdhui, found)
      return found
    },
  }
}

// The answers as texts: the batches that wait are a quarter as large as what their objects would be, and are one thing each for the collector to move.
type LigneEnBase = Omit<LigneLue, 'reponses' | 'annotations'> & { readonly reponses?: string; readonly annotations?: string }

function* ouvertes(lignes: readonly LigneEnBase[]): Generator<LigneLue> {
  for (const ligne of lignes) {
    const { reponses, annotations } = ligne
    yield { ...ligne, reponses: reponses && JSON.parse(reponses), annotations: annotations && JSON.parse(annotations) }
  }
}

/** Rows in the order of the ids; only what the columns need is read. */
async function lignesLues(
  tx: Tx,
  collectiviteId: string,
  ids: readonly string[],
  colonnes: readonly ColonneExport[],
): Promise<LigneEnBase[]> {
  const asks = (cle: string) => colonnes.some(column => column.cle === cle)
  const more = [
    ...(colonnes.some(({ groupe }) => groupe !== 'dossier')
      ? [sql`, d.reponses::text as reponses, d.annotations::text as annotations`]
      : []),
    ...(asks('motif')
      ? [
          sql`, (select e.motif from evenement e where e.collectivite_id = ${collectiviteId} and e.dossier_id = d.id
      and e.nature in ('accepter', 'refuser', 'classer_sans_suite') and d.decide_le is not null order by e.rang desc limit 1) as motif`,
        ]
      : []),
    ...(asks('avis')
      ? [
          sql`, (select jsonb_agg(jsonb_build_object('expert', a.expert_nom, 'reponse', a.reponse, 'texte', a.texte) order by a.rendue_le)
      from demande_avis a where a.collectivite_id = ${collectiviteId} and a.dossier_id = d.id and a.rendue_le is not null and a.retiree_le is null) as avis`,
        ]
      : []),
    ...(asks('etiquettes')
      ? [
          sql`, (select jsonb_agg(e.nom order by e.nom) from dossier_etiquette l
      join etiquette e on e.collectivite_id = ${collectiviteId} and e.id = l.etiquette_id
      where l.collectivite_id = ${collectiviteId} and l.dossier_id = d.id) as etiquettes`,
        ]
      : []),
  ]
  const { rows } =
    await sql<LigneEnBase>`select d.id, d.reference, d.demarche_id, d.definition, d.etat, d.canal, d.service, d.agent_id, d.demandeur_nom,
      d.demandeur_courriel, d.depose_le, d.modifie_le, d.silence_le, d.decide_le${sql.join(more, sql``)}
    from unnest(${[...ids]}::uuid[]) with ordinality as u (id, place) join dossier d on d.collectivite_id = ${collectiviteId} and d.id = u.id
    where d.cache_le is null and d.etat <> 'brouillon' order by u.place`.execute(tx)
  return rows
}
