-- Handling dossiers to the end: what happened in the order of the journal, private annotations, hiding before purge, teams and delegations.

alter table evenement
  add column sequence bigint,
  drop constraint evenement_auteur_nature_check,
  add constraint evenement_auteur_nature_check check (auteur_nature in ('usager', 'agent', 'systeme', 'expert', 'api'));
comment on column evenement.sequence is 'rang de l’événement dans le journal de la collectivité : l’ordre du fil des changements';
do $$
declare c uuid;
begin
  for c in select id from collectivite loop
    perform set_config('parvis.collectivite', c::text, true);
    update evenement e set sequence = j.rang from journal j
      where e.collectivite_id = c and j.collectivite_id = c and j.objet = 'dossier:' || e.dossier_id and j.action = 'dossier.' || e.nature
        and j.le = date_trunc('milliseconds', e.le) and e.nature <> 'ouvrir';
  end loop;
end $$;
create index evenement_suite on evenement (collectivite_id, sequence) where sequence is not null;

alter table dossier
  add column annotations jsonb not null default '{}',
  add column cache_le timestamptz;
comment on column dossier.annotations is 'réponses des agents aux étapes réservées du formulaire ; jamais montrées à l’usager';
comment on column dossier.cache_le is 'depuis quand il est hors des listes, avant d’être effacé ; vide : il n’est pas caché';

drop index dossier_file;
drop index dossier_echeance;
create index dossier_file on dossier (collectivite_id, etat, depose_le, id) include (demarche_id, recherche, silence_le, service) where etat <> 'brouillon' and cache_le is null;
create index dossier_echeance on dossier (collectivite_id, etat, silence_le, id) where etat in ('en_construction', 'en_instruction') and cache_le is null;

-- A team handles the dossiers of a service; reserved, nobody else sees them.
create table equipe (
  collectivite_id uuid not null references collectivite,
  service text not null,
  reservee boolean not null default false,
  creee_le timestamptz not null,
  primary key (collectivite_id, service)
);
comment on table equipe is 'locataire: l’équipe d’un service ; réservée, elle seule voit ses dossiers';
grant select, insert, update, delete on equipe to parvis_application;

create table equipe_agent (
  collectivite_id uuid not null,
  service text not null,
  agent_id uuid not null references agent,
  ajoute_le timestamptz not null,
  primary key (collectivite_id, service, agent_id),
  foreign key (collectivite_id, service) references equipe on delete cascade
);
comment on table equipe_agent is 'locataire: les agents d’une équipe';
create index on equipe_agent (agent_id);
grant select, insert, delete on equipe_agent to parvis_application;

create table delegation (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  agent_id uuid not null references agent,
  roles text[] not null check (roles <@ array['instructeur', 'decideur', 'lecteur'] and array_length(roles, 1) > 0),
  demarche_id text,
  service text,
  du date not null,
  au date not null check (au >= du),
  motif text not null,
  accordee_le timestamptz not null,
  accordee_par uuid not null,
  retiree_le timestamptz,
  retiree_par uuid,
  primary key (collectivite_id, id)
);
comment on table delegation is 'locataire: les dossiers confiés à un agent d’ailleurs, entre deux jours, avec leur motif';
create index on delegation (agent_id);
grant select, insert, update on delegation to parvis_application;

do $$
declare t text;
begin
  foreach t in array array['equipe', 'equipe_agent', 'delegation'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;

-- An agent who helps elsewhere finds their own delegations across collectivités, to read only.
create policy personne on delegation for select using (agent_id = nullif(current_setting('parvis.personne', true), '')::uuid);
