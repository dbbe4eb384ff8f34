-- Notices also go by mail to whoever has an address and wants it.
alter table staff add column email text check (email ~ '^[^@\s]+@[^@\s]+$');
alter table notices add column mailed_at timestamptz;
comment on column notices.mailed_at is 'when the mail server took it; null: not asked for, or not yet';
