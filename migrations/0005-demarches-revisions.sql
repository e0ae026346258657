-- Démarches of a collectivité: revisions that never change, working copies, opinions, prefilled answers.

-- A definition is stored once, whoever uses it: three hundred communes that adopt the same template share one row.
create table definition_demarche (
  empreinte text primary key,
  definition jsonb not null
);
comment on table definition_demarche is 'territoire: le texte des démarches, une ligne par contenu ; l’empreinte est celle du contenu';
grant select, insert on definition_demarche to parvis_application;
insert into definition_demarche (empreinte, definition) select distinct on (empreinte) empreinte, definition from modele_demarche;

-- The one that carries what is shared (a syndicat, an intercommunalité); none until it is named.
alter table territoire add column porteur_id uuid references collectivite;
update territoire set porteur_id = (select id from collectivite c where c.nature = 'epci' and c.code = territoire.code);

alter table modele_demarche
  add column origine_id uuid references collectivite,
  add column lignee text,
  add column publie_par uuid,
  add column retire_le timestamptz,
  add foreign key (empreinte) references definition_demarche,
  drop column definition;
update modele_demarche set lignee = id;
alter table modele_demarche alter column lignee set not null;
comment on table modele_demarche is 'territoire: le catalogue partagé ; une version publiée ne change plus';
comment on column modele_demarche.origine_id is 'la collectivité qui le propose ; vide : fourni avec Parvis';
comment on column modele_demarche.lignee is 'le premier modèle dont celui-ci vient : un modèle du porteur remplace celui de même lignée';
create index on modele_demarche (lignee);
grant insert, update (retire_le) on modele_demarche to parvis_application;

-- revision 0: never published. modele_*: the template it comes from, none for one of its own.
alter table demarche
  add column revision int,
  add column empreinte text,
  alter column modele_id drop not null,
  alter column modele_version drop not null;
do $$
declare c uuid;
begin
  for c in select id from collectivite loop
    perform set_config('parvis.collectivite', c::text, true);
    update demarche d set revision = 1, empreinte = m.empreinte from modele_demarche m
      where d.collectivite_id = c and m.id = d.modele_id and m.version = d.modele_version;
  end loop;
end $$;
alter table demarche alter column revision set not null, alter column empreinte set not null, drop column parametres;
grant delete on demarche to parvis_application;
create index on demarche (collectivite_id, modele_id) where modele_id is not null;

create table revision_demarche (
  collectivite_id uuid not null,
  demarche_id text not null,
  numero int not null,
  empreinte text not null references definition_demarche,
  modele_id text,
  modele_version int,
  publiee_le timestamptz not null,
  publiee_par uuid,
  primary key (collectivite_id, demarche_id, numero),
  foreign key (collectivite_id, demarche_id) references demarche,
  foreign key (modele_id, modele_version) references modele_demarche
);
comment on table revision_demarche is 'locataire: les révisions publiées d’une démarche ; aucune ne change';
grant select, insert on revision_demarche to parvis_application;

-- Who uses which template: no transaction sees two tenants, and whoever shares must know whom a change will reach.
create table adoption (
  modele_id text not null,
  adoptant_id uuid not null,
  demarche_id text not null,
  version int not null,
  le timestamptz not null,
  primary key (modele_id, adoptant_id, demarche_id)
);
-- No foreign key: it repeats what demarche says, which has them; they would cost half of the opening of the country.
comment on table adoption is 'territoire: quelle collectivité utilise quelle version de quel modèle';
create index on adoption (adoptant_id);
grant select, insert, update, delete on adoption to parvis_application;

create table brouillon_demarche (
  collectivite_id uuid not null,
  demarche_id text not null,
  definition jsonb not null,
  rang int not null default 0,
  modele_id text,
  modele_version int,
  ouvert_le timestamptz not null,
  modifie_le timestamptz not null,
  primary key (collectivite_id, demarche_id),
  foreign key (collectivite_id, demarche_id) references demarche,
  foreign key (modele_id, modele_version) references modele_demarche
);
comment on table brouillon_demarche is 'locataire: la copie de travail d’une démarche, une seule, que ses agents modifient ensemble';
grant select, insert, update, delete on brouillon_demarche to parvis_application;

