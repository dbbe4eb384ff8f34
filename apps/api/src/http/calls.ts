import { getTRPCErrorFromUnknown, getTRPCErrorShape, TRPCError, type AnyRouter } from '@trpc/server';
import { fastifyRequestHandler, type CreateFastifyContextOptions } from '@trpc/server/adapters/fastify';
import { getHTTPStatusCode } from '@trpc/server/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { faultOfJson, readText, UnreadableBody } from './body.ts';
import type { AppRouter } from '../router.ts';
import type { RequestContext } from '../trpc.ts';

type Options = {
  readonly router: AppRouter;
  readonly createContext: (of: Pick<CreateFastifyContextOptions, 'req' | 'res'>) => RequestContext;
  readonly maxBatchSize: number;
};

/**
 * The procedures under `/trpc`. Plain JSON calls, alone or in a batch, go straight to their procedures and are answered in one piece;
 * whatever else tRPC knows (event streams, streamed batches, files, faulty calls) is left to its own handler.
 *
 * That handler first makes a web request with its streams and signals out of each call, which costs more than many a procedure.
 */
export function serveCalls(app: FastifyInstance, { router, createContext, maxBatchSize }: Options): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    readText((text) => text),
  );
  app.removeContentTypeParser('multipart/form-data');
  app.addContentTypeParser('multipart/form-data', {}, (_req, body, done) => done(null, body));
  const read = callReader(router, maxBatchSize);
  const procedures = router._def.procedures as unknown as Record<string, Procedure>;
  const answerCall = async (req: FastifyRequest<{ Params: { path: string }; Querystring: Query }>, res: FastifyReply) => {
    const ctx = createContext({ req: req as FastifyRequest, res: res as FastifyReply });
    const fault = typeof req.body === 'string' ? faultOfJson(req.body) : undefined;
    if (fault) {
      const error = new TRPCError({ code: 'BAD_REQUEST', cause: new UnreadableBody(fault) });
      return res.status(400).send({
        error: getTRPCErrorShape({ config: router._def._config, ctx, error, input: undefined, path: req.params.path, type: 'unknown' }),
      });
    }
    const call = read(req);
    if (call !== undefined) return answer(router, call, ctx, res);
    // Changes asked for by GET are what tRPC answers with 405.
    if (req.method === 'GET' && req.params.path.split(',').every((path) => procedures[path]?._def.type === 'mutation'))
      res.header('allow', 'POST');
    return fastifyRequestHandler({
      router: tellingErrorsTo(router, ctx),
      createContext: () => ctx,
      maxBatchSize,
      allowMethodOverride: true,
      req,
      res,
      path: req.params.path,
    });
  };
  app.get('/:path', answerCall);
  app.post('/:path', answerCall);
}

// tRPC makes no context for a call it cannot read, and such an answer too says its language and its request.
function tellingErrorsTo(router: AppRouter, ctx: RequestContext): AppRouter {
  const { _config } = router._def;
  const errorFormatter: typeof _config.errorFormatter = (failed) => _config.errorFormatter({ ...failed, ctx });
  return { ...router, _def: { ...router._def, _config: { ..._config, errorFormatter } } };
}

type Query = { readonly batch?: string | string[]; readonly input?: string | string[]; readonly connectionParams?: string };
type Procedure = ((call: unknown) => Promise<unknown>) & { readonly _def: { readonly type: 'query' | 'mutation' | 'subscription' } };
type One = { readonly path: string; readonly procedure: Procedure; readonly input: unknown };
type Call = { readonly batch: boolean; readonly calls: readonly One[] };

/** Reads a call that is plain JSON throughout; undefined for all others, faulty ones too. */
function callReader(router: AnyRouter, maxBatchSize: number) {
  const procedures = new Map(Object.entries(router._def.procedures as Record<string, Procedure>));
  return ({ method, params, query, headers, body }: FastifyRequest<{ Params: { path: string }; Querystring: Query }>): Call | undefined => {
    if (headers['trpc-accept'] !== undefined || headers.accept?.includes('application/jsonl') || query.connectionParams !== undefined)
      return undefined;
    let text: unknown;
    if (method === 'GET' && headers['content-type'] === undefined) text = query.input;
    else if (method === 'POST' && /^application\/json(;|$)/i.test(headers['content-type'] ?? '')) text = body;
    else return undefined;
    const batch = query.batch === '1';
    const paths = batch ? params.path.split(',') : [params.path];
    if (paths.length > maxBatchSize) return undefined;
    let inputs: unknown;
    try {
      inputs = typeof text === 'string' && text !== '' ? JSON.parse(text) : undefined;
    } catch {
      // tRPC's own handler tells the caller what is wrong with it.
      return undefined;
    }
    if (batch && inputs !== undefined && (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs))) return undefined;
    const calls: One[] = [];
    for (const [at, path] of paths.entries()) {
      const procedure = procedures.get(path);
      const type = procedure?._def.type;
      if (!procedure || (type !== 'query' && !(type === 'mutation' && method === 'POST'))) return undefined;
      if (type !== calls[0]?.procedure._def.type && at > 0) return undefined;
      calls.push({ path, procedure, input: batch ? (inputs as Record<number, unknown> | undefined)?.[at] : inputs });
    }
    return { batch, calls };
  };
}

// No procedure of these kinds watches the signal: a query ends by its own time limit, a change is not left half done.
const NEVER = new AbortController().signal;

async function answer(router: AnyRouter, { batch, calls }: Call, ctx: RequestContext, res: FastifyReply): Promise<FastifyReply> {
  const results = await Promise.all(
    calls.map(async ({ path, procedure, input }, batchIndex) => {
      const { type } = procedure._def;
      try {
        return { result: { data: await procedure({ path, type, ctx, signal: NEVER, batchIndex, getRawInput: async () => input }) } };
      } catch (cause) {
        return { error: getTRPCErrorShape({ config: router._def._config, ctx, error: getTRPCErrorFromUnknown(cause), input, path, type }) };
      }
    }),
  );
  const answered = batch ? results : results[0];
  if (answered === undefined) throw new Error('a call without procedures was let through');
  // The shape is that of a tRPC response; its type asks for the router's own.
  const status = getHTTPStatusCode(answered as Parameters<typeof getHTTPStatusCode>[0]);
  return res
    .status(status)
    .header('content-type', 'application/json')
    .header('vary', 'trpc-accept, accept')
    .send(Buffer.from(JSON.stringify(answered)));
}
