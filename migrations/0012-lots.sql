-- Work on many dossiers at once: acts, archives, exports; and the exports that agents keep.

create table lot (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  agent_id uuid not null references agent,
  acte text not null check (acte in ('prendre', 'attribuer', 'changer_service', 'etiqueter', 'desetiqueter', 'accepter', 'refuser', 'classer_sans_suite', 'cacher', 'archiver', 'exporter')),
  parametres jsonb not null default '{}',
  defait_id uuid,
  cree_le timestamptz not null,
  lance_le timestamptz,
  arrete_le timestamptz,
  fini_le timestamptz,
  total int,
  faits int not null default 0,
  erreur text,
  fichier_id uuid,
  expire_le timestamptz,
  primary key (collectivite_id, id),
  foreign key (collectivite_id, defait_id) references lot on delete cascade
);
comment on table lot is 'locataire: un travail demandé sur beaucoup de dossiers : un même acte, une archive, un export';
comment on column lot.parametres is 'à qui, quel service, quel motif ; pour un export, le choix de la liste et les colonnes';
comment on column lot.defait_id is 'le lot que celui-ci défait';
comment on column lot.lance_le is 'quand l’agent a confirmé ; vide : il ne s’est encore rien passé';
comment on column lot.total is 'nombre de lignes d’un export ; vide tant qu’il n’est pas connu';
comment on column lot.fichier_id is 'le fichier fait, jusqu’à expire_le';
create index on lot (collectivite_id, agent_id, cree_le desc);
create index on lot (agent_id);
create unique index lot_defait on lot (collectivite_id, defait_id) where defait_id is not null;
grant select, insert, update, delete on lot to parvis_application;

create table lot_dossier (
  collectivite_id uuid not null,
  lot_id uuid not null,
  dossier_id uuid not null,
  rang int not null,
  version int not null,
  etat text not null default 'attente' check (etat in ('attente', 'fait', 'refuse')),
  motif text,
  avant jsonb,
  apres int,
  primary key (collectivite_id, lot_id, dossier_id),
  foreign key (collectivite_id, lot_id) references lot on delete cascade,
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade,
  check ((etat = 'refuse') = (motif is not null))
);
comment on table lot_dossier is 'locataire: un dossier d’un lot : la version que l’agent a vue, et ce qu’il en est advenu';
comment on column lot_dossier.avant is 'ce qu’il faut pour défaire : à qui, à quel service il était';
comment on column lot_dossier.apres is 'la version que l’acte a laissée';
create index on lot_dossier (collectivite_id, lot_id, etat, rang);
create index on lot_dossier (collectivite_id, dossier_id);
grant select, insert, update, delete on lot_dossier to parvis_application;

create table modele_export (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  agent_id uuid not null references agent,
  nom text not null,
  est_partage boolean not null,
  choix jsonb not null,
  format jsonb not null,
  modifie_le timestamptz not null,
  primary key (collectivite_id, id)
);
comment on table modele_export is 'locataire: les exports que les agents gardent : la liste, les colonnes, le format ; partagés ou non';
create unique index modele_export_nom on modele_export (collectivite_id, agent_id, nom);
create index on modele_export (agent_id);
grant select, insert, update, delete on modele_export to parvis_application;

do $$
declare t text;
begin
  foreach t in array array['lot', 'lot_dossier', 'modele_export'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;
