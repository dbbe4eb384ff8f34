import { createServer, type AddressInfo, type Server } from 'node:net';
import { inTransaction } from '@baoke/db';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startWork } from '../jobs.ts';
import { aCustomerOnFile } from '../testing/records.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/** A mail server that speaks just enough SMTP to take mail, and keeps what it took. */
function startMailServer(): Promise<{ port: number; taken: string[]; server: Server }> {
  const taken: string[] = [];
  const server = createServer((socket) => {
    let inData = false;
    let body = '';
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      if (inData) {
        body += chunk.toString('utf8');
        if (!body.endsWith('\r\n.\r\n')) return;
        taken.push(body);
        inData = false;
        body = '';
        socket.write('250 taken\r\n');
        return;
      }
      for (const line of chunk.toString('utf8').split('\r\n').filter(Boolean)) {
        if (line.startsWith('EHLO')) socket.write('250-test\r\n250 8BITMIME\r\n');
        else if (line === 'DATA') {
          inData = true;
          socket.write('354 go on\r\n');
        } else if (line === 'QUIT') socket.end('221 bye\r\n');
        else socket.write('250 ok\r\n');
      }
    });
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done({ port: (server.address() as AddressInfo).port, taken, server })));
}

let mail: Awaited<ReturnType<typeof startMailServer>>;
let server: TestServer;
beforeAll(async () => {
  mail = await startMailServer();
  server = await startTestServer({ SMTP_URL: `smtp://127.0.0.1:${mail.port}`, MAIL_FROM: 'baoke@store.example' });
  await startWork(server.platform);
});
afterAll(async () => {
  await server.close();
  mail.server.close();
});

it('a new complaint is mailed to the responsible manager once, in his language (COMP-05)', async () => {
  const store = await server.store('one');
  const manager = await server.person(store, 'SVC_MGR', 'service');
  const agent = await server.person(store, 'FU_AGENT', 'customer_care', '方琳');
  await inTransaction(server.platform.pool, { storeId: store.storeId }, (tx) =>
    tx.updateTable('staff').set({ email: 'manager@store.example' }).where('id', '=', manager.staffId).execute(),
  );
  const customerId = await aCustomerOnFile(server.platform.pool, store.storeId);
  const { complaint } = await agent.client.complaints.register.mutate({
    customerId,
    source: 'phone',
    kind: 'service.price',
    content: '多收了',
    departmentId: store.departments.get('service') ?? '',
  });
  await vi.waitFor(() => expect(mail.taken).toHaveLength(1), { timeout: 15_000, interval: 100 });
  const subject = /Subject: (.*(?:\r\n .*)*)/.exec(mail.taken[0] ?? '')?.[1] ?? '';
  const words = subject
    .replaceAll(/\r\n /g, '')
    .replaceAll(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, base64: string) => Buffer.from(base64, 'base64').toString('utf8'));
  expect(mail.taken[0]).toContain('manager@store.example');
  expect(words).toContain(complaint.number);
  expect(words).toContain('客诉');
});
