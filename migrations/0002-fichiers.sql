-- Files joined to dossiers and documents made by the service. The bytes are on disk, encrypted; here are what they are and the keys that open them:
-- master key (a file outside the database) → cle_fichiers (one a collectivité) → fichier.cle (one a file). Deleting the row destroys the file.

create table cle_fichiers (
  collectivite_id uuid primary key references collectivite,
  cle_maitresse text not null,
  cle bytea not null check (octet_length(cle) = 60),
  creee_le timestamptz not null
);
comment on table cle_fichiers is 'locataire: la clé des fichiers d’une collectivité, scellée par la version nommée de la clé maîtresse';
grant select, insert, update on cle_fichiers to parvis_application;

create table fichier (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  etat text not null check (etat in ('recu', 'disponible', 'refuse')),
  nom text not null check (char_length(nom) between 1 and 120),
  type text not null,
  taille_octets int not null check (taille_octets >= 0),
  empreinte bytea not null check (octet_length(empreinte) = 32),
  objet_id uuid,
  cle bytea check (octet_length(cle) = 60),
  antivirus text,
  motif text,
  recu_le timestamptz not null,
  verifie_le timestamptz,
  primary key (collectivite_id, id),
  unique (collectivite_id, objet_id),
  -- A refused file keeps its name and its reason, never its bytes.
  check (case when etat = 'refuse' then objet_id is null and cle is null and motif is not null else objet_id is not null and cle is not null and motif is null end),
  check ((etat = 'recu') = (verifie_le is null) and (etat = 'recu') = (antivirus is null))
);
comment on table fichier is 'locataire: un fichier reçu ou produit : son nom, son état, et la clé scellée de ses octets';
comment on column fichier.antivirus is 'ce que l’antivirus a dit, ou qu’aucun n’était configuré';
comment on column fichier.empreinte is 'SHA-256 des octets tels qu’ils sont rendus';
create index fichier_recu on fichier (collectivite_id, recu_le) where etat = 'recu';
grant select, insert, update, delete on fichier to parvis_application;

do $$
declare t text;
begin
  foreach t in array array['cle_fichiers', 'fichier'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;
