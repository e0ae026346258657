import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import pg from 'pg'
import { pino } from 'pino'
import { createWeb } from '../../src/main.ts'
import { creerAgentDeDemonstration, type Role } from '../../src/modules/agents/index.ts'
import { demarche, publierCatalogue } from '../../src/modules/demarches/index.ts'
import { exemples, jouerExemple } from '../../src/modules/demarches/livre.ts'
import { ouvrirBrouillon } from '../../src/modules/dossiers/commands/brouillon.ts'
import { deposer, envDuDossier } from '../../src/modules/dossiers/commands/deposer.ts'
import { type Cas, demanderCorrection, ecrire, prendreEnInstruction } from '../../src/modules/dossiers/commands/instruire.ts'
import { piecesDe } from '../../src/modules/dossiers/pieces.ts'
import { casDuDossier } from '../../src/modules/dossiers/queries/cas.ts'
import { dossierParId } from '../../src/modules/dossiers/queries/dossier.ts'
import { envoyer } from '../../src/modules/envois/index.ts'
import { setPieces } from '../../src/modules/formulaires/index.ts'
import { ouvrirTerritoire } from '../../src/modules/territoire/commands/ouvrir-territoire.ts'
import { type Collectivite, collectiviteDuChemin } from '../../src/modules/territoire/index.ts'
import { lireRegistre } from '../../src/modules/territoire/registre/sources.ts'
import { testApp } from '../../src/platform/app.testing.ts'
import type { App } from '../../src/platform/app.ts'
import { openSession, sessionCookieName } from '../../src/platform/auth/sessions.ts'
import { type Clock, stoppedClock } from '../../src/platform/clock.ts'
import { clientConfig, inTenant, type Tx } from '../../src/platform/db/open.ts'
import { type TestDatabase, testDatabase } from '../../src/platform/db/testing.ts'
import { openFileStore, storeGenerated } from '../../src/platform/files/index.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Result } from '../../src/platform/refusal.ts'
import { type Objets, objetsDe } from './objets.ts'
import { SABOTAGES } from './sabotages.ts'

export const motDePasse = 'le préau du lundi est vide'
export const totpSecret = Buffer.alloc(20, 5)

/** A dossier as the routes name it, with what hangs on it. */
export interface Cible {
  readonly id: string
  readonly piece: string
  readonly document: string
}

/** The three dossiers that a resident has in a commune. */
export interface Dossiers {
  readonly brouillon: Cible
  readonly depose: Cible
  readonly correction: Cible
}

/** A person with a role, or none. */
export interface Agent {
  readonly id: string
  readonly courriel: string
  readonly cookie: string
}

/** A person without any role: their account and their session. */
export interface Habitant {
  readonly id: string
  readonly cookie: string
}

/** Two communes of a real territory and a third whose agent has nothing to do with them, fictional people in both, and the real server over a real database. */
export interface Monde {
  readonly app: App
  readonly database: TestDatabase
  readonly server: FastifyInstance
  readonly clock: Clock & { set(instant: string): void }
  readonly a: Collectivite
  readonly b: Collectivite
  readonly agents: Readonly<Record<Role, Agent>>
  readonly agentAilleurs: Agent
  readonly titulaire: Habitant
  readonly autre: Habitant
  /** Of the titulaire in A, of the other resident in A, of the titulaire in B. */
  readonly siens: Dossiers
  readonly desAutres: Dossiers
  readonly ailleurs: Dossiers
  /** One of each other thing that a route names, in each commune. */
  readonly objets: { readonly a: Objets; readonly b: Objets }
  /** Messages sent: one in each commune. */
  readonly envois: { readonly a: string; readonly b: string }
  /** Cookies by identity; the matrix has one column for each. */
  readonly identites: Readonly<Record<Identite, string>>
  /** Another session of the same kind: for a route that closes it. */
  frais(identite: Identite): Promise<string>
  /** Makes three more dossiers for the titulaire in A. */
  encore(): Promise<Dossiers>
  demander(options: Demande): Promise<LightMyRequestResponse>
  /** What the whole database holds, table by table, seen by the superuser. */
  empreinte(): Promise<ReadonlyMap<string, string>>
  /** Every line of the log, at its most talkative. */
  readonly journaux: readonly string[]
  /** A connection that row security does not bind, for what a test must arrange. */
  readonly admin: pg.Client
}

export const IDENTITES = [
  'anonyme',
  'titulaire',
  'autre habitant',
  'administrateur',
  'instructeur',
  'decideur',
  'lecteur',
  // Of B, which carries the territory: everything there, nothing in A.
  'agent d’ailleurs',
  'agent d’une troisième commune',
  'agent au second facteur',
  'agent expiré',
  'habitant expiré',
] as const
export type Identite = (typeof IDENTITES)[number]

