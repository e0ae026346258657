-- The house: territory, people, démarches, dossiers, messages, journal.
--
-- Every table says in its comment of what kind it is; a test reads the catalogue and refuses any other:
--   registre    the same for everybody, written by the owner's commands only
--   territoire  belongs to the installation (people, sessions); holds nothing of a collectivité
--   locataire   belongs to one collectivité: tenant first in every key, row security forced
--
-- SQL of PostgreSQL 15. Ids are UUIDv7 made by the application.

grant usage on schema public to parvis_application;
revoke create on schema public from public;

-- ── Territory ───────────────────────────────────────────────────────────────────────────────────────────────────────

create table territoire (
  id int primary key default 1 check (id = 1),
  nom text not null,
  code text not null,
  registre_version text not null,
  demonstration boolean not null,
  ouvert_le timestamptz not null
);
comment on table territoire is 'registre: ce que cette installation sert, une seule ligne';
grant select on territoire to parvis_application;

create table collectivite (
  id uuid primary key,
  nature text not null check (nature in ('commune', 'epci')),
  nom text not null,
  chemin text not null unique check (chemin ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  code text not null,
  siren text,
  codes_postaux text[] not null default '{}',
  population int,
  epci_id uuid references collectivite,
  epci_code text,
  epci_nom text,
  departement text,
  departement_nom text,
  region text,
  region_nom text,
  hote text unique,
  ouverte_le timestamptz not null,
  fermee_le timestamptz,
  remplacee_par uuid references collectivite,
  unique (nature, code)
);
comment on table collectivite is 'registre: les communes et l’EPCI du territoire, d’après les registres officiels';
comment on column collectivite.code is 'INSEE pour une commune, SIREN pour un EPCI';
create index on collectivite (epci_id);
grant select on collectivite to parvis_application;

create table nom_recherche (
  cle text not null,
  collectivite_id uuid not null references collectivite,
  nom text not null,
  nature text not null check (nature in ('actuel', 'deleguee', 'associee', 'ancien')),
  primary key (cle, collectivite_id, nom)
);
comment on table nom_recherche is 'registre: les noms sous lesquels on cherche une commune, sans accents ni tirets';
create extension if not exists pg_trgm;
create index on nom_recherche (cle text_pattern_ops);
create index on nom_recherche using gist (cle gist_trgm_ops);
create index on nom_recherche (collectivite_id);
grant select on nom_recherche to parvis_application;

create table code_postal_recherche (
  code_postal text not null,
  collectivite_id uuid not null references collectivite,
  primary key (code_postal, collectivite_id)
);
comment on table code_postal_recherche is 'registre: les codes postaux de chaque commune';
grant select on code_postal_recherche to parvis_application;

create table reglage (
  collectivite_id uuid primary key references collectivite,
  adresse text,
  code_postal text,
  ville text,
  telephone text,
  courriel text,
  horaires text,
  site text,
  couleur text check (couleur ~ '^[0-9a-f]{6}$'),
  logo bytea,
  source text not null,
  modifie_le timestamptz not null
);
comment on table reglage is 'locataire: comment joindre la mairie, son horaire, sa couleur, son blason';
grant select, insert, update on reglage to parvis_application;

-- ── People ──────────────────────────────────────────────────────────────────────────────────────────────────────────

create table agent (
  id uuid primary key,
  courriel text not null unique,
  nom text not null,
  mot_de_passe text,
  totp_secret bytea,
  totp_dernier_pas bigint not null default 0,
  invitation_empreinte bytea,
  invitation_expire_le timestamptz,
  cree_le timestamptz not null
);
comment on table agent is 'territoire: les comptes des agents ; leurs droits sont dans habilitation';
grant select, insert, update on agent to parvis_application;

create table habilitation (
  collectivite_id uuid not null references collectivite,
  agent_id uuid not null references agent,
  role text not null check (role in ('administrateur', 'instructeur', 'decideur', 'lecteur')),
  accordee_le timestamptz not null,
  accordee_par uuid,
  retiree_le timestamptz,
  primary key (collectivite_id, agent_id, role)
);
comment on table habilitation is 'locataire: les rôles d’un agent dans une collectivité';
create index on habilitation (agent_id);
grant select, insert, update on habilitation to parvis_application;

create table usager (
  id uuid primary key,
  courriel text not null unique,
  cree_le timestamptz not null,
  vu_le timestamptz not null
);
comment on table usager is 'territoire: une personne qui a prouvé son adresse électronique';
grant select, insert, update on usager to parvis_application;

create table lien_connexion (
  empreinte bytea primary key,
  courriel text not null,
  cree_le timestamptz not null,
  expire_le timestamptz not null,
  utilise_le timestamptz
);
comment on table lien_connexion is 'territoire: les liens de connexion à usage unique envoyés aux usagers';
create index on lien_connexion (expire_le);
grant select, insert, update, delete on lien_connexion to parvis_application;

create table session (
  empreinte bytea primary key,
  nature text not null check (nature in ('usager', 'agent')),
  etape text not null default 'ouverte' check (etape in ('second-facteur', 'ouverte')),
  personne_id uuid,
  hote text not null,
  creee_le timestamptz not null,
  vue_le timestamptz not null
);
comment on table session is 'territoire: les sessions ouvertes, connues par l’empreinte de leur secret';
create index on session (personne_id);
create index on session (vue_le);
grant select, insert, update, delete on session to parvis_application;

create table tentative (
  cle text primary key,
  depuis timestamptz not null,
  nombre int not null
);
comment on table tentative is 'territoire: compteurs qui freinent les essais répétés';
grant select, insert, update, delete on tentative to parvis_application;

-- ── Démarches ───────────────────────────────────────────────────────────────────────────────────────────────────────

create table modele_demarche (
  id text not null,
  version int not null,
  empreinte text not null,
  definition jsonb not null,
  publie_le timestamptz not null,
  primary key (id, version)
);
comment on table modele_demarche is 'registre: le catalogue du territoire ; une version publiée ne change plus';
grant select on modele_demarche to parvis_application;

create table demarche (
  collectivite_id uuid not null references collectivite,
  id text not null,
  modele_id text not null,
  modele_version int not null,
  parametres jsonb not null default '{}',
  est_ouverte boolean not null default true,
  modifiee_le timestamptz not null,
  primary key (collectivite_id, id),
  foreign key (modele_id, modele_version) references modele_demarche
);
comment on table demarche is 'locataire: les démarches qu’une collectivité propose';
grant select, insert, update on demarche to parvis_application;

-- ── Dossiers ────────────────────────────────────────────────────────────────────────────────────────────────────────

create table dossier (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  reference text not null,
  demarche_id text not null,
  modele_id text not null,
  modele_version int not null,
  parametres jsonb not null,
  etat text not null check (etat in ('brouillon', 'en_construction', 'en_instruction', 'accepte', 'refuse', 'sans_suite')),
  version int not null default 1,
  canal text not null check (canal in ('web', 'sms', 'papier', 'guichet', 'api', 'hubee')),
  usager_id uuid,
  code_version int not null default 1,
  reponses jsonb not null default '{}',
  reponses_correction jsonb,
  demandeur_nom text,
  demandeur_courriel text,
  cree_le timestamptz not null,
  modifie_le timestamptz not null,
  depose_le timestamptz,
  silence_le date,
  agent_id uuid,
  correction_en_attente boolean not null default false,
  decide_le timestamptz,
  recherche text not null default '',
  est_exemple boolean not null default false,
  primary key (collectivite_id, id),
  unique (collectivite_id, reference),
  foreign key (collectivite_id, demarche_id) references demarche
);
comment on table dossier is 'locataire: la demande d’un usager dans une version d’une démarche ; etat est le cache du repli des événements';
create index dossier_liste on dossier (collectivite_id, depose_le desc, id desc) where etat <> 'brouillon';
create index dossier_brouillon on dossier (collectivite_id, modifie_le) where etat = 'brouillon';
grant select, insert, update, delete on dossier to parvis_application;

create table evenement (
  collectivite_id uuid not null,
  dossier_id uuid not null,
  rang int not null,
  nature text not null,
  auteur_nature text not null check (auteur_nature in ('usager', 'agent', 'systeme')),
  auteur_id uuid,
  canal text not null,
  le timestamptz not null,
  motif text,
  donnees jsonb not null default '{}',
  primary key (collectivite_id, dossier_id, rang),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade
);
comment on table evenement is 'locataire: ce qui est arrivé à un dossier, dans l’ordre ; on n’y change rien';
grant select, insert on evenement to parvis_application;

create table correction (
  collectivite_id uuid not null,
  dossier_id uuid not null,
  id uuid not null,
  motif text not null check (motif in ('incorrect', 'incomplet', 'perime')),
  message text not null,
  champs text[] not null,
  echeance date not null,
  demandee_le timestamptz not null,
  demandee_par uuid not null,
  repondue_le timestamptz,
  primary key (collectivite_id, dossier_id, id),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade
);
comment on table correction is 'locataire: ce que la mairie demande de corriger ou de compléter';
create unique index correction_en_attente on correction (collectivite_id, dossier_id) where repondue_le is null;
grant select, insert, update on correction to parvis_application;

create table message (
  collectivite_id uuid not null,
  dossier_id uuid not null,
  id uuid not null,
  auteur_nature text not null check (auteur_nature in ('usager', 'agent')),
  auteur_id uuid,
  texte text not null,
  le timestamptz not null,
  lu_le timestamptz,
  primary key (collectivite_id, dossier_id, id),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade
);
comment on table message is 'locataire: ce que l’usager et la mairie s’écrivent';
grant select, insert, update on message to parvis_application;

create table acces_dossier (
  collectivite_id uuid not null,
  session_empreinte bytea not null,
  dossier_id uuid not null,
  ouvert_le timestamptz not null,
  primary key (collectivite_id, session_empreinte, dossier_id),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade
);
comment on table acces_dossier is 'locataire: les dossiers qu’une session sans compte a ouverts avec leur code';
create index on acces_dossier (collectivite_id, dossier_id);
grant select, insert, delete on acces_dossier to parvis_application;

create table dossier_usager (
  collectivite_id uuid not null,
  usager_id uuid not null references usager,
  dossier_id uuid not null,
  ajoute_le timestamptz not null,
  primary key (collectivite_id, usager_id, dossier_id),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade
);
comment on table dossier_usager is 'locataire: les dossiers qu’une personne connectée retrouve dans « mes dossiers »';
create index on dossier_usager (usager_id);
create index on dossier_usager (collectivite_id, dossier_id);
grant select, insert, delete on dossier_usager to parvis_application;

create table cle_idempotence (
  collectivite_id uuid not null,
  cle text not null,
  empreinte text not null,
  emplacement text not null,
  creee_le timestamptz not null,
  primary key (collectivite_id, cle)
);
comment on table cle_idempotence is 'locataire: la réponse donnée à chaque formulaire envoyé, gardée 7 jours';
grant select, insert, delete on cle_idempotence to parvis_application;

create table sortie (
  id uuid primary key,
  charge jsonb not null,
  cree_le timestamptz not null
);
comment on table sortie is 'territoire: les événements à remettre aux travaux, écrits par la transaction qui les décide : des identifiants, rien d’autre';
grant select, insert, update, delete on sortie to parvis_application;

-- ── Messages sent ───────────────────────────────────────────────────────────────────────────────────────────────────

create table envoi (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  dossier_id uuid,
  canal text not null check (canal in ('courriel')),
  destinataire text not null,
  sujet text not null,
  texte text not null,
  html text not null,
  etat text not null default 'a_remettre' check (etat in ('a_remettre', 'remis', 'refuse')),
  tentatives int not null default 0,
  erreur text,
  cree_le timestamptz not null,
  remis_le timestamptz,
  primary key (collectivite_id, id)
);
comment on table envoi is 'locataire: les messages aux personnes, écrits dans la transaction qui les décide puis remis par un travail';
create index on envoi (collectivite_id, dossier_id);
grant select, insert, update, delete on envoi to parvis_application;

-- ── Journal ─────────────────────────────────────────────────────────────────────────────────────────────────────────

-- No foreign key towards collectivite here nor on the keys of forms: each would lock the same row of collectivite at every act,
-- and row security already refuses any other tenant.
create table journal (
  collectivite_id uuid not null,
  rang bigint not null,
  le timestamptz not null,
  acteur text not null,
  action text not null,
  objet text not null,
  empreinte text not null,
  chaine bytea not null,
  primary key (collectivite_id, rang)
);
comment on table journal is 'locataire: qui a fait quoi et quand, chaîné : chaque entrée porte l’empreinte de la précédente';
grant select, insert on journal to parvis_application;

create table journal_tete (
  collectivite_id uuid primary key,
  rang bigint not null,
  chaine bytea not null
) with (fillfactor = 20);
comment on table journal_tete is 'locataire: la dernière entrée du journal, verrou qui met les écritures en file';
grant select, insert, update on journal_tete to parvis_application;

-- One call from any command: takes the next place of the chain and writes the entry. The text hashed is the one that
-- platform/audit/journal.ts computes again when it verifies. Not a security definer: row security applies to it.
create function journaliser(p_collectivite uuid, p_le timestamptz, p_acteur text, p_action text, p_objet text, p_empreinte text)
returns bigint language plpgsql as $$
declare
  place bigint;
  nouvelle bytea;
begin
  loop
    update journal_tete set rang = rang + 1, chaine = sha256(chaine || convert_to(
        concat_ws(E'\n', p_collectivite, rang + 1, to_char(p_le at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), p_acteur, p_action, p_objet, p_empreinte),
        'UTF8'))
      where collectivite_id = p_collectivite returning rang, chaine into place, nouvelle;
    exit when found;
    insert into journal_tete (collectivite_id, rang, chaine) values (p_collectivite, 0, '\x') on conflict do nothing;
  end loop;
  insert into journal (collectivite_id, rang, le, acteur, action, objet, empreinte, chaine)
    values (p_collectivite, place, date_trunc('milliseconds', p_le), p_acteur, p_action, p_objet, p_empreinte, nouvelle);
  return place;
end $$;

-- ── Row security ────────────────────────────────────────────────────────────────────────────────────────────────────

do $$
declare t text;
begin
  foreach t in array array['reglage', 'habilitation', 'demarche', 'dossier', 'evenement', 'correction', 'message', 'acces_dossier',
    'dossier_usager', 'cle_idempotence', 'envoi', 'journal', 'journal_tete'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;

-- A person finds their own rows across collectivités, to read only: an agent their roles, a resident their dossiers' places.
create policy personne on habilitation for select using (agent_id = nullif(current_setting('parvis.personne', true), '')::uuid);
create policy personne on dossier_usager for select using (usager_id = nullif(current_setting('parvis.personne', true), '')::uuid);
