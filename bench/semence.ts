/**
 * A territory of a million dossiers in the embedded database: 200,000 in one commune, 2,000 in another, the rest in the others. Everything that lists, searches
 * and the home read is there, shaped as in life: 39 démarches of unequal use, answers of the samples varied, terms by the program's own function, states,
 * agents, services, messages, corrections, labels. Events, journal and files are not: no list reads them.
 */
import pg from 'pg'
import { adopter } from '../src/modules/demarches/commands/adopter.ts'
import { type Demarche, demarchesOuvertes } from '../src/modules/demarches/index.ts'
import { exemples, jouerExemple } from '../src/modules/demarches/livre.ts'
import { catalogue } from '../src/modules/demarches/queries/catalogue.ts'
import { envDuDossier } from '../src/modules/dossiers/commands/env.ts'
import type { Etat } from '../src/modules/dossiers/dossier.ts'
import { aSaLigne, termesDe } from '../src/modules/dossiers/recherche/termes.ts'
import { cleDeNom } from '../src/modules/dossiers/recherche/valeurs.ts'
import { definitions, type Env, type Formulaire, type Reponses } from '../src/modules/formulaires/index.ts'
import { collectiviteParId, fuseau } from '../src/modules/territoire/index.ts'
import type { App } from '../src/platform/app.ts'
import { civilDay, systemClock } from '../src/platform/clock.ts'
import { type Connection, clientConfig, inScope, inTenant } from '../src/platform/db/open.ts'
import { newId, newSpokenCode } from '../src/platform/ids.ts'

export const GRANDE = 200_000
export const PETITE = 2_000
const TOTAL = 1_000_000
const LOT = 1000
const DAY_MS = 86_400_000

// Always the same draw.
let state = 20_261_122
const random = (n: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * n)
}
const one = <T>(values: readonly T[]): T => values[random(values.length)]!
/** Small ranks far more often than large ones, as names and démarches are. */
const inegal = <T>(values: readonly T[]): T =>
  values[Math.min(values.length - 1, Math.floor(values.length * (random(10_000) / 10_000) ** 2.2))]!

const SYLLABES =
  'ba be bi bo da de di do fa fe fi fo la le li lo ma me mi mo na ne ni no ra re ri ro sa se si so ta te ti to va ve vi vo'.split(' ')
const mots = (count: number, syllables: number, end: readonly string[]): string[] =>
  Array.from({ length: count }, () => {
    const word = Array.from({ length: syllables }, () => one(SYLLABES)).join('') + one(end)
    return word.charAt(0).toUpperCase() + word.slice(1)
  })
const PRENOMS = mots(250, 2, ['', 'n', 'l', 'ne'])
const NOMS = mots(4000, 2, ['ard', 'et', 'ier', 'on', 'el', 'in'])
const VOIES = mots(400, 2, ['e', 'es', 'ille']).map(name => `${one(['rue', 'avenue', 'impasse', 'chemin'])} ${name}`)
const PHRASES = mots(3000, 2, ['', 'r', 's', 'tion'])

const ETIQUETTES = ['Urgent', 'À revoir', 'Subvention', 'Association', 'Relance', 'Archivable']

/** Fills the communes; some minutes. `superuser`: only the owner of the server may write for every collectivité at once, without row security. */
export async function semer(
  app: App,
  superuser: Connection,
  { grande, petite, autres }: { readonly grande: string; readonly petite: string; readonly autres: readonly string[] },
): Promise<void> {
  await toutAdopter(app, [grande, petite, ...autres])
  const client = new pg.Client(clientConfig(superuser))
  await client.connect()
  await client.query("set synchronous_commit = off; set maintenance_work_mem = '1GB'; alter table terme drop constraint terme_pkey")
  for (const [id, count] of [
    [grande, GRANDE],
    [petite, PETITE],
  ] as const)
    await remplir(app, client, id, count)
  await copier(client, grande, autres)
  await client.query('alter table terme add primary key (collectivite_id, terme, depose_le, dossier_id)')
  await client.query('vacuum analyze')
  await client.end()
}

