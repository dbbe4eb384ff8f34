-- How many calls each person has on each day, and each role, is counted from the index of my day alone: what a call is, and until when it can wait,
-- stand in it beside the day it shows.

drop index tasks_my_day;
create index tasks_my_day on tasks (store_id, assignee_id, urgency, due_at, priority, id) include (show_at, role, channel, kind, lapses_at)
  where status = 'open';
comment on index tasks_my_day is 'my day: open tasks of a person, most urgent first; the calls of each person, role and day, for the daily cap';
