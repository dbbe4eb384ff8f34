-- The second step of sign-in: a secret of the account, sealed by the key file, and codes for the day the phone is lost.

-- Never written: a secret is not kept in the clear.
alter table accounts drop column totp_secret;
alter table accounts add column totp_cipher bytea;
alter table accounts add column totp_confirmed_at timestamptz;
alter table accounts add column totp_last_step integer;
alter table accounts add constraint accounts_totp check (totp_confirmed_at is null or (totp_cipher is not null and totp_last_step is not null));
comment on column accounts.totp_cipher is 'the secret shared with the authenticator app, sealed for this account; asked for at sign-in once confirmed';
comment on column accounts.totp_last_step is 'the time step of the last code used: a code and those before it open nothing any more';

create table recovery_codes (
  account_id uuid not null references accounts on delete cascade,
  code_hash bytea not null,
  primary key (account_id, code_hash)
);
comment on table recovery_codes is 'codes that stand in for the authenticator app, each once: the row goes with its use';

-- Accounts of a demo store are no secret, and its sign-ins keep working: a store loaded before this migration asks for no second step either.
do $$
declare
  demo integer;
begin
  for demo in select id from stores where code = 'demo' loop
    perform set_config('baoke.store_id', demo::text, true);
    insert into policies (store_id, capability, version, value) values (demo, 'security', 1, '{"secondStepRoles": []}') on conflict do nothing;
  end loop;
  perform set_config('baoke.store_id', '', true);
end $$;
