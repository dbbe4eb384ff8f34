-- What an import wrote, beside what stood there before: undoing it restores only what nobody has changed since.
alter table import_changes add column after jsonb;
comment on column import_changes.after is 'the columns as the import left them; null where the import made the row';
alter table import_changes alter column entity_id drop not null;
alter table import_changes add column key jsonb;
comment on column import_changes.key is 'key columns of a row without an id of its own';

alter table import_files add column created integer not null default 0;
alter table import_files add column updated integer not null default 0;
alter table import_files add column unchanged integer not null default 0;

alter table import_rows add column effect text check (effect in ('created', 'updated', 'unchanged'));
comment on column import_rows.effect is 'what an accepted row did to the records; null for refused rows and duplicates';
