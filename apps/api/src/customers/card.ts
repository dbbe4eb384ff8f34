import { maskIdNumber } from '@baoke/core/access';
import * as rules from '@baoke/core/customers';
import { maskAddress, maskEmail, maskPhone, maskWechat, type CustomerPolicy } from '@baoke/core/customers';
import type { CustomerCard, TimelineKind } from '@baoke/core/customers/wire';
import { dateIn, type CivilDate, type CustomerId } from '@baoke/core/kernel';
import { isOverdue } from '@baoke/core/tasks';
import { expectedMileageKm, maintenanceDue } from '@baoke/core/vehicles';
import { findCard, type CardRow, type CardVehicle, type TimelineReach } from '@baoke/db/customers';
import type { Action, Capability, Reach } from '@baoke/core/access';
import type { StaffContext } from '../context.ts';
import { refusal } from '../http/refusals.ts';
import { policyFrom } from './duplicates.ts';

/** Whose records the caller's right reaches, null where it reaches nobody's. */
export function reachOrNone(ctx: StaffContext, capability: Capability, action: Action): Reach | null {
  return ctx.rights(capability, action) === 'none' ? null : ctx.reach(capability, action);
}

/** The customer at one look, as far as the caller's role sees it. */
export function customerCard(ctx: StaffContext, id: CustomerId): Promise<CustomerCard> {
  const reach = {
    view: ctx.reach('customers', 'view'),
    edit: reachOrNone(ctx, 'customers', 'edit'),
    recordContact: reachOrNone(ctx, 'contacts', 'edit'),
  };
  const parts = {
    vehicles: ctx.rights('vehicles', 'view') !== 'none',
    contacts: reachOrNone(ctx, 'contacts', 'view'),
    service: reachOrNone(ctx, 'service', 'view'),
    complaints: reachOrNone(ctx, 'complaints', 'view'),
    orders: reachOrNone(ctx, 'orders', 'view'),
    tasks: reachOrNone(ctx, 'tasks', 'view'),
  };
  return ctx.readStore(async (tx) => {
    const row = await findCard(tx, ctx.storeId, id, reach, parts);
    if (!row) throw refusal('platform.not_found');
    return cardView(row, ctx, policyFrom(row.policy));
  });
}

