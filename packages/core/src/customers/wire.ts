import { z } from 'zod';
import type { ComplaintId, CustomerId, OrderId, StaffId, TaskId, VehicleId, VisitId } from '../kernel/index.ts';
import {
  civilDate,
  dateOut,
  exportAs,
  fenOut,
  id,
  idOut,
  instantOut,
  label,
  line,
  mayBeEmpty,
  page,
  paged,
  text,
  words,
} from '../kernel/wire.ts';
import { heardOut, takeBackOut, takenBackMark } from '../tasks/wire.ts';
import { lastContact } from './last-contact.ts';
import { BULK_FIELDS, MOST_AT_ONCE, MOST_RECEIVERS } from './bulk.ts';
import {
  BIRTH_CALENDARS,
  CONSENT_CHANNELS,
  CONSENT_PURPOSES,
  CONTACT_CHANNEL_PREFERENCES,
  CUSTOMER_FLAGS,
  CUSTOMER_KINDS,
  CUSTOMER_SORTS,
  CUSTOMER_STATUSES,
  CUSTOMER_TABS,
  GENDERS,
  GIVE_UP_REASONS,
  ID_DOCUMENTS,
  OBSERVATION_POINTS,
  RELATIONSHIPS,
  STANDINGS,
} from './model.ts';
import { CONSTELLATIONS, DUPLICATE_REASONS, ZODIAC } from './rules.ts';

const customerId = id<CustomerId>();
const version = z.number().int().positive();

const fields = {
  kind: z.enum(CUSTOMER_KINDS),
  name: label(100),
  gender: z.enum(GENDERS).nullable(),
  birthDate: civilDate.nullable(),
  birthCalendar: z.enum(BIRTH_CALENDARS).nullable(),
  /** As people write them, the primary one first; read with the store's area code. */
  phones: z.array(words(40)).max(8),
  email: z
    .union([z.literal(''), z.email().max(200)])
    .nullable()
    .transform((value) => value || null),
  wechatId: mayBeEmpty(line(60)),
  province: mayBeEmpty(line(40)),
  city: mayBeEmpty(line(40)),
  district: mayBeEmpty(line(40)),
  address: mayBeEmpty(line(200)),
  postcode: z
    .string()
    .trim()
    .regex(/^(\d{6})?$/)
    .nullable()
    .transform((value) => value || null),
  occupation: mayBeEmpty(line(60)),
  employer: mayBeEmpty(line(100)),
  jobTitle: mayBeEmpty(line(60)),
  preferredContactTime: mayBeEmpty(line(60)),
  preferredChannel: z.enum(CONTACT_CHANNEL_PREFERENCES).nullable(),
  source: mayBeEmpty(line(60)),
  consultantId: id<StaffId>().nullable(),
  advisorId: id<StaffId>().nullable(),
  remark: mayBeEmpty(text(2000)),
};

const contactPersonInput = z.strictObject({
  name: label(60),
  purchaseRole: mayBeEmpty(line(60)).optional(),
  phone: mayBeEmpty(text(40)).optional(),
  remark: mayBeEmpty(text(500)).optional(),
});

const consentPair = {
  purpose: z.enum(CONSENT_PURPOSES),
  channel: z.enum(CONSENT_CHANNELS).meta({ description: '`none` for the purpose `identity`, and for no other' }),
};
type ConsentPair = { readonly purpose: (typeof CONSENT_PURPOSES)[number]; readonly channel: (typeof CONSENT_CHANNELS)[number] };
function refusePair({ purpose, channel }: ConsentPair, context: z.RefinementCtx): void {
  if ((purpose === 'identity') !== (channel === 'none'))
    context.addIssue({ code: 'custom', path: ['channel'], message: 'consent_channel' });
}
/** Consents given with an entry; with an ID number of a person that of the purpose `identity` has to be among them, or on file. */
const consents = z.array(z.strictObject(consentPair).superRefine(refusePair)).max(20).default([]);

