import type { AnyTRPCRouter } from '@trpc/server';
import type { RouteOptions } from 'fastify';
import type { Meta } from '../trpc.ts';

/** The addresses of the server, each with the methods it takes. */
export type Places = {
  /** Takes up a route as it is made; one that answers for whatever stands below it is no address of its own. */
  readonly addRoute: (route: Pick<RouteOptions, 'url' | 'method'>) => void;
  /** The methods of a path, as the header `Allow` names them; empty where there is no such address. */
  readonly methodsAt: (path: string) => readonly string[];
};

/** Begins with the procedures as REST below `basePath`, which share one route; the others are added as they are made. */
export function placesOf(router: AnyTRPCRouter, basePath: string): Places {
  const places: { readonly steps: readonly string[]; readonly methods: readonly string[] }[] = [];
  const add = (path: string, methods: readonly string[]) => places.push({ steps: stepsOf(path), methods });
  for (const { _def } of Object.values(router._def.procedures as Record<string, { _def: { type: string; meta: Meta } }>)) {
    const { method, path } = _def.meta.openapi ?? {};
    if (_def.type !== 'subscription' && method !== undefined && path !== undefined)
      add(basePath + path, method === 'GET' ? ['GET', 'HEAD'] : [method]);
  }
  return {
    addRoute: ({ url, method }) => url.includes('*') || add(url, [method].flat()),
    methodsAt: (path) => {
      const asked = stepsOf(path);
      const found = places.filter(
        ({ steps }) => steps.length === asked.length && steps.every((step, at) => isParameter(step) || step === asked[at]),
      );
      // Where a fixed path stands, the one that would take its name for an id is another address.
      const parameters = ({ steps }: { steps: readonly string[] }) => steps.filter(isParameter).length;
      const least = Math.min(...found.map(parameters));
      return [...new Set(found.filter((place) => parameters(place) === least).flatMap(({ methods }) => methods))].toSorted();
    },
  };
}

function isParameter(step: string): boolean {
  return /^[:{]/.test(step);
}

function stepsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/');
}
