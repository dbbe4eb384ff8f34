-- On what ground the people of a file are kept: recorded once for the file, instead of a row of consent for each of them.
alter table import_files add column basis text check (basis in ('contract'));
comment on column import_files.basis is 'contract: the store''s contracts of sale and service with the people of the file, and the consents it holds on paper; no marketing consent comes with it. Null until the file is written';
alter table import_files add column id_numbers integer not null default 0 check (id_numbers >= 0);
comment on column import_files.id_numbers is 'ID numbers kept, encrypted, on that basis';
