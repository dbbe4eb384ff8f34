import type { exportMissedInput } from '@baoke/core/care/wire';
import type { exported } from '@baoke/core/kernel/wire';
import * as db from '@baoke/db/care';
import { formatsFor } from '@baoke/i18n';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { EXPORT_PAGE, exportFile, readPages } from '../exports/file.ts';
import type { Cell } from '../exports/sheet.ts';
import { ruleName } from '../reports/export.ts';

/** What was not done in time as a file, latest first. */
export function exportMissed(ctx: StaffContext, input: z.output<typeof exportMissedInput>): Promise<z.output<typeof exported>> {
  return exportFile(ctx, input, { action: 'care.exportMissed', entity: 'task' }, async (tx, t) => {
    const { dateTime } = formatsFor(ctx.zone);
    const reach = ctx.reach('tasks', 'export');
    const { rows, complete } = await readPages(
      (after: db.MissedRow | undefined) =>
        db.listMissed(
          tx,
          ctx.storeId,
          reach === 'everyone' ? null : reach,
          after ? { at: after.missedAt, id: after.taskId } : null,
          EXPORT_PAGE + 1,
        ),
      (row): Cell[] => [
        ruleName(row.ruleKey, t),
        row.customerName,
        row.assigneeName,
        // Both are checked by the table.
        t(`roles.${row.role as 'FU_AGENT'}`),
        t(`care.channels.${row.channel as 'phone'}`),
        dateTime(row.dueAt),
        dateTime(row.missedAt),
      ],
    );
    return {
      name: t('care.missed'),
      header: [
        t('tasks.rule'),
        ...(['customer', 'assignee', 'role', 'channel', 'dueAt'] as const).map((field) => t(`tasks.fields.${field}`)),
        t('tasks.statuses.missed'),
      ],
      rows,
      complete,
    };
  });
}
