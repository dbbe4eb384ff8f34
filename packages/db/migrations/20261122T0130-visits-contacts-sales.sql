-- What happened: service visits with their daily sums, contacts, leads and orders.

create table service_categories (
  store_id integer not null references stores,
  code text not null,
  name_zh text not null,
  name_en text not null,
  effective boolean not null,
  position smallint not null,
  primary key (store_id, code)
);
select baoke_isolate('service_categories');

create table service_visits (
  store_id integer not null references stores,
  id uuid not null,
  order_no text not null check (order_no <> ''),
  vehicle_id uuid,
  customer_id uuid,
  category text not null,
  state text not null check (state in ('open', 'settled')),
  is_refund boolean not null default false,
  arrived_on date not null,
  left_on date,
  handed_back_at timestamptz,
  settled_on date,
  money_on date generated always as (coalesce(settled_on, left_on, arrived_on)) stored,
  mileage_km integer check (mileage_km >= 0),
  advisor_id uuid,
  team text,
  labour_fen bigint,
  parts_fen bigint,
  discount_fen bigint,
  received_fen bigint,
  remark text,
  imported jsonb,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (store_id, id),
  unique (store_id, order_no),
  foreign key (store_id, category) references service_categories,
  foreign key (store_id, vehicle_id) references vehicles,
  foreign key (store_id, customer_id) references customers,
  foreign key (store_id, advisor_id) references staff
);
comment on column service_visits.is_refund is 'counts as money, not as a visit';
comment on column service_visits.money_on is 'date of the money: settlement, else hand-back, else arrival';
create index service_visits_customer on service_visits (store_id, customer_id, arrived_on desc);
comment on index service_visits_customer is 'visits on the customer card';
create index service_visits_vehicle on service_visits (store_id, vehicle_id, arrived_on desc);
comment on index service_visits_vehicle is 'visits of a vehicle';
create index service_visits_arrived on service_visits (store_id, arrived_on, id);
comment on index service_visits_arrived is 'rows behind the weekly report';
create index service_visits_money on service_visits (store_id, money_on);
comment on index service_visits_money is 'received amounts of a period';
select baoke_isolate('service_visits');

create table service_day_counts (
  store_id integer not null references stores,
  day date not null,
  category text not null,
  visits integer not null default 0,
  received_fen bigint not null default 0,
  primary key (store_id, day, category)
);
comment on table service_day_counts is 'visits by day of arrival, received fen by day of the money; kept by trigger, equal to a recount';
select baoke_isolate('service_day_counts');

create function service_visits_count() returns trigger language plpgsql as $$
begin
  if tg_op in ('UPDATE', 'DELETE') then
    insert into service_day_counts as kept (store_id, day, category, visits, received_fen)
    select store_id, day, category, -sum(visits), -sum(received_fen) from (
      select store_id, arrived_on as day, category, (not is_refund)::integer as visits, 0::bigint as received_fen from gone
      union all
      select store_id, money_on, category, 0, coalesce(received_fen, 0) from gone
    ) as days group by store_id, day, category
    on conflict (store_id, day, category) do update set visits = kept.visits + excluded.visits, received_fen = kept.received_fen + excluded.received_fen;
  end if;
  if tg_op in ('UPDATE', 'INSERT') then
    insert into service_day_counts as kept (store_id, day, category, visits, received_fen)
    select store_id, day, category, sum(visits), sum(received_fen) from (
      select store_id, arrived_on as day, category, (not is_refund)::integer as visits, 0::bigint as received_fen from come
      union all
      select store_id, money_on, category, 0, coalesce(received_fen, 0) from come
    ) as days group by store_id, day, category
    on conflict (store_id, day, category) do update set visits = kept.visits + excluded.visits, received_fen = kept.received_fen + excluded.received_fen;
  end if;
  return null;
end $$;
create trigger service_visits_count_insert after insert on service_visits referencing new table as come for each statement execute function service_visits_count();
create trigger service_visits_count_update after update on service_visits referencing old table as gone new table as come for each statement execute function service_visits_count();
create trigger service_visits_count_delete after delete on service_visits referencing old table as gone for each statement execute function service_visits_count();

create table contacts (
  store_id integer not null references stores,
  id uuid not null,
  customer_id uuid not null,
  vehicle_id uuid,
  task_id uuid,
  lead_id uuid,
  complaint_id uuid,
  channel text not null check (channel in ('phone', 'sms', 'wechat', 'letter', 'email', 'visit_customer', 'visit_store', 'event')),
  direction text not null default 'out' check (direction in ('in', 'out')),
  outcome text not null,
  content text,
  satisfied boolean,
  appointment_at timestamptz,
  occurred_at timestamptz not null,
  staff_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (store_id, id),
  foreign key (store_id, customer_id) references customers,
  foreign key (store_id, staff_id) references staff
);
comment on column contacts.satisfied is 'what the customer said of our work in this contact; null where he was not asked';
create index contacts_customer on contacts (store_id, customer_id, occurred_at desc);
comment on index contacts_customer is 'time line; last three contacts beside a task';
create index contacts_occurred on contacts (store_id, occurred_at, staff_id);
comment on index contacts_occurred is 'callback statistics of a period';
select baoke_isolate('contacts');

create table leads (
  store_id integer not null references stores,
  id uuid not null,
  customer_id uuid not null,
  registered_on date not null,
  source text,
  level text check (level in ('O', 'H', 'A', 'B', 'C', 'W', 'D', 'F')),
  model text,
  expected_purchase text,
  consultant_id uuid,
  last_follow_up_on date,
  follow_up text,
  test_driven boolean,
  status text not null default 'open' check (status in ('open', 'ordered', 'lost', 'closed')),
  complete boolean not null default true,
  imported jsonb,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (store_id, id),
  unique (store_id, customer_id, registered_on),
  foreign key (store_id, customer_id) references customers,
  foreign key (store_id, consultant_id) references staff
);
comment on column leads.complete is 'false while a field required before dispatch is missing (spec 02)';
select baoke_isolate('leads');

create table orders (
  store_id integer not null references stores,
  id uuid not null,
  customer_id uuid not null,
  vehicle_id uuid,
  ordered_on date not null,
  delivered_on date,
  delivered_at timestamptz,
  model text,
  colour text,
  price_fen bigint,
  payment text,
  consultant_id uuid,
  source text,
  state text not null check (state in ('open', 'delivered', 'cancelled')),
  remark text,
  imported jsonb,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (store_id, id),
  unique nulls not distinct (store_id, customer_id, ordered_on, vehicle_id),
  foreign key (store_id, customer_id) references customers,
  foreign key (store_id, vehicle_id) references vehicles,
  foreign key (store_id, consultant_id) references staff
);
create index orders_delivered on orders (store_id, delivered_on) where delivered_on is not null;
comment on index orders_delivered is 'deliveries of a period: care anchors, base of the sales complaint rate';
create index orders_vehicle on orders (store_id, vehicle_id) where vehicle_id is not null;
comment on index orders_vehicle is 'the order a vehicle was sold by';
select baoke_isolate('orders');
