import { initTRPC } from '@trpc/server';
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import fastify from 'fastify';
import { Kysely, PostgresDialect, sql, type RawBuilder } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import { isNamed, isWrite, STATEMENTS, type Screen } from '../statements.ts';

// The stack with nothing in it: Fastify, tRPC, zod, kysely with named statements. No session, rights, policy or audit.
const names = new Map<string, string>(Object.entries(STATEMENTS).filter(([screen]) => isNamed(screen as Screen)).map(([screen, text]) => [text, screen]));
class NamingClient extends pg.Client {
  // pg's own overloads are wider than what kysely and the pool call.
  override query(text: unknown, values?: unknown, done?: unknown): never {
    const name = typeof text === 'string' ? names.get(text) : undefined;
    const call = super.query as (...of: unknown[]) => unknown;
    return call.call(this, name === undefined ? text : { name, text, values }, name === undefined ? values : undefined, done) as never;
  }
}
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10, min: 2, Client: NamingClient });
pool.on('error', (error) => process.stderr.write(`${error.message}\n`));
const db = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool }) });

// A statement as a kysely template, compiled at each call as the product's own are. Each place keeps its number by kysely's counting.
function template(text: string): (values: readonly unknown[]) => RawBuilder<{ j: string }> {
  const pieces = text.split(/\$\d+/);
  const order = [...text.matchAll(/\$(\d+)/g)].map((found) => Number(found[1]) - 1);
  const strings = Object.assign([...pieces], { raw: pieces }) as unknown as TemplateStringsArray;
  return (values) => sql<{ j: string }>(strings, ...order.map((at) => values[at]));
}

const t = initTRPC.create();
const input = z.array(z.union([z.string(), z.number(), z.array(z.string())]));
const procedures = Object.fromEntries(
  (Object.keys(STATEMENTS) as Screen[]).map((screen) => {
    const build = template(STATEMENTS[screen]);
    // kysely numbers each place anew, so the text it compiles is what goes into the table of names.
    names.set(build([]).compile(db).sql, screen);
    if (!isNamed(screen)) names.delete(build([]).compile(db).sql);
    const run = async ({ input: values }: { input: z.output<typeof input> }) => JSON.parse((await build(values).execute(db)).rows[0]?.j ?? 'null') as unknown;
    return [screen, isWrite(screen) ? t.procedure.input(input).mutation(run) : t.procedure.input(input).query(run)];
  }),
);
const app = fastify({ keepAliveTimeout: 65_000, routerOptions: { maxParamLength: 2000 } });
await app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions: { router: t.router(procedures) } });
await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ port: (app.server.address() as { port: number }).port });
