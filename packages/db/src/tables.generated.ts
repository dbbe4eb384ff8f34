// Written by `pnpm db:describe` from the migrated database; a test compares it.
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** What a jsonb column takes and gives; the query that reads it knows its shape. */
export type Json = ColumnType<unknown, string, string>;

export type AccountsTable = {
  id: string;
  group_id: number;
  username: string;
  password_hash: string;
  locale: Generated<string>;
  status: Generated<string>;
  must_change_password: Generated<boolean>;
  failed_attempts: Generated<number>;
  locked_until: string | null;
  password_changed_at: Generated<string>;
  created_at: Generated<string>;
  totp_cipher: Buffer | null;
  totp_confirmed_at: string | null;
  totp_last_step: number | null;
};

export type ApiKeysTable = {
  store_id: number;
  id: string;
  name: string;
  key_hash: Buffer;
  prefix: string;
  scopes: string[];
  staff_id: string;
  created_by: string | null;
  created_at: Generated<string>;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
};

export type AuditEntriesTable = {
  store_id: number;
  id: string;
  at: string;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string;
  action: string;
  entity: string;
  entity_id: string;
  before: ColumnType<unknown, string | null, string | null>;
  after: ColumnType<unknown, string | null, string | null>;
  request_id: string | null;
  ip: string | null;
};

export type AuditSealsTable = {
  store_id: number;
  seq: number;
  entry_id: string;
  hash: Buffer;
};

export type CalendarDaysTable = {
  store_id: number;
  day: string;
  open: boolean;
  name: string | null;
};

export type CareChecksTable = {
  store_id: number;
  occurrence_key: string;
  rule_key: string;
  customer_id: string;
  seen_on: string;
  due_on: string;
  reason: Json;
};

export type CareDirtyTable = {
  store_id: number;
  id: GeneratedAlways<number>;
  customer_id: string;
  since: Generated<string>;
};

export type CareRulesTable = {
  store_id: number;
  key: string;
  value: Json;
  active: boolean;
  switched_on_at: string | null;
  version: Generated<number>;
  updated_at: Generated<string>;
  updated_by: string | null;
};

export type CareSuppressionsTable = {
  store_id: number;
  occurrence_key: string;
  rule_key: string;
  customer_id: string;
  reason: string;
  at: string;
};

export type ComplaintCountersTable = {
  store_id: number;
  day: string;
  last: number;
};

export type ComplaintEscalationsTable = {
  store_id: number;
  complaint_id: string;
  promise: string;
  percent: number;
  due_at: string;
  at: string;
  level: string;
};

export type ComplaintEventsTable = {
  store_id: number;
  id: string;
  complaint_id: string;
  kind: string;
  at: string;
  staff_id: string | null;
  note: string | null;
  details: ColumnType<unknown, string | undefined, string>;
};

export type ComplaintsTable = {
  store_id: number;
  id: string;
  number: string;
  status: string;
  source: string;
  kind: string;
  severity: string;
  customer_id: string;
  vehicle_id: string | null;
  visit_id: string | null;
  order_id: string | null;
  content: string;
  department_id: string;
  accused_id: string | null;
  handler_id: string;
  registered_at: string;
  registered_by: string;
  policy_version: number;
  response_minutes: number;
  close_minutes: number;
  business_hours: boolean;
  response_due_at: string;
  close_due_at: string;
  responded_at: string | null;
  responded_by: string | null;
  response: string | null;
  solved_at: string | null;
  solved_by: string | null;
  solution: string | null;
  cause: string | null;
  goodwill_fen: Generated<number>;
  closed_at: string | null;
  confirmed_by: string | null;
  verdict: string | null;
  reopened_count: Generated<number>;
  pause_state: Generated<string>;
  pause_reason: string | null;
  pause_requested_at: string | null;
  pause_requested_by: string | null;
  paused_at: string | null;
  pause_approved_by: string | null;
  next_escalation_at: string | null;
  version: Generated<number>;
  created_at: Generated<string>;
  updated_at: Generated<string>;
  handled_by: Generated<string[]>;
  number_backwards: GeneratedAlways<string | null>;
  pause_until: string | null;
  presses_at: GeneratedAlways<string>;
};

