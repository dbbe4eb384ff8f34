export * from './callbacks.ts';
export * from './charts.ts';
export * from './home.ts';
export * from './lunar.ts';
export * from './model.ts';
export * from './periods.ts';
export * from './persons.ts';
