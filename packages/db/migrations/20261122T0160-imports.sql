-- Imports: files, what became of each row, and the journal that serves cancel, undo and resume.

create table imports (
  store_id integer not null references stores,
  id uuid not null,
  status text not null check (status in ('uploaded', 'running', 'done', 'failed', 'cancelled', 'undone')),
  mode text not null check (mode in ('create', 'upsert', 'update')),
  dry_run boolean not null default false,
  cancel_requested boolean not null default false,
  progress jsonb not null default '{}',
  failure text,
  created_by uuid,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  version integer not null default 1,
  primary key (store_id, id)
);
create index imports_created on imports (store_id, created_at desc);
comment on index imports_created is 'history of imports';
select baoke_isolate('imports');

create table import_files (
  store_id integer not null references stores,
  import_id uuid not null,
  position smallint not null,
  name text not null,
  kind text check (kind in ('customers', 'sales', 'service', 'leads')),
  bytes integer not null,
  sha256 bytea not null,
  content bytea,
  encoding text,
  mapping jsonb,
  counts jsonb not null default '{}',
  rows_done integer not null default 0,
  primary key (store_id, import_id, position),
  foreign key (store_id, import_id) references imports
);
select baoke_isolate('import_files');

create table import_rows (
  store_id integer not null references stores,
  import_id uuid not null,
  position smallint not null,
  row_no integer not null,
  outcome text not null check (outcome in ('clean', 'recovered', 'warned', 'duplicate', 'rejected')),
  findings jsonb,
  raw jsonb,
  primary key (store_id, import_id, position, row_no),
  foreign key (store_id, import_id, position) references import_files
);
comment on column import_rows.raw is 'the cells as they stood, kept for rejected and warned rows only';
select baoke_isolate('import_rows');

create table import_changes (
  store_id integer not null references stores,
  import_id uuid not null,
  seq bigint not null,
  entity text not null,
  entity_id uuid not null,
  before jsonb,
  primary key (store_id, import_id, seq),
  foreign key (store_id, import_id) references imports
);
comment on column import_changes.before is 'the row before the import; null where the import made it';
select baoke_isolate('import_changes');

create table import_mappings (
  store_id integer not null references stores,
  kind text not null,
  fingerprint text not null,
  mapping jsonb not null,
  updated_by uuid,
  updated_at timestamptz not null default now(),
  primary key (store_id, kind, fingerprint)
);
comment on table import_mappings is 'a corrected mapping is remembered for files with the same headers';
select baoke_isolate('import_mappings');
