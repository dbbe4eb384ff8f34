import { describe, expect, it } from 'vitest';
import { on } from '../kernel/testing.ts';
import { VEHICLE_STATUSES, type MileageReading } from './model.ts';
import {
  addReading,
  beginOwning,
  checkVehicle,
  expectedMileageKm,
  hasLeftOwner,
  isNextSpent,
  lastMaintenance,
  maintenanceDue,
  metresPerDay,
  returnsToOwner,
} from './rules.ts';
import { aVehicle } from './testing.ts';

const read = (readOn: string, mileageKm: number, doubtful = false): MileageReading => ({
  readOn: on(readOn),
  mileageKm,
  source: 'visit',
  doubtful,
});
const TODAY = on('2026-11-01');

it('has left its owner when it is handed on or scrapped, not when it is driven elsewhere', () => {
  expect(VEHICLE_STATUSES.filter(hasLeftOwner)).toEqual(['transferred', 'scrapped']);
  expect(VEHICLE_STATUSES.filter((after) => returnsToOwner('scrapped', after))).toEqual(['in_use', 'moved_away']);
  expect(VEHICLE_STATUSES.filter((after) => returnsToOwner('moved_away', after))).toEqual([]);
});

it.each([
  { from: '2024-05-01', since: null, ok: true },
  { from: '2024-05-01', since: '2024-05-01', ok: true },
  { from: '2024-04-30', since: '2024-05-01', ok: false },
  { from: TODAY, since: null, ok: true },
  { from: '2026-11-02', since: null, ok: false },
])('is owned from $from by the next, where the last came to have it on $since: $ok', ({ from, since, ok }) => {
  expect(beginOwning(on(from), since === null ? null : on(since), TODAY).ok).toBe(ok);
});

describe('mileage readings', () => {
  const known = [read('2026-01-01', 10000), read('2026-06-01', 15000)];
  it.each([
    { name: 'higher than before', reading: read('2026-07-01', 15000), doubtful: false },
    { name: 'lower than before', reading: read('2026-07-01', 14999), doubtful: true },
    { name: 'between two, fitting', reading: read('2026-03-01', 12000), doubtful: false },
    { name: 'between two, above the later', reading: read('2026-03-01', 15001), doubtful: true },
  ])('$name', ({ reading, doubtful }) => {
    expect(addReading(known, reading, TODAY)).toMatchObject({ ok: true, value: { doubtful } });
  });

  it('are judged by the sound ones only', () => {
    expect(addReading([...known, read('2026-06-15', 99999, true)], read('2026-07-01', 16000), TODAY)).toMatchObject({
      value: { doubtful: false },
    });
  });

  it('are not of tomorrow', () => {
    expect(addReading([], read('2026-11-02', 1), TODAY)).toEqual({ ok: false, refusal: 'vehicles.read_in_future' });
    expect(addReading([], read('2026-11-01', 1), TODAY)).toMatchObject({ ok: true });
  });

  it.each([
    { name: 'none', readings: [], daily: null },
    { name: 'one', readings: [read('2026-01-01', 5000)], daily: null },
    { name: 'two of one day', readings: [read('2026-01-01', 5000), read('2026-01-01', 5010)], daily: null },
    { name: 'a hundred days', readings: [read('2026-01-01', 5000), read('2026-04-11', 8000)], daily: 30000 },
    {
      name: 'the latest thirty days before, not the week before',
      readings: [read('2026-01-01', 0), read('2026-03-02', 3000), read('2026-03-28', 3100), read('2026-04-01', 3300)],
      daily: 10000,
    },
    { name: 'a thousand kilometres a day', readings: [read('2026-01-01', 0), read('2026-01-11', 10_000)], daily: 1_000_000 },
    { name: 'more than anybody drives', readings: [read('2026-01-01', 0), read('2026-01-11', 10_001)], daily: null },
    { name: 'shorter than thirty days in all', readings: [read('2026-01-01', 100), read('2026-01-11', 300)], daily: 20000 },
    {
      name: 'without the doubtful one',
      readings: [read('2026-01-01', 5000), read('2026-03-01', 50000, true), read('2026-04-11', 8000)],
      daily: 30000,
    },
  ])('give the daily habit: $name', ({ readings, daily }) => expect(metresPerDay(readings)).toBe(daily));

  it('say what to expect today', () => {
    const vehicle = aVehicle({ lastMileageKm: 8000, lastMileageOn: on('2026-10-22'), metresPerDay: 33333 });
    expect(expectedMileageKm(vehicle, TODAY)).toBe(8333);
    expect(expectedMileageKm(aVehicle({ lastMileageKm: 8000 }), TODAY)).toBeNull();
  });
});

