-- What integrators keep in step with: ids of other systems, and what changed since they last asked.

create table customer_external_ids (
  store_id integer not null references stores,
  source text not null check (source ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
  external_id text not null check (external_id <> ''),
  customer_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (store_id, source, external_id),
  foreign key (store_id, customer_id) references customers on delete cascade
);
comment on table customer_external_ids is 'how other systems call our customers; the code of the dealer system that files are imported from stands in customers.external_id';
create index customer_external_ids_customer on customer_external_ids (store_id, customer_id);
comment on index customer_external_ids_customer is 'external ids beside a changed customer';
select baoke_isolate('customer_external_ids');

create index vehicles_updated on vehicles (store_id, updated_at, id);
comment on index vehicles_updated is 'updatedAfter of integrators';
create index service_visits_updated on service_visits (store_id, updated_at, id);
comment on index service_visits_updated is 'updatedAfter of integrators';
create index complaints_updated on complaints (store_id, updated_at, id);
comment on index complaints_updated is 'updatedAfter of integrators';
