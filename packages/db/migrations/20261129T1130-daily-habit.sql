-- The daily habit follows the readings of imported visits too (VEH-05), as metresPerDay of the domain has it: until now only a reading told on the
-- phone was counted, and imported cars came due by date alone.
create function vehicles_recount_habit(vehicle_store integer, vehicle_ids uuid[]) returns void language sql as $$
  update vehicles v set metres_per_day = n.habit
  from unnest(vehicle_ids) as one(id)
  left join lateral (
    select case when d.metres between 0 and 1000000 then d.metres end::integer as habit
    from (select m.read_on, m.mileage_km from mileage_readings m where m.store_id = vehicle_store and m.vehicle_id = one.id and not m.doubtful
        order by m.read_on desc, m.mileage_km desc limit 1) as last
    cross join lateral (
      select b.read_on, b.mileage_km from (
        (select 0 as at, m.read_on, m.mileage_km from mileage_readings m
          where m.store_id = vehicle_store and m.vehicle_id = one.id and not m.doubtful and m.read_on <= last.read_on - 30 order by m.read_on desc, m.mileage_km desc limit 1)
        union all
        (select 1, m.read_on, m.mileage_km from mileage_readings m
          where m.store_id = vehicle_store and m.vehicle_id = one.id and not m.doubtful order by m.read_on, m.mileage_km limit 1)) as b
      order by b.at limit 1) as before
    cross join lateral (select floor((last.mileage_km - before.mileage_km) * 1000::numeric / nullif(last.read_on - before.read_on, 0)) as metres) as d) as n on true
  where v.store_id = vehicle_store and v.id = one.id and v.metres_per_day is distinct from n.habit
$$;
comment on function vehicles_recount_habit is 'metres_per_day of these vehicles from their readings; to be called after sound readings were added in bulk or removed';

-- Those on file, in every store, whoever owns the tables; what comes due on another day is planned afresh by the trigger on vehicles.
alter table vehicles no force row level security;
alter table mileage_readings no force row level security;
alter table care_dirty no force row level security;
select vehicles_recount_habit(store_id, array_agg(vehicle_id)) from (select distinct store_id, vehicle_id from mileage_readings) as measured group by store_id;
alter table care_dirty force row level security;
alter table mileage_readings force row level security;
alter table vehicles force row level security;
