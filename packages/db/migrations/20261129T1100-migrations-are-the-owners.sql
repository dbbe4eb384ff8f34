-- Which migrations have run is for the owner to say: who serves requests could otherwise have one run again, or never. He may read it.
revoke insert, update, delete, truncate on kysely_migration, kysely_migration_lock from baoke_app;
