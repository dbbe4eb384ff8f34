-- Whoever has had cars and has none now is no owner: kept beside his file, for lists and counts of a million cannot ask his periods one by one.
alter table customers add column former_owner boolean not null default false;
comment on column customers.former_owner is 'has had cars and every period of owning one has ended; kept by trigger, equal to a recount';

-- The whole of every store, whoever owns the tables.
alter table ownerships no force row level security;
alter table customers no force row level security;
update customers k set former_owner = true from (
  select store_id, customer_id from ownerships where role = 'owner' group by store_id, customer_id having bool_and(to_on is not null)) o
where k.store_id = o.store_id and k.id = o.customer_id;
alter table customers force row level security;
alter table ownerships force row level security;

-- The order of the relationships in one value: former owners, lost ones, those at risk, owners; prospects have none.
create index customers_relationship on customers
  (store_id, (case when former_owner then date '-infinity' else greatest(first_delivered_on, last_visit_on) end), id) where status = 'active';
comment on index customers_relationship is 'customers by relationship: the day an owner was last seen with his car, before all days for former owners; lists and counts of those at risk, lost ones, prospects and former owners';
drop index customers_seen;
comment on index customers_last_visit is 'list sorted by last visit';

-- `holds` says of whom it is known that a period is open: his others need not be read.
create function customers_recount_former(customer_store integer, customer_ids uuid[], holds boolean[]) returns void language sql as $$
  update customers k set former_owner = not k.former_owner
  from unnest(customer_ids, holds) as one(id, holds)
  where k.store_id = customer_store and k.id = one.id and k.former_owner is distinct from case when one.holds then false else (
    select coalesce(bool_and(o.to_on is not null), false) from ownerships o
    where o.store_id = customer_store and o.customer_id = one.id and o.role = 'owner') end
$$;
comment on function customers_recount_former is 'former_owner of these customers from their periods; only files that change are written, and neither their version nor updated_at';

create function customers_begin_owning() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in
    select c.store_id, array_agg(c.customer_id) as ids, array_agg(c.holds) as holds
    from (select store_id, customer_id, bool_or(to_on is null) as holds from come where role = 'owner' group by store_id, customer_id) c group by c.store_id
  loop
    perform customers_recount_former(touched.store_id, touched.ids, touched.holds);
  end loop;
  return null;
end $$;
-- Of two at once who each end a period of one customer, neither sees what the other ends. Whoever changes or removes periods holds the files until
-- he is done; whoever adds one holds them too, by its foreign key.
create function customers_change_owning() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in
    select c.store_id, array_agg(c.customer_id) as ids, array_agg(c.holds) as holds
    from (select store_id, customer_id, bool_or(holds) as holds from (
        select store_id, customer_id, to_on is null as holds from come where role = 'owner'
        union all select store_id, customer_id, false from gone where role = 'owner') p
      group by store_id, customer_id) c group by c.store_id
  loop
    perform from customers where store_id = touched.store_id and id = any(touched.ids) order by id for update;
    perform customers_recount_former(touched.store_id, touched.ids, touched.holds);
  end loop;
  return null;
end $$;
create function customers_end_owning() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in select store_id, array_agg(distinct customer_id) as ids from gone where role = 'owner' group by store_id
  loop
    perform from customers where store_id = touched.store_id and id = any(touched.ids) order by id for update;
    perform customers_recount_former(touched.store_id, touched.ids, array_fill(false, array[cardinality(touched.ids)]));
  end loop;
  return null;
end $$;
create trigger customers_owning_insert after insert on ownerships referencing new table as come for each statement execute function customers_begin_owning();
create trigger customers_owning_update after update on ownerships referencing old table as gone new table as come for each statement execute function customers_change_owning();
create trigger customers_owning_delete after delete on ownerships referencing old table as gone for each statement execute function customers_end_owning();
