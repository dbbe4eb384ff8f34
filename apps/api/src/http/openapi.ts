import { actionNeeded } from '@baoke/core/access';
import type { AnyTRPCRouter } from '@trpc/server';
import { generateOpenApiDocument } from 'trpc-to-openapi';
import { z } from 'zod';
import { STORE_HEADER } from '../access/sessions.ts';
import type { Meta } from '../trpc.ts';
import { errorAnswer } from './answers.ts';
import { deprecationText } from './deprecation.ts';

type Document = ReturnType<typeof generateOpenApiDocument>;
type Json = { [name: string]: unknown };
/** A procedure as its meta and input describe it. */
type Described = { readonly name: string; readonly meta: Meta; readonly write: boolean; readonly names: readonly string[] };

const ERRORS = {
  400: 'Input that cannot be read; `fields` names each field, its fault and what would be accepted.',
  401: 'Nobody known is calling: the session has ended, or the key is unknown, revoked or expired.',
  403: 'The caller lacks the right, or is not of the store that `x-baoke-store` names; an API key lacks the scope.',
  404: 'There is no such record, or the caller may not see it: the answer is the same.',
  405: 'The address takes other methods; `Allow` names them.',
  409: 'The state has changed: a rule that asks for another state, or two people changed one field (`conflict`).',
  413: 'The request is larger than is taken.',
  415: 'The content is of another kind than is taken.',
  422: 'The input can be read and a rule refuses it; or the Idempotency-Key was used for another request.',
  429: 'Too many operations, or too many failed tries to sign in; `Retry-After` says in how many seconds to come again.',
  500: 'A fault of ours; the log has it under `requestId`.',
  503: 'Not available for a moment; repeat the request with the same Idempotency-Key.',
} as const;
type Status = keyof typeof ERRORS;

/** What a name says of its value (house rule: the unit stands in the name). The first that fits counts. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/Fen$/, 'amount in fen, 1/100 yuan'],
  [/Km$/, 'kilometres'],
  [/(^minutes$|Minutes$)/, 'minutes'],
  [/(^days$|Days$)/, 'days'],
  [/(^percent$|Percent$)/, 'per cent'],
  [/[a-z]At$/, 'instant, ISO 8601 in UTC with milliseconds'],
  [/(On$|Date$)/, 'calendar date of the store, YYYY-MM-DD'],
  [/(From$|^from$)/, 'beginning of the period, included'],
  [/(To$|^to$)/, 'end of the period, excluded'],
  [/^wechatId$/, 'name of the person in WeChat'],
  [/^externalId$/, 'id of the record in the other system'],
  [/(^id$|Id$)/, 'id of the record'],
  [/^version$/, 'number of changes of the record; a write sends the one it saw'],
  [/^cursor$/, '`nextCursor` of the page before, unread and unchanged; of this list, in the same order'],
  [/^nextCursor$/, 'cursor of the next page; null at the end'],
  [/Masked$/, 'with the middle hidden; the full value is a procedure of its own and recorded'],
];

/** What the name of a day says beside that it is one: periods are half-open everywhere. */
const BOUNDS: readonly (readonly [RegExp, string])[] = [
  [/(From$|^from$)/, 'from this day on'],
  [/(To$|^to$)/, 'before this day, which is left out itself'],
];

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  description:
    'Needed from API keys, open to sessions. A repetition with the same key and body has no second effect: it waits for the first, ' +
    'gets its answer and the header Idempotency-Replayed. With another body it is refused (422 `platform.key_reused`). A refused request does not use its key up. Kept for seven days.',
};
const STORE = {
  name: STORE_HEADER,
  in: 'header',
  required: false,
  schema: { type: 'integer', minimum: 1 },
  description:
    'Id of the store to work in, for a person who works in several (`stores` of `GET /me`); without it his first one. ' +
    'Anything but a whole number from 1 on is refused (400), a store where he does not work too (403 `access.foreign_store`). An API key is of one store and need not name it.',
};
const RATE_HEADERS = Object.fromEntries(
  ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);

const DEPRECATION_HEADERS = {
  Deprecation: { description: 'Since when it should not be used: seconds of the epoch behind an @ (RFC 9745)', schema: { type: 'string' } },
  Sunset: { description: 'Until when it answers (RFC 8594)', schema: { type: 'string' } },
};

