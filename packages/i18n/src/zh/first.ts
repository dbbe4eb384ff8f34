// What every screen needs from its first moment: these words are fetched before anything is shown.
export * from './access.ts';
export * from './common.ts';
export * from './errors.ts';
export * from './navigation.ts';
export * from './notices.ts';
export * from './roles.ts';
export * from './shell.ts';
