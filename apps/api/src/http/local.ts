import type { FastifyRequest } from 'fastify';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/;
const LOCAL_NAME = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
const PASSED_ON = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'] as const;

/**
 * Whether a request was made on this machine for this machine: over loopback, passed on by no proxy, and to a name of loopback. A page from elsewhere
 * whose name was pointed at 127.0.0.1 (DNS rebinding) sends its own name along.
 */
export function isLocal({ headers, socket }: Pick<FastifyRequest, 'headers'> & { readonly socket: { remoteAddress?: string } }): boolean {
  return (
    LOOPBACK.test(socket.remoteAddress ?? '') &&
    PASSED_ON.every((name) => headers[name] === undefined) &&
    LOCAL_NAME.test(headers.host ?? '')
  );
}
