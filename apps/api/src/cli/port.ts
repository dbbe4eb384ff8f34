import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { HOST_WANTED, type Config } from '../config.ts';
import { OperatorError } from './open.ts';

const DEFAULT_PORT = 4200;

/** Refuses an address, or a given port, that cannot be had before anything is made or loaded. */
export async function refuseTakenPort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  const fault = await tryPort(host, port ?? 0);
  if (fault) throw portRefused(host, port ?? 0, fault);
}

/** What the system says of a host that is none, or none of this machine. */
const OF_HOST = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EADDRNOTAVAIL', 'EINVAL', 'EAFNOSUPPORT', 'ENETUNREACH'];

function portRefused(host: string, port: number, cause: NodeJS.ErrnoException): OperatorError {
  const { code } = cause;
  if (code !== undefined && OF_HOST.includes(code))
    return new OperatorError(`The setting HOST cannot be used: ${host} ${HOST_WANTED} (${code}).`, { cause });
  const why =
    code === 'EADDRINUSE'
      ? 'is taken by another program'
      : code === 'EACCES'
        ? 'may not be opened by this user'
        : `cannot be opened (${code})`;
  return new OperatorError(`Port ${port} on ${host} ${why}. Give another PORT, or none to take the next free one from ${DEFAULT_PORT}.`, {
    cause,
  });
}

/** Listens on the port that is given, else on the first free one. */
export async function listen(app: FastifyInstance, config: Config, say: (line: string) => void): Promise<string> {
  const host = config.host;
  if (config.port !== undefined) {
    try {
      return await app.listen({ host, port: config.port });
    } catch (cause) {
      throw portRefused(host, config.port, cause as NodeJS.ErrnoException);
    }
  }
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + 100; port += 1) {
    if (await tryPort(host, port)) continue;
    if (port !== DEFAULT_PORT) say(`port ${DEFAULT_PORT} is taken; using ${port}`);
    return app.listen({ host, port });
  }
  throw new OperatorError(`No free port from ${DEFAULT_PORT} to ${DEFAULT_PORT + 99} on ${host}. Give a PORT.`);
}

/** Why a port cannot be had; undefined when it can. */
function tryPort(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', (fault: NodeJS.ErrnoException) => answer(fault));
    probe.listen(port, host, () => probe.close(() => answer(undefined)));
  });
}
