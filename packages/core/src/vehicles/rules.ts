import { accept, addDays, addMonths, daysBetween, maxDate, minDate, refuse, type CivilDate, type Verdict } from '../kernel/index.ts';
import type { MileageReading, Vehicle, VehicleFields, VehicleStatus, VinState } from './model.ts';
import type { VinCheck } from './vin.ts';

export const VEHICLE_REFUSALS = [
  'vehicles.vin_length',
  'vehicles.vin_characters',
  'vehicles.vin_check_digit',
  'vehicles.plate_format',
  'vehicles.plate_not_registered',
  'vehicles.vin_on_file',
  'vehicles.plate_on_file',
  'vehicles.nothing_to_know_it_by',
  'vehicles.read_in_future',
  'vehicles.from_before_owner',
  'vehicles.from_in_future',
] as const;
export type VehicleRefusal = (typeof VEHICLE_REFUSALS)[number];

/** What the file remembers of a VIN's check digit. */
export function vinState(check: VinCheck): VinState {
  if (check === 'valid') return 'valid';
  return check === 'no_check_digit' ? 'none' : 'wrong';
}

/** A vehicle is known by its VIN or its plate; one with neither could never be found again. */
export function checkVehicle<T extends Pick<VehicleFields, 'vin' | 'plate'>>(fields: T): Verdict<T, 'vehicles.nothing_to_know_it_by'> {
  return fields.vin === null && fields.plate === null ? refuse('vehicles.nothing_to_know_it_by') : accept(fields);
}

/** Whether a car of this status has left its owner: handed on to somebody we may not know, or scrapped. Driven elsewhere, it is still his. */
export function hasLeftOwner(status: VehicleStatus): boolean {
  return status === 'transferred' || status === 'scrapped';
}

/** Whether a car that had left its owner is his again by its status alone: it was written down by mistake that it had gone. */
export function returnsToOwner(before: VehicleStatus, after: VehicleStatus): boolean {
  return hasLeftOwner(before) && !hasLeftOwner(after);
}

/**
 * Whether the next owner's period may begin on `from`: not before the last one known began (`since`), or two would have owned the car at once,
 * and not after `today`, or the car would be with nobody until then.
 *
 * Source: spec 01 Rules, ownership is a period.
 */
export function beginOwning(
  from: CivilDate,
  since: CivilDate | null,
  today: CivilDate,
): Verdict<CivilDate, 'vehicles.from_before_owner' | 'vehicles.from_in_future'> {
  if (from > today) return refuse('vehicles.from_in_future');
  return since !== null && from < since ? refuse('vehicles.from_before_owner') : accept(from);
}

/**
 * Adds a reading of the mileage. One that is lower than an earlier reading, or higher than a later one, is kept and marked doubtful:
 * clocks are exchanged and digits slip, and a person on the phone cannot settle it (VEH-05).
 */
export function addReading(
  readings: readonly MileageReading[],
  reading: Omit<MileageReading, 'doubtful'>,
  today: CivilDate,
): Verdict<MileageReading, 'vehicles.read_in_future'> {
  if (reading.readOn > today) return refuse('vehicles.read_in_future');
  const sound = readings.filter((other) => !other.doubtful);
  const doubtful = sound.some(
    (other) =>
      (other.readOn < reading.readOn && other.mileageKm > reading.mileageKm) ||
      (other.readOn > reading.readOn && other.mileageKm < reading.mileageKm),
  );
  return accept({ ...reading, doubtful });
}

/** Shortest span of readings that says anything of the habit, in days. */
const HABIT_DAYS = 30;
/** More than this nobody drives every day: a digit has slipped in one of the readings. Metres. */
const MOST_PER_DAY = 1_000_000;

/**
 * Metres driven on an average day, from the last sound reading and the latest one at least 30 days before it; where there is none,
 * from the first. Null without two days of readings, and where the rate is none anybody drives: then the mileage is not estimated. Rounded down.
 *
 * The database counts the same in `vehicles_recount_habit`, for readings that come in bulk. Source: VEH-05, average per day = (last − previous) /
 * days; the span of 30 days is ours, two visits in one week say nothing, and so is the bound of 1,000 km a day.
 */
export function metresPerDay(readings: readonly MileageReading[]): number | null {
  const sound = readings
    .filter((reading) => !reading.doubtful)
    .toSorted((a, b) => (a.readOn < b.readOn ? -1 : a.readOn > b.readOn ? 1 : a.mileageKm - b.mileageKm));
  const last = sound.at(-1);
  const [first] = sound;
  if (!last || !first || first.readOn === last.readOn) return null;
  const before = sound.findLast((reading) => daysBetween(reading.readOn, last.readOn) >= HABIT_DAYS) ?? first;
  const metres = Math.floor(((last.mileageKm - before.mileageKm) * 1000) / daysBetween(before.readOn, last.readOn));
  return metres >= 0 && metres <= MOST_PER_DAY ? metres : null;
}

/** The mileage expected on a day from the last reading and the daily habit; null while either is unknown. Kilometres, rounded down. */
export function expectedMileageKm(
  { lastMileageKm, lastMileageOn, metresPerDay: daily }: Pick<Vehicle, 'lastMileageKm' | 'lastMileageOn' | 'metresPerDay'>,
  on: CivilDate,
): number | null {
  if (lastMileageKm === null || lastMileageOn === null || daily === null) return null;
  return lastMileageKm + Math.floor((Math.max(0, daysBetween(lastMileageOn, on)) * daily) / 1000);
}

type MaintenanceFacts = Pick<
  Vehicle,
  | 'nextServiceOn'
  | 'nextServiceKm'
  | 'nextToldOn'
  | 'firstServiceOn'
  | 'firstServiceKm'
  | 'deliveredOn'
  | 'lastMaintenanceOn'
  | 'lastMaintenanceKm'
  | 'lastMileageKm'
  | 'lastMileageOn'
  | 'metresPerDay'
