import * as rules from '@baoke/core/customers';
import type { standingInput, standingSaved } from '@baoke/core/customers/wire';
import { dateIn } from '@baoke/core/kernel';
import { insertLiveEvent } from '@baoke/db/audit';
import { lockCustomer, resumeTasks, saveStanding, stopTasks, type StoredCustomer } from '@baoke/db/customers';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { orThrow, refusal } from '../http/refusals.ts';

const FIELDS = {
  'customers.standing_in_future': 'change.on',
  'customers.company_not_deceased': 'change.standing',
  'customers.is_deceased': 'change.standing',
  'customers.give_up_needs_note': 'change.note',
} as const;

const ACTIONS = { deceased: 'recordDeath', given_up: 'giveUp', active: 'resumeCare' } as const;

type Facts = {
  readonly standing: rules.Standing;
  readonly standingOn: string | null;
  readonly standingReason: rules.GiveUpReason | null;
  readonly standingNote: string | null;
};

/**
 * Records that a customer has died or is given up, or takes it back; the tasks that go, or come again, go with it in one transaction.
 *
 * A planner that read his facts before finds him on its list of changes and looks again. Said twice, it changes nothing more.
 */
export function setStanding(ctx: StaffContext, input: z.output<typeof standingInput>): Promise<z.output<typeof standingSaved>> {
  return ctx.inStore(async (tx) => {
    const file = await lockCustomer(tx, ctx.storeId, input.customerId, ctx.reach('customers', 'edit'));
    if (!file) throw refusal('platform.not_found');
    const change = orThrow(rules.stand(file, input.change, dateIn(ctx.zone, ctx.now)), FIELDS);
    const before = factsOf(file);
    const after: Facts = {
      standing: change.standing,
      standingOn: 'on' in change ? change.on : null,
      standingReason: 'reason' in change ? change.reason : null,
      standingNote: change.note,
    };
    if (change.standing === 'active' ? before.standing === 'active' : isSame(before, after))
      return { customerId: file.id, version: file.version, tasks: 0 };
    if (input.version !== file.version)
      throw refusal('platform.conflict', {
        conflict: [{ field: 'standing', yours: after.standing, theirs: before.standing, original: null }],
      });
    const version = await saveStanding(tx, ctx.storeId, file.id, change, ctx.staffId, ctx.now);
    // What an earlier one cancelled comes back first, so that it is found by the moment of the present one.
    const resumed = file.standingAt === null ? 0 : await resumeTasks(tx, ctx.storeId, file.id, file.standingAt, ctx.now);
    const stopped = change.standing === 'active' ? 0 : await stopTasks(tx, ctx.storeId, file.id, change.standing, ctx.now);
    const tasks = change.standing === 'active' ? resumed : stopped;
    await recordChange(tx, ctx, {
      action: `customers.${ACTIONS[change.standing]}`,
      entity: 'customer',
      entityId: file.id,
      before,
      after: { ...after, openTasks: tasks },
      topic: 'customers',
    });
    if (resumed + stopped > 0) await insertLiveEvent(tx, ctx.storeId, 'tasks', null);
    return { customerId: file.id, version, tasks };
  });
}

function factsOf({ standing, standingOn, standingReason, standingNote }: StoredCustomer): Facts {
  return standing === 'active'
    ? { standing, standingOn: null, standingReason: null, standingNote: null }
    : { standing, standingOn, standingReason, standingNote };
}

function isSame(a: Facts, b: Facts): boolean {
  return (Object.keys(a) as (keyof Facts)[]).every((fact) => a[fact] === b[fact]);
}
