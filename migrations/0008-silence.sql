-- What silence has decided, by day: the automatic decisions of a collectivité, few, found without reading its history.
create index evenement_automatique on evenement (collectivite_id, le, dossier_id) where nature in ('accepter_auto', 'refuser_auto');
