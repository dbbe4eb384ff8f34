-- What the customer file needs beside its tables: who may open ID numbers, and the queries of lists and searches.

create table key_fingerprints (
  store_id integer not null references stores,
  name text not null,
  fingerprint bytea not null,
  created_at timestamptz not null default now(),
  primary key (store_id, name)
);
comment on table key_fingerprints is 'which key file encrypted what stands here: another one is refused before it writes anything nobody could read';
select baoke_isolate('key_fingerprints');
grant select, insert on key_fingerprints to baoke_app;
revoke update, delete on key_fingerprints from baoke_app;

create index customers_author on customers (store_id, created_by) where created_by is not null;
comment on index customers_author is 'files a person opened: part of what is his own';
create index customers_flagged on customers (store_id, name_pinyin, id) where status = 'active' and (is_fleet or is_vip or is_difficult);
comment on index customers_flagged is 'list of fleet, VIP or difficult customers in the order of names';
create index service_visits_advisor on service_visits (store_id, advisor_id, arrived_on, id) where advisor_id is not null;
comment on index service_visits_advisor is 'visits of an advisor, latest first';
