declare const brand: unique symbol;
/** A primitive that cannot be mistaken for another of the same shape. */
export type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Stores are few and stand first in every key, so they are small integers; everything else is a UUID (version 7). */
export type StoreId = Branded<number, 'StoreId'>;
export type GroupId = Branded<number, 'GroupId'>;
export type AccountId = Branded<string, 'AccountId'>;
export type StaffId = Branded<string, 'StaffId'>;
export type DepartmentId = Branded<string, 'DepartmentId'>;
export type CustomerId = Branded<string, 'CustomerId'>;
export type VehicleId = Branded<string, 'VehicleId'>;
export type VisitId = Branded<string, 'VisitId'>;
export type ContactId = Branded<string, 'ContactId'>;
export type TaskId = Branded<string, 'TaskId'>;
export type LeadId = Branded<string, 'LeadId'>;
export type OrderId = Branded<string, 'OrderId'>;
export type ComplaintId = Branded<string, 'ComplaintId'>;
export type ImportId = Branded<string, 'ImportId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether the text is a UUID in the one form the system writes: lower case, with dashes. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
