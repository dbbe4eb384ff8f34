import { accept, addDays, addMonths, daysBetween, minDate, refuse, type CivilDate, type Verdict } from '../kernel/index.ts';
import type { MileageReading, Vehicle, VehicleFields, VinState } from './model.ts';
import type { VinCheck } from './vin.ts';

export const VEHICLE_REFUSALS = [
  'vehicles.vin_length',
  'vehicles.vin_characters',
  'vehicles.vin_check_digit',
  'vehicles.plate_format',
  'vehicles.plate_not_registered',
  'vehicles.vin_on_file',
  'vehicles.nothing_to_know_it_by',
  'vehicles.read_in_future',
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

/**
 * Metres driven on an average day, from the last sound reading and the latest one at least 30 days before it; where there is none,
 * from the first. Null without two days of readings. Rounded down.
 *
 * Source: VEH-05, average per day = (last − previous) / days; the span of 30 days is ours, two visits in one week say nothing.
 */
export function metresPerDay(readings: readonly MileageReading[]): number | null {
  const sound = readings
    .filter((reading) => !reading.doubtful)
    .toSorted((a, b) => (a.readOn < b.readOn ? -1 : a.readOn > b.readOn ? 1 : a.mileageKm - b.mileageKm));
  const last = sound.at(-1);
  const [first] = sound;
  if (!last || !first || first.readOn === last.readOn) return null;
  const before = sound.findLast((reading) => daysBetween(reading.readOn, last.readOn) >= HABIT_DAYS) ?? first;
  return Math.floor(((last.mileageKm - before.mileageKm) * 1000) / daysBetween(before.readOn, last.readOn));
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
  | 'firstServiceOn'
  | 'firstServiceKm'
  | 'deliveredOn'
  | 'lastVisitOn'
  | 'lastMileageKm'
  | 'lastMileageOn'
  | 'metresPerDay'
>;
export type MaintenanceDue = { readonly on: CivilDate; readonly by: 'date' | 'mileage' };

/**
 * When the maintenance comes due and why, whichever of date and mileage comes first; null while nothing is known.
 *
 * The DMS's next date or mileage rules; where it gives neither, the first maintenance after 3 months or 5,000 km and then 6 months or
 * 10,000 km. The database keeps the same day in `maintenance_due_on`. Source: spec 01 Vehicle; 13 Planner; CARE-27.
 */
export function maintenanceDue(facts: MaintenanceFacts): MaintenanceDue | null {
  const told = facts.nextServiceOn !== null || facts.nextServiceKm !== null;
  const first = facts.lastVisitOn === null;
  const byDate = told
    ? facts.nextServiceOn
    : first
      ? (facts.firstServiceOn ?? (facts.deliveredOn && addMonths(facts.deliveredOn, 3)))
      : facts.lastVisitOn && addMonths(facts.lastVisitOn, 6);
  const dueKm = told
    ? facts.nextServiceKm
    : first
      ? (facts.firstServiceKm ?? 5000)
      : facts.lastMileageKm === null
        ? null
        : facts.lastMileageKm + 10000;
  const byMileage =
    dueKm === null || facts.lastMileageKm === null || facts.lastMileageOn === null || !facts.metresPerDay
      ? null
      : addDays(facts.lastMileageOn, Math.floor((Math.max(0, dueKm - facts.lastMileageKm) * 1000) / facts.metresPerDay));
  if (byDate === null) return byMileage === null ? null : { on: byMileage, by: 'mileage' };
  if (byMileage === null) return { on: byDate, by: 'date' };
  const on = minDate(byDate, byMileage);
  return { on, by: on === byDate ? 'date' : 'mileage' };
}