export type ConsentsTable = {
  store_id: number;
  id: string;
  customer_id: string;
  purpose: string;
  channel: string;
  granted: boolean | null;
  source: string;
  evidence: string | null;
  at: string;
  staff_id: string | null;
};

export type ContactPersonsTable = {
  store_id: number;
  id: string;
  customer_id: string;
  name: string;
  purchase_role: string | null;
  phone: string | null;
  remark: string | null;
  version: Generated<number>;
};

export type ContactsTable = {
  store_id: number;
  id: string;
  customer_id: string;
  vehicle_id: string | null;
  task_id: string | null;
  lead_id: string | null;
  complaint_id: string | null;
  channel: string;
  direction: Generated<string>;
  outcome: string;
  content: string | null;
  satisfied: boolean | null;
  appointment_at: string | null;
  occurred_at: string;
  staff_id: string;
  created_at: Generated<string>;
  undo: ColumnType<unknown, string | null, string | null>;
  taken_back_at: string | null;
  taken_back_by: string | null;
  satisfaction: string | null;
  praised: Generated<boolean>;
  said_about: string | null;
  cause: string | null;
  unreached_because: string | null;
};

export type CustomerBatchesTable = {
  store_id: number;
  id: string;
  staff_id: string;
  at: string;
  change: Json;
  customer_ids: string[];
  before: string[];
  after: string[];
  undone_at: string | null;
};

export type CustomerExternalIdsTable = {
  store_id: number;
  source: string;
  external_id: string;
  customer_id: string;
  created_at: Generated<string>;
};

export type CustomerPhonesTable = {
  store_id: number;
  customer_id: string;
  e164: string;
  rank: number;
  kind: string;
  valid: Generated<boolean>;
};

export type CustomersTable = {
  store_id: number;
  id: string;
  kind: string;
  name: string;
  name_pinyin: string;
  gender: string | null;
  birth_date: string | null;
  birth_calendar: string | null;
  id_document: string | null;
  id_number_cipher: Buffer | null;
  id_number_index: Buffer | null;
  id_number_tail: string | null;
  email: string | null;
  wechat_id: string | null;
  province: string | null;
  city: string | null;
  district: string | null;
  address: string | null;
  postcode: string | null;
  occupation: string | null;
  employer: string | null;
  job_title: string | null;
  preferred_contact_time: string | null;
  preferred_channel: string | null;
  source: string | null;
  consultant_id: string | null;
  advisor_id: string | null;
  is_fleet: Generated<boolean>;
  is_vip: Generated<boolean>;
  is_difficult: Generated<boolean>;
  difficult_reason: string | null;
  flagged_by: string | null;
  flagged_at: string | null;
  is_store_itself: Generated<boolean>;
  status: Generated<string>;
  merged_into: string | null;
  reachable: Generated<boolean>;
  external_id: string | null;
  remark: string | null;
  first_delivered_on: string | null;
  last_visit_on: string | null;
  last_contact_at: string | null;
  verified_on: string | null;
  imported: ColumnType<unknown, string | null, string | null>;
  version: Generated<number>;
  created_at: Generated<string>;
  created_by: string | null;
  updated_at: Generated<string>;
  updated_by: string | null;
  given_up: Generated<boolean>;
  standing_on: string | null;
  standing_reason: string | null;
  standing_note: string | null;
  standing_by: string | null;
  standing_at: string | null;
  former_owner: Generated<boolean>;
  owner_since: string | null;
  last_visit_told: string | null;
};

export type DepartmentsTable = {
  store_id: number;
  id: string;
  kind: string;
  name: string;
};

export type GroupsTable = {
  id: GeneratedAlways<number>;
  code: string;
  name: string;
  created_at: Generated<string>;
};

export type IdempotencyKeysTable = {
  store_id: number;
  principal: string;
  key: string;
  procedure: string;
  request_hash: Buffer;
  response: string | null;
  created_at: Generated<string>;
};

export type ImportChangesTable = {
  store_id: number;
  import_id: string;
  seq: number;
  entity: string;
  entries: Json;
};

