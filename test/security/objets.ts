import { sql } from 'kysely'
import type pg from 'pg'
import { partieSignee } from '../../src/modules/dossiers/commands/preparer-lien.ts'
import { ouvrir } from '../../src/modules/interfaces/abonnement.ts'
import { creerAbonnement } from '../../src/modules/interfaces/commands/abonnements.ts'
import { creerJeton } from '../../src/modules/interfaces/commands/jetons.ts'
import { DROITS, type Droit } from '../../src/modules/interfaces/jeton.ts'
import { jetonParId } from '../../src/modules/interfaces/queries/jetons.ts'
import type { Collectivite } from '../../src/modules/territoire/index.ts'
import type { App } from '../../src/platform/app.ts'
import { inTenant } from '../../src/platform/db/open.ts'
import { hashOf, newId, newSecret, newSpokenCode } from '../../src/platform/ids.ts'

/** What a commune has besides dossiers and agents, by the word of the routes that name it. */
export interface Objets {
  readonly lot: string
  readonly vue: string
  readonly modeleExport: string
  readonly jetonApi: string
  readonly webhook: string
  readonly delegation: string
  readonly etiquette: string
  readonly retenue: string
  readonly preRemplissage: string
  readonly lien: string
  readonly gabarit: string
  readonly signataire: string
  readonly liste: string
  /** A démarche that this commune alone has. */
  readonly demarche: string
  /** The code printed on a document. */
  readonly code: string
  /** By dossier: an opinion that was asked, and the link of the expert. */
  readonly avis: Readonly<Record<string, { readonly id: string; readonly jeton: string }>>
  readonly invitation: string
  /** The token of a program with every right. */
  readonly porteur: string
}

/** Objects that nobody has. */
export const OBJETS_INCONNUS: Objets = {
  ...{ lot: newId(), vue: newId(), modeleExport: newId(), jetonApi: newId(), webhook: newId(), delegation: newId(), etiquette: newId() },
  ...{ retenue: newId(), preRemplissage: newId(), lien: `${newId()}.${'A'.repeat(32)}`, gabarit: newId(), signataire: newId() },
  ...{
    liste: 'aucune-de-ce-nom',
    demarche: 'demarche-de-personne',
    code: newSpokenCode(24),
    avis: {},
    invitation: 'A'.repeat(43),
    porteur: '',
  },
}

