-- Whoever keeps a copy by the feeds of changes learns from them of what is there, never of what has gone: of that this table tells.
create table removals (
  store_id integer not null references stores,
  entity text not null check (entity in ('customers', 'vehicles', 'service_visits', 'complaints')),
  removed_at timestamptz not null,
  id uuid not null,
  primary key (store_id, entity, removed_at, id)
);
comment on table removals is 'records that were on file and are no more, one line for each; append-only, written by trigger';
comment on column removals.entity is 'the table it stood in, one that has a feed of changes';
comment on column removals.removed_at is 'as changes are stamped: the instant that long work has announced, else that of the deletion';
select baoke_isolate('removals');
revoke update, delete on removals from baoke_app;

-- By statement, so that whoever deletes a hundred thousand records writes them down as one set, and nobody can forget to.
create function baoke_note_removals() returns trigger language plpgsql as $$
declare
  stamp timestamptz := coalesce(nullif(current_setting('baoke.writing_since', true), '')::timestamptz, clock_timestamp());
begin
  insert into removals (store_id, entity, removed_at, id) select store_id, tg_table_name, stamp, id from gone on conflict do nothing;
  return null;
end $$;
comment on function baoke_note_removals is 'tells readers of changes which records of a table a statement has deleted';
create trigger customers_removed after delete on customers referencing old table as gone for each statement execute function baoke_note_removals();
create trigger vehicles_removed after delete on vehicles referencing old table as gone for each statement execute function baoke_note_removals();
create trigger service_visits_removed after delete on service_visits referencing old table as gone for each statement execute function baoke_note_removals();
create trigger complaints_removed after delete on complaints referencing old table as gone for each statement execute function baoke_note_removals();
