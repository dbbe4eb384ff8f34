import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import cookie from '@fastify/cookie';
import staticFiles from '@fastify/static';
import type { CreateFastifyContextOptions } from '@trpc/server/adapters/fastify';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { fastifyTRPCOpenApiPlugin } from 'trpc-to-openapi';
import { z } from 'zod';
import { listProcedures } from '../access/procedures.ts';
import { callerOf } from '../access/sessions.ts';
import { importFiles } from '../imports/files.ts';
import type { Platform } from '../platform.ts';
import { appRouter } from '../router.ts';
import type { RequestContext } from '../trpc.ts';
import { NOT_UTF8, preferredLanguage, toAnswer, type ErrorAnswer, type ErrorCode } from './answers.ts';
import { isReadableUrl, parseBody, readText } from './body.ts';
import { serveCalls } from './calls.ts';
import { placesOf } from './methods.ts';
import { isLocal } from './local.ts';
import { describeApi } from './openapi.ts';
import { serveReference } from './reference.ts';
import type { FieldFault } from './refusals.ts';

const CONSOLE = fileURLToPath(new URL('../../../console/dist/', import.meta.url));
const REPORTS = fileURLToPath(new URL('../../../reports/dist/', import.meta.url));
const VERSION = '0.1.0';
const MAX_BODY = 2 * 1024 * 1024;
const MAX_BATCH = 20;
const REST = '/api/v1';