export type ImportFilesTable = {
  store_id: number;
  import_id: string;
  position: number;
  name: string;
  kind: string | null;
  bytes: number;
  sha256: Buffer;
  content: Buffer | null;
  encoding: string | null;
  mapping: ColumnType<unknown, string | null, string | null>;
  counts: ColumnType<unknown, string | undefined, string>;
  rows_done: Generated<number>;
  created: Generated<number>;
  updated: Generated<number>;
  unchanged: Generated<number>;
  basis: string | null;
  id_numbers: Generated<number>;
  sealed: Buffer | null;
};

export type ImportKeptTable = {
  store_id: number;
  import_id: string;
  entity: string;
  entity_id: string;
  because: string;
  root_entity: string | null;
  root_id: string | null;
  through: string | null;
};

export type ImportMappingsTable = {
  store_id: number;
  kind: string;
  fingerprint: string;
  mapping: Json;
  updated_by: string | null;
  updated_at: Generated<string>;
};

export type ImportRowsTable = {
  store_id: number;
  import_id: string;
  position: number;
  row_no: number;
  outcome: string;
  findings: ColumnType<unknown, string | null, string | null>;
  raw: ColumnType<unknown, string | null, string | null>;
  effect: string | null;
};

export type ImportsTable = {
  store_id: number;
  id: string;
  status: string;
  mode: string;
  dry_run: Generated<boolean>;
  cancel_requested: Generated<boolean>;
  progress: ColumnType<unknown, string | undefined, string>;
  failure: string | null;
  created_by: string | null;
  created_at: Generated<string>;
  started_at: string | null;
  finished_at: string | null;
  version: Generated<number>;
  new_staff: ColumnType<unknown, string | undefined, string>;
  undone: ColumnType<unknown, string | null, string | null>;
};

export type InsurancePoliciesTable = {
  store_id: number;
  id: string;
  vehicle_id: string;
  kind: string;
  insurer: string | null;
  expires_on: string;
};

export type KeyFingerprintsTable = {
  store_id: number;
  name: string;
  fingerprint: Buffer;
  created_at: Generated<string>;
};

export type LeadsTable = {
  store_id: number;
  id: string;
  customer_id: string;
  registered_on: string;
  source: string | null;
  level: string | null;
  model: string | null;
  expected_purchase: string | null;
  consultant_id: string | null;
  last_follow_up_on: string | null;
  follow_up: string | null;
  test_driven: boolean | null;
  status: Generated<string>;
  complete: Generated<boolean>;
  imported: ColumnType<unknown, string | null, string | null>;
  version: Generated<number>;
  created_at: Generated<string>;
  updated_at: Generated<string>;
};

export type LiveEventsTable = {
  store_id: number;
  id: GeneratedAlways<number>;
  at: Generated<string>;
  topic: string;
  entity_id: string | null;
};

export type MileageReadingsTable = {
  store_id: number;
  vehicle_id: string;
  read_on: string;
  mileage_km: number;
  source: string;
  doubtful: Generated<boolean>;
};

export type NoticesTable = {
  store_id: number;
  id: string;
  staff_id: string;
  kind: string;
  params: ColumnType<unknown, string | undefined, string>;
  entity: string | null;
  entity_id: string | null;
  created_at: string;
  read_at: string | null;
  mailed_at: string | null;
};

export type ObservationsTable = {
  store_id: number;
  id: string;
  customer_id: string;
  staff_id: string;
  point: string | null;
  content: string;
  at: string;
};

export type OrdersTable = {
  store_id: number;
  id: string;
  customer_id: string;
  vehicle_id: string | null;
  ordered_on: string;
  delivered_on: string | null;
  delivered_at: string | null;
  model: string | null;
  colour: string | null;
  price_fen: number | null;
  payment: string | null;
  consultant_id: string | null;
  source: string | null;
  state: string;
  remark: string | null;
  imported: ColumnType<unknown, string | null, string | null>;
  version: Generated<number>;
  created_at: Generated<string>;
  updated_at: Generated<string>;
};

