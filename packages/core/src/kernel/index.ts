export * from './calendar.ts';
export * from './ids.ts';
export * from './money.ts';
export * from './range.ts';
export * from './rate.ts';
export * from './time.ts';
export * from './verdict.ts';
export * from './zone.ts';
