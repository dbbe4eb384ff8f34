/**
 * The best statement we know for each operation, without policy, rights and audit: what PostgreSQL and Node allow. The bare server
 * runs them as they stand; the empty stack gives the same answers by the query builder. Each answers one row with one column `j`, the answer as JSON text.
 *
 * Instants, masks and rights cost the product more than these do; that is what the ratios measure.
 */
const SCREENS = {
  card: `select json_build_object('customer', to_json(k),
      'consultant', (select name from staff s where s.store_id = k.store_id and s.id = k.consultant_id),
      'advisor', (select name from staff s where s.store_id = k.store_id and s.id = k.advisor_id),
      'phones', (select json_agg(p order by p.rank) from (select e164, kind, rank, valid from customer_phones where store_id = k.store_id and customer_id = k.id) p),
      'consents', (select json_agg(n) from (select distinct on (purpose, channel) purpose, channel, granted, at from consents where store_id = k.store_id and customer_id = k.id order by purpose, channel, at desc) n),
      'vehicles', (select json_agg(v) from (select v.*, o.role, (select json_agg(i) from insurance_policies i where i.store_id = v.store_id and i.vehicle_id = v.id) as policies
        from ownerships o join vehicles v on v.store_id = o.store_id and v.id = o.vehicle_id where o.store_id = k.store_id and o.customer_id = k.id) v),
      'complaints', (select json_agg(x) from (select id, number, status, severity, close_due_at from complaints where store_id = k.store_id and customer_id = k.id and status <> 'closed') x),
      'tasks', (select json_agg(x) from (select id, kind, rule_key, due_at, assignee_id from tasks where store_id = k.store_id and customer_id = k.id and status = 'open' order by due_at limit 20) x),
      'contacts', (select json_agg(x) from (select n.id, n.occurred_at, n.channel, n.outcome, n.content, n.satisfied, s.name from contacts n join staff s on s.store_id = n.store_id and s.id = n.staff_id
        where n.store_id = k.store_id and n.customer_id = k.id order by n.occurred_at desc limit 10) x),
      'visits', (select json_agg(x) from (select n.id, n.order_no, n.category, n.arrived_on, n.mileage_km, n.received_fen, v.plate, s.name from service_visits n
        left join vehicles v on v.store_id = n.store_id and v.id = n.vehicle_id left join staff s on s.store_id = n.store_id and s.id = n.advisor_id
        where n.store_id = k.store_id and n.customer_id = k.id order by n.arrived_on desc limit 10) x),
      'contactCount', (select count(*) from contacts where store_id = k.store_id and customer_id = k.id),
      'visitCount', (select count(*) from service_visits where store_id = k.store_id and customer_id = k.id)
    )::text as j from customers k where k.store_id = $1 and k.id = $2`,

  find: `with hits as materialized (select distinct customer_id from (select customer_id from search_tokens where store_id = $1 and token >= $2 and token < $3 order by token limit 500) t)
    select coalesce(json_agg(r), '[]')::text as j from (
      select k.id, k.name, k.is_fleet, k.is_vip, k.is_difficult, s.name as consultant,
        (select p.e164 from customer_phones p where p.store_id = k.store_id and p.customer_id = k.id order by p.rank limit 1) as phone,
        (select v.plate from vehicles v where v.store_id = k.store_id and v.owner_id = k.id limit 1) as plate
      from hits h join customers k on k.store_id = $1 and k.id = h.customer_id left join staff s on s.store_id = k.store_id and s.id = k.consultant_id
      order by k.name_pinyin, k.id limit 10) r`,

  myDay: `select coalesce(json_agg(r), '[]')::text as j from (
      select t.*, c.name, c.is_fleet, c.is_vip, c.is_difficult, v.plate, v.model,
        exists (select from complaints k where k.store_id = t.store_id and k.customer_id = t.customer_id and k.status <> 'closed') as open_complaint,
        (select p.e164 from customer_phones p where p.store_id = t.store_id and p.customer_id = t.customer_id order by p.rank limit 1) as phone,
        (select json_agg(l) from (select o.id, o.occurred_at, o.channel, o.outcome, o.content, w.name from contacts o join staff w on w.store_id = o.store_id and w.id = o.staff_id
          where o.store_id = t.store_id and o.customer_id = t.customer_id order by o.occurred_at desc limit 3) l) as contacts
      from tasks t join customers c on c.store_id = t.store_id and c.id = t.customer_id left join vehicles v on v.store_id = t.store_id and v.id = t.vehicle_id
      where t.store_id = $1 and t.assignee_id = $2 and t.status = 'open' and t.show_at < $3
      order by t.urgency, t.due_at, t.priority, t.id limit 51) r`,

  list: `select coalesce(json_agg(r), '[]')::text as j from (
      select k.id, k.name, k.is_fleet, k.is_vip, k.is_difficult, k.city, k.source, k.first_delivered_on, k.last_visit_on, k.last_contact_at, k.verified_on, k.created_at, s.name as consultant, a.name as advisor,
        (select p.e164 from customer_phones p where p.store_id = k.store_id and p.customer_id = k.id order by p.rank limit 1) as phone,
        (select json_agg(v) from (select id, plate, model from vehicles where store_id = k.store_id and owner_id = k.id limit 3) v) as vehicles
      from customers k left join staff s on s.store_id = k.store_id and s.id = k.consultant_id left join staff a on a.store_id = k.store_id and a.id = k.advisor_id
      where k.store_id = $1 and k.advisor_id = $2 and k.status = 'active' order by k.name_pinyin, k.id limit 51) r`,

  complaints: `select coalesce(json_agg(r), '[]')::text as j from (
      select c.*, k.name as customer_name, k.is_fleet, k.is_vip, k.is_difficult, d.name as department, h.name as handler,
        (select p.e164 from customer_phones p where p.store_id = c.store_id and p.customer_id = c.customer_id order by p.rank limit 1) as phone
      from complaints c join customers k on k.store_id = c.store_id and k.id = c.customer_id join departments d on d.store_id = c.store_id and d.id = c.department_id
        join staff h on h.store_id = c.store_id and h.id = c.handler_id
      where c.store_id = $1 order by c.registered_at desc, c.id desc limit 51) r`,

  weekly: `select coalesce(json_agg(r), '[]')::text as j from (
      select c.code, c.name_zh, c.name_en, c.effective, c.position, k.week, k.visits, k.fen from service_categories c left join (
        select category, date_trunc('week', day::timestamp)::date as week, sum(visits) as visits, sum(received_fen) as fen from service_day_counts
        where store_id = $1 and (day >= $2::date - 77 and day < $3 or day >= $2::date - 364 and day < $3::date - 364) group by 1, 2) k on k.category = c.code
      where c.store_id = $1 order by c.position, k.week) r`,

  contact: `with written as (insert into contacts (store_id, id, customer_id, channel, outcome, content, occurred_at, staff_id) values ($1, gen_random_uuid(), $2, 'phone', 'reached', $3, now(), $4) returning id),
      moved as (update customers set last_contact_at = now() where store_id = $1 and id = $2)
    select json_build_object('contactId', id)::text as j from written`,

  create: `with made as (insert into customers (store_id, id, kind, name, name_pinyin, gender, city, source, consultant_id) values ($1, gen_random_uuid(), 'person', $2, $3, 'male', '苏州市', '网络', $4) returning id),
      phone as (insert into customer_phones (store_id, customer_id, e164, rank, kind) select $1, id, $5, 1, 'mobile' from made),
      tokens as (insert into search_tokens (store_id, token, customer_id) select $1, token, id from made, unnest($6::text[]) as token)
    select json_build_object('customerId', id)::text as j from made`,
} as const;

export type Screen = keyof typeof SCREENS;
export const STATEMENTS: Readonly<Record<Screen, string>> = SCREENS;

/** Searches go unnamed: a named statement may settle on one plan for rare and common terms alike. */
export const isNamed = (screen: Screen) => screen !== 'find';
export const isWrite = (screen: Screen) => screen === 'contact' || screen === 'create';
