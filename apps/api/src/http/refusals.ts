import type { Action, Capability, PasswordRefusal } from '@baoke/core/access';
import type { CareRefusal } from '@baoke/core/care';
import type { ComplaintRefusal } from '@baoke/core/complaints';
import type { ContactRefusal } from '@baoke/core/contacts';
import type { CustomerRefusal } from '@baoke/core/customers';
import type { TaskRefusal } from '@baoke/core/tasks';
import type { ImportRefusal } from '@baoke/core/imports';
import type { Verdict } from '@baoke/core/kernel';
import type { VehicleRefusal } from '@baoke/core/vehicles';
import { TRPCError } from '@trpc/server';
import type { Attempt } from '../audit/record.ts';

/** Refusals of the platform itself. */
export type PlatformRefusal =
  | 'access.wrong_credentials'
  | 'access.too_many_attempts'
  | 'access.signed_out'
  | 'access.key_unknown'
  | 'access.unknown_scopes'
  | 'access.forbidden'
  | 'access.own_rights'
  | 'access.last_administrator'
  | 'access.no_store'
  | 'access.foreign_store'
  | 'access.insecure_connection'
  | 'access.foreign_origin'
  | 'access.wrong_password'
  | 'access.password_unchanged'
  | PasswordRefusal
  | 'access.second_factor_required'
  | 'access.wrong_code'
  | 'access.second_factor_missing'
  | 'access.password_to_change'
  | 'access.second_factor_set_up'
  | 'access.second_factor_not_set_up'
  | 'access.second_factor_demanded'
  | 'access.rate_limited'
  | 'platform.not_found'
  | 'platform.conflict'
  | 'platform.key_missing'
  | 'platform.key_reused'
  | 'platform.key_in_progress'
  | 'platform.answer_shown_once'
  | 'platform.bad_cursor'
  | 'platform.unavailable';

export type Refusal =
  | PlatformRefusal
  | ComplaintRefusal
  | CareRefusal
  | TaskRefusal
  | ImportRefusal
  | CustomerRefusal
  | VehicleRefusal
  | ContactRefusal;

type Transport = TRPCError['code'];

