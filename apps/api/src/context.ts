import type { Action, Capability, DepartmentKind, Reach, Rights, Role } from '@baoke/core/access';
import { reachOf } from '@baoke/core/access';
import type { AccountId, DepartmentId, Instant, StaffId, StoreId, TimeZone } from '@baoke/core/kernel';
import { inTransaction, type Db, type Ending, type Pool, type PoolClient } from '@baoke/db';
import type { StoreHome } from '@baoke/db/stores';
import type { Queue } from './queue.ts';
import { lacksRight } from './http/refusals.ts';

/** Who is calling, resolved from the session or the API key. */
export type Caller = {
  readonly kind: 'staff' | 'api_key' | 'system';
  readonly accountId: AccountId | null;
  readonly username: string | null;
  readonly locale: 'zh' | 'en';
  readonly mustChangePassword: boolean;
  /** His role signs in with a second step here. */
  readonly secondStepRequired: boolean;
  /** … and he has not set it up: nothing but his own sign-in is open to him. */
  readonly owesSecondStep: boolean;
  readonly staffId: StaffId;
  readonly name: string;
  readonly role: Role;
  readonly departmentId: DepartmentId | null;
  readonly departmentKind: DepartmentKind | null;
  readonly storeId: StoreId;
  readonly zone: TimeZone;
  readonly home: StoreHome;
  readonly rights: Rights;
  /** Staff of the caller's department, himself included. */
  readonly team: readonly StaffId[];
};

/** What a use case works with: the caller, the time of the request, and transactions of his store only. */
export type StaffContext = Caller & {
  readonly now: Instant;
  readonly requestId: string;
  readonly ip: string | null;
  /** Gives work to the background, in the transaction of the change that asks for it. */
  readonly enqueue: Queue['send'];
  /** Whose records the caller's right reaches; refuses when it reaches nobody's. */
  reach(capability: Capability, action: Action): Reach;
  /** One transaction of the caller's store. With an idempotency key the whole request is one transaction and this joins it. */
  inStore<T>(work: (tx: Db, client: PoolClient) => Promise<T | Ending<T>>): Promise<T>;
  /** The same, read only; for searches, whose statements are planned once for all terms, as `find`. */
  readStore<T>(work: (tx: Db) => Promise<T>, mode?: 'read' | 'find'): Promise<T>;
};

/** Makes the context of a use case from a caller; jobs and commands use it as requests do. */
export function staffContext(
  { pool, queue }: { pool: Pool; queue: Queue },
  caller: Caller,
  request: { now: Instant; requestId: string; ip: string | null },
): StaffContext {
  return {
    ...caller,
    ...request,
    enqueue: queue.send,
    reach(capability, action) {
      const scope = caller.rights(capability, action);
      if (scope === 'none') throw lacksRight(caller.kind, capability, action);
      return reachOf(scope, caller.staffId, caller.team);
    },
    inStore: (work) => inTransaction(pool, { storeId: caller.storeId }, work),
    readStore: (work, mode = 'read') => inTransaction(pool, { storeId: caller.storeId }, work, mode),
  };
}
