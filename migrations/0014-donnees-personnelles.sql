-- What becomes of personal data: notices, hiding, erasure and what it leaves; who read a dossier; the figures of each démarche.

alter table dossier
  add column prevenu_le timestamptz,
  add column gel_motif text,
  add column gel_le timestamptz,
  add column gel_par uuid,
  add column remis_le timestamptz,
  add column remis_par uuid,
  add column identite_le timestamptz,
  add column etape_atteinte text;
comment on column dossier.prevenu_le is 'quand la personne a été prévenue que ce dossier allait être effacé';
comment on column dossier.gel_motif is 'pourquoi l’effacement est suspendu ; vide : il ne l’est pas';
comment on column dossier.remis_le is 'quand un agent a confirmé l’avoir remis aux archives';
comment on column dossier.identite_le is 'quand ses pièces d’identité ont été effacées, ou cherchées sans qu’il y en ait';
comment on column dossier.etape_atteinte is 'dernière étape enregistrée du brouillon : où l’on s’arrête';
-- What must soon be told, hidden or erased is found by definition, since each has its own duration.
create index dossier_decide on dossier (collectivite_id, definition, decide_le, id) include (identite_le) where etat in ('accepte', 'refuse', 'sans_suite') and cache_le is null;
create index dossier_cache on dossier (collectivite_id, cache_le, id) where cache_le is not null;
create index dossier_courriel on dossier (collectivite_id, demandeur_courriel) where demandeur_courriel is not null;
create index envoi_destinataire on envoi (collectivite_id, destinataire);

-- What is left of a dossier: that it was there, and when it went.
create table tombe (
  collectivite_id uuid not null,
  dossier_id uuid not null,
  demarche_id text not null,
  depose_le timestamptz,
  decide_le timestamptz,
  efface_le timestamptz not null,
  cause text not null check (cause in ('abandon', 'conservation', 'demande')),
  sort text not null check (sort in ('detruire', 'archiver', 'anonymiser')),
  empreinte text not null,
  chiffres jsonb,
  primary key (collectivite_id, dossier_id)
);
comment on table tombe is 'locataire: ce qui reste d’un dossier effacé : sa démarche, ses dates, une empreinte ; jamais son contenu';
comment on column tombe.empreinte is 'empreinte du contenu effacé, sous le secret de l’installation : pour reconnaître une copie, sans pouvoir deviner';
comment on column tombe.chiffres is 'canal, issue, corrections, étape : gardés seulement quand la démarche demande d’anonymiser, ou pour un brouillon abandonné';
create index on tombe (collectivite_id, efface_le desc);
grant select, insert on tombe to parvis_application;

-- An erasure too large to be ordinary: it waits for a person.
create table retenue (
  collectivite_id uuid not null,
  id uuid not null,
  constatee_le timestamptz not null,
  nombre int not null,
  total int not null,
  confirmee_le timestamptz,
  confirmee_par uuid,
  primary key (collectivite_id, id)
);
comment on table retenue is 'locataire: les effacements trop nombreux pour se faire sans l’accord d’une personne';
create unique index retenue_ouverte on retenue (collectivite_id) where confirmee_le is null;
grant select, insert, update on retenue to parvis_application;

-- An entry of the journal is about one thing. One that reads many dossiers at once (an export) names them here.
create table lecture (
  collectivite_id uuid not null,
  dossier_id uuid not null,
  rang bigint not null,
  primary key (collectivite_id, dossier_id, rang),
  foreign key (collectivite_id, dossier_id) references dossier on delete cascade
);
comment on table lecture is 'locataire: les dossiers lus ensemble (un export), et le rang de l’entrée du journal qui le dit';
grant select, insert on lecture to parvis_application;
-- Who read a dossier, told to the person concerned; filings do not pay for it.
create index journal_lecture on journal (collectivite_id, objet, rang) where action like '%.lire';

alter table usager add column prevenu_le timestamptz;
comment on column usager.prevenu_le is 'quand la personne a été prévenue que son compte inactif allait être effacé';
grant delete on usager to parvis_application;
create index usager_vu on usager (vu_le);

-- Counts by démarche and month, made again each night; delays are counted day by day, so that medians add up.
create table chiffre_demarche (
  collectivite_id uuid not null,
  demarche_id text not null,
  mois date not null,
  mesure text not null,
  cle text not null,
  nombre int not null,
  primary key (collectivite_id, demarche_id, mois, mesure, cle)
);
comment on table chiffre_demarche is 'locataire: les chiffres de chaque démarche, par mois, refaits chaque nuit';
grant select, insert, delete on chiffre_demarche to parvis_application;

create table calcul_chiffres (
  collectivite_id uuid primary key,
  le timestamptz not null
);
comment on table calcul_chiffres is 'locataire: quand les chiffres des démarches ont été refaits';
grant select, insert, update on calcul_chiffres to parvis_application;

create table chiffre_public (
  collectivite_id uuid not null,
  demarche_id text not null,
  du date not null,
  au date not null,
  chiffres jsonb not null,
  publie_le timestamptz not null,
  primary key (collectivite_id, demarche_id, du)
);
comment on table chiffre_public is 'locataire: les chiffres publiés d’une démarche, par périodes qui ne se recouvrent pas et ne changent plus';
grant select, insert on chiffre_public to parvis_application;

do $$
declare t text;
begin
  foreach t in array array['tombe', 'retenue', 'lecture', 'chiffre_demarche', 'calcul_chiffres', 'chiffre_public'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format($p$create policy locataire on %I for all
      using (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)
      with check (collectivite_id = nullif(current_setting('parvis.collectivite', true), '')::uuid)$p$, t);
  end loop;
end $$;
