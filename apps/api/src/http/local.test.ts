import { expect, it } from 'vitest';
import { isLocal } from './local.ts';

it.each([
  { name: 'this machine', local: true },
  { name: 'its name', host: 'localhost:4200', local: true },
  { name: 'its newer address', from: '::1', host: '[::1]:4200', local: true },
  { name: 'the older address in the newer way', from: '::ffff:127.0.0.1', local: true },
  { name: 'another machine', from: '192.168.1.5', local: false },
  { name: 'a proxy here', headers: { 'x-forwarded-for': '127.0.0.1' }, local: false },
  { name: 'a proxy here by the standard header', headers: { forwarded: 'for=127.0.0.1' }, local: false },
  { name: 'a proxy here by its own header', headers: { 'x-real-ip': '203.0.113.9' }, local: false },
  { name: 'a name pointed at this machine', host: 'rebound.example:4200', local: false },
  { name: 'a name that only begins like it', host: 'localhost.evil.example', local: false },
  { name: 'no name at all', host: undefined, local: false },
])('$name: $local', ({ from = '127.0.0.1', headers = {}, local, ...more }) => {
  const host = 'host' in more ? more.host : '127.0.0.1:4200';
  expect(isLocal({ headers: { ...headers, ...(host === undefined ? {} : { host }) }, socket: { remoteAddress: from } })).toBe(local);
});
