-- Lists of open complaints stand in the order of urgency. A column, not an expression: only the plain comparison of a column reaches an index ahead of the row policy.
alter table complaints add column presses_at timestamptz not null generated always as (
  greatest(case when status = 'registered' then response_due_at else close_due_at end, case when pause_state = 'paused' then pause_until end)) stored;
comment on column complaints.presses_at is 'by when it wants somebody: its pressing promise is due, not before its clock runs on';
create index complaints_pressing on complaints (store_id, presses_at, id) where status <> 'closed';
comment on index complaints_pressing is 'open complaints in the order of urgency';