// The démarche of its own is a copy of one of the catalogue; dates are those of the stopped clock of the tests.
const OBJETS = `with c as (select $1::uuid as c, $2::uuid as agent, '2026-11-20T09:00:00Z'::timestamptz as le),
  une as (select d.* from demarche d, c where d.collectivite_id = c.c and d.id = 'occupation-domaine-public'),
  propre as (insert into demarche select (jsonb_populate_record(d, jsonb_build_object('id', $3::text))).* from demarche d, c
    where d.collectivite_id = c.c and d.id = 'occupation-domaine-public'),
  revision as (insert into revision_demarche select (jsonb_populate_record(r, jsonb_build_object('demarche_id', $3::text))).* from revision_demarche r, c
    where r.collectivite_id = c.c and r.demarche_id = 'occupation-domaine-public'),
  copie as (insert into brouillon_demarche (collectivite_id, demarche_id, definition, rang, ouvert_le, modifie_le)
    select c.c, $3, definition, 1, le, le from c, une join definition_demarche using (empreinte)),
  edition as (insert into edition_demarche (collectivite_id, demarche_id, rang, definition, phrase, le)
    select c.c, $3, 1, definition, 'Question ajoutée', le from c, une join definition_demarche using (empreinte)),
  vues as (insert into vue (collectivite_id, id, agent_id, est_partagee, nom, choix, modifiee_le) select c, $4, agent, false, 'Urgents', '{}', le from c),
  modele as (insert into modele_export (collectivite_id, id, agent_id, nom, est_partage, choix, format, modifie_le)
    select c, $5, agent, 'Mensuel', false, '{}', '{}', le from c),
  lots as (insert into lot (collectivite_id, id, agent_id, acte, parametres, cree_le) select c, $6, agent, 'attribuer', '{}', le from c),
  qui as (insert into agent (id, courriel, nom, cree_le, invitation_empreinte, invitation_expire_le)
    select $7, $8, 'Sasha Exemple', le, $9, le + interval '20 days' from c),
  role as (insert into habilitation (collectivite_id, agent_id, role, accordee_le) select c, $7, 'lecteur', le from c),
  deleguee as (insert into delegation (collectivite_id, id, agent_id, roles, du, au, motif, accordee_le, accordee_par)
    select c, $10, $7, '{lecteur}', '2026-11-01', '2026-12-31', 'Remplacement', le, agent from c),
  signe as (insert into etiquette (collectivite_id, id, nom, ton) select c, $11, 'À vérifier', 'attention' from c),
  garde as (insert into retenue (collectivite_id, id, constatee_le, nombre, total) select c, $12, le, 900, 1000 from c),
  prepare as (insert into pre_remplissage (collectivite_id, id, demarche_id, reponses, source, cree_le, expire_le)
    select c.c, $13, une.id, '{"champs": {}, "lignes": {}}', 'Guichet', le, le + interval '30 days' from c, une),
  liste as (insert into referentiel (collectivite_id, id, nom, nature, colonnes, colonne_cle, colonne_libelle, lignes, modifie_le)
    select c, $14, 'Arrêts', 'fichier', '{nom}', 'nom', 'nom', 1, le from c),
  ligne as (insert into ligne_referentiel (collectivite_id, referentiel_id, cle, rang, libelle, recherche, valeurs)
    select c, $14, '1', 1, 'Arrêt', 'arret', '{"nom": "Arrêt"}' from c),
  adresses as (insert into fichier_adresses (collectivite_id, adresses, voies, importe_le) select c, 1, 1, le from c),
  voie as (insert into voie_locale (collectivite_id, id, interop, nom, cle, commune, code) select c, 1, 'x', 'Rue', 'rue', 'Ville', '14061' from c),
  note as (insert into avis (collectivite_id, id, demarche_id, moment, note, phrase, le) select c.c, $15, une.id, 'depot', 5, 'Clair', le from c, une)
  update document set code = $16 where collectivite_id = $1 and id = $17`

// What the program leaves behind it: figures, deliveries, a refusal in a batch, an erased dossier, a refused file.
const TRACES = `with c as (select $1::uuid as c, $2::uuid as lot, $3::uuid as dossier, '2026-11-20T09:00:00Z'::timestamptz as le),
  chiffres as (insert into chiffre_public (collectivite_id, demarche_id, du, au, chiffres, publie_le)
    select c, 'demarche-retiree', '2026-01-01', '2026-06-30', '{}', le from c),
  refus as (insert into lot_dossier (collectivite_id, lot_id, dossier_id, rang, version, etat, motif, avant)
    select c, lot, dossier, 1, 1, 'refuse', 'Déjà pris en charge', '{}' from c),
  effacee as (insert into tombe (collectivite_id, dossier_id, demarche_id, efface_le, cause, sort, empreinte, chiffres)
    select c, gen_random_uuid(), 'occupation-domaine-public', le, 'abandon', 'detruire', 'x', '{}' from c),
  numero as (insert into numero_local (collectivite_id, voie_id, numero, suffixe, interop, lat, lon) select c, 1, 1, '', 'x', 48, 0 from c)
  insert into fichier (collectivite_id, id, etat, nom, type, taille_octets, empreinte, antivirus, motif, recu_le, verifie_le)
    select c, gen_random_uuid(), 'refuse', 'photo.png', 'image/png', 1, decode(repeat('00', 32), 'hex'), 'essai', 'Illisible', le, le from c`