export const createInput = z
  .strictObject(fields)
  .partial()
  .required({ name: true, phones: true })
  .extend({
    idNumber: mayBeEmpty(line(30)).optional(),
    contactPersons: z.array(contactPersonInput).max(20).default([]),
    /** The customer's car, entered with the file; the rest of it on the vehicle's page. */
    vehicle: z
      .strictObject({
        plate: mayBeEmpty(line(20)).optional(),
        vin: mayBeEmpty(line(40)).optional(),
        model: mayBeEmpty(line(100)).optional(),
      })
      .nullish(),
    consents,
    /** Files that the person saw and judged to be somebody else. */
    seenDuplicates: z.array(customerId).max(50).default([]),
  });
export type CreateInput = z.output<typeof createInput>;

const edit = z.strictObject(fields).partial();
export const updateInput = z.strictObject({
  customerId,
  version,
  /** What was changed; a field left out stays as it is, null empties it. */
  changes: edit.extend({ idNumber: mayBeEmpty(line(30)).optional(), contactPersons: z.array(contactPersonInput).max(20).optional() }),
  base: z
    .record(z.string().max(40), z.json())
    .default({})
    .meta({
      description:
        'what stood in the fields of `changes` when the person began, by their names. Looked at only where `version` is not the latest: a field that still stands as ' +
        'it did takes the change, one that others changed is a conflict. A changed field that is not named here may have been changed by others and is a conflict too, its `original` null',
    }),
  consents,
});
export type UpdateInput = z.output<typeof updateInput>;

/** A customer as another system knows him: what it sends is written, what it leaves out stays as it is. */
export const upsertRow = z
  .strictObject(fields)
  .partial()
  .extend({
    /** How the other system calls him; the same id is the same customer from then on. */
    externalId: label(100).meta({ description: 'id in the other system; with `source` it names the customer' }),
    customerId: customerId.optional().meta({ description: 'our customer whom the external id belongs to, when he was on file before' }),
    seenDuplicates: z.array(customerId).max(50).default([]).meta({ description: 'files that were looked at and are somebody else' }),
  });
export type UpsertRow = z.output<typeof upsertRow>;
export const MOST_UPSERTED = 1000;
const { $schema: _, ...describedRow } = z.toJSONSchema(upsertRow, { io: 'input', unrepresentable: 'any' });
export const upsertManyInput = z.strictObject({
  source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, { error: 'system_name' })
    .meta({ description: 'name of the other system: lower-case letters, digits, - and _', example: 'dms' }),
  // Each row is read by itself, so that one that cannot be read is refused and the others go on; described and typed as what is expected.
  rows: z
    .array(
      z.unknown().meta({
        override: ({ jsonSchema }: { jsonSchema: object }) => void Object.assign(jsonSchema, describedRow),
      }) as unknown as z.ZodType<unknown, z.input<typeof upsertRow>>,
    )
    .min(1)
    .max(MOST_UPSERTED),
});
const rowFault = z.object({ path: z.string(), code: z.string(), message: z.string(), params: z.record(z.string(), z.unknown()) });
const upserted = z.object({
  row: z.number().meta({ description: 'place of the row in the request, from 0' }),
  externalId: z.string().nullable(),
  outcome: z.enum(['created', 'updated', 'unchanged', 'refused']),
  customerId: idOut<CustomerId>().nullable(),
  version: z.number().nullable(),
  refusal: z.object({ code: z.string(), message: z.string(), fields: z.array(rowFault) }).nullable(),
});
export type Upserted = z.output<typeof upserted>;
export const upsertedMany = z.object({
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  refused: z.number(),
  rows: z.array(upserted),
});

