import * as rules from '@baoke/core/customers';
import type { CustomerField, CustomerFields } from '@baoke/core/customers';
import type { consentInput, flagsInput, observationInput, UpdateInput } from '@baoke/core/customers/wire';
import { dateIn, type CustomerId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import {
  findPhones,
  hasConsent,
  insertConsents,
  insertObservation,
  lockCustomer,
  saveCustomer,
  saveFlags,
  saveVerified,
  type SealedIdNumber,
  type StoredCustomer,
} from '@baoke/db/customers';
import type { StoreHome } from '@baoke/db/stores';
import type { z } from 'zod';
import { recordChange } from '../audit/record.ts';
import type { StaffContext } from '../context.ts';
import { orThrow, refusal } from '../http/refusals.ts';
import { newId } from '../ids.ts';
import type { Platform } from '../platform.ts';
import { auditableChange } from './audit-view.ts';
import { refuseUnknownStaff } from './create.ts';
import { consentsOf, EMPTY, FIELDS_AT_FAULT, readDocument, readFields, readOnePhone, refuseWithoutConsent } from './fields.ts';
import { idNumberVault } from './id-numbers.ts';

type Saved = { customerId: CustomerId; version: number };

/** The active file the caller may edit, locked. */
async function fileToEdit(tx: Db, ctx: StaffContext, id: CustomerId): Promise<StoredCustomer> {
  const file = await lockCustomer(tx, ctx.storeId, id, ctx.reach('customers', 'edit'));
  if (!file) throw refusal('platform.not_found');
  if (file.status !== 'active') throw refusal('customers.not_active');
  return file;
}

/** Saves what somebody changed in a file. What others changed meanwhile stays, unless both touched one field: that is a conflict, told field by field. */
export function updateCustomer(platform: Platform, ctx: StaffContext, input: UpdateInput): Promise<Saved> {
  return ctx.inStore(async (tx) => {
    const before = await fileToEdit(tx, ctx, input.customerId);
    const { idNumber, contactPersons, ...sent } = input.changes;
    const stored = fieldsOf(before);
    const changes = readFields(sent, ctx.home);
    // Whoever saw the stored version saw its values; only an older one has to say what it began from.
    const base = input.version === before.version ? {} : baseOf(input.base, ctx.home);
    const { merged, conflicts } = rules.mergeEdit<CustomerFields>(stored, base, changes, input.version !== before.version);
    if (conflicts.length > 0) throw refusal('platform.conflict', { conflict: conflicts });
    const fields = orThrow(rules.checkFields(merged, dateIn(ctx.zone, ctx.now)), FIELDS_AT_FAULT);
    await refuseUnknownStaff(tx, ctx, { consultantId: changes.consultantId ?? null, advisorId: changes.advisorId ?? null });

    let sealed: SealedIdNumber | null | undefined;
    if (idNumber === null) sealed = null;
    else if (idNumber !== undefined) {
      const { number, document } = readDocument(idNumber);
      refuseWithoutConsent(document, input.consents, await hasConsent(tx, ctx.storeId, before.id, rules.IDENTITY_CONSENT));
      sealed = { ...(await idNumberVault(platform, tx, ctx.storeId)).seal(ctx.storeId, before.id, number), document };
    }
    const people = contactPersons?.map((p) => ({
      id: newId(),
      name: p.name,
      purchaseRole: p.purchaseRole ?? null,
      phone: p.phone ? readOnePhone(p.phone, ctx.home, 'contactPersons') : null,
      remark: p.remark ?? null,
    }));
    const changed = (Object.keys(fields) as CustomerField[]).filter(
      (field) => JSON.stringify(fields[field]) !== JSON.stringify(stored[field]),
    );
    await insertConsents(tx, ctx.storeId, before.id, consentsOf(input.consents), ctx.staffId, ctx.now);
    if (changed.length === 0 && sealed === undefined && people === undefined && input.consents.length === 0)
      return { customerId: before.id, version: before.version };

    const version = await saveCustomer(tx, ctx.storeId, {
      before,
      fields,
      idNumber: sealed,
      contactPersons: people,
      by: ctx.staffId,
      at: ctx.now,
    });
    const audit = auditableChange(stored, fields, changed);
    if (sealed !== undefined) {
      audit.before['idNumberTail'] = before.idNumberTail;
      audit.after['idNumberTail'] = sealed?.tail ?? null;
      audit.after['idNumber'] = 'changed';
    }
    if (input.consents.length > 0) audit.after['consents'] = input.consents.map(({ purpose }) => purpose);
    if (people) {
      audit.before['contactPersons'] = before.contactPersons.map(({ name }) => name);
      audit.after['contactPersons'] = people.map(({ name }) => name);
    }
    await recordChange(tx, ctx, { action: 'customers.update', entity: 'customer', entityId: before.id, ...audit, topic: 'customers' });
    return { customerId: before.id, version };
  });
}

function fieldsOf(file: StoredCustomer): CustomerFields {
  return Object.fromEntries(Object.keys(EMPTY).map((field) => [field, file[field as CustomerField]])) as CustomerFields;
}

// What the person saw was what we had sent, so it is in stored form already, the phones perhaps as they are shown.
function baseOf(base: Readonly<Record<string, unknown>>, home: StoreHome): Partial<CustomerFields> {
  const { phones } = base;
  const numbers = Array.isArray(phones) ? phones.map((text) => rules.readPhone(String(text), home.areaCode)) : undefined;
  return {
    ...(base as Partial<CustomerFields>),
    ...(numbers ? { phones: numbers.map((reading, at) => (reading.ok ? reading.phone.e164 : String((phones as unknown[])[at]))) } : {}),
  };
}

/** Marks a customer as fleet, VIP or difficult; the last needs a reason (CUST-13). */
export function setFlags(ctx: StaffContext, input: z.output<typeof flagsInput>): Promise<Saved> {
  return ctx.inStore(async (tx) => {
    const before = await fileToEdit(tx, ctx, input.customerId);
    const flags = orThrow(
      rules.setFlags({
        isFleet: input.isFleet,
        isVip: input.isVip,
        isDifficult: input.isDifficult,
        difficultReason: input.difficultReason ?? null,
      }),
    );
    const old = { isFleet: before.isFleet, isVip: before.isVip, isDifficult: before.isDifficult, difficultReason: before.difficultReason };
    if (input.version !== before.version) {
      const conflict = (Object.keys(flags) as (keyof typeof flags)[])
        .filter((field) => flags[field] !== old[field])
        .map((field) => ({ field, yours: flags[field], theirs: old[field], original: null }));
      if (conflict.length > 0) throw refusal('platform.conflict', { conflict });
    }
    const version = await saveFlags(tx, ctx.storeId, before.id, flags, ctx.staffId, ctx.now);
    await recordChange(tx, ctx, {
      action: 'customers.setFlags',
      entity: 'customer',
      entityId: before.id,
      before: old,
      after: flags,
      topic: 'customers',
    });
    return { customerId: before.id, version };
  });
}

/** Somebody asked the customer and stands by the file: it need not be confirmed again for a quarter (CUST-19, -22). */
export function verify(ctx: StaffContext, customerId: CustomerId): Promise<Saved> {
  return ctx.inStore(async (tx) => {
    const before = await fileToEdit(tx, ctx, customerId);
    const on = dateIn(ctx.zone, ctx.now);
    const version = await saveVerified(tx, ctx.storeId, customerId, on, ctx.staffId, ctx.now);
    await recordChange(tx, ctx, {
      action: 'customers.verify',
      entity: 'customer',
      entityId: customerId,
      before: { verifiedOn: before.verifiedOn },
      after: { verifiedOn: on },
      topic: 'customers',
    });
    return { customerId, version };
  });
}

/** Adds an observation: whoever meets the customer may, not only who looks after the file (CUST-26). */
export function addObservation(ctx: StaffContext, input: z.output<typeof observationInput>): Promise<{ id: string }> {
  return ctx.inStore(async (tx) => {
    const file = await lockCustomer(tx, ctx.storeId, input.customerId, ctx.reach('customers', 'view'));
    if (!file) throw refusal('platform.not_found');
    const id = newId();
    await insertObservation(tx, ctx.storeId, {
      id,
      customerId: file.id,
      staffId: ctx.staffId,
      point: input.point ?? null,
      content: input.content,
      at: ctx.now,
    });
    await recordChange(tx, ctx, {
      action: 'customers.addObservation',
      entity: 'customer',
      entityId: file.id,
      after: { observationId: id, point: input.point ?? null },
      topic: 'customers',
    });
    return { id };
  });
}

/** Writes a consent or its withdrawal into the ledger (CUST-05). With the consent to keep his ID number the number goes. */
export function recordConsent(ctx: StaffContext, input: z.output<typeof consentInput>): Promise<{ id: string }> {
  return ctx.inStore(async (tx) => {
    const file = await fileToEdit(tx, ctx, input.customerId);
    const id = newId();
    const { customerId: _, ...consent } = input;
    await insertConsents(tx, ctx.storeId, file.id, [{ id, ...consent, evidence: input.evidence ?? null }], ctx.staffId, ctx.now);
    const forgets = rules.endsIdNumber(file.idDocument, input);
    if (forgets) {
      const kept = { before: file, fields: fieldsOf(file), contactPersons: undefined };
      await saveCustomer(tx, ctx.storeId, { ...kept, idNumber: null, by: ctx.staffId, at: ctx.now });
    }
    await recordChange(tx, ctx, {
      action: 'customers.recordConsent',
      entity: 'customer',
      entityId: file.id,
      ...(forgets ? { before: { idNumberTail: file.idNumberTail } } : {}),
      after: { ...consent, ...(forgets ? { idNumberTail: null } : {}) },
      topic: 'customers',
    });
    return { id };
  });
}

/** Shows the numbers of a customer and records who looked: by the right to edit him, or for the call of one's own task. */
export function revealPhone(
  ctx: StaffContext,
  customerId: CustomerId,
  taskId: string | undefined,
): Promise<{ e164: string; rank: number }[]> {
  return ctx.inStore(async (tx) => {
    const phones = await findPhones(
      tx,
      ctx.storeId,
      customerId,
      taskId ? { taskId, assigneeId: ctx.staffId } : { reach: ctx.reach('customers', 'edit') },
    );
    if (!phones) throw refusal(taskId ? 'customers.task_not_own' : 'platform.not_found');
    await recordChange(tx, ctx, {
      action: 'customers.revealPhone',
      entity: 'customer',
      entityId: customerId,
      after: { count: phones.length, taskId: taskId ?? null },
    });
    return phones;
  });
}

/** Shows the ID number in full and records who looked. */
export function revealIdNumber(platform: Platform, ctx: StaffContext, customerId: CustomerId): Promise<string | null> {
  return ctx.inStore(async (tx) => {
    const file = await lockCustomer(tx, ctx.storeId, customerId, ctx.reach('customers', 'edit'));
    if (!file) throw refusal('platform.not_found');
    await recordChange(tx, ctx, {
      action: 'customers.revealIdNumber',
      entity: 'customer',
      entityId: customerId,
      after: { present: file.idNumberCipher !== null },
    });
    if (file.idNumberCipher === null) return null;
    return (await idNumberVault(platform, tx, ctx.storeId)).open(ctx.storeId, customerId, file.idNumberCipher);
  });
}

/** The file with its contact data in full, for its form; opening it is recorded like a reveal. */
export function openForEdit(ctx: StaffContext, customerId: CustomerId): Promise<StoredCustomer & { readonly identityConsent: boolean }> {
  return ctx.inStore(async (tx) => {
    const file = await fileToEdit(tx, ctx, customerId);
    await recordChange(tx, ctx, { action: 'customers.openForEdit', entity: 'customer', entityId: customerId });
    return { ...file, identityConsent: await hasConsent(tx, ctx.storeId, customerId, rules.IDENTITY_CONSENT) };
  });
}