create table edition_demarche (
  collectivite_id uuid not null,
  demarche_id text not null,
  rang int not null,
  definition jsonb not null,
  phrase text not null,
  annule int,
  auteur_id uuid,
  le timestamptz not null,
  primary key (collectivite_id, demarche_id, rang),
  foreign key (collectivite_id, demarche_id) references brouillon_demarche on delete cascade
);
comment on table edition_demarche is 'locataire: chaque changement d’une copie de travail, avec l’état qu’il laisse ; pour annuler et pour concilier';
grant select, insert, delete on edition_demarche to parvis_application;

-- A dossier keeps the definition in which it was filled in. essai: an agent trying their form, never filed.
alter table dossier
  add column revision int,
  add column definition text references definition_demarche,
  add column essai boolean not null default false,
  add column report jsonb,
  add column provenances jsonb not null default '{}',
  add column service text;
do $$
declare c uuid;
begin
  for c in select id from collectivite loop
    perform set_config('parvis.collectivite', c::text, true);
    insert into adoption (modele_id, adoptant_id, demarche_id, version, le)
      select modele_id, collectivite_id, id, modele_version, modifiee_le from demarche where collectivite_id = c;
    insert into revision_demarche (collectivite_id, demarche_id, numero, empreinte, modele_id, modele_version, publiee_le)
      select collectivite_id, id, 1, empreinte, modele_id, modele_version, modifiee_le from demarche where collectivite_id = c;
    update dossier d set revision = 1, definition = m.empreinte from modele_demarche m
      where d.collectivite_id = c and m.id = d.modele_id and m.version = d.modele_version;
  end loop;
end $$;
alter table dossier
  alter column revision set not null,
  alter column definition set not null,
  drop column modele_id,
  drop column modele_version,
  drop column parametres;
-- Everything that the list of dossiers filters by is in its index (0004).
drop index dossier_file;
create index dossier_file on dossier (collectivite_id, etat, depose_le, id) include (demarche_id, recherche, silence_le, service) where etat <> 'brouillon';
comment on column dossier.service is 'le service en charge, d’après les réponses déposées';
comment on column dossier.report is 'ce qu’un changement de la démarche a fait au brouillon, jusqu’à ce que la personne l’ait lu';
comment on column dossier.provenances is 'd’où vient une réponse qui n’a pas été tapée, par champ';

create table avis (
  collectivite_id uuid not null,
  id uuid not null,
  demarche_id text not null,
  dossier_id uuid,
  moment text not null check (moment in ('depot', 'decision')),
  note int not null check (note between 1 and 5),
  phrase text,
  le date not null,
  primary key (collectivite_id, id),
  unique (collectivite_id, dossier_id, moment),
  foreign key (collectivite_id, demarche_id) references demarche,
  foreign key (collectivite_id, dossier_id) references dossier on delete set null (dossier_id)
);
comment on table avis is 'locataire: ce que les personnes pensent d’une démarche, sans nom';
create index on avis (collectivite_id, demarche_id, le desc);
grant select, insert, update on avis to parvis_application;

create table pre_remplissage (
  collectivite_id uuid not null,
  id uuid not null,
  demarche_id text not null,
  reponses jsonb not null,
  source text not null,
  cree_le timestamptz not null,
  expire_le timestamptz not null,
  primary key (collectivite_id, id),
  foreign key (collectivite_id, demarche_id) references demarche
);
comment on table pre_remplissage is 'locataire: des réponses préparées pour quelqu’un, jointes par un lien signé';
create index on pre_remplissage (collectivite_id, expire_le);
grant select, insert, delete on pre_remplissage to parvis_application;

do $$
declare t text;
begin
  foreach t in array array['revision_demarche', 'brouillon_demarche', 'edition_demarche', 'avis', 'pre_remplissage'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;
