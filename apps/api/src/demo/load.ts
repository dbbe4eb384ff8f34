import { dateIn, type Instant, type StoreId, type TimeZone } from '@baoke/core/kernel';
import { createPool, inTransaction, type Db, type Pool, type PoolClient } from '@baoke/db';
import { saveRules } from '@baoke/db/care';
import { insertComplaint, insertComplaintEvent, nextComplaintNumber } from '@baoke/db/complaints';
import { allowLongLoad, clearLoad, copyRows, forgetChanges, loadState } from '@baoke/db/demo';
import { refreshStatistics } from '@baoke/db/stores';
import { nextEscalation, readComplaintTime } from '../complaints/escalate.ts';
import type { MadeStore } from '../stores/create.ts';
import { generateStore, type DemoStaff, type Size } from './generator.ts';
import { demoRules } from './history.ts';

/**
 * Fills a store with a generated dealership: customers and vehicles, then what belongs to them and the visits side by side. What an earlier load
 * that was broken off has left is taken away first, by the owner of the tables; a store that is filled already is left alone.
 */
export async function loadStore(
  pool: Pool,
  made: MadeStore & Pick<DemoStaff, 'byUsername'>,
  options: { zone: TimeZone; now: Instant; size: Size; seed: string; ownerUrl: string },
): Promise<void> {
  const { zone, now, size, seed } = options;
  const { storeId } = made;
  const state = await inTransaction(pool, { storeId }, (tx) => loadState(tx, storeId), 'read');
  if (state === 'whole') return;
  const today = dateIn(zone, now);
  const store = generateStore({ seed, now, today, zone, size, staff: made });
  const write = (work: (client: PoolClient, tx: Db) => Promise<void>) =>
    inTransaction(pool, { storeId }, async (tx, client) => {
      await allowLongLoad(client);
      await work(client, tx);
    });
  if (state === 'broken_off') await clearBrokenOff(options.ownerUrl, storeId);
  const people = write(async (client) => {
    await copyRows(client, storeId, 'customers', store.customers);
    await copyRows(client, storeId, 'vehicles', store.vehicles);
  });
  const files = write(async (client) => {
    // Tokens name customers without referring to them: they need not wait.
    await copyRows(client, storeId, 'search_tokens', store.tokens(), 'token');
    await people;
    await copyRows(client, storeId, 'customer_phones', store.phones);
    await copyRows(client, storeId, 'contact_persons', store.contactPersons);
    await copyRows(client, storeId, 'consents', store.consents);
    await copyRows(client, storeId, 'observations', store.observations);
    await copyRows(client, storeId, 'plate_periods', store.platePeriods);
    await copyRows(client, storeId, 'ownerships', store.ownerships);
    await copyRows(client, storeId, 'mileage_readings', store.readings);
    await copyRows(client, storeId, 'insurance_policies', store.policies);
    await copyRows(client, storeId, 'leads', store.leads);
    await copyRows(client, storeId, 'tasks', store.tasks);
    await copyRows(client, storeId, 'contacts', store.contacts);
  });
  const work = people.then(() =>
    write(async (client, tx) => {
      await copyRows(client, storeId, 'service_visits', store.visits);
      await copyRows(client, storeId, 'orders', store.orders);
      await saveRules(tx, storeId, demoRules({ today, zone, now }), null, now);
      const time = await readComplaintTime(tx, storeId, zone);
      for (const { complaint, registeredOn, events } of store.complaints) {
        const numbered = { ...complaint, number: await nextComplaintNumber(tx, storeId, registeredOn) };
        // What has come due since the registration is told by the escalation job as soon as it runs.
        await insertComplaint(
          tx,
          storeId,
          numbered,
          complaint.status === 'closed' ? null : nextEscalation(numbered, time, complaint.registeredAt),
        );
        for (const event of events) await insertComplaintEvent(tx, storeId, { ...event, complaintId: complaint.id });
      }
    }),
  );
  const outcomes = await Promise.allSettled([files, work]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  await write(async (client, tx) => {
    await forgetChanges(client, storeId);
    await refreshStatistics(tx);
  });
}

async function clearBrokenOff(ownerUrl: string, storeId: StoreId): Promise<void> {
  const owner = createPool({ url: ownerUrl, max: 1 });
  try {
    await inTransaction(owner, { storeId }, async (_, client) => {
      await allowLongLoad(client);
      await clearLoad(client, storeId);
    });
  } finally {
    await owner.end();
  }
}
