import { createHash } from 'node:crypto';
import { actionNeeded, type Action, type Capability } from '@baoke/core/access';
import { canonicalJson } from '@baoke/core/kernel';
import { initTRPC, TRPCError } from '@trpc/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenApiMeta } from 'trpc-to-openapi';
import type { z } from 'zod';
import { inTransaction, isConnectionLost, kyselyOver, settled } from '@baoke/db';
import type { Locale } from '@baoke/i18n';
import { claimIdempotencyKey, keepResponse } from '@baoke/db/audit';
import { recordRefused, type Attempt } from './audit/record.ts';
import { nobodyKnown, owedBeforeWork } from './access/sessions.ts';
import type { Platform } from './platform.ts';
import { staffContext, type Caller, type StaffContext } from './context.ts';
import { now } from './clock.ts';
import { NOT_JSON, toAnswer, type ErrorCode, type Faulty } from './http/answers.ts';
import { badCursor } from './http/cursor.ts';
import { faultyOf } from './http/faults.ts';
import { tellDeprecation, type Deprecation } from './http/deprecation.ts';
import { countOperation } from './http/limits.ts';
import { lacksRight, refusal, RefusalError } from './http/refusals.ts';

/** What every procedure gets before it is known who is calling. */
export type RequestContext = {
  readonly platform: Platform;
  readonly req: FastifyRequest;
  readonly res: FastifyReply;
  readonly requestId: string;
  readonly ip: string;
  /** Resolved once per HTTP request, whatever the number of calls in it. */
  readonly caller: () => Promise<Caller | undefined>;
  /** The language errors are told in: the one asked for, else that of the caller once he is known, else Chinese. */
  readonly locale: () => Locale;
};

/** The right a procedure asks for: everybody, anybody signed in, or a capability and an action. */
export type Right = 'public' | 'signed_in' | { readonly capability: Capability; readonly action: Action };
export type Meta = OpenApiMeta & { readonly right?: Right; readonly deprecated?: Deprecation };
/** What a procedure is at `/api`, and whether it is being given up. */
type Rest = Omit<NonNullable<OpenApiMeta['openapi']>, 'deprecated'> & { readonly deprecated?: Deprecation };

const t = initTRPC
  .context<RequestContext>()
  .meta<Meta>()
  .create({
    isDev: false,
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
    errorFormatter({ shape, error, ctx }) {
      const answer = toAnswer(faultOf(error), ctx?.locale() ?? 'zh', ctx?.requestId ?? '');
      return {
        code: shape.code,
        message: answer.message,
        data: { ...answer, httpStatus: shape.data.httpStatus, trpcCode: shape.data.code, path: shape.data.path },
      };
    },
  });

export const router = t.router;
export const mergeRouters = t.mergeRouters;

// What tRPC itself refuses, by its own codes.
const TRANSPORT_CODES: Readonly<Partial<Record<TRPCError['code'], ErrorCode>>> = {
  BAD_REQUEST: 'input.invalid',
  PARSE_ERROR: 'input.invalid',
  NOT_FOUND: 'platform.no_procedure',
  METHOD_NOT_SUPPORTED: 'platform.method_not_allowed',
  UNSUPPORTED_MEDIA_TYPE: 'platform.media_type',
  PAYLOAD_TOO_LARGE: 'platform.body_too_large',
};

// The text of an unexpected fault stays in the log: it may name what the caller must not see.
function faultOf(error: TRPCError): Faulty {
  return (
    faultyOf(error) ?? { code: TRANSPORT_CODES[error.code] ?? 'platform.failure', fields: error.code === 'PARSE_ERROR' ? [NOT_JSON] : [] }
  );
}

const judged = t.procedure.use(async ({ ctx, next, path, type, meta, getRawInput }) => {
  if (meta?.deprecated) tellDeprecation(ctx.res, meta.deprecated);
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  if (cause instanceof RefusalError && cause.retryAfterSeconds !== undefined) ctx.res.header('retry-after', cause.retryAfterSeconds);
  const fault = databaseFault(cause, await getRawInput());
  if (fault) throw fault;
  if (result.error.code === 'INTERNAL_SERVER_ERROR')
    ctx.platform.log.error({ err: cause ?? result.error, requestId: ctx.requestId, path, type }, 'request failed');
  return result;
});

