export * from './candidates.ts';
export * from './dates.ts';
export * from './diff.ts';
export * from './load.ts';
export * from './model.ts';
export * from './planner.ts';
export * from './presets.ts';
export * from './rules.ts';
