import { describe, expect, it } from 'vitest';
import { listConfigFaults, readConfig } from './config.ts';

const WANTED: Readonly<Record<string, { taken: readonly string[]; refused: readonly string[]; said: RegExp }>> = {
  PORT: { taken: ['0', '65535'], refused: ['abc', '-1', '65536', '1.5', '1e3'], said: /must be a whole number from 0 to 65535/ },
  HOST: {
    taken: ['0.0.0.0', '::', 'localhost', 'crm.example.com'],
    refused: ['http://x', 'a b', '127.0.0.1:80', '*'],
    said: /must be an address of this machine: 127\.0\.0\.1/,
  },
  DATABASE_URL: {
    taken: ['postgres://u:p%40@localhost:5432/db', 'postgresql://u:p@%2Ftmp%2Fpg:5432/db', 'postgres:///db'],
    refused: ['mysql://x', 'localhost', 'postgres://u:p@host:abc/db', 'postgres://u:%zz@host/db'],
    said: /must begin with postgres:\/\/ and be an address such as/,
  },
  STORE_TIME_ZONE: { taken: ['Asia/Urumqi'], refused: ['Moon/Base', '8'], said: /must be an IANA time zone such as Asia\/Shanghai/ },
  TRUSTED_PROXY: {
    taken: ['127.0.0.1', '::1', '10.0.0.0/8,192.168.1.1', 'fd00::/8', '10.0.0.1, 10.0.0.2', 'loopback'],
    refused: ['abc', 'localhost', '10.0.0.0/33', '::1/129', '10.0.0', '10.0.0.0/8/8', '10.0.0.1,', 'true', '1'],
    said: /must be the IP address of the proxy such as 127\.0\.0\.1, or a net/,
  },
  ALLOW_INSECURE_HTTP: { taken: ['0', '1'], refused: ['yes', '2'], said: /must be 1 or 0/ },
  SMTP_URL: {
    taken: ['smtp://localhost', 'smtps://u:p@mail.example.com:465'],
    refused: ['http://x', 'mail.example.com', 'smtp://', 'smtp://h:99999'],
    said: /must be an address such as smtp:\/\//,
  },
  MAIL_FROM: {
    taken: ['crm@example.com', '保客 <crm@example.com>', 'baoke@localhost'],
    refused: ['nobody', 'a@b@c', '<>', 'x <y>'],
    said: /must be a mail address such as/,
  },
  RATE_LIMIT: {
    taken: ['1', '1000000000'],
    refused: ['0', 'many', '1000000001', '9'.repeat(30)],
    said: /must be a whole number from 1 to 1000000000/,
  },
  METRICS_TOKEN: {
    taken: ['x'.repeat(16)],
    refused: ['short', '口令'.repeat(8)],
    said: /at least 16/,
  },
  POOL_SIZE: { taken: ['1', '60'], refused: ['0', '201', 'ten'], said: /must be a whole number from 1 to 200/ },
  LOG_LEVEL: { taken: ['debug'], refused: ['loud', 'WARN'], said: /must be fatal, error, warn/ },
};

describe.each(Object.entries(WANTED))('%s', (name, { taken, refused, said }) => {
  it.each(taken)('takes %s', (value) => expect(listConfigFaults({ [name]: value })).toEqual([]));
  it.each(refused)('says of %s what it takes', (value) => {
    const [fault = '', ...more] = listConfigFaults({ [name]: value });
    expect(more).toEqual([]);
    expect(fault).toMatch(new RegExp(`^The setting ${name} cannot be used: .+\\.$`));
    expect(fault).toMatch(said);
    expect(() => readConfig({ [name]: value })).toThrow(fault);
  });
  it('is as if not given when it is empty', () => expect(readConfig({ [name]: '' })).toEqual(readConfig({})));
  it('takes no space around it', () =>
    expect(listConfigFaults({ [name]: `${taken[0]} ` })).toEqual([
      `The setting ${name} cannot be used: it begins or ends with a space, remove that.`,
    ]));
});

it('every fault is told', () => {
  expect(listConfigFaults({ PORT: 'x', HOST: '*', LOG_LEVEL: 'loud' }).map((said) => said.split(' ')[2])).toEqual([
    'HOST',
    'PORT',
    'LOG_LEVEL',
  ]);
});

it('the PostgreSQL that comes along has fewer connections to give', () => {
  expect(listConfigFaults({ POOL_SIZE: '61' })).toEqual([expect.stringContaining('POOL_SIZE cannot be used: must be at most 60')]);
  expect(readConfig({ POOL_SIZE: '61', DATABASE_URL: 'postgres://localhost/db' }).poolSize).toBe(61);
});

it('takes an address to migrate by beside that of the database only, whose login migrates too where there is none', () => {
  const [owner, own] = ['postgres://owner@db/baoke', 'postgres://serve@db/baoke'];
  expect(readConfig({ DATABASE_URL: own, MIGRATE_DATABASE_URL: owner })).toMatchObject({ databaseUrl: own, migrateDatabaseUrl: owner });
  expect(readConfig({ DATABASE_URL: own })).toMatchObject({ databaseUrl: own, migrateDatabaseUrl: own });
  expect(listConfigFaults({ MIGRATE_DATABASE_URL: owner })).toEqual([
    'The setting MIGRATE_DATABASE_URL cannot be used: it goes with DATABASE_URL, which is missing.',
  ]);
});
