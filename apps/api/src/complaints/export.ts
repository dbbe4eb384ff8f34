import { maskPhone } from '@baoke/core/access';
import { breaches } from '@baoke/core/complaints';
import type { exportInput, exportScoringInput } from '@baoke/core/complaints/wire';
import { startOfDay } from '@baoke/core/kernel';
import type { exported } from '@baoke/core/kernel/wire';
import { listComplaints, placeIn, type ComplaintListed } from '@baoke/db/complaints';
import { complaintKindText, formatsFor } from '@baoke/i18n';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { customerMarks, EXPORT_PAGE, exportFile, filteredDays, personNamed, readPages, type Words } from '../exports/file.ts';
import type { Cell } from '../exports/sheet.ts';
import { scoringTable } from './scoring.ts';

type Exported = Promise<z.output<typeof exported>>;

const FIELDS = [
  'number',
  'registeredAt',
  'status',
  'severity',
  'kind',
  'source',
  'customer',
  'content',
  'department',
  'handler',
  'accused',
  'responseDue',
  'respondedAt',
  'closeDue',
  'closedAt',
  'breach',
  'goodwill',
  'reopenedCount',
] as const;

/** The list of complaints as a file: the filter and order of the screen, the same masks (COMP-09, RPT-15). */
export function exportComplaints(ctx: StaffContext, input: z.output<typeof exportInput>): Exported {
  return exportFile(ctx, input, { action: 'complaints.export', entity: 'complaint' }, async (tx, t) => {
    const registered = {
      ...(input.registeredFrom ? { from: startOfDay(ctx.zone, input.registeredFrom) } : {}),
      ...(input.registeredTo ? { to: startOfDay(ctx.zone, input.registeredTo) } : {}),
    };
    const view = { reach: ctx.reach('complaints', 'export'), me: ctx.staffId, now: ctx.now, registered };
    const { rows, complete } = await readPages(
      (after: ComplaintListed | undefined) =>
        listComplaints(tx, ctx.storeId, { ...input, limit: EXPORT_PAGE }, { ...view, ...(after ? { after: placeIn(input, after) } : {}) }),
      (row) => cellsOf(ctx, row, t),
    );
    const [first, ...rest] = FIELDS.map((field) => t(`complaints.fields.${field}`));
    const { tab, statuses, severities, kinds, sources } = input;
    return {
      name: [t('complaints.title'), ...(tab === 'all' ? [] : [t(`complaints.tabs.${tab}`)])].join(' '),
      filters: [
        filteredDays(t('complaints.fields.registeredAt'), input.registeredFrom, input.registeredTo),
        statuses?.map((status) => t(`complaints.statuses.${status}`)).join(t('common.listMark')),
        severities?.map((severity) => t(`complaints.severities.${severity}`)).join(t('common.listMark')),
        kinds?.map((kind) => complaintKindText(t, kind)).join(t('common.listMark')),
        sources?.map((source) => t(`complaints.sources.${source}`)).join(t('common.listMark')),
        input.breached && t(`complaints.breached.${input.breached}`),
        input.number && `${t('complaints.fields.number')} ${input.number}`,
        await personNamed(tx, ctx, t('complaints.fields.handler'), input.handlerId),
        await personNamed(tx, ctx, t('complaints.fields.accused'), input.accusedId),
      ],
      header: [first ?? '', ...rest.slice(0, 6), t('customers.fields.flags'), t('common.phone'), t('common.plate'), ...rest.slice(6)],
      rows,
      complete,
    };
  });
}

function cellsOf(
  { zone, now }: StaffContext,
  { complaint: c, customer, plate, department, handler, accused }: ComplaintListed,
  t: Words,
): Cell[] {
  const { dateTime } = formatsFor(zone);
  return [
    c.number,
    dateTime(c.registeredAt),
    t(`complaints.statuses.${c.status}`),
    t(`complaints.severities.${c.severity}`),
    complaintKindText(t, c.kind),
    t(`complaints.sources.${c.source}`),
    customer.name,
    customerMarks(customer, t),
    customer.phone && maskPhone(customer.phone),
    plate,
    c.content,
    department,
    handler.name,
    accused?.name ?? null,
    dateTime(c.response.dueAt),
    c.status === 'registered' ? null : dateTime(c.respondedAt),
    dateTime(c.close.dueAt),
    c.status === 'closed' ? dateTime(c.closedAt) : null,
    breaches(c, now)
      .map((promise) => t(`complaints.breached.${promise}`))
      .join(' '),
    c.status === 'registered' || c.status === 'responded' ? null : c.goodwillFen / 100,
    c.reopenedCount,
  ];
}

/** The month's points against each person as a file for payroll (COMP-09, FRM-63), a row each, and a sheet of their kinds: for whoever may see the table and take complaints away. */
export function exportScores(ctx: StaffContext, input: z.output<typeof exportScoringInput>): Exported {
  return exportFile(ctx, input, { action: 'complaints.exportScores', entity: 'complaint' }, async (_tx, t) => {
    const { month } = input;
    const { rows } = await scoringTable(ctx, month);
    const columns = ['complaints', 'breaches', 'reopenings', 'points'] as const;
    const person = ['monthTitle', 'staff', 'department'] as const;
    return {
      name: `${t('complaints.scoring.title')} ${month}`,
      header: [...person, 'kinds' as const, ...columns].map((column) => t(`complaints.scoring.${column}`)),
      rows: rows.map((row) => [
        month,
        row.name,
        row.department,
        row.kinds.map(({ kind, complaints }) => `${complaintKindText(t, kind)} ×${complaints}`).join(t('common.listMark')),
        ...columns.map((column) => row[column]),
      ]),
      more: [
        {
          name: t('complaints.scoring.byKind'),
          header: [...person, 'kind' as const, 'complaints' as const, 'kindPoints' as const].map((column) =>
            t(`complaints.scoring.${column}`),
          ),
          rows: rows.flatMap(({ name, department, kinds }) =>
            kinds.map(({ kind, complaints, points }) => [month, name, department, complaintKindText(t, kind), complaints, points]),
          ),
        },
      ],
    };
  });
}