/** What each refusal is on the wire. Codes are stable: integrators switch on them. */
export const TRANSPORT = {
  'access.wrong_credentials': 'UNAUTHORIZED',
  'access.too_many_attempts': 'TOO_MANY_REQUESTS',
  'access.signed_out': 'UNAUTHORIZED',
  'access.key_unknown': 'UNAUTHORIZED',
  'access.unknown_scopes': 'UNPROCESSABLE_CONTENT',
  'access.forbidden': 'FORBIDDEN',
  'access.own_rights': 'FORBIDDEN',
  'access.last_administrator': 'CONFLICT',
  'access.no_store': 'FORBIDDEN',
  'access.foreign_store': 'FORBIDDEN',
  'access.insecure_connection': 'FORBIDDEN',
  'access.foreign_origin': 'FORBIDDEN',
  'access.wrong_password': 'BAD_REQUEST',
  'access.password_unchanged': 'BAD_REQUEST',
  'access.password_common': 'UNPROCESSABLE_CONTENT',
  'access.password_own': 'UNPROCESSABLE_CONTENT',
  'access.second_factor_required': 'UNAUTHORIZED',
  'access.wrong_code': 'UNAUTHORIZED',
  'access.second_factor_missing': 'FORBIDDEN',
  'access.password_to_change': 'FORBIDDEN',
  'access.second_factor_set_up': 'CONFLICT',
  'access.second_factor_not_set_up': 'CONFLICT',
  'access.second_factor_demanded': 'FORBIDDEN',
  'access.rate_limited': 'TOO_MANY_REQUESTS',
  'platform.not_found': 'NOT_FOUND',
  'platform.conflict': 'CONFLICT',
  'platform.key_missing': 'BAD_REQUEST',
  'platform.key_reused': 'UNPROCESSABLE_CONTENT',
  'platform.key_in_progress': 'CONFLICT',
  'platform.answer_shown_once': 'CONFLICT',
  'platform.bad_cursor': 'BAD_REQUEST',
  'platform.unavailable': 'SERVICE_UNAVAILABLE',
  'customers.phone_digits': 'UNPROCESSABLE_CONTENT',
  'customers.phone_scientific': 'UNPROCESSABLE_CONTENT',
  'customers.phone_format': 'UNPROCESSABLE_CONTENT',
  'customers.id_length': 'UNPROCESSABLE_CONTENT',
  'customers.id_characters': 'UNPROCESSABLE_CONTENT',
  'customers.id_birth_date': 'UNPROCESSABLE_CONTENT',
  'customers.id_check_digit': 'UNPROCESSABLE_CONTENT',
  'customers.phone_missing': 'UNPROCESSABLE_CONTENT',
  'customers.phone_repeated': 'UNPROCESSABLE_CONTENT',
  'customers.born_in_future': 'UNPROCESSABLE_CONTENT',
  'customers.difficult_needs_reason': 'UNPROCESSABLE_CONTENT',
  'customers.already_on_file': 'CONFLICT',
  'customers.duplicates_unseen': 'CONFLICT',
  'customers.not_active': 'CONFLICT',
  'customers.company_not_deceased': 'UNPROCESSABLE_CONTENT',
  'customers.standing_in_future': 'UNPROCESSABLE_CONTENT',
  'customers.give_up_needs_note': 'UNPROCESSABLE_CONTENT',
  'customers.is_deceased': 'CONFLICT',
  'customers.task_not_own': 'FORBIDDEN',
  'customers.id_number_needs_consent': 'UNPROCESSABLE_CONTENT',
  'customers.assignee_left': 'UNPROCESSABLE_CONTENT',
  'customers.too_many_at_once': 'UNPROCESSABLE_CONTENT',
  'customers.nothing_to_change': 'UNPROCESSABLE_CONTENT',
  'customers.selection_changed': 'CONFLICT',
  'customers.undone_already': 'CONFLICT',
  'customers.undo_too_late': 'CONFLICT',
  'vehicles.vin_length': 'UNPROCESSABLE_CONTENT',
  'vehicles.vin_characters': 'UNPROCESSABLE_CONTENT',
  'vehicles.vin_check_digit': 'UNPROCESSABLE_CONTENT',
  'vehicles.plate_format': 'UNPROCESSABLE_CONTENT',
  'vehicles.plate_not_registered': 'UNPROCESSABLE_CONTENT',
  'vehicles.vin_on_file': 'CONFLICT',
  'vehicles.plate_on_file': 'CONFLICT',
  'vehicles.nothing_to_know_it_by': 'UNPROCESSABLE_CONTENT',
  'vehicles.read_in_future': 'UNPROCESSABLE_CONTENT',
  'vehicles.from_before_owner': 'UNPROCESSABLE_CONTENT',
  'vehicles.from_in_future': 'UNPROCESSABLE_CONTENT',
  'contacts.in_future': 'UNPROCESSABLE_CONTENT',
  'contacts.too_long_ago': 'UNPROCESSABLE_CONTENT',
  'contacts.outcome_needs_call': 'UNPROCESSABLE_CONTENT',
  'contacts.appointment_needs_time': 'UNPROCESSABLE_CONTENT',
  'contacts.appointment_in_past': 'UNPROCESSABLE_CONTENT',
  'contacts.appointment_too_far': 'UNPROCESSABLE_CONTENT',
  'contacts.next_in_past': 'UNPROCESSABLE_CONTENT',
  'contacts.next_too_far': 'UNPROCESSABLE_CONTENT',
  'imports.file_missing': 'NOT_FOUND',
  'imports.file_is_folder': 'UNPROCESSABLE_CONTENT',
  'imports.file_forbidden': 'UNPROCESSABLE_CONTENT',
  'imports.file_empty': 'UNPROCESSABLE_CONTENT',
  'imports.file_too_large': 'PAYLOAD_TOO_LARGE',
  'imports.unpacked_too_large': 'PAYLOAD_TOO_LARGE',
  'imports.too_many_entries': 'UNPROCESSABLE_CONTENT',
  'imports.too_many_rows': 'UNPROCESSABLE_CONTENT',
  'imports.too_many_columns': 'UNPROCESSABLE_CONTENT',
  'imports.cell_too_long': 'UNPROCESSABLE_CONTENT',
  'imports.not_a_workbook': 'UNPROCESSABLE_CONTENT',
  'imports.workbook_encrypted_or_old': 'UNPROCESSABLE_CONTENT',
  'imports.workbook_unsafe': 'UNPROCESSABLE_CONTENT',
  'imports.encoding_unknown': 'UNPROCESSABLE_CONTENT',
  'imports.too_much_memory': 'UNPROCESSABLE_CONTENT',
  'imports.too_slow': 'UNPROCESSABLE_CONTENT',
  'imports.reader_failed': 'UNPROCESSABLE_CONTENT',
  'imports.unknown_file': 'UNPROCESSABLE_CONTENT',
  'imports.column_missing': 'UNPROCESSABLE_CONTENT',
  'imports.busy': 'CONFLICT',
  'imports.failed': 'INTERNAL_SERVER_ERROR',
  'imports.not_waiting': 'CONFLICT',
  'imports.files_gone': 'CONFLICT',
  'imports.not_running': 'CONFLICT',
  'imports.not_done': 'CONFLICT',
  'imports.no_rejections': 'NOT_FOUND',
  'care.shape_needs_event': 'UNPROCESSABLE_CONTENT',
  'care.shape_needs_yearly_date': 'UNPROCESSABLE_CONTENT',
  'care.shape_needs_festival': 'UNPROCESSABLE_CONTENT',
  'care.window_ends_before_it_opens': 'UNPROCESSABLE_CONTENT',
  'care.window_too_long': 'UNPROCESSABLE_CONTENT',
  'care.before_lies_after': 'UNPROCESSABLE_CONTENT',
  'care.after_lies_before': 'UNPROCESSABLE_CONTENT',
  'care.interval_not_positive': 'UNPROCESSABLE_CONTENT',
  'care.absence_ends_before_it_begins': 'UNPROCESSABLE_CONTENT',
  'care.channel_needs_person': 'UNPROCESSABLE_CONTENT',
  'care.channel_is_message': 'UNPROCESSABLE_CONTENT',
  'care.survey_by_seller': 'UNPROCESSABLE_CONTENT',
  'care.already_on': 'CONFLICT',
  'care.waits_for_occasion': 'UNPROCESSABLE_CONTENT',
  'care.already_off': 'CONFLICT',
  'care.rule_exists': 'CONFLICT',
  'tasks.not_open': 'CONFLICT',
  'tasks.is_message': 'UNPROCESSABLE_CONTENT',
  'tasks.appointment_needs_time': 'UNPROCESSABLE_CONTENT',
  'tasks.appointment_in_past': 'UNPROCESSABLE_CONTENT',
  'tasks.appointment_too_far': 'UNPROCESSABLE_CONTENT',
  'tasks.call_back_needs_time': 'UNPROCESSABLE_CONTENT',
  'tasks.time_in_past': 'UNPROCESSABLE_CONTENT',
  'tasks.time_too_far': 'UNPROCESSABLE_CONTENT',
  'tasks.beyond_lapse': 'UNPROCESSABLE_CONTENT',
  'tasks.dissatisfied_needs_complaint': 'UNPROCESSABLE_CONTENT',
  'tasks.satisfaction_unheard': 'UNPROCESSABLE_CONTENT',
  'tasks.satisfaction_not_asked': 'UNPROCESSABLE_CONTENT',
  'tasks.words_unheard': 'UNPROCESSABLE_CONTENT',
  'tasks.was_reached': 'UNPROCESSABLE_CONTENT',
  'tasks.unknown_topic': 'UNPROCESSABLE_CONTENT',
  'tasks.unknown_cause': 'UNPROCESSABLE_CONTENT',
  'tasks.unknown_unreached': 'UNPROCESSABLE_CONTENT',
  'tasks.outcome_needs_call': 'UNPROCESSABLE_CONTENT',
  'tasks.note_needed': 'UNPROCESSABLE_CONTENT',
  'tasks.already_theirs': 'CONFLICT',
  'tasks.assignee_left': 'UNPROCESSABLE_CONTENT',
  'tasks.assignee_without_right': 'UNPROCESSABLE_CONTENT',
  'tasks.assignee_out_of_reach': 'UNPROCESSABLE_CONTENT',
  'tasks.survey_by_seller': 'UNPROCESSABLE_CONTENT',
  'tasks.no_result': 'UNPROCESSABLE_CONTENT',
  'tasks.taken_back_already': 'CONFLICT',
  'tasks.changed_since': 'CONFLICT',
  'tasks.take_back_too_late': 'UNPROCESSABLE_CONTENT',
  'tasks.complaint_stands': 'CONFLICT',
  'complaints.already_responded': 'CONFLICT',
  'complaints.not_responded': 'CONFLICT',
  'complaints.already_solved': 'CONFLICT',
  'complaints.not_solved': 'CONFLICT',
  'complaints.is_closed': 'CONFLICT',
  'complaints.not_closed': 'CONFLICT',
  'complaints.handler_is_accused': 'UNPROCESSABLE_CONTENT',
  'complaints.handler_left': 'UNPROCESSABLE_CONTENT',
  'complaints.no_handler': 'UNPROCESSABLE_CONTENT',
  'complaints.nothing_amended': 'UNPROCESSABLE_CONTENT',
  'complaints.confirmer_is_handler': 'UNPROCESSABLE_CONTENT',
  'complaints.confirmer_not_customer_care': 'FORBIDDEN',
  'complaints.clock_is_paused': 'CONFLICT',
  'complaints.clock_is_running': 'CONFLICT',
  'complaints.pause_already_requested': 'CONFLICT',
  'complaints.pause_not_requested': 'CONFLICT',
  'complaints.pause_in_past': 'UNPROCESSABLE_CONTENT',
  'complaints.pause_too_long': 'UNPROCESSABLE_CONTENT',
  'complaints.pause_only_shortened': 'UNPROCESSABLE_CONTENT',
  'complaints.approver_is_requester': 'UNPROCESSABLE_CONTENT',
  'complaints.approver_is_handler': 'UNPROCESSABLE_CONTENT',
  'complaints.customer_deceased': 'UNPROCESSABLE_CONTENT',
  'complaints.customer_objects': 'UNPROCESSABLE_CONTENT',
} as const satisfies Record<Refusal, Transport>;

