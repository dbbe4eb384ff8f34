import { maySeeContent, type Rights } from '@baoke/core/access';
import type { exportAuditInput, exportStaffInput } from '@baoke/core/access/wire';
import { startOfDay } from '@baoke/core/kernel';
import type { exported } from '@baoke/core/kernel/wire';
import { listDepartments, listStaff, type StaffRow } from '@baoke/db/access';
import { listEntries, type AuditEntry } from '@baoke/db/audit';
import { formatsFor } from '@baoke/i18n';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { EXPORT_PAGE, exportFile, filteredDays, personNamed, readPages, type Words } from '../exports/file.ts';
import type { Cell } from '../exports/sheet.ts';

type Exported = Promise<z.output<typeof exported>>;

/** The audit log as a file: the filter of the screen, latest first, values as they were written. */
export function exportAudit(ctx: StaffContext, input: z.output<typeof exportAuditInput>): Exported {
  return exportFile(ctx, input, { action: 'audit.export', entity: 'audit' }, async (tx, t) => {
    const { dateTime } = formatsFor(ctx.zone);
    const { from, to, actorId, entity, entityId } = input;
    const filter = {
      limit: EXPORT_PAGE + 1,
      ...(actorId ? { actorId } : {}),
      ...(entity ? { entity } : {}),
      ...(entityId ? { entityId } : {}),
      ...(from ? { from: startOfDay(ctx.zone, from) } : {}),
      ...(to ? { to: startOfDay(ctx.zone, to) } : {}),
    };
    const { rows, complete } = await readPages(
      (last: AuditEntry | undefined) =>
        listEntries(tx, ctx.storeId, { ...filter, ...(last ? { before: { at: last.at, id: last.id } } : {}) }),
      (entry): Cell[] => {
        const { at, actorName, actorKind, action, entity: kind, entityId: id, ip } = entry;
        const { before, after } = contentFor(ctx.rights, entry);
        return [
          dateTime(at),
          actorName,
          t(`admin.audit.actorKinds.${actorKind}`),
          actionText(t, action),
          kind,
          id,
          textOf(before),
          textOf(after),
          ip,
        ];
      },
    );
    const fields = ['at', 'actor', 'action', 'entity', 'recordId', 'before', 'after', 'ip'] as const;
    const [at, actor, ...rest] = fields.map((field) => t(`admin.audit.${field}`));
    const filters = [
      filteredDays(t('admin.audit.at'), from, to),
      await personNamed(tx, ctx, t('admin.audit.actor'), actorId),
      entity && t(`admin.audit.entities.${entity as 'staff'}`, { defaultValue: entity }),
    ];
    return { name: t('admin.audit.title'), filters, header: [at ?? '', actor ?? '', t('tasks.fields.kind'), ...rest], rows, complete };
  });
}

/** What an entry says of its record, as far as the reader may look at such records. */
export function contentFor(rights: Rights, entry: AuditEntry): { before: unknown; after: unknown; withheld: boolean } {
  const { before, after } = entry;
  return maySeeContent(rights, entry) ? { before, after, withheld: false } : { before: null, after: null, withheld: true };
}

// Actions without words show their code, as on the screen.
function actionText(t: Words, action: string): string {
  return t(`admin.audit.actions.${action.replace('.', '|') as 'staff|create'}`, { defaultValue: action });
}

const MOST_SIGNS = 2_000;
function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value).slice(0, MOST_SIGNS);
}

/** The staff as a file, by the filter of the screen. */
export function exportStaff(ctx: StaffContext, input: z.output<typeof exportStaffInput>): Exported {
  return exportFile(ctx, input, { action: 'staff.export', entity: 'staff' }, async (tx, t) => {
    const reach = ctx.reach('staff', 'export');
    const departments = new Map((await listDepartments(tx, ctx.storeId)).map(({ id, name }) => [id, name]));
    const staff = (await listStaff(tx, ctx.storeId)).filter(
      (member) => (reach === 'everyone' || reach.includes(member.id)) && fits(input, member),
    );
    return {
      name: t('admin.staff.title'),
      filters: [
        input.tab && t(`admin.staff.tabs.${input.tab}`),
        input.name && `“${input.name}”`,
        input.role && t(`roles.${input.role}`),
        input.departmentId && departments.get(input.departmentId),
      ],
      header: [
        ...(['name', 'username', 'role'] as const).map((field) => t(`admin.staff.${field}`)),
        t('common.department'),
        t('admin.staff.team'),
        t('admin.staff.email'),
        t('common.status'),
      ],
      rows: staff.map((m): Cell[] => [
        m.name,
        m.username,
        t(`roles.${m.role}`),
        m.departmentId ? (departments.get(m.departmentId) ?? null) : null,
        m.team,
        m.email,
        t(m.active ? 'admin.staff.active' : 'admin.staff.left'),
      ]),
    };
  });
}

function fits({ tab, name, role, departmentId }: z.output<typeof exportStaffInput>, member: StaffRow): boolean {
  const asked = name?.toLowerCase();
  return (
    (tab === undefined || (tab === 'left' ? !member.active : member.active && (tab === 'active' || member.username === null))) &&
    (asked === undefined || member.name.toLowerCase().includes(asked) || member.username?.includes(asked) === true) &&
    (role === undefined || member.role === role) &&
    (departmentId === undefined || member.departmentId === departmentId)
  );
}