function cardView(row: CardRow, ctx: StaffContext, policy: CustomerPolicy): CustomerCard {
  const today = dateIn(ctx.zone, ctx.now);
  const { consultantId, consultantName, advisorId, advisorName, idNumberTail, email, wechatId, address, complaints, tasks, mayEdit } = row;
  const complete = rules.completeness({ ...row, phones: row.phones.map(({ e164 }) => e164) }, row.contactPersons.length, policy);
  return {
    id: row.id,
    version: row.version,
    kind: row.kind,
    status: row.status,
    name: row.name,
    isFleet: row.isFleet,
    isVip: row.isVip,
    isDifficult: row.isDifficult,
    difficultReason: row.difficultReason,
    standing: row.standing,
    stopped:
      row.standing === 'active' || row.standingOn === null
        ? null
        : { on: row.standingOn, reason: row.standingReason, note: row.standingNote, byName: row.standingByName },
    relationship: rules.relationship(row, rules.relationshipBounds(today, policy)),
    completeness: { percent: complete.percent, missing: [...complete.missing] },
    toVerify: rules.isToVerify(row.verifiedOn, rules.verifiedSince(today, policy)),
    verifiedOn: row.verifiedOn,
    reachable: row.reachable,
    gender: row.gender,
    birth: row.birthDate === null ? null : birthView(row.birthDate, row.birthCalendar ?? 'solar', today, mayEdit),
    idDocument: row.idDocument,
    // Identity is for whoever works on the file; who only looks does not learn that there is a number.
    idNumberMasked: idNumberTail === null || !mayEdit ? null : maskIdNumber(idNumberTail),
    phones: row.phones.map(({ e164, kind, rank, valid }) => ({ masked: maskPhone(e164), kind, rank, valid })),
    emailMasked: email && maskEmail(email),
    wechatMasked: wechatId && maskWechat(wechatId),
    addressMasked: address && maskAddress(address),
    province: row.province,
    city: row.city,
    district: row.district,
    occupation: row.occupation,
    employer: row.employer,
    jobTitle: row.jobTitle,
    preferredContactTime: row.preferredContactTime,
    preferredChannel: row.preferredChannel,
    source: row.source,
    remark: row.remark,
    consultant: consultantId && consultantName ? { id: consultantId, name: consultantName } : null,
    advisor: advisorId && advisorName ? { id: advisorId, name: advisorName } : null,
    contactPersons: row.contactPersons.map(({ phone, ...p }) => ({ ...p, phoneMasked: phone && maskPhone(phone) })),
    consents: row.consents,
    firstDeliveredOn: row.firstDeliveredOn,
    lastVisitOn: row.lastVisitOn,
    lastContactAt: row.lastContactAt,
    createdAt: row.createdAt,
    vehicles: row.vehicles && row.vehicles.map((vehicle) => vehicleOnCard(vehicle, today)),
    promises: {
      openComplaints: complaints.length,
      openTasks: tasks.length,
      overdueTasks: tasks.filter((task) => isOverdue(task, ctx.now)).length,
      complaints: complaints.filter(({ visible }) => visible).map(({ visible: _visible, ...complaint }) => complaint),
      tasks: tasks.filter(({ visible }) => visible).map(({ visible: _visible, ...task }) => task),
    },
    contacts: row.contacts,
    visits: row.visits,
    // How many there are of something is part of it: whoever does not see it is not told.
    counts: {
      contacts: row.contactCount,
      visits: row.visitCount,
      orders: row.orderCount,
      complaints: row.complaintCount,
    },
    countedInPart: [...row.countedInPart],
    may: {
      edit: mayEdit && row.status === 'active',
      revealContact: mayEdit,
      recordContact: row.mayRecordContact && row.status === 'active',
      export: ctx.rights('customers', 'export') !== 'none',
      setStanding: mayEdit && (row.status === 'active' || row.status === 'deceased'),
    },
  };
}

function birthView(date: CivilDate, calendar: 'solar' | 'lunar', today: CivilDate, withYear: boolean): NonNullable<CustomerCard['birth']> {
  return {
    date: withYear ? date : null,
    calendar,
    ...rules.birthdayOf(date, calendar),
    age: withYear ? rules.ageOn(date, today) : null,
    zodiac: withYear ? rules.zodiacOf(date) : null,
    constellation: rules.constellationOf(date),
  };
}

function vehicleOnCard(vehicle: CardVehicle, today: CivilDate): NonNullable<CustomerCard['vehicles']>[number] {
  const {
    firstServiceOn: _,
    firstServiceKm: __,
    nextServiceOn: ___,
    nextServiceKm: ____,
    lastMileageOn: _____,
    metresPerDay: ______,
    lastMaintenanceOn: _______,
    lastMaintenanceKm: ________,
    nextToldOn: _________,
    ...shown
  } = vehicle;
  return {
    ...shown,
    expectedMileageKm: vehicle.current ? expectedMileageKm(vehicle, today) : null,
    maintenanceDue: vehicle.current ? maintenanceDue(vehicle) : null,
  };
}

// Which capability each kind of the time line belongs to; what was seen and agreed goes with the customer himself.
const BELONGS_TO: Readonly<Record<TimelineKind, Capability>> = {
  contact: 'contacts',
  visit: 'service',
  order: 'orders',
  delivery: 'orders',
  lead: 'leads',
  complaint: 'complaints',
  observation: 'customers',
  consent: 'customers',
  change: 'customers',
};

/** Whose records of each wanted kind the caller may see on a time line. */
export function timelineReach(ctx: StaffContext, kinds: readonly TimelineKind[]): TimelineReach {
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const reach = reachOrNone(ctx, BELONGS_TO[kind], 'view');
      return reach === null ? [] : [[kind, reach]];
    }),
  );
}
