export * from './cells.ts';
export * from './directory.ts';
export * from './model.ts';
export * from './recognise.ts';
export * from './rows.ts';
