import type { VehicleId } from '../kernel/index.ts';
import type { Vehicle } from './model.ts';

/** A car in use of which little is known; change what the case is about. */
export function aVehicle(change: Partial<Vehicle> = {}): Vehicle {
  return {
    id: 'vehicle' as VehicleId,
    vin: 'LSGYGVLM4MY661911',
    vinCheck: 'valid',
    plate: '苏E12345',
    engineNo: null,
    brand: null,
    model: null,
    configuration: null,
    transmission: null,
    colour: null,
    platedOn: null,
    purchasedOn: null,
    soldByUs: true,
    deliveredOn: null,
    firstServiceOn: null,
    firstServiceKm: null,
    warrantyUntil: null,
    warrantyKm: null,
    inspectionDueOn: null,
    nextServiceOn: null,
    nextServiceKm: null,
    status: 'in_use',
    remark: null,
    ownerId: null,
    nextToldOn: null,
    lastVisitOn: null,
    lastMaintenanceOn: null,
    lastMaintenanceKm: null,
    lastMileageKm: null,
    lastMileageOn: null,
    metresPerDay: null,
    maintenanceDueOn: null,
    version: 1,
    ...change,
  };
}
