export * from './clock.ts';
export * from './model.ts';
export * from './number.ts';
export * from './policy.ts';
export * from './rates.ts';
export * from './rules.ts';
export * from './scoring.ts';
