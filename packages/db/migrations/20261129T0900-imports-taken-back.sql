-- What taking an import back did, and what of it stayed because it is in use.
alter table imports add column undone jsonb;
comment on column imports.undone is 'what taking it back did: {removed, restored, kept}; null where it was not';

create table import_kept (
  store_id integer not null references stores,
  import_id uuid not null,
  entity text not null,
  entity_id uuid not null,
  because text not null check (because in ('worked_on', 'other_import', 'belongs')),
  primary key (store_id, import_id, entity, entity_id),
  foreign key (store_id, import_id) references imports
);
comment on table import_kept is 'records that an import made and that stayed when it was taken back';
comment on column import_kept.because is 'worked_on: somebody did something with it since; other_import: another import uses it; belongs: it belongs to one that stayed';
create index import_kept_record on import_kept (store_id, entity_id);
comment on index import_kept_record is 'records that are removed after all, when the other import is taken back too';
select baoke_isolate('import_kept');

-- Removing a record asks these tables whether they refer to it.
create index tasks_vehicle on tasks (store_id, vehicle_id) where vehicle_id is not null;
comment on index tasks_vehicle is 'tasks about a vehicle, when an import is taken back';
create index complaints_vehicle on complaints (store_id, vehicle_id) where vehicle_id is not null;
comment on index complaints_vehicle is 'complaints about a vehicle, when an import is taken back';
create index complaints_visit on complaints (store_id, visit_id) where visit_id is not null;
comment on index complaints_visit is 'complaints about a visit, when an import is taken back';
create index complaints_order on complaints (store_id, order_id) where order_id is not null;
comment on index complaints_order is 'complaints about an order, when an import is taken back';
