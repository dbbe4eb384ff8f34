-- Nothing starts an occasion yet (weather, an event, a new model): rules that wait for one are off until something does, and do not look at work.
alter table care_rules no force row level security;
update care_rules set active = false, switched_on_at = null, updated_at = now(), version = version + 1
where active and value ->> 'anchor' = 'occasion';
alter table care_rules force row level security;
