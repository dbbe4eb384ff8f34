import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

/** What a request sends; made anew for each, so that no two of a kind ask the same. */
export type Request = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
};

export type Measure = {
  readonly requests: number;
  readonly errors: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** CPU of the server process, of PostgreSQL's processes, per request. */
  readonly cpuMs: number;
  readonly databaseCpuMs: number;
  readonly residentMb: number;
  readonly bytes: number;
};

/** CPU milliseconds a process has used, and what it holds in memory. */
export function readProcess(pid: number): { cpuMs: number; residentMb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, residentMb: Number(resident ?? 0) / 1024 };
}

/** CPU milliseconds that the children of a process have used, the ended ones too: PostgreSQL's processes are its postmaster's children. */
export function childrenCpu(parent: number): number {
  // Read before the living: one that ends meanwhile is left out rather than counted twice.
  let sum = endedChildrenCpu(parent);
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    let stat: string;
    try {
      stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
    } catch (error) {
      // It ended between the listing and the look.
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) continue;
      throw error;
    }
    const fields = stat.replace(/^.*\) /s, '').split(' ');
    if (Number(fields[1]) === parent) sum += (Number(fields[11]) + Number(fields[12])) * 10;
  }
  return sum;
}

/** CPU milliseconds of the children of a process that have ended: the readers of files, sessions of PostgreSQL that are over. */
export function endedChildrenCpu(parent: number): number {
  const fields = readFileSync(`/proc/${parent}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/**
 * One keep-alive connection that sends the next request when the last answer is whole. As little HTTP as that takes: the generator shares
 * the machine with what it measures, and Node's own client costs more than the fastest server here.
 */
class Line {
  readonly #socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #answered: ((answer: { status: number; body: string; bytes: number }) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket.on('data', (piece: Buffer) => {
      this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
      this.#look();
    });
    this.#socket.on('error', (error) => this.#failed?.(error));
    this.#socket.on('close', () => this.#failed?.(new Error('the server closed the connection')));
  }

  send({ method, path, body, headers = {} }: Request): Promise<{ status: number; body: string; bytes: number }> {
    let text = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n`;
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) text += `${name}: ${value}\r\n`;
    if (body !== undefined) text += `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    return new Promise((answered, failed) => {
      this.#answered = answered;
      this.#failed = failed;
      this.#socket.write(`${text}\r\n${body ?? ''}`);
    });
  }

  #look(): void {
    const end = this.#held.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#held.toString('latin1', 0, end).toLowerCase();
    const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
    const start = end + 4;
    let body = '';
    let whole: number;
    if (length !== undefined) {
      whole = start + Number(length);
      if (this.#held.length < whole) return;
    } else {
      let at = start;
      for (;;) {
        const line = this.#held.indexOf('\r\n', at);
        if (line < 0) return;
        const size = Number.parseInt(this.#held.toString('latin1', at, line), 16);
        at = line + 2 + size + 2;
        if (this.#held.length < at) return;
        if (size === 0) break;
      }
      whole = at;
    }
    const status = Number(head.slice(9, 12));
    if (status >= 400) body = this.#held.toString('utf8', start, Math.min(whole, start + 400));
    const bytes = whole - start;
    this.#held = this.#held.subarray(whole);
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.({ status, body, bytes });
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }
}

export type Target = { readonly port: number; readonly pid: number; readonly postmaster: number; readonly next: () => Request };

/**
 * Sends so many requests before anything is measured: V8 compiles what runs often, and a program that does more takes longer to become
 * fast. Plans and caches are filled as well.
 */
export async function warmUp({ port, next }: Pick<Target, 'port' | 'next'>, requests: number): Promise<void> {
  const lines = Array.from({ length: 16 }, () => new Line(port));
  let left = requests;
  await Promise.all(
    lines.map(async (line) => {
      while (left-- > 0) await line.send(next());
    }),
  );
  for (const line of lines) line.close();
}

/** Loads one server with one kind of request for a while, on so many connections. A refused answer counts as an error; the first is told. */
export async function drive(target: Target, connections: number, seconds: number, onError: (text: string) => void): Promise<Measure> {
  const lines = Array.from({ length: connections }, () => new Line(target.port));
  const times: number[] = [];
  let errors = 0;
  let bytes = 0;
  const server = readProcess(target.pid);
  const database = childrenCpu(target.postmaster);
  const began = performance.now();
  const until = began + seconds * 1000;
  await Promise.all(
    lines.map(async (line) => {
      for (let sent = performance.now(); sent < until;) {
        const answer = await line.send(target.next());
        const now = performance.now();
        times.push(now - sent);
        bytes += answer.bytes;
        if (answer.status >= 400) {
          errors += 1;
          if (errors === 1) onError(`${answer.status} ${answer.body}`);
        }
        sent = now;
      }
    }),
  );
  const took = (performance.now() - began) / 1000;
  const after = readProcess(target.pid);
  const databaseAfter = childrenCpu(target.postmaster);
  for (const line of lines) line.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  return {
    requests: times.length,
    errors,
    perSecond: times.length / took,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    cpuMs: (after.cpuMs - server.cpuMs) / times.length,
    databaseCpuMs: (databaseAfter - database) / times.length,
    residentMb: after.residentMb,
    bytes: bytes / times.length,
  };
}
