export * from './calendar.ts';
export * from './complaints.ts';
export * from './customers.ts';
export * from './faults.ts';
export * from './model.ts';
export * from './results.ts';
export * from './security.ts';
