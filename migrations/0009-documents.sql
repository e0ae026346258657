-- Texts written by agents for the documents and the messages about dossiers, who signs, and how a paper is verified.

create table gabarit (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  usage text not null,
  demarche_id text,
  version int not null,
  cree_le timestamptz not null,
  retire_le timestamptz,
  primary key (collectivite_id, id),
  foreign key (collectivite_id, demarche_id) references demarche
);
comment on table gabarit is 'locataire: les textes que la collectivité écrit pour ses documents et ses messages';
comment on column gabarit.usage is 'à quoi il sert : document.accepter, message.depot …';
comment on column gabarit.demarche_id is 'vide : pour toutes les démarches';
comment on column gabarit.retire_le is 'depuis quand le texte d’origine a repris sa place';
-- One at most for a use and a démarche: no other rule says which one is taken.
create unique index gabarit_en_service on gabarit (collectivite_id, usage, coalesce(demarche_id, '')) where retire_le is null;
grant select, insert, update on gabarit to parvis_application;

create table version_gabarit (
  collectivite_id uuid not null,
  gabarit_id uuid not null,
  numero int not null,
  contenu jsonb not null,
  le timestamptz not null,
  par uuid not null,
  reprise_de int,
  primary key (collectivite_id, gabarit_id, numero),
  foreign key (collectivite_id, gabarit_id) references gabarit
);
comment on table version_gabarit is 'locataire: chaque version enregistrée d’un texte ; elle ne change plus';
comment on column version_gabarit.reprise_de is 'la version d’avant qu’elle reprend';
grant select, insert on version_gabarit to parvis_application;

create table signataire (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  nom text not null,
  qualite text not null,
  image bytea,
  version int not null default 1,
  modifie_le timestamptz not null,
  retire_le timestamptz,
  primary key (collectivite_id, id)
);
comment on table signataire is 'locataire: qui signe les documents : nom, qualité, image de la signature';
comment on column signataire.image is 'PNG refait par nos soins';
grant select, insert, update on signataire to parvis_application;

do $$
declare t text;
begin
  foreach t in array array['gabarit', 'version_gabarit', 'signataire'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;

-- Documents issued before have no code: they were printed without.
alter table document
  drop constraint document_nature_check,
  add constraint document_nature_check check (nature in ('accuse', 'decision', 'attestation')),
  add column code text collate "C",
  add column empreinte text,
  add column gabarit_id uuid,
  add column gabarit_version int,
  add column scelle boolean not null default false,
  add constraint document_code unique (collectivite_id, code),
  add constraint document_gabarit foreign key (collectivite_id, gabarit_id, gabarit_version) references version_gabarit;
comment on column document.code is 'ce qui est imprimé sur le document, pour le vérifier';
comment on column document.empreinte is 'SHA-256 du fichier émis, en hexadécimal';
comment on column document.gabarit_id is 'le texte de la collectivité qui a servi ; vide : le texte d’origine';
comment on column document.scelle is 'il porte un cachet électronique';

-- The agent's day begins with what did not arrive.
create index envoi_en_echec on envoi (collectivite_id, id) where etat = 'refuse';
