-- Rows of an import's papers belong to an import, which belongs to a store: that is checked once.
alter table import_rows drop constraint import_rows_store_id_fkey;
alter table import_changes drop constraint import_changes_store_id_fkey;
-- Tokens are derived from the customer, some seventeen of each, and rewritten with him; a look-up of the customer for each of them was a
-- third of what opening a customer file cost. Who removes a customer removes them first.
alter table search_tokens drop constraint search_tokens_store_id_customer_id_fkey;
