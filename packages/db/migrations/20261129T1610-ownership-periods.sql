-- A car may come back to whoever had it: each time is a period of its own. Where a period begins is not always known, so they are numbered.
alter table ownerships add column period integer not null default 1 check (period > 0);
comment on column ownerships.period is 'which of his times with this car in this role, from 1';
alter table ownerships drop constraint ownerships_pkey, add primary key (store_id, vehicle_id, customer_id, role, period);

-- Of several who own one car the one its file names stays, else whoever came last. The whole of every store, whoever owns the tables.
alter table ownerships no force row level security;
alter table vehicles no force row level security;
alter table customers no force row level security;
update ownerships o set to_on = greatest(o.from_on, coalesce(present.from_on, current_date)) from (
  select distinct on (w.store_id, w.vehicle_id) w.store_id, w.vehicle_id, w.customer_id, w.from_on
  from ownerships w join vehicles v on v.store_id = w.store_id and v.id = w.vehicle_id
  where w.role = 'owner' and w.to_on is null
  order by w.store_id, w.vehicle_id, w.customer_id is not distinct from v.owner_id desc, w.from_on desc nulls last, w.customer_id) present
where o.store_id = present.store_id and o.vehicle_id = present.vehicle_id and o.role = 'owner' and o.to_on is null and o.customer_id <> present.customer_id;
alter table customers force row level security;
alter table vehicles force row level security;
alter table ownerships force row level security;

create unique index ownerships_present on ownerships (store_id, vehicle_id) where role = 'owner' and to_on is null;
comment on index ownerships_present is 'a car has one owner at a time';
