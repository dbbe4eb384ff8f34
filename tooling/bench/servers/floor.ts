import { createServer, type ServerResponse } from 'node:http';
import pg from 'pg';
import { isNamed, STATEMENTS, type Screen } from '../statements.ts';

// Nothing but node:http and pg: PostgreSQL builds the JSON, the text is passed on.
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10, min: 2 });
pool.on('error', (error) => process.stderr.write(`${error.message}\n`));

async function answer(screen: Screen, values: unknown[], res: ServerResponse): Promise<void> {
  let status = 200;
  let text: string;
  try {
    const { rows } = await pool.query<{ j: string }>({ text: STATEMENTS[screen], values, ...(isNamed(screen) ? { name: screen } : {}) });
    text = rows[0]?.j ?? 'null';
  } catch (error) {
    process.stderr.write(`${screen}: ${String(error)}\n`);
    status = 500;
    text = '{}';
  }
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

const server = createServer((req, res) => {
  const url = req.url ?? '/';
  const mark = url.indexOf('?');
  const screen = url.slice(1, mark < 0 ? undefined : mark) as Screen;
  if (req.method === 'GET') return void answer(screen, JSON.parse(decodeURIComponent(url.slice(mark + 7))) as unknown[], res);
  let body = '';
  req.setEncoding('utf8');
  req.on('data', (piece: string) => (body += piece));
  req.on('end', () => void answer(screen, JSON.parse(body) as unknown[], res));
});
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
