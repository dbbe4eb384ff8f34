import type { AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';

type Json = { readonly [name: string]: unknown };
type Procedure = { readonly _def: { readonly type: string; readonly inputs: readonly z.ZodType[]; readonly output?: z.ZodType } };
type Tree = { [name: string]: Tree | string };

const KINDS: Readonly<Record<string, string>> = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };

/** What live.changes yields: its shape is not parsed, so that no schema tells it. */
const EVENTS = 'AsyncIterable<{ id: string; data: { topic: string; entityId: string | null } }, void, unknown>';

/**
 * Declares a router by what its procedures take and answer over HTTP, in TypeScript that imports nothing but tRPC. Ids are strings, as JSON
 * has them.
 */
export function declareRouter(router: AnyTRPCRouter): string {
  const tree: Tree = {};
  for (const [path, { _def }] of Object.entries(router._def.procedures as Record<string, Procedure>)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let branch = tree;
    for (const name of names) branch = (branch[name] ??= {}) as Tree;
    const [input] = _def.inputs;
    const takes = input ? `${typeOf(input, 'input')}${input.safeParse(undefined).success ? ' | undefined' : ''}` : 'void';
    const gives = _def.type === 'subscription' ? EVENTS : _def.output ? typeOf(_def.output, 'output') : 'unknown';
    branch[last] = `TRPC${KINDS[_def.type]}Procedure<{ meta: object; input: ${takes}; output: ${gives} }>`;
  }
  return `// Written by \`pnpm client:pack\` from the procedures of the server.
import type { TRPCBuiltRouter, TRPCDecorateCreateRouterOptions, TRPCMutationProcedure, TRPCQueryProcedure, TRPCSubscriptionProcedure } from '@trpc/server';
type ErrorShape = { code: number; message: string; data: Record<string, unknown> };
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  TRPCDecorateCreateRouterOptions<${declareTree(tree)}>
>;
`;
}

function declareTree(tree: Tree): string {
  return `{\n${Object.entries(tree)
    .map(([name, part]) => `${name}: ${typeof part === 'string' ? part : declareTree(part)};`)
    .join('\n')}\n}`;
}

function typeOf(schema: z.ZodType, io: 'input' | 'output'): string {
  const root = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // What is read from text of one form (a date) is that text again when it goes out.
    override: ({ zodSchema, jsonSchema }) => {
      if (io === 'output' && zodSchema instanceof z.ZodPipe && zodSchema.out instanceof z.ZodTransform)
        Object.assign(jsonSchema, z.toJSONSchema(zodSchema.in as z.ZodType, { io: 'input', unrepresentable: 'any' }));
    },
  }) as Json;
  return shape(root, (root['$defs'] ?? {}) as Record<string, Json>);
}

/** The TypeScript of a JSON schema as zod writes them. */
function shape(schema: Json | boolean, defs: Readonly<Record<string, Json>>, within: readonly string[] = []): string {
  if (typeof schema === 'boolean') return schema ? 'unknown' : 'never';
  const of = (part: unknown) => shape(part as Json, defs, within);
  const joined = (parts: unknown, mark: ' | ' | ' & ') => `(${(parts as readonly unknown[]).map(of).join(mark)})`;
  const { $ref: reference, type } = schema;
  if (typeof reference === 'string') {
    const name = reference.replace('#/$defs/', '');
    // The one shape that holds itself is any JSON there is.
    if (within.includes(name) || !defs[name]) return 'unknown';
    return shape(defs[name], defs, [...within, name]);
  }
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ');
  if (schema['anyOf'] ?? schema['oneOf']) return joined(schema['anyOf'] ?? schema['oneOf'], ' | ');
  if (schema['allOf']) return joined(schema['allOf'], ' & ');
  if (Array.isArray(type))
    return joined(
      type.map((one: unknown) => ({ ...schema, type: one })),
      ' | ',
    );
  switch (type) {
    case 'string':
      return 'string';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return Array.isArray(schema['prefixItems']) ? `[${schema['prefixItems'].map(of).join(', ')}]` : `(${of(schema['items'] ?? true)})[]`;
    case 'object':
      return objectShape(schema, of);
    default:
      return 'unknown';
  }
}

function objectShape(schema: Json, of: (part: unknown) => string): string {
  const { properties, additionalProperties } = schema;
  if (properties === undefined) return `Record<string, ${of(additionalProperties ?? true)}>`;
  const required = (schema['required'] ?? []) as readonly string[];
  const fields = Object.entries(properties as Json).map(([name, part]) => {
    const text = of(part);
    // What may be left out may also be given as undefined: JSON leaves it out.
    return `${JSON.stringify(name)}${required.includes(name) ? `: ${text}` : `?: ${text} | undefined`};`;
  });
  return `{ ${fields.join(' ')} }`;
}
