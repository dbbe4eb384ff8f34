import type { ComplaintRefusal } from '@baoke/core/complaints';
import type { Verdict } from '@baoke/core/kernel';
import { TRPCError } from '@trpc/server';

/** Refusals of the platform itself. */
export type PlatformRefusal =
  | 'access.wrong_credentials'
  | 'access.too_many_attempts'
  | 'access.signed_out'
  | 'access.forbidden'
  | 'access.no_store'
  | 'access.insecure_connection'
  | 'access.foreign_origin'
  | 'access.wrong_password'
  | 'access.password_unchanged'
  | 'access.second_factor_required'
  | 'access.rate_limited'
  | 'platform.not_found'
  | 'platform.conflict'
  | 'platform.key_missing'
  | 'platform.key_reused'
  | 'platform.key_in_progress'
  | 'platform.bad_cursor'
  | 'platform.unavailable';

export type Refusal = PlatformRefusal | ComplaintRefusal;

type Transport = TRPCError['code'];

/** What each refusal is on the wire. Codes are stable: integrators switch on them. */
export const TRANSPORT = {
  'access.wrong_credentials': 'UNAUTHORIZED',
  'access.too_many_attempts': 'TOO_MANY_REQUESTS',
  'access.signed_out': 'UNAUTHORIZED',
  'access.forbidden': 'FORBIDDEN',
  'access.no_store': 'FORBIDDEN',
  'access.insecure_connection': 'FORBIDDEN',
  'access.foreign_origin': 'FORBIDDEN',
  'access.wrong_password': 'BAD_REQUEST',
  'access.password_unchanged': 'BAD_REQUEST',
  'access.second_factor_required': 'UNAUTHORIZED',
  'access.rate_limited': 'TOO_MANY_REQUESTS',
  'platform.not_found': 'NOT_FOUND',
  'platform.conflict': 'CONFLICT',
  'platform.key_missing': 'BAD_REQUEST',
  'platform.key_reused': 'UNPROCESSABLE_CONTENT',
  'platform.key_in_progress': 'CONFLICT',
  'platform.bad_cursor': 'BAD_REQUEST',
  'platform.unavailable': 'SERVICE_UNAVAILABLE',
  'complaints.already_responded': 'CONFLICT',
  'complaints.not_responded': 'CONFLICT',
  'complaints.already_solved': 'CONFLICT',
  'complaints.not_solved': 'CONFLICT',
  'complaints.is_closed': 'CONFLICT',
  'complaints.not_closed': 'CONFLICT',
  'complaints.handler_is_accused': 'UNPROCESSABLE_CONTENT',
  'complaints.handler_left': 'UNPROCESSABLE_CONTENT',
  'complaints.no_handler': 'UNPROCESSABLE_CONTENT',
  'complaints.confirmer_is_handler': 'UNPROCESSABLE_CONTENT',
  'complaints.confirmer_not_customer_care': 'FORBIDDEN',
  'complaints.clock_is_paused': 'CONFLICT',
  'complaints.clock_is_running': 'CONFLICT',
  'complaints.pause_already_requested': 'CONFLICT',
  'complaints.pause_not_requested': 'CONFLICT',
  'complaints.approver_is_requester': 'UNPROCESSABLE_CONTENT',
} as const satisfies Record<Refusal, Transport>;

/** A field two people changed: what the caller sent, what is stored now, what both started from. */
export type FieldConflict = { readonly field: string; readonly yours: unknown; readonly theirs: unknown; readonly original: unknown };
export type FieldFault = { readonly path: string; readonly code: string; readonly params?: Readonly<Record<string, unknown>> };

/** Carries a refusal across the transport. */
export class RefusalError extends Error {
  readonly refusal: Refusal;
  readonly fields: readonly FieldFault[];
  readonly conflict: readonly FieldConflict[];
  constructor(refusal: Refusal, { fields = [], conflict = [] }: { fields?: readonly FieldFault[]; conflict?: readonly FieldConflict[] } = {}) {
    super(refusal);
    this.refusal = refusal;
    this.fields = fields;
    this.conflict = conflict;
  }
}

/** Ends a request with a refusal. */
export function refusal(code: Refusal, details: { fields?: readonly FieldFault[]; conflict?: readonly FieldConflict[] } = {}): TRPCError {
  return new TRPCError({ code: TRANSPORT[code], message: code, cause: new RefusalError(code, details) });
}

/** The accepted fact of a verdict; a refusal ends the request. */
export function orThrow<T>(verdict: Verdict<T, Refusal>): T {
  if (verdict.ok) return verdict.value;
  throw refusal(verdict.refusal);
}