async function toutAdopter(app: App, places: readonly string[]): Promise<void> {
  await inScope(app.db, {}, async tx => {
    const chosen = await catalogue(tx)
    await adopter(
      tx,
      systemClock,
      places.flatMap(collectiviteId => chosen.map(({ id, version, empreinte }) => ({ collectiviteId, modeleId: id, version, empreinte }))),
    )
  })
}

interface Lieu {
  readonly app: App
  readonly collectivite: Awaited<ReturnType<typeof collectiviteParId>>
  readonly offres: readonly { readonly offre: Demarche; readonly exemples: readonly Reponses[]; readonly env: Env }[]
  readonly agents: readonly string[]
  readonly etiquettes: readonly { readonly id: string; readonly nom: string }[]
}

async function remplir(app: App, client: pg.Client, id: string, count: number): Promise<void> {
  const collectivite = await collectiviteParId(app, id)
  const agents = await desAgents(client, id)
  const etiquettes = ETIQUETTES.map(nom => ({ id: newId(), nom }))
  await client.query(
    'insert into etiquette (collectivite_id, id, nom, ton) select $1, (e->>$2)::uuid, e->>$3, $4 from jsonb_array_elements($5) e',
    [id, 'id', 'nom', 'info', JSON.stringify(etiquettes)],
  )
  const offres = (await inTenant(app.db, id, tx => demarchesOuvertes(tx, id))).map(offre => {
    const env = envDuDossier(app, collectivite, offre.modele)
    return { offre, env, exemples: (exemples[offre.id] ?? []).map(one => jouerExemple(offre.modele, one, env).reponses) }
  })
  const lieu: Lieu = { app, collectivite, offres: offres.filter(({ exemples: known }) => known.length > 0), agents, etiquettes }
  for (let done = 0; done < count; done += LOT) {
    const lot = Array.from({ length: Math.min(LOT, count - done) }, (_, index) => unDossier(lieu, done + index, count))
    await ecrire(client, id, lot)
    if (done % 20_000 === 0) console.error(`${collectivite.nom} : ${done + lot.length} dossiers`)
  }
}

async function desAgents(client: pg.Client, collectiviteId: string): Promise<string[]> {
  const ids = Array.from({ length: 40 }, () => newId())
  await client.query(
    "insert into agent (id, courriel, nom, cree_le) select id, id || '@bench.example', 'Agent ' || left(id::text, 13), now() from unnest($1::uuid[]) id",
    [ids],
  )
  await client.query(
    "insert into habilitation (collectivite_id, agent_id, role, accordee_le) select $1, id, 'instructeur', now() from unnest($2::uuid[]) id",
    [collectiviteId, ids],
  )
  return ids
}

const taken = new Set<string>()
/** As the program draws them, none twice. */
function reference(): string {
  const drawn = newSpokenCode(8)
  if (taken.has(drawn)) return reference()
  taken.add(drawn)
  return drawn
}

type Seme = ReturnType<typeof unDossier>

function unDossier({ collectivite, offres, agents, etiquettes }: Lieu, rang: number, count: number) {
  const { offre, env, exemples: known } = inegal(offres)
  // Five years, the last ones first in nothing but their number.
  const depose = new Date(Math.floor(systemClock.now().getTime() - (1 - (rang + 1) / count) * 5 * 365 * DAY_MS) - random(20_000))
  const waits = rang > count * 0.9 ? random(100) < 55 : random(400) === 0
  const etat: Etat = waits ? (random(100) < 40 ? 'en_construction' : 'en_instruction') : one(DECISIONS)
  const reponses = varier(offre.modele.formulaire, one(known), offre.modele.demandeur)
  const text = (champ: string | undefined) => String((champ && reponses.champs[champ]) || '')
  const { prenom, nom, courriel } = offre.modele.demandeur
  const silence = waits ? new Date(depose.getTime() + 61 * DAY_MS).toISOString().slice(0, 10) : null
  const dossier = {
    ...{
      id: newId(depose.getTime()),
      reference: reference(),
      demarche_id: offre.id,
      definition: offre.definition,
      etat,
      depose_le: depose,
      reponses,
    },
    service: `${offre.modele.service}`,
    agent_id: etat === 'en_construction' && random(10) > 0 ? null : inegal(agents),
    canal: one(['web', 'web', 'web', 'web', 'web', 'web', 'web', 'guichet', 'guichet', 'papier'] as const),
    demandeur_nom: `${text(prenom)} ${text(nom)}`.trim(),
    demandeur_courriel: text(courriel) || null,
    correction: etat === 'en_construction' && random(10) === 0 ? new Date(depose.getTime() + 30 * DAY_MS).toISOString().slice(0, 10) : null,
    reponse_le: waits && random(25) === 0 ? depose : null,
    message: random(5) === 0 ? Array.from({ length: 8 }, () => one(PHRASES)).join(' ') : null,
    non_lu: waits && random(4) === 0,
    etiquette: random(10) === 0 ? inegal(etiquettes) : null,
  }
  const termes = termesDe({
    ...dossier,
    titre: offre.modele.titre,
    etiquettes: dossier.etiquette ? [dossier.etiquette] : [],
    textes: dossier.message ? [dossier.message] : [],
    formulaire: offre.modele.formulaire,
    env: () => ({ ...env, aujourdhui: civilDay(depose, fuseau(collectivite)) }),
  })
  return { ...dossier, silence_le: dossier.correction ? null : silence, cle_nom: cleDeNom(dossier.demandeur_nom), termes }
}

