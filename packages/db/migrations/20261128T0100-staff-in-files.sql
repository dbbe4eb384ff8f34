-- Files name people as the old system did. Whoever works here under another name is told once who that is; the next file knows it.
create table staff_aliases (
  store_id integer not null references stores,
  name text not null check (name <> ''),
  staff_id uuid not null,
  primary key (store_id, name),
  foreign key (store_id, staff_id) references staff
);
comment on table staff_aliases is 'names in imported files of people who have a sign-in under another name';
select baoke_isolate('staff_aliases');
create index staff_aliases_staff on staff_aliases (store_id, staff_id);
comment on index staff_aliases_staff is 'removal of a member of staff';

alter table imports add column new_staff jsonb not null default '[]';
comment on column imports.new_staff is 'people the import has made up, or would make up, from names in its files: [{name, role}]';
