import type { VehicleId } from '@baoke/core/kernel';
import type { Api } from '../../shell/api.ts';

export function vehicleOptions({ trpc }: Api, vehicleId: VehicleId) {
  return trpc.vehicles.get.queryOptions({ vehicleId });
}

/** A changed car is seen on its own page and on its owner's card. */
export async function refreshVehicles({ queryClient, trpc }: Api): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries(trpc.vehicles.pathFilter()),
    queryClient.invalidateQueries(trpc.customers.pathFilter()),
  ]);
}
