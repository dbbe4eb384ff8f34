export * from './bulk.ts';
export * from './id-card.ts';
export * from './masks.ts';
export * from './model.ts';
export * from './names.ts';
export * from './phone.ts';
export * from './rules.ts';
export * from './search-tokens.ts';
