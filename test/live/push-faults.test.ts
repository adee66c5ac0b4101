import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { setPushFaults } from '../../src/live/index.ts';

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Listening on a port of a network, so its address is no path.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

it('asks for faults over a connection of their own, which nobody can have closed', async () => {
  const connections: (string | undefined)[] = [];
  await using server = createServer((request, answer) => {
    connections.push(request.headers.connection);
    answer.writeHead(204).end();
  });
  const url = await listening(server);
  await setPushFaults(url, { seed: 1 }, []);
  await setPushFaults(url, { seed: 1 }, []);
  expect(connections).toEqual(['close', 'close']);
});

it('says so when the push service takes no faults, or is gone', async () => {
  const server = createServer((_, answer) => void answer.writeHead(400).end());
  const url = await listening(server);
  await expect(setPushFaults(url, { seed: 1 }, [])).rejects.toMatchObject({ code: 'DAVPULSE_SERVER_FAILED' });
  await server[Symbol.asyncDispose]();
  await expect(setPushFaults(url, { seed: 1 }, [])).rejects.toMatchObject({
    code: 'DAVPULSE_SERVER_UNREACHABLE',
  });
});
