import type { TFunction } from 'i18next';

/** A fault of one field as the server reports it: where, what, and the numbers that belong to it. */
export type FieldFault = {
  readonly path: readonly (string | number)[] | string;
  readonly code: string;
  readonly params?: Readonly<Record<string, unknown>>;
};

/** The text of a refusal code such as `complaints.handler_is_accused`; a code without words shows itself. */
export function refusalText(t: TFunction, code: string, params?: Readonly<Record<string, unknown>>): string {
  return dynamicText(t, [`refusals.${code}`], params) ?? code;
}

/** What a server's answer says of a failed call, as far as it is told to a reader. */
export type FailedCall<Conflict> = {
  readonly code: string;
  readonly httpStatus: number;
  readonly requestId: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly fields: readonly (FieldFault & { readonly path: string })[];
  readonly conflict: readonly Conflict[];
};

/** A failed call in words: of its code, of its fields by the paths of a form, and whether asking again could help. */
export function failureTexts<Conflict>(t: TFunction, { code, httpStatus, requestId, params, fields, conflict }: FailedCall<Conflict>) {
  return {
    text: refusalText(t, code, params),
    ...(requestId ? { requestId } : {}),
    fields: fields.map((fault) => ({ path: stepsOf(fault.path), text: fieldFaultText(t, fault) })),
    conflict,
    ...(httpStatus === 403 || httpStatus === 404 ? { isFinal: true as const } : {}),
  };
}

function stepsOf(dotted: string): (string | number)[] {
  return dotted.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** What is said of any field alike. */
const OF_ANY_FIELD = [
  'required',
  'single_value',
  'number',
  'whole_number',
  'too_long',
  'too_few',
  'too_many',
  'unknown_field',
  'date_range',
  'repeated_key',
];

/** The text of a field's fault: what the field has to say of its own format, else what the fault says with its numbers. */
export function fieldFaultText(t: TFunction, { path, code, params }: FieldFault): string {
  const field = (typeof path === 'string' ? path.split('.') : path).findLast((step) => Number.isNaN(Number(step)));
  const ofFormat = !OF_ANY_FIELD.includes(code) && !code.includes('.');
  const exactly =
    typeof params?.['format'] === 'string' ? [`formatFaults.${params['format']}`, `fieldFaults.${code}_${params['format']}`] : [];
  return (
    dynamicText(t, [...(ofFormat ? [`fieldFaultsOf.${field}`] : []), ...exactly, `fieldFaults.${code}`], params) ??
    refusalText(t, code, params)
  );
}

// Codes come from the server, so their keys are not known to the compiler; the catalogue test holds every code we have.
function dynamicText(t: TFunction, keys: readonly string[], params: Readonly<Record<string, unknown>> = {}): string | undefined {
  const translate = t as unknown as (keys: string[], options: object) => string;
  const missing = '\u0000';
  const text = translate([...keys], { ...params, defaultValue: missing });
  return text === missing ? undefined : text;
}
