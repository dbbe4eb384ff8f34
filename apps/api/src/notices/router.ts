import { instantOut } from '@baoke/core/kernel/wire';
import { listNotices, markNoticesRead } from '@baoke/db/notices';
import { z } from 'zod';
import { router, signedIn } from '../trpc.ts';

export const noticesRouter = router({
  list: signedIn({ method: 'GET', path: '/notices', summary: 'Notices of the person', tags: ['notices'] })
    .output(
      z.object({
        unread: z.number(),
        notices: z.array(
          z.object({
            id: z.string(),
            kind: z.string(),
            params: z.record(z.string(), z.union([z.string(), z.number()])),
            entity: z.string().nullable(),
            entityId: z.string().nullable(),
            at: instantOut,
            readAt: instantOut.nullable(),
          }),
        ),
      }),
    )
    .query(({ ctx }) => ctx.staff.readStore((tx) => listNotices(tx, ctx.staff.storeId, ctx.staff.staffId, 50))),

  markRead: signedIn({ method: 'POST', path: '/notices/read', summary: 'Mark notices as read', tags: ['notices'] })
    .input(z.strictObject({ ids: z.union([z.literal('all'), z.array(z.uuid()).max(200)]) }))
    .output(z.object({ ok: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.staff.inStore((tx) => markNoticesRead(tx, ctx.staff.storeId, ctx.staff.staffId, input.ids, ctx.staff.now));
      return { ok: true } as const;
    }),
});
