import { accessRouter, viewsRouter } from './access/router.ts';
import { complaintsRouter } from './complaints/router.ts';
import { liveRouter } from './live/router.ts';
import { noticesRouter } from './notices/router.ts';
import { router } from './trpc.ts';

/** Every procedure there is: the apps, integrators and the OpenAPI view see this one router. */
export const appRouter = router({
  access: accessRouter,
  views: viewsRouter,
  notices: noticesRouter,
  live: liveRouter,
  complaints: complaintsRouter,
});

export type AppRouter = typeof appRouter;
