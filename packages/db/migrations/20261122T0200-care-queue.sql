-- The queue of my day in its order, what the planner needs to find a task again, and the list of customers to plan afresh.

alter table tasks
  add column slot text,
  add column urgency smallint not null default 1 check (urgency in (0, 1)),
  add column show_at timestamptz not null default now(),
  add column result text not null default 'contact_note',
  add column script text not null default '',
  add column topics text[] not null default '{}',
  add column settled_reason text;
comment on column tasks.slot is 'rule, subject and record of the event without its date: finds the task when the date moves';
comment on column tasks.urgency is '0 = promised by the hour';
comment on column tasks.show_at is 'when it shows in the day: its first day, the next try, or where the daily cap moved it; due_at stays';
comment on column tasks.settled_reason is 'why it was skipped or cancelled';

drop index tasks_my_day;
create index tasks_my_day on tasks (store_id, assignee_id, urgency, due_at, priority, id) include (show_at) where status = 'open';
comment on index tasks_my_day is 'my day: open tasks of a person, most urgent first';
drop index tasks_role_queue;
create index tasks_role_queue on tasks (store_id, role, urgency, due_at, priority, id) include (show_at) where status = 'open' and assignee_id is null;
comment on index tasks_role_queue is 'tasks of a role that nobody has taken, most urgent first';
create index tasks_store_queue on tasks (store_id, urgency, due_at, priority, id) include (show_at) where status = 'open';
comment on index tasks_store_queue is 'the queue of the whole store, most urgent first';
drop index tasks_due;
create index tasks_lapsing on tasks (store_id, lapses_at) where status = 'open' and lapses_at is not null;
comment on index tasks_lapsing is 'open tasks whose last moment has passed';
create index tasks_rule on tasks (store_id, rule_key, not_before_on) where rule_key is not null;
comment on index tasks_rule is 'what a rule brought; the missed list';

create index care_suppressions_at on care_suppressions (store_id, at desc);
comment on index care_suppressions_at is 'what was not carried out, and why, latest first';

-- When the maintenance comes due, whichever of date and mileage comes first. Where the DMS gives neither: first after 3 months or
-- 5,000 km, then after 6 months or 10,000 km (CARE-27, 13 Planner).
alter table vehicles add column maintenance_due_on date generated always as (
  least(
    coalesce(
      next_service_on,
      case when next_service_km is null then
        case when last_visit_on is null then coalesce(first_service_on, (delivered_on + interval '3 months')::date)
        else (last_visit_on + interval '6 months')::date end
      end
    ),
    last_mileage_on + (greatest(
      coalesce(
        next_service_km,
        case when next_service_on is null then
          case when last_visit_on is null then coalesce(first_service_km, 5000) else last_mileage_km + 10000 end
        end
      ) - last_mileage_km, 0)::bigint * 1000 / nullif(metres_per_day, 0))::integer
  )
) stored;
create index vehicles_maintenance_due on vehicles (store_id, maintenance_due_on) where maintenance_due_on is not null;
comment on index vehicles_maintenance_due is 'maintenance due, care planner';
drop index vehicles_next_service;

-- Only plain comparisons reach an index ahead of the row policy, so a birthday is asked for by the days of birth that share it.
drop index customers_birthday;
create index customers_birth on customers (store_id, birth_date) where birth_date is not null;
comment on index customers_birth is 'birthdays of a day for the care planner, as the list of days of birth that share it';
create index customers_care_contact on customers (store_id, last_contact_at) where status = 'active';
comment on index customers_care_contact is 'owners due for the regular contact, care planner';
create index customers_care_verified on customers (store_id, verified_on) where status = 'active';
comment on index customers_care_verified is 'files due for verification, care planner';

-- The list is appended to without a key, so that no two writers ever wait for each other on it; readers take the distinct customers.
drop table care_dirty;
create table care_dirty (
  store_id integer not null references stores,
  id bigint generated always as identity,
  customer_id uuid not null,
  since timestamptz not null default now(),
  primary key (store_id, id)
);
comment on table care_dirty is 'customers with a moved anchor or a changed condition, to be planned afresh by the next run; filled by triggers';
create index care_dirty_customer on care_dirty (store_id, customer_id);
comment on index care_dirty_customer is 'take planned customers off the list';
select baoke_isolate('care_dirty');
grant select, insert, delete on care_dirty to baoke_app;
grant usage, select on all sequences in schema public to baoke_app;

