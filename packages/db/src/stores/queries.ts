import type { Role } from '@baoke/core/access';
import type {
  AccountId,
  BusinessCalendar,
  CalendarException,
  CivilDate,
  DepartmentId,
  GroupId,
  Instant,
  StaffId,
  StoreId,
  TimeZone,
} from '@baoke/core/kernel';
import { DEFAULT_BUSINESS_CALENDAR } from '@baoke/core/kernel';
import type { ServiceCategory } from '@baoke/core/service';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export type Store = {
  readonly id: StoreId;
  readonly code: string;
  readonly name: string;
  readonly groupId: GroupId;
  readonly zone: TimeZone;
  readonly plateProvince: string;
  readonly areaCode: string;
};

/** Where a store writes its numbers from: a landline without area code, a plate without its first sign. */
export type StoreHome = Pick<Store, 'plateProvince' | 'areaCode'>;

const STORE = ['id', 'code', 'name', 'group_id', 'time_zone', 'plate_province', 'area_code'] as const;

function toStore(r: {
  id: number;
  code: string;
  name: string;
  group_id: number;
  time_zone: string;
  plate_province: string;
  area_code: string;
}): Store {
  return {
    id: r.id as StoreId,
    code: r.code,
    name: r.name,
    groupId: r.group_id as GroupId,
    zone: r.time_zone as TimeZone,
    plateProvince: r.plate_province,
    areaCode: r.area_code,
  };
}

export async function listStores(db: Db): Promise<Store[]> {
  return (await db.selectFrom('stores').select(STORE).orderBy('id').execute()).map(toStore);
}

export async function getStore(db: Db, id: StoreId): Promise<Store> {
  return toStore(await db.selectFrom('stores').select(STORE).where('id', '=', id).executeTakeFirstOrThrow());
}

export async function findStoreByCode(db: Db, code: string): Promise<Store | undefined> {
  const row = await db.selectFrom('stores').select(STORE).where('code', '=', code).executeTakeFirst();
  return row && toStore(row);
}

/** Finds the group of this code or makes it. */
export async function ensureGroup(db: Db, code: string, name: string): Promise<GroupId> {
  const row = await db
    .insertInto('groups')
    .values({ code, name })
    .onConflict((oc) => oc.column('code').doUpdateSet({ code }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id as GroupId;
}

/** Writes a new store, begun at `at`: its care rules plan nothing earlier. */
export async function insertStore(db: Db, store: Omit<Store, 'id'>, at: Instant): Promise<StoreId> {
  const row = await db
    .insertInto('stores')
    .values({
      group_id: store.groupId,
      code: store.code,
      name: store.name,
      time_zone: store.zone,
      plate_province: store.plateProvince,
      area_code: store.areaCode,
      created_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id as StoreId;
}

export async function insertDepartments(
  db: Db,
  storeId: StoreId,
  departments: readonly { id: DepartmentId; kind: string; name: string }[],
): Promise<void> {
  await db
    .insertInto('departments')
    .values(departments.map((d) => ({ store_id: storeId, ...d })))
    .execute();
}

export async function insertServiceCategories(db: Db, storeId: StoreId, categories: readonly ServiceCategory[]): Promise<void> {
  await db
    .insertInto('service_categories')
    .values(
      categories.map((c, position) => ({
        store_id: storeId,
        code: c.code,
        name_zh: c.zh,
        name_en: c.en,
        effective: c.effective,
        maintenance: c.maintenance,
        position,
      })),
    )
    .execute();
}

export async function insertAccount(
  db: Db,
  account: { id: AccountId; groupId: GroupId; username: string; passwordHash: string; mustChangePassword: boolean; locale?: 'zh' | 'en' },
): Promise<void> {
  await db
    .insertInto('accounts')
    .values({
      id: account.id,
      group_id: account.groupId,
      username: account.username,
      password_hash: account.passwordHash,
      must_change_password: account.mustChangePassword,
      locale: account.locale ?? 'zh',
    })
    .execute();
}

export async function insertStaff(
  db: Db,
  storeId: StoreId,
  staff: readonly {
    id: StaffId;
    accountId: AccountId | null;
    name: string;
    role: Role;
    departmentId: DepartmentId | null;
    team?: string | null;
  }[],
): Promise<void> {
  if (staff.length === 0) return;
  await db
    .insertInto('staff')
    .values(
      staff.map((s) => ({
        store_id: storeId,
        id: s.id,
        account_id: s.accountId,
        name: s.name,
        role: s.role,
        department_id: s.departmentId,
        team: s.team ?? null,
      })),
    )
    .execute();
}

/** Lets the planner know rows that came in by the thousand; what is read before would be planned for the tables as they were. */
export async function refreshStatistics(db: Db): Promise<void> {
  await sql`select baoke_refresh_statistics()`.execute(db);
}

/** The working calendar of a store: the week of its policy, the exceptions it has entered. */
export async function readCalendar(db: Db, storeId: StoreId): Promise<BusinessCalendar> {
  const { rows } = await sql<{
    week: BusinessCalendar['week'] | null;
    days: { day: CivilDate; open: boolean; name: string | null }[];
  }>`select
      (select value -> 'week' from policies where store_id = ${storeId} and capability = 'calendar' order by version desc limit 1) as week,
      (select coalesce(json_agg(json_build_object('day', day, 'open', open, 'name', name)), '[]') from calendar_days where store_id = ${storeId}) as days`.execute(
    db,
  );
  const row = rows[0];
  const exceptions: CalendarException[] = (row?.days ?? []).map((d) => ({
    date: d.day,
    open: d.open,
    ...(d.name ? { name: d.name } : {}),
  }));
  return { week: row?.week ?? DEFAULT_BUSINESS_CALENDAR.week, exceptions };
}

/** The working calendars a store has had: answers the one that was in force at an instant. */
export async function readCalendars(db: Db, storeId: StoreId): Promise<(at: Instant) => BusinessCalendar> {
  const current = await readCalendar(db, storeId);
  const saved = await db
    .selectFrom('policies')
    .select(['value', 'created_at'])
    .where('store_id', '=', storeId)
    .where('capability', '=', 'calendar')
    .orderBy('version', 'desc')
    .execute();
  return (at) => {
    const version = saved.findIndex(({ created_at }) => created_at <= at);
    if (version === 0 || saved.length === 0) return current;
    // What the settings saved was judged by their schema.
    return (saved[version]?.value as BusinessCalendar | undefined) ?? DEFAULT_BUSINESS_CALENDAR;
  };
}

/** The people of the demo store who can sign in. */
export async function listDemoAccounts(db: Db, storeId: StoreId): Promise<{ username: string; name: string; role: Role }[]> {
  const rows = await db
    .selectFrom('staff as s')
    .innerJoin('accounts as a', 'a.id', 's.account_id')
    .select(['a.username', 's.name', 's.role'])
    .where('s.store_id', '=', storeId)
    .orderBy('s.id')
    .execute();
  return rows.map((r) => ({ username: r.username, name: r.name, role: r.role as Role }));
}
