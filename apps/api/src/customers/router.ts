import { maskIdNumber } from '@baoke/core/access';
import { numberEnd } from '@baoke/core/complaints';
import { CUSTOMER_TABS, formatPhone, maskPhone } from '@baoke/core/customers';
import { changedCustomers, changesInput, removedRecords } from '@baoke/core/changes/wire';
import * as wire from '@baoke/core/customers/wire';
import { exported } from '@baoke/core/kernel/wire';
import { byName, type Instant } from '@baoke/core/kernel';
import { listChangedCustomers } from '@baoke/db/changes';
import { findByNumber } from '@baoke/db/complaints';
import {
  countCustomers,
  filtersByBounds,
  findRecords,
  listCustomers,
  listStaff,
  listTimeline,
  placeSizes,
  type ListPlace,
} from '@baoke/db/customers';
import { z } from 'zod';
import { CHANGES, changesOf, REMOVALS, removalsOf } from '../http/changes.ts';
import { listOf, orderOf } from '../http/cursor.ts';
import { refusal } from '../http/refusals.ts';
import { may, router } from '../trpc.ts';
import * as bulk from './bulk.ts';
import { customerCard, reachOrNone, timelineReach } from './card.ts';
import { createCustomer } from './create.ts';
import { checkDuplicates, policyFrom, readCustomerPolicy } from './duplicates.ts';
import { exportCustomers } from './export.ts';
import { boundsOf, customerRow, listView, searchLimits } from './list.ts';
import { setStanding } from './standing.ts';
import { withTakeBack } from './timeline.ts';
import { upsertCustomers } from './upsert.ts';
import * as useCases from './use-cases.ts';

const TIMELINE = listOf<[Instant, string]>('customers.timeline', 2);