const DECISIONS: readonly Etat[] = [
  'accepte',
  'accepte',
  'accepte',
  'accepte',
  'accepte',
  'accepte',
  'accepte',
  'accepte',
  'refuse',
  'sans_suite',
]

/** The answers of a sample as another person would give them. */
function varier(formulaire: Formulaire, reponses: Reponses, demandeur: Demarche['modele']['demandeur']): Reponses {
  const [prenom, nom] = [inegal(PRENOMS), inegal(NOMS)]
  const change = (values: Reponses['champs']): Reponses['champs'] =>
    Object.fromEntries(
      Object.entries(values).map(([id, value]) => {
        if (id === demandeur.prenom) return [id, prenom]
        if (id === demandeur.nom) return [id, nom]
        const champ = definitions.indexDe(formulaire).champs.get(id)?.champ
        return [id, champ ? autre(champ, value, prenom, nom) : value]
      }),
    )
  return {
    champs: change(reponses.champs),
    lignes: Object.fromEntries(
      Object.entries(reponses.lignes).map(([id, rows]) => [id, rows.map(row => ({ ...row, champs: change(row.champs) }))]),
    ),
  }
}

function autre(champ: definitions.Champ, value: definitions.Valeur, prenom: string, nom: string): definitions.Valeur {
  if (champ.type === 'choix') return one(champ.options).id
  if (champ.type === 'oui_non') return random(2) === 0
  if (champ.type === 'courriel') return `${prenom}.${nom}${random(90)}@courriel.example`.toLowerCase()
  if (champ.type === 'telephone') return `+336399${String(80_000 + random(19_999))}`
  if (champ.type === 'date' && typeof value === 'string')
    return new Date(Date.parse(value) - random(4000) * DAY_MS).toISOString().slice(0, 10)
  if (typeof value === 'number') return champ.type === 'decimal' ? random(1000) / 10 : random(500) * (champ.type === 'montant' ? 100 : 1)
  if (champ.type === 'adresse' && typeof value === 'object' && 'voie' in value)
    return { ...value, voie: `${1 + random(120)} ${inegal(VOIES)}` }
  if (champ.type === 'texte') return random(3) === 0 ? inegal(NOMS) : one(PHRASES)
  if (champ.type === 'texte_long') return Array.from({ length: 6 + random(20) }, () => inegal(PHRASES)).join(' ')
  return value
}

