-- Maintenance is counted from the last maintenance and from delivery before the first, not from any visit and not from the latest reading (CARE-26, CARE-27).
alter table service_categories add column maintenance boolean not null default false;
comment on column service_categories.maintenance is 'the next maintenance is counted from a visit of this category';
alter table vehicles
  add column last_maintenance_on date,
  add column last_maintenance_km integer check (last_maintenance_km >= 0);
comment on column vehicles.last_maintenance_on is 'arrival of the last visit in a category that is a maintenance; kept by trigger, equal to a recount';
comment on column vehicles.last_maintenance_km is 'mileage at that visit, where it was written down';

-- The whole of every store, whoever owns the tables.
alter table service_categories no force row level security;
alter table service_visits no force row level security;
alter table vehicles no force row level security;
alter table care_dirty no force row level security;
update service_categories set maintenance = true where code in ('first_maintenance', 'second_maintenance', 'regular_maintenance') or name_zh like '%保养%';
create temp table due_before on commit drop as select store_id, id, maintenance_due_on from vehicles;
update vehicles v set last_maintenance_on = n.arrived_on, last_maintenance_km = n.mileage_km from (
  select distinct on (w.store_id, w.vehicle_id) w.store_id, w.vehicle_id, w.arrived_on, w.mileage_km
  from service_visits w join service_categories c on c.store_id = w.store_id and c.code = w.category and c.maintenance
  where w.vehicle_id is not null and not w.is_refund
  order by w.store_id, w.vehicle_id, w.arrived_on desc, w.mileage_km desc nulls last) n
where v.store_id = n.store_id and v.id = n.vehicle_id;

create function baoke_days_for(km integer, metres_per_day integer) returns integer language sql immutable parallel safe
return greatest(-36500, least(36500, floor(km * 1000::numeric / nullif(metres_per_day, 0))))::integer;
-- Least and greatest overlook what is not known, so an unknown habit is kept unknown here.
create function baoke_reaches_on(due_km integer, read_km integer, read_on date, metres_per_day integer) returns date language sql immutable parallel safe
return case when due_km is not null and read_km is not null and metres_per_day > 0 then read_on + baoke_days_for(due_km - read_km, metres_per_day) end;
create function baoke_maintenance_km(next_on date, next_km integer, first_km integer, last_on date, last_km integer, read_on date) returns integer language sql immutable parallel safe
return case
  when next_on is not null or next_km is not null then next_km
  when last_on is null then coalesce(first_km, 5000)
  when read_on > last_on then last_km + 10000
end;

-- As maintenanceDue of the domain has it: whichever of date and mileage comes first.
alter table vehicles alter column maintenance_due_on set expression as (
  least(
    case
      when next_service_on is not null or next_service_km is not null then next_service_on
      when last_maintenance_on is null then coalesce(first_service_on, (delivered_on + interval '3 months')::date)
      else (last_maintenance_on + interval '6 months')::date
    end,
    case
      when baoke_reaches_on(baoke_maintenance_km(next_service_on, next_service_km, first_service_km, last_maintenance_on, last_maintenance_km, last_mileage_on), last_mileage_km, last_mileage_on, metres_per_day) is not null
        then greatest(coalesce(last_maintenance_on, delivered_on),
          baoke_reaches_on(baoke_maintenance_km(next_service_on, next_service_km, first_service_km, last_maintenance_on, last_maintenance_km, last_mileage_on), last_mileage_km, last_mileage_on, metres_per_day))
      when next_service_on is null and next_service_km is null and metres_per_day > 0 then last_maintenance_on + baoke_days_for(10000, metres_per_day)
    end
  )
);
insert into care_dirty (store_id, customer_id)
select distinct v.store_id, v.owner_id from vehicles v join due_before b on b.store_id = v.store_id and b.id = v.id
where v.owner_id is not null and v.maintenance_due_on is distinct from b.maintenance_due_on;
alter table care_dirty force row level security;
alter table vehicles force row level security;
alter table service_visits force row level security;
alter table service_categories force row level security;

-- The last maintenance follows the visits. New ones can only bring a later one, so nothing is read again for them.
create function vehicles_maintained() returns trigger language plpgsql as $$
begin
  update vehicles v set last_maintenance_on = n.arrived_on, last_maintenance_km = n.mileage_km from (
    select distinct on (w.store_id, w.vehicle_id) w.store_id, w.vehicle_id, w.arrived_on, w.mileage_km
    from come w join service_categories c on c.store_id = w.store_id and c.code = w.category and c.maintenance
    where w.vehicle_id is not null and not w.is_refund
    order by w.store_id, w.vehicle_id, w.arrived_on desc, w.mileage_km desc nulls last) n
  where v.store_id = n.store_id and v.id = n.vehicle_id
    and (v.last_maintenance_on is null or (n.arrived_on, coalesce(n.mileage_km, -1)) > (v.last_maintenance_on, coalesce(v.last_maintenance_km, -1)));
  return null;
end $$;
create function vehicles_recount_maintained(vehicle_store integer, vehicle_ids uuid[]) returns void language sql as $$
  update vehicles v set last_maintenance_on = n.arrived_on, last_maintenance_km = n.mileage_km
  from unnest(vehicle_ids) as one(id) left join lateral (
    select w.arrived_on, w.mileage_km
    from service_visits w join service_categories c on c.store_id = w.store_id and c.code = w.category and c.maintenance
    where w.store_id = vehicle_store and w.vehicle_id = one.id and not w.is_refund
    order by w.arrived_on desc, w.mileage_km desc nulls last limit 1) n on true
  where v.store_id = vehicle_store and v.id = one.id
    and (v.last_maintenance_on, v.last_maintenance_km) is distinct from (n.arrived_on, n.mileage_km)
$$;
create function vehicles_maintenance_changed() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in
    select w.store_id, array_agg(distinct w.vehicle_id) as ids
    from (select * from gone union all select * from come) w join service_categories c on c.store_id = w.store_id and c.code = w.category and c.maintenance
    where w.vehicle_id is not null group by w.store_id
  loop
    perform vehicles_recount_maintained(touched.store_id, touched.ids);
  end loop;
  return null;
end $$;
create function vehicles_maintenance_removed() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in
    select w.store_id, array_agg(distinct w.vehicle_id) as ids
    from gone w join service_categories c on c.store_id = w.store_id and c.code = w.category and c.maintenance
    where w.vehicle_id is not null group by w.store_id
  loop
    perform vehicles_recount_maintained(touched.store_id, touched.ids);
  end loop;
  return null;
end $$;
create trigger vehicles_maintained_insert after insert on service_visits referencing new table as come for each statement execute function vehicles_maintained();
create trigger vehicles_maintained_update after update on service_visits referencing old table as gone new table as come for each statement execute function vehicles_maintenance_changed();
create trigger vehicles_maintained_delete after delete on service_visits referencing old table as gone for each statement execute function vehicles_maintenance_removed();

-- A category becomes a maintenance, or is none any more.
create function vehicles_maintained_anew() returns trigger language plpgsql as $$
begin
  perform vehicles_recount_maintained(new.store_id, array(
    select distinct vehicle_id from service_visits where store_id = new.store_id and category = new.code and vehicle_id is not null));
  return null;
end $$;
create trigger vehicles_maintained_category after update on service_categories for each row
  when (old.maintenance is distinct from new.maintenance) execute function vehicles_maintained_anew();