/** One request; a POST says that it comes from our own page unless `headers` says otherwise. */
export interface Demande {
  readonly method?: string
  readonly url: string
  readonly cookie?: string
  readonly fields?: Record<string, string | string[]>
  readonly payload?: string | Buffer
  readonly headers?: Record<string, string | undefined>
}

// 37,590 communes: read once for all the files of a run.
const registre = lireRegistre()
const AT = '2026-11-21T09:30:00Z'

/** Opens the world on a fresh database; with the style and scripts of the program for who looks at its pages. Closed after the tests of the file. */
export async function ouvrirMonde(given: { assets?: App['assets'] } = {}): Promise<Monde> {
  const database = await testDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'parvis-securite-'))
  const clock = stoppedClock(AT)
  const files = await openFileStore({ folder: join(folder, 'fichiers'), masterKeyPath: join(folder, 'maitresse.cle'), clock })
  const journaux: string[] = []
  const log = pino({ level: 'trace' }, { write: line => journaux.push(line) })
  const app = testApp(database.app, { clock, files, log, ...given })
  const opened = await ouvrirTerritoire(database.owner, clock, registre, '14762,14061,14174', { demonstration: true })
  if (!opened.ok) throw new Error(opened.refusal.sentence)
  await publierCatalogue(database.owner, clock)
  await sql`update territoire set porteur_id = (select id from collectivite where code = '14061')`.execute(database.owner.kysely)
  const [a, b, c] = (await Promise.all(
    ['14762', '14061', '14174'].map(async code => collectiviteDuChemin(app, await cheminDe(database, code))),
  )) as [Collectivite, Collectivite, Collectivite]
  for (const place of [a, b]) await contacts(app, place)
  const sabotage = SABOTAGES[process.env.PARVIS_SABOTAGE ?? '']
  sabotage?.avant?.(app)
  const web = await createWeb(app, { app: database.appConnection })
  const admin = new pg.Client(clientConfig({ ...database.appConnection, user: 'postgres' } as typeof database.appConnection))
  admin.on('error', () => {}) // the server of the tests may stop first
  await admin.connect()
  after(async () => {
    await web.close()
    await admin.end()
    rmSync(folder, { recursive: true, force: true })
  })
  const tables = await admin.query<{ t: string }>(
    "select relname as t from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
  )
  const print = tables.rows
    .map(({ t }) => `select '${t}' as t, md5(coalesce(string_agg(x::text, '|' order by x::text), '')) as e from ${t} x`)
    .join(' union all ')
  const gens = await peupler(app, a, b, c)
  const objets = {
    a: await objetsDe(app, admin, a, gens.agents.instructeur.id, [gens.siens.depose, gens.desAutres.depose]),
    b: await objetsDe(app, admin, b, gens.agentAilleurs.id, [gens.ailleurs.depose]),
  }
  await sabotage?.apres?.(admin)
  let hop = 0
  let last: { lsn: string; prints: ReadonlyMap<string, string> } = { lsn: '', prints: new Map() }
  return {
    ...{ app, database, server: web.server, clock, a, b, admin, journaux },
    ...gens,
    objets,
    encore: () => dossiersDe(app, a, gens.titulaire, gens.agents.instructeur.id),
    async empreinte() {
      // Whatever writes a row writes in the log of the database: as long as it stands still, the rows are those read last.
      const lsn = (await admin.query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn')).rows[0]!.lsn
      if (last.lsn !== lsn)
        last = { lsn, prints: new Map((await admin.query<{ t: string; e: string }>(print)).rows.map(({ t, e }) => [t, e])) }
      return last.prints
    },
    demander: ({ method = 'GET', url, cookie, fields, payload, headers = {} }) => {
      hop++
      const given = {
        host: 'localhost',
        ...(method === 'POST' ? { 'sec-fetch-site': 'same-origin' } : {}),
        ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...(cookie ? { cookie } : {}),
        ...headers,
      }
      return web.server.inject({
        method: method as NonNullable<InjectOptions['method']>,
        url,
        headers: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Record<string, string>,
        // Each request from its own address: the loose brake by address is tested on its own.
        remoteAddress: `10.${(hop >> 16) & 255}.${(hop >> 8) & 255}.${hop & 255}`,
        ...(fields ? { payload: encode(fields) } : payload !== undefined ? { payload } : {}),
      })
    },
  }
}

export const encode = (fields: Record<string, string | string[]>): string =>
  new URLSearchParams(Object.entries(fields).flatMap(([name, value]) => [value].flat().map(one => [name, one]))).toString()