/** A field two people changed: what the caller sent, what is stored now, what both started from. */
export type FieldConflict = { readonly field: string; readonly yours: unknown; readonly theirs: unknown; readonly original: unknown };
/** Beside the code: the fields at fault, what others changed, what the log tells of the try, and in how many seconds to come again. */
type RefusalDetails = {
  readonly fields?: readonly FieldFault[];
  readonly conflict?: readonly FieldConflict[];
  readonly attempt?: Attempt;
  readonly retryAfterSeconds?: number;
};
export type FieldFault = { readonly path: string; readonly code: string; readonly params?: Readonly<Record<string, unknown>> };

/** Carries a refusal across the transport. */
export class RefusalError extends Error {
  readonly refusal: Refusal;
  readonly fields: readonly FieldFault[];
  readonly conflict: readonly FieldConflict[];
  readonly attempt: Attempt | undefined;
  readonly retryAfterSeconds: number | undefined;
  constructor(refusal: Refusal, { fields = [], conflict = [], attempt, retryAfterSeconds }: RefusalDetails = {}) {
    super(refusal);
    this.retryAfterSeconds = retryAfterSeconds;
    this.attempt = attempt;
    this.refusal = refusal;
    this.fields = fields;
    this.conflict = conflict;
  }
}

/** The fault of a key that has not the scope a call needs. */
export const LACKS_SCOPE = 'key_lacks_scope';

