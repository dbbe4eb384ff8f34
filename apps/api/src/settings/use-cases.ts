import { isDeepStrictEqual } from 'node:util';
import { dateIn } from '@baoke/core/kernel';
import { settingOf, succeeding, yearsWithoutHolidays, type Section, type Setting } from '@baoke/core/settings';
import type * as wire from '@baoke/core/settings/wire';
import type { Db } from '@baoke/db';
import { insertLiveEvent } from '@baoke/db/audit';
import * as db from '@baoke/db/settings';
import { readCalendar } from '@baoke/db/stores';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { refusal } from '../http/refusals.ts';

type Input<T extends z.ZodType> = z.output<T>;

type Saved = Pick<wire.SettingView, 'version' | 'savedAt' | 'savedBy'>;

function viewOf(ctx: StaffContext, of: Setting, { version, savedAt, savedBy }: Saved): wire.SettingView {
  const years = of.section === 'calendar' ? yearsWithoutHolidays(of.value, dateIn(ctx.zone, ctx.now)) : [];
  return { of, version, savedAt, savedBy, yearsWithoutHolidays: years };
}

function view(ctx: StaffContext, section: Section, stored: db.StoredSetting | undefined): wire.SettingView {
  return viewOf(ctx, settingOf(section, stored?.value ?? null), stored ?? { version: 0, savedAt: null, savedBy: null });
}

async function readInForce(tx: Db, ctx: StaffContext, section: Section): Promise<wire.SettingView> {
  const [stored] = await db.listSettings(tx, ctx.storeId, section, { limit: 1 });
  const found = view(ctx, section, stored);
  // The days of the calendar that rule are those of its table, also where no version names them.
  return section === 'calendar' ? viewOf(ctx, { section, value: await readCalendar(tx, ctx.storeId) }, found) : found;
}

/** One version of a section; 0 is the shipped preset. */
async function getVersion(tx: Db, ctx: StaffContext, section: Section, version: number): Promise<wire.SettingView> {
  if (version === 0) return view(ctx, section, undefined);
  const [stored] = await db.listSettings(tx, ctx.storeId, section, { version, limit: 1 });
  if (!stored) throw refusal('platform.not_found');
  return view(ctx, section, stored);
}

export function getSetting(ctx: StaffContext, section: Section): Promise<wire.SettingView> {
  return ctx.readStore((tx) => readInForce(tx, ctx, section));
}

/**
 * Saves a section as its next version. What was promised before keeps the version it was promised under.
 *
 * A value that rules already makes no new version. Whoever started from another version than the one in force gets a conflict with what
 * differs: his value, the one in force, and the one he started from.
 */
export function saveSetting(ctx: StaffContext, { of, version }: Input<typeof wire.saveInput>): Promise<wire.SettingView> {
  return ctx.inStore((tx) => writeNext(tx, ctx, of, version, 'save'));
}

/** Makes the value of an earlier version, or the shipped one, rule again as a new version. */
export function restoreSetting(
  ctx: StaffContext,
  { section, version, restored }: Input<typeof wire.restoreInput>,
): Promise<wire.SettingView> {
  return ctx.inStore(async (tx) => writeNext(tx, ctx, (await getVersion(tx, ctx, section, restored)).of, version, 'restore'));
}

async function writeNext(tx: Db, ctx: StaffContext, mine: Setting, version: number, verb: 'save' | 'restore'): Promise<wire.SettingView> {
  const { section } = mine;
  const before = await readInForce(tx, ctx, section);
  if (before.version !== version) throw await conflict(tx, ctx, mine, version);
  const next = succeeding(before.of, mine);
  if (isDeepStrictEqual(asStored(before.of.value), asStored(next.value))) return before;
  if (!(await db.insertSetting(tx, ctx.storeId, { section, version: version + 1, value: next.value, by: ctx.staffId, at: ctx.now })))
    throw await conflict(tx, ctx, next, version);
  if (next.section === 'calendar') await db.replaceCalendarDays(tx, ctx.storeId, next.value.exceptions);
  await recordChange(tx, ctx, {
    action: `settings.${verb}`,
    entity: 'setting',
    entityId: section,
    before: before.of.value,
    after: next.value,
    topic: 'settings',
  });
  // Whoever records results has no right to settings, and hears of their lists by his own.
  if (section === 'results') await insertLiveEvent(tx, ctx.storeId, 'tasks', null);
  return viewOf(ctx, next, { version: version + 1, savedAt: ctx.now, savedBy: { id: ctx.staffId, name: ctx.name } });
}

/** A value as JSON keeps it: without what is undefined. */
function asStored(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

async function conflict(tx: Db, ctx: StaffContext, mine: Setting, version: number): Promise<Error> {
  const { section } = mine;
  const stored = await readInForce(tx, ctx, section);
  const [started] = version === 0 ? [] : await db.listSettings(tx, ctx.storeId, section, { version, limit: 1 });
  const [yours, theirs, original] = [mine.value, stored.of.value, view(ctx, section, started).of.value].map(
    (value) => asStored(value) as Record<string, unknown>,
  ) as [Record<string, unknown>, Record<string, unknown>, Record<string, unknown>];
  return refusal('platform.conflict', {
    conflict: Object.keys(theirs)
      .filter((field) => !isDeepStrictEqual(yours[field], theirs[field]))
      .map((field) => {
        const mineNow = yours[field] ?? null;
        const before = original[field] ?? null;
        // Where he changed nothing both are one value to the letter, whatever order its keys were stored in.
        return { field, yours: mineNow, theirs: theirs[field], original: isDeepStrictEqual(mineNow, before) ? mineNow : before };
      }),
  });
}

/** The versions of a section, the newest first; the shipped preset ends the list as version 0. */
export function listVersions(
  ctx: StaffContext,
  { section, cursor, limit }: Input<typeof wire.historyInput>,
): Promise<z.output<typeof wire.settingHistory>> {
  return ctx.readStore(async (tx) => {
    const stored = await db.listSettings(tx, ctx.storeId, section, { before: cursor ?? undefined, limit: limit + 1 });
    const items = stored.slice(0, limit).map((one) => view(ctx, section, one));
    if (stored.length > limit) return { items, nextCursor: items.at(-1)?.version ?? null };
    return { items: cursor === 0 ? [] : [...items, view(ctx, section, undefined)], nextCursor: null };
  });
}
