-- A recorded result can be taken back. Its contact stays on record, marked, and counts as a contact no more; what it changed beside itself is
-- kept with it, so that all of that goes back.
alter table contacts
  add column undo jsonb,
  add column taken_back_at timestamptz,
  add column taken_back_by uuid,
  add check ((taken_back_at is null) = (taken_back_by is null)),
  add foreign key (store_id, taken_back_by) references staff;
comment on column contacts.undo is 'what the result of a task changed, for taking it back: the version it left, the task before it, number, verification, file; null where it was no result of a task';
comment on column contacts.taken_back_at is 'set: the result was recorded by mistake and counts nowhere';
comment on column contacts.complaint_id is 'the complaint that was registered with the result';

-- The ledger is never edited: where nothing had been said before a withdrawal that was recorded by mistake, a further entry says so.
alter table consents alter column granted drop not null;
comment on column consents.granted is 'null: nothing has been said; a withdrawal recorded by mistake was taken back';
