/**
 * The public contract of v1, reduced to what a program can lean on: operations with their scopes, the names, types and values of what they
 * take and answer, and the error codes. Two of them compare, so that a change says whether callers of today survive it.
 *
 * Source: 11 row 64, 10 "versioned spec, additive by default".
 */
export type Contract = {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly errors: Readonly<Record<string, string>>;
};
type Operation = { readonly procedure: string; readonly scope: string; readonly takes: Shape; readonly answers: Shape };
/**
 * What a value may be. In text: `string`, `'a' | 'b'`, `integer 1..200`; an object by its fields, those that may be missing with `?`, one
 * whose names are free by `*`; an array as a list of one. `|` holds what a value that is an object may be instead, and so does the
 * second of a list.
 */
export type Shape = string | readonly [Shape, string?] | { readonly [field: string]: Shape };

export type Difference = { readonly breaking: boolean; readonly at: string; readonly what: string };

type Json = { readonly [name: string]: unknown };
type Document = { readonly paths?: unknown; readonly components?: unknown };

/** Reduces the description of the API, and the codes its errors have, to the contract. */
export function contractOf(document: Document, errors: Readonly<Record<string, string>>): Contract {
  const { schemas = {} } = (document.components ?? {}) as { schemas?: Json };
  const shapeOf = shaper(schemas);
  const operations = Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => {
      const [security = {}] = (operation['security'] ?? []) as Record<string, string[]>[];
      return [
        `${method.toUpperCase()} ${path}`,
        {
          procedure: String(operation['operationId']),
          scope: security['key']?.join(' ') ?? Object.keys(security)[0] ?? 'none',
          takes: inputOf(operation, shapeOf),
          answers: shapeOf(contentOf((operation['responses'] as Record<string, Json>)['200']), 'answers'),
        },
      ];
    }),
  );
  return { operations: sorted(Object.fromEntries(operations)), errors: sorted(errors) };
}

type Direction = 'takes' | 'answers';
type ShapeOf = (schema: Json | undefined, direction: Direction) => Shape;

function inputOf(operation: Json, shapeOf: ShapeOf): Shape {
  type Parameter = { readonly in: string; readonly name: string; readonly required?: boolean; readonly schema: Json };
  const parameters = ((operation['parameters'] ?? []) as Parameter[]).filter((p) => p.in !== 'header');
  const fields = parameters.map((p): [string, Shape] => [p.required ? p.name : `${p.name}?`, shapeOf(p.schema, 'takes')]);
  const body = contentOf(operation['requestBody'] as Json | undefined);
  const shape = body === undefined ? {} : shapeOf(body, 'takes');
  return typeof shape === 'string' || isList(shape) ? shape : sorted({ ...shape, ...Object.fromEntries(fields) });
}

function contentOf(part: Json | undefined): Json | undefined {
  const [content] = Object.values((part?.['content'] ?? {}) as Record<string, { schema?: Json }>);
  return content?.schema;
}

function shaper(schemas: Json): ShapeOf {
  const shapeOf: ShapeOf = (schema, direction) => {
    if (schema === undefined) return 'nothing';
    const parts = alternativesOf(schema, schemas);
    const plain = parts.flatMap((part) => plainOf(part, direction));
    const text = [...new Set(plain)].toSorted().join(' | ');
    const lists = parts.filter((part) => part['type'] === 'array');
    const objects = parts.filter((part) => part['type'] === 'object');
    if (lists.length > 0 && objects.length === 0) {
      const item = shapeOf({ anyOf: lists.map((list) => list['items'] ?? {}) }, direction);
      return text === '' ? [item] : [item, text];
    }
    if (objects.length === 0) return text;
    // Objects that may take each other's place are one, whose fields not all of them have may be missing.
    const names = [...new Set(objects.flatMap((object) => Object.keys(propertiesOf(object))))];
    const fields = names.map((name): [string, Shape] => {
      const having = objects.filter((object) => name in propertiesOf(object));
      const always = objects.every((object) => ((object['required'] ?? []) as string[]).includes(name));
      return [always ? name : `${name}?`, shapeOf({ anyOf: having.map((object) => propertiesOf(object)[name]) }, direction)];
    });
    const free = objects.map((object) => object['additionalProperties']).filter((value) => typeof value === 'object' && value !== null);
    return sorted({
      ...Object.fromEntries(fields),
      ...(free.some((value) => Object.keys(value as Json).length > 0) ? { '*': shapeOf({ anyOf: free }, direction) } : {}),
      ...(text === '' ? {} : { '|': text }),
    });
  };
  return shapeOf;
}

/** The schemas a value may follow, with references and alternatives resolved. */
function alternativesOf(schema: Json, schemas: Json): Json[] {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const named = schemas[reference.split('/').at(-1) ?? ''] as Json | undefined;
    if (!named) throw new Error(`the description refers to ${reference}, which it does not hold`);
    // The one schema that holds itself is that of any JSON.
    return JSON.stringify(named).includes(reference) ? [{ type: 'json' }] : alternativesOf(named, schemas);
  }
  const { type } = schema;
  if (Array.isArray(type)) return type.map((one: unknown) => (one === 'null' ? { type: one } : { ...schema, type: one }));
  const parts = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined;
  return parts ? parts.flatMap((part) => alternativesOf(part, schemas)) : [schema];
}

