import { maskPhone } from '@baoke/core/access';
import { startOfDay } from '@baoke/core/kernel';
import type { exported } from '@baoke/core/kernel/wire';
import type { exportTeamInput } from '@baoke/core/tasks/wire';
import * as db from '@baoke/db/tasks';
import { formatsFor } from '@baoke/i18n';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { EXPORT_PAGE, exportFile, filteredDays, personNamed, readPages } from '../exports/file.ts';
import type { Cell } from '../exports/sheet.ts';
import { ruleName } from '../reports/export.ts';
import { dayOf, taskReach } from './use-cases.ts';

const FIELDS = ['kind', 'reason', 'customer', 'vehicle', 'assignee', 'role', 'channel', 'dueAt', 'status'] as const;

/** The team's queue as a file: the filter of the screen, the order of urgency, the same masks. */
export function exportTeamQueue(ctx: StaffContext, input: z.output<typeof exportTeamInput>): Promise<z.output<typeof exported>> {
  return exportFile(ctx, input, { action: 'tasks.export', entity: 'task' }, async (tx, t) => {
    const { dateTime } = formatsFor(ctx.zone);
    const filter = {
      ...input,
      dueFrom: input.dueFrom && startOfDay(ctx.zone, input.dueFrom),
      dueTo: input.dueTo && startOfDay(ctx.zone, input.dueTo),
    };
    const { now, tomorrow } = dayOf(ctx);
    const reach = taskReach(ctx, 'export');
    const { rows, complete } = await readPages(
      (after: db.ListedTask | undefined) =>
        db.listTeamQueue(tx, ctx.storeId, reach, filter, {
          now,
          tomorrow,
          limit: EXPORT_PAGE,
          ...(after ? { after: placeOf(after) } : {}),
        }),
      ({ task, customer, vehicle, assignee }): Cell[] => [
        t(`tasks.kinds.${task.kind}`),
        task.ruleKey === null ? null : ruleName(task.ruleKey, t),
        customer.name,
        vehicle?.plate ?? vehicle?.model ?? null,
        assignee?.name ?? t('tasks.unassigned'),
        t(`roles.${task.role}`),
        t(`care.channels.${task.channel}`),
        dateTime(task.dueAt),
        t(`tasks.statuses.${task.status}`),
        customer.phone && maskPhone(customer.phone),
        task.attempts,
      ],
    );
    return {
      name: `${t('tasks.team')} ${t(`tasks.tabs.${input.tab}`)}`,
      filters: [
        filteredDays(t('tasks.fields.dueAt'), input.dueFrom, input.dueTo),
        input.kinds?.map((kind) => t(`tasks.kinds.${kind}`)).join(t('common.listMark')),
        input.ruleKeys?.map((key) => ruleName(key, t)).join(t('common.listMark')),
        input.role && t(`roles.${input.role}`),
        await personNamed(tx, ctx, t('tasks.fields.assignee'), input.assigneeId),
      ],
      header: [...FIELDS.map((field) => t(`tasks.fields.${field}`)), t('common.phone'), t('tasks.desk.tries')],
      rows,
      complete,
    };
  });
}

function placeOf({ task }: db.ListedTask): db.QueuePlace {
  return { urgency: task.byTheHour ? 0 : 1, dueAt: task.dueAt, priority: task.priority, id: task.id };
}