async function cheminDe(database: TestDatabase, code: string): Promise<string> {
  const { rows } = await sql<{ chemin: string }>`select chemin from collectivite where nature = 'commune' and code = ${code}`.execute(
    database.app.kysely,
  )
  return rows[0]!.chemin
}

const contacts = (app: App, place: Collectivite) =>
  inTenant(app.db, place.id, async tx => {
    const [now, gabarit, agent] = [app.clock.now(), newId(), newId()]
    await sql`insert into reglage (collectivite_id, telephone, courriel, source, modifie_le)
      values (${place.id}, '02 61 91 00 12', 'mairie@commune.example', 'essai', ${now})`.execute(tx)
    // A text of its own, withdrawn, and someone who signs.
    await sql`insert into gabarit (collectivite_id, id, usage, version, cree_le, retire_le)
      values (${place.id}, ${gabarit}, 'document.accepter', 1, ${now}, ${now})`.execute(tx)
    const contenu = { titre: 'Accord', blocs: [{ type: 'paragraphe', texte: 'Accordé à {demandeur}.' }] }
    await sql`insert into version_gabarit (collectivite_id, gabarit_id, numero, contenu, le, par)
      values (${place.id}, ${gabarit}, 1, ${JSON.stringify(contenu)}, ${now}, ${agent})`.execute(tx)
    await sql`insert into signataire (collectivite_id, id, nom, qualite, modifie_le)
      values (${place.id}, ${newId()}, 'Camille Fictif', 'Le maire', ${now})`.execute(tx)
  })

async function peupler(app: App, a: Collectivite, b: Collectivite, c: Collectivite) {
  const agent = async (nom: string, roles: readonly Role[], place: Collectivite): Promise<Agent> => {
    const courriel = `${nom}@mairie.example`
    const id = await inTenant(app.db, place.id, tx =>
      creerAgentDeDemonstration(tx, app, { courriel, nom: `Agent ${nom}`, roles, collectiviteId: place.id, motDePasse, totpSecret }),
    )
    return { id, courriel, cookie: await session(app, 'agent', id) }
  }
  const agents = {
    administrateur: await agent('administrateur', ['administrateur'], a),
    instructeur: await agent('instructeur', ['instructeur'], a),
    decideur: await agent('decideur', ['decideur'], a),
    lecteur: await agent('lecteur', ['lecteur'], a),
  }
  const agentAilleurs = await agent('ailleurs', ['administrateur', 'instructeur', 'decideur'], b)
  const agentDeC = await agent('troisieme', ['administrateur', 'instructeur', 'decideur'], c)
  const titulaire = await habitant(app, 'titulaire@courriel.example')
  const autre = await habitant(app, 'autre@courriel.example')
  const envoi = (place: Collectivite) =>
    inTenant(app.db, place.id, tx =>
      envoyer(tx, app, {
        collectiviteId: place.id,
        destinataire: 'titulaire@courriel.example',
        sujet: 'Bonjour',
        titre: 'Bonjour',
        paragraphes: ['Un message.'],
      }),
    )
  const early = Object.create(app, { clock: { value: stoppedClock('2026-11-20T20:00:00Z') } }) as App
  const sessions: Record<Identite, () => Promise<string>> = {
    anonyme: async () => '',
    titulaire: () => session(app, 'usager', titulaire.id),
    'autre habitant': () => session(app, 'usager', autre.id),
    administrateur: () => session(app, 'agent', agents.administrateur.id),
    instructeur: () => session(app, 'agent', agents.instructeur.id),
    decideur: () => session(app, 'agent', agents.decideur.id),
    lecteur: () => session(app, 'agent', agents.lecteur.id),
    'agent d’ailleurs': () => session(app, 'agent', agentAilleurs.id),
    'agent d’une troisième commune': () => session(app, 'agent', agentDeC.id),
    'agent au second facteur': () => session(app, 'agent', agents.instructeur.id, 'second-facteur'),
    'agent expiré': () => session(early, 'agent', agents.instructeur.id),
    'habitant expiré': () => session(early, 'usager', titulaire.id),
  }
  const identites = Object.fromEntries(await Promise.all(IDENTITES.map(async name => [name, await sessions[name]()]))) as Record<
    Identite,
    string
  >
  return {
    ...{ agents, agentAilleurs, titulaire, autre, identites },
    frais: (identite: Identite) => sessions[identite](),
    siens: await dossiersDe(app, a, titulaire, agents.instructeur.id),
    desAutres: await dossiersDe(app, a, autre, agents.instructeur.id),
    ailleurs: await dossiersDe(app, b, titulaire, agentAilleurs.id),
    envois: { a: await envoi(a), b: await envoi(b) },
  }
}

