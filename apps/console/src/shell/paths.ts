import type { CivilDate, ComplaintId, CustomerId, ImportId, StaffId, TaskId, VehicleId } from '@baoke/core/kernel';
import type { Section } from '@baoke/core/settings';
import { linkOptions } from '@tanstack/react-router';

type AuditFilter = {
  readonly actorId?: StaffId;
  readonly entity?: string;
  readonly entityId?: string;
  readonly from?: CivilDate;
  readonly to?: CivilDate;
};

/** Every place of the console, spelled once. Use with `<Link {...paths.complaint(id)}>` or `navigate(paths.complaint(id))`. */
export const paths = {
  home: () => linkOptions({ to: '/' }),
  signIn: (next?: string) => linkOptions({ to: '/sign-in', search: next ? { next } : {} }),
  secondStep: () => linkOptions({ to: '/two-step' }),
  customers: () => linkOptions({ to: '/customers' }),
  customer: (customerId: CustomerId) => linkOptions({ to: '/customers/$customerId', params: { customerId } }),
  newCustomer: () => linkOptions({ to: '/customers/new' }),
  editCustomer: (customerId: CustomerId) => linkOptions({ to: '/customers/$customerId/edit', params: { customerId } }),
  customerPaper: (customerId: CustomerId, paper: 'data' | 'management') =>
    linkOptions({ to: '/customers/$customerId/print/$paper', params: { customerId, paper } }),
  vehicle: (vehicleId: VehicleId) => linkOptions({ to: '/vehicles/$vehicleId', params: { vehicleId } }),
  editVehicle: (vehicleId: VehicleId) => linkOptions({ to: '/vehicles/$vehicleId/edit', params: { vehicleId } }),
  newVehicle: (customerId: CustomerId) => linkOptions({ to: '/customers/$customerId/vehicles/new', params: { customerId } }),
  visits: (orderNo?: string) => linkOptions({ to: '/visits', search: orderNo ? { orderNo } : {} }),
  complaints: () => linkOptions({ to: '/complaints' }),
  complaint: (complaintId: ComplaintId) => linkOptions({ to: '/complaints/$complaintId', params: { complaintId } }),
  complaintForm: (complaintId: ComplaintId) => linkOptions({ to: '/complaints/$complaintId/print', params: { complaintId } }),
  registerComplaint: (customerId?: string) => linkOptions({ to: '/complaints/new', search: customerId ? { customerId } : {} }),
  myDay: (task?: TaskId) => linkOptions({ to: '/day', search: task ? { task } : {} }),
  teamQueue: (assigneeId?: StaffId) => linkOptions({ to: '/team', search: assigneeId ? { assigneeId } : {} }),
  careRules: () => linkOptions({ to: '/care' }),
  imports: () => linkOptions({ to: '/imports' }),
  newImport: () => linkOptions({ to: '/imports/new' }),
  import: (importId: ImportId) => linkOptions({ to: '/imports/$importId', params: { importId } }),
  staff: () => linkOptions({ to: '/staff' }),
  rights: () => linkOptions({ to: '/rights' }),
  settings: (section?: Section) => linkOptions({ to: '/settings', search: section ? { section } : {} }),
  keys: () => linkOptions({ to: '/keys' }),
  audit: (search: AuditFilter = {}) => linkOptions({ to: '/audit', search }),
  complaintScores: (month?: string) => linkOptions({ to: '/complaints/scores', search: month ? { month } : {} }),
};

/** Pages of the reporting app, which is an app of its own: plain addresses, no routes of this one. */
export const REPORT_PAGES = ['service', 'callbacks', 'care', 'complaints'] as const;
export type ReportPage = (typeof REPORT_PAGES)[number];

export function reportAddress(page?: ReportPage): { readonly href: string } {
  return { href: `/reports/${page ?? ''}` };
}

/** The place of a record that a notice or an event names; undefined where it has no page here. */
export function pathOfRecord(entity: string | null, id: string | null) {
  if (id === null) return undefined;
  if (entity === 'customer') return paths.customer(id as CustomerId);
  if (entity === 'vehicle') return paths.vehicle(id as VehicleId);
  if (entity === 'setting') return paths.settings(id as Section);
  return entity === 'complaint' ? paths.complaint(id as ComplaintId) : undefined;
}
