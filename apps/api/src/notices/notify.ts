import type { Instant, StaffId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import { insertLiveEvent } from '@baoke/db/audit';
import { insertNotices } from '@baoke/db/notices';
import type { StoreId } from '@baoke/core/kernel';
import { newId } from '../ids.ts';

/** What a notice says, as a code with parameters: the reader's language is chosen when he reads it. */
export type Notice = {
  readonly kind: 'complaints.registered' | 'complaints.escalated' | 'complaints.reassigned' | 'complaints.reopened' | 'complaints.pause_requested' | 'complaints.solved' | 'care.missed' | 'imports.finished';
  readonly params: Readonly<Record<string, string | number>>;
  readonly entity: string;
  readonly entityId: string;
};

/** Puts a notice into the bells of these people, each once, in the transaction of what happened. */
export async function notify(tx: Db, storeId: StoreId, to: Iterable<StaffId>, notice: Notice, at: Instant): Promise<void> {
  const staff = [...new Set(to)];
  if (staff.length === 0) return;
  await insertNotices(tx, storeId, staff.map((staffId) => ({ id: newId(), staffId, ...notice, at })));
  await insertLiveEvent(tx, storeId, 'notices', null);
}
