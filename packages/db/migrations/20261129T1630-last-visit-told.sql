-- The last visit is the latest of those on file and of the days that customer files have told. Without the told days apart, nothing could say what
-- is left of it when visits go with the import that brought them.
alter table customers add column last_visit_told date;
comment on column customers.last_visit_told is 'latest day on which a customer file says that he was here; last_visit_on is that day or his last visit on file, whichever is later. Null = no file has told one';
alter table vehicles add column last_visit_told date;
comment on column vehicles.last_visit_told is 'latest day on which a customer file says that it was here; last_visit_on is that day or its last visit on file, whichever is later. Null = no file has told one';

-- The whole of every store, whoever owns the tables. Of a day that visits on file bear out nothing says whether a file has told it too.
alter table customers no force row level security;
alter table vehicles no force row level security;
alter table service_visits no force row level security;
update customers c set last_visit_told = last_visit_on where last_visit_on is not null and imported is not null and not exists (
  select from service_visits v where v.store_id = c.store_id and v.customer_id = c.id and not v.is_refund and v.arrived_on >= c.last_visit_on);
update vehicles c set last_visit_told = last_visit_on where last_visit_on is not null and imported is not null and not exists (
  select from service_visits v where v.store_id = c.store_id and v.vehicle_id = c.id and not v.is_refund and v.arrived_on >= c.last_visit_on);
alter table service_visits force row level security;
alter table vehicles force row level security;
alter table customers force row level security;