// What PostgreSQL says of impossible input, of a race and of its own absence.
function databaseFault(cause: unknown, input: unknown): TRPCError | undefined {
  if (isConnectionLost(cause)) return refusal('platform.unavailable');
  const code = (cause as { code?: string } | undefined)?.code;
  if (code === undefined) return undefined;
  if (['22021', '22P05', '22P02', '22003', '22008', '22007'].includes(code)) {
    // Whatever else is asked is read by its form before; what a cursor holds the query alone knows.
    if (typeof (input as { cursor?: unknown } | undefined)?.cursor === 'string') return badCursor();
    return new TRPCError({ code: 'BAD_REQUEST', message: 'input.invalid', cause: cause as Error });
  }
  if (code === '55P03') return refusal('platform.key_in_progress');
  if (code === '57014' || code === '25006') return refusal('platform.unavailable');
  return undefined;
}

/**
 * A builder whose inputs and outputs are parsed synchronously. zod compiles a schema into one function for that way only and tRPC would take
 * the other, which costs five times as much for a list; no schema here waits for anything.
 */
function parsingAtOnce<Builder extends object>(builder: Builder): Builder {
  return new Proxy(builder, {
    get(target, name) {
      const part: unknown = Reflect.get(target, name);
      if ((name !== 'input' && name !== 'output') || typeof part !== 'function') return part;
      return (schema: z.ZodType) => {
        Object.defineProperty(schema, 'parseAsync', { value: schema.parse, configurable: true });
        return parsingAtOnce(part(schema) as object);
      };
    },
  });
}

function described(right: Right, { deprecated, ...rest }: Rest): Meta {
  const openapi = { protect: right !== 'public', ...rest };
  return deprecated ? { right, deprecated, openapi: { ...openapi, deprecated: true } } : { right, openapi };
}

/** A procedure anybody may call. */
export function open(rest: Rest) {
  return parsingAtOnce(judged.meta(described('public', rest)));
}

/** A procedure for whoever is signed in, about himself. */
export function signedIn(rest: Rest) {
  return parsingAtOnce(
    judged.meta(described('signed_in', rest)).use(({ ctx, next, type, path }) =>
      withCaller(ctx, path, (staff) => {
        // What a person keeps for himself is not for keys: a key writes by its scopes only.
        if (type === 'mutation' && staff.kind === 'api_key') throw refusal('access.forbidden');
        return next({ ctx: { staff } });
      }),
    ),
  );
}

/** Who changes something of these hands out rights: tries without the right are written down. */
const HANDS_OUT: ReadonlySet<Capability> = new Set(['staff', 'integrations', 'settings']);

/** A procedure that asks for a right. How far the right reaches is judged on the stored record, by `ctx.staff.reach`. */
export function may(capability: Capability, action: Action, rest: Omit<Rest, 'tags'>) {
  return parsingAtOnce(
    judged.meta(described({ capability, action }, { tags: [capability], ...rest })).use(({ ctx, next, type, path, getRawInput }) =>
      withCaller(ctx, path, async (staff) => {
        const needed = actionNeeded(staff.kind, action, type === 'mutation');
        if (staff.rights(capability, needed) === 'none') {
          if (type === 'mutation' && HANDS_OUT.has(capability))
            await recordRefused(ctx.platform, staff, {
              action: 'access.refuse',
              entity: 'right',
              entityId: `${capability}:${needed}`,
              after: { procedure: path },
            });
          throw lacksRight(staff.kind, capability, needed);
        }
        if (type !== 'mutation') return next({ ctx: { staff } });
        const key = idempotencyKeyOf(ctx.req, staff);
        const result =
          key === undefined
            ? await next({ ctx: { staff } })
            : await once(ctx, staff, { key, path, input: await getRawInput() }, (inside) => next({ ctx: { staff: inside } }));
        // Only now: the transaction of the call has given its connection back.
        const attempt = result.ok ? undefined : attemptOf(result.error);
        if (attempt) await recordRefused(ctx.platform, staff, attempt);
        return result;
      }),
    ),
  );
}

