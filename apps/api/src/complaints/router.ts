import { maskPhone } from '@baoke/core/access';
import { breaches, callsCustomer, promise, deadlineFor, firstHandler } from '@baoke/core/complaints';
import { changedComplaints, changesInput, removedRecords } from '@baoke/core/changes/wire';
import * as wire from '@baoke/core/complaints/wire';
import { byName, startOfDay, type ComplaintId, type Instant } from '@baoke/core/kernel';
import { complaintInput } from '@baoke/core/insight/wire';
import { exported } from '@baoke/core/kernel/wire';
import { listChangedComplaints } from '@baoke/db/changes';
import { countComplaints, findComplaintDetail, listComplaints, listOccasions, placeIn, type ComplaintListed } from '@baoke/db/complaints';
import { listLastContacts } from '@baoke/db/contacts';
import { customerExists } from '@baoke/db/tasks';
import type { StaffContext } from '../context.ts';
import { reachOrNone } from '../customers/card.ts';
import { CHANGES, changesOf, REMOVALS, removalsOf } from '../http/changes.ts';
import { listOf, orderOf } from '../http/cursor.ts';
import { refusal } from '../http/refusals.ts';
import { may, router } from '../trpc.ts';
import { readComplaintTime } from './escalate.ts';
import { exportComplaints, exportScores } from './export.ts';
import { scoringTable } from './scoring.ts';
import { complaintRates, complaintStatistics } from './statistics.ts';
import * as useCases from './use-cases.ts';

function rowView({ customer, ...listed }: ComplaintListed, now: Instant): wire.ComplaintRow {
  const { phone, ...head } = customer;
  return {
    ...listed,
    customer: { ...head, phoneMasked: phone === null ? null : maskPhone(phone) },
    breaches: breaches(listed.complaint, now),
  };
}

async function complaintView(staff: StaffContext, id: ComplaintId): Promise<wire.ComplaintView> {
  const reach = staff.reach('complaints', 'view');
  return staff.readStore(async (tx) => {
    const detail = await findComplaintDetail(tx, staff.storeId, id, reach);
    if (!detail) throw refusal('platform.not_found');
    const { policy } = await readComplaintTime(tx, staff.storeId, staff.zone);
    const contacts = reachOrNone(staff, 'contacts', 'edit');
    const seen = reachOrNone(staff, 'contacts', 'view');
    const notCalled = await useCases.callRefusalOf(tx, staff.storeId, detail.complaint);
    return {
      ...rowView(detail, staff.now),
      vehicle: detail.vehicle,
      visit: detail.visit,
      order: detail.order,
      registeredByName: detail.registeredByName,
      notCalled,
      mayRecordContact: contacts !== null && (await customerExists(tx, staff.storeId, detail.complaint.customerId, contacts)),
      contacts: seen === null ? [] : await listLastContacts(tx, staff.storeId, detail.complaint.customerId, seen),
      canReveal:
        notCalled === null &&
        staff.rights('complaints', 'edit') !== 'none' &&
        callsCustomer(detail.complaint, { id: staff.staffId, role: staff.role }, policy, staff.now),
      events: detail.events.map((e) => ({ ...e, by: e.staffId && e.by ? { id: e.staffId, name: e.by } : null })),
      escalations: [...detail.escalations],
      confirmingRoles: [...policy.confirmingRoles],
      longestPauseHours: policy.longestPauseHours,
    };
  });
}

type StepInput = { complaintId: ComplaintId };

/** A step answers the complaint as its page shows it. Inside one idempotent request this reads what the step just wrote. */
async function after<I extends StepInput>(
  staff: StaffContext,
  input: I,
  take: (ctx: StaffContext, input: I) => Promise<ComplaintId>,
): Promise<wire.ComplaintView> {
  return complaintView(staff, await take(staff, input));
}

const search = { method: 'POST', path: '/complaints/search', summary: 'List complaints' } as const;