export type OwnershipsTable = {
  store_id: number;
  vehicle_id: string;
  customer_id: string;
  role: Generated<string>;
  from_on: string | null;
  to_on: string | null;
  period: Generated<number>;
};

export type PlannerRunsTable = {
  store_id: number;
  id: string;
  planned_on: string;
  started_at: string;
  finished_at: string | null;
  counts: ColumnType<unknown, string | null, string | null>;
  kind: Generated<string>;
  planned_to: string | null;
};

export type PlatePeriodsTable = {
  store_id: number;
  vehicle_id: string;
  plate: string;
  from_on: string;
  to_on: string | null;
};

export type PoliciesTable = {
  store_id: number;
  capability: string;
  version: number;
  value: Json;
  created_at: Generated<string>;
  created_by: string | null;
};

export type PreferencesTable = {
  store_id: number;
  staff_id: string;
  key: string;
  value: Json;
  updated_at: Generated<string>;
};

export type RecoveryCodesTable = {
  account_id: string;
  code_hash: Buffer;
};

export type RemovalsTable = {
  store_id: number;
  entity: string;
  removed_at: string;
  id: string;
};

export type RightOverridesTable = {
  store_id: number;
  role: string;
  capability: string;
  action: string;
  scope: string;
  updated_by: string | null;
  updated_at: Generated<string>;
};

export type SavedViewsTable = {
  store_id: number;
  id: string;
  page: string;
  name: string;
  staff_id: string;
  shared: Generated<boolean>;
  state: Json;
  created_at: Generated<string>;
  version: Generated<number>;
};

export type SearchTokensTable = {
  store_id: number;
  token: string;
  customer_id: string;
};

export type ServiceCategoriesTable = {
  store_id: number;
  code: string;
  name_zh: string;
  name_en: string;
  effective: boolean;
  position: number;
  maintenance: Generated<boolean>;
};

export type ServiceDayCountsTable = {
  store_id: number;
  day: string;
  category: string;
  visits: Generated<number>;
  received_fen: Generated<number>;
};

export type ServiceVisitsTable = {
  store_id: number;
  id: string;
  order_no: string;
  vehicle_id: string | null;
  customer_id: string | null;
  category: string;
  state: string;
  is_refund: Generated<boolean>;
  arrived_on: string;
  left_on: string | null;
  handed_back_at: string | null;
  settled_on: string | null;
  money_on: GeneratedAlways<string | null>;
  mileage_km: number | null;
  advisor_id: string | null;
  team: string | null;
  labour_fen: number | null;
  parts_fen: number | null;
  discount_fen: number | null;
  received_fen: number | null;
  remark: string | null;
  imported: ColumnType<unknown, string | null, string | null>;
  version: Generated<number>;
  created_at: Generated<string>;
  updated_at: Generated<string>;
};

export type SessionsTable = {
  token_hash: Buffer;
  account_id: string;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  ip: string | null;
  user_agent: string | null;
};

export type StaffTable = {
  store_id: number;
  id: string;
  account_id: string | null;
  name: string;
  role: string;
  department_id: string | null;
  team: string | null;
  phone: string | null;
  status: Generated<string>;
  version: Generated<number>;
  created_at: Generated<string>;
  updated_at: Generated<string>;
  email: string | null;
};

export type StaffAliasesTable = {
  store_id: number;
  name: string;
  staff_id: string;
};

export type StoresTable = {
  id: GeneratedAlways<number>;
  group_id: number;
  code: string;
  name: string;
  time_zone: Generated<string>;
  plate_province: Generated<string>;
  area_code: Generated<string>;
  brand: string | null;
  created_at: Generated<string>;
};

export type TasksTable = {
  store_id: number;
  id: string;
  kind: string;
  status: string;
  occurrence_key: string | null;
  rule_key: string | null;
  customer_id: string;
  vehicle_id: string | null;
  visit_id: string | null;
  order_id: string | null;
  complaint_id: string | null;
  assignee_id: string | null;
  role: string;
  channel: string;
  purpose: string;
  priority: number;
  anchor_on: string | null;
  not_before_on: string;
  due_at: string;
  lapses_at: string | null;
  reason: ColumnType<unknown, string | undefined, string>;
  attempts: Generated<number>;
  next_try_at: string | null;
  outcome: string | null;
  outcome_note: string | null;
  finished_at: string | null;
  finished_by: string | null;
  created_at: Generated<string>;
  updated_at: Generated<string>;
  version: Generated<number>;
  slot: string | null;
  urgency: Generated<number>;
  show_at: Generated<string>;
  result: Generated<string>;
  script: Generated<string>;
  topics: Generated<string[]>;
  settled_reason: string | null;
};

