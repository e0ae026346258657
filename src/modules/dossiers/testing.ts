import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { sql } from 'kysely'
import { testApp } from '../../platform/app.testing.ts'
import type { App } from '../../platform/app.ts'
import { type Clock, stoppedClock } from '../../platform/clock.ts'
import { inTenant } from '../../platform/db/open.ts'
import type { TestDatabase } from '../../platform/db/testing.ts'
import type { DomainEvent } from '../../platform/events/events.ts'
import { openFileStore } from '../../platform/files/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Result } from '../../platform/refusal.ts'
import { demarche, publierCatalogue } from '../demarches/index.ts'
import { exemples, jouerExemple } from '../demarches/livre.ts'
import { setPieces } from '../formulaires/index.ts'
import { type Collectivite, collectiviteParId } from '../territoire/index.ts'
import type { Auteur } from './commands/advance.ts'
import { ouvrirBrouillon } from './commands/brouillon.ts'
import { deposer, envDuDossier } from './commands/deposer.ts'
import type { Cas } from './commands/instruire.ts'
import { piecesDe } from './pieces.ts'
import { casDuDossier } from './queries/cas.ts'
import { dossierParId } from './queries/dossier.ts'

/** A commune with the démarches of the catalogue, two agents, and a clock that the test moves. For the tests. */
export interface Mairie {
  readonly app: App
  readonly clock: Clock & { set(instant: string): void }
  readonly collectivite: Collectivite
  readonly agents: readonly [string, string]
  /** Files a sample of a démarche, without its documents; gives its id. */
  readonly deposerUn: (demarcheId?: string, auteur?: Auteur) => Promise<string>
  /** Runs a command on a dossier in one transaction, for the first agent or another author; a refusal rolls back. */
  readonly agir: <T>(dossierId: string, work: (cas: Cas) => Promise<Result<T>>, auteur?: Auteur) => Promise<Result<T>>
  readonly evenement: (nature: string, dossierId: string, rang: number) => DomainEvent
}

export const usager: Auteur = { nature: 'usager', id: null, canal: 'web' }

/** Opens a fictional commune on a test's database, with a real file store in a temporary folder. */
export async function ouvrirMairie(database: TestDatabase, chemin = 'valnoir'): Promise<Mairie> {
  const folder = mkdtempSync(join(tmpdir(), 'parvis-dossiers-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const clock = stoppedClock('2026-11-21T09:30:00Z')
  const files = await openFileStore({ folder: join(folder, 'fichiers'), masterKeyPath: join(folder, 'maitresse.cle'), clock })
  const app = testApp(database.app, { clock, files })
  const [id, ...agents] = [newId(), newId(), newId()] as [string, string, string]
  await sql`insert into collectivite (id, nature, nom, chemin, code, departement, ouverte_le)
    values (${id}, 'commune', ${`Commune de ${chemin}`}, ${chemin}, ${chemin}, '14', now())`.execute(database.owner.kysely)
  await publierCatalogue(database.owner, clock)
  await inTenant(database.app, id, async tx => {
    await sql`insert into reglage (collectivite_id, adresse, code_postal, ville, telephone, courriel, source, modifie_le)
      values (${id}, '1 place de la Fontaine', '14999', 'Valnoir', '02 61 91 00 12', 'mairie@valnoir.example', 'essai', now())`.execute(tx)
    for (const [index, agent] of agents.entries()) {
      await sql`insert into agent (id, courriel, nom, cree_le) values (${agent}, ${`${agent}@valnoir.example`}, ${`Agent Fictif ${index + 1}`}, now())`.execute(
        tx,
      )
      await sql`insert into habilitation (collectivite_id, agent_id, role, accordee_le) values (${id}, ${agent}, 'instructeur', now())`.execute(
        tx,
      )
    }
  })
  const collectivite = await collectiviteParId(app, id)
  return {
    app,
    clock,
    collectivite,
    agents: [agents[0], agents[1]],
    deposerUn: (demarcheId = 'restauration-scolaire', auteur = usager) => deposerUnExemple(app, collectivite, demarcheId, auteur),
    agir: (dossierId, work, auteur = { nature: 'agent', id: agents[0], canal: 'web' }) => agir(app, collectivite, dossierId, work, auteur),
    evenement: (nature, sujetId, rang) => ({ nature, collectiviteId: id, sujetId, rang }),
  }
}

async function deposerUnExemple(app: App, collectivite: Collectivite, demarcheId: string, auteur: Auteur): Promise<string> {
  return inTenant(app.db, collectivite.id, async tx => {
    const offre = (await demarche(tx, collectivite.id, demarcheId))!
    const env = envDuDossier(app, collectivite, offre.modele)
    const played = jouerExemple(offre.modele, exemples[demarcheId]![0]!, env)
    if (played.erreurs.length > 0) throw new Error(JSON.stringify(played.erreurs))
    let { reponses } = played
    for (const { champ, rowId } of piecesDe(offre.modele.formulaire, reponses)) {
      reponses = setPieces(offre.modele.formulaire, reponses, champ, [], rowId)
    }
    const { id } = await ouvrirBrouillon(app, tx, collectivite.id, offre, reponses, auteur)
    const dossier = (await dossierParId(tx, collectivite.id, id))!
    const done = await deposer(app, tx, collectivite, dossier, offre.modele, auteur)
    if (!done.ok) throw new Error(done.refusal.code)
    return id
  })
}

class Refused extends Error {}

async function agir<T>(
  app: App,
  collectivite: Collectivite,
  dossierId: string,
  work: (cas: Cas) => Promise<Result<T>>,
  auteur: Auteur,
): Promise<Result<T>> {
  let result: Result<T> | undefined
  try {
    await inTenant(app.db, collectivite.id, async tx => {
      result = await work((await casDuDossier(app, tx, collectivite, dossierId, auteur))!)
      if (!result.ok) throw new Refused(result.refusal.code)
    })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
  return result!
}
