import { createI18n, fieldFaultText, LOCALES, refusalText, type Locale } from '@baoke/i18n';
import { z } from 'zod';
import { LACKS_SCOPE, type FieldConflict, type FieldFault, type Refusal } from './refusals.ts';

/** What ends a request beside the refusals: input that cannot be read, a place that is none, a fault of ours. */
export const TRANSPORT_FAULTS = [
  'input.invalid',
  'platform.no_procedure',
  'platform.method_not_allowed',
  'platform.media_type',
  'platform.body_too_large',
  'platform.failure',
] as const;
export type ErrorCode = Refusal | (typeof TRANSPORT_FAULTS)[number];

/** The error of every answer, over tRPC (in `error.data`) and over REST (the whole body) alike. */
export const errorAnswer = z.object({
  code: z.string().meta({ description: 'stable code to switch on: capability and refusal', example: 'complaints.already_responded' }),
  message: z.string().meta({ description: 'a sentence for people, in the language of Accept-Language, else of the caller, else Chinese' }),
  messages: z.object({ zh: z.string(), en: z.string() }).meta({ description: 'the same sentence in Chinese and in English' }),
  params: z.record(z.string(), z.unknown()).meta({ description: 'what the sentence names: `minutes` until a lock ends; empty for most' }),
  fields: z
    .array(
      z.object({
        path: z.string().meta({ description: 'the field, steps joined by dots; empty for the body as a whole', example: 'phones.0' }),
        code: z.string().meta({ description: 'the fault of the field', example: 'too_long' }),
        message: z.string().meta({ description: 'the fault and what would be accepted, in the language of `message`' }),
        params: z.record(z.string(), z.unknown()).meta({ description: 'what the fault is measured by: `maximum`, `values`, `expected` …' }),
      }),
    )
    .meta({ description: 'the fields that are at fault' }),
  conflict: z
    .array(z.object({ field: z.string(), yours: z.unknown(), theirs: z.unknown(), original: z.unknown() }))
    .meta({ description: 'fields that somebody else changed meanwhile: what was sent, what is stored, what both began from' }),
  requestId: z.string().meta({ description: 'number of the request, also in the header x-request-id; the log is searched by it' }),
});
export type ErrorAnswer = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly messages: Readonly<Record<Locale, string>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly fields: readonly (FieldFault & { readonly message: string; readonly params: Readonly<Record<string, unknown>> })[];
  readonly conflict: readonly FieldConflict[];
  readonly requestId: string;
};

/** What ended a request, before it is put in words. */
export type Faulty = Partial<Pick<ErrorAnswer, 'params' | 'conflict'>> & {
  readonly code: ErrorCode;
  readonly fields?: readonly FieldFault[];
};

/** The fault of a body that is no JSON. */
export const NOT_JSON: FieldFault = { path: '', code: 'json', params: {} };
export const NOT_UTF8: FieldFault = { path: '', code: 'utf8', params: {} };

const words = { zh: createI18n('zh').t, en: createI18n('en').t };

/**
 * Puts an error in words. The sentence is given in both languages, so that an integrator may show either to whoever asks;
 * `message` and the faults of the fields speak one of them.
 *
 * Source: 11 row 62 "code, Chinese and English message, field path, request id; never a stack".
 */
export function toAnswer({ code, params = {}, fields = [], conflict = [] }: Faulty, locale: Locale, requestId: string): ErrorAnswer {
  // What a role does not include is said to people; a program has no role, and its whole fault is the scope it lacks.
  const scope = fields.find((fault) => fault.code === LACKS_SCOPE);
  const inWords = (language: Locale) => (scope ? fieldFaultText(words[language], scope) : refusalText(words[language], code, params));
  const messages = { zh: inWords('zh'), en: inWords('en') };
  return {
    code,
    message: messages[locale],
    messages,
    params,
    fields: fields.map((fault) => ({ ...fault, params: fault.params ?? {}, message: fieldFaultText(words[locale], fault) })),
    conflict,
    requestId,
  };
}

/** The language an Accept-Language header prefers among ours; undefined when it names none of them. */
export function preferredLanguage(header: string | undefined): Locale | undefined {
  const wanted = (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((range) => {
      const [tag = '', ...params] = range.trim().toLowerCase().split(';');
      const quality = params.map((p) => /^\s*q=([\d.]+)\s*$/.exec(p)?.[1]).find((q) => q !== undefined);
      return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return wanted.map(({ language }) => LOCALES.find((locale) => locale === language)).find((locale) => locale !== undefined);
}
