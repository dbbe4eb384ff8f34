import type { CareRule, CareRuleKey } from '@baoke/core/care';
import type { CivilDate, Instant, StaffId, StoreId } from '@baoke/core/kernel';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { STORE_LOCKS } from '../locks.ts';

export type StoredRule = { readonly rule: CareRule; readonly version: number; readonly updatedAt: Instant };

/** Keeps one planner of a store at work at a time, until the transaction ends. */
export async function lockPlanner(db: Db, storeId: StoreId): Promise<void> {
  await sql`select pg_advisory_xact_lock(${STORE_LOCKS.planner}, ${storeId})`.execute(db);
}

function toRule(row: { value: unknown; active: boolean; switched_on_at: string | null; version: number; updated_at: string }): StoredRule {
  const rule = row.value as CareRule;
  return {
    rule: { ...rule, activeSince: row.active ? (row.switched_on_at as Instant | null) : null },
    version: row.version,
    updatedAt: row.updated_at as Instant,
  };
}

const RULE = ['value', 'active', 'switched_on_at', 'version', 'updated_at'] as const;

/** The rules of a store in the order of their keys. */
export async function listRules(db: Db, storeId: StoreId): Promise<StoredRule[]> {
  const rows = await db.selectFrom('care_rules').select(RULE).where('store_id', '=', storeId).orderBy('key').execute();
  return rows.map(toRule);
}

export async function findRule(db: Db, storeId: StoreId, key: CareRuleKey): Promise<StoredRule | undefined> {
  const row = await db
    .selectFrom('care_rules')
    .select(RULE)
    .where('store_id', '=', storeId)
    .where('key', '=', key)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row && toRule(row);
}

export async function saveRules(db: Db, storeId: StoreId, rules: readonly CareRule[], by: StaffId | null, now: Instant): Promise<void> {
  if (rules.length === 0) return;
  await db
    .insertInto('care_rules')
    .values(
      rules.map((rule) => ({
        store_id: storeId,
        key: rule.key,
        value: JSON.stringify(rule),
        active: rule.activeSince !== null,
        switched_on_at: rule.activeSince,
        updated_at: now,
        updated_by: by,
      })),
    )
    .onConflict((oc) =>
      oc.columns(['store_id', 'key']).doUpdateSet((eb) => ({
        value: eb.ref('excluded.value'),
        active: eb.ref('excluded.active'),
        switched_on_at: eb.ref('excluded.switched_on_at'),
        updated_at: eb.ref('excluded.updated_at'),
        updated_by: eb.ref('excluded.updated_by'),
        version: sql`care_rules.version + 1`,
      })),
    )
    .execute();
}

/** When the store began: its first rules are on since then. */
export async function getStoreBeginning(db: Db, storeId: StoreId): Promise<Instant> {
  const row = await db.selectFrom('stores').select('created_at').where('id', '=', storeId).executeTakeFirstOrThrow();
  return row.created_at as Instant;
}

export type PlannerRun = {
  readonly id: string;
  readonly kind: 'daily' | 'changes' | 'full';
  readonly plannedOn: CivilDate;
  readonly plannedTo: CivilDate;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly counts: Readonly<Record<string, number>>;
};

const RUN = ['id', 'kind', 'planned_on', 'planned_to', 'started_at', 'finished_at', 'counts'] as const;

function toRun(row: {
  id: string;
  kind: string;
  planned_on: string;
  planned_to: string | null;
  started_at: string;
  finished_at: string | null;
  counts: unknown;
}): PlannerRun {
  return {
    id: row.id,
    kind: row.kind as PlannerRun['kind'],
    plannedOn: row.planned_on as CivilDate,
    plannedTo: (row.planned_to ?? row.planned_on) as CivilDate,
    startedAt: row.started_at as Instant,
    finishedAt: (row.finished_at ?? row.started_at) as Instant,
    counts: (row.counts ?? {}) as Record<string, number>,
  };
}

/** The last finished run that looked at the whole store. */
export async function findLastRun(db: Db, storeId: StoreId): Promise<PlannerRun | undefined> {
  const row = await db
    .selectFrom('planner_runs')
    .select(RUN)
    .where('store_id', '=', storeId)
    .where('finished_at', 'is not', null)
    .where('kind', '<>', 'changes')
    .orderBy('finished_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toRun(row);
}

export async function listRuns(db: Db, storeId: StoreId, limit: number): Promise<PlannerRun[]> {
  const rows = await db
    .selectFrom('planner_runs')
    .select(RUN)
    .where('store_id', '=', storeId)
    .where('finished_at', 'is not', null)
    .orderBy('finished_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toRun);
}

export async function saveRun(db: Db, storeId: StoreId, run: PlannerRun): Promise<void> {
  await db
    .insertInto('planner_runs')
    .values({
      store_id: storeId,
      id: run.id,
      kind: run.kind,
      planned_on: run.plannedOn,
      planned_to: run.plannedTo,
      started_at: run.startedAt,
      finished_at: run.finishedAt,
      counts: JSON.stringify(run.counts),
    })
    .execute();
}
