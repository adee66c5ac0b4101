import { startDavServer } from '../../src/dav/index.ts';
import { createPushEngine } from '../../src/push/index.ts';

// The server of kill.test.ts, in a process of its own that can be killed. Its push sends nothing for hours, so that
// every change stays in the outbox.
const server = await startDavServer({
  host: '127.0.0.1',
  port: 0,
  db: process.argv[2] ?? ':memory:',
  users: [{ name: 'alice', password: 'alice' }],
  createPushEngine: (db, host) =>
    createPushEngine({
      db,
      host,
      policy: { kind: 'window', windowMs: 36_000_000, ttlSeconds: 60, topic: 1 },
      allowLoopback: true,
    }),
});
process.stdout.write(`${server.url}\n`);