export const customerInput = z.strictObject({ customerId });
export const flagsInput = z.strictObject({
  customerId,
  version,
  isFleet: z.boolean(),
  isVip: z.boolean(),
  isDifficult: z.boolean(),
  difficultReason: mayBeEmpty(text(500)).optional(),
});
export const standingInput = z.strictObject({
  customerId,
  version,
  change: z.discriminatedUnion('standing', [
    z.strictObject({
      standing: z.literal('deceased'),
      on: civilDate.meta({ description: 'the day of the death, or on which it became known' }),
      note: words(500).meta({ description: 'who told us, and how' }),
    }),
    z.strictObject({
      standing: z.literal('given_up'),
      on: civilDate.meta({ description: 'a visit after this day ends it' }),
      reason: z.enum(GIVE_UP_REASONS),
      note: mayBeEmpty(text(500)).default(null).meta({ description: '`other` needs one' }),
    }),
    z.strictObject({ standing: z.literal('active'), note: mayBeEmpty(text(500)).default(null) }),
  ]),
});
/** With `taskId` the caller's own open task is the reason, otherwise the right to edit the customer. */
export const revealPhoneInput = z.strictObject({ customerId, taskId: id<TaskId>().optional() });
export const observationInput = z.strictObject({ customerId, point: z.enum(OBSERVATION_POINTS).nullish(), content: words(2000) });
export const consentInput = z
  .strictObject({ customerId, ...consentPair, granted: z.boolean(), source: label(100), evidence: mayBeEmpty(text(500)).optional() })
  .superRefine(refusePair);
export const duplicatesInput = z.strictObject({
  kind: z.enum(CUSTOMER_KINDS).default('person'),
  name: text(100).default(''),
  phones: z.array(text(40)).max(8).default([]),
  idNumber: text(30).nullish(),
  birthDate: civilDate.nullish(),
  address: text(200).nullish(),
  plate: text(20).nullish(),
  vin: text(40).nullish(),
  /** The file being edited is no duplicate of itself. */
  except: customerId.nullish(),
});

const filters = {
  tab: z.enum(CUSTOMER_TABS).default('all'),
  /** Name, pinyin, initials, phone, plate or VIN, or a piece of one: what the search box takes. */
  term: text(40).optional(),
  kind: z.enum(CUSTOMER_KINDS).optional(),
  relationships: z.array(z.enum(RELATIONSHIPS)).max(RELATIONSHIPS.length).optional(),
  flags: z.array(z.enum(CUSTOMER_FLAGS)).max(3).optional(),
  consultantId: id<StaffId>().optional(),
  advisorId: id<StaffId>().optional(),
  city: text(40).optional(),
  source: text(60).optional(),
  toVerify: z.boolean().optional(),
  visitedFrom: civilDate.optional(),
  /** The day after the last one, here and below. */
  visitedTo: civilDate.optional(),
  createdFrom: civilDate.optional(),
  createdTo: civilDate.optional(),
};
export const listInput = z.strictObject({
  ...filters,
  /** Whoever has no such day or person stands at the end, whichever way it goes. */
  sort: z.enum(CUSTOMER_SORTS).default('name'),
  descending: z.boolean().default(false),
  ...page,
});
export type CustomerFilter = z.output<typeof listInput>;
export const exportInput = listInput.omit({ cursor: true, limit: true }).extend({
  ...exportAs,
  customerIds: z.array(customerId).min(1).max(MOST_AT_ONCE).optional().meta({ description: 'those alone, of what the filter finds' }),
});

export const countInput = z.strictObject(filters);
/** How many a filter finds, counted no further than may be changed at once. */
export const counted = z.object({ count: z.number(), more: z.boolean() });

const receivers = z
  .array(id<StaffId>())
  .max(MOST_RECEIVERS)
  .meta({ description: 'they share the customers evenly; none leaves them unassigned' });
const bulkFields = {
  customerIds: z.array(customerId).min(1).max(MOST_AT_ONCE).optional(),
  filter: countInput.optional().meta({ description: 'all that the filter finds, in place of ids' }),
  change: z.discriminatedUnion('field', [
    z.strictObject({ field: z.enum(['consultantId', 'advisorId']), toIds: receivers }),
    z.strictObject({ field: z.enum(['isFleet', 'isVip']), to: z.boolean() }),
  ]),
};
type Which = { readonly customerIds?: unknown; readonly filter?: unknown };
const idsOrFilter = ({ customerIds, filter }: Which) => (customerIds === undefined) !== (filter === undefined);
const ONE_OF = { error: 'one_of', path: ['customerIds'], params: { values: 'customerIds, filter' } };
export const previewChangeInput = z.strictObject(bulkFields).refine(idsOrFilter, ONE_OF);
export type PreviewChangeInput = z.output<typeof previewChangeInput>;
export const changeManyInput = z
  .strictObject({
    ...bulkFields,
    stamp: z.string().max(100).meta({ description: 'of the preview: what it showed is what is changed, or nothing' }),
  })
  .refine(idsOrFilter, ONE_OF);
