-- Finding dossiers: one inverted table of words and values, what waits for an agent, and the views that they keep.

-- Pages and short jobs: a plan shared among processes costs more than it saves, and takes the cores of the other agents. Not ours to set when the role was
-- made by an administrator.
do $$ begin
  alter role parvis_application set max_parallel_workers_per_gather = 0;
  alter role parvis_application set jit = off;
exception when insufficient_privilege then raise notice 'parvis_application keeps its settings';
end $$;

-- Under row security no GIN index serves (docs/adr/0024): everything that is searched or filtered by is a row of this b-tree, read by =, < and >= only.
-- depose_le is that of the dossier: what one term gives comes in the order of filing.
create table terme (
  collectivite_id uuid not null,
  terme text collate "C" not null,
  depose_le timestamptz not null,
  dossier_id uuid not null,
  primary key (collectivite_id, terme, depose_le, dossier_id)
);
-- No foreign key: verified row by row, it would cost a third of a filing. The trigger below takes its place.
comment on table terme is 'locataire: les mots et les valeurs par lesquels un dossier se retrouve ; voir src/modules/dossiers/recherche/termes.ts';
-- What most dossiers have (a town, a state) must be known as common, what few have as rare.
alter table terme alter column terme set statistics 1000;
grant select, insert, delete on terme to parvis_application;

-- The same by dossier, in one text (a line each, between two line ends): what was indexed, to write differences, and to check one dossier without its terms' rows.
create table indexation (
  collectivite_id uuid not null,
  dossier_id uuid not null,
  depose_le timestamptz not null,
  termes text not null,
  primary key (collectivite_id, dossier_id),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade
);
comment on table indexation is 'locataire: les termes de chaque dossier déposé, tels qu’ils sont dans « terme »';
grant select, insert, update, delete on indexation to parvis_application;

create function desindexer() returns trigger language plpgsql as $$
begin
  delete from terme where collectivite_id = old.collectivite_id and depose_le = old.depose_le and dossier_id = old.dossier_id
    and terme = any(string_to_array(trim(both E'\n' from old.termes), E'\n'));
  return null;
end $$;
create trigger desindexer after delete on indexation for each row execute function desindexer();

alter table dossier
  drop column recherche,
  add column cle_nom text collate "C" not null default '',
  add column reponse_le timestamptz,
  add column a_indexer boolean not null default true;
comment on column dossier.cle_nom is 'nom de qui demande, sans accents ni majuscules : l’ordre des noms';
comment on column dossier.reponse_le is 'depuis quand la réponse à une correction ou un avis attend un agent ; vide dès qu’il agit';
comment on column dossier.a_indexer is 'ses termes sont à écrire : un travail s’en charge';

-- The orders of the list, each with what most filters read.
drop index if exists dossier_file;
drop index dossier_echeance;
create index dossier_file on dossier (collectivite_id, etat, depose_le, id) include (demarche_id, service, agent_id) where etat <> 'brouillon' and cache_le is null;
create index dossier_echeance on dossier (collectivite_id, silence_le, id) include (etat, demarche_id, service, agent_id, correction_en_attente)
  where etat in ('en_construction', 'en_instruction') and cache_le is null;
create index dossier_activite on dossier (collectivite_id, modifie_le, id) include (etat, demarche_id, service, agent_id) where etat <> 'brouillon' and cache_le is null;
create index dossier_nom on dossier (collectivite_id, cle_nom, id) include (etat, demarche_id, service, agent_id) where etat <> 'brouillon' and cache_le is null;
-- What waits for an agent: few rows whatever the number of dossiers.
create index dossier_reponse on dossier (collectivite_id, reponse_le, id) where reponse_le is not null;
create index dossier_a_indexer on dossier (collectivite_id, id) where a_indexer and etat <> 'brouillon';
create index correction_attendue on correction (collectivite_id, echeance, dossier_id) where repondue_le is null;
create index message_non_lu on message (collectivite_id, dossier_id) where auteur_nature = 'usager' and lu_le is null;
create index envoi_refuse on envoi (collectivite_id, dossier_id) where etat = 'refuse';

create table vue (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  agent_id uuid not null references agent,
  est_partagee boolean not null,
  nom text not null,
  choix jsonb not null,
  modifiee_le timestamptz not null,
  supprimee_le timestamptz,
  primary key (collectivite_id, id)
);
comment on table vue is 'locataire: les listes que les agents gardent : filtres, colonnes, ordre ; partagées ou non';
create unique index vue_nom on vue (collectivite_id, agent_id, nom) where supprimee_le is null;
create index on vue (agent_id);
grant select, insert, update, delete on vue to parvis_application;

create table vue_par_defaut (
  collectivite_id uuid not null,
  agent_id uuid not null references agent,
  vue_id uuid not null,
  primary key (collectivite_id, agent_id),
  foreign key (collectivite_id, vue_id) references vue on delete cascade
);
comment on table vue_par_defaut is 'locataire: la vue sur laquelle la liste d’un agent s’ouvre';
create index on vue_par_defaut (agent_id);
grant select, insert, update, delete on vue_par_defaut to parvis_application;

do $$
declare t text;
begin
  foreach t in array array['terme', 'indexation', 'vue', 'vue_par_defaut'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;