const SHARED_HEADERS: HelmetOptions = { strictTransportSecurity: { maxAge: 15_552_000 }, referrerPolicy: { policy: 'same-origin' } };
const OF_PAGES: HelmetOptions['contentSecurityPolicy'] = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    // The controls write their styles at run time: a page's own carry its nonce. Attributes only place and size elements.
    styleSrc: ["'self'", (_req, res) => `'nonce-${nonceOf(res)}'`],
    styleSrcAttr: ["'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};
// The answer to a call is data and no page: there is nothing in it to load or to frame.
const OF_ANSWERS: HelmetOptions['contentSecurityPolicy'] = {
  useDefaults: false,
  directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
};

/** Addresses below which no app has a page: what is none of the server's there is refused like any other. */
const OF_SERVER = /^\/(?:trpc|api|docs|openapi|procedures|metrics|healthz|readyz)(?:[/.?]|$)/;

function isCall(url: string): boolean {
  return url.startsWith('/trpc/') || url.startsWith('/api/');
}

/** The HTTP edge: both apps, the procedures as tRPC and as REST, their description, health and metrics. */
export async function buildApp(platform: Platform): Promise<FastifyInstance> {
  const { config } = platform;
  const app = fastify({
    // A pino logger is what fastify expects; its own name for the shape is narrower.
    loggerInstance: platform.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustedProxy ?? false,
    bodyLimit: MAX_BODY,
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 15_000, maxHeaderSize: 16_384 },
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 2_000 },
    // An address that cannot be read ends before any hook; its answer has the shape of all others.
    // Its reply is of no route, and so of no type of ours.
    frameworkErrors: (_error, req, res) =>
      void (res as FastifyReply).status(400).send(answerTo(req as FastifyRequest, 'input.invalid', [NOT_UTF8])),
  });
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const duration = new Histogram({
    name: 'baoke_http_request_seconds',
    help: 'Time to answer',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [metrics],
  });
  app.addHook('onResponse', async (req, res) => {
    duration.observe({ route: req.routeOptions.url ?? 'unknown', status: String(res.statusCode) }, res.elapsedTime / 1000);
    req.log.debug({ method: req.method, route: req.routeOptions.url, status: res.statusCode, ms: Math.round(res.elapsedTime) }, 'answered');
  });
  app.addHook('onSend', async (req, res) => {
    res.header('x-request-id', req.id);
    if (res.statusCode === 503) res.header('retry-after', '5');
  });
  // Another site may not write on behalf of whoever is signed in here; its pages are refused before anything is read.
  app.addHook('onRequest', async (req, res) => {
    if (!isReadableUrl(req.url)) {
      await res.status(400).send(answerTo(req, 'input.invalid', [NOT_UTF8]));
      return;
    }
    const { origin, host } = req.headers;
    if (req.headers['sec-fetch-site'] === 'cross-site' && req.method !== 'GET' && req.method !== 'HEAD') {
      await res.status(403).send(answerTo(req, 'access.foreign_origin'));
      return;
    }
    if (origin === undefined || req.method === 'GET' || req.method === 'HEAD') return;
    if (URL.parse(origin)?.host !== host) await res.status(403).send(answerTo(req, 'access.foreign_origin'));
  });
  app.setErrorHandler((error: Error & { statusCode?: number; fields?: readonly FieldFault[] }, req, res) => {
    // A form that is none has a status of its own in the library; to the caller it is content of another kind.
    const status = error.statusCode === 406 ? 415 : (error.statusCode ?? 500);
    if (status >= 500) req.log.error({ err: error }, 'request failed');
    return res
      .status(status)
      .send(answerTo(req, REFUSED_BY_SERVER[status] ?? (status >= 500 ? 'platform.failure' : 'input.invalid'), error.fields));
  });
  const places = placesOf(appRouter, REST);
  app.addHook('onRoute', places.addRoute);
  app.setNotFoundHandler((req, res) => refuseAddress(req, res, places.methodsAt(pathOf(req))));
  await app.register(cookie);
  // Made once: the library reads its options anew for each answer when it is asked through its plugin.
  const [protectPage, protectAnswer] = [
    helmet({ ...SHARED_HEADERS, contentSecurityPolicy: OF_PAGES }),
    helmet({ ...SHARED_HEADERS, contentSecurityPolicy: OF_ANSWERS }),
  ];
  app.addHook('onRequest', (req, res, next) =>
    (isCall(req.url) ? protectAnswer : protectPage)(req.raw, res.raw, next as (fault?: unknown) => void),
  );

  const createContext = ({ req, res }: Pick<CreateFastifyContextOptions, 'req' | 'res'>): RequestContext => {
    let caller: ReturnType<typeof callerOf> | undefined;
    let locale = preferredLanguage(req.headers['accept-language']);
    const find = async () => {
      const found = await callerOf(platform, req);
      locale ??= found?.locale;
      return found;
    };
    return { platform, req, res, requestId: req.id, ip: req.ip, caller: () => (caller ??= find()), locale: () => locale ?? 'zh' };
  };
  await app.register(async (calls) => serveCalls(calls, { router: appRouter, createContext, maxBatchSize: MAX_BATCH }), {
    prefix: '/trpc',
  });
  await app.register(async (rest) => {
    rest.removeContentTypeParser('application/json');
    rest.addContentTypeParser('application/json', { parseAs: 'buffer' }, readText(parseBody));
    // The adapter answers HEAD without looking for what it asks of; Fastify leaves the body out of what is answered to it.
    rest.addHook('onRequest', async (req, res) => {
      const methods = places.methodsAt(pathOf(req));
      if (!methods.includes(req.method)) await refuseAddress(req, res, methods);
      else if (req.method === 'HEAD') req.raw.method = 'GET';
    });
    // Nothing but the parameters of an address is read as numbers, and none of them takes several values.
    const numbers = numberParameters(appRouter);
    rest.addHook('preValidation', async (req, res) => {
      const query = req.query as Record<string, unknown>;
      const repeated = Object.keys(query).filter((name) => Array.isArray(query[name]));
      const fields = repeated.map((path) => ({ path, code: 'single_value' }));
      if (fields.length > 0) return res.status(400).send(answerTo(req, 'input.invalid', fields));
      // The adapter leaves out a bare 0.
      for (const [name, text] of Object.entries(query))
        if (numbers.has(name) && typeof text === 'string' && /^-?\d+(\.\d+)?$/.test(text)) query[name] = [Number(text)];
    });
    // A write without a body is one without input: the adapter asks for JSON all the same.
    rest.addHook('preValidation', async (req) => {
      if (
        req.method === 'GET' ||
        req.method === 'HEAD' ||
        req.headers['content-type'] !== undefined ||
        (req.body ?? undefined) !== undefined
      )
        return;
      req.headers['content-type'] = 'application/json';
      req.body = {};
    });
    // The adapter writes errors in a shape of its own around ours; what goes out is ours, the same as over tRPC.
    rest.addHook('onSend', async (req, res, payload) => {
      if (res.statusCode < 400 || typeof payload !== 'string') return payload;
      const { data } = JSON.parse(payload) as { data?: ErrorAnswer };
      return data === undefined ? payload : JSON.stringify(data.requestId === '' ? answerTo(req, data.code, data.fields) : ownPart(data));
    });
    await withoutSelfTest(async () => {
      await rest.register(fastifyTRPCOpenApiPlugin, { basePath: REST, router: asAdapterReads(appRouter), createContext });
    });
  });

  // Made when first asked for: it takes half a second, which no start waits for.
  let document: ReturnType<typeof describeApi> | undefined;
  const procedures = listProcedures(appRouter);
  await importFiles(app, platform);
  app.get('/openapi.json', async () => (document ??= describeApi(appRouter, VERSION)));
  app.get('/procedures.json', async () => procedures);
  serveReference(app);

  app.get('/healthz', async () => ({ status: 'ok', version: VERSION }));
  app.get('/readyz', async (_req, res) => {
    try {
      await platform.pool.query('select 1');
      return { status: 'ready' };
    } catch (error) {
      platform.log.warn({ err: error }, 'not ready: the database does not answer');
      return res.status(503).send({ status: 'unavailable', code: 'platform.unavailable' });
    }
  });
  app.get('/metrics', async (req, res) => {
    if (!mayReadMetrics(req, config.metricsToken)) return res.status(403).send(answerTo(req, 'access.forbidden'));
    return res.type(metrics.contentType).send(await metrics.metrics());
  });

  await serveApp(app, { prefix: '/reports/', root: REPORTS });
  await serveApp(app, { prefix: '/', root: CONSOLE });
  return app;
}

