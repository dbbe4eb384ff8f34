-- People say the end of a complaint's number; an index finds an end only as the beginning of the number read backwards. A column, not an expression: only
-- the plain comparison of a column reaches an index ahead of the row policy.
alter table complaints add column number_backwards text collate "C" generated always as (reverse(number)) stored;
comment on column complaints.number_backwards is 'the number from its end, for finding it by its last digits';
create index complaints_number_backwards on complaints (store_id, number_backwards);
comment on index complaints_number_backwards is 'a complaint by its whole number or the end of it';
