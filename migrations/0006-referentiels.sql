-- Registers for look-ups, addresses of the communes, lists of the collectivités.

create table edition_officielle (
  registre text primary key,
  version text not null,
  chargee_le timestamptz not null
);
comment on table edition_officielle is 'registre: quelle édition des registres officiels est chargée';
grant select on edition_officielle to parvis_application;

-- Codes and keys are compared byte by byte (collation C): half the time to load, and a prefix finds its index.
create table commune_officielle (
  code text collate "C" primary key,
  nom text not null,
  codes_postaux text[] not null,
  departement text,
  region text,
  epci_code text,
  population int
);
-- Statistics that no plan needs: a third of the time to analyse them.
alter table commune_officielle alter column codes_postaux set statistics 0, alter column nom set statistics 0;
comment on table commune_officielle is 'registre: toutes les communes de France, d’après le code officiel géographique';
grant select on commune_officielle to parvis_application;

create table epci_officiel (
  code text primary key,
  nom text not null,
  cle text not null,
  population int
);
comment on table epci_officiel is 'registre: toutes les intercommunalités à fiscalité propre, par leur SIREN';
grant select on epci_officiel to parvis_application;

create table nom_officiel (
  cle text collate "C" not null,
  code text collate "C" not null,
  nom text not null,
  nature text not null check (nature in ('actuel', 'ancien', 'postal', 'code'))
);
comment on table nom_officiel is 'registre: ce sous quoi on cherche une commune : noms, noms d’avant, codes postaux, codes d’avant';
create index nom_officiel_cle on nom_officiel (cle);
create index nom_officiel_ressemblance on nom_officiel using gin (cle gin_trgm_ops) where nature in ('actuel', 'ancien');
grant select on nom_officiel to parvis_application;

-- A street and its numbers are two tables: an address is looked for among the streets, a few hundred, and its number found by its key.
-- Row security forbids the trigram index (its operators are not leakproof): the streets of one tenant are read and compared.
create table fichier_adresses (
  collectivite_id uuid primary key references collectivite,
  adresses int not null,
  voies int not null,
  importe_le timestamptz not null
);
comment on table fichier_adresses is 'locataire: le dernier fichier d’adresses importé';
grant select on fichier_adresses to parvis_application;

create table voie_locale (
  collectivite_id uuid not null references collectivite,
  id int not null,
  interop text not null,
  nom text not null,
  cle text not null,
  commune text not null,
  code text not null,
  lat double precision,
  lon double precision,
  primary key (collectivite_id, id)
);
comment on table voie_locale is 'locataire: les voies et lieux-dits du fichier d’adresses de la commune';
comment on column voie_locale.cle is 'le nom sans accents ni abréviations, pour chercher';
grant select on voie_locale to parvis_application;

create table numero_local (
  collectivite_id uuid not null,
  voie_id int not null,
  numero int not null,
  suffixe text not null,
  interop text not null,
  lat double precision,
  lon double precision,
  primary key (collectivite_id, voie_id, numero, suffixe),
  foreign key (collectivite_id, voie_id) references voie_locale on delete cascade
);
comment on table numero_local is 'locataire: les numéros de chaque voie, et leur place';
grant select on numero_local to parvis_application;

create table referentiel (
  collectivite_id uuid not null references collectivite,
  id text not null,
  nom text not null,
  nature text not null check (nature in ('fichier', 'api')),
  colonnes text[] not null,
  colonne_cle text,
  colonne_libelle text,
  lignes int not null default 0,
  notes text[] not null default '{}',
  api jsonb,
  secret bytea,
  modifie_le timestamptz not null,
  modifie_par uuid,
  primary key (collectivite_id, id)
);
comment on table referentiel is 'locataire: les listes de la collectivité, lues d’un fichier ou demandées à une API';
comment on column referentiel.notes is 'ce qui a été réparé à la lecture du fichier, en phrases';
comment on column referentiel.secret is 'la valeur de l’en-tête de l’API, scellée';
grant select, insert, update, delete on referentiel to parvis_application;

create table ligne_referentiel (
  collectivite_id uuid not null,
  referentiel_id text not null,
  cle text not null,
  rang int not null,
  libelle text not null,
  recherche text not null,
  valeurs jsonb not null,
  primary key (collectivite_id, referentiel_id, cle),
  foreign key (collectivite_id, referentiel_id) references referentiel on delete cascade
);
comment on table ligne_referentiel is 'locataire: les lignes d’une liste lue d’un fichier';
create index on ligne_referentiel (collectivite_id, referentiel_id, rang);
grant select, insert, delete on ligne_referentiel to parvis_application;

do $$
declare t text;
begin
  foreach t in array array['fichier_adresses', 'voie_locale', 'numero_local', 'referentiel', 'ligne_referentiel'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;
