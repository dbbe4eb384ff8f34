import { TRPCError } from '@trpc/server';
import { z, ZodError } from 'zod';
import type { Faulty } from './answers.ts';
import { UnreadableBody } from './body.ts';
import { InvalidInput, RefusalError, type FieldFault } from './refusals.ts';

/** What the caller is told of an error: a refusal or input that cannot be read; undefined for anything else, which is a fault of ours. */
export function faultyOf(error: unknown): Faulty | undefined {
  const cause = error instanceof TRPCError ? error.cause : error;
  if (cause instanceof RefusalError) {
    const { refusal: code, fields, conflict, retryAfterSeconds } = cause;
    return {
      code,
      fields,
      conflict,
      ...(retryAfterSeconds === undefined ? {} : { params: { minutes: Math.ceil(retryAfterSeconds / 60) } }),
    };
  }
  if (cause instanceof UnreadableBody || cause instanceof InvalidInput) return { code: 'input.invalid', fields: cause.fields };
  if (cause instanceof ZodError) return { code: 'input.invalid', fields: faultsOf(cause) };
  return undefined;
}

// An issue does not keep what was given: whether there was anything, and of what kind, can be asked only while it is made.
z.config({ customError: (issue) => (issue.code === 'invalid_type' ? kindFault(issue.input, issue.expected) : undefined) });

/** A code for a value of another kind than is expected: whether it is missing, one of several, or a number that is none or not whole. */
function kindFault(given: unknown, expected: string): string {
  if (given === undefined || given === null) return 'required';
  if (Array.isArray(given) && !['array', 'tuple', 'set', 'record', 'object'].includes(expected)) return 'single_value';
  if (expected === 'int') return 'whole_number';
  return expected === 'number' ? 'number' : 'type';
}

const KIND_FAULTS = ['required', 'single_value', 'whole_number', 'number'];

/** What each field was refused for, as codes and parameters that the catalogue words in the reader's language. */
export function faultsOf(error: ZodError): FieldFault[] {
  return error.issues.flatMap((issue): FieldFault[] => {
    const path = issue.path.join('.');
    switch (issue.code) {
      case 'invalid_type':
        return [{ path, code: KIND_FAULTS.find((code) => code === issue.message) ?? 'type', params: { expected: issue.expected } }];
      case 'too_small':
        return [
          {
            path,
            code:
              issue.origin === 'string' ? (issue.minimum === 1 ? 'required' : 'too_short') : isMany(issue.origin) ? 'too_few' : 'too_small',
            params: { minimum: Number(issue.minimum) },
          },
        ];
      case 'too_big':
        return [
          {
            path,
            code: issue.origin === 'string' ? 'too_long' : isMany(issue.origin) ? 'too_many' : 'too_big',
            params: { maximum: Number(issue.maximum) },
          },
        ];
      case 'invalid_value':
        return [{ path, code: 'choice', params: { values: issue.values.map(String).join(', ') } }];
      case 'invalid_format':
        return [
          {
            path,
            code: 'format',
            // Of an expression the catalogue has words by the name its shape gives it: people do not read expressions, programs get it beside.
            params: { format: isName(issue.message) ? issue.message : issue.format, ...(issue.pattern ? { pattern: issue.pattern } : {}) },
          },
        ];
      case 'unrecognized_keys':
        return issue.keys.map((key) => ({ path: path ? `${path}.${key}` : key, code: 'unknown_field' }));
      case 'custom':
        // Our own checks name their code in the message, and beside it what it is measured by.
        return [{ path, code: issue.message, ...(issue.params ? { params: issue.params } : {}) }];
      default:
        return [{ path, code: 'invalid' }];
    }
  });
}

function isName(message: string): boolean {
  return /^[a-z_]+$/.test(message);
}

function isMany(origin: string): boolean {
  return ['array', 'set', 'map'].includes(origin);
}
