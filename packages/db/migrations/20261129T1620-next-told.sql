-- A next maintenance that was told rules until the car is maintained: without the day it was told, one made before its date left it standing for good.
alter table vehicles add column next_told_on date;
comment on column vehicles.next_told_on is 'the store''s day on which the next maintenance was told, kept by trigger; null = unknown, or none told. Of what stood before it was kept, the day the keeping began';

-- The whole of every store, whoever owns the tables.
alter table vehicles no force row level security;
alter table care_dirty no force row level security;
create temp table due_untold on commit drop as select store_id, id, maintenance_due_on from vehicles where maintenance_due_on is not null;
-- When those on file were told is written nowhere: a file is made before its next visits are told, and edited for any reason. But they were told by
-- today, so every maintenance from tomorrow on spends them and none of the past does on that ground. Left unknown they would stand for another round.
update vehicles v set next_told_on = (now() at time zone s.time_zone)::date from stores s
where s.id = v.store_id and (v.next_service_on is not null or v.next_service_km is not null);

create function vehicles_next_told() returns trigger language plpgsql as $$
begin
  new.next_told_on := case when new.next_service_on is not null or new.next_service_km is not null
    then (select (new.updated_at at time zone s.time_zone)::date from stores s where s.id = new.store_id) end;
  -- A file of the customers tells it as of the service it names beside, however much later the file is imported.
  if tg_op = 'INSERT' or new.imported is distinct from old.imported then
    new.next_told_on := least(new.next_told_on, (new.imported #>> '{said,customers,last_service_on}')::date);
  end if;
  return new;
end $$;
comment on function vehicles_next_told is 'the next maintenance was told on the store''s day of the write, or at the last service that an imported file names beside it; a writer that names another day keeps it';
create trigger vehicles_next_told_insert before insert on vehicles for each row
  when (new.next_told_on is null and (new.next_service_on is not null or new.next_service_km is not null)) execute function vehicles_next_told();
create trigger vehicles_next_told_update before update on vehicles for each row
  when (new.next_told_on is not distinct from old.next_told_on
    and (new.next_service_on, new.next_service_km) is distinct from (old.next_service_on, old.next_service_km)) execute function vehicles_next_told();

-- As isNextSpent of the domain has it.
create function baoke_next_rules(next_on date, next_km integer, told_on date, last_on date, last_km integer) returns boolean language sql immutable parallel safe
return (next_on is not null or next_km is not null)
  and not coalesce(last_on > told_on, false) and not coalesce(next_on <= last_on, false) and not coalesce(next_km <= last_km, false);
create function baoke_maintenance_km(next_rules boolean, next_km integer, first_km integer, last_on date, last_km integer, read_on date) returns integer language sql immutable parallel safe
return case
  when next_rules then next_km
  when last_on is null then coalesce(first_km, 5000)
  when read_on > last_on then last_km + 10000
end;
create function baoke_maintenance_reached_on(next_rules boolean, next_km integer, first_km integer, last_on date, last_km integer, read_km integer, read_on date, metres_per_day integer) returns date language sql immutable parallel safe
return baoke_reaches_on(baoke_maintenance_km(next_rules, next_km, first_km, last_on, last_km, read_on), read_km, read_on, metres_per_day);

-- As maintenanceDue of the domain has it: whichever of date and mileage comes first.
alter table vehicles alter column maintenance_due_on set expression as (
  least(
    case
      when baoke_next_rules(next_service_on, next_service_km, next_told_on, last_maintenance_on, last_maintenance_km) then next_service_on
      when last_maintenance_on is null then coalesce(first_service_on, (delivered_on + interval '3 months')::date)
      else (last_maintenance_on + interval '6 months')::date
    end,
    case
      when baoke_maintenance_reached_on(baoke_next_rules(next_service_on, next_service_km, next_told_on, last_maintenance_on, last_maintenance_km),
          next_service_km, first_service_km, last_maintenance_on, last_maintenance_km, last_mileage_km, last_mileage_on, metres_per_day) is not null
        then greatest(coalesce(last_maintenance_on, delivered_on),
          baoke_maintenance_reached_on(baoke_next_rules(next_service_on, next_service_km, next_told_on, last_maintenance_on, last_maintenance_km),
            next_service_km, first_service_km, last_maintenance_on, last_maintenance_km, last_mileage_km, last_mileage_on, metres_per_day))
      when not baoke_next_rules(next_service_on, next_service_km, next_told_on, last_maintenance_on, last_maintenance_km) and metres_per_day > 0
        then last_maintenance_on + baoke_days_for(10000, metres_per_day)
    end
  )
);
drop function baoke_maintenance_km(date, integer, integer, date, integer, date);
insert into care_dirty (store_id, customer_id)
select distinct v.store_id, v.owner_id from vehicles v left join due_untold b on b.store_id = v.store_id and b.id = v.id
where v.owner_id is not null and v.maintenance_due_on is distinct from b.maintenance_due_on;
alter table care_dirty force row level security;
alter table vehicles force row level security;