/** Ends a request with a refusal. */
export function refusal(code: Refusal, details: RefusalDetails = {}): TRPCError {
  return new TRPCError({ code: TRANSPORT[code], message: code, cause: new RefusalError(code, details) });
}

/** Refuses who lacks a right. A key is told which of its scopes would be it; a person's rights come with his role. */
export function lacksRight(kind: 'staff' | 'api_key' | 'system', capability: Capability, action: Action): TRPCError {
  if (kind !== 'api_key') return refusal('access.forbidden');
  return refusal('access.forbidden', {
    fields: [{ path: 'Authorization', code: LACKS_SCOPE, params: { scope: `${capability}:${action}` } }],
  });
}

/** Carries the fault of a field that depends on more than its own shape. */
export class InvalidInput extends Error {
  readonly fields: readonly FieldFault[];
  constructor(fault: FieldFault) {
    super(`${fault.path}: ${fault.code}`);
    this.fields = [fault];
  }
}

/** Ends a request like input whose shape is wrong: 400 `input.invalid`, naming the field. */
export function inputFault(fault: FieldFault): TRPCError {
  return new TRPCError({ code: 'BAD_REQUEST', message: 'input.invalid', cause: new InvalidInput(fault) });
}

/** The accepted fact of a verdict; a refusal ends the request, and names the field it is about where `fields` knows one. */
export function orThrow<T, R extends Refusal>(verdict: Verdict<T, R>, fields: { readonly [Code in R]?: string } = {}): T {
  if (verdict.ok) return verdict.value;
  const path = fields[verdict.refusal];
  throw refusal(verdict.refusal, path === undefined ? {} : { fields: [{ path, code: verdict.refusal }] });
}
