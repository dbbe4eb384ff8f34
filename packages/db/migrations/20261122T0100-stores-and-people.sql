-- Groups, stores, departments, staff, accounts, sessions, keys: who may enter and where he works.

-- Makes a table belong to stores: forced row-level security by the store of the transaction.
-- The setting is read once per statement (scalar sub-select) and an unset or emptied one finds nothing.
create function baoke_isolate(target regclass, also text default null) returns void language plpgsql as $$
declare
  rule text := 'store_id = (select nullif(current_setting(''baoke.store_id'', true), '''')::integer)';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy store_isolation on %s using (%s%s) with check (%s)', target, rule, coalesce(' or ' || also, ''), rule);
end $$;

create table groups (
  id integer generated always as identity primary key,
  code text not null unique check (code <> ''),
  name text not null check (name <> ''),
  created_at timestamptz not null default now()
);

create table stores (
  id integer generated always as identity primary key,
  group_id integer not null references groups,
  code text not null unique check (code <> ''),
  name text not null check (name <> ''),
  time_zone text not null default 'Asia/Shanghai',
  plate_province text not null default '苏' check (char_length(plate_province) = 1),
  area_code text not null default '0512',
  brand text,
  created_at timestamptz not null default now()
);
comment on column stores.plate_province is 'sign put before a plate that came without one';

create table accounts (
  id uuid primary key,
  group_id integer not null references groups,
  username text not null unique check (username = lower(username) and username <> ''),
  password_hash text not null,
  locale text not null default 'zh' check (locale in ('zh', 'en')),
  status text not null default 'active' check (status in ('active', 'disabled')),
  totp_secret text,
  must_change_password boolean not null default false,
  failed_attempts integer not null default 0,
  locked_until timestamptz,
  password_changed_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);

create table sessions (
  token_hash bytea primary key,
  account_id uuid not null references accounts on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  ip text,
  user_agent text
);
create index sessions_account on sessions (account_id, last_seen_at desc);
comment on index sessions_account is 'list and revoke the sessions of an account';

create table departments (
  store_id integer not null references stores,
  id uuid not null,
  kind text not null check (kind in ('sales', 'service', 'customer_care', 'finance', 'parts', 'management')),
  name text not null check (name <> ''),
  primary key (store_id, id)
);
select baoke_isolate('departments');

create table staff (
  store_id integer not null references stores,
  id uuid not null,
  account_id uuid references accounts,
  name text not null check (name <> ''),
  role text not null,
  department_id uuid,
  team text,
  phone text,
  status text not null default 'active' check (status in ('active', 'left')),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (store_id, id),
  foreign key (store_id, department_id) references departments
);
comment on column staff.account_id is 'null for people who are only named in imported files';
create unique index staff_account on staff (store_id, account_id);
comment on index staff_account is 'one membership of an account per store; sign-in finds the stores of an account';
create index staff_by_account on staff (account_id) where account_id is not null;
comment on index staff_by_account is 'stores an account belongs to';
create unique index staff_imported_name on staff (store_id, name) where account_id is null;
comment on index staff_imported_name is 'staff named in files are found again by their name';
select baoke_isolate('staff', 'account_id = (select nullif(current_setting(''baoke.account_id'', true), '''')::uuid)');

create table api_keys (
  store_id integer not null references stores,
  id uuid not null,
  name text not null check (name <> ''),
  key_hash bytea not null unique,
  prefix text not null,
  scopes text[] not null,
  staff_id uuid not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (store_id, id),
  foreign key (store_id, staff_id) references staff
);
comment on column api_keys.staff_id is 'author of what the key writes';
comment on column api_keys.scopes is 'capability:action pairs, such as customers:view';
select baoke_isolate('api_keys', 'key_hash = (select decode(nullif(current_setting(''baoke.credential'', true), ''''), ''hex''))');

create table right_overrides (
  store_id integer not null references stores,
  role text not null,
  capability text not null,
  action text not null check (action in ('view', 'edit', 'decide', 'export')),
  scope text not null check (scope in ('none', 'own', 'team', 'store', 'group')),
  updated_by uuid,
  updated_at timestamptz not null default now(),
  primary key (store_id, role, capability, action)
);
comment on table right_overrides is 'where a store differs from the shipped default rights';
select baoke_isolate('right_overrides');

create table policies (
  store_id integer not null references stores,
  capability text not null,
  version integer not null,
  value jsonb not null,
  created_at timestamptz not null default now(),
  created_by uuid,
  primary key (store_id, capability, version)
);
comment on table policies is 'the numbers a store may change, every version kept; the highest version rules, none means the shipped preset';
select baoke_isolate('policies');

create table calendar_days (
  store_id integer not null references stores,
  day date not null,
  open boolean not null,
  name text,
  primary key (store_id, day)
);
select baoke_isolate('calendar_days');

create table preferences (
  store_id integer not null references stores,
  staff_id uuid not null,
  key text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (store_id, staff_id, key)
);
select baoke_isolate('preferences');

create table saved_views (
  store_id integer not null references stores,
  id uuid not null,
  page text not null,
  name text not null check (name <> ''),
  staff_id uuid not null,
  shared boolean not null default false,
  state jsonb not null,
  created_at timestamptz not null default now(),
  version integer not null default 1,
  primary key (store_id, id)
);
create index saved_views_page on saved_views (store_id, page);
comment on index saved_views_page is 'the views of a page that a person sees';
select baoke_isolate('saved_views');
