-- After many rows at once the planner knows nothing of them until autovacuum comes round, a minute later: reports opened in that minute
-- would be planned for empty tables. The application role owns no table, so this runs as their owner; it takes nothing and tells nothing.
create function baoke_refresh_statistics() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze customers, customer_phones, vehicles, ownerships, mileage_readings, insurance_policies, search_tokens, service_visits, service_day_counts,
    orders, leads, tasks, contacts, complaints, consents;
end $$;
revoke all on function baoke_refresh_statistics() from public;
grant execute on function baoke_refresh_statistics() to baoke_app;
comment on function baoke_refresh_statistics() is 'after a load or an import: plans that know the new rows';