export type ChangeManyInput = z.output<typeof changeManyInput>;

const leftOut = z.object({
  count: z.number(),
  some: z.array(z.object({ id: idOut<CustomerId>(), name: z.string() })).meta({ description: 'the first ten' }),
});
const bulkOutcome = {
  changed: z.number(),
  unchanged: z.number().meta({ description: 'had the value already, or are with one of the people' }),
  outOfReach: leftOut.meta({ description: 'seen by the caller and not his to change' }),
  closed: leftOut.meta({ description: 'merged, anonymised or deceased' }),
  notFound: z.number().meta({ description: 'ids that name no customer the caller sees' }),
};
export const changePreview = z.object({
  ...bulkOutcome,
  missing: z
    .array(idOut<CustomerId>())
    .default([])
    .meta({ description: 'the ids that name no customer the caller sees; with one of them nothing is changed' }),
  stamp: z.string(),
  shares: z
    .array(z.object({ id: idOut<StaffId>(), name: z.string(), count: z.number() }))
    .meta({ description: 'how many each person gets' }),
});
export const changedMany = z.object({ ...bulkOutcome, batchId: z.string(), undoUntil: instantOut });
export const batchInput = z.strictObject({ batchId: z.uuid() });
/** The caller's last change of many that can be taken back. */
export const lastChange = z.object({
  batch: z
    .object({
      id: z.string(),
      at: instantOut,
      undoUntil: instantOut,
      changed: z.number(),
      field: z.enum(BULK_FIELDS),
      toNames: z.array(z.string()),
      to: z.boolean().nullable(),
    })
    .nullable(),
});
export const undone = z.object({
  restored: z.number(),
  changedSince: z.number().meta({ description: 'somebody changed the field since: his value stays' }),
  outOfReach: z.number(),
  closed: z.number(),
});

const person = z.object({ id: idOut<StaffId>(), name: z.string() });
const flagsOut = {
  isFleet: z.boolean(),
  isVip: z.boolean(),
  isDifficult: z.boolean(),
  standing: z.enum(STANDINGS).meta({ description: '`given_up` and `deceased`: no care is planned' }),
};

export const customerRow = z.object({
  id: idOut<CustomerId>(),
  kind: z.enum(CUSTOMER_KINDS),
  name: z.string(),
  ...flagsOut,
  relationship: z.enum(RELATIONSHIPS),
  phoneMasked: z.string().nullable(),
  vehicles: z.array(z.object({ id: idOut<VehicleId>(), plate: z.string().nullable(), model: z.string().nullable() })),
  consultant: person.nullable(),
  advisor: person.nullable(),
  city: z.string().nullable(),
  source: z.string().nullable(),
  firstDeliveredOn: dateOut.nullable(),
  lastVisitOn: dateOut.nullable(),
  lastContactAt: instantOut.nullable(),
  verifiedOn: dateOut.nullable(),
  toVerify: z.boolean(),
  /** With the scope `few_contacts`: how he stands by the rule that lists him, until when. */
  fewContacts: z.object({ made: z.number().nullable(), needed: z.number().nullable(), until: dateOut }).nullable(),
  createdAt: instantOut,
});
export type CustomerRow = z.infer<typeof customerRow>;
export const customerPage = paged(customerRow);
export const customerCounts = z.record(z.enum(CUSTOMER_TABS), z.number());

