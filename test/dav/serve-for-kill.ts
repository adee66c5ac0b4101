import { startDavServer } from '../../src/dav/index.ts';

// The server of kill.test.ts, in a process of its own that can be killed.
const server = await startDavServer({
  host: '127.0.0.1',
  port: 0,
  db: process.argv[2] ?? ':memory:',
  users: [{ name: 'alice', password: 'alice' }],
});
process.stdout.write(`${server.url}\n`);