function propertiesOf(object: Json): Record<string, Json> {
  return (object['properties'] ?? {}) as Record<string, Json>;
}

function plainOf(schema: Json, direction: Direction): string[] {
  const { type, const: only, enum: values, format } = schema as { type?: string; const?: unknown; enum?: unknown[]; format?: string };
  if (type === 'object' || type === 'array') return [];
  if (only !== undefined) return [literal(only)];
  if (values) return values.map(literal);
  const least = schema['minimum'] ?? schema['minLength'] ?? schema['exclusiveMinimum'];
  const most = schema['maximum'] ?? schema['maxLength'] ?? schema['exclusiveMaximum'];
  // An answer has no bounds to keep to: what is within them today is what comes.
  const bounds =
    direction === 'answers' || (least === undefined && most === undefined) ? '' : ` ${String(least ?? '')}..${String(most ?? '')}`;
  return [`${format ? `${type} ${format}` : (type ?? 'anything')}${bounds}`];
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

function sorted<T>(fields: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isList(shape: Shape): shape is readonly [Shape, string?] {
  return Array.isArray(shape);
}

/** Everything that changed from one contract to another: what breaks callers of the first, and what only adds. */
export function differences(before: Contract, after: Contract): Difference[] {
  const found: Difference[] = [];
  const note = (breaking: boolean, at: string, what: string) => found.push({ breaking, at, what });
  for (const [name, old] of Object.entries(before.operations)) {
    const now = after.operations[name];
    if (!now) {
      note(true, name, 'removed');
      continue;
    }
    if (old.procedure !== now.procedure) note(true, name, `procedure renamed, ${old.procedure} to ${now.procedure}`);
    if (old.scope !== now.scope) note(true, name, `needs ${now.scope} where ${old.scope} was enough`);
    compare(old.takes, now.takes, `${name} takes`, 'takes', note);
    compare(old.answers, now.answers, `${name} answers`, 'answers', note);
  }
  for (const name of Object.keys(after.operations)) if (!(name in before.operations)) note(false, name, 'new');
  for (const [code, status] of Object.entries(before.errors)) {
    const now = after.errors[code];
    if (now === undefined) note(true, `error ${code}`, 'removed');
    else if (now !== status) note(true, `error ${code}`, `is ${now}, was ${status}`);
  }
  for (const code of Object.keys(after.errors)) if (!(code in before.errors)) note(false, `error ${code}`, 'new');
  return found;
}

/** The differences as a person reads them before he decides. */
export function inWords(found: readonly Difference[]): string {
  const told = (breaking: boolean) => found.filter((one) => one.breaking === breaking).map(({ at, what }) => `  ${at}: ${what}`);
  const [broken, added] = [told(true), told(false)];
  return [
    ...(broken.length > 0 ? ['Breaks callers of v1, which nothing may within v1:', ...broken] : []),
    ...(added.length > 0 ? ['Adds to v1; `pnpm api:describe` takes it up:', ...added] : []),
  ].join('\n');
}

type Note = (breaking: boolean, at: string, what: string) => void;

function compare(before: Shape, after: Shape, at: string, direction: Direction, note: Note): void {
  const [old, now] = [read(before), read(after)];
  comparePlain(old.plain, now.plain, at, direction, note);
  if (old.item && now.item) compare(old.item, now.item, `${at}[]`, direction, note);
  else if (old.item || now.item) note(isLoss(old.item, direction), at, old.item ? 'is a list no more' : 'may be a list');
  if (old.fields && now.fields) compareFields(old.fields, now.fields, at, direction, note);
  else if (old.fields || now.fields) note(isLoss(old.fields, direction), at, old.fields ? 'is an object no more' : 'may be an object');
}

// Taking less breaks whoever sends it; answering with more kinds of things breaks whoever reads them.
function isLoss(before: unknown, direction: Direction): boolean {
  return (before !== undefined) === (direction === 'takes');
}

type Fields = ReadonlyMap<string, { readonly shape: Shape; readonly always: boolean }>;

function read(shape: Shape): { plain: string[]; item?: Shape; fields?: Fields } {
  const alternatives = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(' | '));
  if (typeof shape === 'string') return { plain: alternatives(shape) };
  if (isList(shape)) return { plain: alternatives(shape[1]), item: shape[0] };
  const { '|': text, ...fields } = shape;
  return {
    plain: alternatives(typeof text === 'string' ? text : undefined),
    fields: new Map(Object.entries(fields).map(([name, of]) => [name.replace(/\?$/, ''), { shape: of, always: !name.endsWith('?') }])),
  };
}

function compareFields(before: Fields, after: Fields, at: string, direction: Direction, note: Note): void {
  for (const [name, old] of before) {
    const now = after.get(name);
    const place = within(at, name);
    if (!now) {
      note(true, place, 'removed');
      continue;
    }
    if (old.always && !now.always) note(direction === 'answers', place, direction === 'answers' ? 'may be missing' : 'may be left out');
    if (!old.always && now.always) note(direction === 'takes', place, direction === 'takes' ? 'has to be given' : 'is always there');
    compare(old.shape, now.shape, place, direction, note);
  }
  for (const [name, now] of after)
    if (!before.has(name)) {
      const needed = direction === 'takes' && now.always;
      note(needed, within(at, name), needed ? 'new, and has to be given' : 'new');
    }
}

function within(at: string, name: string): string {
  return / (takes|answers)$/.test(at) ? `${at} ${name}` : `${at}.${name}`;
}

function comparePlain(before: readonly string[], after: readonly string[], at: string, direction: Direction, note: Note): void {
  const [gone, come] = [before.filter((one) => !after.includes(one)), after.filter((one) => !before.includes(one))];
  const lost = gone.filter((one) => !after.some((other) => holds(other, one)));
  const gained = come.filter((one) => !before.some((other) => holds(other, one)));
  if (direction === 'takes') {
    for (const one of lost) note(true, at, `takes ${one} no more${come.length > 0 ? `, but ${come.join(', ')}` : ''}`);
    if (lost.length === 0) for (const one of gained) note(false, at, `takes ${one} too`);
    return;
  }
  // A further value of a list of values only adds: whoever reads one is told to bear words he does not know.
  const values = before.some(isValue);
  for (const one of gained)
    note(!(isValue(one) && values), at, `may answer ${one}${gone.length > 0 ? ` where ${gone.join(', ')} was` : ''}`);
  if (gained.length === 0) for (const one of lost) note(false, at, `answers ${one} no more`);
}

function isValue(alternative: string): boolean {
  return /^['\d-]|^(true|false)$/.test(alternative);
}

/** Whether everything the second alternative lets through is let through by the first. */
function holds(wider: string, narrower: string): boolean {
  const [kind, least, most] = bounded(wider);
  if (isValue(narrower)) {
    const value: unknown = narrower.startsWith("'") ? narrower.slice(1, -1) : JSON.parse(narrower);
    const measure = typeof value === 'string' ? value.length : Number(value);
    return (kind === typeof value || (kind === 'integer' && Number.isInteger(value))) && least <= measure && measure <= most;
  }
  const [other, from, to] = bounded(narrower);
  return (kind === other || other.startsWith(`${kind} `) || kind === 'json' || kind === 'anything') && least <= from && to <= most;
}

function bounded(alternative: string): [kind: string, least: number, most: number] {
  const [, kind = alternative, least = '', most = ''] = /^(.*?) (-?[\d.]*?)\.\.(-?[\d.]*)$/.exec(alternative) ?? [];
  return [kind, least === '' ? -Infinity : Number(least), most === '' ? Infinity : Number(most)];
}

/** Shapes that are worth a name of their own where they occur more than once. */
const LONG = 100;
type Packed = Contract & { readonly shapes: Readonly<Record<string, Shape>> };

/** The contract as it is kept: a long shape that occurs again is written down once, under the first place it has, and referred to by `@`. */
export function pack({ operations, errors }: Contract): Packed {
  const places = new Map<string, { readonly name: string; again: boolean }>();
  const look = (shape: Shape, name: string): void => {
    if (isList(shape)) return look(shape[0], name);
    const text = JSON.stringify(shape);
    const place = places.get(text);
    if (place) place.again = true;
    else if (text.length > LONG) places.set(text, { name, again: false });
    if (!place && typeof shape !== 'string')
      for (const [field, of] of Object.entries(shape)) look(of, `${name}.${field.replace(/\?$/, '')}`);
  };
  for (const { procedure, takes, answers } of Object.values(operations)) {
    look(takes, `${procedure} takes`);
    look(answers, `${procedure} answers`);
  }
  const shapes: Record<string, Shape> = {};
  const short = (shape: Shape): Shape => {
    if (isList(shape)) return shape[1] === undefined ? [short(shape[0])] : [short(shape[0]), shape[1]];
    const place = places.get(JSON.stringify(shape));
    const inside = typeof shape === 'string' ? shape : eachOf(shape, short);
    if (!place?.again) return inside;
    shapes[place.name] = inside;
    return `@${place.name}`;
  };
  return {
    operations: eachOf(operations, (of) => ({ ...of, takes: short(of.takes), answers: short(of.answers) })),
    errors,
    shapes: sorted(shapes),
  };
}

/** The contract that was kept. */
export function unpack({ operations, errors, shapes }: Packed): Contract {
  const whole = (shape: Shape): Shape => {
    if (typeof shape === 'string') {
      if (!shape.startsWith('@')) return shape;
      const named = shapes[shape.slice(1)];
      if (named === undefined) throw new Error(`the contract refers to ${shape}, which it does not hold`);
      return whole(named);
    }
    if (isList(shape)) return shape[1] === undefined ? [whole(shape[0])] : [whole(shape[0]), shape[1]];
    return eachOf(shape, whole);
  };
  return { operations: eachOf(operations, (of) => ({ ...of, takes: whole(of.takes), answers: whole(of.answers) })), errors };
}

function eachOf<T, U>(fields: Readonly<Record<string, T>>, make: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, make(value)]));
}