/** Gives a commune one of each thing that a route can name, behind the program's back where a command would ask for more than the tests need. */
export async function objetsDe(
  app: App,
  admin: pg.Client,
  place: Collectivite,
  agent: string,
  dossiers: readonly { readonly id: string; readonly document: string }[],
): Promise<Objets> {
  const ids = Object.fromEntries(
    ['vue', 'modeleExport', 'lot', 'qui', 'delegation', 'etiquette', 'retenue', 'preRemplissage', 'note'].map(name => [name, newId()]),
  ) as Record<'vue' | 'modeleExport' | 'lot' | 'qui' | 'delegation' | 'etiquette' | 'retenue' | 'preRemplissage' | 'note', string>
  const suite = place.code === '14762' ? 'a' : 'b'
  const [invitation, code, demarche, liste] = [newSecret(), newSpokenCode(24), `demarche-de-${suite}`, `arrets-${suite}`]
  await admin.query(OBJETS, [
    ...[place.id, agent, demarche, ids.vue, ids.modeleExport, ids.lot, ids.qui, `sasha-${suite}@mairie.example`, hashOf(invitation)],
    ...[ids.delegation, ids.etiquette, ids.retenue, ids.preRemplissage, liste, ids.note, code, dossiers[0]!.document],
  ])
  await admin.query(TRACES, [place.id, ids.lot, dossiers[0]!.id])
  const avis: Record<string, { id: string; jeton: string }> = {}
  for (const { id: dossier } of dossiers) avis[dossier] = await unAvis(app, admin, place.id, dossier, agent)
  const first = (table: string) =>
    admin.query<{ id: string }>(`select id from ${table} where collectivite_id = $1 limit 1`, [place.id]).then(({ rows }) => rows[0]!.id)
  const cle = { collectiviteId: place.id, demarcheId: 'occupation-domaine-public', id: ids.preRemplissage }
  return {
    ...{ ...ids, invitation, code, demarche, liste, avis, lien: partieSignee(app.secrets, cle) },
    ...{ gabarit: await first('gabarit'), signataire: await first('signataire') },
    ...(await programmes(app, place, agent)),
  }
}

async function unAvis(app: App, admin: pg.Client, collectivite: string, dossier: string, agent: string) {
  const id = newId()
  const jeton = app.secrets.sign('avis-externe', id)
  await admin.query(
    `insert into demande_avis (collectivite_id, dossier_id, id, question, nature, expert_nom, expert_courriel, etapes, pieces, est_confidentielle,
      echeance, jeton_empreinte, expire_le, demandee_le, demandee_par)
      values ($1, $2, $3, 'Qu’en pensez-vous ?', 'libre', 'Robin Fictif', 'expert@etat.example', '{}', '{}', true, '2026-12-05', $4,
        '2027-01-05', '2026-11-20T09:00:00Z', $5)`,
    [collectivite, dossier, id, hashOf(jeton), agent],
  )
  return { id, jeton }
}

const programmes = (app: App, place: Collectivite, par: string) =>
  inTenant(app.db, place.id, async tx => {
    const jeton = await creerJeton(tx, app, {
      ...{ collectiviteId: place.id, nom: 'Logiciel fictif', droits: Object.keys(DROITS) as Droit[], demarches: null, voitReserves: true },
      ...{ reseaux: [], fin: '2027-01-01', aujourdhui: '2026-11-21', par },
    })
    const webhook = await creerAbonnement(
      tx,
      app,
      { collectiviteId: place.id, par },
      { nom: 'Logiciel fictif', url: 'http://127.0.0.1:9/', demarches: null, natures: null, voitReserves: false },
    )
    if (!jeton.ok || !webhook.ok) throw new Error('a program of the world was refused')
    const porteur = ouvrir(app.secrets, place.id, (await jetonParId(tx, place.id, jeton.value))!.a_montrer!)
    await sql`insert into livraison (collectivite_id, abonnement_id, id, cle, nature, le, duree_ms, erreur, est_remise)
      values (${place.id}, ${webhook.value}, ${newId()}, 'cle', 'depose', ${app.clock.now()}, 3, 'Refusé', false)`.execute(tx)
    return { jetonApi: jeton.value, webhook: webhook.value, porteur }
  })
