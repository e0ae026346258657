import type { App } from '../../../platform/app.ts'
import { civilDay, startOfDay } from '../../../platform/clock.ts'
import type { Tx } from '../../../platform/db/open.ts'
import type { ActingAgent } from '../../../platform/http/route.ts'
import { equipesDe } from '../../agents/index.ts'
import { demarche, formulaireDesAgents } from '../../demarches/index.ts'
import { dossiersNonJoints } from '../../envois/index.ts'
import type { definitions } from '../../formulaires/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import { indexerAvantDeLister } from '../commands/indexer.ts'
import type { Choix } from '../recherche/choix.ts'
import { type Demandeur, type Filtre, filtreDe } from '../recherche/filtre.ts'
import { filtrageDe } from '../recherche/valeurs.ts'

/** An agent who looks at lists, on a page or in a job that they asked for. */
export interface Lecteur {
  readonly app: App
  readonly collectivite: Collectivite
  readonly agent: Pick<ActingAgent, 'id' | 'portee'>
}

/** A field of a démarche as lists may filter by it and show it, those of agents included. */
export type Champs = ReadonlyMap<string, definitions.Champ>

/** The fields of the démarche of a choice; none without one. */
export async function champsDuChoix(tx: Tx, collectiviteId: string, choix: Choix): Promise<Champs> {
  const offre = choix.demarche === '' ? undefined : await demarche(tx, collectiviteId, choix.demarche)
  if (!offre) return new Map()
  const formulaire = (await formulaireDesAgents(tx, offre.definition)) ?? offre.modele.formulaire
  return new Map(
    formulaire.etapes.flatMap(({ champs }) => champs.flatMap(champ => (filtrageDe(champ) === null ? [] : [[champ.id, champ] as const]))),
  )
}

/**
 * Who looks at a list. Their teams are read only when they are needed. Every filter begins here: what was filed a moment ago is indexed first, and is in the list.
 */
export async function demandeurDe({ app, collectivite, agent }: Lecteur, tx: Tx, avecEquipes: boolean): Promise<Demandeur> {
  const zone = fuseau(collectivite)
  await indexerAvantDeLister(app, tx, collectivite.id)
  const teams = avecEquipes ? await equipesDe(tx, collectivite.id) : []
  return {
    agentId: agent.id,
    services: teams.filter(({ membres }) => membres.some(({ id }) => id === agent.id)).map(({ service }) => service),
    portee: agent.portee,
    aujourdhui: civilDay(app.clock.now(), zone),
    debutDuJour: day => startOfDay(day, zone),
  }
}

/** The filter of a choice for who asks, with what other modules know: the dossiers whose last message did not arrive, when it is they that are asked for. */
export async function filtreDuLecteur(lecteur: Lecteur, tx: Tx, choix: Choix, champs: Champs): Promise<Filtre> {
  const filtre = filtreDe(choix, await demandeurDe(lecteur, tx, choix.qui === 'equipe'), champs)
  if (filtre.faire?.nature !== 'envoi') return filtre
  return { ...filtre, faire: { ...filtre.faire, dossiers: await dossiersNonJoints(tx, lecteur.collectivite.id) } }
}
