export * from './plate.ts';
export * from './vin.ts';