export const customersRouter = router({
  list: may('customers', 'view', { method: 'POST', path: '/customers/search', summary: 'List customers' })
    .input(wire.listInput)
    .output(wire.customerPage)
    .query(({ ctx: { staff }, input }) => {
      const list = listOf<ListPlace>('customers.list', placeSizes(input.sort), orderOf(input));
      const after = list.placeIn(input.cursor);
      return staff.readStore(async (tx) => {
        const view = { ...listView(staff, input, 'view'), ...(after ? { after } : {}) };
        // A filter by the policy's days waits for them; any other list brings the policy along.
        const asked = filtersByBounds(input) ? boundsOf(staff, await readCustomerPolicy(tx, staff.storeId)) : null;
        const { rows, ownPolicy } = await listCustomers(tx, staff.storeId, input, { ...view, bounds: asked });
        const bounds = asked ?? boundsOf(staff, policyFrom(ownPolicy));
        const page = list.pageOf(rows, input.limit, ({ place }) => place);
        return { items: page.items.map((row) => customerRow(row, bounds, view.limits.vehicles)), nextCursor: page.nextCursor };
      });
    }),

  counts: may('customers', 'view', { method: 'GET', path: '/customers/counts', summary: 'How many customers each quick scope holds' })
    .output(wire.customerCounts)
    .query(({ ctx: { staff } }) =>
      staff.readStore(async (tx) => {
        const bounds = boundsOf(staff, await readCustomerPolicy(tx, staff.storeId));
        return countCustomers(tx, staff.storeId, { reach: staff.reach('customers', 'view'), me: staff.staffId, bounds }, CUSTOMER_TABS);
      }),
    ),

  get: may('customers', 'view', { method: 'GET', path: '/customers/{customerId}', summary: 'The card of a customer' })
    .input(wire.customerInput)
    .output(wire.customerCard)
    .query(({ ctx, input }) => customerCard(ctx.staff, input.customerId)),

  timeline: may('customers', 'view', {
    method: 'POST',
    path: '/customers/{customerId}/timeline',
    summary: 'Everything that happened with a customer',
  })
    .input(wire.timelineInput)
    .output(wire.timelinePage)
    .query(async ({ ctx: { staff }, input }) => {
      const cursor = TIMELINE.placeIn(input.cursor);
      const view = {
        reach: staff.reach('customers', 'view'),
        see: timelineReach(staff, input.kinds ?? wire.TIMELINE_KINDS),
        zone: staff.zone,
        limit: input.limit,
      };
      return staff.readStore(async (tx) => {
        const rows = await listTimeline(tx, staff.storeId, input.customerId, {
          ...view,
          ...(cursor ? { after: { at: cursor[0], id: cursor[1] } } : {}),
        });
        if (!rows) throw refusal('platform.not_found');
        const { items, nextCursor } = TIMELINE.pageOf(rows, input.limit, ({ at, id }) => [at, id]);
        return { items: await withTakeBack(tx, staff, items), nextCursor };
      });
    }),

  options: may('customers', 'view', {
    method: 'GET',
    path: '/customers/options',
    summary: 'Staff who can be named as consultant or advisor',
  })
    .output(wire.staffOptions)
    .query(async ({ ctx: { staff } }) => ({
      staff: (await staff.readStore((tx) => listStaff(tx, staff.storeId))).toSorted(
        (a, b) => Number(b.active) - Number(a.active) || byName(a, b),
      ),
    })),

  checkDuplicates: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/duplicates',
    summary: 'Files that may be the customer being entered',
  })
    .input(wire.duplicatesInput)
    .output(wire.duplicates)
    .query(async ({ ctx, input }) => ({ items: await checkDuplicates(ctx.platform, ctx.staff, input) })),

  create: may('customers', 'edit', { method: 'POST', path: '/customers', summary: 'Open a customer file' })
    .input(wire.createInput)
    .output(wire.saved)
    .mutation(({ ctx, input }) => createCustomer(ctx.platform, ctx.staff, input)),

  upsertMany: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/bulk',
    summary: 'Write many customers by the ids of another system',
    description:
      'Up to 1,000 rows, each answered by itself: created, updated, unchanged, or refused with its fields. A refused row leaves the others as they are. ' +
      'Fields that are left out stay as they are, null empties them. The key also needs the scope `customers:view`.',
  })
    .input(wire.upsertManyInput)
    .output(wire.upsertedMany)
    .mutation(({ ctx, input }) => upsertCustomers(ctx.platform, ctx.staff, input, ctx.locale())),

  count: may('customers', 'view', {
    method: 'POST',
    path: '/customers/count',
    summary: 'How many customers a filter finds, up to as many as may be changed at once',
  })
    .input(wire.countInput)
    .output(wire.counted)
    .query(({ ctx, input }) => bulk.countMatching(ctx.staff, input)),

  previewChange: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/change-many/preview',
    summary: 'What a change of many customers would do',
    errorResponses: [422],
  })
    .input(wire.previewChangeInput)
    .output(wire.changePreview)
    .query(({ ctx, input }) => bulk.previewChange(ctx.staff, input)),

  changeMany: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/change-many',
    summary: 'Change one field of many customers, as previewed',
    description:
      'Assigns a consultant or advisor, or sets a flag, of up to 5,000 customers named or found by a filter. Takes the `stamp` of the preview: where anything ' +
      'it showed is different by now, nothing is changed. Customers out of reach or closed are left as they are and told; with an id ' +
      'that names nobody the caller sees nothing is changed. Can be taken back for 24 hours.',
  })
    .input(wire.changeManyInput)
    .output(wire.changedMany)
    .mutation(({ ctx, input }) => bulk.changeMany(ctx.staff, input)),

  lastChange: may('customers', 'edit', {
    method: 'GET',
    path: '/customers/change-many/last',
    summary: 'My last change of many customers that can be taken back',
  })
    .output(wire.lastChange)
    .query(({ ctx }) => bulk.lastChange(ctx.staff)),

  undoChange: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/change-many/{batchId}/undo',
    summary: 'Take back a change of many, where nobody has changed the field since',
  })
    .input(wire.batchInput)
    .output(wire.undone)
    .mutation(({ ctx, input }) => bulk.undoChange(ctx.staff, input.batchId)),

  changes: may('customers', 'view', {
    method: 'GET',
    path: '/customers/changes',
    summary: 'Customers in the order of their last change',
    description: CHANGES,
  })
    .input(changesInput)
    .output(changedCustomers)
    .query(async ({ ctx: { staff }, input }) => {
      const { items, ...rest } = await changesOf(staff, 'customers', input, listChangedCustomers);
      return { items: items.map(({ phone, ...customer }) => ({ ...customer, phoneMasked: phone && maskPhone(phone) })), ...rest };
    }),

  removals: may('customers', 'view', {
    method: 'GET',
    path: '/customers/removals',
    summary: 'Customers that were removed, in the order in which they went',
    description: REMOVALS,
  })
    .input(changesInput)
    .output(removedRecords)
    .query(({ ctx: { staff }, input }) => removalsOf(staff, 'customers', input)),

  openForEdit: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/{customerId}/edit',
    summary: 'The file with its contact data in full; recorded',
  })
    .input(wire.customerInput)
    .output(wire.customerForm)
    .mutation(async ({ ctx: { staff }, input }) => {
      const file = await useCases.openForEdit(staff, input.customerId);
      return {
        ...file,
        customerId: file.id,
        phones: file.phones.map(formatPhone),
        contactPersons: [...file.contactPersons],
        idNumberMasked: file.idNumberTail === null ? null : maskIdNumber(file.idNumberTail),
      };
    }),

  update: may('customers', 'edit', { method: 'PATCH', path: '/customers/{customerId}', summary: 'Change a customer file' })
    .input(wire.updateInput)
    .output(wire.saved)
    .mutation(({ ctx, input }) => useCases.updateCustomer(ctx.platform, ctx.staff, input)),

  setFlags: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/{customerId}/flags',
    summary: 'Mark a customer as fleet, VIP or difficult',
  })
    .input(wire.flagsInput)
    .output(wire.saved)
    .mutation(({ ctx, input }) => useCases.setFlags(ctx.staff, input)),

  setStanding: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/{customerId}/standing',
    summary: 'Record a death, or that a customer is given up; or take it back',
    description:
      'Either stops all care: planned tasks and messages are cancelled at once, with a death also tasks set by hand; what is owed for a complaint stays. ' +
      'Taking it back opens again what it cancelled and has not lapsed.',
  })
    .input(wire.standingInput)
    .output(wire.standingSaved)
    .mutation(({ ctx, input }) => setStanding(ctx.staff, input)),

  verify: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/{customerId}/verify',
    summary: 'Confirm the changing facts of a file',
  })
    .input(wire.customerInput)
    .output(wire.saved)
    .mutation(({ ctx, input }) => useCases.verify(ctx.staff, input.customerId)),

  addObservation: may('customers', 'view', {
    method: 'POST',
    path: '/customers/{customerId}/observations',
    summary: 'Note what was observed of a customer',
  })
    .input(wire.observationInput)
    .output(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => useCases.addObservation(ctx.staff, input)),

  recordConsent: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/{customerId}/consents',
    summary: 'Record a consent or its withdrawal',
  })
    .input(wire.consentInput)
    .output(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => useCases.recordConsent(ctx.staff, input)),

  revealPhone: may('customers', 'view', {
    method: 'POST',
    path: '/customers/{customerId}/phone',
    summary: 'Show the phone numbers; recorded',
  })
    .input(wire.revealPhoneInput)
    .output(wire.revealedPhone)
    .mutation(async ({ ctx, input }) => {
      const phones = await useCases.revealPhone(ctx.staff, input.customerId, input.taskId);
      return { phones: phones.map(({ e164, rank }) => ({ number: formatPhone(e164), tel: e164, rank })) };
    }),

  revealIdNumber: may('customers', 'edit', {
    method: 'POST',
    path: '/customers/{customerId}/id-number',
    summary: 'Show the ID number; recorded',
  })
    .input(wire.customerInput)
    .output(wire.revealedIdentity)
    .mutation(async ({ ctx, input }) => ({ idNumber: await useCases.revealIdNumber(ctx.platform, ctx.staff, input.customerId) })),

  export: may('customers', 'export', { method: 'POST', path: '/customers/export', summary: 'The list as an Excel or CSV file; recorded' })
    .input(wire.exportInput)
    .output(exported)
    .mutation(({ ctx, input }) => exportCustomers(ctx.staff, input)),
});

