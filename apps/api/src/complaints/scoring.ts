import { breaches, scores, type ScoredComplaint } from '@baoke/core/complaints';
import type { scoringTable as wireTable } from '@baoke/core/complaints/wire';
import { addMonths, startOfDay } from '@baoke/core/kernel';
import { listRegistered } from '@baoke/db/complaints';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import { readComplaintTime } from './escalate.ts';

/** Points against each person of a month, most first, with what a point is made of (COMP-09). */
export async function scoringTable(staff: StaffContext, month: string): Promise<z.output<typeof wireTable>> {
  const reach = staff.reach('complaints', 'decide');
  const first = `${month}-01` as Parameters<typeof startOfDay>[1];
  return staff.readStore(async (tx) => {
    const { policy, responsible } = await readComplaintTime(tx, staff.storeId, staff.zone);
    const period = { from: startOfDay(staff.zone, first), to: startOfDay(staff.zone, addMonths(first, 1)) };
    const accused = (await listRegistered(tx, staff.storeId, period, reach)).flatMap(({ complaint: c }): ScoredComplaint[] =>
      c.accusedId ? [{ ...c, accusedId: c.accusedId, breaches: breaches(c, staff.now).length }] : [],
    );
    const rows = scores(accused, policy).map((score) => {
      const person = responsible.person(score.staffId);
      return {
        ...score,
        name: person?.name ?? '',
        department: responsible.departments.find((d) => d.id === person?.departmentId)?.name ?? null,
      };
    });
    return { rows, scoring: { byKind: [], ...policy.scoring } };
  });
}
