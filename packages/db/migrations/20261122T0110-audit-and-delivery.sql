-- What every write leaves behind: the audit chain, the answer for a repeated key, live events, notices.

create table audit_entries (
  store_id integer not null references stores,
  id uuid not null,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('staff', 'api_key', 'system')),
  actor_id uuid,
  actor_name text not null,
  action text not null,
  entity text not null,
  entity_id text not null,
  before jsonb,
  after jsonb,
  request_id text,
  ip text,
  primary key (store_id, id)
);
create index audit_entries_entity on audit_entries (store_id, entity, entity_id, at desc);
comment on index audit_entries_entity is 'history of one record';
create index audit_entries_at on audit_entries (store_id, at, id);
comment on index audit_entries_at is 'audit log page; the sealing job finds the unsealed tail';
select baoke_isolate('audit_entries');

create table audit_seals (
  store_id integer not null references stores,
  seq bigint not null check (seq > 0),
  entry_id uuid not null,
  hash bytea not null,
  primary key (store_id, seq),
  unique (store_id, entry_id),
  foreign key (store_id, entry_id) references audit_entries
);
comment on table audit_seals is 'hash chain over the entries of a store, in sealing order: hash = sha256(previous hash, entry)';
select baoke_isolate('audit_seals');

create table idempotency_keys (
  store_id integer not null references stores,
  principal text not null,
  key text not null check (char_length(key) between 1 and 255),
  procedure text not null,
  request_hash bytea not null,
  response text,
  created_at timestamptz not null default now(),
  primary key (store_id, principal, key)
);
comment on column idempotency_keys.response is 'the answer as JSON text, byte for byte what the first caller got';
comment on table idempotency_keys is 'written in the transaction of the effect: the row exists exactly when the effect does';
create index idempotency_keys_age on idempotency_keys (store_id, created_at);
comment on index idempotency_keys_age is 'drop keys after seven days';
select baoke_isolate('idempotency_keys');

create table live_events (
  store_id integer not null references stores,
  id bigint generated always as identity,
  at timestamptz not null default now(),
  topic text not null,
  entity_id text,
  primary key (store_id, id)
);
create index live_events_at on live_events (at);
comment on index live_events_at is 'drop events after an hour';
select baoke_isolate('live_events');

create table notices (
  store_id integer not null references stores,
  id uuid not null,
  staff_id uuid not null,
  kind text not null,
  params jsonb not null default '{}',
  entity text,
  entity_id text,
  created_at timestamptz not null,
  read_at timestamptz,
  primary key (store_id, id),
  foreign key (store_id, staff_id) references staff
);
create index notices_unread on notices (store_id, staff_id, created_at desc);
comment on index notices_unread is 'the bell of a person';
select baoke_isolate('notices');
