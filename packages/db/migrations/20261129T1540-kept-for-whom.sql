-- A list of records that stayed says for whom each did.
alter table import_kept
  add column root_entity text,
  add column root_id uuid,
  add column through text;
comment on column import_kept.root_entity is 'the table of root_id';
comment on column import_kept.root_id is 'the record worked with, or used by another import, for which this one stays: itself where it is that one; null for staff';
comment on column import_kept.through is 'the table of the record that names this one, which stays alone then; null where it stays with its facts';
