-- The customer file and the vehicle file (spec 01).

create table customers (
  store_id integer not null references stores,
  id uuid not null,
  kind text not null check (kind in ('person', 'company')),
  name text not null check (name <> ''),
  name_pinyin text not null,
  gender text check (gender in ('male', 'female')),
  birth_date date,
  birth_calendar text check (birth_calendar in ('solar', 'lunar')),
  id_document text check (id_document in ('id_card', 'passport', 'organisation_code', 'other')),
  id_number_cipher bytea,
  id_number_index bytea,
  id_number_tail text,
  email text,
  wechat_id text,
  province text,
  city text,
  district text,
  address text,
  postcode text check (postcode ~ '^\d{6}$'),
  occupation text,
  employer text,
  job_title text,
  preferred_contact_time text,
  preferred_channel text,
  source text,
  consultant_id uuid,
  advisor_id uuid,
  is_fleet boolean not null default false,
  is_vip boolean not null default false,
  is_difficult boolean not null default false,
  difficult_reason text,
  flagged_by uuid,
  flagged_at timestamptz,
  is_store_itself boolean not null default false,
  status text not null default 'active' check (status in ('active', 'merged', 'anonymised', 'deceased')),
  merged_into uuid,
  reachable boolean not null default true,
  external_id text,
  remark text,
  first_delivered_on date,
  last_visit_on date,
  last_contact_at timestamptz,
  verified_on date,
  imported jsonb,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  primary key (store_id, id),
  foreign key (store_id, consultant_id) references staff,
  foreign key (store_id, advisor_id) references staff,
  check (not is_difficult or difficult_reason is not null),
  check ((status = 'merged') = (merged_into is not null))
) with (fillfactor = 85);
comment on column customers.name_pinyin is 'sort key: syllables of the name, surname reading, lower case; the name itself where it has no Chinese sign';
comment on column customers.imported is 'last imported value per field: an import overwrites only what still equals it';
comment on column customers.reachable is 'false once every number was found wrong; with the vehicles it decides who is a valid owner';
create index customers_name on customers (store_id, name_pinyin, id) where status = 'active';
comment on index customers_name is 'customer list in the order of names';
create index customers_created on customers (store_id, created_at, id);
comment on index customers_created is 'customer list, newest first; createdAfter';
create index customers_updated on customers (store_id, updated_at, id);
comment on index customers_updated is 'updatedAfter of integrators';
create index customers_consultant on customers (store_id, consultant_id, name_pinyin, id) where status = 'active';
comment on index customers_consultant is 'customers of a consultant, in the order of names';
create index customers_advisor on customers (store_id, advisor_id, name_pinyin, id) where status = 'active';
comment on index customers_advisor is 'customers of an advisor, in the order of names';
create index customers_last_visit on customers (store_id, last_visit_on, id) where status = 'active';
comment on index customers_last_visit is 'at risk and lost owners; list sorted by last visit';
create unique index customers_external on customers (store_id, external_id) where external_id is not null;
comment on index customers_external is 'upsert by external id';
create index customers_id_number on customers (store_id, id_number_index) where id_number_index is not null;
comment on index customers_id_number is 'duplicate check by ID number';
create index customers_birthday on customers (store_id, (extract(month from birth_date)), (extract(day from birth_date))) where birth_date is not null;
comment on index customers_birthday is 'birthdays of a day for the care planner';
select baoke_isolate('customers');

create table customer_phones (
  store_id integer not null references stores,
  customer_id uuid not null,
  e164 text not null check (e164 ~ '^\+\d{6,15}$'),
  rank smallint not null check (rank >= 1),
  kind text not null check (kind in ('mobile', 'landline')),
  valid boolean not null default true,
  primary key (store_id, customer_id, e164),
  foreign key (store_id, customer_id) references customers
);
comment on column customer_phones.rank is '1 is the primary number';
create index customer_phones_number on customer_phones (store_id, e164);
comment on index customer_phones_number is 'who is calling; duplicate check; never a key, families share a phone';
select baoke_isolate('customer_phones');

create table contact_persons (
  store_id integer not null references stores,
  id uuid not null,
  customer_id uuid not null,
  name text not null check (name <> ''),
  purchase_role text,
  phone text,
  remark text,
  version integer not null default 1,
  primary key (store_id, id),
  foreign key (store_id, customer_id) references customers
);
create index contact_persons_customer on contact_persons (store_id, customer_id);
comment on index contact_persons_customer is 'people of a company on its card';
select baoke_isolate('contact_persons');

create table consents (
  store_id integer not null references stores,
  id uuid not null,
  customer_id uuid not null,
  purpose text not null check (purpose in ('service', 'marketing', 'survey', 'sharing')),
  channel text not null check (channel in ('phone', 'sms', 'wechat', 'email', 'post')),
  granted boolean not null,
  source text not null,
  evidence text,
  at timestamptz not null,
  staff_id uuid,
  primary key (store_id, id),
  foreign key (store_id, customer_id) references customers
);
comment on table consents is 'append-only ledger; the latest row per purpose and channel rules, none means none';
create index consents_customer on consents (store_id, customer_id, purpose, channel, at desc);
comment on index consents_customer is 'consent in force for a customer';
select baoke_isolate('consents');

create table observations (
  store_id integer not null references stores,
  id uuid not null,
  customer_id uuid not null,
  staff_id uuid not null,
  point text,
  content text not null check (content <> ''),
  at timestamptz not null,
  primary key (store_id, id),
  foreign key (store_id, customer_id) references customers,
  foreign key (store_id, staff_id) references staff
);
create index observations_customer on observations (store_id, customer_id, at desc);
comment on index observations_customer is 'observations on the time line';
select baoke_isolate('observations');

