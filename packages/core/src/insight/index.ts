export * from './callbacks.ts';
export * from './home.ts';
export * from './model.ts';
export * from './periods.ts';