export const complaintsRouter = router({
  list: may('complaints', 'view', search)
    .input(wire.listInput)
    .output(wire.complaintPage)
    .query(async ({ ctx: { staff }, input }) => {
      const registered = {
        ...(input.registeredFrom ? { from: startOfDay(staff.zone, input.registeredFrom) } : {}),
        ...(input.registeredTo ? { to: startOfDay(staff.zone, input.registeredTo) } : {}),
      };
      const list = listOf<[Instant, ComplaintId]>('complaints.list', 2, orderOf(input));
      const after = list.placeIn(input.cursor);
      const view = {
        reach: staff.reach('complaints', 'view'),
        me: staff.staffId,
        now: staff.now,
        registered,
        ...(after ? { after: { key: after[0], id: after[1] } } : {}),
      };
      const rows = await staff.readStore((tx) => listComplaints(tx, staff.storeId, input, view));
      const page = list.pageOf(rows, input.limit, (row) => {
        const { key, id } = placeIn(input, row);
        return [key, id];
      });
      return { items: page.items.map((row) => rowView(row, staff.now)), nextCursor: page.nextCursor };
    }),

  changes: may('complaints', 'view', {
    method: 'GET',
    path: '/complaints/changes',
    summary: 'Complaints in the order of their last change',
    description: CHANGES,
  })
    .input(changesInput)
    .output(changedComplaints)
    .query(({ ctx, input }) => changesOf(ctx.staff, 'complaints', input, listChangedComplaints)),

  removals: may('complaints', 'view', {
    method: 'GET',
    path: '/complaints/removals',
    summary: 'Complaints that were removed, in the order in which they went',
    description: REMOVALS,
  })
    .input(changesInput)
    .output(removedRecords)
    .query(({ ctx: { staff }, input }) => removalsOf(staff, 'complaints', input)),

  counts: may('complaints', 'view', { method: 'GET', path: '/complaints/counts', summary: 'How many complaints each quick scope holds' })
    .output(wire.complaintCounts)
    .query(({ ctx: { staff } }) =>
      staff.readStore((tx) =>
        countComplaints(
          tx,
          staff.storeId,
          { reach: staff.reach('complaints', 'view'), me: staff.staffId, now: staff.now },
          wire.COMPLAINT_TABS,
        ),
      ),
    ),

  get: may('complaints', 'view', { method: 'GET', path: '/complaints/{complaintId}', summary: 'One complaint' })
    .input(wire.getInput)
    .output(wire.complaintView)
    .query(({ ctx, input }) => complaintView(ctx.staff, input.complaintId)),

  options: may('complaints', 'view', { method: 'GET', path: '/complaints/options', summary: 'Departments and staff for the forms' })
    .output(wire.complaintOptions)
    .query(({ ctx: { staff } }) =>
      staff.readStore(async (tx) => {
        const { responsible } = await readComplaintTime(tx, staff.storeId, staff.zone);
        return {
          departments: responsible.departments,
          staff: responsible.people.toSorted(byName).map(({ id, name, role, departmentId, level, active }) => ({
            id,
            name,
            role,
            departmentId,
            level,
            active,
          })),
        };
      }),
    ),

  occasions: may('complaints', 'edit', {
    method: 'POST',
    path: '/complaints/occasions',
    summary: 'Visits and orders that a complaint of a customer can be about',
  })
    .input(wire.occasionsInput)
    .output(wire.occasions)
    .query(async ({ ctx: { staff }, input }) => {
      const reach = {
        customers: staff.reach('customers', 'view'),
        visits: reachOrNone(staff, 'service', 'view'),
        orders: reachOrNone(staff, 'orders', 'view'),
      };
      const of = { ...input, vehicleId: input.vehicleId ?? null, chosenId: input.chosenId ?? null };
      const found = await staff.readStore((tx) => listOccasions(tx, staff.storeId, of, reach), 'find');
      if (!found) throw refusal('platform.not_found', { fields: [{ path: 'customerId', code: 'unknown_record' }] });
      return found;
    }),

  preview: may('complaints', 'edit', {
    method: 'POST',
    path: '/complaints/preview',
    summary: 'What a complaint registered now would promise',
  })
    .input(wire.promisePreviewInput)
    .output(wire.promisePreview)
    .query(({ ctx: { staff }, input }) =>
      staff.readStore(async (tx) => {
        const { policy, time, responsible } = await readComplaintTime(tx, staff.storeId, staff.zone);
        const made = promise(deadlineFor(policy, input.source, input.kind, input.severity), staff.now, time);
        const handler = firstHandler(responsible.ladder(input.departmentId), input.accusedId ?? null);
        const person = handler.ok ? responsible.person(handler.value.id) : undefined;
        return {
          responseDueAt: made.response.dueAt,
          closeDueAt: made.close.dueAt,
          handler: person ? { id: person.id, name: person.name } : null,
        };
      }),
    ),

  register: may('complaints', 'edit', { method: 'POST', path: '/complaints', summary: 'Register a complaint' })
    .input(wire.registerInput)
    .output(wire.complaintView)
    .mutation(async ({ ctx, input }) => complaintView(ctx.staff, await useCases.register(ctx.staff, input))),

  respond: may('complaints', 'edit', { method: 'POST', path: '/complaints/{complaintId}/respond', summary: 'Record the first response' })
    .input(wire.respondInput)
    .output(wire.complaintView)
    .mutation(({ ctx, input }) => after(ctx.staff, input, useCases.respond)),

  addAction: may('complaints', 'edit', {
    method: 'POST',
    path: '/complaints/{complaintId}/actions',
    summary: 'Note something done for the customer',
  })
    .input(wire.actionInput)
    .output(wire.complaintView)
    .mutation(({ ctx, input }) => after(ctx.staff, input, useCases.addAction)),

  solve: may('complaints', 'edit', { method: 'POST', path: '/complaints/{complaintId}/solve', summary: 'Record the solution' })
    .input(wire.solveInput)
    .output(wire.complaintView)
    .mutation(({ ctx, input }) => after(ctx.staff, input, useCases.solve)),

  confirm: may('complaints', 'edit', {
    method: 'POST',
    path: '/complaints/{complaintId}/confirm',
    summary: 'Record whether the customer is satisfied',
  })
    .input(wire.confirmInput)
    .output(wire.complaintView)
    .mutation(({ ctx, input }) => after(ctx.staff, input, useCases.confirm)),

  reopen: may('complaints', 'edit', { method: 'POST', path: '/complaints/{complaintId}/reopen', summary: 'Open a closed complaint again' })
    .input(wire.reopenInput)
    .output(wire.complaintView)
    .mutation(({ ctx, input }) => after(ctx.staff, input, useCases.reopen)),

  reassign: may('complaints', 'decide', {
    method: 'POST',
    path: '/complaints/{complaintId}/reassign',
    summary: 'Give the complaint to another handler',
  })
    .input(wire.reassignInput)
    .output(wire.complaintView)
    .mutation(({ ctx, input }) => after(ctx.staff, input, useCases.reassign)),

  amend: may('complaints', 'edit', {
    method: 'POST',
    path: '/complaints/{complaintId}/amend',
    summary: 'Put right kind, severity, department or the person complained about',
  })
    .input(wire.amendInput)
    .output(wire.complaintView)
    .mutation(({ ctx, input }) => after(ctx.staff, input, useCases.amend)),

  requestPause: may('complaints', 'edit', {
    method: 'POST',
    path: '/complaints/{complaintId}/pause',
    summary: 'Ask for the clock to be stopped',
  })
    .input(wire.pauseInput)
    .output(wire.complaintView)
    .mutation(({ ctx, input }) => after(ctx.staff, input, useCases.requestPause)),

  decidePause: may('complaints', 'decide', {
    method: 'POST',
    path: '/complaints/{complaintId}/pause/decision',
    summary: 'Stop the clock or refuse to',
  })
    .input(wire.decidePauseInput)
    .output(wire.complaintView)
    .mutation(({ ctx, input }) => after(ctx.staff, input, useCases.decidePause)),

  resume: may('complaints', 'edit', { method: 'POST', path: '/complaints/{complaintId}/resume', summary: 'Let the clock run on' })
    .input(wire.resumeInput)
    .output(wire.complaintView)
    .mutation(({ ctx, input }) => after(ctx.staff, input, useCases.resume)),

  revealPhone: may('complaints', 'edit', {
    method: 'POST',
    path: '/complaints/{complaintId}/reveal-phone',
    summary: 'Show the number to whoever has to call about the complaint',
  })
    .input(wire.getInput)
    .output(wire.revealedPhone)
    .mutation(({ ctx, input }) => useCases.revealPhone(ctx.staff, input.complaintId)),

  statistics: may('complaints', 'view', {
    method: 'POST',
    path: '/complaints/statistics',
    summary: 'Complaints of a period by kind, source, department or person',
  })
    .input(wire.statisticsInput)
    .output(wire.statistics)
    .query(({ ctx: { staff }, input }) => complaintStatistics(staff, input.period, input.groupBy)),

  rates: may('complaints', 'view', { method: 'POST', path: '/complaints/rates', summary: 'Complaint rates and kept promises of a period' })
    .input(complaintInput)
    .output(wire.rateReport)
    .query(({ ctx: { staff }, input }) => complaintRates(staff, input)),

  scoring: may('complaints', 'decide', {
    method: 'GET',
    path: '/complaints/scoring/{month}',
    summary: 'Month-end points against each person',
  })
    .input(wire.scoringInput)
    .output(wire.scoringTable)
    .query(({ ctx: { staff }, input }) => scoringTable(staff, input.month)),

  export: may('complaints', 'export', { method: 'POST', path: '/complaints/export', summary: 'The list as an Excel or CSV file; recorded' })
    .input(wire.exportInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportComplaints(ctx.staff, input)),

  exportScores: may('complaints', 'export', {
    method: 'POST',
    path: '/complaints/scoring/export',
    summary: 'Month-end points as an Excel or CSV file; recorded',
  })
    .input(wire.exportScoringInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportScores(ctx.staff, input)),
});
