export { brokenKey, createPool, isConnectionLost, kyselyOver, UNNAMED, type Db, type PoolOptions } from './connect.ts';
export { migrate, MigrationError, type MigrationReport } from './migrate.ts';
export { Ending, enterStore, inPart, inTransaction, settled, type Isolation } from './transaction.ts';
export type { DB } from './tables.generated.ts';
export { describeSchema, generateTableTypes } from './describe.ts';
export type { Pool, PoolClient } from 'pg';
export { listIsolationFaults, listRightFaults, readLogin, type Login, type LoginFault } from './isolation.ts';