-- Statement triggers with transition tables for what comes in bulk.
create function care_touch_customers() returns trigger language plpgsql as $$
begin
  insert into care_dirty (store_id, customer_id) select distinct store_id, customer_id from come where customer_id is not null order by 1, 2;
  return null;
end $$;
create function care_touch_vehicle_owners() returns trigger language plpgsql as $$
begin
  insert into care_dirty (store_id, customer_id)
  select distinct v.store_id, v.owner_id from come join vehicles v on v.store_id = come.store_id and v.id = come.vehicle_id where v.owner_id is not null;
  return null;
end $$;
create function care_touch_new_owners() returns trigger language plpgsql as $$
begin
  insert into care_dirty (store_id, customer_id) select distinct store_id, owner_id from come where owner_id is not null;
  return null;
end $$;
-- Row triggers for updates, so that `when` keeps them quiet unless an anchor or a condition changed.
create function care_touch_self() returns trigger language plpgsql as $$
begin
  insert into care_dirty (store_id, customer_id) values (new.store_id, new.id);
  return null;
end $$;
create function care_touch_both_owners() returns trigger language plpgsql as $$
begin
  insert into care_dirty (store_id, customer_id)
  select distinct new.store_id, owner from unnest(array[old.owner_id, new.owner_id]) as owner where owner is not null;
  return null;
end $$;
create function care_touch_its_customer() returns trigger language plpgsql as $$
begin
  insert into care_dirty (store_id, customer_id) values (new.store_id, new.customer_id);
  return null;
end $$;

create trigger care_vehicles_insert after insert on vehicles referencing new table as come for each statement execute function care_touch_new_owners();
create trigger care_vehicles_update after update on vehicles for each row
  when ((old.owner_id, old.status, old.delivered_on, old.sold_by_us, old.warranty_until, old.inspection_due_on, old.maintenance_due_on)
    is distinct from (new.owner_id, new.status, new.delivered_on, new.sold_by_us, new.warranty_until, new.inspection_due_on, new.maintenance_due_on))
  execute function care_touch_both_owners();
create trigger care_customers_update after update on customers for each row
  when ((old.status, old.birth_date, old.birth_calendar, old.consultant_id, old.advisor_id, old.is_difficult, old.last_contact_at, old.last_visit_on, old.verified_on, old.kind)
    is distinct from (new.status, new.birth_date, new.birth_calendar, new.consultant_id, new.advisor_id, new.is_difficult, new.last_contact_at, new.last_visit_on, new.verified_on, new.kind))
  execute function care_touch_self();
create trigger care_orders_insert after insert on orders referencing new table as come for each statement execute function care_touch_customers();
create trigger care_orders_update after update on orders for each row
  when ((old.delivered_on, old.delivered_at, old.consultant_id, old.vehicle_id, old.state) is distinct from (new.delivered_on, new.delivered_at, new.consultant_id, new.vehicle_id, new.state))
  execute function care_touch_its_customer();
create trigger care_visits_insert after insert on service_visits referencing new table as come for each statement execute function care_touch_customers();
create trigger care_visits_update after update on service_visits for each row
  when (new.customer_id is not null and (old.state, old.left_on, old.handed_back_at, old.settled_on, old.customer_id, old.vehicle_id, old.advisor_id, old.is_refund)
    is distinct from (new.state, new.left_on, new.handed_back_at, new.settled_on, new.customer_id, new.vehicle_id, new.advisor_id, new.is_refund))
  execute function care_touch_its_customer();
create trigger care_policies_insert after insert on insurance_policies referencing new table as come for each statement execute function care_touch_vehicle_owners();
create trigger care_policies_update after update on insurance_policies referencing new table as come for each statement execute function care_touch_vehicle_owners();
create trigger care_policies_delete after delete on insurance_policies referencing old table as come for each statement execute function care_touch_vehicle_owners();
create trigger care_consents_insert after insert on consents referencing new table as come for each statement execute function care_touch_customers();
create trigger care_complaints_insert after insert on complaints referencing new table as come for each statement execute function care_touch_customers();
create trigger care_complaints_update after update on complaints for each row when (old.status is distinct from new.status) execute function care_touch_its_customer();

alter table planner_runs
  add column kind text not null default 'daily' check (kind in ('daily', 'changes', 'full')),
  add column planned_to date;
comment on column planner_runs.planned_to is 'the day, not included, up to which the run opened occurrences';
create index planner_runs_finished on planner_runs (store_id, finished_at desc) where finished_at is not null;
comment on index planner_runs_finished is 'how far the planner has come';