function attemptOf({ cause }: TRPCError): Attempt | undefined {
  return cause instanceof RefusalError ? cause.attempt : undefined;
}

async function withCaller<T>(ctx: RequestContext, path: string, work: (staff: StaffContext) => Promise<T>): Promise<T> {
  const caller = await ctx.caller();
  if (!caller) {
    const refused = await nobodyKnown(ctx.platform, ctx.req);
    // The apps ask first who is signed in in the store chosen last, and on this answer forget that store.
    throw path === 'access.me' && refused.message === 'access.foreign_store' ? refusal('access.signed_out') : refused;
  }
  const owed = path.startsWith('access.') ? undefined : owedBeforeWork(caller);
  if (owed) throw refusal(owed);
  await countOperation(ctx.platform.limits, caller, ctx.res);
  return work(staffContext(ctx.platform, caller, { now: now(), requestId: ctx.requestId, ip: ctx.ip }));
}

/** The idempotency key a write came with; an API key must send one, a person need not. */
export function idempotencyKeyOf(req: FastifyRequest, staff: StaffContext): string | undefined {
  const key = req.headers['idempotency-key'];
  if (typeof key === 'string' && key.length >= 1 && key.length <= 255) return key;
  if (key !== undefined)
    throw refusal('platform.key_missing', { fields: [{ path: 'Idempotency-Key', code: 'length', params: { min: 1, max: 255 } }] });
  if (staff.kind === 'api_key') throw refusal('platform.key_missing', { fields: [{ path: 'Idempotency-Key', code: 'required' }] });
  return undefined;
}

type MiddlewareResult = { ok: boolean };

/** Their answers hold a secret that is shown once and kept nowhere: a repeated key gets no second look at it. */
const SHOWN_ONCE: ReadonlySet<string> = new Set(['keys.create', 'staff.create', 'staff.resetPassword']);

/**
 * Gives a repeated key the first answer instead of a second effect. Key, effect and answer are one transaction, so the
 * key is kept exactly when the effect is. A second request with the same key waits for the first.
 */
export async function once<R extends MiddlewareResult>(
  ctx: Pick<RequestContext, 'platform' | 'res'>,
  staff: StaffContext,
  call: { key: string; path: string; input: unknown },
  run: (staff: StaffContext) => Promise<R>,
): Promise<R> {
  const principal = `${staff.kind}:${staff.staffId}`;
  const requestHash = createHash('sha256')
    .update(canonicalJson([call.path, call.input ?? null]))
    .digest();
  class Failed extends Error {
    readonly result: R;
    constructor(result: R) {
      super('the call was refused; its transaction is undone');
      this.result = result;
    }
  }
  try {
    return await inTransaction(ctx.platform.pool, { storeId: staff.storeId }, async (_, client) => {
      const tx = kyselyOver(client);
      const claim = await claimIdempotencyKey(tx, staff.storeId, { principal, key: call.key, procedure: call.path, requestHash });
      if (!claim.claimed) {
        if (!claim.requestHash.equals(requestHash)) throw refusal('platform.key_reused');
        if (SHOWN_ONCE.has(call.path)) throw refusal('platform.answer_shown_once');
        ctx.res.header('idempotency-replayed', 'true');
        // The shape tRPC gives a finished call; its brand exists in types only.
        return { ok: true, data: claim.response, marker: 'middlewareMarker' } as unknown as R;
      }
      const result = await run({ ...staff, inStore: async (work) => settled(await work(tx, client)), readStore: (work) => work(tx) });
      if (!result.ok) throw new Failed(result);
      if (!SHOWN_ONCE.has(call.path))
        await keepResponse(tx, staff.storeId, principal, call.key, (result as unknown as { data: unknown }).data);
      return result;
    });
  } catch (error) {
    if (error instanceof Failed) return error.result;
    throw error;
  }
}
