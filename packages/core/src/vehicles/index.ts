export * from './model.ts';
export * from './plate.ts';
export * from './rules.ts';
export * from './vin.ts';
