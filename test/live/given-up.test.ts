import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeUsers, runLive, startBundledServer } from '../../src/live/index.ts';
import { specOf } from './spec.ts';

/** What listens there, behind a gate: connections that come while it is shut are let through as it opens. */
async function gateTo(url: string) {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  let isShut = false;
  const held: (() => void)[] = [];
  const gate = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
    const pass = (): void => {
      const beyond = connect(Number(port), hostname, () => socket.pipe(beyond).pipe(socket));
      beyond.on('error', () => socket.destroy());
    };
    if (isShut) held.push(pass);
    else pass();
  });
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const address = gate.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`,
    connections: () => open.size,
    held: () => held.length,
    shut: () => (isShut = true),
    open: () => held.splice(0).forEach((pass) => pass()),
    [Symbol.dispose]() {
      gate.close();
      open.forEach((socket) => socket.destroy());
    },
  };
}

it('ends when it is given up while a push service does not answer, and leaves no connection behind', async () => {
  const spec = specOf({
    durationMs: 300,
    pushPolicy: { kind: 'immediate', ttlSeconds: 60, topic: 1 },
    syncPolicy: { kind: 'on-push', spreadMs: 0 },
  });
  const users = makeUsers(4);
  const devices = users.length * 2;
  const signal = AbortSignal.timeout(50_000);
  await using stack = new AsyncDisposableStack();
  const server = await startBundledServer(spec, users, signal);
  stack.defer(server.stop);
  const { url, pushServiceUrl = '' } = server;
  using gate = await gateTo(pushServiceUrl);
  const stateFolder = mkdtempSync(join(tmpdir(), 'davpulse-'));
  stack.defer(() => rmSync(stateFolder, { recursive: true }));
  const run = (until: AbortSignal) =>
    runLive(spec, {
      signal: until,
      timeScale: 1,
      maxLagMs: 5000,
      stateFolder,
      server: { url, users, pushServiceUrl: gate.url },
    });
  const { generator } = await run(signal);
  expect(generator?.setUp?.registered).toBeGreaterThan(0);
  await expect.poll(gate.connections).toBe(0);

  gate.shut();
  const given = new AbortController();
  const interrupted = run(given.signal);
  await expect.poll(gate.held, { timeout: 10_000 }).toBe(devices);
  given.abort(new Error('given up'));
  await expect(interrupted).rejects.toThrow('given up');
  gate.open();
  await expect.poll(gate.connections, { timeout: 5000 }).toBe(0);
}, 30_000);
