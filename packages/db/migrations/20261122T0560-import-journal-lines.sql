-- A line of the journal holds many entries: as many rows as an import writes, each with a key to check, cost as much as the import itself.
alter table import_changes add column entries jsonb;
comment on column import_changes.entries is 'made: rows the import made, by id or key; changed: rows it changed, with their columns before and after';
alter table import_changes no force row level security;
update import_changes set entries = case
  when key ? 'made' then jsonb_build_object('made', (select jsonb_agg(jsonb_build_object('entityId', m -> 'id', 'key', m -> 'key')) from jsonb_array_elements(key -> 'made') as m))
  else jsonb_build_object('changed', jsonb_build_array(jsonb_build_object('entityId', entity_id, 'key', key, 'before', before, 'after', after)))
end;
alter table import_changes force row level security;
alter table import_changes alter column entries set not null, drop column entity_id, drop column key, drop column before, drop column after;

-- Its rows come from triggers on customers and what belongs to them, whose store is checked: the check was a third of what marking one cost.
alter table care_dirty drop constraint care_dirty_store_id_fkey;