/** A file that may be the same customer: enough to recognise it, with who looks after it. */
export const duplicateRow = z.object({
  id: idOut<CustomerId>(),
  name: z.string(),
  ...flagsOut,
  relationship: z.enum(RELATIONSHIPS),
  phoneMasked: z.string().nullable(),
  plates: z.array(z.string()),
  consultant: person.nullable(),
  advisor: person.nullable(),
  reasons: z.array(z.enum(DUPLICATE_REASONS)),
  certain: z.boolean(),
  /** Whether the caller may open it; if not, its consultant is whom to ask. */
  withinReach: z.boolean(),
});
export const duplicates = z.object({ items: z.array(duplicateRow) });

const contactPerson = z.object({
  id: z.string(),
  name: z.string(),
  purchaseRole: z.string().nullable(),
  phoneMasked: z.string().nullable(),
  remark: z.string().nullable(),
});
export const vehicleOnCard = z.object({
  id: idOut<VehicleId>(),
  vin: z.string().nullable(),
  plate: z.string().nullable(),
  brand: z.string().nullable(),
  model: z.string().nullable(),
  colour: z.string().nullable(),
  status: z.string(),
  /** False for cars that have left him. */
  current: z.boolean(),
  role: z.string(),
  deliveredOn: dateOut.nullable(),
  lastVisitOn: dateOut.nullable(),
  lastMileageKm: z.number().nullable(),
  expectedMileageKm: z.number().nullable(),
  maintenanceDue: z.object({ on: dateOut, by: z.enum(['date', 'mileage']) }).nullable(),
  inspectionDueOn: dateOut.nullable(),
  warrantyUntil: dateOut.nullable(),
  policies: z.array(z.object({ kind: z.string(), insurer: z.string().nullable(), expiresOn: dateOut })),
});
export const visitOnCard = z.object({
  id: idOut<VisitId>(),
  orderNo: z.string(),
  category: z.string(),
  arrivedOn: dateOut,
  mileageKm: z.number().nullable(),
  receivedFen: fenOut.nullable(),
  plate: z.string().nullable(),
  advisorName: z.string().nullable(),
});

/** The customer at one look; parts the caller's role does not see are null. */
export const customerCard = z.object({
  id: idOut<CustomerId>(),
  version: z.number(),
  kind: z.enum(CUSTOMER_KINDS),
  status: z.enum(CUSTOMER_STATUSES),
  name: z.string(),
  ...flagsOut,
  difficultReason: z.string().nullable(),
  /** What is on file of his death, or of why he was given up; null when neither holds. */
  stopped: z
    .object({ on: dateOut, reason: z.enum(GIVE_UP_REASONS).nullable(), note: z.string().nullable(), byName: z.string().nullable() })
    .nullable(),
  relationship: z.enum(RELATIONSHIPS),
  completeness: z.object({ percent: z.number(), missing: z.array(z.string()) }),
  toVerify: z.boolean(),
  verifiedOn: dateOut.nullable(),
  reachable: z.boolean(),
  gender: z.enum(GENDERS).nullable(),
  birth: z
    .object({
      /** Null to whoever may not see the year. */
      date: dateOut.nullable(),
      calendar: z.enum(BIRTH_CALENDARS),
      month: z.number(),
      day: z.number(),
      leap: z.boolean(),
      age: z.number().nullable(),
      zodiac: z.enum(ZODIAC).nullable(),
      constellation: z.enum(CONSTELLATIONS),
    })
    .nullable(),
  idDocument: z.enum(ID_DOCUMENTS).nullable(),
  idNumberMasked: z.string().nullable(),
  phones: z.array(z.object({ masked: z.string(), kind: z.enum(['mobile', 'landline']), rank: z.number(), valid: z.boolean() })),
  emailMasked: z.string().nullable(),
  wechatMasked: z.string().nullable(),
  addressMasked: z.string().nullable(),
  province: z.string().nullable(),
  city: z.string().nullable(),
  district: z.string().nullable(),
  occupation: z.string().nullable(),
  employer: z.string().nullable(),
  jobTitle: z.string().nullable(),
  preferredContactTime: z.string().nullable(),
  preferredChannel: z.string().nullable(),
  source: z.string().nullable(),
  remark: z.string().nullable(),
  consultant: person.nullable(),
  advisor: person.nullable(),
  contactPersons: z.array(contactPerson),
  consents: z.array(
    z.object({ purpose: z.enum(CONSENT_PURPOSES), channel: z.enum(CONSENT_CHANNELS), granted: z.boolean(), at: instantOut }),
  ),
  firstDeliveredOn: dateOut.nullable(),
  lastVisitOn: dateOut.nullable(),
  lastContactAt: instantOut.nullable(),
  createdAt: instantOut,
  vehicles: z.array(vehicleOnCard).nullable(),
  /** What we owe him: seen by everybody who sees him, in detail by whoever may open it. */
  promises: z.object({
    openComplaints: z.number(),
    overdueTasks: z.number(),
    openTasks: z.number(),
    complaints: z.array(
      z.object({ id: idOut<ComplaintId>(), number: z.string(), status: z.string(), severity: z.string(), closeDueAt: instantOut }),
    ),
    tasks: z.array(
      z.object({
        id: idOut<TaskId>(),
        kind: z.string(),
        ruleKey: z.string().nullable(),
        ruleName: z.string().nullable().meta({ description: 'what the store calls its own rule; null for shipped ones' }),
        dueAt: instantOut,
        showAt: instantOut.meta({ description: 'from when it stands in my day: the time of the next try, where one was promised' }),
        assigneeName: z.string().nullable(),
      }),
    ),
  }),
  contacts: z.array(lastContact).nullable(),
  visits: z.array(visitOnCard).nullable(),
  /** Null where the caller does not see such records. */
  counts: z.object({
    contacts: z.number().nullable(),
    visits: z.number().nullable(),
    orders: z.number().nullable(),
    complaints: z.number().nullable(),
  }),
  countedInPart: z
    .array(z.enum(['contacts', 'visits', 'orders', 'complaints']))
    .meta({ description: 'which of the counts may leave something out, because it lies outside the reach of the caller' }),
  /** What the caller may do here. */
  may: z.object({
    edit: z.boolean(),
    revealContact: z.boolean(),
    recordContact: z.boolean(),
    export: z.boolean(),
    setStanding: z.boolean(),
  }),
});
export type CustomerCard = z.infer<typeof customerCard>;