export type VehiclesTable = {
  store_id: number;
  id: string;
  vin: string | null;
  vin_check: Generated<string>;
  plate: string | null;
  engine_no: string | null;
  brand: string | null;
  model: string | null;
  configuration: string | null;
  transmission: string | null;
  colour: string | null;
  plated_on: string | null;
  purchased_on: string | null;
  sold_by_us: Generated<boolean>;
  delivered_on: string | null;
  first_service_on: string | null;
  first_service_km: number | null;
  warranty_until: string | null;
  warranty_km: number | null;
  inspection_due_on: string | null;
  next_service_on: string | null;
  next_service_km: number | null;
  last_visit_on: string | null;
  last_mileage_km: number | null;
  last_mileage_on: string | null;
  metres_per_day: number | null;
  status: Generated<string>;
  owner_id: string | null;
  remark: string | null;
  external_id: string | null;
  imported: ColumnType<unknown, string | null, string | null>;
  version: Generated<number>;
  created_at: Generated<string>;
  created_by: string | null;
  updated_at: Generated<string>;
  updated_by: string | null;
  maintenance_due_on: GeneratedAlways<string | null>;
  last_maintenance_on: string | null;
  last_maintenance_km: number | null;
  next_told_on: string | null;
  last_visit_told: string | null;
};

export type DB = {
  accounts: AccountsTable;
  api_keys: ApiKeysTable;
  audit_entries: AuditEntriesTable;
  audit_seals: AuditSealsTable;
  calendar_days: CalendarDaysTable;
  care_checks: CareChecksTable;
  care_dirty: CareDirtyTable;
  care_rules: CareRulesTable;
  care_suppressions: CareSuppressionsTable;
  complaint_counters: ComplaintCountersTable;
  complaint_escalations: ComplaintEscalationsTable;
  complaint_events: ComplaintEventsTable;
  complaints: ComplaintsTable;
  consents: ConsentsTable;
  contact_persons: ContactPersonsTable;
  contacts: ContactsTable;
  customer_batches: CustomerBatchesTable;
  customer_external_ids: CustomerExternalIdsTable;
  customer_phones: CustomerPhonesTable;
  customers: CustomersTable;
  departments: DepartmentsTable;
  groups: GroupsTable;
  idempotency_keys: IdempotencyKeysTable;
  import_changes: ImportChangesTable;
  import_files: ImportFilesTable;
  import_kept: ImportKeptTable;
  import_mappings: ImportMappingsTable;
  import_rows: ImportRowsTable;
  imports: ImportsTable;
  insurance_policies: InsurancePoliciesTable;
  key_fingerprints: KeyFingerprintsTable;
  leads: LeadsTable;
  live_events: LiveEventsTable;
  mileage_readings: MileageReadingsTable;
  notices: NoticesTable;
  observations: ObservationsTable;
  orders: OrdersTable;
  ownerships: OwnershipsTable;
  planner_runs: PlannerRunsTable;
  plate_periods: PlatePeriodsTable;
  policies: PoliciesTable;
  preferences: PreferencesTable;
  recovery_codes: RecoveryCodesTable;
  removals: RemovalsTable;
  right_overrides: RightOverridesTable;
  saved_views: SavedViewsTable;
  search_tokens: SearchTokensTable;
  service_categories: ServiceCategoriesTable;
  service_day_counts: ServiceDayCountsTable;
  service_visits: ServiceVisitsTable;
  sessions: SessionsTable;
  staff: StaffTable;
  staff_aliases: StaffAliasesTable;
  stores: StoresTable;
  tasks: TasksTable;
  vehicles: VehiclesTable;
};