>;
export type MaintenanceDue = { readonly on: CivilDate; readonly by: 'date' | 'mileage' };

const FIRST_MAINTENANCE = { months: 3, km: 5_000 };
const NEXT_MAINTENANCE = { months: 6, km: 10_000 };
/** Further than this nobody estimates: a car that stands all year would come due in another age. */
const FURTHEST_DAYS = 36_500;

/**
 * The last maintenance among the visits of a vehicle: the latest arrival in a category that is a maintenance, of two on one day the one with
 * the higher mileage. A refund is no visit. Null where none was ever made. Source: spec 03 Categories.
 */
export function lastMaintenance(
  visits: Iterable<{
    readonly category: string;
    readonly arrivedOn: CivilDate;
    readonly isRefund: boolean;
    readonly mileageKm: number | null;
  }>,
  isMaintenance: (category: string) => boolean,
): { readonly on: CivilDate; readonly km: number | null } | null {
  let last: { on: CivilDate; km: number | null } | null = null;
  for (const { category, arrivedOn, isRefund, mileageKm } of visits) {
    if (isRefund || !isMaintenance(category)) continue;
    if (last === null || arrivedOn > last.on || (arrivedOn === last.on && (mileageKm ?? -1) > (last.km ?? -1)))
      last = { on: arrivedOn, km: mileageKm };
  }
  return last;
}

/**
 * Whether the next maintenance that was told has been made: the car was maintained on a later day than it was told, or not before the date
 * told, or at no less than the mileage told. Date and mileage are one appointment and are spent together. At the visit itself the next one is
 * told on the day of the arrival, so that day spends nothing; where the day of telling is not known, date and mileage alone say it. False
 * where none was told or the car was never maintained.
 *
 * The database asks the same in `baoke_next_rules`. Source: CARE-26; 13 Planner.
 */
export function isNextSpent({
  nextServiceOn,
  nextServiceKm,
  nextToldOn,
  lastMaintenanceOn,
  lastMaintenanceKm,
}: Pick<MaintenanceFacts, 'nextServiceOn' | 'nextServiceKm' | 'nextToldOn' | 'lastMaintenanceOn' | 'lastMaintenanceKm'>): boolean {
  if (lastMaintenanceOn === null || (nextServiceOn === null && nextServiceKm === null)) return false;
  return (
    (nextToldOn !== null && lastMaintenanceOn > nextToldOn) ||
    (nextServiceOn !== null && nextServiceOn <= lastMaintenanceOn) ||
    (nextServiceKm !== null && lastMaintenanceKm !== null && nextServiceKm <= lastMaintenanceKm)
  );
}

/**
 * When the maintenance comes due and why, whichever of date and mileage comes first; null while nothing is known.
 *
 * The next date or mileage that the DMS or a person told rules until it is spent (`isNextSpent`). Where there is none, the first is due 3 months
 * after delivery or at 5,000 km, unless the vehicle says otherwise, and each further one 6 months or 10,000 km after the last. The day of a
 * mileage lies on the line through the last reading with the daily habit as its slope, also where it has passed: a reading that shows what was
 * expected moves nothing. Without a reading since the last maintenance the habit alone counts from there.
 *
 * The database keeps the same day in `maintenance_due_on`. Source: spec 01 Vehicle; 13 Planner; CARE-26, CARE-27.
 */
export function maintenanceDue(facts: MaintenanceFacts): MaintenanceDue | null {
  const { lastMaintenanceOn, deliveredOn, firstServiceOn, nextServiceOn, nextServiceKm } = facts;
  const told = (nextServiceOn !== null || nextServiceKm !== null) && !isNextSpent(facts);
  const byDate = told
    ? nextServiceOn
    : lastMaintenanceOn === null
      ? (firstServiceOn ?? (deliveredOn && addMonths(deliveredOn, FIRST_MAINTENANCE.months)))
      : addMonths(lastMaintenanceOn, NEXT_MAINTENANCE.months);
  const byMileage = dueByMileage(facts, told);
  if (byDate === null) return byMileage === null ? null : { on: byMileage, by: 'mileage' };
  if (byMileage === null) return { on: byDate, by: 'date' };
  const on = minDate(byDate, byMileage);
  return { on, by: on === byDate ? 'date' : 'mileage' };
}

function dueByMileage(facts: MaintenanceFacts, told: boolean): CivilDate | null {
  const { lastMaintenanceOn, lastMaintenanceKm, lastMileageKm, lastMileageOn, metresPerDay: daily } = facts;
  if (!daily) return null;
  const daysTo = (km: number) => Math.max(-FURTHEST_DAYS, Math.min(FURTHEST_DAYS, Math.floor((km * 1000) / daily)));
  const reading = lastMileageKm === null || lastMileageOn === null ? null : { km: lastMileageKm, on: lastMileageOn };
  let dueKm: number | null;
  if (told) dueKm = facts.nextServiceKm;
  else if (lastMaintenanceOn === null) dueKm = facts.firstServiceKm ?? FIRST_MAINTENANCE.km;
  else if (lastMaintenanceKm === null || reading === null || reading.on <= lastMaintenanceOn)
    return addDays(lastMaintenanceOn, daysTo(NEXT_MAINTENANCE.km));
  else dueKm = lastMaintenanceKm + NEXT_MAINTENANCE.km;
  if (dueKm === null || reading === null) return null;
  const on = addDays(reading.on, daysTo(dueKm - reading.km));
  // A habit of late says little of long ago: no car is due before it came or was last looked after.
  const since = lastMaintenanceOn ?? facts.deliveredOn;
  return since === null ? on : maxDate(since, on);
}
