import { changedVehicles, changesInput, removedRecords } from '@baoke/core/changes/wire';
import * as wire from '@baoke/core/vehicles/wire';
import { listChangedVehicles } from '@baoke/db/changes';
import { CHANGES, changesOf, REMOVALS, removalsOf } from '../http/changes.ts';
import { may, router } from '../trpc.ts';
import * as useCases from './use-cases.ts';

export const vehiclesRouter = router({
  changes: may('vehicles', 'view', {
    method: 'GET',
    path: '/vehicles/changes',
    summary: 'Vehicles in the order of their last change',
    description: CHANGES,
  })
    .input(changesInput)
    .output(changedVehicles)
    .query(({ ctx, input }) => changesOf(ctx.staff, 'vehicles', input, listChangedVehicles)),

  removals: may('vehicles', 'view', {
    method: 'GET',
    path: '/vehicles/removals',
    summary: 'Vehicles that were removed, in the order in which they went',
    description: REMOVALS,
  })
    .input(changesInput)
    .output(removedRecords)
    .query(({ ctx: { staff }, input }) => removalsOf(staff, 'vehicles', input)),

  get: may('vehicles', 'view', { method: 'GET', path: '/vehicles/{vehicleId}', summary: 'One vehicle with its history' })
    .input(wire.vehicleInput)
    .output(wire.vehicleView)
    .query(({ ctx, input }) => useCases.vehicleView(ctx.staff, input.vehicleId)),

  create: may('vehicles', 'edit', { method: 'POST', path: '/vehicles', summary: 'File a vehicle under its owner' })
    .input(wire.createVehicleInput)
    .output(wire.vehicleSaved)
    .mutation(({ ctx, input }) => useCases.createVehicle(ctx.staff, input)),

  update: may('vehicles', 'edit', { method: 'PATCH', path: '/vehicles/{vehicleId}', summary: 'Change a vehicle file' })
    .input(wire.updateVehicleInput)
    .output(wire.vehicleSaved)
    .mutation(({ ctx, input }) => useCases.updateVehicle(ctx.staff, input)),

  addMileage: may('vehicles', 'edit', { method: 'POST', path: '/vehicles/{vehicleId}/mileage', summary: 'Note a reading of the mileage' })
    .input(wire.mileageInput)
    .output(wire.mileageSaved)
    .mutation(({ ctx, input }) => useCases.addMileage(ctx.staff, input)),

  changeOwner: may('vehicles', 'edit', {
    method: 'POST',
    path: '/vehicles/{vehicleId}/owner',
    summary: 'Give the vehicle to another customer',
  })
    .input(wire.ownerInput)
    .output(wire.vehicleSaved)
    .mutation(({ ctx, input }) => useCases.changeVehicleOwner(ctx.staff, input)),
});
