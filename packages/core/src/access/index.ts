export * from './masks.ts';
export * from './model.ts';
export * from './passwords.ts';
export * from './rights.ts';
export * from './security.ts';
export * from './wire.ts';
