-- What a callback brought beside its outcome: the answer with its shades, praise, what was spoken of, the analysed reason, and why nobody was reached
-- (05, callback statistics; G-11). The older `satisfied` stays for whoever writes no more than yes or no.
alter table contacts
  add column satisfaction text,
  add column praised boolean not null default false,
  add column said_about text,
  add column cause text,
  add column unreached_because text,
  add constraint contacts_satisfaction_check check (satisfaction is null or (satisfaction in ('satisfied', 'neutral', 'dissatisfied', 'not_asked')
    and satisfied is not distinct from case satisfaction when 'satisfied' then true when 'dissatisfied' then false end)),
  add constraint contacts_unreached_check check (unreached_because is null or outcome = 'not_reached');
comment on column contacts.satisfaction is 'what the customer said of our work; not_asked weighs in no rate; null where only satisfied was written, or nothing was spoken of';
comment on column contacts.said_about is 'what he spoke of: a code of the list saidAbout of the policy tasks';
comment on column contacts.cause is 'the analysed reason: a code of the list causes of the policy tasks';
comment on column contacts.unreached_because is 'why the try reached nobody: a code of the list unreached of the policy tasks';
