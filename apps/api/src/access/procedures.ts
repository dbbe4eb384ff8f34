import type { AnyTRPCRouter } from '@trpc/server';
import type { Meta, Right } from '../trpc.ts';

export type ProcedureListed = { readonly path: string; readonly type: 'query' | 'mutation' | 'subscription'; readonly right: Right };

/** Every procedure of a router with the right it needs. Throws for one that does not say: it must not be served. */
export function listProcedures(router: AnyTRPCRouter): ProcedureListed[] {
  const procedures = router._def.procedures as Record<string, { _def: { type: ProcedureListed['type']; meta?: Meta } }>;
  return Object.entries(procedures)
    .map(([path, { _def }]) => {
      if (_def.meta?.right === undefined) throw new Error(`the procedure ${path} does not say which right it needs`);
      return { path, type: _def.type, right: _def.meta.right };
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