/** The file as its form shows it, contact data in full; opening it is recorded. */
export const customerForm = z.object({
  customerId: idOut<CustomerId>(),
  version: z.number(),
  kind: z.enum(CUSTOMER_KINDS),
  name: z.string(),
  gender: z.enum(GENDERS).nullable(),
  birthDate: dateOut.nullable(),
  birthCalendar: z.enum(BIRTH_CALENDARS).nullable(),
  phones: z.array(z.string()),
  email: z.string().nullable(),
  wechatId: z.string().nullable(),
  province: z.string().nullable(),
  city: z.string().nullable(),
  district: z.string().nullable(),
  address: z.string().nullable(),
  postcode: z.string().nullable(),
  occupation: z.string().nullable(),
  employer: z.string().nullable(),
  jobTitle: z.string().nullable(),
  preferredContactTime: z.string().nullable(),
  preferredChannel: z.enum(CONTACT_CHANNEL_PREFERENCES).nullable(),
  source: z.string().nullable(),
  consultantId: idOut<StaffId>().nullable(),
  advisorId: idOut<StaffId>().nullable(),
  remark: z.string().nullable(),
  contactPersons: z.array(
    z.object({ name: z.string(), purchaseRole: z.string().nullable(), phone: z.string().nullable(), remark: z.string().nullable() }),
  ),
  idNumberMasked: z.string().nullable(),
  /** He has agreed to the keeping of his ID number. */
  identityConsent: z.boolean(),
});
export const saved = z.object({ customerId: idOut<CustomerId>(), version: z.number() });
export const standingSaved = saved.extend({
  tasks: z.number().meta({ description: 'cancelled with it, or opened again' }),
});
export const revealedPhone = z.object({ phones: z.array(z.object({ number: z.string(), tel: z.string(), rank: z.number() })) });
export const revealedIdentity = z.object({ idNumber: z.string().nullable() });

