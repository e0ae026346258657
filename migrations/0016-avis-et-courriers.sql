-- Reminders of opinions, letters, failures made up for.

alter table demande_avis
  add column rappel_jours smallint check (rappel_jours between 1 and 30),
  add column rappelee_le timestamptz;
comment on column demande_avis.rappel_jours is 'combien de jours avant l’échéance un rappel part de lui-même ; vide : aucun';
comment on column demande_avis.rappelee_le is 'quand ce rappel est parti';

alter table envoi add column rattrape_le timestamptz;
comment on column envoi.rattrape_le is 'depuis quand un envoi non remis n’attend plus rien : l’adresse a été corrigée, ou la demande retirée';

-- A collectivité has as many letters as it wants; any other text, one for a use and a démarche.
drop index gabarit_en_service;
create unique index gabarit_en_service on gabarit (collectivite_id, usage, coalesce(demarche_id, ''))
  where retire_le is null and usage <> 'document.courrier';

alter table document
  drop constraint document_nature_check,
  add constraint document_nature_check check (nature in ('accuse', 'decision', 'attestation', 'courrier'));
