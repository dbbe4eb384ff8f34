-- Orders of the customer list, an index each.

-- No query asked for this one: the planner reckons with the last contact, else visit or delivery. Without it a contact, which changes nothing
-- else that is indexed, stays on its page and writes into no index of the customer (spec 12, finding 5).
drop index customers_care_contact;

drop index customers_care_verified;
create index customers_verified on customers (store_id, verified_on, id) where status = 'active';
comment on index customers_verified is 'customer list by the day of the last verification';
create index customers_delivered on customers (store_id, first_delivered_on, id) where status = 'active';
comment on index customers_delivered is 'customer list by the first delivery';
create index customers_seen on customers (store_id, (greatest(first_delivered_on, last_visit_on)), id) where status = 'active';
comment on index customers_seen is 'customer list by relationship, which is the day somebody was last seen with his car; owners, those at risk, lost ones and prospects';
