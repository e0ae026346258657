-- What the collectivité issues about a dossier: the accusé de réception, the decision. The bytes are a fichier.

create table document (
  collectivite_id uuid not null,
  dossier_id uuid not null,
  id uuid not null,
  nature text not null check (nature in ('accuse', 'decision')),
  rang int not null,
  titre text not null,
  fichier_id uuid not null,
  emis_le timestamptz not null,
  revoque_le timestamptz,
  primary key (collectivite_id, dossier_id, id),
  unique (collectivite_id, dossier_id, nature, rang),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade,
  foreign key (collectivite_id, fichier_id) references fichier
);
comment on table document is 'locataire: les documents émis ; rang est celui de l’événement qui les a décidés';
grant select, insert, update on document to parvis_application;

alter table document enable row level security;
alter table document force row level security;
create policy locataire on document for all
  using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
  with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid);