create table vehicles (
  store_id integer not null references stores,
  id uuid not null,
  vin text check (vin ~ '^[A-HJ-NPR-Z0-9]{17}$'),
  vin_check text not null default 'unchecked' check (vin_check in ('valid', 'wrong', 'none', 'unchecked')),
  plate text check (plate <> ''),
  engine_no text,
  brand text,
  model text,
  configuration text,
  transmission text check (transmission in ('manual', 'automatic')),
  colour text,
  plated_on date,
  purchased_on date,
  sold_by_us boolean not null default false,
  delivered_on date,
  first_service_on date,
  first_service_km integer check (first_service_km >= 0),
  warranty_until date,
  warranty_km integer check (warranty_km >= 0),
  inspection_due_on date,
  next_service_on date,
  next_service_km integer check (next_service_km >= 0),
  last_visit_on date,
  last_mileage_km integer check (last_mileage_km >= 0),
  last_mileage_on date,
  metres_per_day integer check (metres_per_day >= 0),
  status text not null default 'in_use' check (status in ('in_use', 'transferred', 'scrapped', 'moved_away')),
  owner_id uuid,
  remark text,
  external_id text,
  imported jsonb,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  primary key (store_id, id),
  foreign key (store_id, owner_id) references customers
) with (fillfactor = 85);
comment on column vehicles.vin_check is 'none: the maker''s country has no check digit; wrong: kept on somebody''s word';
comment on column vehicles.metres_per_day is 'estimated from mileage readings, for maintenance due by mileage';
comment on column vehicles.owner_id is 'present owner, the open period of ownerships';
create unique index vehicles_vin on vehicles (store_id, vin) where vin is not null;
comment on index vehicles_vin is 'a VIN is one vehicle; find by VIN';
create index vehicles_plate on vehicles (store_id, plate) where plate is not null;
comment on index vehicles_plate is 'find by plate at the gate';
create index vehicles_owner on vehicles (store_id, owner_id) where owner_id is not null;
comment on index vehicles_owner is 'vehicles on the customer card';
create index vehicles_next_service on vehicles (store_id, next_service_on) where next_service_on is not null;
comment on index vehicles_next_service is 'maintenance due, care planner';
create index vehicles_warranty on vehicles (store_id, warranty_until) where warranty_until is not null;
comment on index vehicles_warranty is 'warranty ending, care planner';
create index vehicles_inspection on vehicles (store_id, inspection_due_on) where inspection_due_on is not null;
comment on index vehicles_inspection is 'annual inspection due, care planner';
create index vehicles_delivered on vehicles (store_id, delivered_on) where delivered_on is not null;
comment on index vehicles_delivered is 'deliveries and purchase anniversaries, care planner';
select baoke_isolate('vehicles');

create table plate_periods (
  store_id integer not null references stores,
  vehicle_id uuid not null,
  plate text not null,
  from_on date not null,
  to_on date,
  primary key (store_id, vehicle_id, plate, from_on),
  foreign key (store_id, vehicle_id) references vehicles,
  check (to_on is null or to_on >= from_on)
);
select baoke_isolate('plate_periods');

create table ownerships (
  store_id integer not null references stores,
  vehicle_id uuid not null,
  customer_id uuid not null,
  role text not null default 'owner' check (role in ('owner', 'user', 'payer')),
  from_on date,
  to_on date,
  primary key (store_id, vehicle_id, customer_id, role),
  foreign key (store_id, vehicle_id) references vehicles,
  foreign key (store_id, customer_id) references customers,
  check (to_on is null or from_on is null or to_on >= from_on)
);
comment on column ownerships.from_on is 'null: since before the file was opened';
create index ownerships_customer on ownerships (store_id, customer_id);
comment on index ownerships_customer is 'vehicles of a customer, past ones included';
select baoke_isolate('ownerships');

create table mileage_readings (
  store_id integer not null references stores,
  vehicle_id uuid not null,
  read_on date not null,
  mileage_km integer not null check (mileage_km >= 0),
  source text not null check (source in ('visit', 'call', 'import', 'delivery')),
  doubtful boolean not null default false,
  primary key (store_id, vehicle_id, read_on, mileage_km),
  foreign key (store_id, vehicle_id) references vehicles
);
comment on column mileage_readings.doubtful is 'lower than an earlier reading';
select baoke_isolate('mileage_readings');

create table insurance_policies (
  store_id integer not null references stores,
  id uuid not null,
  vehicle_id uuid not null,
  kind text not null check (kind in ('commercial', 'compulsory')),
  insurer text,
  expires_on date not null,
  primary key (store_id, id),
  unique (store_id, vehicle_id, kind, expires_on),
  foreign key (store_id, vehicle_id) references vehicles
);
create index insurance_policies_expiry on insurance_policies (store_id, expires_on);
comment on index insurance_policies_expiry is 'renewals due, care planner';
select baoke_isolate('insurance_policies');

create table search_tokens (
  store_id integer not null references stores,
  token text collate "C" not null,
  customer_id uuid not null,
  primary key (store_id, token, customer_id),
  foreign key (store_id, customer_id) references customers
);
comment on table search_tokens is 'pieces of names, pinyin, phones, plates and VINs; asked by equality or prefix range, the only operators that reach an index ahead of the policy';
create index search_tokens_customer on search_tokens (store_id, customer_id);
comment on index search_tokens_customer is 'rewrite the tokens of a customer';
select baoke_isolate('search_tokens');
