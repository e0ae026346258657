-- What a Citus cluster does not take (docs/adr/0029), said another way: the same on plain PostgreSQL.

-- Citus refuses SET NULL on a key that holds the tenant, even limited to another column. The row is locked before this trigger runs:
-- an opinion given meanwhile is seen by it, and the plain key refuses what would come after.
alter table avis drop constraint avis_collectivite_id_dossier_id_fkey;
alter table avis add constraint avis_collectivite_id_dossier_id_fkey foreign key (collectivite_id, dossier_id) references dossier;
create function delier_avis() returns trigger language plpgsql as $$
begin
  update avis set dossier_id = null where collectivite_id = old.collectivite_id and dossier_id = old.id;
  return old;
end $$;
create trigger delier_avis before delete on dossier for each row execute function delier_avis();

-- A trigger of a table copied to every server would write once a server: who erases an account notes it (noteErasedAccounts).
drop trigger noter_effacement on usager;
drop function noter_compte_efface();
