-- A pause of a complaint's clock ends by itself. Of the pauses there are nobody knows a limit: theirs counts from now, as long as the shipped policy allows.
alter table complaints add column pause_until timestamptz;
comment on column complaints.pause_until is 'when the clock runs on by itself; of a request the end asked for, null while the clock runs';
alter table complaints no force row level security;
update complaints set pause_until = now() + interval '72 hours',
  next_escalation_at = case when pause_state = 'paused' then now() + interval '72 hours' else next_escalation_at end
where pause_state <> 'running';
alter table complaints force row level security;
comment on column complaints.next_escalation_at is 'when the job looks at its clock again: the next step up the ladder, or the end of a pause';
