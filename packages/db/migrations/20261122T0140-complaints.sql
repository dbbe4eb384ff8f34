-- Complaints: the case, its append-only events, the promises it keeps, who was told.

create table complaints (
  store_id integer not null references stores,
  id uuid not null,
  number text not null,
  status text not null check (status in ('registered', 'responded', 'solved', 'closed', 'reopened')),
  source text not null,
  kind text not null,
  severity text not null check (severity in ('low', 'normal', 'high')),
  customer_id uuid not null,
  vehicle_id uuid,
  visit_id uuid,
  order_id uuid,
  content text not null check (content <> ''),
  department_id uuid not null,
  accused_id uuid,
  handler_id uuid not null,
  registered_at timestamptz not null,
  registered_by uuid not null,
  policy_version integer not null,
  response_minutes integer not null check (response_minutes > 0),
  close_minutes integer not null check (close_minutes > 0),
  business_hours boolean not null,
  response_due_at timestamptz not null,
  close_due_at timestamptz not null,
  responded_at timestamptz,
  responded_by uuid,
  response text,
  solved_at timestamptz,
  solved_by uuid,
  solution text,
  cause text,
  goodwill_fen bigint not null default 0 check (goodwill_fen >= 0),
  closed_at timestamptz,
  confirmed_by uuid,
  verdict text,
  reopened_count integer not null default 0,
  pause_state text not null default 'running' check (pause_state in ('running', 'requested', 'paused')),
  pause_reason text,
  pause_requested_at timestamptz,
  pause_requested_by uuid,
  paused_at timestamptz,
  pause_approved_by uuid,
  next_escalation_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (store_id, id),
  unique (store_id, number),
  foreign key (store_id, customer_id) references customers,
  foreign key (store_id, vehicle_id) references vehicles,
  foreign key (store_id, visit_id) references service_visits,
  foreign key (store_id, order_id) references orders,
  foreign key (store_id, department_id) references departments,
  foreign key (store_id, accused_id) references staff,
  foreign key (store_id, handler_id) references staff,
  check (accused_id is null or accused_id <> handler_id),
  check ((status = 'closed') = (closed_at is not null)),
  check (confirmed_by is null or confirmed_by <> solved_by)
);
comment on column complaints.response_due_at is 'frozen when promised; moves only by an approved pause';
comment on column complaints.next_escalation_at is 'when the escalation job looks again; null when nothing is left to escalate';
create index complaints_open on complaints (store_id, close_due_at, id) where status <> 'closed';
comment on index complaints_open is 'open complaints, most urgent first';
create index complaints_registered on complaints (store_id, registered_at desc, id desc);
comment on index complaints_registered is 'complaint list, newest first; statistics of a period';
create index complaints_customer on complaints (store_id, customer_id, registered_at desc);
comment on index complaints_customer is 'open and past complaints on the customer card';
create index complaints_escalation on complaints (store_id, next_escalation_at) where next_escalation_at is not null;
comment on index complaints_escalation is 'complaints due for escalation';
select baoke_isolate('complaints');

create table complaint_events (
  store_id integer not null references stores,
  id uuid not null,
  complaint_id uuid not null,
  kind text not null,
  at timestamptz not null,
  staff_id uuid,
  note text,
  details jsonb not null default '{}',
  primary key (store_id, id),
  foreign key (store_id, complaint_id) references complaints
);
create index complaint_events_complaint on complaint_events (store_id, complaint_id, at, id);
comment on index complaint_events_complaint is 'history of a complaint; recomputing the SLA report';
select baoke_isolate('complaint_events');

create table complaint_escalations (
  store_id integer not null references stores,
  complaint_id uuid not null,
  promise text not null check (promise in ('response', 'close')),
  percent smallint not null check (percent > 0),
  due_at timestamptz not null,
  at timestamptz not null,
  level text not null,
  primary key (store_id, complaint_id, promise, percent),
  foreign key (store_id, complaint_id) references complaints
);
comment on table complaint_escalations is 'the key makes each step happen exactly once';
select baoke_isolate('complaint_escalations');

create table complaint_counters (
  store_id integer not null references stores,
  day date not null,
  last integer not null,
  primary key (store_id, day)
);
comment on table complaint_counters is 'running number of the day for the complaint''s number';
select baoke_isolate('complaint_counters');
