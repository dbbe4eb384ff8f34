-- Care rules, the tasks they plan, and what the planner did.

create table care_rules (
  store_id integer not null references stores,
  key text not null,
  value jsonb not null,
  active boolean not null,
  switched_on_at timestamptz,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  primary key (store_id, key)
);
select baoke_isolate('care_rules');

create table tasks (
  store_id integer not null references stores,
  id uuid not null,
  kind text not null,
  status text not null check (status in ('open', 'done', 'skipped', 'missed', 'cancelled')),
  occurrence_key text,
  rule_key text,
  customer_id uuid not null,
  vehicle_id uuid,
  visit_id uuid,
  order_id uuid,
  complaint_id uuid,
  assignee_id uuid,
  role text not null,
  channel text not null,
  purpose text not null check (purpose in ('service', 'marketing')),
  priority smallint not null,
  anchor_on date,
  not_before_on date not null,
  due_at timestamptz not null,
  lapses_at timestamptz,
  reason jsonb not null default '{}',
  attempts smallint not null default 0,
  next_try_at timestamptz,
  outcome text,
  outcome_note text,
  finished_at timestamptz,
  finished_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version integer not null default 1,
  primary key (store_id, id),
  foreign key (store_id, customer_id) references customers,
  foreign key (store_id, vehicle_id) references vehicles,
  foreign key (store_id, assignee_id) references staff
) with (fillfactor = 85);
comment on column tasks.occurrence_key is 'rule, subject and anchor: one occurrence is one task, however often it is planned';
create unique index tasks_occurrence on tasks (store_id, occurrence_key) where occurrence_key is not null;
comment on index tasks_occurrence is 'one occurrence, one task';
create index tasks_my_day on tasks (store_id, assignee_id, priority, due_at, id) where status = 'open';
comment on index tasks_my_day is 'my day: open tasks of a person, most urgent first';
create index tasks_role_queue on tasks (store_id, role, priority, due_at, id) where status = 'open';
comment on index tasks_role_queue is 'queue of a role: tasks of people without an account, of nobody, of the team';
create index tasks_customer on tasks (store_id, customer_id, status, due_at);
comment on index tasks_customer is 'open tasks on the customer card';
create index tasks_due on tasks (store_id, due_at) where status = 'open';
comment on index tasks_due is 'overdue and lapsing tasks';
create index tasks_finished on tasks (store_id, finished_at) where finished_at is not null;
comment on index tasks_finished is 'care execution of a period';
select baoke_isolate('tasks');

create table care_suppressions (
  store_id integer not null references stores,
  occurrence_key text not null,
  rule_key text not null,
  customer_id uuid not null,
  reason text not null,
  at timestamptz not null,
  primary key (store_id, occurrence_key, reason)
);
select baoke_isolate('care_suppressions');

create table care_dirty (
  store_id integer not null references stores,
  customer_id uuid not null,
  since timestamptz not null default now(),
  primary key (store_id, customer_id)
);
comment on table care_dirty is 'customers with a moved anchor, to be planned afresh by the next run';
select baoke_isolate('care_dirty');

create table planner_runs (
  store_id integer not null references stores,
  id uuid not null,
  planned_on date not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  counts jsonb,
  primary key (store_id, id)
);
create index planner_runs_day on planner_runs (store_id, planned_on desc, started_at desc);
comment on index planner_runs_day is 'the day the planner has come to';
select baoke_isolate('planner_runs');