/** A cookie with a session that is really open. */
export async function session(
  app: App,
  nature: 'usager' | 'agent',
  personneId: string | undefined,
  step: 'ouverte' | 'second-facteur' = 'ouverte',
): Promise<string> {
  const { cookie } = await openSession(app, app.db.kysely, { nature, step, host: 'localhost', ...(personneId ? { personneId } : {}) })
  return `${sessionCookieName(app, nature)}=${cookie.value}`
}

async function habitant(app: App, courriel: string): Promise<Habitant> {
  const id = newId()
  await sql`insert into usager (id, courriel, cree_le, vu_le) values (${id}, ${courriel}, ${app.clock.now()}, ${app.clock.now()})`.execute(
    app.db.kysely,
  )
  return { id, cookie: await session(app, 'usager', id) }
}

async function dossiersDe(app: App, place: Collectivite, { id: usagerId }: Habitant, agentId: string): Promise<Dossiers> {
  return inTenant(app.db, place.id, async tx => ({
    brouillon: await unDossier(app, tx, place, usagerId, 'restauration-scolaire', false),
    depose: await agir(
      app,
      tx,
      place,
      await unDossier(app, tx, place, usagerId, 'occupation-domaine-public', true),
      agentId,
      prendreEnInstruction,
    ),
    correction: await agir(app, tx, place, await unDossier(app, tx, place, usagerId, 'restauration-scolaire', true), agentId, cas =>
      demanderCorrection(cas, {
        motif: 'incorrect',
        message: 'Le nom diffère.',
        champs: ['responsableNom', 'enfantNom'],
        echeance: '2026-12-20',
      }),
    ),
  }))
}

/** A fictional dossier with a document joined wherever its form has room for one. */
export async function unDossier(
  app: App,
  tx: Tx,
  place: Collectivite,
  usagerId: string | undefined,
  demarcheId: string,
  isFiled: boolean,
): Promise<Cible> {
  const offre = (await demarche(tx, place.id, demarcheId))!
  const { formulaire } = offre.modele
  const samples = exemples[demarcheId]!
  const sample = samples.find(({ envois }) => envois.some(({ pieces }) => pieces !== undefined)) ?? samples[0]!
  const played = jouerExemple(offre.modele, sample, envDuDossier(app, place, offre.modele))
  let { reponses } = played
  const file = () =>
    storeGenerated(app.files, tx, {
      collectiviteId: place.id,
      name: 'plan.pdf',
      type: 'application/pdf',
      bytes: Buffer.from(`%PDF-1.7 plan ${place.chemin}`),
    })
  let piece = newId()
  for (const { champ, rowId } of piecesDe(formulaire, reponses)) {
    piece = await file()
    reponses = setPieces(formulaire, reponses, champ, [{ id: piece, nom: 'plan.pdf', tailleOctets: 13 }], rowId)
  }
  const auteur = { nature: 'usager', id: usagerId ?? null, canal: 'web' } as const
  const { id } = await ouvrirBrouillon(app, tx, place.id, offre, reponses, auteur, { usagerId: usagerId ?? null })
  if (usagerId)
    await sql`insert into dossier_usager (collectivite_id, usager_id, dossier_id, ajoute_le) values (${place.id}, ${usagerId}, ${id}, ${app.clock.now()})`.execute(
      tx,
    )
  const document = newId()
  if (isFiled) {
    const done = await deposer(app, tx, place, (await dossierParId(tx, place.id, id))!, offre.modele, auteur)
    if (!done.ok) throw new Error(done.refusal.code)
    await sql`insert into document (collectivite_id, dossier_id, id, nature, rang, titre, fichier_id, emis_le)
      values (${place.id}, ${id}, ${document}, 'accuse', 2, 'Accusé', ${await file()}, ${app.clock.now()})`.execute(tx)
    const written = await ecrire((await casDuDossier(app, tx, place, id, auteur))!, 'Bonjour, où en est ma demande ?')
    if (!written.ok) throw new Error(written.refusal.code)
  }
  return { id, piece, document }
}

async function agir(
  app: App,
  tx: Tx,
  place: Collectivite,
  cible: Cible,
  agentId: string,
  act: (cas: Cas) => Promise<Result<unknown>>,
): Promise<Cible> {
  const done = await act((await casDuDossier(app, tx, place, cible.id, { nature: 'agent', id: agentId, canal: 'web' }))!)
  if (!done.ok) throw new Error(done.refusal.code)
  return cible
}
