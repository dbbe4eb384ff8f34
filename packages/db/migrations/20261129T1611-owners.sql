-- Whoever has had cars and has none now is no owner, and whoever comes to have a car has been seen with it that day, however long ago he was here himself.
-- Both are kept beside his file, for lists and counts of a million cannot ask his periods one by one.
alter table customers add column former_owner boolean not null default false, add column owner_since date;
comment on column customers.former_owner is 'has had cars and every period of owning one has ended; kept by trigger, equal to a recount';
comment on column customers.owner_since is 'since when he has the car he came to last: the latest known beginning of his open periods of owning; kept by trigger, equal to a recount';

-- The whole of every store, whoever owns the tables.
alter table ownerships no force row level security;
alter table customers no force row level security;
update customers k set former_owner = o.former, owner_since = o.since from (
  select store_id, customer_id, bool_and(to_on is not null) as former, max(from_on) filter (where to_on is null) as since
  from ownerships where role = 'owner' group by store_id, customer_id) o
where k.store_id = o.store_id and k.id = o.customer_id and (k.former_owner, k.owner_since) is distinct from (o.former, o.since);
alter table customers force row level security;
alter table ownerships force row level security;

-- The order of the relationships in one value: former owners, lost ones, those at risk, owners; prospects have none.
create index customers_relationship on customers
  (store_id, (case when former_owner then date '-infinity' else greatest(first_delivered_on, last_visit_on, owner_since) end), id) where status = 'active';
comment on index customers_relationship is 'customers by relationship: the day an owner was last seen with his car, before all days for former owners; lists and counts of those at risk, lost ones, prospects and former owners, and the planner''s calls for a time of absence';
drop index customers_seen;
comment on index customers_last_visit is 'list sorted by last visit';

-- Of two at once who change periods of one customer, neither sees what the other does: whoever recounts holds the files first, and counts what stands then.
create function customers_recount_owning(customer_store integer, customer_ids uuid[]) returns void language plpgsql as $$
begin
  perform from customers where store_id = customer_store and id = any(customer_ids) order by id for no key update;
  update customers k set former_owner = o.former, owner_since = o.since
  from unnest(customer_ids) as one(id) cross join lateral (
    select coalesce(bool_and(p.to_on is not null), false) as former, max(p.from_on) filter (where p.to_on is null) as since from ownerships p
    where p.store_id = customer_store and p.customer_id = one.id and p.role = 'owner') o
  where k.store_id = customer_store and k.id = one.id and (k.former_owner, k.owner_since) is distinct from (o.former, o.since);
end $$;
comment on function customers_recount_owning is 'former_owner and owner_since of these customers from their periods; only files that change are written, and neither their version nor updated_at';

create function customers_come_or_go() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in select store_id, array_agg(distinct customer_id) as ids from periods where role = 'owner' group by store_id
  loop
    perform customers_recount_owning(touched.store_id, touched.ids);
  end loop;
  return null;
end $$;
create function customers_change_owning() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in
    select store_id, array_agg(distinct customer_id) as ids from (
      select store_id, customer_id from come where role = 'owner' union all select store_id, customer_id from gone where role = 'owner') p group by store_id
  loop
    perform customers_recount_owning(touched.store_id, touched.ids);
  end loop;
  return null;
end $$;
create trigger customers_owning_insert after insert on ownerships referencing new table as periods for each statement execute function customers_come_or_go();
create trigger customers_owning_delete after delete on ownerships referencing old table as periods for each statement execute function customers_come_or_go();
create trigger customers_owning_update after update on ownerships referencing old table as gone new table as come for each statement execute function customers_change_owning();
