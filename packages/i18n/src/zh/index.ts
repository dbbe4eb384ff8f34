// One line per capability: screens as `tasks`, refusals as `tasksRefusals` (catalogue.ts puts them in their places).
export * from './access.ts';
export * from './admin.ts';
export * from './care.ts';
export * from './common.ts';
export * from './complaints.ts';
export * from './contacts.ts';
export * from './customers.ts';
export * from './errors.ts';
export * from './imports.ts';
export * from './notices.ts';
export * from './reports.ts';
export * from './roles.ts';
export * from './service.ts';
export * from './settings.ts';
export * from './shell.ts';
export * from './vehicles.ts';
export * from './tasks.ts';