export const TIMELINE_KINDS = ['contact', 'visit', 'order', 'delivery', 'lead', 'complaint', 'observation', 'consent', 'change'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];
export const timelineInput = z.strictObject({ customerId, kinds: z.array(z.enum(TIMELINE_KINDS)).max(9).optional(), ...page });

const base = { id: z.string(), at: instantOut, by: z.string().nullable() };
/** One thing that happened. `at` of what has a date only is the beginning of that day at the store. */
export const timelineItem = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('contact'),
    ...base,
    channel: z.string(),
    direction: z.string(),
    outcome: z.string(),
    content: z.string().nullable(),
    satisfied: z.boolean().nullable(),
    appointmentAt: instantOut.nullable(),
    heard: heardOut.nullable().meta({ description: 'what a callback brought beside its outcome; codes of tasks.resultCodes' }),
    takenBack: takenBackMark.nullable().meta({ description: 'set: recorded by mistake; it counts nowhere' }),
    takeBack: takeBackOut.nullable().meta({ description: 'the result of a task that the reader recorded or decides on' }),
  }),
  z.object({
    kind: z.literal('visit'),
    ...base,
    on: dateOut,
    orderNo: z.string(),
    category: z.string(),
    plate: z.string().nullable(),
    mileageKm: z.number().nullable(),
    receivedFen: fenOut.nullable(),
    isRefund: z.boolean(),
    remark: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('order'),
    ...base,
    on: dateOut,
    orderId: idOut<OrderId>(),
    model: z.string().nullable(),
    priceFen: fenOut.nullable(),
    state: z.string(),
  }),
  z.object({
    kind: z.literal('delivery'),
    ...base,
    on: dateOut,
    orderId: idOut<OrderId>(),
    model: z.string().nullable(),
    plate: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('lead'),
    ...base,
    on: dateOut,
    source: z.string().nullable(),
    model: z.string().nullable(),
    level: z.string().nullable(),
    status: z.string(),
  }),
  z.object({
    kind: z.literal('complaint'),
    ...base,
    complaintId: idOut<ComplaintId>(),
    number: z.string(),
    complaintKind: z.string(),
    status: z.string(),
    content: z.string(),
  }),
  z.object({ kind: z.literal('observation'), ...base, point: z.string().nullable(), content: z.string() }),
  z.object({
    kind: z.literal('consent'),
    ...base,
    purpose: z.string(),
    channel: z.string(),
    granted: z.boolean().nullable(),
    source: z.string(),
  }),
  z.object({
    kind: z.literal('change'),
    ...base,
    action: z.string(),
    fields: z.array(z.string()),
    car: z
      .object({ vehicleId: idOut<VehicleId>(), name: z.string().nullable(), came: z.boolean() })
      .nullable()
      .meta({ description: 'the car whose owner changed: it came to this customer, or left him' }),
  }),
]);
export type TimelineItem = z.infer<typeof timelineItem>;
export const timelinePage = paged(timelineItem);

export const findInput = z.strictObject({ term: text(40) });
/** What a search finds: at most ten of each, exact ones first, then the caller's own. */
export const found = z.object({
  customers: z.array(
    z.object({
      id: idOut<CustomerId>(),
      name: z.string(),
      ...flagsOut,
      phoneMasked: z.string().nullable(),
      plate: z.string().nullable(),
      consultantName: z.string().nullable(),
      mine: z.boolean(),
    }),
  ),
  vehicles: z.array(
    z.object({
      id: idOut<VehicleId>(),
      plate: z.string().nullable(),
      vin: z.string().nullable(),
      model: z.string().nullable(),
      ownerId: idOut<CustomerId>().nullable(),
      ownerName: z.string().nullable(),
    }),
  ),
  /** By the end of their number, the latest first; none where the caller sees no complaints. */
  complaints: z.array(z.object({ id: idOut<ComplaintId>(), number: z.string(), customerName: z.string() })),
});
export type Found = z.infer<typeof found>;

/** Who can be named in the forms and filters of customers. */
export const staffOptions = z.object({
  staff: z.array(z.object({ id: idOut<StaffId>(), name: z.string(), role: z.string(), active: z.boolean() })),
});
