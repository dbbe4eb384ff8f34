// One line per capability: screens as `tasks`, refusals as `tasksRefusals` (catalogue.ts puts them in their places).
export * from './access.ts';
export * from './admin.ts';
export * from './common.ts';
export * from './complaints.ts';
export * from './errors.ts';
export * from './imports.ts';
export * from './notices.ts';
export * from './roles.ts';
export * from './shell.ts';
