-- A row that must belong to a customer, a vehicle or a category of its store has its store checked by that key already: the second
-- check doubled what each row of a bulk load costs and could never find anything.
alter table customer_phones drop constraint customer_phones_store_id_fkey;
alter table contact_persons drop constraint contact_persons_store_id_fkey;
alter table consents drop constraint consents_store_id_fkey;
alter table observations drop constraint observations_store_id_fkey;
alter table search_tokens drop constraint search_tokens_store_id_fkey;
alter table plate_periods drop constraint plate_periods_store_id_fkey;
alter table ownerships drop constraint ownerships_store_id_fkey;
alter table mileage_readings drop constraint mileage_readings_store_id_fkey;
alter table insurance_policies drop constraint insurance_policies_store_id_fkey;
alter table service_visits drop constraint service_visits_store_id_fkey;
alter table contacts drop constraint contacts_store_id_fkey;
alter table leads drop constraint leads_store_id_fkey;
alter table orders drop constraint orders_store_id_fkey;
alter table tasks drop constraint tasks_store_id_fkey;
