-- What was erased, by its number alone, so that a backup restored later does not bring it back. Written by triggers: no way of erasing escapes it.

create table effacement (
  collectivite_id uuid not null,
  nature text not null check (nature in ('dossier', 'fichier', 'envoi')),
  objet_id uuid not null,
  le timestamptz not null default now(),
  primary key (collectivite_id, nature, objet_id)
);
comment on table effacement is 'locataire: ce qui a été effacé, par son numéro : une sauvegarde restaurée ne le ramène pas';
create index on effacement (collectivite_id, le);
grant select, insert, delete on effacement to parvis_application;

create table compte_efface (
  usager_id uuid primary key,
  le timestamptz not null default now()
);
comment on table compte_efface is 'territoire: les comptes d’habitants effacés, par leur numéro : une sauvegarde restaurée ne les ramène pas';
grant select, insert, delete on compte_efface to parvis_application;

create function noter_effacement() returns trigger language plpgsql as $$
begin
  insert into effacement (collectivite_id, nature, objet_id) values (old.collectivite_id, tg_argv[0], old.id) on conflict do nothing;
  return null;
end $$;
create function noter_compte_efface() returns trigger language plpgsql as $$
begin
  insert into compte_efface (usager_id) values (old.id) on conflict do nothing;
  return null;
end $$;
create trigger noter_effacement after delete on dossier for each row execute function noter_effacement('dossier');
create trigger noter_effacement after delete on fichier for each row execute function noter_effacement('fichier');
create trigger noter_effacement after delete on envoi for each row execute function noter_effacement('envoi');
create trigger noter_effacement after delete on usager for each row execute function noter_compte_efface();

alter table effacement enable row level security;
alter table effacement force row level security;
create policy locataire on effacement for all
  using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
  with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid);
