import { isToVerify, maskPhone, relationship, relationshipBounds, verifiedSince, type CustomerPolicy } from '@baoke/core/customers';
import type { CustomerFilter, CustomerRow } from '@baoke/core/customers/wire';
import { dateIn, startOfDay } from '@baoke/core/kernel';
import type { CustomerBounds, ListedCustomer, ListView, SearchLimits } from '@baoke/db/customers';
import type { Action } from '@baoke/core/access';
import type { StaffContext } from '../context.ts';
import { reachOrNone } from './card.ts';

/** What the caller may search by: a masked phone that he may not reveal must not come out by guessing its digits one by one (P3). Whose he may is said of each file, not of his role. */
export function searchLimits(ctx: StaffContext): SearchLimits {
  return { phones: reachOrNone(ctx, 'customers', 'edit'), vehicles: ctx.rights('vehicles', 'view') !== 'none' };
}

export function boundsOf(ctx: StaffContext, policy: CustomerPolicy): CustomerBounds {
  const today = dateIn(ctx.zone, ctx.now);
  return { today, ...relationshipBounds(today, policy), verifiedSince: verifiedSince(today, policy) };
}

/** What the query needs to know of the caller, for looking (`view`) or taking away (`export`); the bounds are the policy's. */
export function listView(
  ctx: StaffContext,
  filter: Pick<CustomerFilter, 'createdFrom' | 'createdTo'>,
  action: Action,
): Omit<ListView, 'after' | 'bounds'> {
  return {
    reach: ctx.reach('customers', action),
    me: ctx.staffId,
    limits: searchLimits(ctx),
    created: {
      ...(filter.createdFrom ? { from: startOfDay(ctx.zone, filter.createdFrom) } : {}),
      ...(filter.createdTo ? { to: startOfDay(ctx.zone, filter.createdTo) } : {}),
    },
  };
}

export function customerRow(listed: ListedCustomer, bounds: CustomerBounds, seesVehicles: boolean): CustomerRow {
  const { place: _, formerOwner, ownerSince, ...row } = listed;
  const { phone, consultantId, consultantName, advisorId, advisorName, vehicles, ...plain } = row;
  return {
    ...plain,
    vehicles: seesVehicles ? vehicles : [],
    relationship: relationship({ ...row, formerOwner, ownerSince }, bounds),
    phoneMasked: phone && maskPhone(phone),
    consultant: consultantId && consultantName ? { id: consultantId, name: consultantName } : null,
    advisor: advisorId && advisorName ? { id: advisorId, name: advisorName } : null,
    toVerify: isToVerify(row.verifiedOn, bounds.verifiedSince),
  };
}
