-- An erasure is told to other programs: its place in the journal, by which the feed of changes is read.
alter table tombe
  add column sequence bigint,
  add column service text;
comment on column tombe.sequence is 'la place de l’effacement dans le journal ; vide pour ceux d’avant, et pour un brouillon';
comment on column tombe.service is 'pour ne l’annoncer qu’à qui voyait le dossier';
create index tombe_sequence on tombe (collectivite_id, sequence) where sequence is not null;
