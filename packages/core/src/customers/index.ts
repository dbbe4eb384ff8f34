export * from './id-card.ts';
export * from './names.ts';
export * from './phone.ts';
export * from './search-tokens.ts';