const MOST_FOUND = 10;
/** The end of a number is said of every day's. */
const MOST_COMPLAINTS = 5;

export const searchRouter = router({
  find: may('customers', 'view', {
    method: 'GET',
    path: '/search',
    summary: 'Find customers and vehicles by name, pinyin, phone, plate, VIN or order number, and complaints by number',
  })
    .input(wire.findInput)
    .output(wire.found)
    .query(({ ctx: { staff }, input }) => {
      const vehicleReach = staff.rights('vehicles', 'view') === 'none' ? null : staff.reach('vehicles', 'view');
      const view = {
        me: staff.staffId,
        reach: staff.reach('customers', 'view'),
        vehicleReach,
        limits: searchLimits(staff),
        limit: MOST_FOUND,
      };
      const complaintReach = reachOrNone(staff, 'complaints', 'view');
      const end = numberEnd(input.term);
      return staff.readStore(async (tx) => {
        const { customers, vehicles } = await findRecords(tx, staff.storeId, input.term, view);
        return {
          customers: customers.map(({ phone, ...customer }) => ({ ...customer, phoneMasked: phone && maskPhone(phone) })),
          vehicles,
          complaints: end && complaintReach ? await findByNumber(tx, staff.storeId, end, complaintReach, MOST_COMPLAINTS) : [],
        };
      }, 'find');
    }),
});
