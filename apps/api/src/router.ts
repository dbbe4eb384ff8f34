import { auditRouter, keysRouter, rightsRouter, staffRouter } from './access/administration.ts';
import { accessRouter, viewsRouter } from './access/router.ts';
import { careRouter } from './care/router.ts';
import { complaintsRouter } from './complaints/router.ts';
import { contactsRouter } from './contacts/router.ts';
import { customersRouter, searchRouter } from './customers/router.ts';
import { importsRouter } from './imports/router.ts';
import { liveRouter } from './live/router.ts';
import { noticesRouter } from './notices/router.ts';
import { reportsRouter } from './reports/router.ts';
import { serviceRouter } from './service/router.ts';
import { settingsRouter } from './settings/router.ts';
import { tasksRouter } from './tasks/router.ts';
import { router } from './trpc.ts';
import { vehiclesRouter } from './vehicles/router.ts';

/** Every procedure there is: the apps, integrators and the OpenAPI view see this one router. */
export const appRouter = router({
  access: accessRouter,
  views: viewsRouter,
  notices: noticesRouter,
  live: liveRouter,
  staff: staffRouter,
  rights: rightsRouter,
  settings: settingsRouter,
  keys: keysRouter,
  audit: auditRouter,
  search: searchRouter,
  customers: customersRouter,
  vehicles: vehiclesRouter,
  service: serviceRouter,
  contacts: contactsRouter,
  complaints: complaintsRouter,
  care: careRouter,
  tasks: tasksRouter,
  imports: importsRouter,
  reports: reportsRouter,
});

export type AppRouter = typeof appRouter;