async function ecrire(client: pg.Client, collectiviteId: string, lot: readonly Seme[]): Promise<void> {
  const rows = JSON.stringify(lot.map(({ termes: _, ...row }) => row))
  const each =
    'jsonb_to_recordset($2::jsonb) as r(id uuid, reference text, demarche_id text, definition text, etat text, canal text, reponses jsonb, demandeur_nom text, demandeur_courriel text, depose_le timestamptz, silence_le date, agent_id uuid, service text, cle_nom text, reponse_le timestamptz, correction date, message text, non_lu boolean, etiquette jsonb)'
  const write = (statement: string) => client.query(statement.replace('EACH', each), [collectiviteId, rows])
  await write(`insert into dossier (collectivite_id, id, reference, demarche_id, revision, definition, etat, canal, reponses, demandeur_nom, demandeur_courriel, cree_le, modifie_le,
      depose_le, silence_le, agent_id, service, cle_nom, reponse_le, correction_en_attente, decide_le, a_indexer)
    select $1, id, reference, demarche_id, 1, definition, etat, canal, reponses, demandeur_nom, demandeur_courriel, depose_le, depose_le + interval '9 days',
      depose_le, silence_le, agent_id, service, cle_nom, reponse_le, correction is not null, case when etat not like 'en_%' then depose_le + interval '9 days' end, false from EACH`)
  await write(`insert into message (collectivite_id, dossier_id, id, auteur_nature, texte, le, lu_le)
    select $1, id, gen_random_uuid(), 'usager', message, depose_le, case when not non_lu then depose_le end from EACH where message is not null`)
  await write(`insert into correction (collectivite_id, dossier_id, id, motif, message, champs, echeance, demandee_le, demandee_par)
    select $1, id, gen_random_uuid(), 'incomplet', 'Il manque un document.', '{}', correction, depose_le, coalesce(agent_id, id) from EACH where correction is not null`)
  await write(`insert into dossier_etiquette (collectivite_id, dossier_id, etiquette_id, posee_le)
    select $1, id, (etiquette->>'id')::uuid, depose_le from EACH where etiquette is not null`)
  const index = lot.map(({ id, depose_le, termes }) => ({ id, le: depose_le.toISOString(), termes }))
  await client.query(
    'insert into indexation (collectivite_id, dossier_id, depose_le, termes) select $1, * from unnest($2::uuid[], $3::timestamptz[], $4::text[])',
    [collectiviteId, index.map(({ id }) => id), index.map(({ le }) => le), index.map(({ termes }) => `\n${termes.join('\n')}\n`)],
  )
  const all = index.flatMap(({ id, le, termes }) => termes.filter(aSaLigne).map(terme => ({ id, le, terme })))
  await client.query(
    'insert into terme (collectivite_id, terme, depose_le, dossier_id) select $1, * from unnest($2::text[], $3::timestamptz[], $4::uuid[])',
    [collectiviteId, all.map(({ terme }) => terme), all.map(({ le }) => le), all.map(({ id }) => id)],
  )
}

/** The same dossiers in other communes, one in some: a copy of rows costs a tenth of making them. */
async function copier(client: pg.Client, from: string, to: readonly string[]): Promise<void> {
  const share = Math.round(((TOTAL - GRANDE - PETITE) / to.length / GRANDE) * 65_536)
  await client.query(`create temp table choisis as select id from dossier where collectivite_id = '${from}' and ('x' || right(id::text, 4))::bit(16)::int < ${share};
    create temp table termes_choisis as select terme, depose_le, dossier_id from terme where collectivite_id = '${from}' and dossier_id in (select id from choisis); analyze choisis`)
  for (const [rang, id] of to.entries()) {
    for (const [table, key] of [
      ['etiquette', ''],
      ['dossier', 'id'],
      ['indexation', 'dossier_id'],
      ['message', 'dossier_id'],
      ['correction', 'dossier_id'],
      ['dossier_etiquette', 'dossier_id'],
    ] as const) {
      const { rows } = await client.query(
        "select string_agg(quote_ident(column_name), ', ') as c from information_schema.columns where table_schema = 'public' and table_name = $1 and column_name <> 'collectivite_id'",
        [table],
      )
      await client.query(
        `insert into ${table} (collectivite_id, ${rows[0].c}) select $1, ${rows[0].c} from ${table} where collectivite_id = '${from}'${key && ` and ${key} in (select id from choisis)`}`,
        [id],
      )
    }
    await client.query(
      'insert into terme (collectivite_id, terme, depose_le, dossier_id) select $1, terme, depose_le, dossier_id from termes_choisis',
      [id],
    )
    console.error(`commune ${rang + 1} sur ${to.length}`)
  }
}
