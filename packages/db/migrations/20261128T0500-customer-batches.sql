-- Changes of many customers at once, kept for as long as they can be taken back; what was done stays in the audit log.
create table customer_batches (
  store_id integer not null references stores,
  id uuid not null,
  staff_id uuid not null,
  at timestamptz not null,
  change jsonb not null,
  customer_ids uuid[] not null,
  before text[] not null,
  after text[] not null,
  undone_at timestamptz,
  primary key (store_id, id),
  foreign key (store_id, staff_id) references staff,
  check (cardinality(customer_ids) > 0 and cardinality(before) = cardinality(customer_ids) and cardinality(after) = cardinality(customer_ids))
);
comment on column customer_batches.change is 'the field, and the people or the flag asked for';
comment on column customer_batches.before is 'what stood in the field of each customer, in the order of customer_ids; so for after';
create index customer_batches_staff on customer_batches (store_id, staff_id, at desc);
comment on index customer_batches_staff is 'the last change somebody may take back; removal of a member of staff';
select baoke_isolate('customer_batches');
