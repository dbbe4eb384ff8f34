-- A visit that an import made holds just what the file said: beside it the same was kept a second time as JSON, half of the row. The name of
-- the kind of file says it in a word, and is spelled out from the old columns before the first change that does not bring its own memory.
create function service_visits_remember() returns trigger language plpgsql as $$
begin
  new.imported := jsonb_build_object('said', jsonb_build_object(old.imported #>> '{}', jsonb_strip_nulls(jsonb_build_object(
    'order_no', old.order_no, 'vehicle_id', old.vehicle_id, 'customer_id', old.customer_id, 'category', old.category, 'state', old.state,
    'is_refund', old.is_refund, 'arrived_on', old.arrived_on, 'left_on', old.left_on, 'settled_on', old.settled_on, 'mileage_km', old.mileage_km,
    'advisor_id', old.advisor_id, 'team', old.team, 'labour_fen', old.labour_fen, 'parts_fen', old.parts_fen, 'discount_fen', old.discount_fen,
    'received_fen', old.received_fen))));
  return new;
end $$;
create trigger service_visits_remember before update on service_visits for each row
  when (jsonb_typeof(old.imported) = 'string' and old.imported is not distinct from new.imported
    and (old.order_no, old.vehicle_id, old.customer_id, old.category, old.state, old.is_refund, old.arrived_on, old.left_on, old.settled_on,
      old.mileage_km, old.advisor_id, old.team, old.labour_fen, old.parts_fen, old.discount_fen, old.received_fen)
    is distinct from (new.order_no, new.vehicle_id, new.customer_id, new.category, new.state, new.is_refund, new.arrived_on, new.left_on, new.settled_on,
      new.mileage_km, new.advisor_id, new.team, new.labour_fen, new.parts_fen, new.discount_fen, new.received_fen))
  execute function service_visits_remember();
comment on column service_visits.imported is 'last imported value per field: an import overwrites only what still equals it. The name of a kind of file alone: all columns as it said them';
