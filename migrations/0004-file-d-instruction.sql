-- Messages that leave once, and the agent's list of dossiers.

alter table envoi add column cle text;
alter table envoi add unique (collectivite_id, cle);
comment on column envoi.cle is 'ce qui a fait écrire ce message : écrit une seule fois par clé';

-- The list is read state by state: everything that it filters by is in the index, since under row security a search by words
-- (`like` is not leakproof) may only filter what the tenant's b-tree gives.
drop index dossier_liste;
create index dossier_file on dossier (collectivite_id, etat, depose_le, id) include (demarche_id, recherche, silence_le) where etat <> 'brouillon';
-- In order of deadline without words to look for; with words, dossier_file holds all that is needed.
create index dossier_echeance on dossier (collectivite_id, etat, silence_le, id) where etat in ('en_construction', 'en_instruction');
