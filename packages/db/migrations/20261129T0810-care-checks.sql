-- What the planner finds and nobody is asked to do: owners with too few contacts in their year, who are listed to the manager.
create table care_checks (
  store_id integer not null references stores,
  occurrence_key text not null,
  rule_key text not null,
  customer_id uuid not null,
  seen_on date not null,
  due_on date not null,
  reason jsonb not null,
  primary key (store_id, occurrence_key),
  foreign key (store_id, customer_id) references customers,
  check (seen_on <= due_on)
);
comment on table care_checks is 'occurrences of rules that are only listed, as the planner last found them';
comment on column care_checks.seen_on is 'the day from which it is listed; due_on is the last one';
create index care_checks_customer on care_checks (store_id, customer_id, due_on, seen_on);
comment on index care_checks_customer is 'customers that stand on the list, along the order of the customer list; those of customers planned anew';
create index care_checks_due on care_checks (store_id, due_on, seen_on, customer_id);
comment on index care_checks_due is 'how many stand on the list; removal of those whose last day is over';
select baoke_isolate('care_checks');

-- Whoever has such a rule on gets his list with the next run, which looks at everybody after a rule was touched.
alter table care_rules no force row level security;
update care_rules set updated_at = now() where active and value ->> 'outcome' = 'check';
alter table care_rules force row level security;