describe('the last maintenance', () => {
  const isMaintenance = (category: string) => category === 'regular_maintenance';
  const visit = (arrivedOn: string, mileageKm: number | null, category = 'regular_maintenance', isRefund = false) => ({
    category,
    arrivedOn: on(arrivedOn),
    isRefund,
    mileageKm,
  });
  it.each([
    { name: 'none', visits: [], last: null },
    { name: 'an accident is none', visits: [visit('2026-10-12', 3000, 'accident')], last: null },
    { name: 'a refund is none', visits: [visit('2026-10-12', null, 'regular_maintenance', true)], last: null },
    {
      name: 'the latest, not the visit after it',
      visits: [visit('2026-06-01', 9000), visit('2025-12-01', 4000), visit('2026-10-12', 12000, 'accident')],
      last: { on: '2026-06-01', km: 9000 },
    },
    {
      name: 'of two on one day the one with a mileage',
      visits: [visit('2026-06-01', null), visit('2026-06-01', 9000), visit('2026-06-01', null)],
      last: { on: '2026-06-01', km: 9000 },
    },
  ])('$name', ({ visits, last }) => expect(lastMaintenance(visits, isMaintenance)).toEqual(last));
});

describe('maintenance due', () => {
  const driven = { lastMileageKm: 18000, lastMileageOn: on('2026-10-01'), metresPerDay: 50000 };
  const maintained = { deliveredOn: on('2025-01-01'), lastMaintenanceOn: on('2026-06-01'), lastMaintenanceKm: 12000 };
  it.each([
    { name: 'the date of the DMS', change: { nextServiceOn: on('2026-12-01') }, due: { on: '2026-12-01', by: 'date' } },
    {
      name: 'the mileage before the date',
      change: { ...driven, nextServiceOn: on('2026-12-01'), nextServiceKm: 20000 },
      due: { on: '2026-11-10', by: 'mileage' },
    },
    {
      name: 'the date before the mileage',
      change: { ...driven, nextServiceOn: on('2026-11-09'), nextServiceKm: 20000 },
      due: { on: '2026-11-09', by: 'date' },
    },
    {
      name: 'both on one day',
      change: { ...driven, nextServiceOn: on('2026-11-10'), nextServiceKm: 20000 },
      due: { on: '2026-11-10', by: 'date' },
    },
    { name: 'three months after delivery', change: { deliveredOn: on('2026-11-30') }, due: { on: '2027-02-28', by: 'date' } },
    {
      name: 'the first still, after an accident',
      change: { deliveredOn: on('2026-09-03'), firstServiceOn: on('2026-12-03'), lastVisitOn: on('2026-10-12') },
      due: { on: '2026-12-03', by: 'date' },
    },
    {
      name: 'six months after the last maintenance',
      change: { deliveredOn: on('2020-01-01'), lastMaintenanceOn: on('2026-08-31'), lastVisitOn: on('2026-10-12') },
      due: { on: '2027-02-28', by: 'date' },
    },
    {
      name: 'the first 5,000 km before three months',
      change: { deliveredOn: on('2026-10-01'), lastMileageKm: 3000, lastMileageOn: on('2026-11-01'), metresPerDay: 100000 },
      due: { on: '2026-11-21', by: 'mileage' },
    },
    {
      name: 'the first 5,000 km by an early reading',
      change: { deliveredOn: on('2026-08-29'), lastMileageKm: 2680, lastMileageOn: on('2026-09-29'), metresPerDay: 86000 },
      due: { on: '2026-10-25', by: 'mileage' },
    },
    {
      name: 'the same day after a later reading of what was expected',
      change: { deliveredOn: on('2026-08-29'), lastMileageKm: 7867, lastMileageOn: on('2026-11-28'), metresPerDay: 86000 },
      due: { on: '2026-10-25', by: 'mileage' },
    },
    {
      name: '10,000 km after the last maintenance, on the line through the reading since',
      change: { ...driven, ...maintained, metresPerDay: 100000 },
      due: { on: '2026-11-10', by: 'mileage' },
    },
    {
      name: 'the same day after a later reading of what was expected since the maintenance',
      change: { ...maintained, lastMileageKm: 21000, lastMileageOn: on('2026-10-31'), metresPerDay: 100000 },
      due: { on: '2026-11-10', by: 'mileage' },
    },
    {
      name: 'the habit alone, without a reading since the maintenance',
      change: { ...maintained, lastMileageKm: 12000, lastMileageOn: on('2026-06-01'), metresPerDay: 100000 },
      due: { on: '2026-09-09', by: 'mileage' },
    },
    {
      name: 'the habit alone, with a maintenance of unknown mileage',
      change: { ...driven, ...maintained, lastMaintenanceKm: null, metresPerDay: 100000 },
      due: { on: '2026-09-09', by: 'mileage' },
    },
    { name: 'passed since the reading', change: { ...driven, nextServiceKm: 17000 }, due: { on: '2026-09-11', by: 'mileage' } },
    {
      name: 'not before delivery, whatever the habit of late says',
      change: { deliveredOn: on('2026-08-01'), lastMileageKm: 9000, lastMileageOn: on('2026-11-01'), metresPerDay: 10000 },
      due: { on: '2026-08-01', by: 'mileage' },
    },
    {
      name: 'by date where the car hardly moves',
      change: { ...maintained, lastMileageKm: 12000, lastMileageOn: on('2026-10-01'), metresPerDay: 1 },
      due: { on: '2026-12-01', by: 'date' },
    },
    {
      name: 'what was told at the last visit',
      change: { ...maintained, nextServiceOn: on('2026-12-15'), nextServiceKm: 145_900, nextToldOn: on('2026-06-01') },
      due: { on: '2026-12-15', by: 'date' },
    },
    {
      name: 'six months after the last maintenance, made before the date told',
      change: { ...maintained, nextServiceOn: on('2026-06-15'), nextServiceKm: 145_900, nextToldOn: on('2026-05-31') },
      due: { on: '2026-12-01', by: 'date' },
    },
    {
      name: '10,000 km after the last maintenance, not the mileage told before it',
      change: { ...driven, ...maintained, metresPerDay: 100000, nextServiceKm: 145_900, nextToldOn: on('2026-05-31') },
      due: { on: '2026-11-10', by: 'mileage' },
    },
    { name: 'nothing known', change: {}, due: null },
  ])('$name', ({ change, due }) => expect(maintenanceDue(aVehicle(change))).toEqual(due));
});

