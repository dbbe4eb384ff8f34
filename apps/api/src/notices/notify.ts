import type { Instant, StaffId, StoreId } from '@baoke/core/kernel';
import type { Db } from '@baoke/db';
import { insertLiveEvent } from '@baoke/db/audit';
import { insertNotices, type NoticeKind } from '@baoke/db/notices';
import { newId } from '../ids.ts';
import type { Queue } from '../queue.ts';

/** What a notice says, as a code with parameters: the reader's language is chosen when he reads it. */
export type Notice = {
  readonly kind: NoticeKind;
  readonly params: Readonly<Record<string, string | number>>;
  readonly entity: string;
  readonly entityId: string;
};

/** Puts a notice into the bells of these people, each once, in the transaction of what happened; mail follows from the queue. */
export async function notify(
  tx: Db,
  { storeId, enqueue }: { storeId: StoreId; enqueue: Queue['send'] },
  to: Iterable<StaffId>,
  notice: Notice,
  at: Instant,
): Promise<void> {
  const staff = [...new Set(to)];
  if (staff.length === 0) return;
  const notices = staff.map((staffId) => ({ id: newId(), staffId, ...notice, at }));
  const withAddress = await insertNotices(tx, storeId, notices);
  for (const { id: noticeId, staffId } of notices) if (withAddress.has(staffId)) await enqueue(tx, 'notices.mail', { storeId, noticeId });
  await insertLiveEvent(tx, storeId, 'notices', null);
}