/** The OpenAPI 3.1 view of the router and of the files of imports, with every error as it happens. */
export function describeApi(router: AnyTRPCRouter, version: string): Document {
  const document = generateOpenApiDocument(router, {
    title: 'Baoke API',
    version,
    description:
      'Customer-relationship system for car dealerships. An API key belongs to one store and is sent as `Authorization: Bearer bk_…`; what it may do are its scopes, ' +
      'named at each operation. Every write by API key needs an Idempotency-Key. Lists page by an opaque cursor. Errors have stable codes, a sentence in Chinese and in English, ' +
      'the fields at fault and the number of the request. An address answers a method it does not take with 405 and the header Allow.',
    openApiVersion: '3.1.0',
    baseUrl: '/api/v1',
    securitySchemes: {
      key: { type: 'http', scheme: 'bearer', description: 'API key of a store, made in the console or by `baoke key`' },
      session: { type: 'apiKey', in: 'cookie', name: 'baoke_session', description: 'Session of a person, opened by POST /session' },
    },
  });
  const described = describedByOperation(router);
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item as Record<string, Json>)) {
      const procedure = described.get(String(operation['operationId']));
      if (procedure) completeOperation(operation, procedure);
    }
  }
  Object.assign(document.paths ?? {}, fileOperations());
  document.components = {
    ...document.components,
    // The adapter's own errors are not what goes out.
    schemas: {
      ...Object.fromEntries(Object.entries(document.components?.schemas ?? {}).filter(([name]) => !name.startsWith('error.'))),
      Error: errorSchema(),
    },
    headers: {
      'RateLimit-Limit': { description: 'Operations in a window', schema: { type: 'integer' } },
      'RateLimit-Remaining': { description: 'Operations left in this window', schema: { type: 'integer' } },
      'RateLimit-Reset': { description: 'Seconds until the window ends', schema: { type: 'integer' } },
      'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } },
      'Idempotency-Replayed': { description: '`true`: the answer of an earlier request with this key', schema: { type: 'string' } },
    },
    responses: Object.fromEntries(
      Object.entries(ERRORS).map(([status, description]) => [
        status,
        {
          description,
          headers: {
            'X-Request-Id': { schema: { type: 'string' } },
            ...(status === '429' || status === '503' ? { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } : {}),
          },
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      ]),
    ),
  };
  tellUnits(document);
  return document;
}

function errorSchema(): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(errorAnswer) as Json;
  return schema;
}

/** The statuses other than 200 that each procedure is described with, by its name as in `complaints.respond`. */
export function statusesByProcedure(router: AnyTRPCRouter): ReadonlyMap<string, readonly number[]> {
  return new Map(Object.entries(proceduresOf(router)).map(([name, procedure]) => [name, errorsOf(procedure)]));
}

function proceduresOf(router: AnyTRPCRouter): Record<string, Described> {
  const procedures = router._def.procedures as Record<string, { _def: { type: string; meta: Meta; inputs: readonly unknown[] } }>;
  return Object.fromEntries(
    Object.entries(procedures).map(([name, { _def }]) => [
      name,
      { name, meta: _def.meta, write: _def.type === 'mutation', names: _def.inputs.flatMap(namesIn) },
    ]),
  );
}

function namesIn(input: unknown): string[] {
  if (input instanceof z.ZodPipe) return namesIn(input.in);
  return input instanceof z.ZodObject ? Object.keys(input.shape) : [];
}

function describedByOperation(router: AnyTRPCRouter): Map<string, Described> {
  return new Map(Object.entries(proceduresOf(router)).map(([name, procedure]) => [name.replaceAll('.', '-'), procedure]));
}

function completeOperation(operation: Json, of: Described): void {
  const { right } = of.meta;
  const ofKeys = typeof right === 'object';
  if (ofKeys) {
    const scope = `${right.capability}:${actionNeeded('api_key', right.action, of.write)}`;
    operation['security'] = [{ key: [scope] }, { session: [] }];
    operation['description'] = [operation['description'], `Scope of an API key: \`${scope}\`.`].filter(Boolean).join('\n\n');
  } else if (right === 'public') operation['security'] = [];
  // What a person keeps for himself is not for keys.
  else if (of.write) operation['security'] = [{ session: [] }];
  if (right !== 'public')
    operation['parameters'] = [
      ...((operation['parameters'] as Json[] | undefined) ?? []),
      STORE,
      ...(ofKeys && of.write ? [IDEMPOTENCY_KEY] : []),
    ];

  if (of.meta.deprecated)
    operation['description'] = [operation['description'], deprecationText(of.meta.deprecated)].filter(Boolean).join('\n\n');

  const responses = operation['responses'] as Record<string, Json>;
  const success = { ...responses['200'] };
  if (right !== 'public' || of.meta.deprecated) {
    success['headers'] = {
      ...(right === 'public' ? {} : RATE_HEADERS),
      ...(of.meta.deprecated ? DEPRECATION_HEADERS : {}),
      ...(ofKeys && of.write ? { 'Idempotency-Replayed': { $ref: '#/components/headers/Idempotency-Replayed' } } : {}),
    };
  }
  operation['responses'] = { 200: success, ...referencesTo(errorsOf(of)) };
}

