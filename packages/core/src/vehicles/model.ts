import type { CivilDate, CustomerId, VehicleId } from '../kernel/index.ts';

export const VEHICLE_STATUSES = ['in_use', 'transferred', 'scrapped', 'moved_away'] as const;
export type VehicleStatus = (typeof VEHICLE_STATUSES)[number];

export const TRANSMISSIONS = ['manual', 'automatic'] as const;
export type Transmission = (typeof TRANSMISSIONS)[number];

export const POLICY_KINDS = ['commercial', 'compulsory'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

export const MILEAGE_SOURCES = ['visit', 'call', 'import', 'delivery'] as const;
export type MileageSource = (typeof MILEAGE_SOURCES)[number];

/** How a person stands to a vehicle; user, owner and payer may be three people. */
export const OWNERSHIP_ROLES = ['owner', 'user', 'payer'] as const;
export type OwnershipRole = (typeof OWNERSHIP_ROLES)[number];

/** What the check digit said when the VIN was entered; `wrong` is kept on somebody's word. */
export const VIN_STATES = ['valid', 'wrong', 'none', 'unchecked'] as const;
export type VinState = (typeof VIN_STATES)[number];

/** What a person writes into a vehicle file. */
export type VehicleFields = {
  readonly vin: string | null;
  readonly plate: string | null;
  readonly engineNo: string | null;
  readonly brand: string | null;
  readonly model: string | null;
  readonly configuration: string | null;
  readonly transmission: Transmission | null;
  readonly colour: string | null;
  readonly platedOn: CivilDate | null;
  readonly purchasedOn: CivilDate | null;
  readonly soldByUs: boolean;
  readonly deliveredOn: CivilDate | null;
  readonly firstServiceOn: CivilDate | null;
  readonly firstServiceKm: number | null;
  readonly warrantyUntil: CivilDate | null;
  readonly warrantyKm: number | null;
  readonly inspectionDueOn: CivilDate | null;
  readonly nextServiceOn: CivilDate | null;
  readonly nextServiceKm: number | null;
  readonly status: VehicleStatus;
  readonly remark: string | null;
};

export type Vehicle = VehicleFields & {
  readonly id: VehicleId;
  readonly vinCheck: VinState;
  readonly ownerId: CustomerId | null;
  /** The store's day on which the next maintenance was told, kept by the database; null where it is not known or none was told. */
  readonly nextToldOn: CivilDate | null;
  readonly lastVisitOn: CivilDate | null;
  /** Of the last visit in a category that is a maintenance; kept by the database. */
  readonly lastMaintenanceOn: CivilDate | null;
  /** What the clock showed at it, where somebody wrote it down. */
  readonly lastMaintenanceKm: number | null;
  readonly lastMileageKm: number | null;
  readonly lastMileageOn: CivilDate | null;
  readonly metresPerDay: number | null;
  /** Kept by the database, whichever of date and mileage comes first. */
  readonly maintenanceDueOn: CivilDate | null;
  readonly version: number;
};

export type MileageReading = {
  readonly readOn: CivilDate;
  readonly mileageKm: number;
  readonly source: MileageSource;
  /** Lower than an earlier reading, or higher than a later one. */
  readonly doubtful: boolean;
};