describe('the next maintenance that was told', () => {
  const last = { lastMaintenanceOn: on('2026-06-01'), lastMaintenanceKm: 12_000 };
  const [later, laterKm] = [{ nextServiceOn: on('2026-12-15') }, { nextServiceKm: 20_000 }];
  it.each([
    { name: 'none was told', change: { ...last, nextToldOn: on('2026-01-01') }, spent: false },
    { name: 'never maintained', change: { ...later, nextToldOn: on('2026-01-01') }, spent: false },
    { name: 'maintained the day after it was told', change: { ...last, ...later, nextToldOn: on('2026-05-31') }, spent: true },
    { name: 'told on the day of the visit', change: { ...last, ...later, nextToldOn: on('2026-06-01') }, spent: false },
    { name: 'told since', change: { ...last, ...later, nextToldOn: on('2026-06-02') }, spent: false },
    { name: 'told nobody knows when', change: { ...last, ...later, ...laterKm }, spent: false },
    {
      name: 'maintained on the date told',
      change: { ...last, nextServiceOn: on('2026-06-01'), nextToldOn: on('2026-07-01') },
      spent: true,
    },
    { name: 'maintained the day before the date told', change: { ...last, nextServiceOn: on('2026-06-02') }, spent: false },
    { name: 'maintained at the mileage told', change: { ...last, nextServiceKm: 12_000 }, spent: true },
    { name: 'maintained a kilometre before the mileage told', change: { ...last, nextServiceKm: 12_001 }, spent: false },
    {
      name: 'maintained at a mileage nobody wrote down',
      change: { ...last, lastMaintenanceKm: null, nextServiceKm: 1 },
      spent: false,
    },
    { name: 'the date is passed, the mileage is not', change: { ...last, ...laterKm, nextServiceOn: on('2026-05-01') }, spent: true },
    { name: 'the mileage is passed, the date is not', change: { ...last, ...later, nextServiceKm: 11_000 }, spent: true },
  ])('spent $spent: $name', ({ change, spent }) => expect(isNextSpent(aVehicle(change))).toBe(spent));
});

it('needs a VIN or a plate', () => {
  expect(checkVehicle(aVehicle({ vin: null, plate: null }))).toEqual({ ok: false, refusal: 'vehicles.nothing_to_know_it_by' });
  expect(checkVehicle(aVehicle({ vin: null }))).toMatchObject({ ok: true });
});
