export * from './cells.ts';
export * from './directory.ts';
export * from './merge.ts';
export * from './model.ts';
export * from './plan.ts';
export * from './recognise.ts';
export * from './rows.ts';
export * from './template.ts';
