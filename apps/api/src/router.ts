import { auditRouter, keysRouter, rightsRouter, staffRouter } from './access/administration.ts';
import { accessRouter, viewsRouter } from './access/router.ts';
import { careRouter } from './care/router.ts';
import { complaintsRouter } from './complaints/router.ts';
import { liveRouter } from './live/router.ts';
import { noticesRouter } from './notices/router.ts';
import { tasksRouter } from './tasks/router.ts';
import { router } from './trpc.ts';

/** Every procedure there is: the apps, integrators and the OpenAPI view see this one router. */
export const appRouter = router({
  access: accessRouter,
  views: viewsRouter,
  notices: noticesRouter,
  live: liveRouter,
  staff: staffRouter,
  rights: rightsRouter,
  keys: keysRouter,
  audit: auditRouter,
  complaints: complaintsRouter,
  care: careRouter,
  tasks: tasksRouter,
});

export type AppRouter = typeof appRouter;
