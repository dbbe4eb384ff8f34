import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import type { Faulty } from './answers.ts';
import { UnreadableBody } from './body.ts';
import { RefusalError, type FieldFault } from './refusals.ts';

/** What the caller is told of an error: a refusal or input that cannot be read; undefined for anything else, which is a fault of ours. */
export function faultyOf(error: unknown): Faulty | undefined {
  const cause = error instanceof TRPCError ? error.cause : error;
  if (cause instanceof RefusalError) return { code: cause.refusal, fields: cause.fields, conflict: cause.conflict };
  if (cause instanceof UnreadableBody) return { code: 'input.invalid', fields: cause.fields };
  if (cause instanceof ZodError) return { code: 'input.invalid', fields: faultsOf(cause) };
  return undefined;
}

/** What each field was refused for, as codes and parameters that the catalogue words in the reader's language. */
export function faultsOf(error: ZodError): FieldFault[] {
  return error.issues.flatMap((issue): FieldFault[] => {
    const path = issue.path.join('.');
    switch (issue.code) {
      case 'invalid_type':
        return [
          { path, code: issue.input === undefined || issue.input === null ? 'required' : 'type', params: { expected: issue.expected } },
        ];
      case 'too_small':
        return [
          {
            path,
            code: issue.origin === 'string' ? (issue.minimum === 1 ? 'required' : 'too_short') : 'too_small',
            params: { minimum: Number(issue.minimum) },
          },
        ];
      case 'too_big':
        return [{ path, code: issue.origin === 'string' ? 'too_long' : 'too_big', params: { maximum: Number(issue.maximum) } }];
      case 'invalid_value':
        return [{ path, code: 'choice', params: { values: issue.values.map(String).join(', ') } }];
      case 'invalid_format':
        return [{ path, code: 'format', params: { format: issue.format, ...(issue.pattern ? { pattern: issue.pattern } : {}) } }];
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
