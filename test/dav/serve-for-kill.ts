import { startDavServer } from '../../src/dav/index.ts';
import { createPushEngine } from '../../src/push/index.ts';

// The server of kill.test.ts, in a process of its own that can be killed. Beside the outbox it notes every change
// that is handed to push, in the same transaction: nothing but a lost transaction can take a note away.
const server = await startDavServer({
  host: '127.0.0.1',
  port: 0,
  db: process.argv[2] ?? ':memory:',
  users: [{ name: 'alice', password: 'alice' }],
  createPushEngine: (db, host) => {
    const engine = createPushEngine({
      db,
      host,
      policy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
      allowLoopback: true,
    });
    db.exec('CREATE TABLE IF NOT EXISTS noted (at INTEGER NOT NULL)');
    const note = db.prepare('INSERT INTO noted (at) VALUES (?)');
    const record: typeof engine.record = (change) => {
      note.run(change.at);
      engine.record(change);
    };
    return { ...engine, record };
  },
});
process.stdout.write(`${server.url}\n`);
