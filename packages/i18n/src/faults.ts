import type { TFunction } from 'i18next';

/** A fault of one field as the server reports it: where, what, and the numbers that belong to it. */
export type FieldFault = {
  readonly path: readonly (string | number)[] | string;
  readonly code: string;
  readonly params?: Readonly<Record<string, unknown>>;
};

/** The text of a refusal code such as `complaints.handler_is_accused`; a code without words shows itself. */
export function refusalText(t: TFunction, code: string, params?: Readonly<Record<string, unknown>>): string {
  return dynamicText(t, [`refusals.${code}`, `errors.${code.replaceAll('.', '_')}`], params) ?? code;
}

/** The text of a field's fault: what the field has to say of its own, else what the fault says with its numbers. */
export function fieldFaultText(t: TFunction, { path, code, params = {} }: FieldFault): string {
  const field = (typeof path === 'string' ? path.split('.') : path).findLast((step) => Number.isNaN(Number(step)));
  const kinds: Readonly<Record<string, string>> = { string: 'text', number: 'number', array: 'list' };
  const origin = typeof params.origin === 'string' ? kinds[params.origin] : undefined;
  const missing = code === 'invalid_type' && (params.received === 'undefined' || params.received === 'null');
  const empty = code === 'too_small' && origin === 'text' && params.minimum === 1;
  const candidates =
    missing || empty || code === 'required'
      ? ['fieldFaults.required']
      : [`fieldFaultsOf.${field}`, ...(origin ? [`fieldFaults.${code}_${origin}`] : []), `fieldFaults.${code}`];
  return dynamicText(t, candidates, params) ?? refusalText(t, code, params);
}

// Codes come from the server, so their keys are not known to the compiler; the catalogue test holds every code we have.
function dynamicText(t: TFunction, keys: readonly string[], params: Readonly<Record<string, unknown>> = {}): string | undefined {
  const translate = t as unknown as (keys: string[], options: object) => string;
  const missing = '\u0000';
  const text = translate([...keys], { ...params, defaultValue: missing });
  return text === missing ? undefined : text;
}
