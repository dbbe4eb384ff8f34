-- A report of a period asks for what was due in it, however long before it opened.
create index tasks_rule_due on tasks (store_id, rule_key, due_at, not_before_on) where rule_key is not null;
comment on index tasks_rule_due is 'what of a rule, or of all, was due in a period: callback statistics, care execution';