function referencesTo(statuses: readonly Status[]): Json {
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${status}` }]));
}

/** The errors an operation can end in, from what it takes and does; a query that a rule refuses says so in its description (`errorResponses`). */
function errorsOf({ meta, write, names }: Described): Status[] {
  const { right, openapi } = meta;
  const { method = 'GET', path = '' } = openapi ?? {};
  const list = names.includes('cursor');
  const ofRecord = path.includes('{') || (!list && names.some((name) => /(Id|Ids|^id|^key)$/.test(name)));
  const said = Array.isArray(openapi?.errorResponses) ? openapi.errorResponses : [];
  const happens: Record<Status, boolean> = {
    400: right !== 'public' || names.length > 0 || write,
    401: right !== 'public' || write,
    // Of one's own access too, in a store that is not one's own.
    403: right !== 'public' || write,
    404: ofRecord,
    // Of an address, by the methods no operation of it is described for.
    405: false,
    409: write && typeof right === 'object',
    413: method !== 'GET' && method !== 'DELETE',
    415: method !== 'GET' && method !== 'DELETE',
    422: write && typeof right === 'object',
    429: right !== 'public' || write,
    500: true,
    503: true,
  };
  return (Object.keys(ERRORS).map(Number) as Status[]).filter((status) => happens[status] || said.includes(status));
}

// Files are no JSON, so their two operations are no procedures (imports/files.ts).
function fileOperations(): Json {
  const importId = { type: 'string', format: 'uuid' };
  return {
    '/imports/files': {
      post: {
        operationId: 'imports-upload',
        summary: 'Upload one to ten files for an import',
        description:
          'Excel (.xlsx) or CSV (UTF-8, UTF-16, GB18030; comma or tab), 20 MB each at most. What follows: POST /imports/sample, /imports/map, /imports/{importId}/start.\n\nScope of an API key: `imports:edit`.',
        tags: ['imports'],
        security: [{ key: ['imports:edit'] }, { session: [] }],
        parameters: [STORE, IDEMPOTENCY_KEY],
        requestBody: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                required: ['files'],
                properties: { files: { type: 'array', minItems: 1, maxItems: 10, items: { type: 'string', format: 'binary' } } },
              },
            },
          },
        },
        responses: {
          200: {
            description: 'The import, waiting for its columns to be confirmed',
            headers: { ...RATE_HEADERS, 'Idempotency-Replayed': { $ref: '#/components/headers/Idempotency-Replayed' } },
            content: {
              'application/json': {
                schema: { type: 'object', required: ['importId'], additionalProperties: false, properties: { importId } },
              },
            },
          },
          ...referencesTo([400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503]),
        },
      },
    },
    '/imports/{importId}/files/{position}/corrections.xlsx': {
      get: {
        operationId: 'imports-corrections',
        summary: 'The refused rows of a file as a workbook to correct and upload again',
        description:
          'Scope of an API key: `imports:view`; of a file that the key did not bring in, `customers:view` and one of `imports:export` and `customers:export` as well, and phones and addresses are masked.',
        tags: ['imports'],
        security: [{ key: ['imports:view'] }, { session: [] }],
        parameters: [
          { name: 'importId', in: 'path', required: true, schema: importId },
          {
            name: 'position',
            in: 'path',
            required: true,
            schema: { type: 'integer', minimum: 0, maximum: 99 },
            description: 'place of the file in the import, from 0',
          },
          {
            name: 'idNumbers',
            in: 'query',
            schema: { type: 'boolean', default: false },
            description: 'with ID numbers in full; needs the right to edit all customers, and is recorded',
          },
          STORE,
        ],
        responses: {
          200: {
            description: 'Excel workbook',
            content: {
              'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { schema: { type: 'string', format: 'binary' } },
            },
          },
          ...referencesTo([400, 401, 403, 404, 429, 500, 503]),
        },
      },
    },
  };
}

// Says of each field what its name says, unless it speaks for itself.
function tellUnits(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(tellUnits);
  if (typeof node !== 'object' || node === null) return;
  const { properties, name, schema } = node as { properties?: Record<string, unknown>; name?: unknown; schema?: unknown };
  if (typeof properties === 'object') for (const [field, shape] of Object.entries(properties)) tell(field, shape);
  if (typeof name === 'string' && 'in' in node) tell(name, schema);
  Object.values(node).forEach(tellUnits);
}

function tell(name: string, shape: unknown): void {
  const [, bound] = BOUNDS.find(([of]) => of.test(name)) ?? [];
  const day = bound === undefined ? undefined : dayOf(shape);
  if (day !== undefined) Object.assign(shape as object, { description: `${day}; ${bound}` });
  if (typeof shape !== 'object' || shape === null || 'description' in shape || '$ref' in shape) return;
  if (!('type' in shape || 'anyOf' in shape || 'oneOf' in shape)) return;
  if ((shape as { type?: unknown }).type === 'boolean' || 'const' in shape || 'enum' in shape) return;
  const unit = UNITS.find(([of]) => of.test(name));
  if (unit) Object.assign(shape, { description: unit[1] });
}

/** How a calendar date describes itself, also one that may be null; undefined of anything else. */
function dayOf(shape: unknown): string | undefined {
  if (typeof shape !== 'object' || shape === null) return undefined;
  const { description, anyOf } = shape as { description?: unknown; anyOf?: unknown };
  if (typeof description === 'string') return /^calendar date\b[^;]*$/.exec(description)?.[0];
  return Array.isArray(anyOf) ? anyOf.map(dayOf).find((day) => day !== undefined) : undefined;
}
