import {
  DEFAULT_CUSTOMER_POLICY,
  maskPhone,
  rankDuplicates,
  readIdNumber,
  readPhone,
  relationship,
  relationshipBounds,
  tidyName,
  type Candidate,
  type CustomerPolicy,
  type Duplicate,
  type RelationshipBounds,
} from '@baoke/core/customers';
import type { duplicateRow, duplicatesInput } from '@baoke/core/customers/wire';
import { dateIn } from '@baoke/core/kernel';
import { readPlate, readVin } from '@baoke/core/vehicles';
import type { Db } from '@baoke/db';
import { findLikeCustomers, type DuplicateQuery, type StoredLikeness } from '@baoke/db/customers';
import { findPolicy } from '@baoke/db/settings';
import type { z } from 'zod';
import type { StaffContext } from '../context.ts';
import type { Platform } from '../platform.ts';
import { idNumberVaultInUse } from './id-numbers.ts';

/** The store's numbers of the customer file. */
export async function readCustomerPolicy(tx: Db, storeId: StaffContext['storeId']): Promise<CustomerPolicy> {
  return policyFrom((await findPolicy(tx, storeId, 'customers'))?.value ?? null);
}

/** The shipped numbers, changed by what the store keeps of its own. */
export function policyFrom(own: unknown): CustomerPolicy {
  return own === null ? DEFAULT_CUSTOMER_POLICY : { ...DEFAULT_CUSTOMER_POLICY, ...(own as Partial<CustomerPolicy>) };
}

/** The files that may be the candidate, ranked, with what is stored of each. */
export async function duplicatesOf(
  tx: Db,
  ctx: StaffContext,
  candidate: Candidate,
  query: DuplicateQuery,
): Promise<{ duplicate: Duplicate; file: StoredLikeness }[]> {
  const files = await findLikeCustomers(tx, ctx.storeId, query, ctx.reach('customers', 'view'));
  return rankDuplicates(candidate, files).flatMap((duplicate) => {
    const file = files.find(({ id }) => id === duplicate.id);
    return file ? [{ duplicate, file }] : [];
  });
}

/** While somebody types: what cannot be read yet is left out, the rest is compared. */
export async function checkDuplicates(
  platform: Platform,
  ctx: StaffContext,
  input: z.output<typeof duplicatesInput>,
): Promise<z.output<typeof duplicateRow>[]> {
  return ctx.readStore(async (tx) => {
    const phones = input.phones.flatMap((text) => {
      const reading = readPhone(text, ctx.home.areaCode);
      return reading.ok ? [reading.phone.e164] : [];
    });
    const id = input.idNumber ? readIdNumber(input.idNumber) : undefined;
    const plate = input.plate ? readPlate(input.plate, ctx.home.plateProvince) : undefined;
    const vin = input.vin ? readVin(input.vin) : undefined;
    const common = {
      kind: input.kind,
      name: tidyName(input.name),
      phones,
      birthDate: input.birthDate ?? null,
      address: input.address || null,
      plate: plate?.ok ? plate.plate : null,
      vin: vin?.ok ? vin.vin : null,
    };
    const idNumberIndex = id?.ok ? ((await idNumberVaultInUse(platform, tx, ctx.storeId))?.index(ctx.storeId, id.number) ?? null) : null;
    const policy = await readCustomerPolicy(tx, ctx.storeId);
    const found = await duplicatesOf(
      tx,
      ctx,
      { ...common, hasIdNumber: idNumberIndex !== null },
      { ...common, idNumberIndex, except: input.except ?? null },
    );
    return found
      .slice(0, 20)
      .map(({ duplicate, file }) => duplicateView(duplicate, file, relationshipBounds(dateIn(ctx.zone, ctx.now), policy)));
  });
}

function duplicateView({ reasons, certain }: Duplicate, file: StoredLikeness, bounds: RelationshipBounds): z.output<typeof duplicateRow> {
  return {
    id: file.id,
    name: file.name,
    isFleet: file.isFleet,
    isVip: file.isVip,
    isDifficult: file.isDifficult,
    standing: file.standing,
    relationship: relationship(file, bounds),
    phoneMasked: file.primaryPhone === null ? null : maskPhone(file.primaryPhone),
    plates: file.plates,
    consultant: file.consultantId && file.consultantName ? { id: file.consultantId, name: file.consultantName } : null,
    advisor: file.advisorId && file.advisorName ? { id: file.advisorId, name: file.advisorName } : null,
    reasons: [...reasons],
    certain,
    withinReach: file.withinReach,
  };
}
