-- What stands beside a dossier: who follows it, opinions asked of an expert, labels, files of messages.

create table suivi_agent (
  collectivite_id uuid not null,
  agent_id uuid not null references agent,
  dossier_id uuid not null,
  depuis timestamptz not null,
  primary key (collectivite_id, agent_id, dossier_id),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade
);
comment on table suivi_agent is 'locataire: les dossiers qu’un agent suit, pour lui seul';
create index on suivi_agent (collectivite_id, dossier_id);
create index on suivi_agent (agent_id);
grant select, insert, delete on suivi_agent to parvis_application;

create table demande_avis (
  collectivite_id uuid not null,
  dossier_id uuid not null,
  id uuid not null,
  question text not null,
  nature text not null check (nature in ('oui_non', 'libre')),
  expert_nom text not null,
  expert_courriel text not null,
  etapes text[] not null,
  pieces uuid[] not null,
  est_confidentielle boolean not null,
  echeance date not null,
  jeton_empreinte bytea not null,
  expire_le timestamptz not null,
  demandee_le timestamptz not null,
  demandee_par uuid not null,
  relancee_le timestamptz,
  rendue_le timestamptz,
  reponse text check (reponse in ('oui', 'non')),
  texte text,
  piece jsonb,
  retiree_le timestamptz,
  retiree_par uuid,
  primary key (collectivite_id, dossier_id, id),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade
);
comment on table demande_avis is 'locataire: l’avis demandé à une personne qui n’a qu’un lien, ce qu’on lui montre, et sa réponse';
comment on column demande_avis.etapes is 'les étapes du formulaire dont les réponses lui sont montrées';
comment on column demande_avis.pieces is 'les fichiers du dossier qui lui sont montrés';
comment on column demande_avis.est_confidentielle is 'vrai : la personne qui demande ne voit pas cet avis';
comment on column demande_avis.jeton_empreinte is 'SHA-256 du secret du lien ; le lien lui-même n’est pas gardé ici';
create unique index demande_avis_jeton on demande_avis (collectivite_id, jeton_empreinte);
create index demande_avis_attente on demande_avis (collectivite_id, echeance) where rendue_le is null and retiree_le is null;
grant select, insert, update on demande_avis to parvis_application;

create table etiquette (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  nom text not null,
  ton text not null check (ton in ('neutre', 'info', 'succes', 'attention', 'danger')),
  delai_jours smallint check (delai_jours between 1 and 365),
  en_jours_ouvres boolean not null default false,
  est_proposee boolean not null default true,
  primary key (collectivite_id, id)
);
comment on table etiquette is 'locataire: les étiquettes que les agents posent sur les dossiers, avec un délai au besoin';
comment on column etiquette.est_proposee is 'faux : elle reste où elle est posée, on ne la propose plus';
create unique index etiquette_nom on etiquette (collectivite_id, nom) where est_proposee;
grant select, insert, update on etiquette to parvis_application;

create table dossier_etiquette (
  collectivite_id uuid not null,
  dossier_id uuid not null,
  etiquette_id uuid not null,
  posee_le timestamptz not null,
  posee_par uuid,
  echeance date,
  primary key (collectivite_id, dossier_id, etiquette_id),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade,
  foreign key (collectivite_id, etiquette_id) references etiquette
);
comment on table dossier_etiquette is 'locataire: les étiquettes d’un dossier';
create index on dossier_etiquette (collectivite_id, etiquette_id, dossier_id);
create index dossier_etiquette_echeance on dossier_etiquette (collectivite_id, echeance) where echeance is not null;
grant select, insert, delete on dossier_etiquette to parvis_application;

alter table message add column pieces jsonb not null default '[]';
comment on column message.pieces is 'les fichiers joints au message : identifiant, nom, taille';

do $$
declare t text;
begin
  foreach t in array array['suivi_agent', 'demande_avis', 'etiquette', 'dossier_etiquette'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;
