-- Uploaded files wait for their import sealed by the key of the data folder, as ID numbers are, and not as they came.

alter table import_files add column sealed bytea;
comment on column import_files.sealed is 'the file as it was uploaded, sealed for its store, import and position; forgotten once it is imported, cancelled or a week old';
comment on column import_files.content is 'the same in plain, of files uploaded before; nothing is written here any more';
-- What is sealed cannot be made smaller.
alter table import_files alter column sealed set storage external;
create index import_files_held on import_files (store_id, import_id) where sealed is not null or content is not null;
comment on index import_files_held is 'uploads that are kept, for forgetting them in time';
