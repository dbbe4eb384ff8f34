-- What the application role may do. It owns nothing, bypasses nothing, and cannot rewrite history.
grant usage on schema public to baoke_app;
grant select, insert, update, delete on all tables in schema public to baoke_app;
grant usage, select on all sequences in schema public to baoke_app;
alter default privileges in schema public grant select, insert, update, delete on tables to baoke_app;
alter default privileges in schema public grant usage, select on sequences to baoke_app;
revoke update, delete on audit_entries, audit_seals, complaint_events, complaint_escalations, consents from baoke_app;