/** Metrics are for this machine, or for whoever presents the token. What a proxy here passes on comes from elsewhere. */
function mayReadMetrics(req: FastifyRequest, token: string | undefined): boolean {
  const { headers } = req;
  const presented = headers.authorization?.startsWith('Bearer ') ? headers.authorization.slice(7) : undefined;
  if (token !== undefined && presented !== undefined) return timingSafeEqual(digest(presented), digest(token));
  return isLocal(req);
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

const REFUSED_BY_SERVER: Readonly<Record<number, ErrorCode>> = {
  404: 'platform.no_procedure',
  413: 'platform.body_too_large',
  415: 'platform.media_type',
};

/** Refuses what nothing answers: a method that its address does not take, or an address that is none. */
function refuseAddress(req: FastifyRequest, res: FastifyReply, methods: readonly string[]): FastifyReply {
  if (methods.length === 0 || methods.includes(req.method)) return res.status(404).send(answerTo(req, 'platform.no_procedure'));
  return res.status(405).header('allow', methods.join(', ')).send(answerTo(req, 'platform.method_not_allowed'));
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? url;
}

/** The answer to a request that ends before it reaches a procedure. */
function answerTo(req: FastifyRequest, code: ErrorCode, fields: readonly FieldFault[] = []): ErrorAnswer {
  return toAnswer({ code, fields }, preferredLanguage(req.headers['accept-language']) ?? 'zh', req.id);
}

function ownPart({ code, message, messages, params, fields, conflict, requestId }: ErrorAnswer): ErrorAnswer {
  return { code, message, messages, params, fields, conflict, requestId };
}

// Outside production the adapter describes the whole API when it is made, to see whether that can be done: half a second of every start for
// what a test shows once.
async function withoutSelfTest(register: () => Promise<void>): Promise<void> {
  const { NODE_ENV } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    await register();
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  }
}

