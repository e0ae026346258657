-- Other programs: tokens of the API, subscriptions to what happens (webhooks) and the log of their deliveries.

create table jeton_api (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  nom text not null,
  debut text not null,
  empreinte bytea not null,
  droits text[] not null check (array_length(droits, 1) > 0),
  demarches text[],
  voit_reserves boolean not null default false,
  reseaux text[] not null default '{}',
  fin date not null,
  cree_le timestamptz not null,
  cree_par uuid not null,
  revoque_le timestamptz,
  revoque_par uuid,
  a_montrer bytea,
  vu_le timestamptz,
  minute_depuis timestamptz,
  minute_appels int not null default 0,
  primary key (collectivite_id, id)
) with (fillfactor = 70);
comment on table jeton_api is 'locataire: les jetons par lesquels d’autres programmes appellent l’API';
comment on column jeton_api.debut is 'ses premiers caractères, pour le reconnaître dans la liste';
comment on column jeton_api.empreinte is 'SHA-256 du jeton ; le jeton lui-même n’est pas gardé';
comment on column jeton_api.demarches is 'celles qu’il voit ; vide : toutes';
comment on column jeton_api.voit_reserves is 'vrai : il voit aussi les dossiers des services réservés à leur équipe';
comment on column jeton_api.fin is 'le dernier jour où il sert, là où est la collectivité';
comment on column jeton_api.a_montrer is 'le jeton scellé, dix minutes au plus, pour que la personne qui l’a fait le copie ; vidé au premier appel';
comment on column jeton_api.minute_appels is 'appels depuis minute_depuis : sa part';
create unique index jeton_api_empreinte on jeton_api (collectivite_id, empreinte);
grant select, insert, update on jeton_api to parvis_application;

create table abonnement (
  collectivite_id uuid not null references collectivite,
  id uuid not null,
  nom text not null,
  url text not null,
  demarches text[],
  natures text[],
  voit_reserves boolean not null default false,
  secret bytea not null,
  secret_fait_le timestamptz not null,
  secret_fait_par uuid not null,
  secret_precedent bytea,
  precedent_jusqu_a timestamptz,
  curseur bigint not null,
  cree_le timestamptz not null,
  cree_par uuid not null,
  en_pause_le timestamptz,
  supprime_le timestamptz,
  echecs int not null default 0,
  echoue_depuis timestamptz,
  prochain_le timestamptz,
  bail uuid,
  bail_jusqu_a timestamptz,
  primary key (collectivite_id, id)
) with (fillfactor = 70);
comment on table abonnement is 'locataire: les adresses prévenues de ce qui arrive aux dossiers (webhooks)';
comment on column abonnement.secret is 'le secret des signatures, scellé ; le précédent vaut encore jusqu’à precedent_jusqu_a';
comment on column abonnement.curseur is 'le dernier changement remis (evenement.sequence)';
comment on column abonnement.echoue_depuis is 'depuis quand la cible ne répond plus ; vide : elle répond';
comment on column abonnement.prochain_le is 'pas d’essai avant';
comment on column abonnement.bail is 'le travail qui remet en ce moment : un seul à la fois, pour que l’ordre tienne';
create index abonnement_actif on abonnement (collectivite_id) where en_pause_le is null and supprime_le is null;
grant select, insert, update on abonnement to parvis_application;

create table livraison (
  collectivite_id uuid not null,
  abonnement_id uuid not null,
  id uuid not null,
  cle text not null,
  sequence bigint,
  nature text not null,
  dossier_id uuid,
  le timestamptz not null,
  duree_ms int not null,
  statut int,
  erreur text,
  est_remise boolean not null,
  primary key (collectivite_id, abonnement_id, id),
  foreign key (collectivite_id, abonnement_id) references abonnement
);
comment on table livraison is 'locataire: les essais de remise à un abonnement, gardés sept jours';
comment on column livraison.cle is 'ce que la cible reçoit dans Parvis-Livraison : le même à chaque reprise';
create index livraison_jour on livraison (collectivite_id, le);
grant select, insert, delete on livraison to parvis_application;

do $$
declare t text;
begin
  foreach t in array array['jeton_api', 'abonnement', 'livraison'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;
