-- Where a file stands with us: a death is its status; an owner who sold the car or uses it in another city is given up and stays on file.
alter table customers
  add column given_up boolean not null default false,
  add column standing_on date,
  add column standing_reason text check (standing_reason in ('car_sold', 'other_city', 'other')),
  add column standing_note text,
  add column standing_by uuid,
  add column standing_at timestamptz;
-- Nothing wrote a death before; should a store have entered one by hand, the day of its last change is the nearest known.
alter table customers no force row level security;
update customers set standing_on = updated_at::date, standing_at = updated_at where status = 'deceased';
alter table customers force row level security;
alter table customers
  add check (not given_up or status = 'active'),
  add check (not (given_up or status = 'deceased') or (standing_on is not null and standing_at is not null)),
  add check (not given_up or standing_reason is not null);
comment on column customers.given_up is 'no care is planned until he is seen again: a visit after standing_on ends it';
comment on column customers.standing_on is 'the day of the death, or from which he was given up';
comment on column customers.standing_at is 'when it was recorded; the tasks it cancelled were finished at that moment, by which they are found to be taken back';

create index customers_stopped on customers (store_id, name_pinyin, id) where status = 'deceased' or given_up;
comment on index customers_stopped is 'list of customers to whom no care goes, in the order of names';

drop trigger care_customers_update on customers;
create trigger care_customers_update after update on customers for each row
  when ((old.status, old.given_up, old.standing_on, old.birth_date, old.birth_calendar, old.consultant_id, old.advisor_id, old.is_difficult, old.last_contact_at, old.last_visit_on, old.verified_on, old.kind)
    is distinct from (new.status, new.given_up, new.standing_on, new.birth_date, new.birth_calendar, new.consultant_id, new.advisor_id, new.is_difficult, new.last_contact_at, new.last_visit_on, new.verified_on, new.kind))
  execute function care_touch_self();