type Described = {
  readonly _def: {
    readonly type: string;
    readonly inputs: readonly unknown[];
    readonly meta?: { readonly openapi?: { readonly path: string } };
  };
};

/**
 * The router as the adapter is to read it: fixed paths before those with a parameter, which would take `options` for an id; and inputs of
 * unknown shape, for from a known one it would make numbers, in bodies too and for tRPC as well, of whatever comes: 0 of null, 1 of [1].
 */
function asAdapterReads(router: typeof appRouter): typeof appRouter {
  const described = Object.entries(router._def.procedures as unknown as Record<string, Described>);
  const parameters = ([, { _def }]: [string, Described]) => (_def.meta?.openapi?.path.match(/{/g) ?? []).length;
  const procedures = Object.fromEntries(
    described
      .toSorted((a, b) => parameters(a) - parameters(b))
      .map(([name, { _def }]) => [name, { _def: { ..._def, inputs: _def.inputs.length > 0 ? [z.unknown()] : [] } }]),
  );
  return { ...router, _def: { ...router._def, procedures: procedures as unknown as typeof router._def.procedures } };
}

/** The names of what queries take as numbers. */
function numberParameters(router: typeof appRouter): ReadonlySet<string> {
  const names = Object.values(router._def.procedures as unknown as Record<string, Described>).flatMap(({ _def }) => {
    const [input] = _def.type === 'query' ? _def.inputs : [];
    return input instanceof z.ZodObject
      ? Object.entries(input.shape).flatMap(([name, shape]) => (isNumber(shape as z.ZodType) ? [name] : []))
      : [];
  });
  return new Set(names);
}

function isNumber(shape: z.ZodType): boolean {
  if (shape instanceof z.ZodNumber) return true;
  if (shape instanceof z.ZodPipe) return isNumber(shape.in as z.ZodType);
  return (
    (shape instanceof z.ZodOptional || shape instanceof z.ZodNullable || shape instanceof z.ZodDefault) &&
    isNumber(shape.unwrap() as z.ZodType)
  );
}

// What the build writes where the nonce of the answer belongs.
const NONCE_PLACEHOLDER = '__CSP_NONCE__';
const nonces = new WeakMap<object, string>();

/** The nonce of one answer, the same in its header and its page. */
function nonceOf(res: object): string {
  let nonce = nonces.get(res);
  if (nonce === undefined) {
    nonce = randomBytes(16).toString('base64');
    nonces.set(res, nonce);
  }
  return nonce;
}

// A built app: its files, hashed ones kept for ever; any other address below it is a page of the app itself.
async function serveApp(app: FastifyInstance, { prefix, root }: { prefix: string; root: string }): Promise<void> {
  if (!existsSync(`${root}index.html`)) return;
  const page = readFileSync(`${root}index.html`, 'utf8');
  await app.register(async (scope) => {
    const files = {
      index: false as const,
      preCompressed: true,
      setHeaders: (res: { header(name: string, value: string): unknown }, path: string) => {
        res.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    };
    // The files beside the page are few and known; the hundreds of assets share one route, whose making they would slow down.
    await scope.register(staticFiles, { ...files, root, prefix, wildcard: false, globIgnore: ['assets/**'] });
    if (existsSync(`${root}assets`))
      await scope.register(staticFiles, { ...files, root: `${root}assets`, prefix: `${prefix}assets/`, decorateReply: false });
  });
  const showPage = async (req: FastifyRequest, res: FastifyReply) => {
    if (OF_SERVER.test(req.url)) return res.callNotFound();
    return res
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(page.replaceAll(NONCE_PLACEHOLDER, nonceOf(res.raw)));
  };
  if (prefix !== '/') app.get(prefix.slice(0, -1), async (_req, res) => res.redirect(prefix));
  app.get(prefix, showPage);
  app.get(`${prefix}*`, showPage);
}
